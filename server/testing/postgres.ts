/** Empty PostgreSQL databases for tests, in the run's cluster or in one of their own. */
import { SQL } from "bun";
import { startPostgres, type TestPostgres } from "../../scripts/postgres.ts";

export interface PostgresForTests {
  /** Uses the cluster at TEST_POSTGRES_URL; without it starts one, for this file alone. */
  start(): Promise<void>;
  /** The URL of a new, empty database that collates like SQLite. */
  create(options?: { readonly locale?: string }): Promise<string>;
  /** Removes every database that `create` made, and the cluster when it is ours. */
  dropAll(): Promise<void>;
}

export function postgresForTests(): PostgresForTests {
  let own: TestPostgres | null = null;
  let admin: SQL | null = null;
  let base = "";
  const created: string[] = [];
  return {
    async start() {
      const given = process.env.TEST_POSTGRES_URL;
      if (!given) own = await startPostgres();
      base = given ?? own?.url ?? "";
      if (!base) throw new Error("TEST_ENGINES names postgres, but Debian's package postgresql is missing.");
      admin = new SQL(base, { max: 1 });
    },
    async create({ locale = "C" } = {}) {
      if (!admin) throw new Error("start() comes first: use freshDb inside a test or a hook.");
      const name = `test_${Bun.randomUUIDv7().replaceAll("-", "")}`;
      await admin.unsafe(
        `CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE '${locale}' LC_CTYPE '${locale}'`,
      );
      created.push(name);
      const url = new URL(base);
      url.pathname = `/${name}`;
      return url.href;
    },
    async dropAll() {
      for (const name of created) await admin?.unsafe(`DROP DATABASE ${name} WITH (FORCE)`);
      await admin?.close();
      await own?.stop();
    },
  };
}
