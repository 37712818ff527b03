/** Structured field values of HTTP, read strictly and in linear time (RFC 9651 §4.2; RFC 8941 is a subset). */

export type BareItem =
  | { readonly type: "integer" | "decimal" | "date"; readonly value: number }
  | { readonly type: "string" | "token" | "display"; readonly value: string }
  | { readonly type: "binary"; readonly value: Uint8Array<ArrayBuffer> }
  | { readonly type: "boolean"; readonly value: boolean };

export type Parameters = ReadonlyMap<string, BareItem>;

export interface Item {
  readonly bare: BareItem;
  readonly parameters: Parameters;
}
export interface InnerList {
  readonly items: readonly Item[];
  readonly parameters: Parameters;
}
export type Member = Item | InnerList;
export type Dictionary = ReadonlyMap<string, Member>;

export const isInnerList = (member: Member | undefined): member is InnerList =>
  member !== undefined && "items" in member;

/** A dictionary field (several lines already joined by ", "), or null where it is none (RFC 9651 §4.2.2). */
export const parseDictionary = (text: string): Dictionary | null => parseWhole(text, readDictionary);

/**
 * A list field, or null where it is none (RFC 9651 §4.2.1).
 * @internal No field that we read is one; the published cases hold the readers to it.
 */
export const parseList = (text: string): readonly Member[] | null => parseWhole(text, readList);

/**
 * An item field, or null where it is none (RFC 9651 §4.2.3).
 * @internal As `parseList`.
 */
export const parseItem = (text: string): Item | null => parseWhole(text, readItem);

/** Where reading stands. Every reader moves `at` forward only, so that the whole takes linear time. */
interface Cursor {
  readonly text: string;
  at: number;
}

/** Thrown inside this file only: what stands at the cursor is not what the grammar wants. */
const MALFORMED = Symbol("malformed");

function parseWhole<T>(text: string, read: (cursor: Cursor) => T): T | null {
  const cursor: Cursor = { text, at: 0 };
  try {
    skip(cursor, " ");
    const value = read(cursor);
    skip(cursor, " ");
    return cursor.at === text.length ? value : null;
  } catch (error) {
    if (error === MALFORMED) return null;
    throw error;
  }
}

function readDictionary(cursor: Cursor): Dictionary {
  const members = new Map<string, Member>();
  if (isAtEnd(cursor)) return members;
  do {
    const name = readKey(cursor);
    members.set(name, take(cursor, "=") ? readMember(cursor) : readFlag(cursor));
  } while (hasNextMember(cursor));
  return members;
}

function readList(cursor: Cursor): readonly Member[] {
  const members: Member[] = [];
  if (isAtEnd(cursor)) return members;
  do members.push(readMember(cursor));
  while (hasNextMember(cursor));
  return members;
}

function hasNextMember(cursor: Cursor): boolean {
  skip(cursor, " \t");
  if (isAtEnd(cursor)) return false;
  expect(cursor, ",");
  skip(cursor, " \t");
  if (isAtEnd(cursor)) throw MALFORMED; // A comma at the end.
  return true;
}

const readMember = (cursor: Cursor): Member =>
  cursor.text[cursor.at] === "(" ? readInnerList(cursor) : readItem(cursor);

const readFlag = (cursor: Cursor): Item => ({
  bare: { type: "boolean", value: true },
  parameters: readParameters(cursor),
});

function readInnerList(cursor: Cursor): InnerList {
  expect(cursor, "(");
  const items: Item[] = [];
  for (;;) {
    skip(cursor, " ");
    if (take(cursor, ")")) return { items, parameters: readParameters(cursor) };
    items.push(readItem(cursor));
    if (cursor.text[cursor.at] !== " " && cursor.text[cursor.at] !== ")") throw MALFORMED;
  }
}

function readItem(cursor: Cursor): Item {
  const bare = readBareItem(cursor);
  return { bare, parameters: readParameters(cursor) };
}

function readParameters(cursor: Cursor): Parameters {
  const parameters = new Map<string, BareItem>();
  while (take(cursor, ";")) {
    skip(cursor, " ");
    const name = readKey(cursor);
    parameters.set(name, take(cursor, "=") ? readBareItem(cursor) : { type: "boolean", value: true });
  }
  return parameters;
}

