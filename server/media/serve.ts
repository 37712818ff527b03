/** Files as they are given out: never run, and shown in place only where that is harmless. */
import { type Blobs, type Found, isBlobName } from "./blobs.ts";
import { FOR_A_DAY, NOT_AT_ALL } from "./caching.ts";
import { FILES_PATH } from "./files-path.ts";
import { fileNameOf } from "./kept.ts";
import { type MediaType, typeOfExtension } from "./probe.ts";

/** A name stands for its bytes, which never change; but whether anybody may see them does. */
const CACHE = `${FOR_A_DAY}, immutable`;
/** Should a browser make a page of a file, nothing in it runs, loads or reaches out. */
const POLICY = "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox";

/** Who may see a file: everybody, whoever asks here and for this once (the staff), or nobody. */
export type Sight = "all" | "asker" | "nobody";
/** Of a file here by its name, or of what is elsewhere by the key of the row that shows it. */
export type SightOf<Of = string> = (of: Of, request: Request) => Promise<Sight>;

/** The answer to GET and HEAD of a path below `FILES_PATH`. Throws Problem `upstream` where the files lie out of reach. */
export async function serveFile(
  blobs: Blobs,
  sightOf: SightOf,
  request: Request,
  path: string,
): Promise<Response> {
  const [name = "", called, more] = path.slice(FILES_PATH.length).split("/");
  const extension = name.slice(name.lastIndexOf(".") + 1);
  const type = more === undefined && isBlobName(name) ? typeOfExtension(extension) : null;
  const sight = type === null ? "nobody" : await sightOf(name, request);
  const found = sight === "nobody" ? null : await blobs.find(name);
  if (type === null || found === null) return missing();
  const etag = `"${name.slice(0, name.lastIndexOf("."))}"`;
  const headers: Record<string, string> = {
    "content-type": type.mediaType.startsWith("text/") ? `${type.mediaType}; charset=utf-8` : type.mediaType,
    "content-disposition": dispositionOf(type, called, name),
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": "cross-origin",
    "cache-control": sight === "all" ? CACHE : NOT_AT_ALL,
    "accept-ranges": "bytes",
    etag,
  };
  if (isSame(request.headers.get("if-none-match"), etag)) return new Response(null, { status: 304, headers });
  if (found.publicUrl !== null && type.family !== "file")
    return elsewhere(found.publicUrl, sight === "all" ? FOR_A_DAY : NOT_AT_ALL);
  return answer(found, request, headers, etag);
}

async function answer(
  found: Found,
  request: Request,
  headers: Record<string, string>,
  etag: string,
): Promise<Response> {
  const range = rangeOf(request, etag, found.sizeBytes);
  if (range === "none") {
    return new Response(null, {
      status: 416,
      headers: { ...headers, "content-range": `bytes */${found.sizeBytes}` },
    });
  }
  const [from, to] = range ?? [0, found.sizeBytes];
  const body = request.method === "HEAD" ? null : await found.part(from, to);
  const length = { "content-length": String(to - from) };
  const part = range && { "content-range": `bytes ${from}-${to - 1}/${found.sizeBytes}` };
  return new Response(body, { status: range ? 206 : 200, headers: { ...headers, ...length, ...part } });
}

/** RFC 6266 §4; what it is called cannot say that it is something else. */
function dispositionOf({ family, extension }: MediaType, called: string | undefined, name: string): string {
  if (family !== "file") return "inline";
  const fileName = called === undefined ? name : fileNameOf(decoded(called), extension);
  const plain = fileName.replace(/[^\x20-\x7e]/g, "_");
  const exact = encodeURIComponent(fileName).replace(
    /['()]/g,
    (char) => `%${char.charCodeAt(0).toString(16)}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${exact}`;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    // @NOTE Bytes that are no UTF-8 are no name; the file has one of its own.
    return "";
  }
}

const missing = (): Response =>
  new Response("There is no such file.\n", {
    status: 404,
    headers: { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" },
  });

const elsewhere = (location: string, cache: string): Response =>
  new Response(null, {
    status: 302,
    headers: {
      location,
      "cache-control": cache,
      "cross-origin-resource-policy": "cross-origin",
    },
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
