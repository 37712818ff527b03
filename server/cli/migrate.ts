/** `commons migrate`: brings the database forward without serving anybody. */
import { migrations } from "../../migrations/index.ts";
import { bringForward, openDatabase } from "../database.ts";
import { systemNow } from "../lib/clock.ts";
import { pendingMigrations } from "../storage/migrate.ts";
import { type Command, EXIT } from "./command.ts";
import { makeDataFolder, refuseForRoot } from "./data-folder.ts";

export const migrateCommand: Command = {
  name: "migrate",
  summary: "Bring the database forward to this version (serve does it too); SQLite is copied first.",
  options: [{ name: "dry-run", takes: null, help: "Only say what is missing." }],
  async run({ load, options, isJson, print }) {
    const { config } = load();
    makeDataFolder(config.dataDir);
    refuseForRoot(config.dataDir);
    const db = await openDatabase(config);
    try {
      const isDry = options["dry-run"] === true;
      const names = isDry
        ? await pendingMigrations(db, migrations)
        : await bringForward({ db, dataDir: config.dataDir, now: systemNow, holdsFolder: false });
      if (isJson) print(JSON.stringify({ [isDry ? "missing" : "applied"]: names }));
      else if (names.length === 0) print("The database is up to date.");
      else for (const name of names) print(`${isDry ? "missing" : "applied"}  ${name}`);
      return EXIT.good;
    } finally {
      await db.stop();
    }
  },
};
