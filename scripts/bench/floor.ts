/** The floor of every read: a bare `Bun.serve` that reads as many prepared rows from SQLite as the page shows, of the
 * size that makes the answer as long, and writes them out. And that of posting: the same server takes a JSON object,
 * commits one row and gives an answer as long.
 */
import { Database } from "bun:sqlite";
import { join } from "node:path";
import { freePort } from "../postgres.ts";

export interface FloorShape {
  readonly rows: number;
  readonly bytes: number;
}

export interface Floor {
  readonly port: number;
  /** Addresses of so many answers of this shape, each from other rows. */
  paths(shape: FloorShape, count: number): readonly string[];
  /** Where `{ "status": … }` is posted to and answered with so many bytes. */
  postPath(answerBytes: number): string;
  stop(): void;
}

/** Rows of one size: more than the page cache of a connection holds. */
const ROWS = 20_000;
const MAX_BYTES = 100_000_000;

/** Starts the process; `folder` takes its database. */
export async function startFloor(folder: string, shapes: readonly FloorShape[]): Promise<Floor> {
  const port = await freePort();
  const child = Bun.spawn(
    [process.execPath, import.meta.path, join(folder, "floor.db"), String(port), JSON.stringify(shapes)],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  for await (const _ of child.stdout) break; // It says when it is ready.
  return {
    port,
    paths: ({ rows, bytes }, count) => {
      const size = sizeOf({ rows, bytes });
      const many = countOf(size);
      return Array.from(
        { length: count },
        (_, i) => `/${size}/${(i * 7919) % Math.max(1, many - rows)}/${rows}`,
      );
    },
    postPath: (answerBytes) => `/posted/${answerBytes}`,
    stop: () => child.kill(),
  };
}

const sizeOf = ({ rows, bytes }: FloorShape): number => Math.max(1, Math.round(bytes / rows));
const countOf = (size: number): number => Math.min(ROWS, Math.floor(MAX_BYTES / size));

if (import.meta.main) {
  const [file = "", port = "0", shapes = "[]"] = process.argv.slice(2);
  const database = new Database(file, { create: true });
  for (const pragma of ["journal_mode = WAL", "synchronous = FULL", "cache_size = -8000"])
    database.run(`PRAGMA ${pragma}`);
  const sizes = new Set((JSON.parse(shapes) as FloorShape[]).map(sizeOf));
  const reads = new Map<string, ReturnType<typeof database.query>>();
  for (const size of sizes) {
    database.run(`CREATE TABLE IF NOT EXISTS size_${size} (key INTEGER PRIMARY KEY, text TEXT NOT NULL)`);
    const insert = database.query(`INSERT OR IGNORE INTO size_${size} VALUES (?, ?)`);
    database.transaction(() => {
      for (let key = 0; key < countOf(size); key++) insert.run(key, String(key).padEnd(size, "x"));
    })();
    reads.set(
      String(size),
      database.query(`SELECT text FROM size_${size} WHERE key >= +?1 ORDER BY key LIMIT +?2`),
    );
  }
  database.run("CREATE TABLE IF NOT EXISTS posted (key INTEGER PRIMARY KEY, text TEXT NOT NULL)");
  const post = database.query("INSERT INTO posted (text) VALUES (?)");
  Bun.serve({
    port: Number(port),
    hostname: "127.0.0.1",
    async fetch(request) {
      const [, size = "", from = "0", count = "1"] = request.url
        .slice(request.url.indexOf("/", 8))
        .split("/");
      if (request.method === "POST") {
        const { status } = (await request.json()) as { status: string };
        post.run(status);
        return Response.json({ status: status.padEnd(Number(from), "x") });
      }
      const rows = (reads.get(size)?.all(Number(from), Number(count)) ?? []) as { text: string }[];
      return new Response(rows.map(({ text }) => text).join(""), {
        headers: { "content-type": "text/html; charset=utf-8" },
      });
    },
  });
  console.log("ready");
}
