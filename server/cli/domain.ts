/** `commons domain …`: rules for other servers, without the pages. */
import { readFile } from "node:fs/promises";
import { toIso } from "../lib/clock.ts";
import { Problem } from "../lib/problem.ts";
import type { Domains } from "../moderation/domains.ts";
import { isListForm, LIST_FORMS, readList, writeList } from "../moderation/list-forms.ts";
import { LEVELS, type Level } from "../moderation/rules.ts";
import { type Call, type Command, type CommandOption, EXIT, sayNone, textOption } from "./command.ts";
import type { Parts } from "./parts.ts";
import { withApp } from "./with-app.ts";

const LISTED_AT_ONCE = 500;
/** The words that a person reads after a change. */
const SOON = "A server that is running follows within a minute.";

const YES: CommandOption = {
  name: "yes",
  takes: null,
  help: "Do it, although it ends followings of people here.",
};
const RULE_OPTIONS: readonly CommandOption[] = [
  { name: "comment", takes: "TEXT", help: "Why, for everybody to read." },
  { name: "note", takes: "TEXT", help: "Why, for the staff." },
  { name: "no-media", takes: null, help: "Show its pictures, films and sounds as links only." },
  { name: "no-reports", takes: null, help: "Take no reports from there." },
];

const ruleCommand =
  (level: Level, summary: string) =>
  (parts: Parts): Command => ({
    name: `domain ${level}`,
    words: ["DOMAIN"],
    summary,
    options: level === "block" ? [...RULE_OPTIONS, YES] : RULE_OPTIONS,
    async run(call) {
      await withApp(parts, call, async ({ domains }) => {
        const draft = domains.parse({
          domain: call.words[0],
          level,
          noMedia: call.options["no-media"] === true,
          noReports: call.options["no-reports"] === true,
          publicComment: textOption(call, "comment"),
          privateComment: textOption(call, "note"),
        });
        await change(call, domains, { put: [{ ...draft, list: null }], remove: [] });
        say(call, { domain: draft.domain, level }, `${draft.domain}: ${level}. ${SOON}`);
      });
      return EXIT.good;
    },
  });

export const domainBlock = ruleCommand(
  "block",
  "Block a server and every name below it: nothing goes there or comes from there.",
);
export const domainLimit = ruleCommand(
  "limit",
  "Keep a server out of public lists, and let nobody there follow unasked.",
);
export const domainAllow = ruleCommand(
  "allow",
  "Make a server a partner, or let it in below a domain that is blocked.",
);

export const domainRemove = (parts: Parts): Command => ({
  name: "domain remove",
  words: ["DOMAIN"],
  summary: "Remove the rule for a domain. What was hidden is shown again; ended followings stay ended.",
  async run(call) {
    await withApp(parts, call, async ({ domains }) => {
      const rule = await domains.find(call.words[0] ?? "");
      if (rule === null)
        throw new Problem(
          "not-found",
          `There is no rule for ${call.words[0]}. \`commons domain list\` shows all.`,
        );
      await domains.change(null, { put: [], remove: [rule.domain] });
      say(call, { domain: rule.domain, removed: true }, `The rule for ${rule.domain} is gone. ${SOON}`);
    });
    return EXIT.good;
  },
});

export const domainList = (parts: Parts): Command => ({
  name: "domain list",
  summary: "List the rules for other servers, by name.",
  options: [{ name: "level", takes: "LEVEL", help: `Only those that are ${LEVELS.join(", ")}.` }],
  async run(call) {
    const asked = textOption(call, "level");
    const level = LEVELS.find((each) => each === asked) ?? null;
    if (asked !== null && level === null)
      throw new Problem("invalid", `There is no level "${asked}". Use one of ${LEVELS.join(", ")}.`);
    await withApp(parts, call, async ({ domains }) => {
      let isEmpty = true;
      let after: string | null = null;
      do {
        const page = await domains.list({ level, after, limit: LISTED_AT_ONCE });
        if (page.rules.length > 0) isEmpty = false;
        for (const rule of page.rules) {
          const { domain, level, noMedia, noReports, publicComment, changedMs } = rule;
          const more = [...(noMedia ? ["no media"] : []), ...(noReports ? ["no reports"] : [])].join(", ");
          const line = { domain, level, noMedia, noReports, publicComment, changed: toIso(changedMs) };
          say(
            call,
            line,
            `${level.padEnd(6)} ${domain.padEnd(40)} ${[more, publicComment].filter(Boolean).join("; ")}`,
          );
        }
        after = page.next;
      } while (after !== null);
      if (isEmpty)
        sayNone(call, level === null ? "There is no rule for any server yet." : `No rule is "${level}".`);
    });
    return EXIT.good;
  },
});

export const domainImport = (parts: Parts): Command => ({
  name: "domain import",
  words: ["FILE"],
  summary: "Read rules from a file: Mastodon's CSV, GoToSocial's JSON, or one domain a line.",
  options: [
    { name: "allow", takes: null, help: "Names without a rule are allowed; otherwise they are blocked." },
    YES,
  ],
  async run(call) {
    const bytes = await readFile(call.words[0] ?? "").catch((cause: unknown) => {
      throw new Problem("not-found", `The file ${call.words[0]} cannot be read.`, {}, { cause });
    });
    const read = readList(bytes, call.options.allow === true ? "allow" : "block");
    await withApp(parts, call, async ({ domains }) => {
      const put = read.rules
        .filter(({ domain }) => !domains.isOurs(domain))
        .map((rule) => ({ ...rule, list: null }));
      await change(call, domains, { put, remove: [] });
      const left =
        read.obfuscated > 0 ? ` ${read.obfuscated} names are hidden in part and were left out.` : "";
      say(
        call,
        { rules: put.length, obfuscated: read.obfuscated },
        `${put.length} rules are in force.${left} ${SOON}`,
      );
    });
    return EXIT.good;
  },
});

export const domainExport = (parts: Parts): Command => ({
  name: "domain export",
  summary: "Print the rules as a file for other programs.",
  options: [{ name: "form", takes: "FORM", help: `One of ${LIST_FORMS.join(", ")}.` }],
  async run(call) {
    const form = textOption(call, "form") ?? LIST_FORMS[0];
    if (!isListForm(form))
      throw new Problem("invalid", `There is no form "${form}". Use one of ${LIST_FORMS.join(", ")}.`);
    await withApp(parts, call, async ({ domains }) => {
      call.print(writeList((await domains.all()).values(), form).text.trimEnd());
    });
    return EXIT.good;
  },
});

/** @throws Problem `conflict` where it ends followings and nobody said `--yes`. */
async function change(call: Call, domains: Domains, wanted: Parameters<Domains["change"]>[1]): Promise<void> {
  const { follows, people } = await domains.cost(wanted);
  if (follows > 0 && call.options.yes !== true) {
    throw new Problem(
      "conflict",
      `This ends ${follows} followings of ${people} people here. Say --yes to do it.`,
    );
  }
  await domains.change(null, wanted);
}

const say = (call: Call, json: object, line: string): void =>
  call.print(call.isJson ? JSON.stringify(json) : line);
