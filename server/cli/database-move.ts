/** `commons database move`: from the embedded database into PostgreSQL. */
import { bringForward } from "../database.ts";
import { systemNow } from "../lib/clock.ts";
import { Problem } from "../lib/problem.ts";
import { databaseOf } from "../settings.ts";
import { carryToPostgres } from "../storage/carry.ts";
import { openDb } from "../storage/open.ts";
import { lockFolder } from "../storage/sqlite/lock.ts";
import { isBlank } from "../storage/sqlite/lost.ts";
import { type Command, EXIT } from "./command.ts";
import { makeDataFolder, refuseForRoot } from "./data-folder.ts";

/** Between two lines about the same table. */
const ROWS_BETWEEN_LINES = 100_000;

export const databaseMove: Command = {
  name: "database move",
  summary:
    "Carry everything from SQLite in the data folder into the empty PostgreSQL of database_url. Stop the server first.",
  async run({ load, isJson, isTerminal, print, complain }) {
    const { config } = load();
    const { dataDir, databaseUrl: to } = config;
    if (to === null)
      throw new Problem(
        "invalid",
        "Set database_url to the PostgreSQL database that everything shall go to, an empty one.",
      );
    makeDataFolder(dataDir);
    refuseForRoot(dataDir);
    const letGo = lockFolder(dataDir);
    try {
      const from = databaseOf({ dataDir, databaseUrl: null });
      if (await isBlank(from))
        throw new Problem(
          "not-found",
          `There is no SQLite database at ${from}, so there is nothing to move.`,
        );
      for (const url of [from, to]) {
        const db = await openDb({ url });
        await bringForward({ db, dataDir, now: systemNow, holdsFolder: true }).finally(() => db.stop());
      }
      const { tables, keptAt } = await carryToPostgres({
        from,
        to,
        now: systemNow,
        ...(isTerminal ? { told: everySoOften(complain) } : {}),
      });
      const rows = [...tables.values()].reduce((sum, count) => sum + count, 0);
      if (isJson) print(JSON.stringify({ tables: tables.size, rows, keptAt }));
      else {
        print(
          `${rows} rows of ${tables.size} tables are in PostgreSQL now. Start the server with the same settings.`,
        );
        print(`The SQLite database is kept as ${keptAt}; nothing is written to it any more.`);
        print("replica_url copies SQLite alone: from now on make copies with pg_dump, or PostgreSQL's own.");
      }
      return EXIT.good;
    } finally {
      letGo();
    }
  },
};

function everySoOften(say: (line: string) => void): (table: string, rows: number) => void {
  const said = new Map<string, number>();
  return (table, rows) => {
    if (rows - (said.get(table) ?? 0) < ROWS_BETWEEN_LINES) return;
    said.set(table, rows);
    say(`${table}: ${rows} rows so far`);
  };
}
