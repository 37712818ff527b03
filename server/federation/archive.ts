/** A person's own archive: what they wrote, uploaded and whom they know, as one file to take home. */
import { mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { withoutHidden } from "../core/audience.ts";
import type { Look } from "../core/behaviour.ts";
import type { AsObject } from "../core/object.ts";
import type { Registry } from "../core/registry.ts";
import { backOff, type Job, type JobKind } from "../jobs/job.ts";
import type { Queue } from "../jobs/queue.ts";
import type { Now } from "../lib/clock.ts";
import { DAY_MS, HOUR_MS } from "../lib/durations.ts";
import type { JsonObject } from "../lib/json.ts";
import { Problem } from "../lib/problem.ts";
import type { Sql } from "../lib/sql.ts";
import { createZip, type Zip } from "../lib/zip.ts";
import type { Blobs } from "../media/blobs.ts";
import type { Db } from "../storage/db.ts";
import { type Belongings, LISTS } from "./belongings.ts";
import type { Publisher } from "./publish.ts";
import { findDeeds, findFiles, findJobNamed } from "./store-archive.ts";

/** It holds all that somebody wrote, also to few: it does not lie about for longer than it takes to fetch it. */
const KEPT_FOR_MS = 7 * DAY_MS;
/** Made anew no more often: it reads everything. */
const MADE_EVERY_MS = DAY_MS;
/** A school's line takes an hour for it, and a small disk holds it besides its own life. Files beyond are named only. */
const MAX_BYTES = 2_000_000_000;
/** All people's together, so that archives never fill the disk of a school. */
const MAX_BYTES_IN_ALL = 5 * MAX_BYTES;
const ROWS_AT_ONCE = 100;

export interface ArchiveState {
  readonly isBeingMade: boolean;
  readonly file: { readonly sizeBytes: number; readonly madeMs: number; readonly endsMs: number } | null;
  /** When the next may be made; null where that is now. */
  readonly nextMs: number | null;
}

export interface Archives {
  state(actor: number): Promise<ArchiveState>;
  /** @throws Problem `too-many` where one was made lately, `full` where too many lie here. */
  begin(actor: number): Promise<void>;
  /** The newest file of the person, or null. */
  find(actor: number): Promise<Blob | null>;
  /** Removes what is over, what is of people who are gone, and what was being written when the power went. */
  sweep(): Promise<void>;
  readonly job: JobKind;
}

/** `KEY-MILLISECONDS.zip` */
const NAME = /^(\d+)-(\d+)\.zip$/;
const UNFINISHED = /^unfinished-(\d+)$/;

export function createArchives(deps: {
  db: Db;
  registry: Pick<Registry, "actingAs">;
  look: Look;
  queue: Queue;
  now: Now;
  blobs: Blobs;
  /** Where the files lie; made when needed. */
  folder: string;
  publisher: Publisher;
  publish: (object: AsObject) => JsonObject;
  belongings: Belongings;
}): Archives {
  const { db, look, queue, now, folder, publisher } = deps;
  const said = ["Create", "Announce"].flatMap(deps.registry.actingAs);
  const nameOf = (actor: number): string => `archive ${actor}`;

  async function files(): Promise<{ name: string; actor: number; madeMs: number }[]> {
    const names = await readdir(folder).catch(() => []);
    return names.flatMap((name) => {
      const [, actor, madeMs] = NAME.exec(name) ?? [];
      return actor === undefined ? [] : [{ name, actor: Number(actor), madeMs: Number(madeMs) }];
    });
  }

  const bytesInAll = async (): Promise<number> =>
    (await files()).reduce((total, { name }) => total + Bun.file(join(folder, name)).size, 0);

  const isGone = async (actor: number): Promise<boolean> => (await look.byKey(actor))?.deletedMs !== null;

  async function newest(actor: number) {
    const own = (await files()).filter((file) => file.actor === actor && file.madeMs + KEPT_FOR_MS > now());
    return own.sort((a, b) => b.madeMs - a.madeMs)[0] ?? null;
  }

  async function run(job: Job): Promise<readonly Sql[]> {
    const { actor } = job.payload as { actor: number };
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const unfinished = join(folder, `unfinished-${actor}`);
    try {
      await write(actor, unfinished);
      for (const old of await files())
        if (old.actor === actor) await rm(join(folder, old.name), { force: true });
      await rename(unfinished, join(folder, `${actor}-${now()}.zip`));
    } finally {
      await rm(unfinished, { force: true });
    }
    const dueMs = now() + MADE_EVERY_MS;
    return [queue.enqueue({ kind: "rest", payload: null, dueMs, once: nameOf(actor) })];
  }

  async function write(actor: number, path: string): Promise<void> {
    const file = await open(path, "w", 0o600);
    try {
      const zip = createZip(async (bytes, at) => void (await file.write(bytes, 0, bytes.length, at)));
      await fill(zip, actor);
      await zip.end();
      await file.sync();
    } finally {
      await file.close();
    }
  }

  async function fill(zip: Zip, actor: number): Promise<void> {
    const me = await look.byKey(actor);
    if (!me?.document) return;
    const nowMs = now();
    await zip.add(
      "actor.json",
      nowMs,
      texts(JSON.stringify(deps.publish(withoutHidden(me.document)), null, 1)),
    );
    await zip.add("outbox.json", nowMs, outbox(actor));
    for (const list of ["followers", ...LISTS] as const)
      await zip.add(`${list}.csv`, nowMs, texts(await deps.belongings.export(actor, list)));
    await addFiles(zip, actor);
  }

  /** One collection, written as it is read: nobody's life fits into memory for certain. */
  async function* outbox(actor: number): AsyncGenerator<Uint8Array> {
    const utf8 = new TextEncoder();
    yield utf8.encode(
      '{"@context":"https://www.w3.org/ns/activitystreams","id":"outbox.json","type":"OrderedCollection","orderedItems":[',
    );
    let total = 0;
    for (let after: number | undefined = 0; after !== undefined; ) {
      const keys: number[] = await findDeeds(db, actor, said, after, ROWS_AT_ONCE);
      const activities = await look.byKeys(keys);
      const subjects = await look.byKeys([...activities.values()].flatMap(({ subject }) => subject ?? []));
      for (const key of keys) {
        const activity = activities.get(key);
        if (!activity) continue;
        const whole = await publisher.assembleWith(activity, subjects.get(activity.subject ?? 0) ?? null);
        yield utf8.encode(`${total === 0 ? "\n" : ",\n"}${JSON.stringify(deps.publish(whole))}`);
        total++;
      }
      after = keys.length < ROWS_AT_ONCE ? undefined : keys.at(-1);
    }
    yield utf8.encode(`\n],"totalItems":${total}}\n`);
  }

  async function addFiles(zip: Zip, actor: number): Promise<void> {
    const left: string[] = [];
    let bytes = 0;
    for (let after: number | undefined = 0; after !== undefined; ) {
      const rows: Awaited<ReturnType<typeof findFiles>> = await findFiles(db, actor, after, ROWS_AT_ONCE);
      for (const { name, size, created } of rows) {
        const found = await deps.blobs.find(name);
        if (found === null || bytes + size > MAX_BYTES) {
          left.push(name);
          continue;
        }
        bytes += size;
        const { body } = new Response(await found.part(0, found.sizeBytes));
        await zip.add(`media/${name}`, created, body ?? texts(""));
      }
      after = rows.length < ROWS_AT_ONCE ? undefined : rows.at(-1)?.key;
    }
    if (left.length > 0) await zip.add("media/left-out.txt", now(), texts(`${left.join("\n")}\n`));
  }

  return {
    async state(actor) {
      const [job, file] = await Promise.all([findJobNamed(db, nameOf(actor)), newest(actor)]);
      return {
        isBeingMade: job?.kind === "archive",
        file: file && {
          sizeBytes: Bun.file(join(folder, file.name)).size,
          madeMs: file.madeMs,
          endsMs: file.madeMs + KEPT_FOR_MS,
        },
        nextMs: job?.kind === "rest" ? job.due : null,
      };
    },
    async begin(actor) {
      if ((await findJobNamed(db, nameOf(actor)))?.kind === "rest")
        throw new Problem("too-many", "Your archive was made lately. Make the next one tomorrow.");
      if ((await bytesInAll()) > MAX_BYTES_IN_ALL)
        throw new Problem("full", "Too many archives lie here at the moment. Make yours in some days.");
      const payload = { actor };
      await db.batch([queue.enqueue({ kind: "archive", lane: String(actor), payload, once: nameOf(actor) })]);
    },
    async find(actor) {
      const file = await newest(actor);
      return file && Bun.file(join(folder, file.name));
    },
    async sweep() {
      for (const { name, actor, madeMs } of await files())
        if (madeMs + KEPT_FOR_MS <= now() || (await isGone(actor)))
          await rm(join(folder, name), { force: true });
      for (const name of await readdir(folder).catch(() => [])) {
        const actor = UNFINISHED.exec(name)?.[1];
        const isBeingMade =
          actor !== undefined && (await findJobNamed(db, nameOf(Number(actor))))?.kind === "archive";
        if (actor !== undefined && !isBeingMade) await rm(join(folder, name), { force: true });
      }
    },
    job: {
      run,
      retry: backOff({ firstMs: 10 * 60_000, factor: 3, maxMs: 6 * HOUR_MS, giveUpAfterMs: DAY_MS }),
      // One at a time of all people: it reads the disk from end to end.
      concurrency: 1,
    },
  };
}

async function* texts(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text);
}
