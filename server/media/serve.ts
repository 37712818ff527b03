/** Files as they are given out: kept for ever, never run, and shown in place only where that is harmless. */
import type { Blobs } from "./blobs.ts";
import { typeOfExtension } from "./probe.ts";

/** A name stands for its bytes, so what was fetched once never has to be asked for again. */
const CACHE = "public, max-age=31536000, immutable";
/** Should a browser make a page of a file, nothing in it runs, loads or reaches out. */
const POLICY = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox";

/** Below it stand the files: `/media/NAME`. */
export const FILES_PATH = "/media/";

/** The answer to GET and HEAD of a path below `FILES_PATH`. */
export async function serveFile(blobs: Blobs, request: Request, path: string): Promise<Response> {
  const name = path.slice(FILES_PATH.length);
  const type = typeOfExtension(name.slice(name.lastIndexOf(".") + 1));
  const found = type === null ? null : await blobs.find(name);
  if (type === null || found === null) return missing();
  const etag = `"${name.slice(0, name.lastIndexOf("."))}"`;
  const headers: Record<string, string> = {
    "content-type": type.mediaType.startsWith("text/") ? `${type.mediaType}; charset=utf-8` : type.mediaType,
    "content-disposition": type.family === "file" ? `attachment; filename="${name}"` : "inline",
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": "cross-origin",
    "cache-control": CACHE,
    "accept-ranges": "bytes",
    etag,
  };
  if (isSame(request.headers.get("if-none-match"), etag)) return new Response(null, { status: 304, headers });
  const range = rangeOf(request, etag, found.sizeBytes);
  if (range === "none") {
    return new Response(null, {
      status: 416,
      headers: { ...headers, "content-range": `bytes */${found.sizeBytes}` },
    });
  }
  const [from, to] = range ?? [0, found.sizeBytes];
  const body = request.method === "HEAD" ? null : range ? found.blob.slice(from, to) : found.blob;
  const length = { "content-length": String(to - from) };
  const part = range && { "content-range": `bytes ${from}-${to - 1}/${found.sizeBytes}` };
  return new Response(body, { status: range ? 206 : 200, headers: { ...headers, ...length, ...part } });
}

const missing = (): Response =>
  new Response("There is no such file.\n", {
    status: 404,
    headers: { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" },
  });

/** RFC 9110 §13.1.2. */
const isSame = (header: string | null, etag: string): boolean =>
  header?.split(",").some((each) => ["*", etag, `W/${etag}`].includes(each.trim())) ?? false;

/**
 * RFC 9110 §14.2: one range as `[from, to)`; null for the whole, which is also the answer to several ranges and to
 * anything unknown; `none` where it lies beyond the end.
 */
function rangeOf(request: Request, etag: string, size: number): readonly [number, number] | null | "none" {
  const condition = request.headers.get("if-range");
  if (condition !== null && condition !== etag) return null;
  const found = /^bytes=(\d*)-(\d*)$/.exec(request.headers.get("range")?.trim() ?? "");
  if (found === null || request.method !== "GET") return null;
  const [, first = "", last = ""] = found;
  if (first === "" && last === "") return null;
  const from = first === "" ? Math.max(0, size - Number(last)) : Number(first);
  const to = first === "" || last === "" ? size : Math.min(size, Number(last) + 1);
  if (from >= size || (first === "" && Number(last) === 0)) return "none";
  return to > from ? [from, to] : null;
}
