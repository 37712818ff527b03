/** `commons backup now`: a whole copy of the database beside it, made while the server runs. */
import { systemNow } from "../lib/clock.ts";
import { Problem } from "../lib/problem.ts";
import { databaseOf } from "../settings.ts";
import { copyDaily } from "../storage/sqlite/copies.ts";
import { isBlank } from "../storage/sqlite/lost.ts";
import { openSqlite } from "../storage/sqlite/open.ts";
import { type Command, EXIT } from "./command.ts";
import { refuseForRoot } from "./data-folder.ts";
import { onlySqlite } from "./only-sqlite.ts";

export const backupNow: Command = {
  name: "backup now",
  summary:
    "Copy the database into the folder backups, while the server runs or not; the newest seven are kept.",
  async run({ load, isJson, print }) {
    const { config } = load();
    onlySqlite(config);
    const path = databaseOf(config);
    if (await isBlank(path)) throw new Problem("not-found", `There is no database at ${path} yet.`);
    refuseForRoot(config.dataDir);
    const db = openSqlite({ path });
    try {
      const copy = await copyDaily(db, systemNow());
      print(isJson ? JSON.stringify({ copy }) : `${copy}`);
      return EXIT.good;
    } finally {
      await db.stop();
    }
  },
};
