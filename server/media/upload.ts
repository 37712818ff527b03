/** Takes a file from somebody here: looks at what it is, makes it safe, and keeps it under its own hash. */
import { createHash } from "node:crypto";
import type { Now } from "../lib/clock.ts";
import { createGate } from "../lib/gate.ts";
import type { Keys } from "../lib/id.ts";
import { Problem } from "../lib/problem.ts";
import type { Db } from "../storage/db.ts";
import type { Blobs } from "./blobs.ts";
import { withoutFilmMetadata } from "./film.ts";
import { makePicture } from "./image.ts";
import { type Family, type MediaType, probe, typeOfExtension } from "./probe.ts";
import { FILES_PATH } from "./serve.ts";
import * as store from "./store.ts";

/** What one person may keep here, unless said otherwise: some years of a teacher's photos and scans. */
const QUOTA_BYTES = 5_000_000_000;
/** Pictures in work at one time: each may take 100 MB of memory, and a small machine has little. */
const MAX_AT_WORK = 2;

export interface Media {
  /**
   * `owner` is the key of an actor here. The same file again gives the same answer.
   * Throws Problem `too-large`, `invalid` (nothing in it, damaged, a format that cannot be read), `full`.
   */
  take(owner: number, file: GivenFile): Promise<KeptFile>;
}

export interface GivenFile {
  readonly bytes: Uint8Array;
  /** As the sender calls it; only its ending is looked at. */
  readonly fileName: string | null;
  /** Pictures that are only ever shown small are made no larger; in pixels. */
  readonly maxSide?: number;
}

export interface KeptFile {
  readonly key: number;
  readonly url: string;
  readonly mediaType: string;
  readonly family: Family;
  readonly sizeBytes: number;
  /** In pixels; null for what is no picture. */
  readonly width: number | null;
  readonly height: number | null;
}

export function createMedia(deps: {
  readonly db: Db;
  readonly keys: Keys;
  readonly now: Now;
  readonly blobs: Blobs;
  /** Scheme and host, without a slash at the end. */
  readonly origin: string;
  /** Largest file, in bytes. */
  readonly limitBytes: number;
  readonly quotaBytes?: number;
}): Media {
  const { db, keys, now, blobs, origin, limitBytes, quotaBytes = QUOTA_BYTES } = deps;
  const atWork = createGate({ perKey: 1, total: MAX_AT_WORK });

  async function take(owner: number, file: GivenFile): Promise<KeptFile> {
    refuseSize(file.bytes.length);
    const made = await makeSafe(owner, file);
    const name = `${createHash("sha256").update(made.bytes).digest("hex")}.${made.type.extension}`;
    const known = await store.findMedia(db, owner, name);
    if (known === null) await refuseQuota(owner, made.bytes.length);
    // The file first: a row promises that it is there. Again where it is known, should it have been lost.
    await blobs.put(name, made.bytes);
    if (known !== null) return kept(known);
    const { width, height, type } = made;
    const sizeBytes = made.bytes.length;
    const row = { key: keys.next(), owner, name, mediaType: type.mediaType, sizeBytes, width, height };
    await db.batch([store.insertMedia(row, now())]);
    return kept((await store.findMedia(db, owner, name)) ?? row);
  }

  function refuseSize(sizeBytes: number): void {
    if (sizeBytes === 0) throw new Problem("invalid", "This file is empty.", { field: "file" });
    if (sizeBytes <= limitBytes) return;
    throw new Problem("too-large", `A file may have ${megabytes(limitBytes)} MB here; this one has more.`, {
      field: "file",
      reason: "media-too-large",
    });
  }

  async function refuseQuota(owner: number, moreBytes: number): Promise<void> {
    if ((await store.usedBytes(db, owner)) + moreBytes <= quotaBytes) return;
    throw new Problem(
      "full",
      `Your files would take more than ${megabytes(quotaBytes)} MB. Delete some first.`,
      {
        field: "file",
        reason: "quota",
      },
    );
  }

  async function makeSafe(owner: number, file: GivenFile): Promise<Made> {
    const { bytes, fileName } = file;
    const type = probe(bytes, fileName);
    if (typeof type === "string") {
      throw new Problem(
        "invalid",
        `Pictures in the format ${type} cannot be read here. Send JPEG, PNG, WebP or GIF.`,
        {
          field: "file",
          reason: "unsupported-media-type",
        },
      );
    }
    if (type.family === "image") return makeImage(owner, file, type.extension);
    const isBoxed = ["mp4", "mov", "m4a"].includes(type.extension);
    return { type, bytes: isBoxed ? withoutFilmMetadata(bytes) : bytes, width: null, height: null };
  }

  async function makeImage(owner: number, file: GivenFile, extension: string): Promise<Made> {
    const leave = await atWork.enter(String(owner), NEVER);
    try {
      const { extension: made, ...picture } = await makePicture(file.bytes, extension, file.maxSide);
      const type = typeOfExtension(made);
      if (type === null) throw new Error(`A picture was made in the unknown format ${made}`);
      return { ...picture, type };
    } finally {
      leave();
    }
  }

  const kept = ({ key, name, mediaType, sizeBytes, width, height }: store.MediaRow): KeptFile => ({
    key,
    url: origin + FILES_PATH + name,
    mediaType,
    family: typeOfExtension(name.slice(name.lastIndexOf(".") + 1))?.family ?? "file",
    sizeBytes,
    width,
    height,
  });

  return { take };
}

interface Made {
  readonly type: MediaType;
  readonly bytes: Uint8Array;
  readonly width: number | null;
  readonly height: number | null;
}

/** Nobody gives up: the edge lets nobody wait longer than its own limit. */
const NEVER = new AbortController().signal;

const megabytes = (bytes: number): string => String(Math.round(bytes / 100_000) / 10);
