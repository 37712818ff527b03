/** Create, Update, Delete and Undo: how objects come, change and go. */
import { mayChange } from "../../core/access.ts";
import { visibilityOf } from "../../core/audience.ts";
import type { Behaviour, Scene } from "../../core/behaviour.ts";
import { CONFIDED, confidedAnew, confidedEffects } from "../../core/confided.ts";
import type { Effect } from "../../core/effects.ts";
import type { Entity } from "../../core/entity.ts";
import {
  type AsObject,
  audienceOf,
  DEED_PROPERTIES,
  id,
  ids,
  typeNotMade,
  typeOf,
  types,
} from "../../core/object.ts";
import { isInGroup } from "../../core/prepare.ts";
import { dropTalksEndedBy } from "../../core/store-talks.ts";
import { type Earlier, earlierOf, MAX_VERSIONS } from "../../core/versions.ts";
import { answerEffects, reopenedEffects } from "../../core/whispers.ts";
import { fromIso, fromPastIso } from "../../lib/clock.ts";
import { fileNamesIn } from "../../lib/file-names.ts";
import { hostOf, sameOrigin } from "../../lib/url.ts";
import { ownGround, removalEffects } from "../groups/removal.ts";
import { movesByHand } from "./move.ts";
import { endEffects, hasOtherChoices, isVote, voteEffects, voteRefusal } from "./question.ts";
import { editEffects, mentionEffects, mentionedIn, talkEffects, watchedEffects } from "./tell.ts";

export const create: Behaviour = {
  type: "Create",
  async refuse(scene) {
    if (scene.object?.deletedMs != null) return "what it creates was deleted";
    if (scene.isOurs && id(scene.actor.document ?? {}, "movedTo") !== null)
      return "this account has moved, and can only be read until the move is taken back";
    const object = scene.embedded ?? scene.object?.document ?? null;
    if (object === null) return "what it creates cannot be found";
    if (types(object).includes("Tombstone")) return "what it creates was deleted";
    if (!isBy(object, scene.actor.iri)) return "it creates in the name of somebody else";
    const notMade = typeNotMade(object, scene.kindOf);
    if (notMade !== null) return `a Create cannot make a ${notMade}`;
    if (scene.object && (await scene.look.activityAbout("Create", scene.actor.key, scene.object.key)))
      return "that was done already";
    return mayAnswer(scene, object);
  },
  async also(scene) {
    const object = scene.embedded ?? (scene.object?.document as AsObject);
    const effects: Effect[] = [];
    const isNew = !scene.object?.document && scene.object?.deletedMs == null;
    const key = scene.object?.key ?? keyOfNew(scene, object);
    const visibility = visibilityOf(withAudience(object, scene.activity), followersOf(scene));
    if (isNew) {
      effects.push({
        effect: "put",
        key,
        iri: object.id ?? "",
        kind: scene.kindOf(object) === "collection" ? "collection" : "object",
        document: object,
        owner: scene.actor.key,
        ownerIri: scene.actor.iri,
        visibility,
        fetchedMs: scene.isOurs ? null : scene.nowMs,
      });
    }
    const parentIri = id(object, "inReplyTo");
    const parent = parentIri === null ? null : await scene.look.find(parentIri);
    if (await isVote(scene, object, parent)) return [...effects, ...voteEffects(scene, object, parent)];
    if (scene.isOurs && typeOf(object) === "Question") effects.push(...endEffects(object, key, true));

    effects.push(
      { effect: "add", owner: scene.actor.key, name: "posts", item: scene.key, cause: null },
      ...confidedEffects(scene.actor.key, scene.key, visibility),
    );
    const told = new Set<number>([scene.actor.key]);
    if (parentIri !== null && parent?.deletedMs == null) {
      const answer = { key, visibility, cause: scene.key };
      effects.push(...answerEffects(parent?.key ?? { iri: parentIri }, parent, answer));
      if (!parent?.document && !scene.isOurs) {
        const lane = hostOf(parentIri) ?? "";
        effects.push({
          effect: "enqueue",
          kind: "climb",
          lane,
          payload: { object: key },
          once: `climb ${key}`,
        });
      }
      const author = parent?.owner ? await scene.look.byKey(parent.owner) : null;
      if (author?.isLocal && !told.has(author.key)) {
        told.add(author.key);
        effects.push({ effect: "notice", to: author.key, kind: "reply" });
      }
    }
    effects.push(
      ...(await mentionEffects(scene, object, told)),
      ...(await watchedEffects(scene, object, told)),
      ...(visibility === "direct" ? await talkEffects(scene, object, key, parent) : []),
    );
    return withoutBlocked(scene, effects);
  },
};

