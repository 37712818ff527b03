/** Makes HTML from outside safe to store and show: read by a parser, kept by an allow-list, written anew. */
import { Tokenizer } from "htmlparser2";
import {
  DROPPED_WITH_TEXT,
  ELEMENTS,
  IMPLIED_ENDS,
  isSafeHref,
  keptAttributes,
  RAW_TEXT,
  READ_ATTRIBUTES,
  STAND_INS,
  VOID_ELEMENTS,
} from "./html-rules.ts";

/** A long book chapter. What lies beyond is cut off; the elements open there are closed. */
export const MAX_HTML_LENGTH = 500_000;
/** Deeper than quotations in quotations go; browsers become slow with thousands. Deeper tags go, their text stays. */
const MAX_NESTING = 50;
/** Characters that HTML does not have (HTML §13.2.3.5); carriage returns are line breaks twice. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const NOT_IN_HTML = /[\u0000-\u0008\u000b-\u001f\u007f\ufdd0-\ufdef\ufffe\uffff]/g;

/**
 * The HTML with everything outside the allow-list (`html-rules.ts`) removed, and well formed; cleaning it again changes
 * nothing. Links open where they are (no `target`) and carry `linkRelations`; a link that leads nowhere good becomes a
 * `span`, a picture its alternative text. Takes time in proportion to the length, and never throws: what cannot be
 * cleaned is dropped altogether.
 */
export function cleanHtml(html: string): string {
  const text = html.slice(0, MAX_HTML_LENGTH).toWellFormed().replace(NOT_IN_HTML, "");
  if (!/[<>&]/.test(text)) return text;
  try {
    return rewrite(text).replace(NOT_IN_HTML, "");
  } catch {
    // @NOTE Fails closed: nothing is safer than something half cleaned.
    return "";
  }
}

function rewrite(source: string): string {
  const writer = createWriter();
  let name = "";
  let attribute = "";
  let value = "";
  let attributes = new Map<string, string>();

  const tokenizer = new Tokenizer(
    {},
    {
      ontext: (start, end) => writer.text(source.slice(start, end)),
      ontextentity: (codePoint) => writer.text(String.fromCodePoint(codePoint)),
      onopentagname(start, end) {
        name = source.slice(start, end).toLowerCase();
        attributes = new Map();
      },
      onattribname(start, end) {
        attribute = source.slice(start, end).toLowerCase();
        value = "";
      },
      onattribdata(start, end) {
        value += source.slice(start, end);
      },
      onattribentity(codePoint) {
        value += String.fromCodePoint(codePoint);
      },
      onattribend() {
        const isRead = READ_ATTRIBUTES.has(attribute) || (name === "img" && attribute === "alt");
        if (isRead && !attributes.has(attribute)) attributes.set(attribute, value);
      },
      onopentagend: () => writer.open(name, attributes),
      onselfclosingtag() {
        writer.open(name, attributes);
        if (name === "svg") writer.close(name);
      },
      onclosetag: (start, end) => writer.close(source.slice(start, end).toLowerCase()),
      oncdata() {},
      oncomment() {},
      ondeclaration() {},
      onprocessinginstruction() {},
      onend() {},
    },
  );
  tokenizer.write(source);
  tokenizer.end();
  return writer.end();
}

/** Takes tags and text as they come and writes only what is allowed, every element closed in its place. */
function createWriter() {
  let out = "";
  /** Open elements: the name by which they end, and the name that was written for them. */
  const stack: { readonly name: string; readonly written: string }[] = [];
  /** The element whose text is being dropped, and how many of its name are open in each other. */
  let dropped: string | null = null;
  let droppedDepth = 0;

  const closeTo = (index: number): void => {
    while (stack.length > index) out += `</${stack.pop()?.written}>`;
  };

  const closeImplied = (name: string): void => {
    const rule = IMPLIED_ENDS.get(name);
    if (rule === undefined) return;
    for (let i = stack.length - 1; i >= 0; i--) {
      const open = stack[i]?.name ?? "";
      if (rule.ends.has(open)) closeTo(i);
      if (rule.ends.has(open) || rule.within.has(open)) return;
    }
  };

  return {
    text(text: string): void {
      if (dropped === null) out += escapeText(text);
    },

    open(given: string, attributes: ReadonlyMap<string, string>): void {
      if (dropped !== null) {
        if (given === dropped) droppedDepth++;
        return;
      }
      if (DROPPED_WITH_TEXT.has(given)) {
        dropped = given;
        droppedDepth = 1;
        return;
      }
      if (given === "img") out += escapeText(attributes.get("alt") ?? "");
      const name = STAND_INS.get(given) ?? given;
      if (!ELEMENTS.has(name)) return;
      closeImplied(name);
      if (!VOID_ELEMENTS.has(name) && stack.length >= MAX_NESTING) return;
      const written = name === "a" && !isSafeHref(attributes.get("href") ?? "") ? "span" : name;
      out += `<${written}`;
      for (const [attribute, value] of keptAttributes(written, attributes))
        out += value === "" ? ` ${attribute}` : ` ${attribute}="${escapeHtml(value)}"`;
      out += ">";
      if (!VOID_ELEMENTS.has(name)) stack.push({ name, written });
    },

    close(given: string): void {
      const name = STAND_INS.get(given) ?? given;
      const index = stack.findLastIndex((open) => open.name === name);
      if (dropped !== null) {
        if (given === dropped) droppedDepth--;
        else if (index !== -1 && !RAW_TEXT.has(dropped)) droppedDepth = 0;
        if (droppedDepth > 0) return;
        dropped = null;
      }
      if (index !== -1) closeTo(index);
    },

    end(): string {
      closeTo(0);
      return out;
    },
  };
}

const escapeText = (text: string): string =>
  text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");

/** Text as it must be written inside an element or a quoted attribute. */
export const escapeHtml = (text: string): string => escapeText(text).replace(/"/g, "&quot;");

/** The inverse of `escapeHtml`; other entities do not occur in cleaned HTML. */
export const unescapeHtml = (text: string): string =>
  text
    .replace(/&quot;/g, '"')
    .replace(/&gt;/g, ">")
    .replace(/&lt;/g, "<")
    .replace(/&amp;/g, "&");

/** Tags and text of HTML that `cleanHtml` wrote, in order: in it, no attribute contains `<` or `>`. */
export const tokensOf = (cleaned: string): readonly string[] =>
  cleaned.split(/(<[^<>]*>)/).filter((token) => token !== "");

const BLOCKS = new Set("p div h1 h2 h3 h4 h5 h6 blockquote pre ul ol dl table".split(" "));
const LINES = new Set("br hr li tr dt dd caption".split(" "));

/**
 * What the HTML says, as text: a blank line between blocks, a line for each item and row, white space collapsed. For
 * notifications, search and feeds; it is not HTML, and must be escaped where it becomes part of a page.
 */
export function toPlainText(html: string): string {
  let text = "";
  let preformatted = 0;
  for (const token of tokensOf(cleanHtml(html))) {
    const [, slash, tag] = /^<(\/?)([a-z\d]+)/.exec(token) ?? [];
    if (tag === undefined) {
      const said = unescapeHtml(token);
      text += preformatted > 0 ? said : said.replace(/[ \t\n]+/g, " ");
    } else if (BLOCKS.has(tag)) text += "\n\n";
    else if (LINES.has(tag) && slash === "") text += "\n";
    else if ((tag === "td" || tag === "th") && slash === "/") text += " ";
    if (tag === "pre") preformatted += slash === "/" ? -1 : 1;
  }
  return text
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}
