/** Takes a file from somebody here: looks at what it is, makes it safe, and keeps it under its own hash. */
import { createHash } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Now } from "../lib/clock.ts";
import { createGate } from "../lib/gate.ts";
import type { Keys } from "../lib/id.ts";
import { Problem } from "../lib/problem.ts";
import { newCode } from "../lib/secret.ts";
import type { Sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";
import { atWork } from "./at-work.ts";
import type { Blobs, LocalFile } from "./blobs.ts";
import { asProblem, UNFINISHED } from "./disk.ts";
import { blankFilmMetadata } from "./film.ts";
import { type MadePicture, makePicture } from "./image.ts";
import { type Focus, fileNameOf, focusText, type KeptFile, keptFile } from "./kept.ts";
import { createLoose, LOOSE_MS, type Loose } from "./loose.ts";
import { measure } from "./measure.ts";
import type { Measured } from "./measure-film.ts";
import { coverOf, impressionOf } from "./preview.ts";
import { type MediaType, probeSource, typeOfExtension } from "./probe.ts";
import { type Editable, type Source, sourceOfBlob, sourceOfBytes, withFile } from "./source.ts";
import * as store from "./store.ts";

/** What one person may keep here, unless said otherwise: some years of a teacher's photos and scans. */
const QUOTA_BYTES = 5_000_000_000;
/** A picture is read as a whole; no camera makes larger ones. */
export const MAX_PICTURE_BYTES = 50_000_000;
/** Larger files are worked on where they lie. */
const IN_MEMORY_BYTES = 1_000_000;
/** How long apps wait for a still of a film, at most. */
const PENDING_MS = 2 * 60_000;
/** Files whose place, time and maker can be blanked out. */
const BOXED: ReadonlySet<string> = new Set(["mp4", "mov", "m4a"]);

export interface Media {
  /**
   * `owner` is the key of an actor here. The same file again gives the same answer.
   * Throws Problem `too-large`, `invalid` (nothing in it, damaged, a format that cannot be read), `full`.
   */
  take(owner: number, file: GivenFile): Promise<KeptFile>;
  /** Files that an app has sent and not used yet. */
  readonly loose: Loose;
  /** Gives the file of this key another preview: a cover that somebody chose. Throws as `take`. */
  cover(key: number, picture: Uint8Array | Blob): Promise<void>;
}

export interface GivenFile {
  readonly content: Uint8Array | Blob;
  /** As the sender calls it. */
  readonly fileName: string | null;
  /** Pictures that are only ever shown small are made no larger, and have no preview; in pixels. */
  readonly maxSide?: number;
  /** It goes after a day unless something uses it (`loose.ts`). */
  readonly isLoose?: boolean;
  readonly description?: string;
  readonly focus?: Focus | null;
}

export interface MediaDeps {
  readonly db: Db;
  readonly keys: Keys;
  readonly now: Now;
  readonly blobs: Blobs;
  /** Scheme and host, without a slash at the end. */
  readonly origin: string;
  /** Where files lie while they are worked on; made when needed, best on the disk of the blobs. */
  readonly workFolder: string;
  /** Largest file, in bytes. */
  readonly limitBytes: number;
  readonly quotaBytes?: number;
  /** Promises a still of the film with this key; null where nobody can make one. */
  readonly promiseStill?: ((key: number) => Sql) | null;
}

interface Made extends Measured {
  readonly type: MediaType;
  readonly content: Uint8Array | LocalFile;
  readonly hash: string;
  readonly sizeBytes: number;
  readonly preview: MadePicture | null;
  readonly blurhash: string | null;
}

export function createMedia(deps: MediaDeps): Media {
  const { db, keys, now, blobs, origin, limitBytes, quotaBytes = QUOTA_BYTES } = deps;
  /** One file of a person after the other: those that are sent at once keep to the quota together. */
  const keeping = createGate({ perKey: 1, total: Number.POSITIVE_INFINITY });

  async function take(owner: number, file: GivenFile): Promise<KeptFile> {
    refuseSize(sizeOf(file.content));
    const made = await makeSafe(owner, file);
    // Nobody gives up: the edge lets nobody wait longer than its own limit.
    const leave = await keeping.enter(String(owner), new AbortController().signal);
    try {
      return await keep(owner, file, made);
    } finally {
      leave();
      if (!(made.content instanceof Uint8Array)) await rm(made.content.path, { force: true });
    }
  }

  async function keep(owner: number, file: GivenFile, made: Made): Promise<KeptFile> {
    const { type, sizeBytes, preview } = made;
    const name = `${made.hash}.${type.extension}`;
    const known = await store.findMedia(db, owner, name);
    if (known === null) await refuseQuota(owner, sizeBytes);
    // The files first: a row promises that they are there. Again where it is known, should they have been lost.
    await blobs.put(name, made.content);
    const previewName = preview === null ? null : await keepPreview(preview);
    const canHaveStill = type.family === "video" && (known?.preview ?? null) === null;
    const promiseStill = canHaveStill ? (deps.promiseStill ?? null) : null;
    const row: store.MediaRow = {
      key: known?.key ?? keys.next(),
      owner,
      name,
      mediaType: type.mediaType,
      sizeBytes,
      width: made.width,
      height: made.height,
      durationMs: made.durationMs,
      preview: previewName,
      previewWidth: preview?.width ?? null,
      previewHeight: preview?.height ?? null,
      blurhash: made.blurhash,
      fileName: type.family === "file" ? fileNameOf(file.fileName, type.extension) : null,
      description: file.description ?? null,
      focus: focusText(file.focus ?? null),
      expiresMs: file.isLoose ? now() + LOOSE_MS : null,
      pendingMs: promiseStill === null ? null : now() + PENDING_MS,
    };
    await db.batch([store.putMedia(row, now()), ...(promiseStill === null ? [] : [promiseStill(row.key)])]);
    return keptFile((await store.findMedia(db, owner, name)) ?? row, origin, now());
  }

  async function keepPreview({ bytes, extension }: MadePicture): Promise<string> {
    const name = `${sha256Of(bytes)}.${extension}`;
    await blobs.put(name, bytes);
    return name;
  }

  function refuseSize(sizeBytes: number): void {
    if (sizeBytes === 0) throw new Problem("invalid", "This file is empty.", { field: "file" });
    if (sizeBytes > limitBytes) throw tooLarge("A file", limitBytes);
  }

  async function refuseQuota(owner: number, moreBytes: number): Promise<void> {
    if ((await store.usedBytes(db, owner)) + moreBytes <= quotaBytes) return;
    throw new Problem(
      "full",
      `Your files would take more than ${megabytes(quotaBytes)} MB. Delete some first.`,
      { field: "file", reason: "quota" },
    );
  }

  async function makeSafe(owner: number, file: GivenFile): Promise<Made> {
    const { content, fileName } = file;
    const source = content instanceof Uint8Array ? sourceOfBytes(content) : sourceOfBlob(content);
    const type = await probeSource(source, fileName);
    if (typeof type === "string") throw unreadable(type);
    if (type.family === "image") return makeImage(owner, file, type);
    return sizeOf(content) <= IN_MEMORY_BYTES ? makeInMemory(content, type) : makeOnDisk(content, type);
  }

  /** Read as a whole, and so not before its turn. */
  const makeImage = (
    owner: number,
    { content, maxSide }: GivenFile,
    { extension }: MediaType,
  ): Promise<Made> =>
    atWork(`person ${owner}`, async () => {
      const picture = await makePicture(await bytesOf(content), extension, maxSide);
      const type = typeOfExtension(picture.extension);
      if (type === null) throw new Error(`A picture was made in the unknown format ${picture.extension}`);
      const impression =
        maxSide === undefined ? await impressionOf(picture) : { preview: null, blurhash: null };
      const { width, height } = picture;
      return { type, ...ofBytes(picture.bytes), width, height, durationMs: null, ...impression };
    });

  async function makeInMemory(content: Uint8Array | Blob, type: MediaType): Promise<Made> {
    const bytes = (await bytesOf(content)).slice();
    const measured = await tidied(sourceOfBytes(bytes), type);
    return { type, ...ofBytes(bytes), ...measured, ...UNSEEN };
  }

  async function makeOnDisk(content: Uint8Array | Blob, type: MediaType): Promise<Made> {
    const path = join(deps.workFolder, UNFINISHED + newCode());
    try {
      await mkdir(deps.workFolder, { recursive: true });
      await Bun.write(path, content instanceof Uint8Array ? new Uint8Array(content) : content);
      const [measured, hash] = await withFile(path, "r+", async (file) => {
        return [await tidied(file, type), await hashOf(file)] as const;
      });
      return { type, content: { path }, hash, sizeBytes: sizeOf(content), ...measured, ...UNSEEN };
    } catch (error) {
      await rm(path, { force: true });
      throw asProblem(error);
    }
  }

  async function cover(key: number, content: Uint8Array | Blob): Promise<void> {
    const source = content instanceof Uint8Array ? sourceOfBytes(content) : sourceOfBlob(content);
    const type = await probeSource(source, null);
    if (typeof type === "string") throw unreadable(type);
    if (type.family !== "image")
      throw new Problem("invalid", "This is no picture. Choose a JPEG, PNG, WebP or GIF.", {
        field: "thumbnail",
      });
    const { preview, blurhash } = await atWork(`file ${key}`, async () =>
      coverOf(await bytesOf(content), type.extension),
    );
    const name = await keepPreview(preview);
    const { width: previewWidth, height: previewHeight } = preview;
    await db.batch([
      ...(await earlierCover(key, name)),
      store.coverMedia(key, { preview: name, previewWidth, previewHeight, blurhash }),
    ]);
  }

  /** What was posted has the address of its preview: another one leaves it there, as long as something has it. */
  async function earlierCover(key: number, name: string): Promise<readonly Sql[]> {
    const row = await store.findMediaByKey(db, key);
    if (row?.preview == null || row.preview === name) return [];
    const type = typeOfExtension(row.preview.slice(row.preview.lastIndexOf(".") + 1));
    const found = await blobs.find(row.preview);
    if (type === null || found === null) return [];
    const earlier: store.MediaRow = {
      ...row,
      ...UNSEEN,
      key: keys.next(),
      name: row.preview,
      mediaType: type.mediaType,
      sizeBytes: found.sizeBytes,
      width: row.previewWidth,
      height: row.previewHeight,
      durationMs: null,
      previewWidth: null,
      previewHeight: null,
      fileName: null,
      expiresMs: now() + LOOSE_MS,
      pendingMs: null,
    };
    return [store.putMedia(earlier, now())];
  }

  return { take, cover, loose: createLoose(deps) };
}

/** Of what is heard, saved, or not looked into. */
const UNSEEN = { preview: null, blurhash: null } as const;

/** Takes out what nobody is to know, and looks how long and large it is. */
async function tidied(file: Editable, { extension }: MediaType): Promise<Measured> {
  if (BOXED.has(extension)) await blankFilmMetadata(file);
  return measure(file satisfies Source, extension);
}

const sizeOf = (content: Uint8Array | Blob): number =>
  content instanceof Uint8Array ? content.length : content.size;

async function bytesOf(content: Uint8Array | Blob): Promise<Uint8Array> {
  if (sizeOf(content) > MAX_PICTURE_BYTES) throw tooLarge("A picture", MAX_PICTURE_BYTES);
  return content instanceof Uint8Array ? content : new Uint8Array(await content.arrayBuffer());
}

/** Bytes that are read at a time. */
const PIECE_BYTES = 256 * 1024;

async function hashOf(file: Source): Promise<string> {
  const hash = createHash("sha256");
  const piece = new Uint8Array(PIECE_BYTES);
  for (let at = 0; at < file.sizeBytes; at += PIECE_BYTES)
    hash.update(await file.read(at, PIECE_BYTES, piece));
  return hash.digest("hex");
}

const sha256Of = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

const ofBytes = (bytes: Uint8Array) => ({ content: bytes, hash: sha256Of(bytes), sizeBytes: bytes.length });

const tooLarge = (what: string, limitBytes: number): Problem =>
  new Problem("too-large", `${what} may have ${megabytes(limitBytes)} MB here; this one has more.`, {
    field: "file",
    reason: "media-too-large",
  });

const unreadable = (format: string): Problem =>
  new Problem(
    "invalid",
    `Pictures in the format ${format} cannot be read here. Send JPEG, PNG, WebP or GIF.`,
    { field: "file", reason: "unsupported-media-type" },
  );

const megabytes = (bytes: number): string => String(Math.round(bytes / 100_000) / 10);
