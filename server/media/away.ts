/** Media of other servers, shown through us: fetched when somebody first looks, checked, made small, and kept for a while. */
import { createHash } from "node:crypto";
import { type Now, steady } from "../lib/clock.ts";
import type { Fetch } from "../lib/fetch.ts";
import { createGate } from "../lib/gate.ts";
import { createLru } from "../lib/lru.ts";
import { isProblem, type Problem } from "../lib/problem.ts";
import { REFUSED_HERE, upstream } from "../lib/upstream.ts";
import { atWork } from "./at-work.ts";
import { type Asked, AWAY_PATH, type AwayAddresses, type AwayKind } from "./away-address.ts";
import { passFilm } from "./away-film.ts";
import type { PictureCache } from "./cache.ts";
import { FOR_A_DAY, NOT_AT_ALL } from "./caching.ts";
import { makeSmall } from "./image.ts";
import { probe, typeOfExtension } from "./probe.ts";
import type { SightOf } from "./serve.ts";
import { DRAWN } from "./stand-in.ts";

/** Longest side in pixels: twice what a page shows, for screens with two points to a pixel. */
const SIDES: Readonly<Record<Exclude<AwayKind, "film">, number>> = {
  avatar: 192,
  header: 1_280,
  emoji: 64,
  picture: 1_280,
};
/** Moving pictures stay as they are, up to these bytes; larger ones stand still. */
const MOVING_BYTES: Readonly<Record<Exclude<AwayKind, "film">, number>> = {
  avatar: 512 * 1024,
  header: 1024 * 1024,
  emoji: 256 * 1024,
  picture: 3 * 1024 * 1024,
};
/** What a phone's camera makes, and then some. */
const MAX_FETCHED_BYTES = 16 * 1024 * 1024;
/** A reader waits, and looks elsewhere after that. In milliseconds. */
const FETCH_MS = 15_000;
/** Pictures on their way at one time; of one host fewer than all of them. */
const FETCHING = { perKey: 4, total: 16 } as const;
/** An address that gave no picture is left alone for so long. */
const FAILED_MS = 10 * 60_000;
/** Addresses that failed, remembered at most: under 1 MB. */
const MAX_FAILED = 5_000;

const MISSING_FOR = "public, max-age=600";
const POLICY = "default-src 'none'; sandbox";

export interface AwayMedia {
  /** The answer to GET and HEAD of a path below `AWAY_PATH`. `take` counts what has to be fetched, and may throw. */
  serve(request: Request, path: string, take: () => void, sightOf: SightOf<number>): Promise<Response>;
  /** Resolves once everything that was fetched is kept. */
  settled(): Promise<void>;
}

