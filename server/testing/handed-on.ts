/** PostgreSQL databases that one test hands on to the next: emptied, their connections open and their plans made. */
import { SQL } from "bun";
import { raw } from "../lib/sql.ts";
import type { Db, Row } from "../storage/db.ts";
import { openDb } from "../storage/open.ts";
import { withoutLimit } from "../storage/postgres/address.ts";

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

const CHANNEL = "handed_on";

interface Held {
  readonly db: Db;
  readonly url: string;
  /** Empties it, on a connection of its own. */
  readonly keeper: SQL;
  /** Called when something is told on `CHANNEL`, which the database is listened to on for as long as it is held. */
  heard: () => void;
}

/** What empties a database, as the definition of a function, and how its tables look then. */
interface Emptying {
  readonly definition: string;
  readonly shape: string;
}

/** By the cluster that they are in. */
const waiting = new Map<string, Held[]>();
/** The same for all of a cluster. */
const emptying = new Map<string, Emptying>();

/** A database as `create` makes them, or one that was: `cluster` is its address. */
export async function borrow(cluster: string, create: () => Promise<string>): Promise<Borrowed> {
  const held = waiting.get(cluster)?.pop() ?? (await opened(cluster, await create()));
  const { db, end } = lent(held.db);
  return {
    db,
    url: held.url,
    async giveBack() {
      await end();
      await allHeard(held);
      const others = waiting.get(cluster) ?? [];
      waiting.set(cluster, others);
      if (others.length < MAX_WAITING && (await isEmptied(cluster, held))) others.push(held);
      else await close(held);
    },
  };
}

/** Closes what waits, before the cluster ends. */
export async function letGo(cluster: string): Promise<void> {
  const all = waiting.get(cluster) ?? [];
  waiting.delete(cluster);
  emptying.delete(cluster);
  await Promise.all(all.map(close));
}

async function opened(cluster: string, url: string): Promise<Held> {
  const db = await openDb({ url });
  const keeper = new SQL(withoutLimit(url).url, {
    max: 1,
    // As a replica, so that neither foreign keys nor triggers are asked about each row; from the beginning to the end,
    // because a connection that changes this throws away all its plans.
    connection: { session_replication_role: "replica", lock_timeout: LOCK_TIMEOUT, idle_session_timeout: 0 },
  });
  const known = emptying.get(cluster);
  const definition = known?.definition ?? (await define(db));
  await keeper.unsafe(definition);
  if (!known) emptying.set(cluster, { definition, shape: await emptied(keeper) });
  const held: Held = { url, db, keeper, heard: () => undefined };
  // What was told while nobody could listen has gone by too.
  await db.listen(
    CHANNEL,
    () => held.heard(),
    () => held.heard(),
  );
  return held;
}

async function close({ db, keeper }: Held): Promise<void> {
  await Promise.all([db.stop(), keeper.close({ timeout: 0 })]);
}

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
async function allHeard(held: Held): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  held.heard = resolve;
  held.db.notify(CHANNEL, "");
  await promise;
}

/** False where the tables are others than they were, or somebody still holds them. */
function isEmptied(cluster: string, { keeper }: Held): Promise<boolean> {
  return emptied(keeper).then(
    (shape) => shape === emptying.get(cluster)?.shape,
    () => false,
  );
}

/** How its tables look. */
async function emptied(keeper: SQL): Promise<string> {
  const [row] = await keeper.unsafe<{ shape: string }[]>("SELECT pg_temp.emptied() AS shape");
  return row?.shape ?? "";
}

/** Made from a database that nobody has used: everything goes but what it began with. A function keeps its plans. */
async function define(db: Db): Promise<string> {
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
  return `CREATE FUNCTION pg_temp.emptied() RETURNS text LANGUAGE plpgsql AS $emptied$ BEGIN
    ${words.join("\n")}
    RETURN (SELECT concat_ws(' ', count(*), sum(relnatts), sum(relchecks), sum(relhastriggers::int))
            FROM pg_class WHERE relnamespace = 'public'::regnamespace);
  END $emptied$`;
}
