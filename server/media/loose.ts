/** Files that an app has sent and not used yet: found by their number, described, put into a post, or let go. */
import type { AsObject } from "../core/object.ts";
import type { Now } from "../lib/clock.ts";
import { DAY_MS, HOUR_MS } from "../lib/durations.ts";
import { Problem } from "../lib/problem.ts";
import type { Sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";
import { nameBeginning } from "./attachment-id.ts";
import type { Blobs } from "./blobs.ts";
import { describeFile } from "./describe.ts";
import { type Focus, focusText, type KeptFile, keptFile } from "./kept.ts";
import * as store from "./store.ts";
import { isEvidence, isUsed, wasTakenAway } from "./store-uses.ts";

/** How long a file stays that nothing uses: time enough to write anew what was deleted. */
export const LOOSE_MS = DAY_MS;
/** Whatever is about to be used stays at least this long, so that it is there when the post is. */
const NEAR_MS = HOUR_MS;
/** Rows that are let go in one go. */
const DROPPED_AT_ONCE = 100;

export interface Loose {
  /** The file of this person with that number (`attachmentIdOf`), used or not. Null where there is none. */
  find(owner: number, id: string): Promise<KeptFile | null>;
  /** Says other words of it; what is missing stays. @throws Problem `not-found`. */
  describe(owner: number, id: string, words: LooseWords): Promise<KeptFile>;
  /** What is evidence stays, for the staff alone. @throws Problem `not-found`, or `conflict` where something uses it. */
  remove(owner: number, id: string): Promise<void>;
  /**
   * Files for a post, in that order, as they stand in its document (AS2 `attachment`). They stay from when something has
   * them: `core.act` and `accounts/scheduled.ts` see to that in the batch that makes it.
   * @throws Problem `invalid` where one is not there, or somebody else's.
   */
  attach(owner: number, ids: readonly string[]): Promise<readonly AsObject[]>;
  /** Lets go what nothing has used in time; what something uses after all stays, and what is evidence stays withheld. */
  sweep(): Promise<void>;
  /**
   * Of these files of somebody, after something with them was deleted or changed: what nothing else uses goes in a day.
   * Until then it can be seen, as it may be written anew; but by the staff alone where they took away the thing (`from`),
   * or keep the file as evidence.
   */
  release(owner: number, names: readonly string[], from: number | null): Promise<readonly Sql[]>;
}

export interface LooseWords {
  readonly description?: string;
  readonly focus?: Focus | null;
}

export function createLoose(deps: {
  readonly db: Db;
  readonly now: Now;
  readonly blobs: Blobs;
  /** Scheme and host, without a slash at the end. */
  readonly origin: string;
}): Loose {
  const { db, now, blobs, origin } = deps;

  async function rowOf(owner: number, id: string): Promise<store.MediaRow | null> {
    const start = nameBeginning(id);
    return start === null ? null : store.findMediaBeginning(db, owner, start);
  }

  async function require(owner: number, id: string): Promise<store.MediaRow> {
    const row = await rowOf(owner, id);
    if (row === null) throw notHere();
    return row;
  }

  const kept = (row: store.MediaRow): KeptFile => keptFile(row, origin, now());

  /** Rows first: whatever happens then leaves a file without a row, which `media prune` clears away. */
  async function drop(rows: readonly store.MediaRow[]): Promise<void> {
    await db.batch([store.dropLoose(rows.map(({ key }) => key))]);
    const names = [
      ...new Set(rows.flatMap(({ name, preview }) => (preview === null ? [name] : [name, preview]))),
    ];
    const needed = await store.findNeededMedia(db, names);
    for (const name of names) if (!needed.has(name)) await blobs.remove(name);
  }

  return {
    async find(owner, id) {
      const row = await rowOf(owner, id);
      return row && kept(row);
    },

    async describe(owner, id, { description, focus }) {
      const row = await require(owner, id);
      const words = {
        description: description === undefined ? row.description : description,
        focus: focus === undefined ? row.focus : focusText(focus),
      };
      await db.batch([store.describeMedia(row.key, words, notHere)]);
      return kept({ ...row, ...words });
    },

    async remove(owner, id) {
      const row = await require(owner, id);
      if (row.expiresMs === null)
        throw new Problem(
          "conflict",
          "This file is used in a post. Delete that, or take the file out of it.",
        );
      // Nobody takes away what the staff still look at.
      if (await isEvidence(db, row.name)) await db.batch([store.withholdMedia(row.key, now() + LOOSE_MS)]);
      else await drop([row]);
    },

    async attach(owner, ids) {
      const rows = await Promise.all([...new Set(ids)].map((id) => rowOf(owner, id)));
      const found = rows.filter((row) => row !== null);
      if (found.length < rows.length) throw notNamed();
      const near = found.filter(({ expiresMs }) => expiresMs !== null && expiresMs < now() + NEAR_MS);
      if (near.length > 0) {
        const keys = near.map(({ key }) => key);
        await db.batch([store.postponeMedia(keys, now() + LOOSE_MS, notNamed)]);
      }
      return found.map((row) => {
        const file = kept(row);
        return describeFile(file, file.description, file.focus);
      });
    },

    async sweep() {
      for (;;) {
        const rows = await store.findExpired(db, now(), DROPPED_AT_ONCE);
        const over: store.MediaRow[] = [];
        for (const row of rows) {
          const { key, owner, name } = row;
          if (await isUsed(db, owner, name)) await db.batch([store.keepMedia([key])]);
          else if (await isEvidence(db, name)) await db.batch([store.withholdMedia(key, now() + LOOSE_MS)]);
          else over.push(row);
        }
        await drop(over);
        if (rows.length < DROPPED_AT_ONCE) return;
      }
    },

    async release(owner, names, from) {
      const isTaken = from !== null && (await wasTakenAway(db, from));
      const statements: Sql[] = [];
      for (const name of names) {
        const row = await store.findMedia(db, owner, name);
        if (row === null || row.expiresMs !== null || (await isUsed(db, owner, name))) continue;
        const isWithheld = isTaken || (await isEvidence(db, name));
        statements.push((isWithheld ? store.withholdMedia : store.loosenMedia)(row.key, now() + LOOSE_MS));
      }
      return statements;
    },
  };
}

const notHere = (): Problem => new Problem("not-found", "There is no such file of yours. Send it again.");

const notNamed = (): Problem =>
  new Problem("invalid", "A file that was named is not here, or not yours. Send it again.", {
    field: "media_ids",
  });