export function createAwayMedia(deps: {
  readonly fetch: Fetch;
  readonly now: Now;
  readonly addresses: AwayAddresses;
  readonly cache: PictureCache;
  /** Whether media from this (normalised) host may be shown at all. */
  readonly isShown: (host: string) => boolean;
  /** Hears of what went wrong after the reader had the picture. */
  readonly failed: (error: unknown) => void;
}): AwayMedia {
  const { fetch, addresses, cache, isShown } = deps;
  const now = steady(deps.now);
  const fetching = createGate(FETCHING);
  const failed = createLru<number>(MAX_FAILED);
  const running = new Map<string, Promise<Made | null>>();
  const keeping = new Set<Promise<void>>();

  async function serve(
    request: Request,
    path: string,
    take: () => void,
    sightOf: SightOf<number>,
  ): Promise<Response> {
    const asked = addresses.read(path);
    if (asked === null) return missing("picture");
    if (!isShown(asked.host)) return missing(asked.kind);
    const sight = asked.of === 0 ? "all" : await sightOf(asked.of, request);
    if (sight === "nobody") return missing(asked.kind, NOT_AT_ALL);
    const caching = sight === "all" ? FOR_A_DAY : NOT_AT_ALL;
    if (asked.kind === "film") {
      take();
      return (await passFilm(fetch, request, asked.url)) ?? missing(asked.kind);
    }
    const kept = await cache.find(asked.id);
    if (kept !== null) return answer(request, kept.name, kept.found.blob, kept.found.sizeBytes, caching);
    if ((failed.get(asked.id) ?? 0) > now()) return missing(asked.kind);
    if (!running.has(asked.id)) take();
    const made = await once(asked, asked.kind);
    if (made === null) return missing(asked.kind);
    return answer(request, made.name, new Blob([made.bytes]), made.bytes.length, caching);
  }

  /** However many look at the same time, its origin is asked once; and nobody waits for the disk. */
  function once(asked: Asked, kind: keyof typeof SIDES): Promise<Made | null> {
    const known = running.get(asked.id);
    if (known) return known;
    const work = load(asked, kind);
    running.set(asked.id, work);
    const kept = work
      .then((made) => (made === null ? undefined : cache.keep({ ...asked, name: made.name }, made.bytes)))
      .catch((error) => {
        // @NOTE A disk that is full costs the next reader a wait, and nothing else.
        if (!isProblem(error, "full")) deps.failed(error);
      })
      .finally(() => {
        running.delete(asked.id);
        keeping.delete(kept);
      });
    keeping.add(kept);
    return work;
  }

  async function load(asked: Asked, kind: keyof typeof SIDES): Promise<Made | null> {
    try {
      const made = await make(await fetched(asked), kind);
      if (made === null) failed.set(asked.id, now() + FAILED_MS);
      return made;
    } catch (error) {
      // @NOTE What others do wrong costs a picture and nothing else.
      if (!isProblem(error)) throw error;
      if (!isOurFault(error)) failed.set(asked.id, now() + FAILED_MS);
      return null;
    }
  }

  async function fetched({ url, host }: Asked): Promise<Uint8Array | null> {
    const leave = await fetching.enter(host, AbortSignal.timeout(FETCH_MS)).catch(() => {
      throw upstream("busy", url);
    });
    try {
      const { status, bytes } = await fetch(url, {
        headers: { accept: "image/webp, image/png, image/jpeg, image/gif, image/*;q=0.5" },
        maxBytes: MAX_FETCHED_BYTES,
        totalMs: FETCH_MS,
      });
      return status === 200 ? bytes : null;
    } finally {
      leave();
    }
  }

  async function make(bytes: Uint8Array | null, kind: keyof typeof SIDES): Promise<Made | null> {
    const type = bytes === null || bytes.length === 0 ? null : probe(bytes, null);
    if (bytes === null || type === null || typeof type === "string" || type.family !== "image") return null;
    const small = await atWork("elsewhere", () =>
      makeSmall(bytes, type.extension, SIDES[kind], MOVING_BYTES[kind]),
    );
    const hash = createHash("sha256").update(small.bytes).digest("hex");
    return { name: `${hash}.${small.extension}`, bytes: new Uint8Array(small.bytes) };
  }

  return {
    serve,
    async settled() {
      await Promise.all(keeping);
    },
  };
}

interface Made {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Too much to do, or a rule of ours, which may be gone the next moment. */
const isOurFault = ({ detail }: Problem): boolean =>
  detail.reason === "busy" || detail.reason === REFUSED_HERE;

/** Whether a path is answered here. */
export const isAway = (path: string): boolean => path.startsWith(AWAY_PATH);

function answer(request: Request, name: string, blob: Blob, sizeBytes: number, caching: string): Response {
  const dot = name.lastIndexOf(".");
  const etag = `"${name.slice(0, dot)}"`;
  const headers = {
    "content-type": typeOfExtension(name.slice(dot + 1))?.mediaType ?? "application/octet-stream",
    "content-disposition": "inline",
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": "cross-origin",
    "cache-control": caching,
    etag,
  };
  if (request.headers.get("if-none-match") === etag) return new Response(null, { status: 304, headers });
  const body = request.method === "HEAD" ? null : blob;
  return new Response(body, { headers: { ...headers, "content-length": String(sizeBytes) } });
}

/** Browsers show a picture whatever its status is: what has no words beside it is drawn, the rest is told by its text. */
function missing(kind: AwayKind, caching = MISSING_FOR): Response {
  const drawn = kind === "avatar" || kind === "header" ? DRAWN[kind] : null;
  return new Response(drawn ?? "This picture cannot be shown.\n", {
    status: 404,
    headers: {
      "content-type": drawn === null ? "text/plain; charset=utf-8" : "image/svg+xml",
      "content-security-policy": POLICY,
      "x-content-type-options": "nosniff",
      "cross-origin-resource-policy": "cross-origin",
      "cache-control": caching,
    },
  });
}
