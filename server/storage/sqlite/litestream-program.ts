/** Finds the Litestream to run: the administrator's, the one inside the program, or npm's in a checkout. */
import { existsSync } from "node:fs";
import { chmod, mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { Problem } from "../../lib/problem.ts";
import { type PackedLitestream, packedLitestream } from "./litestream-asset.ts";

/** Where npm's package for this platform lies in a checkout. */
const IN_CHECKOUT = join(
  import.meta.dir,
  `../../../node_modules/@flydotio/litestream-${process.platform}-${process.arch}/litestream`,
);

/**
 * The path of a Litestream that can be run. The one inside the program is unpacked to `bin/litestream-HASH` in the
 * data folder, and checked against its hash before each use.
 * Throws Problem `invalid` when there is none, or `given` does not exist; `full` when it cannot be unpacked.
 */
export async function findLitestream(deps: {
  readonly dataDir: string;
  /** The administrator's own (setting `litestream_path`). */
  readonly given: string | null;
  /** For tests. */
  readonly packed?: PackedLitestream | null;
}): Promise<string> {
  const { dataDir, given, packed = packedLitestream } = deps;
  if (given !== null) {
    if (existsSync(given)) return given;
    throw new Problem("invalid", `litestream_path names ${given}, which does not exist. Correct the path.`);
  }
  if (packed) return unpack(packed, join(dataDir, "bin"));
  if (existsSync(IN_CHECKOUT)) return IN_CHECKOUT;
  throw new Problem(
    "invalid",
    `This program carries no Litestream for ${process.platform} on ${process.arch}. ` +
      "Install Litestream and set litestream_path to it, or take replica_url away.",
  );
}

async function unpack(packed: PackedLitestream, folder: string): Promise<string> {
  const name = `litestream-${packed.sha256.slice(0, 16)}`;
  const path = join(folder, name);
  if (existsSync(path) && (await hashOf(path)) === packed.sha256) return path;
  try {
    await mkdir(folder, { recursive: true });
    // Under a name of its own until it is whole and on disk: a start that was cut short leaves nothing to run.
    const unfinished = `${path}.new`;
    const bytes = await Bun.zstdDecompress(await Bun.file(packed.path).bytes());
    const file = await open(unfinished, "w", 0o755);
    await file.writeFile(bytes);
    await file.sync();
    await file.close();
    await chmod(unfinished, 0o755);
    if ((await hashOf(unfinished)) !== packed.sha256) throw new Error("Its hash is not what it should be.");
    await rename(unfinished, path);
  } catch (error) {
    throw new Problem(
      "full",
      `Litestream cannot be unpacked to ${path}. Check the disk and who owns the folder.`,
      {},
      { cause: error },
    );
  }
  for (const other of await readdir(folder)) {
    if (other.startsWith("litestream-") && other !== name) await rm(join(folder, other), { force: true });
  }
  return path;
}

async function hashOf(path: string): Promise<string> {
  const hasher = new Bun.CryptoHasher("sha256");
  for await (const chunk of Bun.file(path).stream()) hasher.update(chunk);
  return hasher.digest("hex");
}
