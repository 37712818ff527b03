/** Pictures of other servers on this node's disk: never more than the quota, the least recently used dropped first. */
import type { Now } from "../lib/clock.ts";
import { HOUR_MS } from "../lib/durations.ts";
import type { Db } from "../storage/db.ts";
import type { Blobs, Found } from "./blobs.ts";
import * as store from "./store-cache.ts";

/** How exactly it is known when a picture was last looked at: one write for each in that time, not one for each look. */
const USED_WITHIN_MS = 6 * HOUR_MS;
/** When room is short, a server that takes more than one part in so many makes it, so that it does not drive out all others. */
const HOST_SHARE = 2;
/** What was begun so long ago is begun no more. */
const UNFINISHED_AFTER_MS = HOUR_MS;
/** Rows that are looked at and dropped in one go. */
const DROPPED_AT_ONCE = 100;

export interface Dropped {
  readonly files: number;
  readonly bytes: number;
}

export interface CacheFigures {
  readonly usedBytes: number;
  readonly quotaBytes: number;
  readonly files: number;
  /** Since the start of this process. */
  readonly droppedFiles: number;
  readonly droppedBytes: number;
  /** The most first. */
  readonly hosts: readonly store.HostUse[];
}

export interface PictureCache {
  /** Null where it is not kept; the look counts as a use. */
  find(id: string): Promise<{ readonly name: string; readonly found: Found } | null>;
  /** Keeps the bytes, after making room for them; does nothing where the quota is smaller than they are. */
  keep(
    picture: { readonly id: string; readonly host: string; readonly name: string },
    bytes: Uint8Array,
  ): Promise<void>;
  figures(): Promise<CacheFigures>;
  /** Drops everything. */
  clear(): Promise<Dropped>;
  /** Drops what is over the quota (it may have become smaller), and files that no row knows (the power went). */
  prune(): Promise<Dropped>;
}

/**
 * `quotaBytes` may change at any time; 0 keeps nothing. Rows go after their files and come before them, so that
 * whatever happens half-way leaves a row without a file, which is fetched again, and never a file without a row.
 */
export function createPictureCache(deps: {
  readonly db: Db;
  readonly blobs: Blobs;
  readonly now: Now;
  readonly node: number;
  readonly quotaBytes: () => number;
}): PictureCache {
  const { db, blobs, now, node, quotaBytes } = deps;
  /** Bytes by host. A node alone writes its rows, so what it counts stays true; `prune` counts anew. */
  let byHost: Map<string, number> | null = null;
  let dropped: Dropped = { files: 0, bytes: 0 };
  let before: Promise<unknown> = Promise.resolve();

  /** One change after the other: two at once would both find the same room. */
  function alone<T>(work: () => Promise<T>): Promise<T> {
    const done = before.then(work);
    before = done.catch(() => undefined);
    return done;
  }

  async function counted(): Promise<Map<string, number>> {
    byHost ??= new Map((await store.findHostUse(db, node)).map(({ host, bytes }) => [host, bytes]));
    return byHost;
  }

  const sum = (used: ReadonlyMap<string, number>) =>
    [...used.values()].reduce((total, bytes) => total + bytes, 0);

  async function drop(rows: readonly store.CachedRow[]): Promise<void> {
    const used = await counted();
    const ids = rows.map(({ id }) => id);
    const names = [...new Set(rows.map(({ name }) => name))];
    const needed = await store.findNeeded(db, node, names, ids);
    for (const name of names) if (!needed.has(name)) await blobs.remove(name);
    await db.batch([store.dropCached(node, ids)]);
    for (const { host, sizeBytes } of rows) {
      const left = (used.get(host) ?? 0) - sizeBytes;
      if (left > 0) used.set(host, left);
      else used.delete(host);
      dropped = { files: dropped.files + 1, bytes: dropped.bytes + sizeBytes };
    }
  }

  /** Until all take no more than `most`. */
  async function shrink(most: number): Promise<void> {
    for (;;) {
      const used = await counted();
      let over = sum(used) - most;
      if (over <= 0) return;
      const [greedy, theirs = 0] = [...used].find(([, bytes]) => bytes > most / HOST_SHARE) ?? [];
      // Not further than to its share: the next ones are then looked for among all.
      if (greedy !== undefined) over = Math.min(over, theirs - most / HOST_SHARE);
      const victims: store.CachedRow[] = [];
      for (const row of await store.findOldest(db, node, greedy ?? null, DROPPED_AT_ONCE)) {
        if (over <= 0) break;
        victims.push(row);
        over -= row.sizeBytes;
      }
      if (victims.length === 0) {
        // Somebody else (the command line) has dropped them.
        byHost = null;
        return;
      }
      await drop(victims);
    }
  }

  async function sweep(): Promise<void> {
    await blobs.removeUnfinished(now() - UNFINISHED_AFTER_MS);
    let names: string[] = [];
    const look = async () => {
      const needed = await store.findNeeded(db, node, names);
      for (const name of names) if (!needed.has(name)) await blobs.remove(name);
      names = [];
    };
    for await (const { name } of blobs.list()) {
      names.push(name);
      if (names.length >= DROPPED_AT_ONCE) await look();
    }
    await look();
  }

  const downTo = (most: () => number): Promise<Dropped> =>
    alone(async () => {
      const { files, bytes } = dropped;
      byHost = null;
      await sweep();
      await shrink(most());
      return { files: dropped.files - files, bytes: dropped.bytes - bytes };
    });

  return {
    async find(id) {
      const row = await store.findCached(db, node, id);
      const found = row && (await blobs.find(row.name));
      if (row === null || found === null) return null;
      if (row.usedMs < now() - USED_WITHIN_MS) await db.batch([store.touchCached(node, id, now())]);
      return { name: row.name, found };
    },

    keep({ id, host, name }, bytes) {
      return alone(async () => {
        const quota = quotaBytes();
        const sizeBytes = bytes.length;
        if (sizeBytes > quota) return;
        const known = await store.findCached(db, node, id);
        if (known !== null) await drop([known]);
        await shrink(quota - sizeBytes);
        const used = await counted();
        await db.batch([store.putCached(node, { id, host, name, sizeBytes, usedMs: now() })]);
        used.set(host, (used.get(host) ?? 0) + sizeBytes);
        await blobs.put(name, bytes);
      });
    },

    async figures() {
      const hosts = await store.findHostUse(db, node);
      return {
        usedBytes: hosts.reduce((total, { bytes }) => total + bytes, 0),
        quotaBytes: quotaBytes(),
        files: hosts.reduce((total, { files }) => total + files, 0),
        droppedFiles: dropped.files,
        droppedBytes: dropped.bytes,
        hosts,
      };
    },

    clear: () => downTo(() => 0),
    prune: () => downTo(quotaBytes),
  };
}
