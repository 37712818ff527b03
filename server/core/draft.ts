/** From what somebody here wants to do to a complete activity: ids, author, times, audience (AP §6). */
import { inherit } from "../jsonld/settle.ts";
import { toIso } from "../lib/clock.ts";
import { isJsonObject, type Json, withWholeTexts } from "../lib/json.ts";
import { Problem } from "../lib/problem.ts";
import { requireActorChanges } from "./actor-changes.ts";
import type { Addresses } from "./addresses.ts";
import { shareAudience } from "./audience.ts";
import type { Look } from "./behaviour.ts";
import type { Entity, Kind } from "./entity.ts";
import {
  type AsObject,
  AUDIENCE_PROPERTIES,
  audienceOf,
  DEED_PROPERTIES,
  embedded,
  embeddedAll,
  id,
  ids,
  PUBLIC,
  text,
  typeNotMade,
  typeOf,
  values,
} from "./object.ts";
import { answered } from "./prepare.ts";
import type { Registry } from "./registry.ts";
import { inheritedContext } from "./thread.ts";

/** Properties that this server gives out; a client's own are dropped. */
const GIVEN_BY_US: readonly string[] = [
  "id",
  "actor",
  "attributedTo",
  "published",
  "updated",
  "likes",
  "shares",
  "replies",
  "inbox",
  "outbox",
  "followers",
  "following",
  "liked",
  "publicKey",
  "assertionMethod",
  "proof",
  "signature",
  "_misskey_content",
];

/** What else belongs to an actor's address and name, which are given once. */
const GIVEN_TO_ACTORS: readonly string[] = [
  ...GIVEN_BY_US,
  "preferredUsername",
  "webfinger",
  "url",
  "endpoints",
  "featured",
  "featuredTags",
  "streams",
];

/** What is in a collection is said by Add and Remove, and counted. */
const GIVEN_TO_COLLECTIONS: readonly string[] = [
  ...GIVEN_BY_US,
  "items",
  "orderedItems",
  "totalItems",
  "first",
  "last",
  "current",
];

const GIVEN: Readonly<Record<Kind, readonly string[]>> = {
  actor: GIVEN_TO_ACTORS,
  activity: [...GIVEN_BY_US, ...DEED_PROPERTIES],
  object: GIVEN_BY_US,
  collection: GIVEN_TO_COLLECTIONS,
};

/** What others decide about a thing: whoever reads it need not look again for what its author has changed. */
const NO_EDIT: readonly string[] = ["quoteAuthorization"];

const TEXTS = ["name", "summary", "content"] as const;

export interface DraftDeps {
  readonly addresses: Addresses;
  readonly registry: Registry;
  readonly look: Look;
  readonly newKey: () => number;
  readonly nowMs: number;
  /** Makes HTML safe; applied to what people here publish, so that nothing else ever leaves. */
  readonly clean: (html: string) => string;
  /** AS2 `Emoji` tags for the `:shortcodes:` of this server in what somebody here publishes. */
  readonly emoji?: (texts: readonly string[]) => readonly AsObject[];
}

export interface Drafted {
  readonly key: number;
  readonly activity: AsObject;
  /** Key of the object that a Create makes. */
  readonly objectKey: number | null;
  /** What an Update changes, as it was when the changes were put into it; else null. */
  readonly base: Entity | null;
}

/**
 * A bare object is wrapped in a Create (AP §6.2.1). @throws Problem `invalid` or `forbidden` with a sentence
 * where the draft cannot become an activity of this actor.
 */
