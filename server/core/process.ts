/** The one road: every activity, ours or theirs, is judged here and becomes one batch. */
import type { Queue } from "../jobs/queue.ts";
import { fromIso } from "../lib/clock.ts";
import { fileNamesIn } from "../lib/file-names.ts";
import { isProblem, Problem } from "../lib/problem.ts";
import type { Sql } from "../lib/sql.ts";
import { sameOrigin } from "../lib/url.ts";
import { anew } from "./anew.ts";
import { type Consequence, toStatements } from "./apply.ts";
import { untilAsRead } from "./as-read.ts";
import { isPublic, visibilityOf, withoutHidden } from "./audience.ts";
import { ANY, type Look, refused } from "./behaviour.ts";
import { type ConsequenceDeps, createConsequences } from "./consequences.ts";
import { completeDraft } from "./draft.ts";
import type { Effect } from "./effects.ts";
import type { Entity } from "./entity.ts";
import { lean } from "./lean.ts";
import type { Listeners } from "./listeners.ts";
import { atHand, glimpse, MUST_ASK } from "./look.ts";
import { type AsObject, audienceOf, embedded, id, ids, typeOf } from "./object.ts";
import { answered, createStage, NOT_FOUND, type Prepared, withBase } from "./prepare.ts";
import { quieted } from "./quiet.ts";
import * as store from "./store.ts";
import { addToLane, DONE_BY, insertLink, keepText, RECORD } from "./store-writes.ts";

/** What an activity may name in one question; the rest is asked for one by one. */
const MAX_GLIMPSED = 200;

export interface CoreDeps extends ConsequenceDeps {
  readonly listeners: Listeners;
  readonly enqueue: Queue["enqueue"];
  /** Statements for the batch of each notice for somebody here (`apply.ts`). */
  readonly noticed?: (person: number, notice: number) => readonly Sql[];
  /** A reason why this is not taken from this actor (domain rules, suspensions), or null. */
  readonly policy: (actor: Entity, activity: AsObject) => Promise<string | null>;
  /** Statements by which these files stay, as far as they are theirs; for the batch of what somebody here says with them. */
  readonly keeps?: (owners: readonly number[], names: readonly string[]) => readonly Sql[];
  /** Statements that note what somebody did to keep the peace of a group here, for the batch that does it. */
  readonly noted?: (deed: GroupDeed) => readonly Sql[];
}

/** Something done in the name of a group here, or in it by one of those who have a say there. */
export interface GroupDeed {
  readonly group: Entity;
  /** Key of the person. */
  readonly by: number;
  readonly activity: AsObject;
  readonly object: Entity | null;
  readonly target: Entity | null;
}

export interface Acted {
  readonly key: number;
  readonly activity: AsObject;
  /** What a Create made, else what the activity is about. */
  readonly object: { readonly key: number; readonly iri: string } | null;
}

export interface ActOptions {
  /**
   * Where a person does it in the name of a group, the person's key: it is remembered with the activity, and published
   * nowhere.
   */
  readonly by?: number;
  /**
   * The actor may delete or move itself by it. That ends a life here, and takes more than an activity: whoever lets it
   * has asked the person who they are, or is the staff.
   */
  readonly mayLeave?: boolean;
}

export interface Received {
  /** Who is proven to have sent it: by signature, by proof, or by fetching it from its origin. */
  readonly sender: string;
  /** This server asked for it although nobody here may follow whoever did it: a relay brought it. */
  readonly isWanted?: boolean;
  /** The owner of the personal inbox that it came to. */
  readonly recipient?: number | null;
  /** The group elsewhere that told of it (FEP-1b12): it concerns the group's followers here. */
  readonly through?: number | null;
  /** No other server is asked; where one must be, nothing is done, and the outcome says so. */
  readonly isAtOnce?: boolean;
  /** Nobody sent it: it was found at its origin, and is for everybody. It is kept, and nobody is told of it. */
  readonly isQuiet?: boolean;
  /** The text as it came, with its proof: kept while a group here passes it on. */
  readonly raw?: () => string;
  /**
   * Statements that end the work, in the same batch (the job is finished). `forwardTo` are actors here whose
   * followers the activity must be forwarded to (AP §7.1.2).
   */
  readonly finish?: (forwardTo: readonly number[]) => readonly Sql[];
}

export type Outcome =
  | { readonly outcome: "done"; readonly key: number }
  | { readonly outcome: "duplicate" }
  | { readonly outcome: "refused"; readonly reason: string }
  /** Only of what is to be done at once. */
  | { readonly outcome: "must-ask" };

