/** What people say of themselves as programs send it: plain texts become the properties of their actor. */
import { type AsObject, embedded, embeddedAll, text } from "../core/object.ts";
import { toPlainText } from "../lib/html-clean.ts";
import type { Json } from "../lib/json.ts";
import { Problem } from "../lib/problem.ts";
import { fromPlain } from "../lib/text.ts";
import { parseDisplayName } from "./names.ts";

/** The most lines that a profile may show beside the summary. */
export const MAX_LINES = 4;
export const MAX_LINE = 255;
export const MAX_SUMMARY = 2_000;
/** Servers whose pages may name somebody as their author. */
const MAX_DOMAINS = 100;

/** What is not given stays as it is. */
export interface ProfileChanges {
  readonly displayName?: string | undefined;
  /** Plain text. */
  readonly summary?: string | undefined;
  /** All of them; those with an empty name or value go. */
  readonly lines?: readonly { readonly name: string; readonly value: string }[] | undefined;
  readonly approvesFollowers?: boolean | undefined;
  readonly isDiscoverable?: boolean | undefined;
  readonly isIndexable?: boolean | undefined;
  readonly isBot?: boolean | undefined;
  readonly attributionDomains?: readonly string[] | undefined;
}

/** The properties to change. @throws Problem `invalid` with the field. */
export function profileProperties(changes: ProfileChanges): Readonly<Record<string, Json>> {
  const { displayName, summary, lines, approvesFollowers, isDiscoverable, isIndexable, isBot } = changes;
  return {
    ...(displayName === undefined ? {} : { name: parseDisplayName(displayName) }),
    ...(summary === undefined ? {} : summaryOf(summary)),
    ...(lines === undefined ? {} : { attachment: linesOf(lines) }),
    ...(approvesFollowers === undefined ? {} : { manuallyApprovesFollowers: approvesFollowers }),
    ...(isDiscoverable === undefined ? {} : { discoverable: isDiscoverable }),
    ...(isIndexable === undefined ? {} : { indexable: isIndexable }),
    ...(isBot === undefined ? {} : { type: isBot ? "Service" : "Person" }),
    ...(changes.attributionDomains === undefined
      ? {}
      : { attributionDomains: domainsOf(changes.attributionDomains) }),
  };
}

/** The texts of an actor's document as they were typed, or near it. */
export function typedProfile(document: AsObject): {
  readonly summary: string;
  readonly lines: readonly { readonly name: string; readonly value: string }[];
  readonly attributionDomains: readonly string[];
} {
  const source = embedded(document, "source");
  const domains = document.attributionDomains;
  return {
    summary: (source && text(source, "content")) ?? toPlainText(text(document, "summary") ?? ""),
    lines: embeddedAll(document, "attachment")
      .filter(({ type }) => type === "PropertyValue")
      .map((line) => ({ name: text(line, "name") ?? "", value: toPlainText(text(line, "value") ?? "") })),
    attributionDomains: [domains ?? []].flat().filter((domain) => typeof domain === "string"),
  };
}

function summaryOf(typed: string): Readonly<Record<string, Json>> {
  // Forms send every line break as two characters (HTML §4.10.22).
  const summary = limited(typed.replace(/\r\n?/g, "\n"), MAX_SUMMARY, "summary");
  return { summary: fromPlain(summary), source: { content: summary, mediaType: "text/plain" } };
}

function linesOf(given: readonly { readonly name: string; readonly value: string }[]): Json {
  const lines = given
    .map(({ name, value }) => ({
      name: limited(name, MAX_LINE, "fields"),
      value: limited(value, MAX_LINE, "fields"),
    }))
    .filter(({ name, value }) => name !== "" && value !== "");
  if (lines.length > MAX_LINES)
    throw new Problem("invalid", `A profile has at most ${MAX_LINES} lines.`, { field: "fields" });
  // Peers show the second half of a line as HTML, without a paragraph around it.
  return lines.map(({ name, value }) => ({
    type: "PropertyValue",
    name,
    value: fromPlain(value).replace(/^<p>|<\/p>$/g, ""),
  }));
}

function domainsOf(given: readonly string[]): Json {
  const domains = [...new Set(given.map((domain) => domain.trim().toLowerCase()).filter(Boolean))];
  const wrong = domains.find((domain) => !/^(?=.{1,253}$)[\p{L}\p{N}-]+(\.[\p{L}\p{N}-]+)+$/u.test(domain));
  if (wrong === undefined && domains.length <= MAX_DOMAINS) return domains;
  throw new Problem("invalid", "Name servers such as news.example.", { field: "attributionDomains" });
}

function limited(typed: string, max: number, field: string): string {
  const short = typed.trim();
  if ([...short].length <= max) return short;
  throw new Problem("invalid", `Make it shorter: at most ${max} characters.`, { field });
}
