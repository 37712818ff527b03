/** Blobs as files in a folder, spread over 256 folders below it. */
import { mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Problem } from "../lib/problem.ts";
import { newCode } from "../lib/secret.ts";
import type { Blobs } from "./blobs.ts";

/** Names are ours, and yet nothing that could leave the folder becomes a path. */
const NAME = /^[0-9a-f]{2}[0-9a-z]{2,126}\.[a-z0-9]{1,8}$/;

const UNFINISHED = "unfinished-";

export function createDiskBlobs(folder: string): Blobs {
  return {
    async put(name, bytes) {
      const path = pathOf(folder, name);
      if (await Bun.file(path).exists()) return;
      await mkdir(dirname(path), { recursive: true });
      const unfinished = join(folder, UNFINISHED + newCode());
      try {
        await writeSafely(unfinished, bytes);
        // A file is there whole or not at all, also after the power went.
        await rename(unfinished, path);
      } catch (error) {
        await rm(unfinished, { force: true });
        throw isFull(error)
          ? new Problem("full", "The server's disk is full. Tell those who run it.", {}, { cause: error })
          : error;
      }
    },
    async find(name) {
      if (!NAME.test(name)) return null;
      const blob = Bun.file(pathOf(folder, name));
      return (await blob.exists()) ? { blob, sizeBytes: blob.size } : null;
    },
    remove: (name) => rm(pathOf(folder, name), { force: true }),
    async *names() {
      for (const below of await entries(folder)) {
        if (!/^[0-9a-f]{2}$/.test(below)) continue;
        for (const name of await entries(join(folder, below))) if (NAME.test(name)) yield name;
      }
    },
    async removeUnfinished() {
      for (const name of await entries(folder)) {
        if (name.startsWith(UNFINISHED)) await rm(join(folder, name), { force: true });
      }
    },
  };
}

/** Empty where the folder is not there yet. */
async function entries(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

function pathOf(folder: string, name: string): string {
  if (!NAME.test(name)) throw new Error(`${JSON.stringify(name)} is no name of a blob`);
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

const isFull = (error: unknown): boolean =>
  ["ENOSPC", "EDQUOT"].includes(String((error as NodeJS.ErrnoException).code));
