/** What the staff do about people and posts, what undoes it, and the one appeal that everybody has. */

import type { Look } from "../core/behaviour.ts";
import { type Entity, HELD, type Kind } from "../core/entity.ts";
import { farewellOf } from "../core/farewell.ts";
import type { Notify } from "../core/notify.ts";
import type { AsObject } from "../core/object.ts";
import type { Core } from "../core/process.ts";
import { hold } from "../core/store-writes.ts";
import { givingUp, type JobKind } from "../jobs/job.ts";
import type { Queue } from "../jobs/queue.ts";
import type { Now } from "../lib/clock.ts";
import { DAY_MS } from "../lib/durations.ts";
import type { Keys } from "../lib/id.ts";
import type { Json } from "../lib/json.ts";
import { isProblem, Problem } from "../lib/problem.ts";
import { expecting, type Sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";
import { record } from "./audit.ts";
import { HOLDS, type Sanction, type SanctionKind } from "./sanction.ts";
import { findReport } from "./store-reports.ts";
import * as store from "./store-sanctions.ts";

/** Time enough to appeal, and to think again. */
export const ERASED_AFTER_MS = 30 * DAY_MS;
/** Rows in one statement: short enough that readers notice nothing. */
const ROWS_AT_ONCE = 500;
const MAX_LISTED = 100;
export const MAX_SANCTION_TEXT = 2_000;
export const MAX_APPEAL = 3_000;
const MADE: readonly Kind[] = ["object", "activity", "collection"];
const HOLD_JOB = "hold";
const ERASE_JOB = "erase";

/** What an account is to this part of the server; the folder of accounts knows the rest. */
export interface AccountDoor {
  /** Statements that end every access; none for actors without an account. */
  closing(actor: number, note: string): Promise<readonly Sql[]>;
  /** Only where it was closed with one of these notes. */
  opening(actor: number, notes: readonly string[]): Promise<readonly Sql[]>;
  /** After the batch of `closing`. */
  closed(actor: number): void;
}

export interface Imposing {
  readonly kind: SanctionKind;
  readonly actor: number;
  /** The post, for `hide`. */
  readonly object?: number;
  /** What the person is told, in words. */
  readonly text: string;
  /** The report about this person that led to it. */
  readonly report?: number;
  /** A draft of the message by the server to the person, sent in the same batch. */
  readonly tell?: AsObject;
}

export interface Sanctions {
  /** @throws Problem `conflict` where it holds already, `not-found`, `forbidden`, `invalid` at field `text`. */
  impose(by: number, given: Imposing): Promise<number>;
  /** Takes it back as far as it can be: a post of ours that was deleted stays so. @throws Problem `conflict`. */
  lift(by: number, key: number): Promise<void>;
  /** By the person, once for each. @throws Problem `conflict`, `invalid` at field `appeal`. */
  appeal(actor: number, key: number, text: string): Promise<void>;
  /** `isGranted` takes the sanction back too. @throws Problem `conflict`, `invalid` at field `answer`. */
  answer(
    by: number,
    key: number,
    given: { readonly isGranted: boolean; readonly text: string; readonly tell?: AsObject },
  ): Promise<void>;
  /**
   * Of somebody who is suspended everything is deleted now, and not in a month.
   * @throws Problem `conflict` where they are not, are gone already, or wait for the answer to an appeal.
   */
  erase(by: number, actor: number): Promise<void>;
  find(key: number): Promise<Sanction | null>;
  /** Newest first. */
  of(actor: number): Promise<readonly Sanction[]>;
  appeals(): Promise<readonly Sanction[]>;
  readonly jobs: Readonly<Record<string, JobKind>>;
}

export function createSanctions(deps: {
  db: Db;
  keys: Keys;
  now: Now;
  queue: Queue;
  look: Look;
  core: Pick<Core, "act">;
  serverActor: number;
  notify: Notify;
  accounts: AccountDoor;
  /** Tests give fewer. */
  rowsAtOnce?: number;
}): Sanctions {
  const { db, keys, now, queue, look, rowsAtOnce = ROWS_AT_ONCE } = deps;

  async function impose(by: number, given: Imposing): Promise<number> {
    const text = sized(given.text, MAX_SANCTION_TEXT, "text");
    const actor = await look.byKey(given.actor);
    if (actor?.kind !== "actor") throw new Problem("not-found", "There is no such person.");
    // It signs every request to other servers, and speaks for the staff.
    if (actor.key === deps.serverActor)
      throw new Problem("forbidden", "This is the server itself. Nobody can decide about it.");
    const object = given.object === undefined ? null : await postOf(actor, given.object);
    if (given.kind === "hide" && object === null)
      throw new Problem("invalid", "Say which post is to be hidden.", { field: "object" });
    if (given.report !== undefined) await requireAbout(given.report, actor);
    await refuseTwice(given.kind, actor, object);
    const key = keys.next();
    const isErased = given.kind === "suspend";
    const erasedAtMs = isErased ? now() + ERASED_AFTER_MS : null;
    const row = {
      key,
      actor: actor.key,
      object: object?.key ?? null,
      kind: given.kind,
      text,
      by,
      erasedAtMs,
    };
    const statements = [
      store.insertSanction({ ...row, report: given.report ?? null }),
      record(keys, {
        by,
        act: "sanction",
        about: object?.key ?? actor.key,
        detail: given.kind,
        reason: text,
      }),
      ...(actor.isLocal ? deps.notify(actor.key, "decision", actor.key, key) : []),
      ...told(given.tell),
    ];
    if (given.kind === "hide" && object !== null) {
      await hide(object, statements);
      return key;
    }
    if (isErased) {
      statements.push(
        ...(await deps.accounts.closing(actor.key, text)),
        queue.enqueue({ kind: ERASE_JOB, payload: { sanction: key }, dueMs: erasedAtMs ?? 0 }),
      );
    }
    await db.batch([...statements, ...holding(actor.key, HOLDS[given.kind], 0)]);
    if (isErased) deps.accounts.closed(actor.key);
    return key;
  }

  /** A post of ours is deleted in its author's name, so that it goes everywhere; one from elsewhere is hidden here. */
  async function hide(object: Entity, statements: readonly Sql[]): Promise<void> {
    if (object.isLocal && object.owner !== null)
      await deps.core.act(object.owner, { type: "Delete", object: object.iri }, statements);
    else await db.batch([...statements, hold(object.key, HELD.hidden)]);
  }

  async function postOf(actor: Entity, key: number): Promise<Entity> {
    const object = await look.byKey(key);
    if (object?.owner !== actor.key || object.kind === "activity")
      throw new Problem("not-found", "There is no such post by this person.");
    return object;
  }

  /** What is decided about one person is no answer to what was said about another. */
  async function requireAbout(report: number, actor: Entity): Promise<void> {
    if ((await findReport(db, report))?.about !== actor.key)
      throw new Problem("not-found", "There is no such report.");
  }

  async function refuseTwice(kind: SanctionKind, actor: Entity, object: Entity | null): Promise<void> {
    if (kind === "warn") return;
    const holds = await store.findHolding(
      db,
      object === null ? { actor: actor.key } : { object: object.key },
    );
    if (object?.deletedMs != null || holds.some((sanction) => sanction.kind === kind))
      throw new Problem("conflict", "That is so already.");
  }

  /** The actor's own row at once; everything that the actor made by a job, which copies what the row says then. */
  const holding = (actor: number, bits: number, not: number): readonly Sql[] =>
    bits + not === 0
      ? []
      : [hold(actor, bits, not), queue.enqueue({ kind: HOLD_JOB, lane: String(actor), payload: { actor } })];

  const told = (activity: AsObject | undefined): readonly Sql[] =>
    activity === undefined
      ? []
      : [
          queue.enqueue({
            kind: "act",
            payload: { actor: deps.serverActor, activity: activity as Json },
          }),
        ];

  async function lifting(by: number, key: number): Promise<readonly Sql[]> {
    const sanction = await required(key);
    const lifted = expecting(1, store.liftSanction(key, now()), () => takenBack());
    const noted = record(keys, {
      by,
      act: "sanction-lift",
      about: sanction.object ?? sanction.actor,
      detail: sanction.kind,
    });
    const { object, actor, kind } = sanction;
    const others = await store.findHolding(db, object === null ? { actor } : { object });
    // Decided twice at once: the other still holds.
    if (others.some((other) => other.key !== key && other.kind === kind)) return [lifted, noted];
    if (object !== null) return [lifted, noted, hold(object, 0, HELD.hidden)];
    return [
      lifted,
      noted,
      ...holding(sanction.actor, 0, HOLDS[sanction.kind]),
      ...(sanction.kind === "suspend" ? await opening(sanction.actor) : []),
    ];
  }

  /** What the staff closed for another reason stays closed. */
  async function opening(actor: number): Promise<readonly Sql[]> {
    const all = await store.findSanctionsOf(db, actor, MAX_LISTED);
    const notes = all.flatMap(({ kind, text }) => (kind === "suspend" ? text : []));
    return deps.accounts.opening(actor, notes);
  }

  async function required(key: number): Promise<Sanction> {
    const sanction = await store.findSanction(db, key);
    if (sanction === null) throw new Problem("not-found", "There is no such decision.");
    return sanction;
  }

  const holdJob: JobKind = {
    retry: (tries) => tries * 60_000,
    concurrency: 2,
    perLane: 1,
    async run(job) {
      const { actor } = job.payload as { actor: number };
      for (const kind of MADE) {
        let after = -1;
        for (;;) {
          const made = await store.findMade(db, actor, kind, after, rowsAtOnce);
          const last = made.at(-1);
          if (last === undefined) break;
          await db.batch([store.takeOver(actor, kind, after, last)]);
          after = last;
        }
      }
      return [];
    },
  };

  /** A month after a suspension that nobody took back. */
  const eraseJob: JobKind = {
    retry: (tries) => tries * 60_000,
    concurrency: 1,
    async run(job) {
      const { sanction: key } = job.payload as { sanction: number };
      const sanction = await store.findSanction(db, key);
      if (sanction?.erasedAtMs == null || sanction.erasedAtMs > now()) return [];
      const actor = await look.byKey(sanction.actor);
      if (actor === null || actor.deletedMs !== null) return [];
      // Nobody's things are deleted while they wait for an answer.
      if (sanction.appealedMs !== null && sanction.answeredMs === null)
        return [queue.enqueue({ kind: ERASE_JOB, payload: { sanction: key }, dueMs: now() + DAY_MS })];
      const noted = record(keys, { by: null, act: "erase", about: actor.key });
      // What is kept of somebody elsewhere goes; they themselves stay known, and suspended.
      if (!actor.isLocal) return [noted, queue.enqueue({ kind: "farewell", payload: { actor: actor.key } })];
      try {
        await deps.core.act(actor.key, farewellOf(actor), [noted], { mayLeave: true });
      } catch (error) {
        if (isProblem(error, "forbidden") || isProblem(error, "not-found")) throw givingUp(error.message);
        throw error;
      }
      return [];
    },
  };

  return {
    impose,
    async lift(by, key) {
      await db.batch(await lifting(by, key));
    },
    async appeal(actor, key, written) {
      const text = sized(written, MAX_APPEAL, "appeal");
      await db.batch([
        expecting(
          1,
          store.appealSanction(key, actor, text, now()),
          () => new Problem("conflict", "Each decision can be appealed once, while it holds."),
        ),
      ]);
    },
    async answer(by, key, { isGranted, text, tell }) {
      const said = sized(text, MAX_SANCTION_TEXT, "answer");
      const sanction = await required(key);
      const answered = expecting(1, store.answerAppeal(key, said, by, now()), () => takenBack());
      const noted = record(keys, {
        by,
        act: "appeal",
        about: sanction.actor,
        detail: isGranted ? "granted" : "refused",
        reason: said,
      });
      const more = isGranted && sanction.liftedMs === null ? await lifting(by, key) : [];
      await db.batch([answered, noted, ...told(tell), ...more]);
    },
    async erase(by, key) {
      const actor = await look.byKey(key);
      const held = await store.findHolding(db, { actor: key });
      const suspension = held.find(({ kind }) => kind === "suspend");
      if (actor === null || actor.deletedMs !== null || suspension === undefined)
        throw new Problem("conflict", "Only of somebody who is suspended everything can be deleted.");
      await db.batch([
        expecting(
          1,
          store.eraseFrom(suspension.key, now()),
          () => new Problem("conflict", "This person has appealed. Answer that first."),
        ),
        record(keys, { by, act: "erase", about: key }),
        queue.enqueue({ kind: ERASE_JOB, payload: { sanction: suspension.key } }),
      ]);
    },
    find: (key) => store.findSanction(db, key),
    of: (actor) => store.findSanctionsOf(db, actor, MAX_LISTED),
    appeals: () => store.findAppeals(db, MAX_LISTED),
    jobs: { [HOLD_JOB]: holdJob, [ERASE_JOB]: eraseJob },
  };
}

const takenBack = (): Problem => new Problem("conflict", "Somebody else was quicker. Look at it again.");

function sized(written: string, max: number, field: string): string {
  const said = written.trim();
  if (said === "") throw new Problem("invalid", "Write something first.", { field });
  if (said.length > max)
    throw new Problem("invalid", `Make it shorter: at most ${max} characters.`, { field });
  return said;
}
