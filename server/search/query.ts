/** Reads what somebody typed into a search: words, phrases, tags, and operators; forgiving, because nobody learns a grammar to search. */
import { keyAt } from "../lib/id.ts";
import { being, HAS, type Has, having, IS, type Is, inLanguage, ofType, tagged } from "./marks.ts";
import { type Piece, pieceOf } from "./words.ts";

/** Longer is no question but a text. */
const MAX_QUERY_LENGTH = 500;
/** Words and operators that count; the rest says nothing new. Each costs one look into the index. */
const MAX_TERMS = 12;
/** Pieces of one phrase: each has to stand in its place. */
const MAX_PHRASE = 16;
/** Fewer letters with a star would mean half of all words; characters of scripts without spaces stand for more. */
const MIN_BEGINNING = 3;

/** Where is looked: in what one wrote, was sent, or did something with; in what is for everybody; or in both. */
export type SearchPlace = "library" | "public" | "all";

export interface SearchQuery {
  /** All of these must be there. */
  readonly terms: readonly Piece[];
  readonly withoutTerms: readonly Piece[];
  /** Marks of entries (`marks.ts`), the same way. */
  readonly marks: readonly string[];
  readonly withoutMarks: readonly string[];
  /** One of each of these lists, where it is not empty. */
  readonly languages: readonly string[];
  /** Handles as they were typed; `me` is who asks. */
  readonly from: readonly string[];
  readonly notFrom: readonly string[];
  readonly to: readonly string[];
  readonly groups: readonly string[];
  readonly place: SearchPlace;
  /** Keys between which things are, both ends excluded; null where nothing is said. */
  readonly after: number | null;
  readonly before: number | null;
}

type Draft = {
  -readonly [K in keyof SearchQuery]: SearchQuery[K] extends readonly (infer T)[] ? T[] : SearchQuery[K];
};

/** Whether anything is asked for at all. */
export const isEmpty = (query: SearchQuery): boolean =>
  query.terms.length === 0 &&
  query.marks.length === 0 &&
  query.languages.length === 0 &&
  query.from.length === 0 &&
  query.to.length === 0 &&
  query.groups.length === 0 &&
  query.after === null &&
  query.before === null;

/** A minus, an operator, and what stands between quotes or until the next space. */
const ITEM = /(-?)(?:([a-z]+):)?(?:"([^"]*)"?|([^\s"]+))/giu;
const QUOTES = /[“”„‟«»＂]/g;

/** As much of it as counts, without what no text may hold. */
export const asTyped = (typed: string): string =>
  typed.slice(0, MAX_QUERY_LENGTH).toWellFormed().replaceAll("\0", " ");

/** Never fails: what is no operator, or makes no sense as one, is a word. */
export function parseQuery(typed: string): SearchQuery {
  const draft: Draft = {
    terms: [],
    withoutTerms: [],
    marks: [],
    withoutMarks: [],
    languages: [],
    from: [],
    notFrom: [],
    to: [],
    groups: [],
    place: "all",
    after: null,
    before: null,
  };
  const text = asTyped(typed).replace(QUOTES, '"').replaceAll("：", ":");
  let count = 0;
  for (const [whole, minus = "", operator, phrase, word = ""] of text.matchAll(ITEM)) {
    if (count >= MAX_TERMS) break;
    const isWithout = minus !== "";
    const value = phrase ?? word;
    const isOperator =
      operator !== undefined && value !== "" && operate(draft, operator.toLowerCase(), value, isWithout);
    if (
      isOperator ||
      addWords(draft, operator === undefined ? value : whole, isWithout, phrase !== undefined)
    )
      count++;
  }
  return draft;
}

/** Whether it was one. */
function operate(draft: Draft, operator: string, value: string, isWithout: boolean): boolean {
  switch (operator) {
    case "from":
      return add(isWithout ? draft.notFrom : draft.from, value);
    case "to":
      return !isWithout && add(draft.to, value);
    case "has":
      return isOneOf(HAS, value) && addMark(draft, having(value.toLowerCase() as Has), isWithout);
    case "is":
      return isOneOf(IS, value) && addMark(draft, being(value.toLowerCase() as Is), isWithout);
    case "type":
      return addMark(draft, ofType(value), isWithout);
    case "language": {
      const language = inLanguage(value);
      if (language === null) return false;
      return isWithout ? addMark(draft, language, true) : add(draft.languages, language);
    }
    case "in":
      return !isWithout && within(draft, value);
    case "before":
    case "after":
    case "during":
      return !isWithout && limitTime(draft, operator, value);
    default:
      return false;
  }
}

function within(draft: Draft, value: string): boolean {
  const place = value.toLowerCase();
  if (place === "library" || place === "public" || place === "all") draft.place = place;
  else draft.groups.push(value);
  return true;
}

const isOneOf = (words: readonly string[], value: string): boolean => words.includes(value.toLowerCase());

function addMark(draft: Draft, mark: string | null, isWithout: boolean): boolean {
  return mark !== null && add(isWithout ? draft.withoutMarks : draft.marks, mark);
}

function add(list: string[], value: string): boolean {
  list.push(value);
  return true;
}

function addWords(draft: Draft, text: string, isWithout: boolean, isPhrase: boolean): boolean {
  const tag = !isPhrase && /^[#＃]/.test(text) ? tagged(text) : null;
  if (tag !== null) return addMark(draft, tag, isWithout);
  const piece = pieceOf(text);
  if (piece === null) return false;
  const words = piece.words.slice(0, MAX_PHRASE);
  const [only = ""] = words;
  const isStarred = !isPhrase && text.endsWith("*") && words.length === 1 && only.length >= MIN_BEGINNING;
  (isWithout ? draft.withoutTerms : draft.terms).push({ words, isBeginning: piece.isBeginning || isStarred });
  return true;
}

/** A year, a month or a day; UTC, because nobody says where the question is asked. */
function limitTime(draft: Draft, operator: "before" | "after" | "during", value: string): boolean {
  const period = periodOf(value);
  if (period === null) return false;
  const { startMs, endMs } = period;
  if (operator === "before") draft.before = least(draft.before, keyAt(startMs));
  else if (operator === "after") draft.after = most(draft.after, keyAt(endMs) - 1);
  else {
    draft.after = most(draft.after, keyAt(startMs) - 1);
    draft.before = least(draft.before, keyAt(endMs));
  }
  return true;
}

const least = (one: number | null, other: number): number => Math.min(one ?? other, other);
const most = (one: number | null, other: number): number => Math.max(one ?? other, other);

function periodOf(value: string): { readonly startMs: number; readonly endMs: number } | null {
  const [, year, month, day] = /^(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?$/.exec(value) ?? [];
  if (year === undefined) return null;
  const [y, m, d] = [Number(year), Number(month ?? 1), Number(day ?? 1)];
  if (y < 1970 || m < 1 || m > 12 || d < 1 || d > 31) return null;
  const startMs = Date.UTC(y, m - 1, d);
  const endMs =
    day !== undefined
      ? Date.UTC(y, m - 1, d + 1)
      : month !== undefined
        ? Date.UTC(y, m, 1)
        : Date.UTC(y + 1, 0, 1);
  return { startMs, endMs };
}
