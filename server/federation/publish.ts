/** Activities of ours as they go out: with what they carry, in the right context, and with a proof (FEP-8b32). */
import type { Addresses } from "../core/addresses.ts";
import { tombstone } from "../core/apply.ts";
import { withoutHidden } from "../core/audience.ts";
import type { Look } from "../core/behaviour.ts";
import { type Entity, HELD, isOutOfSight } from "../core/entity.ts";
import { type AsObject, audienceOf, id } from "../core/object.ts";
import type { Registry } from "../core/registry.ts";
import { createAnswers } from "../lib/answers.ts";
import { type Now, steady } from "../lib/clock.ts";
import { isJsonObject, type JsonObject, parseJson } from "../lib/json.ts";
import { createProof } from "../signatures/proof.ts";
import { withCapabilities } from "./capabilities.ts";
import { withLists } from "./lists.ts";
import type { WithCounts } from "./polls.ts";
import type { Signing } from "./signing.ts";

/** Activities being delivered now; each of them goes to many hosts with the same bytes. */
const MAX_PUBLISHED = 200;
/**
 * How long it counts that an activity was there a moment ago, in milliseconds: asked for each of a thousand hosts, it is a
 * tenth of the work. Letters that leave within it are on their way; what deletes them follows in their line.
 */
const THERE_FOR_MS = 1_000;

export interface Published {
  readonly actor: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The address of the actor, where its followers are meant. */
  readonly toFollowersOf?: string;
}

interface Kept extends Published {
  /** It says nothing without what it is about (Create, Update). */
  readonly needsSubject: boolean;
  /** When it was last seen to be there. */
  seenMs: number;
}

export interface Publisher {
  /** A thing of ours, with its lists and what was counted. */
  object(entity: Entity, document: AsObject): Promise<AsObject>;
  /** The bytes to deliver, or null where what the activity carries is gone, so that it says nothing any more. */
  activity(key: number): Promise<Published | null>;
  /** The activity as a document, without context or proof. */
  assemble(activity: Entity): Promise<AsObject>;
  /** The same where the row that it is about was read already. */
  assembleWith(activity: Entity, subject: Entity | null): Promise<AsObject>;
  /** What a group passes on, as its outbox lists it: the activity, and the thing that it is about, as they are known. */
  passedOn(announce: Entity, activity: Entity, thing: Entity): Promise<AsObject>;
  /** A document as it goes out in the name of this actor here: in its context and with a proof, as text. */
  seal(actor: number, document: AsObject): Promise<string>;
}

