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
import { postgresForTests } from "./postgres.ts";

export interface Engine {
  /** `sqlite` in memory, `sqlite-file` with the writer on its thread. */
  readonly name: "sqlite" | "sqlite-file" | "postgres";
  /**
   * A new, empty database with every migration applied (or those given). Closed, and removed, when the
   * tests of this file are done. Call it inside a test or a hook.
   */
  freshDb(given?: readonly Migration[]): Promise<Db>;
  /** Another node's way to the same database; with SQLite, where there is one node, the same `db`. */
  sibling(db: Db): Promise<Db>;
  /** The address of a new database with every migration applied, for code that opens it by itself. */
  freshUrl(): Promise<string>;
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
      async function emptyUrl(): Promise<string> {
        if (postgres) return postgres.create();
        if (name === "sqlite") return ":memory:";
        const folder = await mkdtemp(join(tmpdir(), "commons-sqlite-"));
        ends.unshift(() => rm(folder, { recursive: true, force: true }));
        return join(folder, "commons.db");
      }
      // Copying a database is much quicker than making its tables again.
      const freshUrl = async (): Promise<string> =>
        postgres ? postgres.createPrepared(migrateAt) : emptyUrl();
      define({
        name,
        freshUrl,
        whenDone: (work) => void ends.push(work),
        async sibling(db) {
          const url = urls.get(db);
          if (!postgres || !url) return db;
          const other = await openDb({ url });
          opened.push(other);
          return other;
        },
        async freshDb(given = migrations) {
          const url = given === migrations ? await freshUrl() : await emptyUrl();
          const db = await openDb({ url });
          opened.push(db);
          urls.set(db, url);
          await migrate({ db, migrations: given, now: systemNow });
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

async function migrateAt(url: string): Promise<void> {
  const db = await openDb({ url });
  await migrate({ db, migrations, now: systemNow });
  await db.stop();
}
