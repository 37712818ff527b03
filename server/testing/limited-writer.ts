/** A process that writes rows until it is killed, or (with `bursts`) until its disk is full and has room again. */
import { isProblem } from "../lib/problem.ts";
import { sql } from "../lib/sql.ts";
import { openSqlite } from "../storage/sqlite/open.ts";

const [, , path = "", mode] = process.argv;
const db = openSqlite({ path });
await db.batch([sql`CREATE TABLE thing (key INTEGER PRIMARY KEY, text TEXT)`]);
const put = (key: number) => sql`INSERT INTO thing (key, text) VALUES (${key}, ${"x".repeat(2000)})`;

if (mode === "bursts") await fillDisk();
else {
  for (let key = 1; ; key++) {
    await db.batch([put(key)]);
    console.log(key);
  }
}

/** Writes ten batches at once until one is refused, waits for room, and writes once more. */
async function fillDisk(): Promise<void> {
  const answered: number[] = [];
  const codes = new Set<string>();
  let key = 1;
  async function burst(): Promise<void> {
    const keys = Array.from({ length: 10 }, () => key++);
    const outcomes = await Promise.allSettled(keys.map((each) => db.batch([put(each)])));
    outcomes.forEach((outcome, i) => {
      if (outcome.status === "fulfilled") answered.push(keys[i] ?? 0);
      else codes.add(isProblem(outcome.reason) ? outcome.reason.code : String(outcome.reason));
    });
  }
  while (codes.size === 0) await burst();
  await burst();
  const answeredBefore = answered.length;
  const rows = await db.all(sql`SELECT key FROM thing`);
  const readable = rows.length === answeredBefore;
  console.log("full");
  for await (const _ of Bun.stdin.stream()) break;
  await burst();
  await db.stop();
  console.log(JSON.stringify({ answered, answeredBefore, codes: [...codes], readable }));
}
