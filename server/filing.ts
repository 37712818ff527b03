/** Puts together where the files of people here lie, who looks after them, and what is done with them later. */
import { join } from "node:path";
import { backOff, type JobKind } from "./jobs/job.ts";
import { every, type Task, weekly } from "./jobs/schedule.ts";
import type { Now } from "./lib/clock.ts";
import { HOUR_MS } from "./lib/durations.ts";
import { Problem } from "./lib/problem.ts";
import { type Blobs, moveBlobs, withEarlier } from "./media/blobs.ts";
import { bucketOf } from "./media/bucket.ts";
import { createDiskBlobs } from "./media/disk.ts";
import { clearOrphans, type Dropped } from "./media/orphans.ts";
import { createS3Blobs } from "./media/s3.ts";
import { createStills, stillOf } from "./media/stills.ts";
import { createMedia, type Media } from "./media/upload.ts";
import type { Opened } from "./open.ts";
import type { Config } from "./settings.ts";

/** An hour when few schools are awake anywhere near. */
const QUIET_HOUR_UTC = 3;

export interface Filing {
  readonly db: Opened["db"];
  readonly blobs: Blobs;
  readonly media: Media;
  /** Where files lie while they are received and worked on. */
  readonly workFolder: string;
  readonly tasks: readonly Task[];
  readonly jobs: Readonly<Record<string, JobKind>>;
  /** Clears away what was being received when the power went. */
  start(): Promise<void>;
}

export function createFiling(deps: {
  readonly opened: Opened;
  readonly config: Config;
  readonly now: Now;
  /** Path of the program; null where there is none. */
  readonly ffmpeg?: string | null;
}): Filing {
  const { opened, config, now, ffmpeg = Bun.which("ffmpeg") } = deps;
  const { db, keys, queue } = opened;
  const workFolder = workFolderOf(config);
  const blobs = blobsOf(config);
  const media = createMedia({
    db,
    keys,
    now,
    blobs,
    origin: config.origin,
    workFolder,
    limitBytes: config.uploadLimit,
    promiseStill: ffmpeg === null ? null : (key) => queue.enqueue(stillOf(key)),
  });
  const stills = ffmpeg === null ? null : createStills({ db, blobs, cover: media.cover, workFolder, ffmpeg });
  return {
    db,
    blobs,
    media,
    workFolder,
    tasks: [
      { name: "sweep-files", next: every(HOUR_MS), run: media.loose.sweep },
      {
        name: "clear-lost-files",
        next: weekly(QUIET_HOUR_UTC),
        run: async () => void (await clearOrphans({ db, blobs, now })),
      },
    ],
    jobs: { "release-files": released(media), ...(stills === null ? {} : { still: stills }) },
    start: () => createDiskBlobs(workFolder).removeUnfinished(now() - HOUR_MS),
  };
}

/** After something with files was deleted or changed (`vocab/activitystreams/create-update-delete.ts`), or put off no longer. */
const released = (media: Media): JobKind => ({
  async run({ payload }) {
    const {
      owner,
      names,
      from = null,
    } = payload as {
      owner: number;
      names: readonly string[];
      from?: number | null;
    };
    return media.loose.release(owner, names, from);
  },
  retry: backOff({ firstMs: 60_000, factor: 4, maxMs: HOUR_MS, giveUpAfterMs: 24 * HOUR_MS }),
  // It reads what somebody wrote from end to end.
  concurrency: 1,
});

/** Files that no row needs are dropped, also beside a server that is running. */
export const clearFiles = (deps: { opened: Opened; config: Config; now: Now }): Promise<Dropped> =>
  clearOrphans({ db: deps.opened.db, blobs: blobsOf(deps.config), now: deps.now });

const workFolderOf = (config: Config): string => join(config.dataDir, "media");

function blobsOf(config: Config): Blobs {
  const disk = createDiskBlobs(workFolderOf(config));
  const bucket = bucketIn(config);
  return bucket === null ? disk : withEarlier(bucket, disk);
}

function bucketIn(config: Config): Blobs | null {
  if (config.mediaUrl === null) return null;
  const { mediaAccessKeyId: accessKeyId, mediaSecretAccessKey: secretAccessKey } = config;
  return createS3Blobs({ bucket: bucketOf(config.mediaUrl), accessKeyId, secretAccessKey });
}

/** Where browsers are led for files of people here: an origin, or null where they all come from this server. */
export const mediaOriginOf = (config: Config): string | null => {
  const publicUrl = config.mediaUrl === null ? null : bucketOf(config.mediaUrl).publicUrl;
  return publicUrl === null ? null : new URL(publicUrl).origin;
};

/** Carries files from the data folder into the bucket. @throws Problem `invalid` where there is no bucket. */
export async function moveFiles(config: Config): Promise<number> {
  const bucket = bucketIn(config);
  if (bucket === null)
    throw new Problem("invalid", "There is nowhere to carry files to. Set media_url to a bucket first.");
  return moveBlobs(createDiskBlobs(workFolderOf(config)), bucket);
}

/** Whether the place for files answers. @throws Problem `upstream` where it does not. */
export async function tryFiles(config: Config): Promise<void> {
  for await (const _ of (bucketIn(config) ?? createDiskBlobs(workFolderOf(config))).list()) return;
}
