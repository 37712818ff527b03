/** Finds what people mean as links in plain text: web addresses, `@name`, `@name@host` and `#hashtag`. */
import { isSafeHref } from "./html-rules.ts";
import { normaliseHost } from "./url.ts";

export type Piece =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "url"; readonly text: string }
  /** `handle` is `name` or `name@host`, with the host in normal form. */
  | { readonly kind: "mention"; readonly text: string; readonly handle: string }
  | { readonly kind: "hashtag"; readonly text: string; readonly name: string };

const URL_TEXT = '[Hh][Tt][Tt][Pp][Ss]?://[^\\s<>"“”«»]+';
const NAME = "[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,62}[A-Za-z0-9_])?";
const HOST = "[\\p{L}\\p{N}][\\p{L}\\p{N}\\p{M}.-]{0,252}(?::\\d{1,5})?";
/** Letters, marks, digits, connectors, and the dots and joiners inside words of Catalan, Japanese and Persian. */
const TAG_CHARACTER = "[\\p{L}\\p{M}\\p{Nd}\\p{Pc}·・\u200c]";
const MAX_TAG_LENGTH = 100;

const LINK = new RegExp(
  [
    `(?<![\\p{L}\\p{N}])(?<url>${URL_TEXT})`,
    `(?<![\\p{L}\\p{N}_@/.:-])@(?<name>${NAME})(?:@(?<host>${HOST}))?(?![A-Za-z0-9_@])`,
    `(?<![\\p{L}\\p{N}_&/#])[#＃](?<tag>${TAG_CHARACTER}{1,${MAX_TAG_LENGTH}})(?!${TAG_CHARACTER})`,
  ].join("|"),
  "gu",
);

/** The text in pieces, in order; joined they are the text again. Takes time in proportion to its length. */
export function piecesOf(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let done = 0;
  const finder = new RegExp(LINK);
  for (let match = finder.exec(text); match !== null; match = finder.exec(text)) {
    const piece = pieceOf(match[0], match.groups ?? {});
    if (piece === null) continue;
    if (match.index > done) pieces.push({ kind: "text", text: text.slice(done, match.index) });
    pieces.push(piece);
    done = match.index + piece.text.length;
    finder.lastIndex = done;
  }
  if (done < text.length) pieces.push({ kind: "text", text: text.slice(done) });
  return pieces;
}

function pieceOf(whole: string, groups: Readonly<Record<string, string | undefined>>): Piece | null {
  const { name, host, tag } = groups;
  if (name !== undefined) {
    if (host === undefined) return { kind: "mention", text: whole, handle: name };
    const written = host.replace(/[.-]{1,253}$/, "");
    const normal = normaliseHost(written);
    return normal === null
      ? null
      : { kind: "mention", text: `@${name}@${written}`, handle: `${name}@${normal}` };
  }
  if (tag !== undefined)
    return /[\p{L}\p{M}]/u.test(tag) ? { kind: "hashtag", text: whole, name: tag } : null;
  const url = withoutPunctuation(whole);
  return isSafeHref(url) ? { kind: "url", text: url } : null;
}

const CLOSING: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" };

/** Drops what belongs to the sentence: final punctuation, and brackets that were opened before the address. */
function withoutPunctuation(url: string): string {
  const unopened: Record<string, number> = {};
  for (const [close, open] of Object.entries(CLOSING))
    unopened[close] = url.split(close).length - url.split(open).length;
  let end = url.length;
  for (; end > 0; end--) {
    const last = url[end - 1] ?? "";
    if (last in CLOSING && (unopened[last] ?? 0) > 0) unopened[last] = (unopened[last] ?? 0) - 1;
    else if (!".,;:!?'*_~…".includes(last)) break;
  }
  return url.slice(0, end);
}
