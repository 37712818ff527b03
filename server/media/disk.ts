/** Blobs as files in a folder, spread over 256 folders below it. */
import { copyFile, mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Problem } from "../lib/problem.ts";
import { newCode } from "../lib/secret.ts";
import { type Blobs, isBlobName, type LocalFile, requireBlobName } from "./blobs.ts";

/** How names of files begin that are on their way in. */
export const UNFINISHED = "unfinished-";

export function createDiskBlobs(folder: string): Blobs {
  return {
    async put(name, content) {
      const path = pathOf(folder, name);
      if (await Bun.file(path).exists()) {
        await takeAway(content);
        return;
      }
      await mkdir(dirname(path), { recursive: true });
      const unfinished = join(folder, UNFINISHED + newCode());
      try {
        if (content instanceof Uint8Array) await writeSafely(unfinished, content);
        else await moveSafely(content, unfinished);
        // A file is there whole or not at all, also after the power went.
        await rename(unfinished, path);
      } catch (error) {
        await rm(unfinished, { force: true });
        throw asProblem(error);
      }
    },
    async find(name) {
      if (!isBlobName(name)) return null;
      const localPath = pathOf(folder, name);
      const blob = Bun.file(localPath);
      if (!(await blob.exists())) return null;
      const sizeBytes = blob.size;
      // The whole as it is: of a part Bun makes an answer of its own.
      const part = async (from: number, to: number) =>
        to - from === sizeBytes ? blob : blob.slice(from, to);
      return { blob, sizeBytes, localPath, publicUrl: null, part };
    },
    remove: (name) => rm(pathOf(folder, name), { force: true }),
    async *list() {
      for (const below of await entries(folder)) {
        if (!/^[0-9a-f]{2}$/.test(below)) continue;
        for (const name of await entries(join(folder, below))) {
          const found = isBlobName(name) ? await statOf(join(folder, below, name)) : null;
          if (found !== null) yield { name, sizeBytes: found.size, keptMs: found.mtimeMs };
        }
      }
    },
    async removeUnfinished(beforeMs) {
      for (const name of await entries(folder)) {
        if (!name.startsWith(UNFINISHED)) continue;
        const found = await statOf(join(folder, name));
        if (found !== null && found.mtimeMs < beforeMs) await rm(join(folder, name), { force: true });
      }
    },
  };
}

/** What Problem a full disk is; any other error as it is. */
export const asProblem = (error: unknown): unknown =>
  ["ENOSPC", "EDQUOT"].includes(String((error as NodeJS.ErrnoException).code))
    ? new Problem("full", "The server's disk is full. Tell those who run it.", {}, { cause: error })
    : error;

/** Empty where the folder is not there yet. */
async function entries(folder: string): Promise<readonly string[]> {
  return (await unlessMissing(readdir(folder))) ?? [];
}

/** Null for what somebody else has removed meanwhile. */
const statOf = (path: string) => unlessMissing(stat(path));

async function unlessMissing<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

function pathOf(folder: string, name: string): string {
  requireBlobName(name);
  return join(folder, name.slice(0, 2), name);
}

async function writeSafely(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, "wx", 0o640);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function moveSafely({ path }: LocalFile, to: string): Promise<void> {
  try {
    await rename(path, to);
  } catch (error) {
    // Another disk.
    if ((error as NodeJS.ErrnoException).code !== "EXDEV") throw error;
    await copyFile(path, to);
    await rm(path, { force: true });
  }
  const file = await open(to, "r+");
  try {
    await file.chmod(0o640);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function takeAway(content: Uint8Array | LocalFile): Promise<void> {
  if (!(content instanceof Uint8Array)) await rm(content.path, { force: true });
}
