/** All other servers at once, as far as their documents tell: each thing is at its address, and so is whoever made it. */
import { isJsonObject, type Json, type JsonObject } from "../lib/json.ts";
import { originOf, sameOrigin } from "../lib/url.ts";

const PUBLIC = "https://www.w3.org/ns/activitystreams#Public";

/** What is done to actors, not to things. */
const TO_ACTORS = new Set(["Follow", "Block", "Join", "Leave", "Invite"]);
/** Fewer properties make a reference to a thing, not the thing. */
const MIN_PROPERTIES = 4;

/**
 * What stands at an address: found in `documents` (the first that has it wins) or inside one of them; where it is only
 * named, somebody or something simple; null for everything else.
 */
export function originsOf(documents: readonly JsonObject[]): (iri: string) => JsonObject | null {
  const found = new Map<string, JsonObject>();
  const actors = new Set<string>();
  const makers = new Map<string, string>();
  // What is asked about is served as it is, gone or by whomever.
  const [first] = documents;
  if (typeof first?.id === "string") found.set(first.id, first);
  for (const document of documents) read(document, document["@context"]);

  function read(value: Json | undefined, context: Json | undefined): void {
    if (Array.isArray(value)) for (const item of value as readonly Json[]) read(item, context);
    if (!isJsonObject(value)) return;
    const { id, type } = value;
    if (typeof id === "string" && isWhole(value) && !found.has(id))
      found.set(id, context === undefined ? value : { "@context": context, ...value });
    if (value.inbox === undefined) {
      for (const maker of [value.actor, value.attributedTo].flat()) noteActor(maker);
      const doer = idOf([value.actor].flat()[0]);
      for (const object of value.actor === undefined ? [] : [value.object].flat()) {
        if (TO_ACTORS.has(String(type))) noteActor(object);
        else if (isHttp(idOf(object))) noteThing(idOf(object), doer);
      }
    }
    for (const part of [value.actor, value.attributedTo, value.object])
      read(part, value["@context"] ?? context);
  }

  function noteActor(value: Json | undefined): void {
    const iri = idOf(value);
    if (isHttp(iri)) actors.add(iri);
  }

  /** Something of the one who does something to it, where it is at the same server. */
  function noteThing(iri: string, doer: string): void {
    const maker = sameOrigin(iri, doer) ? doer : `${originOf(iri)}/users/somebody`;
    actors.add(maker);
    if (!makers.has(iri)) makers.set(iri, maker);
  }

  return (iri) => {
    const maker = makers.get(iri);
    return (
      found.get(iri) ??
      (actors.has(iri) ? somebody(iri) : null) ??
      (maker === undefined ? null : something(iri, maker))
    );
  };
}

/** More than a reference, still there, and by somebody of its own server: else its server would not be believed. */
const isWhole = (value: JsonObject): boolean =>
  Object.keys(value).length >= MIN_PROPERTIES &&
  value.type !== "Tombstone" &&
  [value.attributedTo].flat().every((author) => author == null || sameOrigin(idOf(author), value.id));

const idOf = (value: Json | undefined): string => {
  const iri = isJsonObject(value) ? value.id : value;
  return typeof iri === "string" ? iri : "";
};

const isHttp = (iri: string): boolean => originOf(iri) !== null;

const somebody = (id: string): JsonObject => ({
  id,
  type: "Person",
  preferredUsername: id.split(/[/@#]/).findLast((part) => part !== "") ?? "somebody",
  inbox: `${id}/inbox`,
  followers: `${id}/followers`,
});

const something = (id: string, attributedTo: string): JsonObject => ({
  id,
  type: "Note",
  attributedTo,
  content: "Something simple",
  to: PUBLIC,
});

/** Where documents stand that came without an address: of ActivityStreams' examples, and of converters. */
const HOME = "https://home.test";
export const SOMEBODY = `${HOME}/users/somebody`;

/** The document as if somebody had published it at their server under this name: with an address, an author, a public. */
export function published(name: string, document: JsonObject): JsonObject {
  const id = `${HOME}/${name}`;
  const { object } = document;
  if (document.actor !== undefined || object !== undefined) {
    const inner = isJsonObject(object) ? published(`${name}/object`, object) : object;
    return { ...document, id, actor: SOMEBODY, ...(inner === undefined ? {} : { object: inner }) };
  }
  if (ACTORS.has(String(document.type))) return { ...document, id, inbox: `${id}/inbox` };
  return { to: PUBLIC, ...document, id, attributedTo: SOMEBODY };
}

const ACTORS = new Set(["Application", "Group", "Organization", "Person", "Service"]);
