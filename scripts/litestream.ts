/** Finds the Litestream of a platform and packs it for the build. */
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";

export type Platform = "linux-x64" | "linux-arm64";

/** What the packages of npm carry, whatever number they bear themselves. */
const LITESTREAM_VERSION = "0.3.13";
/** The strongest level that needs no special window: 30 MB become 8 MB, once. */
const ZSTD_LEVEL = 19;

export interface PackedFile {
  /** Absolute. */
  readonly path: string;
  readonly sha256: string;
  readonly version: string;
}

/**
 * Compresses the platform's Litestream into `folder`, once for each different program.
 * Null where npm has no package for the platform and `LITESTREAM_LINUX_ARM64` (or `…_X64`) names no file.
 */
export async function packLitestream(platform: Platform, folder: string): Promise<PackedFile | null> {
  const program = await findProgram(platform);
  if (!program) return null;
  const bytes = await Bun.file(program.path).bytes();
  const sha256 = new Bun.CryptoHasher("sha256").update(bytes).digest("hex");
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `litestream-${platform}-${sha256.slice(0, 16)}.zst`);
  if (!existsSync(path)) await Bun.write(path, await Bun.zstdCompress(bytes, { level: ZSTD_LEVEL }));
  return { path, sha256, version: program.version };
}

/** A file named by the builder, what `scripts/litestream-from-source` made, or the package of npm. */
async function findProgram(platform: Platform): Promise<{ path: string; version: string } | null> {
  const variable = `LITESTREAM_${platform.replace("-", "_").toUpperCase()}`;
  const given = process.env[variable];
  if (given) return { path: given, version: process.env[`${variable}_VERSION`] ?? "unknown" };
  const built = `.bun/litestream-${platform}`;
  if (existsSync(built)) return { path: built, version: (await Bun.file(`${built}.version`).text()).trim() };
  const packaged = `node_modules/@flydotio/litestream-${platform}/litestream`;
  return existsSync(packaged) ? { path: packaged, version: LITESTREAM_VERSION } : null;
}
