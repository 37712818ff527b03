/** Compiles the program into one file for each platform, with everything that it needs inside. */
import { renameSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import type { BunPlugin } from "bun";
import { type PackedFile, type Platform, packLitestream } from "./litestream.ts";
import { packNotices } from "./notices.ts";

const PLATFORMS: readonly Platform[] = ["linux-x64", "linux-arm64"];
const host = `${process.platform}-${process.arch}`;

const { values: flags } = parseArgs({ options: { host: { type: "boolean", default: false } } });
const wanted = PLATFORMS.filter((platform) => !flags.host || platform === host);
if (wanted.length === 0) {
  console.error(`The program is built for ${PLATFORMS.join(" and ")}, not for this machine (${host}).`);
  process.exit(1);
}

const commit = currentCommit();
const notices = await packNotices(resolve("dist/assets"));
for (const platform of wanted) {
  const start = performance.now();
  const litestream = await packLitestream(platform, resolve("dist/assets"));
  if (!litestream)
    console.warn(`commons-${platform} carries no Litestream: npm has none. See "Tools" in server/README.md.`);
  const file = await compile(platform, litestream);
  const megabytes = (Bun.file(file).size / 1e6).toFixed(0);
  console.log(`${file}  ${megabytes} MB  ${((performance.now() - start) / 1000).toFixed(1)} s`);
}
if (wanted.some((platform) => platform === host)) {
  rmSync("dist/commons", { force: true });
  await Bun.$`cp dist/commons-${host} dist/commons`; // `cp` shares the blocks where the file system can.
}

async function compile(platform: Platform, litestream: PackedFile | null): Promise<string> {
  const outfile = `dist/commons-${platform}`;
  const unfinished = `${outfile}.new`;
  const result = await Bun.build({
    entrypoints: ["server/main.ts", "server/storage/sqlite/writer-thread.ts"],
    // Side by side, where `new URL("./writer-thread.ts", import.meta.url)` leads once everything is one file.
    naming: { entry: "[name].[ext]" },
    target: "bun",
    format: "esm",
    bytecode: true,
    // What the first lines do not need is read after them: the program starts a quarter sooner.
    splitting: true,
    // Identifiers stay: Elysia reads the source of its handlers.
    minify: { whitespace: true, syntax: true, identifiers: false },
    sourcemap: "inline",
    define: { COMMONS_COMMIT: JSON.stringify(commit), "process.env.NODE_ENV": '"production"' },
    plugins: [embedding(litestream, notices)],
    compile: {
      target: `bun-${platform}`,
      outfile: unfinished,
      autoloadDotenv: false,
      autoloadBunfig: false,
    },
    throw: false,
  });
  if (!result.success) {
    for (const message of result.logs) console.error(message);
    process.exit(1);
  }
  for (const map of new Bun.Glob("dist/*.map").scanSync(".")) rmSync(map); // Copies: the maps are inside.
  renameSync(unfinished, outfile); // A server that runs the old file keeps it.
  return outfile;
}

/** Puts modules that embed a file in the place of those that have none. */
function embedding(litestream: PackedFile | null, licences: string): BunPlugin {
  return {
    name: "assets",
    setup(build) {
      build.onLoad({ filter: /server\/cli\/notices-asset\.ts$/ }, () => ({
        loader: "ts",
        contents:
          `import path from ${JSON.stringify(licences)} with { type: "file" };\n` +
          "export const packedNotices = path;",
      }));
      if (!litestream) return;
      build.onLoad({ filter: /server\/storage\/sqlite\/litestream-asset\.ts$/ }, () => ({
        loader: "ts",
        contents:
          `import path from ${JSON.stringify(litestream.path)} with { type: "file" };\n` +
          `export const packedLitestream = { ...${JSON.stringify({ ...litestream, path: "" })}, path };`,
      }));
    },
  };
}

/** Seven letters, with `.changed` where files differ from it; empty outside a checkout. */
function currentCommit(): string {
  const git = (...args: string[]) => {
    const { success, stdout } = Bun.spawnSync(["git", ...args], { stderr: "ignore" });
    return success ? stdout.toString().trim() : "";
  };
  const commit = git("rev-parse", "--short=7", "HEAD");
  return commit && git("status", "--porcelain", "--untracked-files=no") ? `${commit}.changed` : commit;
}
