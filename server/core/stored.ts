/** Documents as they lie in the database: without what their row says already, and put together again from both. */
import { settle } from "../jsonld/settle.ts";
import { toIso } from "../lib/clock.ts";
import { timeOfKey } from "../lib/id.ts";
import { isJsonObject, type Json } from "../lib/json.ts";
import type { Kind } from "./entity.ts";
import { type AsObject, AUDIENCE_PROPERTIES, ids, PUBLIC } from "./object.ts";

/** What a row says of its document. */
export interface RowWords {
  readonly key: number;
  readonly iri: string;
  readonly kind: Kind | null;
  readonly type: string | null;
  /** Null where nobody answers for it, or where whoever reads does not need to know. */
  readonly ownerIri: string | null;
}

/** The property that says what was left out; no document has one of this name. */
const LEFT_OUT = "=";
/** A letter for each thing that is left out. */
const TYPE = "t";
/** `actor` or `attributedTo`, where it is the owner's address. */
const OWNER = "o";
/** `published`, where it is the key's time: to the second, as peers say it, or to the millisecond, as we do. */
const SECOND = "s";
const MILLISECOND = "m";
/** Addresses are short: `P` is everybody, `~…` is below the owner. */
const SHORT_AUDIENCE = "a";
/** What its author typed is the only paragraph of the text. */
const PLAIN_SOURCE = "p";

const SHORT_PUBLIC = "P";
const SHORT_OWNER = "~";

/** Addresses are short, and lists begin with these, which are left out: public, quiet, for followers. */
const USUAL: Readonly<Record<string, Readonly<Partial<Record<"to" | "cc", readonly string[]>>>>> = {
  P: { to: [SHORT_PUBLIC], cc: [`${SHORT_OWNER}followers`] },
  Q: { to: [`${SHORT_OWNER}followers`], cc: [SHORT_PUBLIC] },
  F: { to: [`${SHORT_OWNER}followers`] },
};

/** The text is stored as its author typed it, in this form of text: it is the only paragraph, and there is no more to `source`. */
const TYPED: Readonly<Record<string, string>> = { w: "text/markdown", x: "text/plain" };

/** Collections of the thing whose addresses are its own with their names behind. */
const BELOW: Readonly<Record<string, string>> = { r: "replies", l: "likes", h: "shares" };

/**
 * The JSON to store. Given out by nobody and thus not stored: `bto` and `bcc`. What words mean is stored with those
 * words: the object of an activity has its own, and is not repeated (`hasSubject`).
 */
export function toStored(document: AsObject, row: RowWords, hasSubject: boolean): string {
  const { id: _id, bto: _bto, bcc: _bcc, object, [LEFT_OUT]: _, ...rest } = document;
  // Of several (a Flag) the row says the first; the others are named here.
  const about = !hasSubject
    ? object
    : Array.isArray(object) && object.length > 1
      ? ids(document, "object")
      : undefined;
  const settled = settle(about === undefined ? rest : { ...rest, object: about });
  const stored: Record<string, Json | undefined> = { ...settled };
  const leftOut =
    withoutType(stored, row) +
    withoutOwner(stored, row) +
    withoutTime(stored, row) +
    withoutAudience(stored, row) +
    withoutSource(stored) +
    withoutCollections(stored, row);
  withTextOnce(stored);
  return JSON.stringify(leftOut === "" ? stored : { [LEFT_OUT]: leftOut, ...stored });
}

/** The document as it was given to `toStored`, but for what that leaves out for good. */
export function fromStored(json: string, row: RowWords): AsObject {
  const parsed: unknown = JSON.parse(json);
  if (!isJsonObject(parsed)) return { id: row.iri };
  const { [LEFT_OUT]: given, ...stored } = parsed;
  const leftOut = typeof given === "string" ? given : "";
  const document: Record<string, Json | undefined> = { id: row.iri };
  if (leftOut.includes(TYPE)) document.type = row.type;
  if (leftOut.includes(OWNER) && row.ownerIri !== null) document[ownerProperty(row)] = row.ownerIri;
  if (leftOut.includes(SECOND)) document.published = secondOf(row);
  if (leftOut.includes(MILLISECOND)) document.published = toIso(timeOfKey(row.key));
  Object.assign(document, stored);
  for (const letter of leftOut) {
    withUsual(document, letter, row);
    withTyped(document, letter);
    const property = BELOW[letter];
    if (property !== undefined) document[property] = `${row.iri}/${property}`;
  }
  withTextTwice(document);
  if (leftOut.includes(SHORT_AUDIENCE)) withAudience(document, row);
  if (leftOut.includes(PLAIN_SOURCE) && isJsonObject(document.source))
    document.source = { content: String(document.content).slice(3, -4), ...document.source };
  return document as AsObject;
}

type Draft = Record<string, Json | undefined>;

function withoutType(stored: Draft, { type }: RowWords): string {
  if (type === null || stored.type !== type) return "";
  delete stored.type;
  return TYPE;
}

const ownerProperty = ({ kind }: RowWords): string => (kind === "activity" ? "actor" : "attributedTo");

