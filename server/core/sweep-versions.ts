/** Of the earlier versions of all things together none but the newest stay; files that only others had are let go. */
import type { Queue } from "../jobs/queue.ts";
import { fileNamesIn } from "../lib/file-names.ts";
import type { Db } from "../storage/db.ts";
import { dropVersionsUpTo, findOldVersions, type OldVersion } from "./store-versions.ts";

/** Versions that go in one batch: some megabytes at most. */
const AT_ONCE = 100;

export interface SweepDeps {
  readonly db: Db;
  readonly enqueue: Queue["enqueue"];
}

/** Batch after batch; what is done stays done when it is interrupted. */
export async function sweepVersions({ db, enqueue }: SweepDeps, most: number): Promise<void> {
  for (;;) {
    const old = await findOldVersions(db, most, AT_ONCE);
    const last = old.at(-1);
    if (last === undefined) return;
    const jobs = [...namesByOwner(old)].map(([owner, names]) =>
      enqueue({ kind: "release-files", payload: { owner, names: [...names] } }),
    );
    await db.batch([dropVersionsUpTo(last.key), ...jobs]);
  }
}

function namesByOwner(versions: readonly OldVersion[]): ReadonlyMap<number, ReadonlySet<string>> {
  const found = new Map<number, Set<string>>();
  for (const { owner, document } of versions) {
    const names = document === null ? [] : fileNamesIn(document);
    if (owner !== null && names.length > 0)
      found.set(owner, new Set([...(found.get(owner) ?? []), ...names]));
  }
  return found;
}