export async function completeDraft(deps: DraftDeps, actor: Entity, given: AsObject): Promise<Drafted> {
  // A broken text cannot be signed (RFC 8785 §3.2.2.2), and would hold back whatever its author writes after it.
  const draft = withWholeTexts(given);
  const claimed = id(draft, "actor");
  if (claimed !== null && claimed !== actor.iri) {
    throw new Problem("forbidden", "The activity names another actor than the one who is signed in.", {
      field: "actor",
    });
  }
  const wrapped = deps.registry.kindOf(draft) === "activity" ? deps.registry.knownFirst(draft) : wrap(draft);
  const key = deps.newKey();
  const base: AsObject = {
    ...withoutNulls(without(wrapped, GIVEN_BY_US)),
    id: deps.addresses.activity(key),
    actor: actor.iri,
    published: toIso(deps.nowMs),
  };
  const type = typeOf(base);
  if (deps.registry.isA(type, "Create")) return await completeCreate(deps, actor, key, base);
  if (deps.registry.isA(type, "Update"))
    return { key, objectKey: null, ...(await completeUpdate(deps, actor, base)) };
  const named = await withAnswered(deps, actor, base);
  const activity = withEmoji(deps, await withDefaultAudience(deps, actor, named));
  return { key, objectKey: null, base: null, activity };
}

/**
 * What an Undo, Accept or Reject tells of by what it says instead of by its address has one, which others know it by,
 * and by which it is known whom it concerns.
 */
async function withAnswered(
  { look, registry }: DraftDeps,
  actor: Entity,
  activity: AsObject,
): Promise<AsObject> {
  const told = embedded(activity, "object");
  if (told === null) return activity;
  const iri = id(activity, "object");
  if (iri !== null && (await look.find(iri)) !== null) return activity;
  const meant = await answered(look, registry, actor, told);
  return meant === null ? activity : { ...activity, object: meant.iri };
}

function wrap(object: AsObject): AsObject {
  const audience = Object.fromEntries(
    AUDIENCE_PROPERTIES.flatMap((property) =>
      object[property] === undefined ? [] : [[property, object[property]]],
    ),
  );
  return { type: "Create", ...audience, object };
}

async function completeCreate(
  deps: DraftDeps,
  actor: Entity,
  key: number,
  activity: AsObject,
): Promise<Drafted> {
  const given = embedded(activity, "object");
  if (given === null) {
    throw new Problem("invalid", "A Create carries the object to create, not only its address.", {
      field: "object",
    });
  }
  const kind = deps.registry.kindOf(given);
  const notMade = typeNotMade(given, deps.registry.kindOf);
  if (notMade !== null)
    throw new Problem("invalid", `A Create cannot make a ${notMade}.`, { field: "object" });
  if (kind === "collection") requireNoItems(given);
  const objectKey = deps.newKey();
  const object: Record<string, Json | undefined> = {
    ...cleaned(deps, withoutNulls(without(inherit(activity, given), GIVEN[kind]))),
    type: given.type ?? "Object",
    id: deps.addresses.object(objectKey),
    attributedTo: actor.iri,
    published: activity.published as Json,
  };
  const context = await contextToJoin(deps, object);
  if (context !== null) object.context = context;
  const draft = shareAudience(activity, withEmoji(deps, object));
  const besides = (await addressedBy(deps, actor, { ...draft.activity, object: draft.object })) ?? {};
  const shared = shareAudience(shareAudience(draft.activity, besides).activity, draft.object);
  return { key, objectKey, base: null, activity: { ...shared.activity, object: shared.object } };
}

function requireNoItems(given: AsObject): void {
  const field = ["items", "orderedItems"].find((property) => values(given, property).length > 0);
  if (field === undefined) return;
  const detail = "A collection begins empty: put things into it by Add, with its address as the target.";
  throw new Problem("invalid", detail, { field: `object.${field}` });
}

/** The audience that a vocabulary knows of. */
async function addressedBy(deps: DraftDeps, actor: Entity, activity: AsObject): Promise<AsObject | null> {
  const deed = deps.registry.actsAs(typeOf(activity));
  for (const { addressed } of deps.registry.extensions) {
    const audience = (await addressed?.(deps.look, actor, activity, deed)) ?? null;
    if (audience !== null) return audience;
  }
  return null;
}

/** An answer is in the conversation of what it answers, unless its author names another; a vote is in none. */
async function contextToJoin(deps: DraftDeps, object: AsObject): Promise<string | null> {
  const iri = id(object, "inReplyTo");
  const isVote = object.name !== undefined && object.content === undefined;
  if (iri === null || isVote || object.context !== undefined) return null;
  const parent = await deps.look.find(iri);
  return parent && inheritedContext(deps.addresses, parent);
}

