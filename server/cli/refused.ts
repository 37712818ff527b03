/** What the machine refuses (a right, room, a file where a folder should be), as a sentence for whoever typed the command. */
import { isProblem, Problem } from "../lib/problem.ts";
import { isDamage } from "../storage/sqlite/errors.ts";

const notYours = (path: string): string =>
  `This user may not use ${path}. Run this as the user that owns it, or give it to this one with chown.`;
const noRoom = (path: string): string => `The disk has no room for ${path}. Free some, and try again.`;

/** Errors of the system that are no bug, by their code. */
const SENTENCES: Readonly<Record<string, (path: string) => string>> = {
  EACCES: notYours,
  EPERM: notYours,
  EROFS: (path) => `The disk of ${path} is mounted read-only. Mount it so that it can be written.`,
  ENOSPC: noRoom,
  EDQUOT: noRoom,
  EISDIR: (path) => `${path} is a folder, where a file is needed. Correct the path.`,
  ENOTDIR: (path) => `A part of ${path} is a file, where a folder is needed. Correct the path.`,
};

/** The sentence for what was thrown; null where it is a bug, which is for whoever mends the program. */
export function refusalOf(error: unknown): Problem | null {
  if (isProblem(error)) return error;
  if (isDamage(error)) {
    return new Problem(
      "invalid",
      "The database is damaged. Stop the server and go back to a copy: `commons backup restore`.",
      { reason: "damaged" },
      { cause: error },
    );
  }
  const { code, path } = (error ?? {}) as { readonly code?: unknown; readonly path?: unknown };
  if (typeof code !== "string" || typeof path !== "string") return null;
  const sentence = SENTENCES[code]?.(path);
  return sentence === undefined ? null : new Problem("invalid", sentence, { reason: code }, { cause: error });
}