/**
 * The actor is among its authors (a film is by a person and a channel), or named as its maker where a group is the
 * author (Mobilizon). That all of them live on one server was seen before.
 */
function isBy(object: AsObject, actor: string): boolean {
  const authors = ids(object, "attributedTo");
  return authors.length === 0 || authors.includes(actor) || ids(object, "actor").includes(actor);
}

/** Peers that do not say in the thing itself whom it is for say so in the activity that carries it (Discourse). */
function withAudience(object: AsObject, activity: AsObject): AsObject {
  if (ids(object, "to").length > 0 || ids(object, "cc").length > 0) return object;
  const { to = null, cc = null } = activity;
  return { ...object, to, cc };
}

/**
 * Whoever may not see a post of ours cannot answer it, nor vote in any poll, by guessing its address. Said of what is
 * not there at all too, so that nobody can tell the two apart.
 */
async function mayAnswer(scene: Scene, object: AsObject): Promise<string | null> {
  const iri = id(object, "inReplyTo");
  if (iri === null) return null;
  const parent = await scene.look.find(iri);
  const isMissing = scene.isOurs && sameOrigin(iri, scene.actor.iri);
  if (!parent?.document) return isMissing ? "what it answers cannot be found" : null;
  const votes = await isVote(scene, object, parent);
  if (!parent.isLocal && !votes) return null;
  const isTheirs = await isInGroup(scene.through, parent.key, scene.look);
  if (!isTheirs && !(await scene.look.maySee(scene.actor.key, parent.key)))
    return "what it answers cannot be found";
  return votes ? voteRefusal(scene, object, parent) : null;
}

export const update: Behaviour = {
  type: "Update",
  async refuse(scene) {
    if (scene.object?.deletedMs != null) return "what it updates is gone";
    if (!scene.object?.document) {
      const isNews = scene.embedded !== null && (await isForSomebodyNew(scene, scene.embedded));
      return isNews ? mayAnswer(scene, scene.embedded) : "what it updates is unknown here";
    }
    if (!mayChange(scene.actor, scene.object)) return "only its owner may do that";
    if (movesByHand(scene)) return "an account is moved by a Move";
    if (scene.embedded !== null && scene.kindOf(scene.embedded) !== scene.object.kind) {
      return "nothing becomes another kind of thing by an Update";
    }
    if (
      scene.isOurs &&
      scene.object.type === "Question" &&
      scene.embedded !== null &&
      hasOtherChoices(scene.object.document, scene.embedded)
    ) {
      return "the choices of a poll cannot be changed, because votes were given to them";
    }
    const newer = scene.embedded ? fromPastIso(scene.embedded.updated, scene.nowMs) : null;
    if (
      !scene.isOurs &&
      newer !== null &&
      scene.object.updatedMs !== null &&
      newer < scene.object.updatedMs
    ) {
      return "a newer version is here already";
    }
    return null;
  },
  async also(scene) {
    const { object, embedded } = scene;
    if (embedded !== null && !object?.document) return firstSeen(scene, embedded);
    if (object === null || embedded === null) {
      return object === null
        ? []
        : [{ effect: "enqueue", kind: "fetch", payload: { iri: object.iri, again: true } }];
    }
    if (object.kind === "actor" && !scene.isOurs) {
      return [{ effect: "enqueue", kind: "fetch", payload: { iri: object.iri, again: true } }];
    }
    const isOurPoll = scene.isOurs && object.type === "Question";
    const earlier = earlierOf(object, embedded);
    return [
      ...(isOurPoll ? endEffects(embedded, object.key, true) : []),
      {
        effect: "change",
        key: object.key,
        document: object.kind === "activity" ? withItsDeed(object, embedded) : embedded,
        hasSubject: object.subject !== null,
        ...(object.kind === "actor"
          ? {}
          : { visibility: visibilityOf(withAudience(embedded, scene.activity), followersOf(scene)) }),
        updatedMs: fromPastIso(embedded.updated, scene.nowMs) ?? scene.nowMs,
        earlier,
        asRead: object,
        ...(scene.isOurs ? {} : { fetchedMs: scene.nowMs }),
      },
      ...(object.kind === "object" ? await retold(scene, object, embedded, earlier !== null) : []),
      ...(await filesLetGo(scene, object, { document: embedded, earlier })),
    ];
  },
};

/** Nobody changes afterwards what they did, or consent to one thing would be consent to another. */
const withItsDeed = ({ document }: Entity, changed: AsObject): AsObject => {
  const rest = Object.entries(changed).filter(([name]) => !DEED_PROPERTIES.some((each) => each === name));
  const deed = DEED_PROPERTIES.flatMap((name) =>
    document?.[name] === undefined ? [] : [[name, document[name]]],
  );
  return Object.fromEntries([...rest, ...deed]);
};

