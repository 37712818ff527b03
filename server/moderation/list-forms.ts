/** Lists of rules as other programs write them: Mastodon's CSV, GoToSocial's JSON and CSV, and one domain a line. */

import { csvLine, parseCsv } from "../lib/csv.ts";
import { isObfuscated, normaliseDomain } from "../lib/domain.ts";
import { isJsonObject, parseJson } from "../lib/json.ts";
import { Problem } from "../lib/problem.ts";
import { rowOf } from "../lib/row-of.ts";
import { type Level, MAX_COMMENT, type RuleDraft } from "./rules.ts";

/** The longest lists in use have some thousands of lines of a hundred bytes. */
export const MAX_LIST_BYTES = 4 * 1024 * 1024;
const MAX_RULES = 20_000;
/** More faults than that are not read by anybody. */
const MAX_FAULTS = 10;

/** What a file is taken for that does not say it: names alone may be allowed as well as blocked. */
export type PlainLevel = "allow" | "block";

export interface ReadList {
  /** One for each domain, in the order of the list. */
  readonly rules: readonly RuleDraft[];
  /** Names that the list hides in part (`exa***.com`), which nobody can act upon. */
  readonly obfuscated: number;
}

/** Mastodon's words, and what they are here. */
const LEVELS: Readonly<Record<string, Level>> = {
  suspend: "block",
  silence: "limit",
  limit: "limit",
  noop: "none",
  none: "none",
  block: "block",
  allow: "allow",
};
const SEVERITIES: Readonly<Record<Exclude<Level, "allow">, string>> = {
  block: "suspend",
  limit: "silence",
  none: "noop",
};
const MASTODON_COLUMNS = [
  "#domain",
  "#severity",
  "#reject_media",
  "#reject_reports",
  "#public_comment",
  "#obfuscate",
] as const;

interface Entry {
  /** Where it stands, in words: `Line 3`. */
  readonly where: string;
  readonly domain: string;
  readonly severity: string;
  readonly noMedia: string;
  readonly noReports: string;
  readonly publicComment: string;
  readonly privateComment: string;
}

/**
 * The rules of a file, in whichever of the forms it is. Nothing of it counts unless all of it can be read.
 * @throws Problem `invalid` at field `file`, with the lines that are wrong; `too-large`.
 */
export function readList(bytes: Uint8Array, plain: PlainLevel): ReadList {
  if (bytes.length > MAX_LIST_BYTES) {
    throw new Problem("too-large", `A list may have at most ${MAX_LIST_BYTES / 1024 / 1024} MB.`, {
      field: "file",
    });
  }
  const text = decoded(bytes);
  const entries = /^\s*[[{]/.test(text) ? entriesOfJson(text) : entriesOfCsv(text);
  if (entries.length > MAX_RULES) throw wrong([`The list names more than ${MAX_RULES} domains. Split it.`]);
  const rules = new Map<string, RuleDraft>();
  const faults: string[] = [];
  let obfuscated = 0;
  for (const entry of entries) {
    if (isObfuscated(entry.domain)) {
      obfuscated++;
      continue;
    }
    const rule = ruleOf(entry, plain);
    if (typeof rule === "string") faults.push(`${entry.where}: ${rule}`);
    else if (!rules.has(rule.domain)) rules.set(rule.domain, rule);
    if (faults.length === MAX_FAULTS) break;
  }
  if (faults.length > 0) throw wrong(faults);
  if (rules.size === 0 && obfuscated === 0) throw wrong(["The list names no domain."]);
  return { rules: [...rules.values()], obfuscated };
}

function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    // @NOTE A TypeError is how TextDecoder says that bytes are no UTF-8.
    throw wrong(["The file is no text in UTF-8. Save it as UTF-8, and try again."]);
  }
}

function ruleOf(entry: Entry, plain: PlainLevel): RuleDraft | string {
  const domain = normaliseDomain(entry.domain);
  if (domain === null) return `“${shortened(entry.domain)}” is not a domain.`;
  const level = entry.severity === "" ? plain : rowOf(LEVELS, entry.severity.toLowerCase());
  if (level === undefined)
    return `“${shortened(entry.severity)}” is no severity. Write suspend, silence or noop.`;
  const noMedia = flag(entry.noMedia);
  const noReports = flag(entry.noReports);
  if (noMedia === null || noReports === null) return "Write true or false for media and reports.";
  return {
    domain,
    level,
    noMedia,
    noReports,
    publicComment: entry.publicComment.trim().slice(0, MAX_COMMENT),
    privateComment: entry.privateComment.trim().slice(0, MAX_COMMENT),
  };
}

