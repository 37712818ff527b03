/** A summary is HTML by the standard (AS2 §4.3), and by custom of the network a content warning in plain text. */
import { escapeHtml, toPlainText } from "./html-clean.ts";
import { DROPPED_WITH_TEXT, ELEMENTS, STAND_INS } from "./html-rules.ts";

const NAMES = [...ELEMENTS, ...STAND_INS.keys(), ...DROPPED_WITH_TEXT, "big", "center", "font", "img"];
const ATTRIBUTE = String.raw`\s+[a-z][\w:-]*\s*=\s*(?:"[^"<>]*"|'[^'<>]*'|[^\s"'<>=]+)`;
/** What begins like a tag and is none that anybody would have written for one: `1<x`, `a<b and b>c`, `<3`. */
const NO_TAG = new RegExp(`<(?!/?(?:${NAMES.join("|")})(?:${ATTRIBUTE})*\\s*/?>)`, "gi");

/** What a summary says, as plain text: tags and entities are read, and whatever else stands in it is kept as it is. */
export const fromSummary = (summary: string): string => toPlainText(summary.replace(NO_TAG, "&lt;"));

/**
 * A plain text as a summary. Most peers show the bare characters, so it stays as it is wherever `fromSummary` gives it
 * back; else it is escaped, and nothing of it is lost for those who read HTML.
 */
export const toSummary = (plain: string): string =>
  flat(fromSummary(plain)) === flat(plain) ? plain : escapeHtml(plain);

const flat = (text: string): string => text.replace(/\s+/g, " ").trim();