function withoutOwner(stored: Draft, row: RowWords): string {
  const property = ownerProperty(row);
  if (row.ownerIri === null || stored[property] !== row.ownerIri) return "";
  delete stored[property];
  return OWNER;
}

const secondOf = ({ key }: RowWords): string => toIso(Math.floor(timeOfKey(key) / 1000) * 1000);

function withoutTime(stored: Draft, row: RowWords): string {
  const { published } = stored;
  const found =
    published === secondOf(row) ? SECOND : published === toIso(timeOfKey(row.key)) ? MILLISECOND : "";
  if (found !== "") delete stored.published;
  return found;
}

function withoutAudience(stored: Draft, { ownerIri }: RowWords): string {
  const lists = AUDIENCE_PROPERTIES.filter((property) => Array.isArray(stored[property]));
  const addresses = lists.flatMap((property) => stored[property] as readonly Json[]);
  if (!addresses.every((each) => typeof each === "string" && /^https?:/.test(each))) return "";
  const below = ownerIri === null ? null : `${ownerIri}/`;
  const short = (each: string) =>
    each === PUBLIC
      ? SHORT_PUBLIC
      : below !== null && each.startsWith(below)
        ? SHORT_OWNER + each.slice(below.length)
        : each;
  let isShorter = false;
  for (const property of lists) {
    const before = stored[property] as readonly string[];
    const after = before.map(short);
    isShorter ||= after.some((each, i) => each !== before[i]);
    stored[property] = after;
  }
  return isShorter ? withoutUsual(stored) : "";
}

function withoutUsual(stored: Draft): string {
  for (const [letter, usual] of Object.entries(USUAL)) {
    const lists = Object.entries(usual);
    const isUsual = lists.every(([property, list]) => {
      const given = stored[property];
      return Array.isArray(given) && list.every((each, i) => each === given[i]);
    });
    if (!isUsual) continue;
    for (const [property, list] of lists) {
      const rest = (stored[property] as readonly Json[]).slice(list.length);
      if (rest.length === 0) delete stored[property];
      else stored[property] = rest;
    }
    return letter;
  }
  return SHORT_AUDIENCE;
}

function withUsual(document: Draft, letter: string, row: RowWords): void {
  const usual = USUAL[letter];
  if (usual === undefined) return;
  for (const [property, list] of Object.entries(usual)) {
    const rest = document[property];
    document[property] = Array.isArray(rest) ? [...list, ...rest] : list;
  }
  withAudience(document, row);
}

function withAudience(document: Draft, { ownerIri }: RowWords): void {
  for (const property of AUDIENCE_PROPERTIES) {
    const list = document[property];
    if (!Array.isArray(list)) continue;
    document[property] = list.map((each) =>
      each === SHORT_PUBLIC
        ? PUBLIC
        : typeof each === "string" && each.startsWith(SHORT_OWNER) && ownerIri !== null
          ? `${ownerIri}/${each.slice(SHORT_OWNER.length)}`
          : each,
    );
  }
}

/** Most of what people type is one paragraph without markup. */
function withoutSource(stored: Draft): string {
  const { source, content } = stored;
  if (!isJsonObject(source) || typeof source.content !== "string") return "";
  if (content !== `<p>${source.content}</p>`) return "";
  const { content: typed, ...rest } = source;
  const letter = Object.keys(TYPED).find((each) => TYPED[each] === rest.mediaType);
  if (letter === undefined || Object.keys(rest).length > 1) {
    stored.source = rest;
    return PLAIN_SOURCE;
  }
  delete stored.source;
  const [language, other] = isJsonObject(stored.contentMap) ? Object.entries(stored.contentMap) : [];
  if (other === undefined && language?.[1] === content) {
    stored.contentMap = { [language[0]]: typed };
    delete stored.content;
  } else stored.content = typed;
  return letter;
}

function withTyped(document: Draft, letter: string): void {
  const mediaType = TYPED[letter];
  if (mediaType === undefined) return;
  const [language] =
    document.content === undefined && isJsonObject(document.contentMap)
      ? Object.entries(document.contentMap)
      : [];
  const typed = String(language?.[1] ?? document.content ?? "");
  document.content = `<p>${typed}</p>`;
  if (language !== undefined) document.contentMap = { [language[0]]: document.content };
  document.source = { content: typed, mediaType };
}

function withoutCollections(stored: Draft, { iri }: RowWords): string {
  return Object.entries(BELOW)
    .filter(([, property]) => stored[property] === `${iri}/${property}`)
    .map(([letter, property]) => {
      delete stored[property];
      return letter;
    })
    .join("");
}

/** Many peers send one text twice, as `content` and as the only entry of `contentMap`. */
function withTextOnce(stored: Draft): void {
  const texts = isJsonObject(stored.contentMap) ? Object.values(stored.contentMap) : [];
  if (stored.content !== undefined && texts.length === 1 && texts[0] === stored.content)
    delete stored.content;
}

function withTextTwice(document: Draft): void {
  if (document.content !== undefined || !isJsonObject(document.contentMap)) return;
  const [content, other] = Object.values(document.contentMap);
  if (content !== undefined && other === undefined) document.content = content;
}
