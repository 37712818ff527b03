/** Blobs as objects in a bucket, by the protocol of Amazon S3: what several nodes share. */
import { rm } from "node:fs/promises";
import { createGate } from "../lib/gate.ts";
import { createLru } from "../lib/lru.ts";
import { isProblem, Problem } from "../lib/problem.ts";
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
/** A bucket answers within some tenths of a second; one that says nothing for so long is away. */
const ANSWER_MS = 20_000;
/** Where a bucket is slower than this (256 kB a second), a file has more time for what it weighs. */
const BYTES_PER_MS = 256;
/**
 * Requests to the bucket at one time, also those that nobody waits for any more: Bun cannot be told to end one, does so
 * itself after six minutes of silence, and sends 256 of all kinds at once. What goes elsewhere has the larger part.
 */
const MAX_AT_ONCE = 64;

export interface S3Access {
  readonly bucket: Bucket;
  /** Null for what the machine knows by itself. */
  readonly accessKeyId: string | null;
  readonly secretAccessKey: string | null;
  /** How long one question may take, and the least for a file, in milliseconds. */
  readonly answerMs?: number;
}

/** Every method throws Problem `upstream` where the bucket cannot be reached, refuses, or does not answer in time. */
export function createS3Blobs(access: S3Access): Blobs {
  const { bucket, accessKeyId, secretAccessKey, answerMs = ANSWER_MS } = access;
  const { name: bucketName, prefix, endpoint, region, publicUrl } = bucket;
  const client = new Bun.S3Client({
    bucket: bucketName,
    ...(endpoint === null ? {} : { endpoint }),
    ...(region === null ? {} : { region }),
    ...(accessKeyId === null ? {} : { accessKeyId }),
    ...(secretAccessKey === null ? {} : { secretAccessKey }),
  });
  const sizes = createLru<number>(MAX_SIZES);
  const gate = createGate({ perKey: MAX_AT_ONCE, total: MAX_AT_ONCE });
  const keyOf = (name: string): string => `${prefix}${name.slice(0, 2)}/${name}`;

  /** One request, and the wait for its turn, within the time that so many bytes may take. */
  async function asked<T>(work: () => Promise<T>, bytes = 0): Promise<T> {
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(silent()), answerMs + bytes / BYTES_PER_MS);
    try {
      const leave = await gate.enter("", late.signal);
      const answer = Promise.try(work).finally(leave);
      return await Promise.race([answer, whenLate(late.signal)]);
    } catch (error) {
      throw isProblem(error) ? error : unreachable(error);
    } finally {
      clearTimeout(timer);
    }
  }

  async function sizeOf(name: string): Promise<number | null> {
    const known = sizes.get(name);
    if (known !== undefined) return known;
    const size = await asked(() =>
      client
        .file(keyOf(name))
        .stat()
        .then(({ size }) => size, unlessMissing),
    );
    if (size !== null) sizes.set(name, size);
    return size;
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
        const size = to - from;
        return size <= WHOLE_BYTES ? asked(() => part.bytes(), size) : flowing(part.stream(), answerMs);
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
        const options = {
          ...UPLOAD,
          type: type?.mediaType ?? "application/octet-stream",
          contentDisposition: type?.family === "file" ? "attachment" : "inline",
        } as const;
        await asked(
          () => client.file(keyOf(name)).write(local, options),
          local instanceof Uint8Array ? local.length : local.size,
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
      await asked(() => client.file(keyOf(name)).delete());
    },
    async *list() {
      let startAfter: string | undefined;
      do {
        const page = await asked(() =>
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

/** Never resolves. */
const whenLate = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason), { once: true }));

/** The same bytes; it breaks off where one piece is waited for too long. How slowly they are read does not count. */
function flowing(source: ReadableStream<Uint8Array>, pieceMs: number): ReadableStream<Uint8Array> {
  const reader = source.getReader();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const late = new AbortController();
        const timer = setTimeout(() => late.abort(silent()), pieceMs);
        try {
          const { done, value } = await Promise.race([reader.read(), whenLate(late.signal)]);
          if (done) controller.close();
          else controller.enqueue(value);
        } catch (error) {
          void reader.cancel(error).catch(() => undefined);
          throw isProblem(error) ? error : unreachable(error);
        } finally {
          clearTimeout(timer);
        }
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
}

function unlessMissing(error: unknown): null {
  if (["NoSuchKey", "NotFound", "404"].includes(String((error as { code?: unknown }).code))) return null;
  throw error;
}

const silent = (): Problem =>
  new Problem("upstream", "The place where files are kept does not answer. Try again in a moment.", {
    reason: "media-store",
  });

const unreachable = (cause: unknown): Problem =>
  new Problem(
    "upstream",
    "The place where files are kept cannot be reached. Try again in a moment.",
    { reason: "media-store" },
    { cause },
  );
