/** What a group elsewhere passes on (FEP-1b12): the activity inside its Announce, as far as it can be believed. */
import type { Addresses } from "../core/addresses.ts";
import type { Look } from "../core/behaviour.ts";
import type { Entity } from "../core/entity.ts";
import { type AsObject, embedded, id, typeOf } from "../core/object.ts";
import type { Registry } from "../core/registry.ts";
import { inherit } from "../jsonld/settle.ts";
import { type Now, steady } from "../lib/clock.ts";
import { HOUR_MS } from "../lib/durations.ts";
import { isJsonObject, type JsonObject, parseJson } from "../lib/json.ts";
import { createLru } from "../lib/lru.ts";
import { Problem } from "../lib/problem.ts";
import { hostOf, sameOrigin } from "../lib/url.ts";
import type { Authenticate } from "./authenticate.ts";
import type { FetchDocument } from "./fetch-key.ts";
import type { Moderators } from "./moderators.ts";

/** What can happen to a thing in a group, and is taken from it. Anything else in an Announce is not looked at. */
const REACTIONS: ReadonlySet<string> = new Set(["Like", "Dislike", "EmojiReact", "ChooseAnswer"]);
const MODERATION: ReadonlySet<string> = new Set(["Lock", "Block", "Add", "Remove"]);

/** A server that does not give out its people's reactions is not asked for them for so long. */
const SILENT_FOR_MS = HOUR_MS;
/** Hosts that gave none: a few kB. */
const MAX_SILENT = 2_000;

export type Unfolded =
  /** Not a group's word about what others did: an activity like any other. */
  | { readonly outcome: "none" }
  | { readonly outcome: "dropped"; readonly reason: string }
  /** It is known now, and nothing else came of it. */
  | { readonly outcome: "done" }
  | {
      readonly outcome: "told";
      readonly activity: AsObject;
      readonly sender: string;
      readonly through: number;
    };

/**
 * `raw` is the text of the Announce. Asks other servers where it must: a job's work.
 * @throws Problem `upstream` where they cannot be asked now.
 */
export type Unfold = (
  announce: AsObject,
  raw: string | null,
  sender: string,
  /** It was found at the group, and not sent: nobody here need follow the group for it. */
  options?: { readonly isFound?: boolean },
) => Promise<Unfolded>;