export function createPublisher(deps: {
  addresses: Addresses;
  look: Look;
  registry: Registry;
  withCounts: WithCounts;
  signing: Signing;
  now: Now;
  /** The text of an activity from elsewhere as it came, while a group here passes it on. */
  passedOn: (activity: number) => Promise<string | null>;
  deletions: (activity: number) => Promise<{ activity: number | null; subject: number | null } | null>;
  publish: (object: AsObject) => JsonObject;
}): Publisher {
  const { look, registry, signing } = deps;
  const passed = steady(deps.now);
  const ready = createAnswers<Kept | null>(MAX_PUBLISHED);

  /** An activity carries its object where the object is ours to show, or is itself an activity that it answers. */
  async function assemble(activity: Entity): Promise<AsObject> {
    return assembleWith(activity, activity.subject === null ? null : await look.byKey(activity.subject));
  }

  async function assembleWith(activity: Entity, subject: Entity | null): Promise<AsObject> {
    const document = activity.document ?? { id: activity.iri };
    if (subject === null || typeof document.object === "object") return withoutHidden(document);
    return withoutHidden({ ...document, object: await carried(activity, subject) });
  }

  async function carried(activity: Entity, subject: Entity): Promise<AsObject | string> {
    const type = activity.type ?? "";
    if (registry.isA(type, "Delete")) return subject.kind === "actor" ? subject.iri : tombstone(subject);
    if (subject.deletedMs !== null && subject.kind !== "activity") return subject.iri;
    if (subject.kind === "activity") {
      const undone = subject.deletedMs === null ? subject.document : null;
      return undone ? withoutHidden(undone) : skeleton(subject);
    }
    const isCarried = registry.isA(type, "Create") || registry.isA(type, "Update");
    if (!isCarried || !subject.isLocal || !subject.document) return subject.iri;
    return object(subject, subject.document);
  }

  const object = async (entity: Entity, document: AsObject): Promise<AsObject> =>
    entity.kind === "actor"
      ? withCapabilities(withoutHidden(document))
      : withLists(
          deps.addresses,
          entity,
          await deps.withCounts(entity, covered(entity, withoutHidden(document))),
        );

  /** What an undone activity was: peers that never stored it find out what to undo. */
  async function skeleton(undone: Entity): Promise<AsObject> {
    const owner = undone.owner === null ? null : await look.byKey(undone.owner);
    const about = undone.subject === null ? null : await look.byKey(undone.subject);
    return {
      id: undone.iri,
      type: undone.type ?? "Activity",
      ...(owner ? { actor: owner.iri } : {}),
      ...(about ? { object: about.iri } : {}),
    };
  }

  async function make(key: number): Promise<Kept | null> {
    const seenMs = passed();
    const activity = await look.byKey(key);
    if (!activity?.isLocal || activity.document === null || activity.owner === null) return null;
    if (activity.deletedMs !== null) return null;
    // Of somebody who is suspended nothing leaves any more but the farewell.
    const author = await look.byKey(activity.owner);
    if (author && isOutOfSight(author) && !registry.isA(activity.type ?? "", "Delete")) return null;
    const subject = activity.subject === null ? null : await look.byKey(activity.subject);
    const needsSubject = ["Create", "Update"].some((type) => registry.isA(activity.type ?? "", type));
    if (needsSubject && subject?.deletedMs != null) return null;
    const assembled = await assemble(activity);
    const actorIri = id(assembled, "actor") ?? "";
    const passedOn = subject?.kind === "activity" && registry.isA(activity.type ?? "", "Announce");
    const inner = passedOn ? await asItCame(subject) : null;
    // Whoever is gone has no followers to compare.
    const isToFollowers =
      author?.deletedMs === null &&
      audienceOf(assembled).includes(deps.addresses.collection(actorIri, "followers"));
    return {
      actor: activity.owner,
      bytes: new TextEncoder().encode(await seal(activity.owner, assembled, inner)),
      ...(isToFollowers ? { toFollowersOf: actorIri } : {}),
      needsSubject,
      seenMs,
    };
  }

  /** What a group passes on, byte for byte as far as its proof goes; null where only its address is known. */
  async function asItCame(activity: Entity): Promise<JsonObject | null> {
    if (!activity.isLocal) {
      const text = await deps.passedOn(activity.key);
      const parsed = text === null ? null : parseJson(text);
      return isJsonObject(parsed) ? parsed : null;
    }
    if (activity.owner === null || activity.document === null) return null;
    const text = await seal(activity.owner, await assemble(activity));
    return JSON.parse(text) as JsonObject;
  }

  async function seal(actor: number, document: AsObject, inner: JsonObject | null = null): Promise<string> {
    const published = deps.publish(
      inner === null ? document : { ...document, object: id(document, "object") },
    );
    const proven = await createProof(inner === null ? published : { ...published, object: inner }, {
      key: await signing.key(actor, "ed25519"),
      nowMs: deps.now(),
    });
    return JSON.stringify(proven);
  }

  async function passedOn(announce: Entity, activity: Entity, thing: Entity): Promise<AsObject> {
    const about = thing.document ?? { id: thing.iri };
    const inner = {
      ...(activity.document ?? { id: activity.iri }),
      object: thing.isLocal ? await object(thing, about) : about,
    };
    return { ...withoutHidden(announce.document ?? {}), object: withoutHidden(inner) };
  }

  return {
    object,
    passedOn,
    assemble,
    assembleWith,
    seal,
    async activity(key) {
      const kept = await ready.get(String(key), () => make(key));
      const nowMs = passed();
      if (kept === null || nowMs - kept.seenMs < THERE_FOR_MS) return kept;
      // Between two tries it may have been deleted; its bytes must not go out then.
      const deletions = await deps.deletions(key);
      const isDeleted = deletions?.activity !== null || (kept.needsSubject && deletions.subject !== null);
      if (isDeleted) return null;
      kept.seenMs = nowMs;
      return kept;
    },
  };
}

/** Media that the staff put behind a cover are behind one everywhere. */
const covered = ({ held }: Entity, document: AsObject): AsObject =>
  (held & HELD.covered) > 0 && document.attachment !== undefined
    ? { ...document, sensitive: true }
    : document;