/** Fields that are given replace those stored, `null` removes one (AP §6.3); whom it is for besides may read it too. */
async function completeUpdate(
  deps: DraftDeps,
  actor: Entity,
  activity: AsObject,
): Promise<Pick<Drafted, "activity" | "base">> {
  const given = embedded(activity, "object");
  if (given === null || typeof given.id !== "string") {
    throw new Problem("invalid", "An Update carries the object with its id and the properties to change.", {
      field: "object",
    });
  }
  // The very row that the draft may have been made of.
  const stored = given.id === actor.iri ? actor : await deps.look.find(given.id);
  if (!stored?.document || !(await deps.look.maySee(actor.key, stored.key))) {
    throw new Problem("not-found", "The object to update is not here.", { field: "object" });
  }
  if (stored.kind === "collection") requireNoItems(given);
  const givenByUs = GIVEN[stored.kind ?? "object"];
  const fixed = [...givenByUs, ...(becomes(stored, given) ? [] : ["type"]), ...AUDIENCE_PROPERTIES];
  const changes = {
    ...cleaned(deps, without(inherit(activity, given), fixed)),
    ...(await widened(deps, stored, [activity, given])),
  };
  if (stored.kind === "actor") requireActorChanges(changes);
  // Nothing to change: it is only told again, with what was counted since.
  const properties = Object.keys(changes).filter((property) => property !== "@context");
  const isEdit = properties.some((property) => !NO_EDIT.includes(property));
  const merged =
    properties.length > 0
      ? changed(stored.document, { ...changes, ...(isEdit ? { updated: toIso(deps.nowMs) } : {}) })
      : stored.document;
  const audience = Object.fromEntries(
    AUDIENCE_PROPERTIES.map((property) => [
      property,
      [...new Set([...ids(activity, property), ...ids(merged, property)])],
    ]).filter(([, list]) => list?.length),
  );
  const reach = stored.kind === "actor" ? toAllWhoFollow(stored) : {};
  const complete = { ...activity, ...reach, ...audience, object: withEmoji(deps, merged) };
  return { activity: complete, base: stored };
}

/**
 * `to` and `cc` of a thing with the people whom an Update names besides. Only people: for everybody, or for all who
 * follow, it is as it was when it was posted.
 */
async function widened(
  { look }: DraftDeps,
  { kind, document }: Entity,
  given: readonly AsObject[],
): Promise<Record<string, Json>> {
  if (kind !== "object" || document === null) return {};
  const named = new Set(audienceOf(document));
  const added = (property: string) =>
    new Set(given.flatMap((each) => ids(each, property)).filter((iri) => !named.has(iri)));
  const [to, cc] = [added("to"), added("cc")];
  if (to.size + cc.size === 0) return {};
  const known = await look.findMany([...to, ...cc]);
  const people = (property: string, iris: ReadonlySet<string>): Record<string, Json> => {
    const actors = [...iris].filter((iri) => known.get(iri)?.kind === "actor");
    return actors.length === 0 ? {} : { [property]: [...ids(document, property), ...actors] };
  };
  return { ...people("to", to), ...people("cc", cc) };
}

/** What an actor is, or that it is no more, is for everybody. */
const toAllWhoFollow = ({ iri }: Entity): AsObject => ({ to: [PUBLIC], cc: [`${iri}/followers`] });

/** Each picture that stands in its texts is named once, ours as we name them; what names another already stays. */
function withEmoji({ emoji }: DraftDeps, object: AsObject): AsObject {
  const found = emoji?.(shortTextsOf(object)) ?? [];
  if (found.length === 0) return object;
  const ours = new Set(found.map(pictureOf));
  const kept = values(object, "tag").filter((tag) => !isJsonObject(tag) || !ours.has(pictureOf(tag)));
  const known = new Set(embeddedAll({ tag: kept }, "tag").map(({ name }) => name));
  return { ...object, tag: [...kept, ...found.filter(({ name }) => !known.has(name))] };
}

/** The name of an emoji and the address of its picture; of any other tag something that no emoji has. */
const pictureOf = (tag: AsObject): string => `${text(tag, "name")} ${id(embedded(tag, "icon") ?? {}, "url")}`;

