/** What a replica holds, as Litestream tells it: from when on the past can be brought back. */
import { parseJson } from "../../lib/json.ts";
import { Problem } from "../../lib/problem.ts";
import { versionOf } from "./litestream.ts";
import { findLitestream } from "./litestream-program.ts";
import { isOldLitestream, litestreamConfig, litestreamEnvironment, shownReplica } from "./replica.ts";
import type { RestoreFrom } from "./restore.ts";

/** A place that does not answer at all is waited for so long. */
const PATIENCE_MS = 30_000;

/** An unbroken line of copies; a new one begins where Litestream could not go on from the last. */
export interface Generation {
  readonly name: string;
  /** Of its oldest and its newest whole copy: milliseconds since 1970. Moments after the first can be brought back. */
  readonly firstMs: number;
  readonly newestMs: number;
  /** What the newest whole copy takes, compressed. */
  readonly bytes: number;
}

/**
 * Newest first; null where this Litestream (0.5 and later) has no such list.
 * Throws Problem `upstream` when the place cannot be asked, and what `findLitestream` throws.
 */
export async function findGenerations(from: RestoreFrom): Promise<readonly Generation[] | null> {
  const program = await findLitestream({ dataDir: from.dataDir, given: from.program });
  const version = await versionOf(program);
  if (!isOldLitestream(version)) return null;
  // The configuration may hold a password: it goes by a pipe, and lies nowhere.
  const config = litestreamConfig({ ...from, port: 0, version });
  const child = Bun.spawn([program, "snapshots", "-config", "/dev/stdin", "-no-expand-env", from.path], {
    stdin: new TextEncoder().encode(config),
    stdout: "pipe",
    stderr: "pipe",
    env: litestreamEnvironment(from.replica),
    timeout: PATIENCE_MS,
  });
  const [table, said] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  // It ends with 0 also where it reached nobody.
  if ((await child.exited) !== 0 || said.trim() !== "") {
    const where = shownReplica(from.replica);
    throw new Problem(
      "upstream",
      `The replica ${where} cannot be asked what it holds. Correct replica_url, or see that it answers: ${faultIn(said)}`,
    );
  }
  return parseSnapshots(table);
}

function faultIn(said: string): string {
  const line = said.trim().split("\n").at(-1) ?? "";
  const parsed = parseJson(line) as Record<string, unknown> | null;
  const why = String(parsed?.error ?? line).replace(/\s+/g, " ");
  return why.slice(-300) || "it does not answer";
}

/** The rows `replica generation index size created` under their heading. */
export function parseSnapshots(table: string): readonly Generation[] {
  const found = new Map<string, Generation>();
  for (const line of table.trim().split("\n").slice(1)) {
    const [, name = "", , size, created = ""] = line.trim().split(/\s+/);
    const ms = Date.parse(created);
    if (Number.isNaN(ms)) continue;
    const known = found.get(name) ?? { name, firstMs: ms, newestMs: ms, bytes: Number(size) };
    const newest = ms >= known.newestMs ? { newestMs: ms, bytes: Number(size) } : {};
    found.set(name, { ...known, firstMs: Math.min(known.firstMs, ms), ...newest });
  }
  return [...found.values()].sort((a, b) => b.newestMs - a.newestMs);
}
