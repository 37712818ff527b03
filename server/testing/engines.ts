/** Runs a file's tests on each engine: SQLite in memory always, PostgreSQL when TEST_ENGINES names it. */
import { afterAll, beforeAll, describe } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { migrations } from "../../migrations/index.ts";
import { systemNow } from "../lib/clock.ts";
import type { Db } from "../storage/db.ts";
import { type Migration, migrate } from "../storage/migrate.ts";
import { openDb } from "../storage/open.ts";
import { searchIndexOf } from "../storage/search.ts";
import { openSqlite } from "../storage/sqlite/open.ts";
import { postgresForTests } from "./postgres.ts";

export interface Engine {
  /** `sqlite` in memory, `sqlite-file` with the writer on its thread. */
  readonly name: "sqlite" | "sqlite-file" | "postgres";
  /**
   * A database as a server leaves it that was started for the first time; or a new one with the migrations that are
   * given, and nothing else. Gone when the tests of this file are done. Call it inside a test or a hook.
   */
  freshDb(given?: readonly Migration[]): Promise<Db>;
  /** Another node's way to the same database; with SQLite, where there is one node, the same `db`. */
  sibling(db: Db): Promise<Db>;
  /** Done when the tests of this file are done, before the databases are removed; the last first. */
  whenDone(work: () => Promise<void>): void;
}

/** `TEST_ENGINES=sqlite,postgres`; SQLite alone when it is not set. */
const wanted = (process.env.TEST_ENGINES ?? "sqlite").split(",").map((name) => name.trim());

/** Defines the tests once for each engine, or for those of `names`: `eachEngine((engine) => { test(…, async () => { const db = await engine.freshDb(); … }) })`. */
export function eachEngine(
  define: (engine: Engine) => void,
  names: readonly Engine["name"][] = ["sqlite", "postgres"],
): void {
  for (const name of names) {
    if (name === "postgres" && !wanted.includes("postgres")) continue;
    describe(name, () => {
      const opened: Db[] = [];
      const ends: (() => Promise<void>)[] = [];
      const postgres = name === "postgres" ? postgresForTests() : null;
      beforeAll(async () => postgres?.start());
      afterAll(async () => {
        for (const end of ends.reverse()) await end();
        await Promise.all(opened.map((db) => db.stop()));
        await postgres?.dropAll();
      });
      const urls = new Map<Db, string>();
      function kept(db: Db): Db {
        opened.push(db);
        return db;
      }
      async function emptyUrl(): Promise<string> {
        if (postgres) return postgres.create();
        if (name === "sqlite") return ":memory:";
        const folder = await mkdtemp(join(tmpdir(), "commons-sqlite-"));
        ends.unshift(() => rm(folder, { recursive: true, force: true }));
        return join(folder, "commons.db");
      }
      define({
        name,
        whenDone: (work) => void ends.push(work),
        async sibling(db) {
          const url = urls.get(db);
          if (!postgres || !url) return db;
          return kept(await openDb({ url }));
        },
        async freshDb(given) {
          if (!given && name === "sqlite") return kept(await migratedCopy());
          if (!given && postgres) {
            const { db, url } = await postgres.borrow(migrateAt);
            urls.set(db, url);
            return kept(db);
          }
          const url = await emptyUrl();
          const db = kept(await openDb({ url }));
          urls.set(db, url);
          if (given) await migrate({ db, migrations: given, now: systemNow });
          else await prepare(db);
          return db;
        },
      });
    });
  }
}

/**
 * For what goes through statements that others try on both engines: an example takes ten times as long on a database that
 * has to be made for it.
 */
export const onSqlite = (define: (engine: Engine) => void): void => eachEngine(define, ["sqlite"]);

let migrated: Uint8Array | null = null;

/** Copying a database is much quicker than making its tables again. */
async function migratedCopy(): Promise<Db> {
  if (migrated === null) {
    const first = openSqlite({ path: ":memory:" });
    await prepare(first);
    migrated = first.image();
    await first.stop();
  }
  return openSqlite({ path: ":memory:", image: migrated });
}

async function migrateAt(url: string): Promise<void> {
  const db = await openDb({ url });
  await prepare(db);
  await db.stop();
}

/** As a server leaves it that was started for the first time. */
async function prepare(db: Db): Promise<void> {
  await migrate({ db, migrations, now: systemNow });
  await db.batch(searchIndexOf(db).make());
}
