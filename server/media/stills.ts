/** Stills of films, made by ffmpeg where it is installed: by a job, never while somebody waits. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { backOff, givingUp, type JobKind } from "../jobs/job.ts";
import type { NewJob } from "../jobs/queue.ts";
import { HOUR_MS } from "../lib/durations.ts";
import { isProblem } from "../lib/problem.ts";
import { newCode } from "../lib/secret.ts";
import type { Db } from "../storage/db.ts";
import type { Blobs, Found } from "./blobs.ts";
import { UNFINISHED } from "./disk.ts";
import * as store from "./store.ts";
import type { Media } from "./upload.ts";

/** The promise of a still of the film with this key, for the batch that keeps it. */
export const stillOf = (key: number): NewJob => ({
  kind: "still",
  lane: String(key),
  payload: { key },
  once: `still ${key}`,
});

/** One picture is a second of work; what takes longer is damaged, or meant to be. */
const TIMEOUT_MS = 20_000;
/** Longest side of what ffmpeg hands over, which is made smaller still. */
const SIDE = 1_280;
/** A PNG of that size at most. */
const MAX_STILL_BYTES = 8_000_000;
/** Of one frame: 8K, and no bomb. */
const MAX_FRAME_PIXELS = 36_000_000;
/** The first frame is often black: a moment later, and not far into a long film. */
const AT_MS = { share: 0.1, most: 3_000 } as const;

/** How ffmpeg calls the formats that are films here; no other is tried, whatever the bytes say. */
const FORMATS: Readonly<Record<string, string>> = { mp4: "mov", mov: "mov", webm: "matroska", ogv: "ogg" };

export function createStills(deps: {
  readonly db: Db;
  readonly blobs: Blobs;
  readonly cover: Media["cover"];
  readonly workFolder: string;
  /** Path of the program, as `Bun.which` finds it. */
  readonly ffmpeg: string;
}): JobKind {
  const { db, blobs, workFolder, ffmpeg } = deps;

  async function makeStill(
    row: store.MediaRow,
    found: Found,
    signal: AbortSignal,
  ): Promise<Uint8Array | null> {
    const format = FORMATS[row.name.slice(row.name.lastIndexOf(".") + 1)];
    if (format === undefined) return null;
    const copy = join(workFolder, UNFINISHED + newCode());
    try {
      if (found.localPath === null) await Bun.write(copy, new Response(await found.part(0, found.sizeBytes)));
      const film = { path: found.localPath ?? copy, format };
      const atMs = Math.min((row.durationMs ?? 0) * AT_MS.share, AT_MS.most);
      return (
        (await frameAt(ffmpeg, film, atMs, signal)) ??
        (atMs > 0 ? await frameAt(ffmpeg, film, 0, signal) : null)
      );
    } finally {
      await rm(copy, { force: true });
    }
  }

  return {
    async run({ payload }, signal) {
      const { key } = payload as { key: number };
      const row = await store.findMediaByKey(db, key);
      const found = row === null || row.preview !== null ? null : await blobs.find(row.name);
      const still = row === null || found === null ? null : await makeStill(row, found, signal);
      if (still === null) return [store.coverMedia(key, null)];
      try {
        await deps.cover(key, still);
        return [];
      } catch (error) {
        if (!isProblem(error, "invalid")) throw error;
        throw givingUp("ffmpeg gave no picture that can be read.");
      }
    },
    retry: backOff({ firstMs: 30_000, factor: 4, maxMs: 10 * 60_000, giveUpAfterMs: HOUR_MS }),
    // It may take a whole processor, and somebody wants to read pages meanwhile.
    concurrency: 1,
  };
}

/** Null where there is no such frame, or none within the time. */
async function frameAt(
  ffmpeg: string,
  film: { readonly path: string; readonly format: string },
  atMs: number,
  signal: AbortSignal,
): Promise<Uint8Array | null> {
  const child = Bun.spawn({
    cmd: [ffmpeg, ...argumentsFor(film, atMs)],
    // Nothing of ours is passed on: neither secrets nor settings that change what it does.
    env: {},
    stdin: "ignore",
    stdout: "pipe",
    stderr: "ignore",
    timeout: TIMEOUT_MS,
    killSignal: "SIGKILL",
    maxBuffer: MAX_STILL_BYTES,
    signal,
  });
  const bytes = new Uint8Array(await new Response(child.stdout).arrayBuffer());
  await child.exited;
  signal.throwIfAborted();
  return bytes.length === 0 ? null : bytes;
}

/** The film is the only file that it may open, and nothing that it says leads anywhere else. */
const argumentsFor = (
  { path, format }: { path: string; format: string },
  atMs: number,
): readonly string[] => [
  ...["-nostdin", "-hide_banner", "-loglevel", "error", "-threads", "1"],
  ...[
    "-protocol_whitelist",
    "file,pipe",
    "-format_whitelist",
    format,
    "-max_pixels",
    String(MAX_FRAME_PIXELS),
  ],
  ...["-f", format, "-ss", String(atMs / 1000), "-i", `file:${path}`],
  ...["-map", "0:v:0", "-an", "-sn", "-dn", "-frames:v", "1"],
  ...["-vf", `scale='min(${SIDE},iw)':'min(${SIDE},ih)':force_original_aspect_ratio=decrease`],
  ...["-c:v", "png", "-f", "image2pipe", "pipe:1"],
];
