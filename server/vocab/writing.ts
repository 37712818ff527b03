/** From what a person here writes to what is posted: the text with its people and tags, for whom it is, what it quotes. */
import type { Addresses } from "../core/addresses.ts";
import type { Look } from "../core/behaviour.ts";
import type { Entity, VisibilityName } from "../core/entity.ts";
import { type AsObject, audienceOf, id, PUBLIC } from "../core/object.ts";
import { bareTag } from "../lib/hashtag.ts";
import { escapeHtml } from "../lib/html-clean.ts";
import { isJsonObject, type Json } from "../lib/json.ts";
import { fromMarkdown, fromPlainLinked } from "../lib/text.ts";
import { isGroup } from "./groups/rules.ts";

export interface WritingDeps {
  readonly look: Look;
  readonly addresses: Addresses;
  /** The actor behind a handle, fetched when it is not known; null where there is none. */
  readonly findActor: (handle: string) => Promise<number | null>;
}

export interface WrittenText {
  /** Addresses of the people who are named, each once. */
  readonly people: readonly string[];
  /** `content`, `source` and `tag` of the object. */
  readonly properties: { readonly [name: string]: Json };
}

/**
 * Markdown (or plain text) → HTML with the people and hashtags in it; what was typed is kept as `source` (AP §3.3).
 * People whom nobody finds stay words.
 */
export async function writeText(
  deps: WritingDeps,
  content: string,
  options: { readonly quoted: Entity | null; readonly isPlain?: boolean },
): Promise<WrittenText> {
  const links = {
    mention: async (handle: string) => {
      const key = await deps.findActor(handle).catch(() => null);
      const person = key === null ? null : await deps.look.byKey(key);
      return person && { iri: person.iri, url: id(person.document ?? {}, "url") ?? person.iri };
    },
    hashtag: (name: string) => deps.addresses.tag(name.normalize("NFC")),
  };
  const isPlain = options.isPlain === true;
  const written = isPlain ? await fromPlainLinked(content, links) : await fromMarkdown(content, links);
  return {
    people: written.mentions.map(({ iri }) => iri),
    properties: {
      content: quoteLine(options.quoted) + written.html,
      source: { content, mediaType: isPlain ? "text/plain" : "text/markdown" },
      tag: [
        ...written.mentions.map(({ handle, iri }) => ({ type: "Mention", href: iri, name: `@${handle}` })),
        ...written.hashtags.map((name) => ({
          type: "Hashtag",
          href: deps.addresses.tag(bareTag(name)),
          name: `#${name.normalize("NFC")}`,
        })),
      ],
    },
  };
}

/** A text whose language is known is a map of one (AS2 §4.7), beside the text itself for peers that read no map. */
export const inLanguage = (content: Json | undefined, language: string | null): AsObject =>
  language === null || content === undefined ? {} : { contentMap: { [language]: content } };

/** The language of a text, as its document says it; null where it says none, or several. */
export function languageOf({ contentMap }: AsObject): string | null {
  const [language, ...others] = isJsonObject(contentMap) ? Object.keys(contentMap) : [];
  return others.length > 0 ? null : (language ?? null);
}

/** For readers whose servers know no quotes; ours hides it where the quoted post is shown. */
function quoteLine(quoted: Entity | null): string {
  if (quoted === null) return "";
  const href = escapeHtml(id(quoted.document ?? {}, "url") ?? quoted.iri);
  return `<p class="quote-inline">RE: <a href="${href}">${href}</a></p>`;
}

/** For whom it is (AP §5.6): `people` are addressed whatever the visibility. */
export function audienceFor(
  me: Entity,
  visibility: VisibilityName,
  people: readonly string[],
): { to: string[]; cc: string[] } {
  switch (visibility) {
    case "public":
      return { to: [PUBLIC], cc: [followersOf(me), ...people] };
    case "quiet":
      return { to: [followersOf(me)], cc: [PUBLIC, ...people] };
    case "followers":
      return { to: [followersOf(me)], cc: [...people] };
    case "direct":
      return { to: [...people], cc: [] };
    default:
      return visibility satisfies never;
  }
}

/**
 * Whom an edit of `object` is for besides those whom the post was for: the people whom it names now. Groups take posts
 * when they are posted.
 */
export async function audienceOfEdit(
  look: Look,
  object: Entity,
  people: readonly string[],
): Promise<AsObject> {
  const known = new Set(audienceOf(object.document ?? {}));
  const found = await look.findMany(people.filter((iri) => !known.has(iri)));
  const added = [...found.values()].filter((each) => !isGroup(each)).map(({ iri }) => iri);
  return added.length === 0 ? {} : { [object.visibility === "direct" ? "to" : "cc"]: added };
}

export const followersOf = (me: Entity): string =>
  id(me.document ?? {}, "followers") ?? `${me.iri}/followers`;

/** It is for these groups too, which `audience` names (FEP-1b12). */
export function inGroups<T extends { readonly to: readonly string[] }>(
  groups: readonly Entity[],
  given: T,
): T & AsObject {
  if (groups.length === 0) return given as T & AsObject;
  const audience = [...new Set(groups.map(({ iri }) => iri))];
  return { ...given, to: [...new Set([...given.to, ...audience])], audience } as T & AsObject;
}
