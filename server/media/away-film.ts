/** Films and sounds of other servers, passed on in parts and never kept: what a player asks for, and no more. */
import type { Fetch } from "../lib/fetch.ts";
import { createGate } from "../lib/gate.ts";
import { isProblem } from "../lib/problem.ts";

/** Some seconds of a film; the player asks for the next part by itself. */
const PART_BYTES = 2 * 1024 * 1024;
/** A server that gives no parts gives the whole, up to this: most sounds, no films. */
const MAX_WHOLE_BYTES = 8 * 1024 * 1024;
const FETCH_MS = 20_000;
/** Parts on their way at one time: 48 MB of memory at most. */
const LOAD = { perKey: 2, total: 6 } as const;
/** Types that browsers play, and nothing that they run. */
const PLAYED = /^(?:video\/(?:mp4|webm|ogg|quicktime)|audio\/[\w.+-]{1,40}|application\/ogg)$/;
const POLICY = "default-src 'none'; sandbox";

const onTheWay = createGate(LOAD);

/** RFC 9110 §14: one part, whatever was asked; null where its origin gives nothing that can be played. */
export async function passFilm(fetch: Fetch, request: Request, url: string): Promise<Response | null> {
  const [, first, last] = /^bytes=(\d{1,15})-(\d{0,15})$/.exec(request.headers.get("range") ?? "") ?? [];
  const from = Number(first ?? 0);
  const to = Math.min(last ? Number(last) : Number.POSITIVE_INFINITY, from + PART_BYTES - 1);
  if (to < from) return null;
  const leave = await onTheWay
    .enter(URL.parse(url)?.host ?? "", AbortSignal.timeout(FETCH_MS))
    .catch(() => null);
  if (leave === null) return null;
  try {
    const answer = await fetch(url, {
      headers: { accept: "video/*, audio/*", range: `bytes=${from}-${to}` },
      maxBytes: MAX_WHOLE_BYTES,
      totalMs: FETCH_MS,
    });
    const mediaType = (answer.headers.get("content-type") ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
    if (!PLAYED.test(mediaType)) return null;
    const part = answer.status === 206 ? partOf(answer, from) : wholeOf(answer, from, to);
    return part && partResponse(request, mediaType, from, part);
  } catch (error) {
    // @NOTE A film that cannot be had now is shown as missing; its page is one click away.
    if (isProblem(error, "upstream")) return null;
    throw error;
  } finally {
    leave();
  }
}

interface Part {
  readonly bytes: Uint8Array;
  readonly total: number;
}

type Answer = Awaited<ReturnType<Fetch>>;

function partOf({ headers, bytes }: Answer, from: number): Part | null {
  const [, start, total] =
    /^bytes (\d{1,15})-\d{1,15}\/(\d{1,15})$/.exec(headers.get("content-range") ?? "") ?? [];
  if (start === undefined || Number(start) !== from || bytes.length === 0) return null;
  return Number(total) < from + bytes.length ? null : { bytes, total: Number(total) };
}

function wholeOf({ status, bytes }: Answer, from: number, to: number): Part | null {
  if (status !== 200 || from >= bytes.length) return null;
  return { bytes: bytes.subarray(from, to + 1), total: bytes.length };
}

function partResponse(request: Request, mediaType: string, from: number, { bytes, total }: Part): Response {
  return new Response(request.method === "HEAD" ? null : new Uint8Array(bytes), {
    status: 206,
    headers: {
      "content-type": mediaType,
      "content-range": `bytes ${from}-${from + bytes.length - 1}/${total}`,
      "content-length": String(bytes.length),
      "accept-ranges": "bytes",
      "content-security-policy": POLICY,
      "x-content-type-options": "nosniff",
      "cache-control": "private, no-store",
    },
  });
}
