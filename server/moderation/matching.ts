/** Finds phrases in texts, whatever their case, form of letters or invisible marks; in a time that grows with the text alone. */

export interface Phrase {
  readonly text: string;
  /** Found only where it stands for itself, not inside a longer word. */
  readonly isWhole: boolean;
}

/** A phrase in the form in which it is looked for. */
export interface Sought {
  readonly folded: string;
  readonly isWholeBefore: boolean;
  readonly isWholeAfter: boolean;
}

/** Marks that are not seen: soft hyphen, zero widths, joiners, direction marks, variation selectors. */
const UNSEEN =
  /\u034f|[\ufe00-\ufe0f]|[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/g;
const SPACE = /\s+/g;
/** What words are made of. */
const WORD = /[\p{L}\p{M}\p{N}_]/u;
/** Scripts that are written without spaces between words: nothing tells where a word ends. */
const WITHOUT_SPACES =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/**
 * One form for all spellings of a text: compatible characters, no case (upper and lower once round, so that ß and ss,
 * and both sigmas, are the same), no unseen marks, single spaces.
 */
export const fold = (text: string): string =>
  text
    .normalize("NFKC")
    .replace(UNSEEN, "")
    .toUpperCase()
    .toLowerCase()
    .normalize("NFC")
    .replace(SPACE, " ")
    .trim();

/** Null for what is nothing but space. */
export function seek({ text, isWhole }: Phrase): Sought | null {
  const folded = fold(text);
  if (folded === "") return null;
  const first = String.fromCodePoint(folded.codePointAt(0) ?? 0);
  const last = lastOf(folded, folded.length);
  return {
    folded,
    isWholeBefore: isWhole && hasEdges(first),
    isWholeAfter: isWhole && hasEdges(last),
  };
}

/** A sign of punctuation stands for itself beside anything. */
const hasEdges = (character: string): boolean => WORD.test(character) && !WITHOUT_SPACES.test(character);

/** Whether it is in the text, which `fold` made. */
export function isIn(folded: string, { folded: phrase, isWholeBefore, isWholeAfter }: Sought): boolean {
  for (let at = folded.indexOf(phrase); at >= 0; at = folded.indexOf(phrase, at + 1)) {
    const end = at + phrase.length;
    const isFree =
      !(isWholeBefore && at > 0 && WORD.test(lastOf(folded, at))) &&
      !(isWholeAfter && end < folded.length && WORD.test(String.fromCodePoint(folded.codePointAt(end) ?? 0)));
    if (isFree) return true;
  }
  return false;
}

/** The character that ends there. */
function lastOf(text: string, end: number): string {
  const low = text.charCodeAt(end - 1);
  const isPair = low >= 0xdc00 && low <= 0xdfff && end > 1;
  return text.slice(isPair ? end - 2 : end - 1, end);
}
