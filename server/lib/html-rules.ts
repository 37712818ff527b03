/** What HTML from outside may contain: elements, attributes, classes and links. Everything else is dropped. */
import { parseHttpUrl } from "./url.ts";

const words = (text: string): ReadonlySet<string> => new Set(text.split(" "));

/** Inline, blocks, ruby, tables: nothing that loads, runs, floats, or that browsers parse by rules of its own. */
export const ELEMENTS = words(
  "a abbr b bdi bdo blockquote br caption cite code dd del div dl dt em h1 h2 h3 h4 h5 h6 hr i ins kbd li mark ol p pre q rb rp rt rtc ruby s samp small span strike strong sub sup table tbody td tfoot th thead tr u ul var wbr",
);
export const VOID_ELEMENTS = words("br hr wbr");
/** Blocks whose name says nothing here, and what stands for them so that their text stays apart. */
export const STAND_INS = new Map(
  "address article aside center details dir fieldset figcaption figure footer form header main menu nav section summary"
    .split(" ")
    .map((name) => [name, "div"]),
);
/** Elements whose text is not meant to be read. */
export const DROPPED_WITH_TEXT = words(
  "annotation annotation-xml applet head iframe noembed noframes noscript object option plaintext script select style svg template textarea title xmp",
);
/** Of these, the ones that swallow all markup up to their own end tag. */
export const RAW_TEXT = words("iframe noembed noframes plaintext script style textarea title xmp");

interface Implied {
  /** Open elements that end where this one starts … */
  readonly ends: ReadonlySet<string>;
  /** … unless one of these is open inside them. */
  readonly within: ReadonlySet<string>;
}
const paragraph: Implied = {
  ends: words("p"),
  within: words("blockquote caption dd div dt li td th"),
};
const implied: readonly (readonly [string, Implied])[] = [
  ["li", { ends: words("li"), within: words("ol ul table") }],
  ["dt dd", { ends: words("dt dd"), within: words("dl table") }],
  ["rb rt rp rtc", { ends: words("rb rt rp"), within: words("ruby rtc") }],
  ["td th", { ends: words("td th caption"), within: words("tr table") }],
  ["tr", { ends: words("tr caption"), within: words("table") }],
  ["thead tbody tfoot", { ends: words("thead tbody tfoot caption"), within: words("table") }],
  ["a", { ends: words("a"), within: words("") }],
];
/** End tags that authors may leave out (HTML §13.1.2.4): what a start tag ends. */
export const IMPLIED_ENDS: ReadonlyMap<string, Implied> = new Map([
  ...[..."p div h1 h2 h3 h4 h5 h6 blockquote pre ul ol dl table hr".split(" ")].map(
    (name) => [name, paragraph] as const,
  ),
  ...implied.flatMap(([names, rule]) => names.split(" ").map((name) => [name, rule] as const)),
]);

/** Attributes by the elements that may have them (`*`: all), with what they may say. */
const ATTRIBUTES: Readonly<Record<string, { readonly on: ReadonlySet<string>; readonly says: RegExp }>> = {
  lang: { on: words("*"), says: /^[a-z]{1,8}(?:-[a-z\d]{1,8}){0,4}$/i },
  dir: { on: words("*"), says: /^(?:ltr|rtl|auto)$/i },
  translate: { on: words("*"), says: /^(?:yes|no)$/i },
  title: { on: words("a abbr"), says: /^.{1,500}$/s },
  start: { on: words("ol"), says: /^-?\d{1,6}$/ },
  value: { on: words("li"), says: /^-?\d{1,6}$/ },
  reversed: { on: words("ol"), says: /^(?:reversed)?$/i },
  colspan: { on: words("td th"), says: /^[1-9]\d?$/ },
  rowspan: { on: words("td th"), says: /^[1-9]\d?$/ },
  scope: { on: words("th"), says: /^(?:row|col|rowgroup|colgroup)$/i },
};
/** Microformats (h-, p-, u-, dt-, e-) and the words by which servers mark mentions, hashtags and parts of links. */
const CLASS =
  /^(?:mention|hashtag|invisible|ellipsis|quote-inline|(?:h|p|u|dt|e)-[\w-]{1,60}|language-[\w+#.-]{1,40})$/;
const MAX_CLASSES = 10;

/** Attribute names that are looked at, so that a tag with thousands of others costs nothing. */
export const READ_ATTRIBUTES = new Set([...Object.keys(ATTRIBUTES), "class", "href", "rel"]);

/** Kept from a remote link, because they say something: a verified profile (`me`) and a hashtag (`tag`). */
const KEPT_RELATIONS = ["me", "tag"];

/** The `rel` of every link that somebody wrote; `kept` are relations that stay. */
export const linkRelations = (...kept: readonly string[]): string =>
  [...kept, "nofollow noopener noreferrer ugc"].join(" ");

/** Schemes of links that lead to a person, a page or a file; the text of any other (`javascript:`, `data:`) stays text. */
const LINK_SCHEME = /^(?:https?|mailto|tel|xmpp|matrix|gemini|gopher|magnet|ipfs|ipns):/i;
/** Longer ones are of no use to anybody and only fill pages. */
const MAX_HREF_LENGTH = 4096;
/** White space and controls, which URL parsers drop, so that the scheme would be another than the one checked. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const INVISIBLE_IN_URL = /[\u0000-\u0020\u007f-\u00a0\u2028\u2029\ufeff]/;

/** Whether a link may lead there: absolute, of a scheme above, and for the web with one host and no credentials. */
export function isSafeHref(href: string): boolean {
  if (href.length > MAX_HREF_LENGTH || INVISIBLE_IN_URL.test(href) || !LINK_SCHEME.test(href)) return false;
  return !/^https?:/i.test(href) || parseHttpUrl(href) !== null;
}

/** The attributes that `element` keeps of these, as name and (unescaped) value, in a fixed order. */
export function keptAttributes(
  element: string,
  given: ReadonlyMap<string, string>,
): readonly [string, string][] {
  const kept: [string, string][] = [];
  const { href, rel } = { href: given.get("href"), rel: given.get("rel") };
  if (element === "a" && href !== undefined) {
    const relations = (rel ?? "").split(/\s+/, 20);
    kept.push(
      ["href", href],
      ["rel", linkRelations(...KEPT_RELATIONS.filter((one) => relations.includes(one)))],
    );
  }
  const classes = (given.get("class") ?? "").split(/\s+/, MAX_CLASSES).filter((one) => CLASS.test(one));
  if (classes.length > 0) kept.push(["class", classes.join(" ")]);
  for (const [name, { on, says }] of Object.entries(ATTRIBUTES)) {
    const value = given.get(name);
    if (value !== undefined && (on.has("*") || on.has(element)) && says.test(value)) kept.push([name, value]);
  }
  return kept;
}
