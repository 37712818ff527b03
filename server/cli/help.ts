/** The text of `--help`, made from the tables of commands and settings. */
import { flagOf, type Setting, settings, variableOf } from "../settings.ts";
import type { Command, CommandOption } from "./command.ts";

/** The whole program. */
export function programHelp(commands: readonly Command[], version: string): string {
  return [
    `commons ${version}: Pub of the Commons, a server for the fediverse in one file`,
    "",
    "Usage: commons [COMMAND] [OPTIONS]     (`commons` alone means `commons serve`)",
    "",
    "Commands:",
    ...columns(commands.map((command) => [usage(command), command.summary])),
    "",
    "Settings, for every command: a flag, a variable of the environment, or a line in DATA_DIR/commons.toml",
    "(`port = 3000`); the first of these wins. Secrets can also stand in a file that COMMONS_…_FILE names.",
    ...columns((settings as readonly Setting[]).map((each) => [`--${flagOf(each)}`, settingHelp(each)])),
    "",
    "`commons COMMAND --help` tells more about one command.",
  ].join("\n");
}

/** Commands that begin with the same word. */
export const groupHelp = (commands: readonly Command[]): string =>
  [
    ...columns(commands.map((command) => [`commons ${usage(command)}`, command.summary])),
    "",
    "`commons COMMAND --help` tells more about one command.",
  ].join("\n");

/** One command. */
export function commandHelp(command: Command): string {
  const options = [...(command.options ?? []), JSON_OPTION];
  return [
    `Usage: commons ${usage(command)} [OPTIONS]`,
    "",
    command.summary,
    "",
    "Options:",
    ...columns(
      options.map((option) => [`--${option.name}${option.takes ? ` ${option.takes}` : ""}`, option.help]),
    ),
    "",
    "All settings work too: `commons --help` lists them.",
  ].join("\n");
}

export const JSON_OPTION: CommandOption = {
  name: "json",
  takes: null,
  help: "Answer in JSON, for programs.",
};

export const usage = (command: Command): string => [command.name, ...(command.words ?? [])].join(" ");

function settingHelp(setting: Setting): string {
  const value = setting.default ? ` [${setting.default}]` : "";
  return `${setting.help}${value} ${variableOf(setting)}`;
}

/** Two columns, the first as wide as its widest word. */
function columns(rows: readonly (readonly [string, string])[]): readonly string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}