/** Whoever is named by the new version alone is told as by a new post; those who shared or quote it, that it was edited. */
async function retold(scene: Scene, object: Entity, after: AsObject, isEdit: boolean): Promise<Effect[]> {
  const before = object.document ?? {};
  const known = [scene.actor.key, ...(await peopleIn(scene, before))];
  const named = await mentionEffects(scene, after, new Set(known));
  const edited = isEdit ? await editEffects(scene, object, named) : [];
  const visibility = visibilityOf(withAudience(after, scene.activity), followersOf(scene));
  const parent = await scene.look.find(id(after, "inReplyTo") ?? "");
  const reopened = await reopenedEffects(scene.look, parent, object, visibility);
  const talk = visibility === "direct" ? await talkEffects(scene, after, object.key, parent, known) : [];
  const confided = await confidedAnew(scene.look, object, visibility);
  return withoutBlocked(scene, [...named, ...edited, ...talk, ...reopened, ...confided]);
}

/** Of whom an earlier version spoke, or whom it answered: they know of it. */
async function peopleIn({ look }: Scene, before: AsObject): Promise<readonly number[]> {
  const parent = await look.find(id(before, "inReplyTo") ?? "");
  const found = await look.findMany([...new Set([...mentionedIn(before), ...audienceOf(before)])]);
  const people = [...found.values()].filter(({ kind }) => kind === "actor").map(({ key }) => key);
  return parent?.owner ? [...people, parent.owner] : people;
}

/** A post of another server that was not sent here before, edited so that it names somebody here. */
async function isForSomebodyNew(scene: Scene, object: AsObject): Promise<boolean> {
  if (scene.isOurs || scene.kindOf(object) !== "object" || !isBy(object, scene.actor.iri)) return false;
  const found = await scene.look.findMany(mentionedIn(object));
  return [...found.values()].some(({ isLocal, kind }) => isLocal && kind === "actor");
}

/** What becomes of it: it is kept, and those here whom it names hear of it. */
async function firstSeen(scene: Scene, object: AsObject): Promise<Effect[]> {
  const key = scene.object?.key ?? keyOfNew(scene, object);
  const visibility = visibilityOf(withAudience(object, scene.activity), followersOf(scene));
  const parent = await scene.look.find(id(object, "inReplyTo") ?? "");
  if (await isVote(scene, object, parent)) return [];
  const put: Effect = {
    effect: "put",
    key,
    iri: object.id ?? "",
    kind: "object",
    document: object,
    owner: scene.actor.key,
    ownerIri: scene.actor.iri,
    visibility,
    fetchedMs: scene.nowMs,
  };
  return withoutBlocked(scene, [
    put,
    ...(await mentionEffects(scene, object, new Set([scene.actor.key]))),
    ...(visibility === "direct" ? await talkEffects(scene, object, key, parent) : []),
  ]);
}

export const remove: Behaviour = {
  type: "Delete",
  async refuse(scene) {
    const iri = id(scene.activity, "object");
    if (iri === null) return "it names nothing to delete";
    const mayTakeOut = (await ownGround(scene)).length > 0;
    if (!sameOrigin(iri, scene.actor.iri) && !mayTakeOut) return "only its owner may do that";
    if (!scene.object) return "what it deletes is unknown here";
    if (!mayChange(scene.actor, scene.object) && !mayTakeOut) return "only its owner may do that";
    if (scene.object.document === null && scene.object.kind === null)
      return "what it deletes is unknown here";
    return isCreate(scene, scene.object) ? refuseCreate(scene) : null;
  },
  async also(scene) {
    const { object } = scene;
    if (object === null) return [];
    // Somebody else's: those who keep the peace of a group can only take it out of the group.
    if (!mayChange(scene.actor, object)) return removalEffects(scene, await ownGround(scene));
    return goneEffects(scene, isCreate(scene, object) ? await madeBy(scene) : object);
  },
};

async function goneEffects(scene: Scene, object: Entity | null): Promise<readonly Effect[]> {
  if (object === null) return [];
  const effects: Effect[] = [{ effect: "bury", key: object.key, atMs: scene.nowMs }];
  // What a whole life has left takes more than one batch.
  if (object.kind === "actor")
    return [...effects, { effect: "enqueue", kind: "farewell", payload: { actor: object.key } }];
  if (object.visibility === "direct")
    for (const statement of dropTalksEndedBy(object.key)) effects.push({ effect: "statement", statement });
  if (object.owner === null) return effects;
  // What was only fetched keeps itself where it is.
  effects.push({ effect: "release", cause: object.key });
  const made = await scene.look.activityAbout("Create", object.owner, object.key);
  if (made !== null) {
    effects.push({ effect: "release", cause: made.key });
    for (const name of ["posts", CONFIDED])
      effects.push({ effect: "drop", owner: object.owner, name, item: made.key });
  }
  return [...effects, ...(await unpinned(scene, object)), ...(await filesLetGo(scene, object, null))];
}

