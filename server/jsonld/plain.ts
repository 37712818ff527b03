/** Reads a document as plain JSON: one walk that gives every property, type and Public its one name. */
import { isJsonObject, type Json, type JsonObject, toWholeText } from "../lib/json.ts";
import { Problem } from "../lib/problem.ts";
import { settle } from "./settle.ts";
import type { Terms, View } from "./terms.ts";

/** An Announce of a Create of a post with attachments is 6 deep; honest documents stay below 12. */
export const MAX_DEPTH = 24;
/** More than anybody addresses, tags or puts on one collection page. */
export const MAX_ARRAY_LENGTH = 2_000;
/** Objects, lists and values in one document: a collection page of 200 whole posts. */
export const MAX_NODES = 30_000;
/** Contexts inside the document besides its own; peers that repeat them do so once for each embedded object. */
export const MAX_CONTEXTS = 100;

/** A processor reads each of them as often as it occurs; documents with more are read plainly. */
const MAX_PROCESSED_CONTEXTS = 10;

const PUBLIC = "https://www.w3.org/ns/activitystreams#Public";
const PUBLIC_ALIASES = new Set(["as:Public", "http://www.w3.org/ns/activitystreams#Public"]);
const AUDIENCE = new Set(["to", "cc", "bto", "bcc", "audience"]);
/** Texts that have a map of their own (`contentMap`); some peers put the map in their place. */
const TEXTS = new Set(["name", "summary", "content"]);
/** Language tags in use (BCP 47), so that `{"type": "…"}` is no map. */
const LANGUAGE = /^(?:@none|[a-z]{2,3}(?:-[a-z0-9]{1,8})*)$/i;
/** Keywords by which one document could say something of other nodes than those one sees. */
const FORBIDDEN = new Set(["@graph", "@included", "@reverse"]);

export interface PlainReading {
  /** With what is kept of its contexts (`kept.ts`). */
  readonly document: JsonObject;
  /** Whether it used words that only a JSON-LD processor understands, and can be given to one at a bearable cost. */
  readonly needsProcessor: boolean;
}