/** Where readers look for them: texts, choices of a poll, lines of a profile. */
function shortTextsOf(object: AsObject): readonly string[] {
  const parts = [
    object,
    ...["oneOf", "anyOf", "attachment"].flatMap((property) => embeddedAll(object, property)),
  ];
  return parts.flatMap((part) =>
    [...TEXTS, "value"].flatMap((property) => {
      const map = part[`${property}Map`];
      const several = isJsonObject(map) ? Object.values(map) : [];
      return [part[property], ...several].filter((text): text is string => typeof text === "string");
    }),
  );
}

/** Whoever writes by program says so by the type, and may say otherwise later. */
const PEOPLE: ReadonlySet<string> = new Set(["Person", "Service"]);

const becomes = ({ kind, type }: Entity, given: AsObject): boolean =>
  kind === "actor" && PEOPLE.has(type ?? "") && given.type !== undefined && PEOPLE.has(typeOf(given));

/** A text and its map from languages are one property (AS2 §4.7): whoever gives one of them means both. */
function changed(stored: AsObject, changes: AsObject): AsObject {
  const replaced = TEXTS.flatMap((text) =>
    text in changes || `${text}Map` in changes ? [text, `${text}Map`] : [],
  );
  return inherit(stored, withoutNulls({ ...without(stored, replaced), ...changes }));
}

/**
 * An activity addressed to nobody would reach nobody, which nobody means: it goes to whom it concerns.
 * Undo, Accept and Reject go where what they answer went; anything else to the owner of its object.
 */
async function withDefaultAudience(deps: DraftDeps, actor: Entity, activity: AsObject): Promise<AsObject> {
  const reach = deps.registry.type(deps.registry.knownType(activity))?.reach;
  // A Block with a target keeps somebody out of a group, which concerns the group.
  const isForNobody = reach === "nobody" && activity.target === undefined;
  if (isForNobody) return without(activity, AUDIENCE_PROPERTIES);
  if (AUDIENCE_PROPERTIES.some((property) => ids(activity, property).length > 0)) return activity;
  const addressed = await addressedBy(deps, actor, activity);
  if (addressed !== null) return { ...activity, ...addressed };
  if (reach === "named") return activity;
  const objectIri = id(activity, "object");
  if (objectIri === null) return activity;
  // Whose it is may have to be asked: sent to the address of a thing, a letter would reach nobody.
  const object = await deps.look.fetch(objectIri);
  // Whoever moves means those who follow, not oneself (FEP-7628).
  if (deps.registry.isA(typeOf(activity), "Move")) return { ...activity, to: [`${actor.iri}/followers`] };
  if (object?.key === actor.key && deps.registry.isA(typeOf(activity), "Delete"))
    return { ...activity, ...toAllWhoFollow(actor) };
  if (object === null || object.kind === "actor") {
    return deps.addresses.isOurs(objectIri) && object === null ? activity : { ...activity, to: [objectIri] };
  }
  if (object.owner === actor.key && object.document) {
    const { to, cc, audience } = object.document;
    return { ...activity, ...(to ? { to } : {}), ...(cc ? { cc } : {}), ...(audience ? { audience } : {}) };
  }
  const owner = object.owner === null ? null : await deps.look.byKey(object.owner);
  return owner === null ? activity : { ...activity, to: [owner.iri] };
}

function cleaned(deps: DraftDeps, object: AsObject): AsObject {
  const clean = (value: Json | undefined): Json | undefined =>
    typeof value === "string"
      ? deps.clean(value)
      : value !== null && typeof value === "object" && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).map(([language, text]) => [language, clean(text) ?? null]))
        : value;
  const result: Record<string, Json | undefined> = { ...object };
  for (const property of ["content", "contentMap"]) {
    if (object[property] !== undefined) result[property] = clean(object[property]);
  }
  return result;
}

const withoutNulls = (object: AsObject): AsObject =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== null));

const without = (object: AsObject, properties: readonly string[]): AsObject =>
  Object.fromEntries(Object.entries(object).filter(([name]) => !properties.includes(name)));