function flag(text: string): boolean | null {
  const word = text.trim().toLowerCase();
  if (["", "false", "0", "no"].includes(word)) return false;
  return ["true", "1", "yes"].includes(word) ? true : null;
}

function entriesOfCsv(text: string): readonly Entry[] {
  const rows = parseCsv(text);
  if ("openQuoteLine" in rows)
    throw wrong([`Line ${rows.openQuoteLine}: a quotation mark is opened and never closed.`]);
  const first = rows[0];
  const names = (first?.cells ?? []).map((cell) => cell.trim().toLowerCase().replace(/^#\s*/, ""));
  const hasHeader = names[0] === "domain" || names.includes("domain");
  const columns = hasHeader ? names : ["domain", "severity"];
  const columnAt = (name: string) => columns.indexOf(name);
  return rows
    .slice(hasHeader ? 1 : 0)
    .filter(({ cells }) => !(cells[0] ?? "").trim().startsWith("#"))
    .map(({ line, cells }) => {
      const cell = (name: string): string => (cells[columnAt(name)] ?? "").trim();
      return {
        where: `Line ${line}`,
        domain: cell("domain"),
        severity: cell("severity"),
        noMedia: cell("reject_media"),
        noReports: cell("reject_reports"),
        publicComment: cell("public_comment"),
        privateComment: cell("private_comment"),
      };
    });
}

/** A list of objects with `domain` and, where its writer says more, the other words of Mastodon's API. */
function entriesOfJson(text: string): readonly Entry[] {
  const parsed = parseJson(text.replace(/^\ufeff/, ""));
  if (!Array.isArray(parsed)) throw wrong(["The file is no JSON list of domains."]);
  return parsed.map((item: unknown, index): Entry => {
    const object = isJsonObject(item) ? item : {};
    const word = (name: string): string => {
      const value = object[name];
      return typeof value === "string" || typeof value === "boolean" ? String(value) : "";
    };
    return {
      where: `Entry ${index + 1}`,
      domain: word("domain"),
      severity: word("severity"),
      noMedia: word("reject_media"),
      noReports: word("reject_reports"),
      publicComment: word("public_comment") || word("comment"),
      privateComment: word("private_comment"),
    };
  });
}

/** Forms that a list can be written in: blocks, or the allowed domains, for Mastodon; everything for GoToSocial. */
export const LIST_FORMS = [
  "mastodon-blocks",
  "mastodon-allows",
  "gotosocial-blocks",
  "gotosocial-allows",
] as const;
export type ListForm = (typeof LIST_FORMS)[number];

export const isListForm = (text: unknown): text is ListForm => LIST_FORMS.some((form) => form === text);

/** The rules as a file, with the name that it is saved under. Private comments stay here. */
export function writeList(
  rules: Iterable<RuleDraft>,
  form: ListForm,
): { readonly name: string; readonly mediaType: string; readonly text: string } {
  const isAllows = form.endsWith("allows");
  const chosen = [...rules].filter(({ level }) => (level === "allow") === isAllows);
  const base = isAllows ? "allowed-domains" : "blocked-domains";
  if (form.startsWith("gotosocial")) {
    // Its lists know no level but the one that the list is for.
    const shown = isAllows ? chosen : chosen.filter(({ level }) => level === "block");
    const items = shown.map(({ domain, publicComment }) => ({ domain, public_comment: publicComment }));
    return {
      name: `${base}.json`,
      mediaType: "application/json",
      text: `${JSON.stringify(items, null, 2)}\n`,
    };
  }
  const lines = isAllows
    ? [csvLine(["#domain"]), ...chosen.map(({ domain }) => csvLine([domain]))]
    : [csvLine(MASTODON_COLUMNS), ...chosen.map(mastodonLine)];
  return { name: `${base}.csv`, mediaType: "text/csv; charset=utf-8", text: lines.join("") };
}

const mastodonLine = ({ domain, level, noMedia, noReports, publicComment }: RuleDraft): string =>
  csvLine([
    domain,
    SEVERITIES[level === "allow" ? "none" : level],
    noMedia ? "true" : "false",
    noReports ? "true" : "false",
    publicComment,
    "false",
  ]);

const wrong = (sentences: readonly string[]): Problem =>
  new Problem("invalid", `Nothing was read in. ${sentences.join(" ")}`, { field: "file", reason: "list" });

const shortened = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text);
