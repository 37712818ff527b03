/** What the machine itself can do: RSA-2048 signatures made and verified, and commits to its disk, a second. */
import { Database } from "bun:sqlite";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  generateKeyPair,
  importPrivatePem,
  importPublicPem,
  signBytes,
  verifyBytes,
} from "../../server/signatures/keys.ts";

export interface Machine {
  readonly signsPerSecond: number;
  readonly verifiesPerSecond: number;
  readonly commitsPerSecond: number;
}

/** As many at once as keeps every thread of the runtime busy. */
const AT_ONCE = 64;

/** Takes about `3 × durationMs`. `folder`: on the disk that is measured. */
export async function measureMachine(durationMs: number, folder = tmpdir()): Promise<Machine> {
  const pair = await generateKeyPair("rsa");
  const signKey = await importPrivatePem("key", pair.privatePem);
  const verifyKey = await importPublicPem(pair.publicPem);
  const data = new Uint8Array(300);
  const signature = await signBytes(signKey, data);
  return {
    signsPerSecond: await rate(durationMs, () => signBytes(signKey, data)),
    verifiesPerSecond: await rate(durationMs, () => verifyBytes(verifyKey, signature, data)),
    commitsPerSecond: commits(durationMs, folder),
  };
}

async function rate(durationMs: number, work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  const end = started + durationMs;
  let done = 0;
  const loop = async () => {
    while (performance.now() < end) {
      await work();
      done++;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, loop));
  return done / ((performance.now() - started) / 1000);
}

/** One row each, synced, one after the other. */
function commits(durationMs: number, folder: string): number {
  const own = mkdtempSync(join(folder, "commons-bench-"));
  const database = new Database(join(own, "commits.db"), { create: true });
  for (const pragma of ["journal_mode = WAL", "synchronous = FULL"]) database.run(`PRAGMA ${pragma}`);
  database.run("CREATE TABLE line (key INTEGER PRIMARY KEY, text TEXT)");
  const insert = database.query("INSERT INTO line (text) VALUES (?)");
  const started = performance.now();
  let done = 0;
  while (performance.now() < started + durationMs) {
    insert.run("x".repeat(200));
    done++;
  }
  const perSecond = done / ((performance.now() - started) / 1000);
  database.close();
  rmSync(own, { recursive: true });
  return perSecond;
}

/** The middle of several measurements, each kind by itself. */
export function middleOf(all: readonly Machine[]): Machine {
  const middle = (of: (machine: Machine) => number) =>
    all.map(of).sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? Number.NaN;
  return {
    signsPerSecond: middle((machine) => machine.signsPerSecond),
    verifiesPerSecond: middle((machine) => machine.verifiesPerSecond),
    commitsPerSecond: middle((machine) => machine.commitsPerSecond),
  };
}

/** In a process of its own: `bun scripts/bench/machine.ts MS`. */
if (import.meta.main) console.log(JSON.stringify(await measureMachine(Number(process.argv[2] ?? 1000))));