function readBareItem(cursor: Cursor): BareItem {
  const first = cursor.text[cursor.at] ?? "";
  if (first === '"') return { type: "string", value: readString(cursor) };
  if (first === ":") return { type: "binary", value: readBinary(cursor) };
  if (first === "?") return { type: "boolean", value: match(cursor, /\?[01]/y) === "?1" };
  if (first === "@") return readDate(cursor);
  if (first === "%") return { type: "display", value: readDisplayString(cursor) };
  if (/[-0-9]/.test(first)) return readNumber(cursor);
  return { type: "token", value: match(cursor, /[A-Za-z*][A-Za-z0-9:/!#$%&'*+\-.^_`|~]*/y) };
}

// RFC 9651 §3.1.2
const readKey = (cursor: Cursor): string => match(cursor, /[a-z*][a-z0-9_\-.*]*/y);

// RFC 9651 §4.2.4: at most 15 digits, in a decimal 12 and 3.
function readNumber(cursor: Cursor): BareItem {
  const text = match(cursor, /-?[0-9]+(?:\.[0-9]*)?/y);
  const [whole = "", fraction] = text.replace("-", "").split(".");
  if (fraction === undefined) {
    if (whole.length > 15) throw MALFORMED;
    return { type: "integer", value: Number(text) + 0 }; // Adding makes 0 of -0.
  }
  if (whole.length > 12 || fraction.length < 1 || fraction.length > 3) throw MALFORMED;
  return { type: "decimal", value: Number(text) };
}

// RFC 9651 §4.2.9
function readDate(cursor: Cursor): BareItem {
  expect(cursor, "@");
  const number = readNumber(cursor);
  if (number.type !== "integer") throw MALFORMED;
  return { type: "date", value: number.value };
}

// RFC 9651 §4.2.5: printable ASCII; only the quote and the backslash are escaped.
function readString(cursor: Cursor): string {
  expect(cursor, '"');
  let value = "";
  for (;;) {
    value += run(cursor, /[\x20\x21\x23-\x5b\x5d-\x7e]*/y);
    if (take(cursor, '"')) return value;
    expect(cursor, "\\");
    value += match(cursor, /["\\]/y);
  }
}

// RFC 9651 §4.2.7. Padding may be missing and left-over bits may be set: both are read, as the RFC advises.
function readBinary(cursor: Cursor): Uint8Array<ArrayBuffer> {
  expect(cursor, ":");
  const base64 = run(cursor, /[A-Za-z0-9+/]*/y);
  const padding = run(cursor, /={0,2}/y);
  expect(cursor, ":");
  if (base64.length % 4 === 1) throw MALFORMED;
  if (padding !== "" && (base64.length + padding.length) % 4 !== 0) throw MALFORMED;
  return new Uint8Array(Buffer.from(base64, "base64"));
}

// RFC 9651 §4.2.10: percent-encoded UTF-8 in lower-case hexadecimal digits.
function readDisplayString(cursor: Cursor): string {
  expect(cursor, "%");
  expect(cursor, '"');
  let encoded = "";
  for (;;) {
    encoded += run(cursor, /[\x20\x21\x23\x24\x26-\x7e]*/y);
    if (take(cursor, '"')) break;
    encoded += match(cursor, /%[0-9a-f]{2}/y);
  }
  try {
    return decodeURIComponent(encoded);
  } catch {
    // @NOTE The only way to fail is UTF-8 that is none.
    throw MALFORMED;
  }
}

const isAtEnd = (cursor: Cursor): boolean => cursor.at === cursor.text.length;

function skip(cursor: Cursor, characters: string): void {
  while (!isAtEnd(cursor) && characters.includes(cursor.text[cursor.at] ?? "")) cursor.at++;
}

function take(cursor: Cursor, character: string): boolean {
  if (cursor.text[cursor.at] !== character) return false;
  cursor.at++;
  return true;
}

function expect(cursor: Cursor, character: string): void {
  if (!take(cursor, character)) throw MALFORMED;
}

/** What the sticky pattern finds at the cursor, which may be nothing. */
function run(cursor: Cursor, pattern: RegExp): string {
  pattern.lastIndex = cursor.at;
  const found = pattern.exec(cursor.text)?.[0] ?? "";
  cursor.at += found.length;
  return found;
}

function match(cursor: Cursor, pattern: RegExp): string {
  const found = run(cursor, pattern);
  if (found === "") throw MALFORMED;
  return found;
}
