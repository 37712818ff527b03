/** Posts that people here wrote for later: kept as drafts of activities, and done by a job when their time comes. */
import { type AsObject, embedded, typeOf } from "../core/object.ts";
import type { Core } from "../core/process.ts";
import type { Job, JobKind } from "../jobs/job.ts";
import type { Queue } from "../jobs/queue.ts";
import { fromIso, type Now, toIso } from "../lib/clock.ts";
import { DAY_MS, MINUTE_MS } from "../lib/durations.ts";
import { fileNamesIn } from "../lib/file-names.ts";
import type { Keys } from "../lib/id.ts";
import { isJsonObject, type Json, type JsonObject, parseJson } from "../lib/json.ts";
import type { Page, PageRequest } from "../lib/page.ts";
import { toPage } from "../lib/page.ts";
import { isPassing, isProblem, Problem } from "../lib/problem.ts";
import { expecting, type Sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";
import * as store from "./store-scheduled.ts";

/** Sooner is now: whoever changes their mind needs a moment for it. */
export const MIN_AHEAD_MS = 5 * MINUTE_MS;
/** Nobody knows what they will want to say after that. */
const MAX_AHEAD_MS = 2 * 366 * DAY_MS;
/** Of one person: a year of weekly posts in several classes. */
export const MAX_WAITING = 300;
/** Of one person on one day (UTC); more is a machine that should use the outbox. */
export const MAX_A_DAY = 25;
const JOB = "scheduled";

export interface ScheduledPost {
  readonly key: number;
  readonly dueMs: number;
  /** The activity that will be done. */
  readonly draft: AsObject;
  /** What a program or page sent, in a form of its own: to be shown, and to be written anew. */
  readonly asked: JsonObject;
  /** In words, where it could not be published. */
  readonly failed: string | null;
  readonly createdMs: number;
}

export interface ScheduledPosts {
  /** @throws Problem `invalid` at field `publishAt` where that is too soon, or too far away. */
  check(dueMs: number): void;
  /**
   * `also` gives statements that join its batch, for the key of the post.
   * @throws Problem `invalid` at field `publishAt`, `too-many`, and what `also` is refused with.
   */
  add(
    actor: number,
    post: { readonly dueMs: number; readonly draft: AsObject; readonly asked: JsonObject },
    also?: (key: number) => readonly Sql[],
  ): Promise<ScheduledPost>;
  /** Of one person, the newest first. */
  list(actor: number, page: PageRequest): Promise<Page<ScheduledPost>>;
  /** Of one person, the next due first: what failed stands before all that waits. */
  due(
    actor: number,
    after: store.Due | null,
    limit: number,
  ): Promise<{ readonly items: readonly ScheduledPost[]; readonly next: store.Due | null }>;
  /** How many of the person's could not be published. */
  countFailed(actor: number): Promise<number>;
  /** @throws Problem `not-found`. */
  get(actor: number, key: number): Promise<ScheduledPost>;
  /** Another time; one that failed is tried again then. @throws Problem `not-found`, `invalid`, `too-many`. */
  move(actor: number, key: number, dueMs: number): Promise<ScheduledPost>;
  /** @throws Problem `not-found`. */
  cancel(actor: number, key: number): Promise<void>;
  readonly jobs: Readonly<Record<string, JobKind>>;
}

export function createScheduled(deps: {
  db: Db;
  keys: Keys;
  now: Now;
  queue: Queue;
  core: Pick<Core, "act">;
  /** Statements by which these files of the person stay. */
  keeps: (owner: number, names: readonly string[]) => readonly Sql[];
  /** Whether this person may still do something here. */
  isActive: (actor: number) => Promise<boolean>;
}): ScheduledPosts {
  const { db, keys, now, queue } = deps;

  const promise = (key: number, dueMs: number) => queue.enqueue({ kind: JOB, payload: { key }, dueMs });

  function check(dueMs: number): void {
    const wrong = (sentence: string) => new Problem("invalid", sentence, { field: "publishAt" });
    // Some seconds less are the way that a request takes.
    if (dueMs < now() + MIN_AHEAD_MS - MINUTE_MS)
      throw wrong("Choose a time at least five minutes in the future.");
    if (dueMs > now() + MAX_AHEAD_MS) throw wrong("Choose a time within the next two years.");
  }

  /** Refuses the batch where the post, as its earlier statements leave it, is one too many. */
  function within(actor: number, key: number, dueMs: number): readonly Sql[] {
    const fromMs = Math.floor(dueMs / DAY_MS) * DAY_MS;
    const day = { fromMs, toMs: fromMs + DAY_MS };
    return [
      expecting(1, store.isWithin(actor, key, MAX_WAITING), tooManyWaiting),
      expecting(1, store.isWithinDay(actor, key, MAX_A_DAY, day), tooManyThatDay),
    ];
  }

  async function get(actor: number, key: number): Promise<ScheduledPost> {
    const row = await store.findScheduled(db, key);
    if (row === null || row.actor !== actor) throw notThere();
    return toPost(row);
  }

  async function publish(job: Job) {
    const { key } = job.payload as { key: number };
    const row = await store.findScheduled(db, key);
    // Taken back, published before a fall, or put off: another job waits for that.
    if (row === null || row.failed !== null || row.due > now()) return [];
    if (!(await deps.isActive(row.actor)))
      return [store.failScheduled(key, "The account is closed, or not let in yet.")];
    try {
      const draft = { ...laterBy(toPost(row).draft, now() - row.created) };
      await deps.core.act(row.actor, draft, [expecting(1, store.deleteScheduled(row.actor, key), notThere)]);
      return [];
    } catch (error) {
      if (!isProblem(error) || isPassing(error)) throw error;
      return [store.failScheduled(key, error.message)];
    }
  }

  return {
    check,
    async add(actor, { dueMs, draft, asked }, also = () => []) {
      check(dueMs);
      const row = {
        key: keys.next(),
        actor,
        due: dueMs,
        draft: JSON.stringify(draft),
        asked: JSON.stringify(asked),
        failed: null,
        created: now(),
      };
      await db.batch([
        store.holdAuthor(actor),
        // What is there already is said before that there is no room.
        ...also(row.key),
        store.insertScheduled(row),
        ...within(actor, row.key, dueMs),
        promise(row.key, dueMs),
        ...deps.keeps(actor, fileNamesIn(row.draft)),
      ]);
      return toPost(row);
    },
    async list(actor, page) {
      const rows = await store.listScheduled(db, actor, page);
      return toPage(rows.map(toPost), page.limit, ({ key }) => key);
    },
    async due(actor, after, limit) {
      const rows = await store.listDue(db, actor, after ?? { dueMs: 0, key: 0 }, limit);
      const items = rows.slice(0, limit).map(toPost);
      const last = items.at(-1);
      return { items, next: rows.length > limit && last ? { dueMs: last.dueMs, key: last.key } : null };
    },
    countFailed: (actor) => store.countFailed(db, actor),
    get,
    async move(actor, key, dueMs) {
      const post = await get(actor, key);
      check(dueMs);
      await db.batch([
        store.holdAuthor(actor),
        expecting(1, store.moveScheduled(actor, key, dueMs), notThere),
        ...within(actor, key, dueMs),
        promise(key, dueMs),
      ]);
      return { ...post, dueMs, failed: null };
    },
    async cancel(actor, key) {
      const { draft } = await get(actor, key);
      const names = fileNamesIn(JSON.stringify(draft));
      const released =
        names.length === 0
          ? []
          : [queue.enqueue({ kind: "release-files", payload: { owner: actor, names } })];
      await db.batch([expecting(1, store.deleteScheduled(actor, key), notThere), ...released]);
    },
    jobs: {
      [JOB]: { run: publish, retry: (tries) => (tries > 10 ? null : tries * MINUTE_MS), concurrency: 2 },
    },
  };
}

const notThere = (): Problem => new Problem("not-found", "There is no such scheduled post any more.");

const tooManyWaiting = (): Problem =>
  new Problem("too-many", `You can have ${MAX_WAITING} posts waiting. Remove one first.`);

const tooManyThatDay = (): Problem =>
  new Problem("too-many", `At most ${MAX_A_DAY} posts can wait for one day. Choose another.`);

function toPost(row: store.ScheduledRow): ScheduledPost {
  const parsed = (text: string): JsonObject => {
    const json = parseJson(text);
    return isJsonObject(json) ? json : {};
  };
  return {
    key: row.key,
    dueMs: row.due,
    draft: parsed(row.draft) as AsObject,
    asked: parsed(row.asked),
    failed: row.failed,
    createdMs: row.created,
  };
}

/** A poll lasts as long as it was meant to, from when it is published. */
function laterBy(draft: AsObject, ms: number): AsObject {
  const object = embedded(draft, "object");
  const ends = object && typeOf(object) === "Question" ? fromIso(object.endTime) : null;
  return ends === null ? draft : { ...draft, object: { ...object, endTime: toIso(ends + ms) } as Json };
}
