/** Documents as nobody would write them, as many as are wanted, and the same each time. */
import type { Json, JsonObject } from "../lib/json.ts";

export interface RandomDocuments {
  /** What an honest peer may send: words of many vocabularies, defined as JSON-LD allows. */
  honest(): JsonObject;
  /** Anything that is JSON. */
  hostile(): JsonObject;
}

const AS = "https://www.w3.org/ns/activitystreams";
const SPACES = ["https://one.example/ns#", "https://two.example/", "urn:three:"];
const WORDS = ["servings", "cooks", "Recipe", "level", "rec", "dish", "a", "creator", "dc"];
const OURS = [
  "content",
  "summary",
  "name",
  "tag",
  "attachment",
  "object",
  "actor",
  "to",
  "sensitive",
  "toot",
];
const TYPES = ["Note", "Create", "Recipe", "Cook", "rec:Cook", "as:Note", `${AS}#Article`, "toot:Emoji"];
const ODD = [
  "",
  "@id",
  "@type",
  "@value",
  "@list",
  "@set",
  "@none",
  "@foo",
  "id",
  "type",
  ":",
  "a:",
  ":a",
  "a/b",
];
const TEXTS = [
  "x",
  "",
  "Public",
  "as:Public",
  "rec:soup",
  "easy",
  "https://a.test/1",
  "a:b:c",
  `${AS}#Public`,
];

/** Numbers in [0, 1) that depend on the seed alone (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export function randomDocuments(seed: number): RandomDocuments {
  const next = random(seed);
  const below = (count: number): number => Math.floor(next() * count);
  const one = <T>(list: readonly T[]): T => list[below(list.length)] as T;
  const times = <T>(most: number, make: () => T): T[] => Array.from({ length: below(most + 1) }, make);

  const meaning = (): string => one([`${one(SPACES)}${one(WORDS)}`, `rec:${one(WORDS)}`]);

  /** Prefixes and lists are told at the top, so that parts mean them alike. */
  function definitions(isTop: boolean): JsonObject {
    const simple = times(4, () => [one(WORDS.slice(0, 4)), meaning()] as const);
    const rich: JsonObject = {
      dish: { "@id": `${one(SPACES)}dish`, "@container": "@language" },
      level: { "@id": `${one(SPACES)}level`, "@type": one(["@id", "@vocab", "xsd:string"]) },
    };
    const toot = isTop ? { toot: "http://joinmastodon.org/ns#" } : {};
    return {
      rec: one(SPACES),
      ...toot,
      ...Object.fromEntries(simple),
      ...(isTop && next() < 0.5 ? rich : {}),
    };
  }

  function honestValue(depth: number): Json {
    if (depth > 3 || next() < 0.5) return one<Json>([...TEXTS, 1, true]);
    return next() < 0.3 ? times(3, () => honestValue(depth + 1)) : honestObject(depth + 1);
  }

  function honestObject(depth: number): JsonObject {
    const keys = times(5, () => one([...WORDS, ...OURS, "rec:steps", `${one(SPACES)}other`, "as:odd"]));
    const properties = keys.map((key) => [key, key === "dish" ? { en: "x", de: "y" } : honestValue(depth)]);
    return {
      ...(depth > 0 && next() < 0.2 ? { "@context": definitions(false) } : {}),
      type: next() < 0.2 ? [one(TYPES), one(TYPES)] : one(TYPES),
      ...Object.fromEntries(properties),
    };
  }

  const junk = (): Json => one<Json>([...TEXTS, ...ODD, ...SPACES, 7, -0.5, null, false, {}, []]);

  function hostileContext(depth: number): Json {
    const choice = below(8);
    if (choice === 0)
      return one<Json>([AS, `${AS}#`, "https://unknown.example/c", "http://x/", "", 7, null, true]);
    if (choice === 1) return times(4, () => (depth > 3 ? null : hostileContext(depth + 1)));
    return Object.fromEntries(
      times(6, () => [
        one([...WORDS, ...OURS, ...ODD, "@vocab", "@base", "@language", "__proto__", "as", "rec:a"]),
        one<() => Json>([
          junk,
          meaning,
          () => `as:${one([...OURS, ...WORDS])}`,
          () => `${one(WORDS)}:${one(WORDS)}`,
          () => one(WORDS),
          () => one(SPACES),
          () => ({
            "@id": one<Json>([meaning(), junk()]),
            [one(["@type", "@container", "@prefix"])]: junk(),
          }),
          () => ({ "@id": meaning(), "@container": one(["@list", "@language", "@index", "@id", "@graph"]) }),
          () => ({ "@id": meaning(), [one(["@context", "@reverse", "@nest", "@protected"])]: junk() }),
        ])(),
      ]),
    );
  }

  function hostileValue(depth: number): Json {
    if (depth > 4 || next() < 0.4) return junk();
    return next() < 0.4 ? times(4, () => hostileValue(depth + 1)) : hostileObject(depth + 1);
  }

  function hostileObject(depth: number): JsonObject {
    const entries = times(5, () => [
      one([...WORDS, ...OURS, ...ODD, "rec:a", "as:b", "toot:c", "contentMap", "__proto__", `${AS}#name`]),
      hostileValue(depth),
    ]);
    return {
      ...(next() < 0.5 ? { "@context": hostileContext(0) } : {}),
      ...(next() < 0.7 ? { type: one<Json>([...TYPES, [one(TYPES), one(WORDS)], junk()]) } : {}),
      ...Object.fromEntries(entries),
    };
  }

  return {
    honest: () => ({ ...honestObject(0), "@context": [AS, definitions(true)] }),
    hostile: () => ({ ...hostileObject(0), ...(next() < 0.8 ? { "@context": hostileContext(0) } : {}) }),
  };
}
