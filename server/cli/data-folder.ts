/** The folder in which everything lies that must survive: how it is made, and who may write there. */
import { closeSync, fstatSync, mkdirSync, openSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { Problem } from "../lib/problem.ts";
import { newToken } from "../lib/secret.ts";

/** For its owner alone: keys and private messages lie there. Throws Problem `invalid`. */
export function makeDataFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new Problem(
      "invalid",
      `The data folder ${path} cannot be made. Check its path and who owns it.`,
      {},
      { cause: error },
    );
  }
}

/**
 * What root makes in a folder of somebody else, the server of that user can neither change nor, often, read.
 * Throws Problem `forbidden` there, before anything is made. `uid` is that of this process; null where there is none.
 */
export function refuseForRoot(path: string, uid: number | null = process.getuid?.() ?? null): void {
  if (uid !== 0) return;
  const owner = ownerOf(join(path, "commons.db")) ?? ownerOf(path);
  if (owner === null || owner === 0 || owner === ownerOfNew(path)) return;
  throw new Problem(
    "forbidden",
    `${path} belongs to the user with the number ${owner}, whose server could not use what root makes there. Run this as that user: sudo -u '#${owner}' commons …`,
    { reason: "root" },
  );
}

const ownerOf = (path: string): number | null => statSync(path, { throwIfNoEntry: false })?.uid ?? null;

/** Whose a new file there is: on network disks and in containers, root's are not always root's. */
function ownerOfNew(folder: string): number {
  const path = join(folder, `.owner-${newToken()}`);
  // Fails where the name exists, so that no link leads elsewhere.
  const descriptor = openSync(path, "wx", 0o600);
  try {
    return fstatSync(descriptor).uid;
  } finally {
    closeSync(descriptor);
    rmSync(path, { force: true });
  }
}