/** What is gone stands at nobody's top any more, or it would keep a place there that nobody can take it out of. */
async function unpinned({ look }: Scene, { key, owner }: Entity): Promise<readonly Effect[]> {
  const effects: Effect[] = [];
  for (const page of [owner, ...(await look.groupsOf(key)).map((group) => group.key)])
    if (page !== null && (await look.isMember(page, "featured", key)))
      effects.push({ effect: "drop", owner: page, name: "featured", item: key });
  return effects;
}

const isCreate = ({ actsAs }: Scene, { kind, type }: Entity): boolean =>
  kind === "activity" && actsAs(type ?? "") === "Create";

/** What the Create that the scene is about has made, as far as it is its actor's own. */
async function madeBy({ actor, object, look }: Scene): Promise<Entity | null> {
  const made = object?.subject == null ? null : await look.byKey(object.subject);
  return made !== null && made.deletedMs === null && mayChange(actor, made) ? made : null;
}

/**
 * A Create is not taken back, what it made is deleted (AP §6.10). Of others it means just that: whoever wants a post gone
 * must not find it still there.
 */
async function refuseCreate(scene: Scene): Promise<string | null> {
  if (scene.isOurs) return "delete the post itself, not its Create";
  return (await madeBy(scene)) === null ? "what it created is not here" : null;
}

/**
 * Files that something here had and has no longer, neither now nor in a version that is kept. `after` is what stays of
 * it; null where nothing does. Whether anything else has them is seen later, by the job.
 */
async function filesLetGo(
  scene: Scene,
  object: Entity,
  after: { readonly document: AsObject; readonly earlier: Earlier | null } | null,
): Promise<readonly Effect[]> {
  const owner = object.kind === "actor" ? object.key : object.owner;
  if (!object.isLocal || owner === null) return [];
  const isKept = after !== null && after.earlier === null;
  const versions = isKept || object.kind !== "object" ? [] : await scene.look.versions(object.key);
  const gone = [JSON.stringify(object.document), ...versions.slice(after === null ? 0 : MAX_VERSIONS - 1)];
  const left = after === null ? [] : [JSON.stringify(after.document), after.earlier?.json ?? ""];
  const stays = new Set(left.flatMap(fileNamesIn));
  const names = [...new Set(gone.flatMap(fileNamesIn))].filter((name) => !stays.has(name));
  const payload = { owner, names, from: object.key };
  return names.length === 0 ? [] : [{ effect: "enqueue", kind: "release-files", payload }];
}

/** One rule for all: what the activity keeps in any collection leaves it, and the activity itself is buried. */
export const undo: Behaviour = {
  type: "Undo",
  refuse(scene) {
    if (!scene.object) return "what it undoes is unknown here";
    if (scene.object.kind !== "activity") return "only an activity can be undone";
    if (!mayChange(scene.actor, scene.object)) return "only its owner may do that";
    return isCreate(scene, scene.object) ? refuseCreate(scene) : null;
  },
  async also(scene) {
    const { object } = scene;
    if (object === null || object.owner === null) return [];
    if (isCreate(scene, object)) return goneEffects(scene, await madeBy(scene));
    return [
      { effect: "release", cause: object.key },
      { effect: "drop", owner: object.owner, name: "posts", item: object.key },
      { effect: "bury", key: object.key, atMs: scene.nowMs },
    ];
  },
};

function keyOfNew(scene: Scene, object: AsObject): number {
  if (!scene.isOurs) return scene.newKey(fromIso(object.published) ?? scene.nowMs);
  return Number(/\/(\d+)$/.exec(object.id ?? "")?.[1]);
}

function followersOf(scene: Scene): string | null {
  return scene.actor.document ? id(scene.actor.document, "followers") : null;
}

/** People who have blocked the sender are told nothing. */
async function withoutBlocked(scene: Scene, effects: readonly Effect[]): Promise<Effect[]> {
  const kept: Effect[] = [];
  for (const effect of effects) {
    if (effect.effect === "notice" && (await scene.look.isMember(effect.to, "blocked", scene.actor.key)))
      continue;
    kept.push(effect);
  }
  return kept;
}
