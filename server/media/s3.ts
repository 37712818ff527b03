/** Blobs as objects in a bucket, by the protocol of Amazon S3: what several nodes share. */
import { rm } from "node:fs/promises";
import { createLru } from "../lib/lru.ts";
import { Problem } from "../lib/problem.ts";
import { type Blobs, type Found, isBlobName, requireBlobName } from "./blobs.ts";
import type { Bucket } from "./bucket.ts";
import { typeOfExtension } from "./probe.ts";

/** Sizes that are remembered, so that a picture costs one question and not two: under 2 MB. */
const MAX_SIZES = 10_000;
/** Parts of a large file, and how many of them are on their way: 16 MB of memory. */
const UPLOAD = { partSize: 8 * 1024 * 1024, queueSize: 2, retry: 3 } as const;
/**
 * Up to this a part is read as a whole and told with its length; of more, the length is only in `Content-Range`, as Bun
 * tells none of what it streams. Pictures are smaller.
 */
const WHOLE_BYTES = 4 * 1024 * 1024;
const LISTED_AT_ONCE = 1_000;

export interface S3Access {
  readonly bucket: Bucket;
  /** Null for what the machine knows by itself. */
  readonly accessKeyId: string | null;
  readonly secretAccessKey: string | null;
}

/** Every method throws Problem `upstream` where the bucket cannot be reached or refuses. */
export function createS3Blobs({ bucket, accessKeyId, secretAccessKey }: S3Access): Blobs {
  const { name: bucketName, prefix, endpoint, region, publicUrl } = bucket;
  const client = new Bun.S3Client({
    bucket: bucketName,
    ...(endpoint === null ? {} : { endpoint }),
    ...(region === null ? {} : { region }),
    ...(accessKeyId === null ? {} : { accessKeyId }),
    ...(secretAccessKey === null ? {} : { secretAccessKey }),
  });
  const sizes = createLru<number>(MAX_SIZES);
  const keyOf = (name: string): string => `${prefix}${name.slice(0, 2)}/${name}`;

  async function sizeOf(name: string): Promise<number | null> {
    const known = sizes.get(name);
    if (known !== undefined) return known;
    try {
      const { size } = await client.file(keyOf(name)).stat();
      sizes.set(name, size);
      return size;
    } catch (error) {
      if (isMissing(error)) return null;
      throw unreachable(error);
    }
  }

  function found(name: string, sizeBytes: number): Found {
    const blob = client.file(keyOf(name));
    return {
      blob,
      sizeBytes,
      localPath: null,
      publicUrl: publicUrl === null ? null : publicUrl + keyOf(name).slice(prefix.length),
      async part(from, to) {
        const part = blob.slice(from, to);
        return to - from <= WHOLE_BYTES ? guarded(() => part.bytes()) : part.stream();
      },
    };
  }

  return {
    async put(name, content) {
      requireBlobName(name);
      // Another node may have removed it.
      sizes.delete(name);
      if ((await sizeOf(name)) === null) {
        const type = typeOfExtension(name.slice(name.lastIndexOf(".") + 1));
        const local = content instanceof Uint8Array ? content : Bun.file(content.path);
        await guarded(() =>
          client.file(keyOf(name)).write(local, {
            ...UPLOAD,
            type: type?.mediaType ?? "application/octet-stream",
            contentDisposition: type?.family === "file" ? "attachment" : "inline",
          }),
        );
      }
      if (!(content instanceof Uint8Array)) await rm(content.path, { force: true });
    },
    async find(name) {
      const size = isBlobName(name) ? await sizeOf(name) : null;
      return size === null ? null : found(name, size);
    },
    async remove(name) {
      requireBlobName(name);
      sizes.delete(name);
      await guarded(() => client.file(keyOf(name)).delete());
    },
    async *list() {
      let startAfter: string | undefined;
      do {
        const page = await guarded(() =>
          client.list({ prefix, maxKeys: LISTED_AT_ONCE, ...(startAfter ? { startAfter } : {}) }),
        );
        for (const { key, size = 0, lastModified } of page.contents ?? []) {
          const name = key.slice(key.lastIndexOf("/") + 1);
          if (isBlobName(name) && key === keyOf(name))
            yield { name, sizeBytes: size, keptMs: Date.parse(lastModified ?? "") || 0 };
        }
        startAfter = page.isTruncated ? page.contents?.at(-1)?.key : undefined;
      } while (startAfter !== undefined);
    },
    // What was begun and not finished the bucket itself clears away, by a rule of its life cycle.
    removeUnfinished: async () => undefined,
  };
}

async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw unreachable(error);
  }
}

const isMissing = (error: unknown): boolean =>
  ["NoSuchKey", "NotFound", "404"].includes(String((error as { code?: unknown }).code));

const unreachable = (cause: unknown): Problem =>
  new Problem(
    "upstream",
    "The place where files are kept cannot be reached. Try again in a moment.",
    { reason: "media-store" },
    { cause },
  );
