/** Writes the table of settings in README.md from the settings themselves. */
import { type Setting, settings, variableOf } from "../server/settings.ts";

const FILE = "README.md";
const BETWEEN = /(<!-- settings: [^>]*-->\n)[\s\S]*?(<!-- end of settings -->)/;

/** `readme` with the table of today's settings between its two marks. */
export function withSettings(readme: string): string {
  if (!BETWEEN.test(readme)) throw new Error(`${FILE} has lost the marks around its table of settings.`);
  return readme.replace(BETWEEN, (_, start: string, end: string) => `${start}${settingsTable()}\n${end}`);
}

function settingsTable(): string {
  const rows = (settings as readonly Setting[]).map((setting) => {
    const cells = [`\`${setting.name}\``, `\`${variableOf(setting)}\``, defaultOf(setting), helpOf(setting)];
    return `| ${cells.join(" | ")} |`;
  });
  return ["| setting | variable | default | what it is |", "|---|---|---|---|", ...rows].join("\n");
}

const defaultOf = (setting: Setting): string => (setting.default ? `\`${setting.default}\`` : "");

const helpOf = (setting: Setting): string =>
  setting.secret ? `${setting.help} Secret: also \`${variableOf(setting)}_FILE\`.` : setting.help;

if (import.meta.main) await Bun.write(FILE, withSettings(await Bun.file(FILE).text()));
