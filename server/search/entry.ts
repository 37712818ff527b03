/** From a row to the words of its entry in the index, or to none. */
import { LOCAL_HOST } from "../core/entity.ts";
import { type AsObject, embeddedAll, id, text, types } from "../core/object.ts";
import type { Registry } from "../core/registry.ts";
import { contentOf, sayingOf } from "./content.ts";
import * as marks from "./marks.ts";
import { wordsOf } from "./words.ts";

/** Of one entry: a long article. What lies beyond is not found. */
const MAX_WORDS = 5_000;
/** People here who find a thing although its author did not agree: more than did something with all but the best known. */
const MAX_PEOPLE = 1_000;
/** Lines of a profile, and characters of each. */
const MAX_FIELDS = 20;
const MAX_FIELD = 2_000;

/** What of a thing's row decides on its entry. */
export interface Thing {
  readonly kind: "object" | "collection";
  readonly type: string | null;
  readonly host: number;
  readonly owner: number | null;
  /** 0 is for everybody. */
  readonly visibility: number;
  readonly document: AsObject;
}

/** What surrounds it. */
export interface Around {
  /** Its author agrees that everybody finds it. */
  readonly isAgreed: boolean;
  /** People here whom it concerns, whoever may find it else. */
  readonly people: ReadonlySet<number>;
  readonly groups: readonly { readonly group: number; readonly isLocal: boolean }[];
  /** Keys of actors by their addresses, as far as they are known here. */
  readonly actors: ReadonlyMap<string, number>;
}

/** Null where nobody could find it: then nothing of it is kept. */
export function thingEntry(registry: Registry, thing: Thing, around: Around): readonly string[] | null {
  const { document, host, owner, visibility, kind } = thing;
  const isLocal = host === LOCAL_HOST;
  const isOpen = visibility === 0 && (isLocal || around.isAgreed);
  if (!isOpen && kind === "collection") return null;
  const isKept = isOpen || isLocal || around.people.size > 0 || around.groups.some((each) => each.isLocal);
  if (!isKept) return null;
  const type = thing.type ?? registry.knownType(document);
  const content = contentOf(document, registry.display(type));
  if (content.isVote) return null;
  const title = wordsOf(content.title);
  const said = content.texts.flatMap(wordsOf);
  // What says and shows nothing is a thing of the machinery.
  if (title.length === 0 && said.length === 0 && content.has.length === 0) return null;
  const people = [...around.people].filter((person) => person !== owner).slice(0, MAX_PEOPLE);
  const words = [
    ...title.map(marks.titleWord),
    ...(isOpen ? [marks.OPEN] : []),
    ...(owner === null ? [] : [marks.byAuthor(owner)]),
    ...people.map(marks.forPerson),
    ...around.groups.map(({ group }) => marks.inGroup(group)),
    ...content.mentions.flatMap((iri) => {
      const actor = around.actors.get(iri);
      return actor === undefined ? [] : [marks.naming(actor)];
    }),
    ...content.languages.flatMap((tag) => marks.inLanguage(tag) ?? []),
    ...content.has.map(marks.having),
    ...(content.isReply ? [marks.being("reply")] : []),
    ...(content.isQuote ? [marks.being("quote")] : []),
    ...(content.isSensitive ? [marks.being("sensitive")] : []),
    ...(isLocal ? [marks.being("local")] : []),
    ...(type === "Note" ? [] : registry.ancestry(type).flatMap((each) => marks.ofType(each) ?? [])),
    ...content.hashtags.flatMap((tag) => marks.tagged(tag) ?? []),
  ];
  return [...new Set(words), ...title, ...said].slice(0, MAX_WORDS);
}

/** Null for whoever does not want to be come across, and for what only stands for a server. */
export function actorEntry(
  document: AsObject,
  type: string | null,
  handle: string | null,
): readonly string[] | null {
  if (document.discoverable === false || type === "Application") return null;
  const user = handle?.split("@")[0] ?? text(document, "preferredUsername") ?? "";
  const names = [...wordsOf(text(document, "name") ?? ""), ...wordsOf(user)].map(marks.nameWord);
  const fields = embeddedAll(document, "attachment")
    .filter((field) => types(field).includes("PropertyValue"))
    .slice(0, MAX_FIELDS)
    .flatMap((field) => [text(field, "name") ?? "", text(field, "value") ?? ""]);
  const said = [text(document, "summary") ?? "", ...fields].map((html) => sayingOf(html.slice(0, MAX_FIELD)));
  return [...names, marks.ACTOR, ...(type === "Group" ? [marks.GROUP] : []), ...said.flatMap(wordsOf)].slice(
    0,
    MAX_WORDS,
  );
}

/** What it answers. */
export const parentOf = (document: AsObject): string | null => id(document, "inReplyTo");
