/** What several programs write in several ways, in the one way that is stored; and back again for those that know another. */
import { isJsonObject, type Json, type JsonObject } from "../lib/json.ts";

/** Older names of `quote`, as FEP-044f lists them; the first that is there counts. */
const QUOTE_NAMES = ["quoteUrl", "quoteUri", "_misskey_quote"] as const;
/** FEP-e232: what a link among the tags is for. */
const QUOTE_RELATION = "https://misskey-hub.net/ns#_misskey_quote";
const QUOTE_RELATIONS: ReadonlySet<string> = new Set([
  QUOTE_RELATION,
  "https://misskey-hub.net/ns/#_misskey_quote",
  "https://w3id.org/fep/044f#quote",
]);
const DOCUMENT_TYPE = 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"';
/** An activity that carries one that carries a post. */
const MAX_CARRIED = 3;
/** More tags than any reader looks at. */
const MAX_TAGS = 300;

/** A quote under any name is `quote`; a Like with a text is an EmojiReact, which it has to be treated as (FEP-c0e0). */
export const inOneSpelling = (document: JsonObject): JsonObject => spelled(document, MAX_CARRIED);

function spelled(document: JsonObject, depth: number): JsonObject {
  const carried = document.object;
  const inner =
    depth > 0 && isJsonObject(carried) ? { ...document, object: spelled(carried, depth - 1) } : document;
  return withOneQuote(asReaction(inner));
}

/** One emoji, as people type it, or the short code of a picture. Anything else is a remark beside the like. */
const EMOJI =
  /^(?:\p{RGI_Emoji}|\p{Extended_Pictographic}\uFE0F?|:[\p{L}\p{N}_+\-]{1,64}(?:@[\w.\-]{1,255})?:)$/v;

function asReaction(document: JsonObject): JsonObject {
  if (document.type !== "Like") return document;
  const { _misskey_reaction: misskey, ...rest } = document;
  const said = [document.content, misskey].find(
    (text) => typeof text === "string" && EMOJI.test(text.trim()),
  );
  return said === undefined ? document : { ...rest, type: "EmojiReact", content: said };
}

function withOneQuote(document: JsonObject): JsonObject {
  const isNamed = QUOTE_NAMES.some((name) => typeof document[name] === "string");
  const linked = typeof document.quote === "string" || isNamed ? undefined : linkedQuote(document);
  if (!isNamed && linked === undefined) return document;
  const quote = [document.quote, ...QUOTE_NAMES.map((name) => document[name]), linked].find(
    (value) => typeof value === "string" && value !== "",
  );
  const rest: Record<string, Json | undefined> = { ...document };
  for (const name of QUOTE_NAMES) delete rest[name];
  return (quote === undefined ? rest : { ...rest, quote }) as JsonObject;
}

function linkedQuote(document: JsonObject): Json | undefined {
  const tags = [document.tag ?? []].flat().slice(0, MAX_TAGS) as readonly Json[];
  const link = tags.find(
    (tag) =>
      isJsonObject(tag) &&
      tag.type === "Link" &&
      [tag.rel ?? []].flat().some((rel) => typeof rel === "string" && QUOTE_RELATIONS.has(rel)),
  );
  return isJsonObject(link) ? link.href : undefined;
}

/** With the older names beside `quote`, so that servers which know no other show it. */
export function inEverySpelling(document: JsonObject): JsonObject {
  const carried = document.object;
  const instrument = document.instrument;
  const whole =
    isJsonObject(carried) || isJsonObject(instrument)
      ? {
          ...document,
          ...(isJsonObject(carried) ? { object: inEverySpelling(carried) } : {}),
          ...(isJsonObject(instrument) ? { instrument: inEverySpelling(instrument) } : {}),
        }
      : document;
  const { quote } = whole;
  if (typeof quote !== "string" || !/^https?:/.test(quote)) return whole;
  const link = {
    type: "Link",
    mediaType: DOCUMENT_TYPE,
    rel: QUOTE_RELATION,
    href: quote,
    name: `RE: ${quote}`,
  };
  const tags = [whole.tag ?? []].flat() as readonly Json[];
  return {
    ...whole,
    ...Object.fromEntries(QUOTE_NAMES.map((name) => [name, quote])),
    tag: linkedQuote(whole) === undefined ? [...tags, link] : tags,
  };
}
