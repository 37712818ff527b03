/** Brings a database forward to the schema of this program, one batch per migration. */
import type { Now } from "../lib/clock.ts";
import { isProblem, Problem } from "../lib/problem.ts";
import { raw, type Sql, sql } from "../lib/sql.ts";
import type { Db, Dialect } from "./db.ts";
import { splitStatements } from "./split.ts";
import { copyBefore } from "./sqlite/copies.ts";
import { sqliteOf } from "./sqlite/open.ts";

export interface Migration {
  /** `0001_objects`: names sort in the order in which they apply. */
  readonly name: string;
  /** Statements both engines understand, or one text for each. `{key}`, `{serial}` and `{clustered}` are words of `Dialect`. */
  readonly sql: string | { readonly sqlite: string; readonly postgres: string };
}

/**
 * Applies what is missing and returns its names, in order. An SQLite database that holds anything is copied first
 * (`backups/before-NAME-TIME.db` beside it). Nodes that start together may all call this.
 * Throws Problem `conflict` when the database was written by a newer program, or by another one.
 */
export async function migrate(deps: {
  readonly db: Db;
  readonly migrations: readonly Migration[];
  readonly now: Now;
}): Promise<readonly string[]> {
  const { db, migrations, now } = deps;
  const done: string[] = [];
  let applied = await appliedNames(db, migrations);
  for (const migration of migrations) {
    if (applied.has(migration.name)) continue;
    const sqlite = sqliteOf(db);
    if (sqlite && applied.size > 0 && done.length === 0) await copyBefore(sqlite, migration.name, now());
    try {
      await db.batch([
        sql`INSERT INTO migration (name, applied) VALUES (${migration.name}, ${now()})`,
        ...statementsOf(migration, db.dialect),
      ]);
      done.push(migration.name);
    } catch (error) {
      // Another node that starts at the same time was first: its row made ours impossible.
      if (!isProblem(error, "conflict")) throw error;
      applied = await appliedNames(db, migrations);
      if (!applied.has(migration.name)) throw error;
    }
  }
  return done;
}

/** What `migrate` would apply. Throws Problem as that does. */
export async function pendingMigrations(
  db: Db,
  migrations: readonly Migration[],
): Promise<readonly string[]> {
  const applied = await appliedNames(db, migrations);
  return migrations.map(({ name }) => name).filter((name) => !applied.has(name));
}

async function appliedNames(db: Db, migrations: readonly Migration[]): Promise<ReadonlySet<string>> {
  await refuseOthers(db, migrations);
  const create = sql`CREATE TABLE IF NOT EXISTS migration (name TEXT NOT NULL PRIMARY KEY, applied BIGINT NOT NULL)`;
  // Two nodes may create it in the same instant, and PostgreSQL then lets one of them fail.
  await db.batch([create]).catch(() => db.batch([create]));
  const rows = await db.all<{ name: string }>(sql`SELECT name FROM migration`);
  const applied = new Set(rows.map(({ name }) => name));
  refuseNewer(applied, migrations);
  return applied;
}

/** Tables of ours that are there although no migration made them are somebody else's, and stay untouched. */
async function refuseOthers(db: Db, migrations: readonly Migration[]): Promise<void> {
  const there = new Set((await db.all<{ name: string }>(raw(db.dialect.tables))).map(({ name }) => name));
  if (there.has("migration")) return;
  const made = migrations.flatMap((migration) => [
    ...textFor(migration, db.dialect).matchAll(/\bCREATE TABLE (\w+)/g),
  ]);
  const taken = made.flatMap(([, name = ""]) => (there.has(name) ? [name] : []));
  if (taken.length === 0) return;
  throw new Problem(
    "conflict",
    `The database belongs to another program: it has the tables ${taken.join(", ")}, which this one did not make. ` +
      "Name an empty database in database_url; without that, move the file commons.db out of the data folder.",
    { reason: "other-schema" },
  );
}

function refuseNewer(applied: ReadonlySet<string>, migrations: readonly Migration[]): void {
  const known = new Set(migrations.map(({ name }) => name));
  const unknown = [...applied].filter((name) => !known.has(name)).sort();
  if (unknown.length === 0) return;
  throw new Problem(
    "conflict",
    `The database was written by a newer version of this program (it has ${unknown.join(", ")}). ` +
      "Start that version again, or restore a copy of the database from before it (see the folder backups).",
    { reason: "newer-schema" },
  );
}

const textFor = ({ sql: text }: Migration, dialect: Dialect): string =>
  typeof text === "string" ? text : text[dialect.name];

function statementsOf(migration: Migration, dialect: Dialect): readonly Sql[] {
  const spelt = textFor(migration, dialect).replace(
    /\{(key|serial|clustered)\}/g,
    (_, word: "key") => dialect[word],
  );
  return splitStatements(spelt).map(raw);
}