export interface Core {
  /**
   * Somebody here does something. `also` joins the batch; it may ask for the key of what a Create makes. A draft that
   * changes the actor by what the actor is now is made of it: anew where that has changed in between.
   * @throws Problem `invalid`, `forbidden`, `not-found` with the reason.
   */
  act(
    actorKey: number,
    draft: AsObject | ((actor: Entity) => AsObject),
    also?: readonly Sql[] | ((made: number | null) => readonly Sql[]),
    options?: ActOptions,
  ): Promise<Acted>;
  /** Somebody elsewhere did something. A refusal is data: dropping is normal here. */
  receive(activity: AsObject, from: Received): Promise<Outcome>;
}

export function createCore(deps: CoreDeps): Core {
  const { db, registry, addresses, keys, now, look } = deps;
  const stage = createStage({ registry, addresses, keys, now, look });
  const nearby = atHand(look, addresses);
  const applyDeps = {
    db,
    findMany: look.findMany,
    registry,
    addresses,
    newKey: keys.next,
    enqueue: deps.enqueue,
    noticed: deps.noticed,
  };

  async function actOnce(
    actorKey: number,
    draft: AsObject | ((actor: Entity) => AsObject),
    also: readonly Sql[] | ((made: number | null) => readonly Sql[]),
    { by, mayLeave = false }: ActOptions,
  ): Promise<Acted> {
    const actor = await look.byKey(actorKey);
    if (actor === null || actor.deletedMs !== null) throw new Problem("gone", "This account is closed.");
    const nowMs = now();
    const drafted = await completeDraft(
      {
        addresses,
        registry,
        look,
        newKey: keys.next,
        nowMs,
        clean: deps.clean,
        ...(deps.emoji ? { emoji: deps.emoji } : {}),
      },
      actor,
      typeof draft === "function" ? draft(actor) : draft,
    );
    const { stage, consequencesOf, findMany } = await stageFor(look, drafted.activity);
    const scene = withBase(await stage.prepare(actor, drafted.key, drafted.activity, true), drafted);
    if (!mayLeave && leaves(scene)) throw mayNotLeave();
    const refusal = await stage.refusalOf(scene);
    if (refusal === NOT_FOUND) throw new Problem("not-found", `This cannot be done: ${refusal}.`);
    if (refusal !== null) throw refused(refusal);
    const consequences = await consequencesOf(scene, audienceOf(drafted.activity));
    const named =
      by === undefined
        ? []
        : [insertLink(drafted.key, DONE_BY, by), addToLane(actorKey, RECORD, drafted.key)];
    const noted = await notedOf(scene, consequences, by === undefined ? null : { group: actor, by });
    const files = fileNamesIn(JSON.stringify(drafted.activity));
    const owners = by === undefined ? [actorKey] : [actorKey, by];
    const kept = files.length === 0 ? [] : (deps.keeps?.(owners, files) ?? []);
    const besides = typeof also === "function" ? also(drafted.objectKey) : also;
    const statements = await toStatements({ ...applyDeps, findMany }, consequences);
    await db.batch([...statements, ...named, ...noted, ...kept, ...besides]);
    tell(scene, consequences);
    const object =
      drafted.objectKey !== null
        ? { key: drafted.objectKey, iri: id(drafted.activity, "object") ?? "" }
        : scene.object;
    return {
      key: drafted.key,
      activity: withoutHidden(drafted.activity),
      object: object && { key: object.key, iri: object.iri },
    };
  }

  const leaves = ({ activity, actor, object }: Prepared): boolean =>
    object?.key === actor.key &&
    ["Delete", "Move"].some((ending) => registry.isA(registry.knownType(activity), ending));

  /** What judges the activity, with all that it names read in one question. */
  async function stageFor(look: Look, activity: AsObject) {
    const glance = await glimpse(look, addresses, namedIn(activity));
    const stage = createStage({ registry, addresses, keys, now, look: glance });
    const consequencesOf = createConsequences({ ...deps, look: glance, stage });
    return { glance, stage, consequencesOf, findMany: glance.findMany };
  }

  async function receive(activity: AsObject, from: Received): Promise<Outcome> {
    const outcome = await anew(() => judge(activity, from)).catch((error): Outcome => {
      if (error === MUST_ASK) return { outcome: "must-ask" };
      throw error;
    });
    const isOver = outcome.outcome === "duplicate" || outcome.outcome === "refused";
    if (isOver && from.finish) await db.batch(from.finish([]));
    return outcome;
  }

  async function judge(given: AsObject, from: Received): Promise<Outcome> {
    const activity = registry.knownFirst(given);
    const refuse = (reason: string): Outcome => ({ outcome: "refused", reason });
    const iri = activity.id;
    const actorIri = id(activity, "actor");
    if (typeof iri !== "string" || actorIri === null) return refuse("an activity needs an id and an actor");
    if (actorIri !== from.sender) return refuse("sent by somebody else than its actor");
    if (!sameOrigin(iri, actorIri)) return refuse("its id is of another origin than its actor");
    const through = from.through ? await look.byKey(from.through) : null;
    if (addresses.isOurs(iri))
      return through === null ? refuse("claims to be ours") : toldAgain(iri, through, from);
    if (registry.kindOf(activity) !== "activity") return refuse("not an activity");
    const { glance, stage, consequencesOf, findMany } = await stageFor(
      from.isAtOnce ? nearby : look,
      activity,
    );
    const known = await glance.find(iri);
    if (known && (known.document !== null || known.deletedMs !== null))
      return through === null ? { outcome: "duplicate" } : toldAgain(iri, through, from);
    const actor = await glance.fetch(actorIri);
    if (actor?.kind !== "actor" || !actor.document) return refuse("its actor is unknown");
    if (actor.deletedMs !== null) return refuse("its actor is gone");
    const policy = await deps.policy(actor, activity);
    if (policy !== null) return refuse(policy);

    if (from.isQuiet) {
      const visibility = visibilityOf(activity, null);
      if (visibility !== "public" && visibility !== "quiet") return refuse("not for everybody");
    } else if (!(await concernsUs(activity, actor, glance, from))) return refuse("nobody here asked for it");

    const key = known?.key ?? keys.at(timeOf(activity));
    const scene = await stage.prepare(actor, key, lean(withoutHidden(activity)), false, { through });
    const refusal = await stage.refusalOf(scene);
    if (refusal !== null) return refuse(refusal);
    const audience = [...audienceOf(activity), ...(scene.embedded ? audienceOf(scene.embedded) : [])];
    const recipient = from.recipient ? await look.byKey(from.recipient) : await concerned(scene, audience);
    const all = await consequencesOf(scene, [
      ...new Set([...audience, ...(recipient ? [recipient.iri] : [])]),
    ]);
    const consequences = from.isQuiet ? quieted(all) : all;
    const isConfidential = registry.type(registry.knownType(activity))?.isConfidential === true;
    const forwardTo = from.isQuiet || isConfidential ? [] : await forwardable(scene, audience);
    try {
      const statements = await toStatements({ ...applyDeps, findMany }, consequences);
      const isEchoed = consequences.some(({ effects }) =>
        effects.some((effect) => effect.effect === "emit" && effect.isEcho),
      );
      const text = from.raw && isEchoed ? [keepText(key, from.raw(), now())] : [];
      const noted = await notedOf(scene, consequences, null);
      await db.batch([...statements, ...text, ...noted, ...(from.finish?.(forwardTo) ?? [])]);
    } catch (error) {
      // Two doors at once, or a stub made meanwhile: what is there now tells which.
      if (isProblem(error, "conflict") && (await look.find(iri))?.document) return { outcome: "duplicate" };
      // Something of the same kind was quicker.
      if (isProblem(error, "forbidden")) return refuse(error.message);
      throw error;
    }
    if (!from.isQuiet) tell(scene, consequences);
    return { outcome: "done", key };
  }

  /** What is here already, told by a group: nothing is done twice, but it is in the group now. */
  async function toldAgain(iri: string, through: Entity, from: Received): Promise<Outcome> {
    const known = await look.find(iri);
    const actor = known?.owner ? await look.byKey(known.owner) : null;
    if (!known?.document || known.deletedMs !== null || actor === null) return { outcome: "duplicate" };
    const scene = await stage.prepare(actor, known.key, known.document, false, { through, isEcho: true });
    const effects: Effect[] = [];
    for (const behaviour of stage.behavioursOf(scene))
      if (behaviour.type === ANY) effects.push(...((await behaviour.also?.(scene)) ?? []));
    const statements = await toStatements(applyDeps, [{ cause: known.key, effects }]);
    await db.batch([...statements, ...(from.finish?.([]) ?? [])]);
    return { outcome: "done", key: known.key };
  }

  /** An activity that names nobody and came to the shared inbox is for the one here whom it is about. */
  async function concerned({ object }: Prepared, audience: readonly string[]): Promise<Entity | null> {
    if (audience.length > 0 || !object?.isLocal) return null;
    if (object.kind === "actor") return object;
    return object.owner === null ? null : look.byKey(object.owner);
  }

  /**
   * Theirs are kept only where somebody here is meant, follows the sender, or has what it is about. Asks nobody
   * elsewhere: a stranger's word is no reason to fetch anything.
   */
  async function concernsUs(activity: AsObject, actor: Entity, look: Look, from: Received): Promise<boolean> {
    if (from.recipient || from.through || from.isWanted) return true;
    const object = await look.find(id(activity, "object") ?? "");
    if (object?.document && (object.isLocal || object.kind !== "actor")) return true;
    if (object?.key === actor.key) return true;
    if (await store.hasMembers(db, actor.key, "followers")) return true;
    // An actor's new address tells its followers here, who do not know it yet (FEP-7628).
    if (object?.kind === "actor" && registry.isA(typeOf(activity), "Move"))
      return store.hasMembers(db, object.key, "followers");
    const inner = embedded(activity, "object");
    if (object === null && inner !== null && (await answered(look, registry, actor, inner))) return true;
    const named = [activity, ...(inner ? [inner] : [])].flatMap((each) => [
      ...audienceOf(each),
      ...ids(each, "inReplyTo"),
    ]);
    const found = await look.findMany([...new Set(named)]);
    return [...found.values()].some(
      (entity) => entity.isLocal || (entity.kind === "object" && entity.document !== null),
    );
  }

  /**
   * AP §7.1.2: seen for the first time, addressed to followers of somebody here, and about something of ours:
   * those followers elsewhere would miss it. Gives the keys of the actors whose followers it must reach.
   */
  async function forwardable(scene: Prepared, audience: readonly string[]): Promise<readonly number[]> {
    const about = [scene.activity, scene.embedded, scene.object?.document].filter((each) => each != null);
    const mentioned = about.flatMap((object) =>
      ["object", "target", "inReplyTo", "tag"].flatMap((property) => ids(object, property)),
    );
    const ours = await scene.look.findMany([...new Set(mentioned)].filter(addresses.isOurs));
    // Whoever could reach somebody's followers by a mention alone would have a loudspeaker.
    const concerned = new Set(
      [...ours.values()].flatMap(({ kind, owner }) => (kind === "actor" || owner === null ? [] : [owner])),
    );
    if (concerned.size === 0) return [];
    const owners = new Set<number>();
    for (const iri of audience) {
      const collection = addresses.isOurs(iri) ? await scene.look.collection(iri) : null;
      if (collection?.name === "followers" && concerned.has(collection.owner.key))
        owners.add(collection.owner.key);
    }
    return [...owners];
  }

  /** Of what was done as a group, or stands in the record of one that lives here. */
  async function notedOf(
    { activity, actor, object, target, look }: Prepared,
    consequences: readonly Consequence[],
    as: { readonly group: Entity; readonly by: number } | null,
  ): Promise<readonly Sql[]> {
    if (deps.noted === undefined) return [];
    if (as !== null) return deps.noted({ ...as, activity, object, target });
    const recorded = consequences.flatMap(({ effects }) =>
      effects.flatMap((each) => (each.effect === "lane" && each.lane === RECORD ? each.owner : [])),
    );
    const groups = recorded.length === 0 ? [] : [...(await look.byKeys(recorded)).values()];
    return groups
      .filter(({ isLocal }) => isLocal)
      .flatMap((group) => deps.noted?.({ group, by: actor.key, activity, object, target }) ?? []);
  }

  function timeOf(activity: AsObject): number {
    const inner = registry.isA(typeOf(activity), "Create") ? embedded(activity, "object") : null;
    return fromIso(activity.published) ?? fromIso(inner?.published) ?? now();
  }

  const tell = (scene: Prepared, consequences: readonly Consequence[]) =>
    deps.listeners.tell({
      type: typeOf(scene.activity),
      activity: scene.key,
      actor: scene.actor.key,
      emitted: consequences.flatMap(({ cause }) => (cause === null || cause === scene.key ? [] : cause)),
    });

  return {
    act: (actor, draft, also = [], options = {}) =>
      untilAsRead(actor, () => actOnce(actor, draft, also, options)),
    receive,
  };
}

const mayNotLeave = (): Problem =>
  new Problem(
    "forbidden",
    "No activity alone closes or moves an account: that is done on the pages of this server, where people show who they are.",
  );

/** Addresses that judging the activity asks about, for one question. */
function namedIn(activity: AsObject): readonly string[] {
  const inner = embedded(activity, "object");
  const about = inner === null ? [activity] : [activity, inner];
  const single = ["id", "actor", "object", "target", "origin", "inReplyTo", "attributedTo"];
  return about
    .flatMap((object) => [
      ...single.flatMap((property) => id(object, property) ?? []),
      ...audienceOf(object).filter((iri) => !isPublic(iri)),
      ...ids(object, "tag"),
    ])
    .slice(0, MAX_GLIMPSED);
}
