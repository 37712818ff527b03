/** PostgreSQL databases that one test hands on to the next: emptied, their connections open and their plans made. */
import { raw } from "../lib/sql.ts";
import type { Db, Row } from "../storage/db.ts";
import { openDb } from "../storage/open.ts";

export interface Borrowed {
  readonly db: Db;
  readonly url: string;
  /** Ends what its borrower left under way, empties it, and keeps it for the next. */
  giveBack(): Promise<void>;
}

/** Databases that wait for the next borrower, in each process; more are closed. */
const MAX_WAITING = 40;
/** Whoever still holds rows after this has forgotten to end: the database is not handed on. */
const LOCK_TIMEOUT = "2s";

interface Held {
  readonly db: Db;
  readonly url: string;
}

/** By the cluster that they are in. */
const waiting = new Map<string, Held[]>();
/** What empties a database, and how its tables look; the same for all of a cluster. */
const emptying = new Map<string, { readonly statement: string; readonly shape: string }>();

/** A database as `create` makes them, or one that was: `cluster` is its address. */
export async function borrow(cluster: string, create: () => Promise<string>): Promise<Borrowed> {
  const held = waiting.get(cluster)?.pop() ?? (await opened(await create()));
  if (!emptying.has(cluster)) emptying.set(cluster, await describe(held.db));
  const { db, end } = lent(held.db);
  return {
    db,
    url: held.url,
    async giveBack() {
      await end();
      await allHeard(held.db);
      const others = waiting.get(cluster) ?? [];
      waiting.set(cluster, others);
      if (others.length < MAX_WAITING && (await isEmptied(cluster, held.db))) others.push(held);
      else await held.db.stop();
    },
  };
}

/** Closes what waits, before the cluster ends. */
export async function letGo(cluster: string): Promise<void> {
  const all = waiting.get(cluster) ?? [];
  waiting.delete(cluster);
  emptying.delete(cluster);
  await Promise.all(all.map(({ db }) => db.stop()));
}

const opened = async (url: string): Promise<Held> => ({ url, db: await openDb({ url }) });

/** The database as one borrower sees it: closing it closes nothing for the next. */
function lent(db: Db): { readonly db: Db; readonly end: () => Promise<void> } {
  const running = new Set<Promise<unknown>>();
  const listening = new Set<() => void>();
  let isStopped = false;
  function during<T>(work: () => Promise<T>): Promise<T> {
    if (isStopped) return Promise.reject(new Error("The database is closed."));
    const done = work();
    running.add(done);
    const forget = (): void => void running.delete(done);
    done.then(forget, forget);
    return done;
  }
  async function end(): Promise<void> {
    isStopped = true;
    await Promise.allSettled(running);
    for (const leave of listening) leave();
  }
  return {
    end,
    db: {
      ...db,
      all: (query) => during(() => db.all(query)),
      one: (query) => during(() => db.one(query)),
      patiently: (query) => during(() => db.patiently(query)),
      batch: (statements) => during(() => db.batch(statements)),
      async listen(channel, heard, missed) {
        const leave = await db.listen(channel, heard, missed);
        listening.add(leave);
        return () => {
          listening.delete(leave);
          leave();
        };
      },
      stop: end,
    },
  };
}

/** Done when whatever was told has arrived: PostgreSQL tells in the order of the commits. */
async function allHeard(db: Db): Promise<void> {
  const heard = Promise.withResolvers<void>();
  const leave = await db.listen("handed_on", () => heard.resolve());
  db.notify("handed_on", "");
  await heard.promise;
  leave();
}

/** False where the tables are others than they were, or somebody still holds them. */
async function isEmptied(cluster: string, db: Db): Promise<boolean> {
  const known = emptying.get(cluster);
  if (known === undefined || (await shapeOf(db)) !== known.shape) return false;
  return db.batch([raw(known.statement)]).then(
    () => true,
    () => false,
  );
}

async function shapeOf(db: Db): Promise<string> {
  const [shape] = await db.all(
    raw(`SELECT count(*) AS relations, sum(relnatts) AS columns, sum(relchecks) AS checks, sum(relhastriggers::int) AS triggers
         FROM pg_class WHERE relnamespace = 'public'::regnamespace`),
  );
  return JSON.stringify(shape);
}

/** Made from a database that nobody has used: everything goes but what it began with. */
async function describe(db: Db): Promise<{ readonly statement: string; readonly shape: string }> {
  const names = await db.all<{ name: string; kind: string }>(
    raw(`SELECT relname AS name, relkind::text AS kind FROM pg_class
         WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'S') ORDER BY relname`),
  );
  const words: string[] = [];
  for (const { name, kind } of names) {
    if (kind === "S") {
      const [at] = await db.all(raw(`SELECT last_value AS value, is_called::int AS called FROM "${name}"`));
      words.push(`PERFORM setval('"${name}"', ${at?.value}, ${at?.called === 1});`);
      continue;
    }
    const [first] = await db.all<Row>(raw(`SELECT json_agg(t)::text AS rows FROM "${name}" t`));
    words.push(`DELETE FROM "${name}";`);
    if (typeof first?.rows === "string")
      words.push(
        `INSERT INTO "${name}" SELECT * FROM json_populate_recordset(NULL::"${name}", $rows$${first.rows}$rows$);`,
      );
  }
  // As a replica, so that neither foreign keys nor triggers are asked about each row.
  const statement = `DO $do$ BEGIN
    SET LOCAL session_replication_role = replica;
    SET LOCAL lock_timeout = '${LOCK_TIMEOUT}';
    ${words.join("\n")}
  END $do$`;
  return { statement, shape: await shapeOf(db) };
}