/** @throws Problem `invalid` for a document beyond the limits above, or with one of the forbidden keywords. */
export function readPlainly(terms: Terms, source: JsonObject): PlainReading {
  let nodes = 0;
  let contexts = 0;
  let isIncomplete = false;
  let isScoped = false;
  let hasKept = false;

  function readObject(object: JsonObject, outer: View, depth: number): JsonObject {
    const context = object["@context"];
    let view = outer;
    if (context !== undefined) {
      if (++contexts > MAX_CONTEXTS) throw tooMuch("contexts");
      view = terms.view(context, outer);
      isIncomplete ||= view.kind !== "plain";
      isScoped ||= view.kind === "scoped";
    }
    const read: Record<string, Json> = {};
    if (view.kept !== undefined && view !== outer) {
      read["@context"] = view.kept;
      hasKept = true;
    }
    const renamed: [string, Json][] = [];
    for (const key of Object.keys(object)) {
      const value = object[key];
      if (key === "@context" || key === "__proto__" || value === undefined) continue;
      const name = toWholeText(view.nameOf(key));
      if (name.startsWith("@")) {
        if (FORBIDDEN.has(name))
          throw new Problem("invalid", `Leave out ${name}: a document speaks of one thing.`);
        isIncomplete = true;
        continue;
      }
      const isMap =
        isJsonObject(value) && (view.isLanguageMap(key) || (TEXTS.has(name) && isByLanguage(value)));
      const said = isMap ? readLanguages(value) : readProperty(name, value, view, depth);
      if (said === undefined) continue;
      const property = TEXTS.has(name) && (isMap || isByLanguage(said)) ? `${name}Map` : name;
      if (property === key) read[property] = said;
      else renamed.push([property, said]);
    }
    // A property under its own name outweighs another name for it, so that nobody can hide one behind the other.
    for (const [name, said] of renamed) if (!Object.hasOwn(read, name)) read[name] = said;
    return read;
  }

  function readProperty(name: string, value: Json, view: View, depth: number): Json | undefined {
    if (name === "type" || name === "formerType") return readTypes(value, view, depth);
    const isAddress = name === "id" || terms.isAddress(name);
    const said = readValue(value, { view, depth, isAddress, isAudience: AUDIENCE.has(name) });
    return isAddress && said === "" ? undefined : said;
  }

  interface Place {
    readonly view: View;
    readonly depth: number;
    readonly isAddress: boolean;
    readonly isAudience: boolean;
  }

  function readValue(value: Json, place: Place): Json {
    if (++nodes > MAX_NODES) throw tooMuch("values");
    if (typeof value === "string") {
      const isPublic =
        (place.isAddress && PUBLIC_ALIASES.has(value)) || (place.isAudience && value === "Public");
      if (isPublic) return PUBLIC;
      // An address with a broken text in it stays one that leads nowhere.
      return place.isAddress ? value : toWholeText(value);
    }
    if (typeof value !== "object" || value === null) return value;
    if (place.depth >= MAX_DEPTH) throw tooMuch("levels");
    const inner = { ...place, depth: place.depth + 1 };
    if (!Array.isArray(value)) {
      const wrapped = unwrap(value as JsonObject);
      isIncomplete ||= wrapped !== undefined;
      return wrapped === undefined
        ? readObject(value as JsonObject, place.view, inner.depth)
        : readValue(wrapped, inner);
    }
    if (value.length > MAX_ARRAY_LENGTH) throw tooMuch("entries in one list");
    const items = value as readonly Json[];
    const read = items.map((item) => readValue(item, inner));
    return place.isAddress ? read.filter((item) => item !== "") : read;
  }

  function readTypes(value: Json, view: View, depth: number): Json {
    if (typeof value === "string") return view.typeOf(value);
    const wrapped = isJsonObject(value) ? unwrap(value) : undefined;
    if (wrapped !== undefined && depth < MAX_DEPTH) {
      isIncomplete = true;
      return readTypes(wrapped, view, depth + 1);
    }
    if (!Array.isArray(value)) return readValue(value, { view, depth, isAddress: false, isAudience: false });
    return (value as readonly Json[])
      .slice(0, MAX_ARRAY_LENGTH)
      .filter((type) => typeof type === "string")
      .map(view.typeOf);
  }

  /** Texts by language (BCP 47); `@none` is a text in no language. */
  function readLanguages(map: JsonObject): JsonObject {
    const texts: Record<string, Json> = {};
    for (const [language, text] of Object.entries(map).slice(0, MAX_ARRAY_LENGTH)) {
      const first = Array.isArray(text) ? text[0] : text;
      if (typeof first !== "string" || language === "__proto__") continue;
      if (language === "@none") texts.und = toWholeText(first);
      else if (!language.startsWith("@")) texts[toWholeText(language)] = toWholeText(first);
    }
    return texts;
  }

  const read = readObject(source, terms.plain, 0);
  const document = hasKept ? settle(read, terms.knows) : read;
  return { document, needsProcessor: isIncomplete && !isScoped && contexts <= MAX_PROCESSED_CONTEXTS };
}

const isByLanguage = (value: Json): boolean =>
  isJsonObject(value) &&
  Object.keys(value).length > 0 &&
  Object.entries(value).every(
    ([language, text]) => language === "@context" || (LANGUAGE.test(language) && typeof text === "string"),
  );

/** What a value object, list or set of JSON-LD holds; undefined for any other object. */
function unwrap(object: JsonObject): Json | undefined {
  for (const keyword of ["@value", "@list", "@set"])
    if (Object.hasOwn(object, keyword)) return object[keyword];
  return undefined;
}

const tooMuch = (what: string): Problem =>
  new Problem("invalid", `The document has too many ${what} to be read.`, { reason: "too-complex" });
