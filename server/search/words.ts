/** Cuts texts into the words by which they are found: folded, in any language and script, the same for what is stored and sought. */

/** What is longer is no word of any language; both sides are cut alike. */
const MAX_WORD = 40;
/** Marks that are not seen: soft hyphen, zero widths, joiners, direction marks, variation selectors, the Arabic stretch. */
const UNSEEN =
  /\u034f|[\ufe00-\ufe0f]|[\u00ad\u061c\u0640\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/g;
/** Accents, and points of Hebrew and Arabic, which many leave out when they type. */
const ACCENTS = /[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u064b-\u065f\u0670]/g;
const WORD = /[\p{L}\p{M}\p{N}]+/gu;
/** Scripts that are written without spaces: cut into pairs of characters, because nothing tells where a word ends. */
const RUNS =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u30fc\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]+|[^\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u30fc\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]+/gu;
const WITHOUT_SPACES =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u30fc\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
// biome-ignore lint/suspicious/noControlCharactersInRegex: everything below U+0080 is what is asked for
const PLAIN = /^[\u0000-\u007f]*$/;

/** One form of letters for all spellings: no case, no accents (`ß` is `ss`, `é` is `e`), no unseen marks. */
export const fold = (text: string): string =>
  PLAIN.test(text)
    ? text.toLowerCase()
    : text
        .normalize("NFKD")
        .replace(UNSEEN, "")
        .replace(ACCENTS, "")
        // Lower case first: there is a capital ß too. Upper case in between, because only there it is two letters.
        .toLowerCase()
        .toUpperCase()
        .toLowerCase()
        .replaceAll("ς", "σ")
        .normalize("NFKD")
        .replace(ACCENTS, "")
        .normalize("NFC");

/** The words of a text, in order. */
export function wordsOf(text: string): readonly string[] {
  const words: string[] = [];
  for (const [found] of fold(text).matchAll(WORD)) cut(found, words, true);
  return words;
}

/** A piece of a question: words that must stand one right after the other. */
export interface Piece {
  readonly words: readonly string[];
  /** It is one word, and any that begins with it will do. */
  readonly isBeginning: boolean;
}

/** What somebody typed without spaces (`e-mail`, `日本語`), or between quotes; null where no letter is in it. */
export function pieceOf(text: string): Piece | null {
  const words: string[] = [];
  for (const [found] of fold(text).matchAll(WORD)) cut(found, words, false);
  const [only = ""] = words;
  if (words.length === 0) return null;
  const isLone = words.length === 1 && WITHOUT_SPACES.test(only) && [...only].length === 1;
  return { words, isBeginning: isLone };
}

/** A hashtag as one word, without its sign; empty where no letter is in it. */
export const tagWordOf = (tag: string): string => [...fold(tag).matchAll(WORD)].join("").slice(0, MAX_WORD);

/** `isStored`: the last character of a run is a word too, so that it is found alone. */
function cut(found: string, words: string[], isStored: boolean): void {
  if (PLAIN.test(found)) {
    words.push(found.slice(0, MAX_WORD));
    return;
  }
  for (const [run] of found.matchAll(RUNS)) {
    if (!WITHOUT_SPACES.test(run)) {
      words.push(run.slice(0, MAX_WORD).toWellFormed());
      continue;
    }
    const characters = [...run];
    for (let i = 0; i + 1 < characters.length; i++) words.push(`${characters[i]}${characters[i + 1]}`);
    if (isStored || characters.length === 1) words.push(characters.at(-1) ?? "");
  }
}