export function createUnfold(deps: {
  now: Now;
  addresses: Addresses;
  look: Look;
  registry: Registry;
  authenticate: Pick<Authenticate, "document">;
  moderators: Moderators;
  fetchDocument: FetchDocument;
  normalise: (document: AsObject) => Promise<AsObject>;
  /** Why nothing is fetched from this host, or null. */
  refusal: (host: string) => string | null;
}): Unfold {
  const { addresses, look, registry } = deps;
  const now = steady(deps.now);
  const silent = createLru<number>(MAX_SILENT);

  const deedOf = (activity: AsObject): string => registry.actsAs(typeOf(activity));
  const undoneBy = (activity: AsObject): AsObject | null =>
    deedOf(activity) === "Undo" ? embedded(activity, "object") : null;

  async function unfold(
    announce: AsObject,
    raw: string | null,
    sender: string,
    { isFound = false }: { readonly isFound?: boolean } = {},
  ): Promise<Unfolded> {
    if (!registry.isA(typeOf(announce), "Announce")) return { outcome: "none" };
    const carried = embedded(announce, "object");
    if (carried === null || registry.kindOf(carried) !== "activity") return { outcome: "none" };
    const group = await look.fetch(sender);
    if (group?.kind !== "actor" || group.type !== "Group")
      return dropped("only a group passes on what others did");
    if (!isFound && (await look.totalOf(group.key, "followers")) === 0)
      return dropped("nobody here follows the group");
    const inner = inherit(announce, carried);
    const actor = id(inner, "actor");
    if (typeof inner.id !== "string" || actor === null || !sameOrigin(inner.id, actor))
      return dropped("what it passes on has an id of another origin than its actor");
    const told = (activity: AsObject): Unfolded => ({
      outcome: "told",
      activity,
      sender: actor,
      through: group.key,
    });
    if (addresses.isOurs(inner.id)) return told(inner);
    if (!isTakenFromGroups(inner)) return dropped("not a thing that groups pass on");
    if (deedOf(inner) === "Update" && id(inner, "object") === group.iri) {
      await look.refresh(group.iri);
      return { outcome: "done" };
    }
    if (!(await isKnown(inner))) return dropped("what it is about is unknown here");
    const proven = await believed(inner, actor, sender, innerOf(raw));
    if (await isModeration(inner, actor)) {
      const isTheirs = sameOrigin(actor, sender) || (await deps.moderators.includes(group, actor));
      if (!isTheirs) return dropped("it is not by a moderator of the group");
      if (proven === null && !(await isItsOwn(inner, group))) return dropped("it is not about this group");
      return told(proven ?? bare(inner));
    }
    if (proven !== null) return told(proven);
    return asked(inner, actor, group, told);
  }

  /** The activity as it may be taken without asking anybody: from the group's own server, or with its actor's proof. */
  async function believed(
    inner: AsObject,
    actor: string,
    sender: string,
    raw: JsonObject | null,
  ): Promise<AsObject | null> {
    if (sameOrigin(actor, sender)) return inner;
    if (raw === null || raw.proof === undefined) return null;
    const proven = await deps.authenticate.document(raw);
    if (proven?.outcome !== "actor" || proven.actorIri !== actor) return null;
    const activity = await deps.normalise(proven.document as AsObject);
    return activity.id === inner.id ? activity : null;
  }

  function isTakenFromGroups(inner: AsObject): boolean {
    const type = deedOf(inner);
    if (type === "Create" || type === "Update" || type === "Delete") return true;
    if (REACTIONS.has(type) || MODERATION.has(type)) return true;
    const undone = undoneBy(inner);
    return undone !== null && (deedOf(undone) === "Delete" || isTakenFromGroups(undone));
  }

  /** A vote on a post of years ago is no reason to fetch the post. */
  async function isKnown(inner: AsObject): Promise<boolean> {
    const type = deedOf(inner);
    if (type === "Create" || type === "Block" || type === "Add" || type === "Remove") return true;
    const undone = undoneBy(inner);
    if (undone !== null) return isKnown(undone);
    const about = await look.find(id(inner, "object") ?? "");
    return about !== null && about.document !== null;
  }

  /** Whatever its own author may not do alone. */
  async function isModeration(inner: AsObject, actor: string): Promise<boolean> {
    const type = deedOf(inner);
    if (MODERATION.has(type)) return true;
    const undone = undoneBy(inner);
    if (undone !== null) return MODERATION.has(deedOf(undone)) || deedOf(undone) === "Delete";
    return type === "Delete" && !(await isAuthor(id(inner, "object"), actor));
  }

  /** Of what only the group says that its moderator did, nothing counts but what is the group's own business. */
  async function isItsOwn(inner: AsObject, group: Entity): Promise<boolean> {
    const type = deedOf(inner);
    const target = id(inner, "target");
    const { attributedTo, moderators, featured } = group.document ?? {};
    if (type === "Block") return target === group.iri;
    if (type === "Add" || type === "Remove")
      return target !== null && [attributedTo, moderators, featured].includes(target);
    if (type !== "Undo") return true;
    const undone = await look.find(id(inner, "object") ?? "");
    if (undone === null || undone.subject === null) return false;
    for (const list of ["locked", "removed", "banned"])
      if ((await look.causeOf(group.key, list, undone.subject)) === undone.key) return true;
    return false;
  }

  async function isAuthor(object: string | null, actor: string): Promise<boolean> {
    const known = object === null ? null : await look.find(object);
    const owner = known?.owner == null ? null : await look.byKey(known.owner);
    return owner === null ? sameOrigin(object ?? "", actor) : owner.iri === actor;
  }

  /** The origins of thing and activity say whether it is so. */
  async function asked(
    inner: AsObject,
    actor: string,
    group: Entity,
    told: (activity: AsObject) => Unfolded,
  ): Promise<Unfolded> {
    const type = deedOf(inner);
    const object = id(inner, "object");
    if (object === null) return dropped("it names no object");
    if (type === "Create") return created(inner, object, actor, told);
    if (type === "Update") {
      if (!sameOrigin(object, actor) && object !== group.iri) return dropped("only its owner may do that");
      await look.refresh(object);
      return { outcome: "done" };
    }
    if (type === "Delete")
      return (await isGone(object)) ? told(bare(inner)) : dropped("its origin still has what was deleted");
    return reacted(inner, told);
  }

  /** A thing that its own server gives out as this actor's was made by this actor. */
  async function created(
    inner: AsObject,
    object: string,
    actor: string,
    told: (activity: AsObject) => Unfolded,
  ): Promise<Unfolded> {
    if (!sameOrigin(object, actor)) return dropped("what it creates is of another origin than its actor");
    if (deps.refusal(hostOf(object) ?? "") !== null) return dropped("nothing is taken from its server");
    const made = await look.fetch(object);
    if (made?.deletedMs != null) return dropped("what it creates was deleted");
    if (!made?.document) throw new Problem("upstream", `${object} cannot be found.`);
    const { to = null, cc = null, audience = null } = made.document;
    return told({ ...bare(inner), to, cc, audience });
  }

  async function isGone(object: string): Promise<boolean> {
    if (addresses.isOurs(object) || deps.refusal(hostOf(object) ?? "") !== null) return false;
    const { status, document } = await deps.fetchDocument(object);
    return status === 404 || status === 410 || (document !== null && typeOf(document) === "Tombstone");
  }

  /** Many servers show reactions to nobody: whoever does not is asked rarely. */
  async function reacted(inner: AsObject, told: (activity: AsObject) => Unfolded): Promise<Unfolded> {
    const iri = inner.id ?? "";
    const host = hostOf(iri) ?? "";
    const since = silent.get(host);
    if ((since !== undefined && now() - since < SILENT_FOR_MS) || deps.refusal(host) !== null)
      return dropped("its server does not say that it is so");
    const { finalUrl, document } = await deps.fetchDocument(iri);
    if (document === null || document.id !== iri || !sameOrigin(finalUrl, iri)) {
      silent.set(host, now());
      return dropped("its server does not say that it is so");
    }
    return id(document, "actor") === id(inner, "actor")
      ? told(document)
      : dropped("its server says that it was somebody else");
  }

  return unfold;
}

const dropped = (reason: string): Unfolded => ({ outcome: "dropped", reason });

/** What only the group vouches for, without anything that somebody else would have to say. */
function bare(inner: AsObject): AsObject {
  const { id: iri, type, actor, target, summary, published, audience, removeData } = inner;
  const undone = typeOf(inner) === "Undo" ? embedded(inner, "object") : null;
  const object = undone === null ? id(inner, "object") : bare(undone);
  const parts = {
    id: iri,
    type,
    actor: id({ actor }, "actor"),
    object,
    target,
    summary,
    published,
    audience,
    removeData,
  };
  return Object.fromEntries(Object.entries(parts).filter(([, value]) => value != null)) as AsObject;
}

function innerOf(raw: string | null): JsonObject | null {
  const announce = raw === null ? null : parseJson(raw);
  return isJsonObject(announce) && isJsonObject(announce.object) ? announce.object : null;
}
