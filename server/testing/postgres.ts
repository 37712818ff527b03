/** Empty PostgreSQL databases for tests, in the run's cluster or in one of their own. */
import { SQL } from "bun";
import { startPostgres, type TestPostgres } from "../../scripts/postgres.ts";
import { type Borrowed, borrow, letGo } from "./handed-on.ts";

export interface PostgresForTests {
  /** Uses the cluster at TEST_POSTGRES_URL; without it starts one, for this file alone. */
  start(): Promise<void>;
  /** The URL of a new, empty database that collates like SQLite. */
  create(options?: { readonly locale?: string }): Promise<string>;
  /** One with what `prepare` puts into it, done once for the cluster and copied from then on; it may have had borrowers. */
  borrow(prepare: (url: string) => Promise<void>): Promise<Borrowed>;
  /** Removes every database that `create` made, gives back what was borrowed, and ends the cluster when it is ours. */
  dropAll(): Promise<void>;
}

/** Of the run's cluster: copied, never changed. */
const PREPARED = "prepared";
const UNFINISHED = "prepared_unfinished";
/** Any number, the same everywhere. */
const PREPARING = 4711;

/** Each costs PostgreSQL a process, which plans every statement anew. */
const CONNECTIONS = 2;

const newName = (): string => `test_${Bun.randomUUIDv7().replaceAll("-", "")}`;

export function postgresForTests(): PostgresForTests {
  let own: TestPostgres | null = null;
  let admin: SQL | null = null;
  let base = "";
  const created: string[] = [];
  const borrowed: Borrowed[] = [];

  function started(): SQL {
    if (!admin) throw new Error("start() comes first: use freshDb inside a test or a hook.");
    return admin;
  }

  function urlOf(name: string): string {
    const url = new URL(base);
    url.pathname = `/${name}`;
    return url.href;
  }

  async function make(name: string, template: string, locale = "C"): Promise<string> {
    await started().unsafe(
      // Nothing waits for the disk here, so copying files is several times quicker than logging their blocks.
      `CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY FILE_COPY
        ENCODING 'UTF8' LC_COLLATE '${locale}' LC_CTYPE '${locale}'`,
    );
    return urlOf(name);
  }

  return {
    async start() {
      const given = process.env.TEST_POSTGRES_URL;
      if (!given) own = await startPostgres();
      base = given ?? own?.url ?? "";
      if (!base) throw new Error("TEST_ENGINES names postgres, but Debian's package postgresql is missing.");
      admin = new SQL(base, { max: 1 });
    },
    async create({ locale = "C" } = {}) {
      const name = newName();
      created.push(name);
      return make(name, "template0", locale);
    },
    async borrow(prepare) {
      const given = await borrow(base, () => copied(prepare));
      borrowed.push(given);
      return given;
    },
    async dropAll() {
      for (const each of borrowed) await each.giveBack();
      for (const name of created) await admin?.unsafe(`DROP DATABASE ${name} WITH (FORCE)`);
      await admin?.close();
      if (own) await letGo(base);
      await own?.stop();
    },
  };

  async function copied(prepare: (url: string) => Promise<void>): Promise<string> {
    const connection = started();
    // Tests run in several processes: one prepares, the others wait for it.
    await connection.unsafe(`SELECT pg_advisory_lock(${PREPARING})`);
    const known = await connection.unsafe(`SELECT 1 FROM pg_database WHERE datname = '${PREPARED}'`);
    if (known.length === 0) {
      await make(UNFINISHED, "template0");
      await prepare(urlOf(UNFINISHED));
      await connection.unsafe(`ALTER DATABASE ${UNFINISHED} RENAME TO ${PREPARED}`);
    }
    await connection.unsafe(`SELECT pg_advisory_unlock(${PREPARING})`);
    return `${await make(newName(), PREPARED)}?connection_limit=${CONNECTIONS}`;
  }
}
