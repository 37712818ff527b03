/** `commons copy`: moves an instance from the embedded database into PostgreSQL, and back. */
import { bringForward } from "../database.ts";
import { systemNow } from "../lib/clock.ts";
import { Problem } from "../lib/problem.ts";
import { databaseOf } from "../settings.ts";
import { type Carrying, carryToPostgres, carryToSqlite } from "../storage/carry.ts";
import { openDb } from "../storage/open.ts";
import { lockFolder } from "../storage/sqlite/lock.ts";
import { isBlank } from "../storage/sqlite/lost.ts";
import { type Call, type Command, EXIT } from "./command.ts";
import { makeDataFolder, refuseForRoot } from "./data-folder.ts";

/** Between two lines about the same table. */
const ROWS_BETWEEN_LINES = 100_000;

interface Done {
  readonly tables: ReadonlyMap<string, number>;
  readonly says: readonly string[];
  readonly keptAt?: string;
}

/** `sqlite` is the path in the data folder, `postgres` the address of the settings. */
type Copying = (
  at: { readonly sqlite: string; readonly postgres: string; readonly dataDir: string },
  told: Pick<Carrying, "told">,
) => Promise<Done>;

export const copy: Command = {
  name: "copy",
  words: ["ENGINE"],
  summary:
    "Copy everything from SQLite into the PostgreSQL of database_url (copy postgres), or back (copy sqlite).",
  async run(call) {
    const { config } = call.load();
    const { dataDir, databaseUrl: postgres } = config;
    const copying = COPYING[call.words[0] ?? ""];
    if (copying === undefined)
      throw new Problem(
        "invalid",
        "Say where everything shall go: `commons copy postgres` or `commons copy sqlite`.",
      );
    if (postgres === null)
      throw new Problem(
        "invalid",
        "Set database_url to the PostgreSQL database that everything goes to, or comes from.",
      );
    makeDataFolder(dataDir);
    refuseForRoot(dataDir);
    const letGo = lockFolder(dataDir);
    try {
      const sqlite = databaseOf({ dataDir, databaseUrl: null });
      const told = call.isTerminal ? { told: everySoOften(call) } : {};
      const { tables, says, keptAt } = await copying({ sqlite, postgres, dataDir }, told);
      const rows = [...tables.values()].reduce((sum, count) => sum + count, 0);
      if (call.isJson)
        call.print(JSON.stringify({ tables: tables.size, rows, ...(keptAt ? { keptAt } : {}) }));
      else
        for (const line of [`${rows} rows of ${tables.size} tables were copied.`, ...says]) call.print(line);
      return EXIT.good;
    } finally {
      letGo();
    }
  },
};

const COPYING: Readonly<Record<string, Copying>> = {
  async postgres({ sqlite, postgres, dataDir }, told) {
    if (await isBlank(sqlite))
      throw new Problem(
        "not-found",
        `There is no SQLite database at ${sqlite}, so there is nothing to copy.`,
      );
    for (const url of [sqlite, postgres]) await broughtForward(url, dataDir);
    const { tables, keptAt } = await carryToPostgres({ from: sqlite, to: postgres, now: systemNow, ...told });
    return {
      tables,
      keptAt,
      says: [
        "Start the server with the same settings; it works on PostgreSQL now.",
        `The SQLite database is kept as ${keptAt}; nothing is written to it any more.`,
        "replica_url copies SQLite alone: from now on make copies with pg_dump, or PostgreSQL's own.",
      ],
    };
  },
  async sqlite({ sqlite, postgres, dataDir }, told) {
    if (!(await isBlank(sqlite)))
      throw new Problem("conflict", `There is an SQLite database at ${sqlite} already. Move it away first.`);
    await broughtForward(postgres, dataDir);
    const { tables } = await carryToSqlite({ from: postgres, to: sqlite, now: systemNow, ...told });
    return {
      tables,
      says: [
        `Everything is in ${sqlite} now. Take database_url out of the settings, and start the server.`,
        "Nothing in PostgreSQL was changed; no server may go on with it.",
      ],
    };
  },
};

/** To this program's schema. */
async function broughtForward(url: string, dataDir: string): Promise<void> {
  const db = await openDb({ url });
  await bringForward({ db, dataDir, now: systemNow, holdsFolder: true }).finally(() => db.stop());
}

function everySoOften({ complain }: Pick<Call, "complain">): (table: string, rows: number) => void {
  const said = new Map<string, number>();
  return (table, rows) => {
    if (rows - (said.get(table) ?? 0) < ROWS_BETWEEN_LINES) return;
    said.set(table, rows);
    complain(`${table}: ${rows} rows so far`);
  };
}
