/** A process that writes to a replicated database until it is killed, and tells which key is surely copied. */
import { join } from "node:path";
import { systemNow } from "../lib/clock.ts";
import { createLog } from "../lib/log.ts";
import { sql } from "../lib/sql.ts";
import { createReplication } from "../storage/sqlite/litestream.ts";
import { openSqlite } from "../storage/sqlite/open.ts";

const BURST = 100;

const folder = process.argv[2] ?? "";
const dataDir = join(folder, "data");
const db = openSqlite({ path: join(dataDir, "commons.db") });
await db.batch([sql`CREATE TABLE thing (key BIGINT, text TEXT)`]);
let copied = Promise.withResolvers<void>();
const write = (line: string): void => {
  if (line.includes("wal segment written")) copied.resolve();
};
const log = createLog({ now: systemNow, level: "debug", form: "json", write });
const replica = { url: join(folder, "copies"), accessKeyId: null, secretAccessKey: null };
await createReplication({ db, dataDir, replica, program: null, now: systemNow, log }).start();
await copied.promise;
for (let key = 1; ; key++) {
  await db.batch([sql`INSERT INTO thing (key, text) VALUES (${key}, ${"x".repeat(200)})`]);
  if (key % BURST > 0) continue;
  copied = Promise.withResolvers<void>();
  await copied.promise;
  // The copy that just ended may have begun within this burst, but not within the one before.
  console.log(key - BURST);
}
