/** Reads a response's body without ever holding more of it than was asked for, compressed or not. */
import { promisify } from "node:util";
import { brotliDecompress, gunzip } from "node:zlib";

/** What `readCapped` can undo, for `Accept-Encoding`. */
export const ACCEPTED_ENCODINGS = "gzip, br";

const DECOMPRESSORS = new Map([
  ["gzip", promisify<Uint8Array, { maxOutputLength: number }, Uint8Array>(gunzip)],
  ["x-gzip", promisify<Uint8Array, { maxOutputLength: number }, Uint8Array>(gunzip)],
  ["br", promisify<Uint8Array, { maxOutputLength: number }, Uint8Array>(brotliDecompress)],
]);

/**
 * The body of a response that was fetched with `decompress: false`, decompressed; or null once it is clear that it has
 * more than `maxBytes`. The rest is then cancelled: a body that nobody reads or cancels keeps its connection and memory.
 * Throws where the body is not what its `content-encoding` says.
 *
 * @NOTE The runtime's own decompression swells everything it has received before it hands out the first chunk: a
 * megabyte from the wire may take a gigabyte of memory. Hence by hand, with a limit.
 */
export async function readCapped(response: Response, maxBytes: number): Promise<Uint8Array | null> {
  const raw = await readRaw(response, maxBytes);
  const encoding = response.headers.get("content-encoding")?.trim().toLowerCase() ?? "identity";
  if (raw === null || raw.byteLength === 0 || encoding === "identity" || encoding === "") return raw;
  const decompress = DECOMPRESSORS.get(encoding);
  if (decompress === undefined) throw new Error(`unknown content-encoding ${encoding}`);
  try {
    return await decompress(raw, { maxOutputLength: maxBytes });
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE") return null;
    throw error;
  }
}

async function readRaw(response: Response, maxBytes: number): Promise<Uint8Array | null> {
  if (response.body === null) return new Uint8Array();
  const declared = declaredLength(response.headers);
  if (declared > maxBytes) {
    await response.body.cancel();
    return null;
  }
  // The length is what the connection itself counts by, so the body cannot grow beyond it.
  if (declared <= maxBytes) return response.bytes();

  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return Buffer.concat(chunks, size);
    size += value.byteLength;
    if (size > maxBytes) {
      await reader.cancel();
      return null;
    }
    chunks.push(value);
  }
}

/**
 * The length that the connection counts by, or NaN. RFC 9112 §6.3: where there is a `transfer-encoding` as well it is
 * the chunks that tell where the body ends, and the length may be a lie.
 */
const declaredLength = (headers: Headers): number =>
  headers.has("transfer-encoding") ? Number.NaN : Number(headers.get("content-length") ?? Number.NaN);
