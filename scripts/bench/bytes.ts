/** What a post takes in the database, everything included: rows, indexes, its activity, its lines in lanes. */
import { existsSync, mkdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";

export interface Sizes {
  readonly localBytes: number;
  readonly remoteBytes: number;
}

/** Seeds `posts` of each kind into a database of its own and looks how it grows. */
export async function bytesPerPost(folder: string, posts: number, quick: boolean): Promise<Sizes> {
  return {
    localBytes: await growth(folder, "local", posts, quick),
    remoteBytes: await growth(folder, "remote", posts, quick),
  };
}

async function growth(folder: string, authors: string, posts: number, quick: boolean): Promise<number> {
  const data = join(folder, `bytes-${authors}`);
  rmSync(data, { recursive: true, force: true });
  mkdirSync(data);
  // The first posts of everybody make their lists; what is measured is one post more.
  await seed(data, authors, posts, quick);
  const before = sizeOf(data);
  await seed(data, authors, posts * 2, quick);
  const grown = sizeOf(data) - before;
  rmSync(data, { recursive: true });
  return grown / posts;
}

/** The write-ahead log is empty once the last connection is closed. */
const sizeOf = (data: string): number =>
  ["commons.db", "commons.db-wal"]
    .map((name) => join(data, name))
    .reduce((sum, path) => sum + (existsSync(path) ? statSync(path).size : 0), 0);

async function seed(data: string, authors: string, posts: number, quick: boolean): Promise<void> {
  const child = Bun.spawn(
    [process.execPath, "scripts/bench/seed.ts", data, String(posts), "--authors", authors].concat(
      quick ? ["--quick"] : [],
    ),
    { stdio: ["ignore", "inherit", "inherit"] },
  );
  if ((await child.exited) !== 0) throw new Error("Seeding failed.");
}
