/** Stills of films by the address that a post has before they are made. */
import type { Now } from "../lib/clock.ts";
import type { Db } from "../storage/db.ts";
import { type Blobs, isBlobName } from "./blobs.ts";
import { FOR_A_DAY, NOT_AT_ALL } from "./caching.ts";
import { FILES_PATH, STILLS_PATH } from "./files-path.ts";
import { type SightOf, serveFile } from "./serve.ts";
import { standIn } from "./stand-in.ts";
import { findStill } from "./store.ts";

/** A still takes a second; whoever comes at once comes again. */
const RETRY_SECONDS = "3";

export interface Stills {
  readonly db: Db;
  readonly blobs: Blobs;
  readonly now: Now;
  readonly sightOf: SightOf;
}

/** The answer to GET and HEAD of a path below `STILLS_PATH`. */
export async function serveStill(
  { db, blobs, now, sightOf }: Stills,
  request: Request,
  path: string,
): Promise<Response> {
  const name = path.slice(STILLS_PATH.length);
  const isSeen = isBlobName(name) && (await sightOf(name, request)) !== "nobody";
  const film = isSeen ? await findStill(db, name) : null;
  if (film === null) return new Response("There is no such film.\n", { status: 404 });
  if (film.preview !== null) {
    const response = await serveFile(blobs, sightOf, request, FILES_PATH + film.preview);
    if (response.ok && response.headers.get("cache-control") !== NOT_AT_ALL)
      // Somebody may choose another cover.
      response.headers.set("cache-control", FOR_A_DAY);
    return response;
  }
  if ((film.pendingMs ?? 0) <= now()) return standIn();
  const headers = { "retry-after": RETRY_SECONDS, "cache-control": "no-store" };
  return new Response("This still is being made.\n", { status: 503, headers });
}
