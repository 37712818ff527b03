/** Which part of the server answers a request: files, documents for other servers, or a face. */
import { FORMS_WITH_FILES, isMultipart } from "../web/files.ts";
import { may } from "./accounts/permissions.ts";
import { UPLOAD_PATH } from "./api/c2s/routes.ts";
import { takesMedia } from "./api/mastodon/media.ts";
import type { Away } from "./away.ts";
import type { FederationFace } from "./federation/routes.ts";
import type { Filing } from "./filing.ts";
import { createEdge, type Edge, pathOf } from "./http/edge.ts";
import { documentWanted } from "./http/negotiate.ts";
import type { RateLimits } from "./http/rate-limit.ts";
import type { Viewers } from "./http/viewer.ts";
import type { Now } from "./lib/clock.ts";
import type { Log } from "./lib/log.ts";
import { isAway } from "./media/away.ts";
import { FILES_PATH, STILLS_PATH } from "./media/files-path.ts";
import { type Sight, type SightOf, serveFile } from "./media/serve.ts";
import { serveStill } from "./media/serve-still.ts";
import { isForAll, isInSight } from "./media/store-uses.ts";
import type { Config } from "./settings.ts";

/** Actors, objects, activities and their collections; an inbox is read through the client API. */
const DOCUMENT_PATHS =
  /^\/(?:@[^/]+(?:\/\d+)?|users\/[^/]+(?:\/(?!inbox$)[^/]+)?|objects\/.+|activities\/.+)$/;

export interface FrontDeps {
  /** Every face and page. */
  readonly app: { handle(request: Request): Response | Promise<Response> };
  /** Our face to other servers. */
  readonly face: Pick<FederationFace, "document">;
  readonly away: Pick<Away, "media">;
  readonly filing: Filing;
  readonly viewers: Pick<Viewers, "inBrowser">;
  readonly limits: RateLimits<"remote-media">;
  readonly config: Config;
  readonly now: Now;
  readonly log: Log;
  readonly onError: (context: { readonly error: unknown; readonly request: Request }) => Promise<Response>;
}

export function createFront(deps: FrontDeps): Edge {
  const { app, face, away, filing, viewers, limits, config, now, log, onError } = deps;

  /** What is put out of sight, the staff still see: in reports, and where they decide. */
  async function sight(isForAll: boolean, request: Request): Promise<Sight> {
    if (isForAll) return "all";
    const viewer = await viewers.inBrowser(request);
    return viewer?.mustSetUp === false && may(viewer.role, "handle-reports") ? "asker" : "nobody";
  }
  const sightOf: SightOf = async (name, request) => sight(await isForAll(filing.db, name), request);
  const sightOfRow: SightOf<number> = async (key, request) => sight(await isInSight(filing.db, key), request);

  /** One address, two representations: who asks for a document gets it, everybody else the page. */
  function handle(request: Request): Response | Promise<Response> {
    if (request.method !== "GET" && request.method !== "HEAD") return app.handle(request);
    const path = pathOf(request.url);
    // Past the framework, which would read a whole film to answer HEAD.
    if (path.startsWith(FILES_PATH)) return file(request, path);
    if (!DOCUMENT_PATHS.test(path)) return app.handle(request);
    const mediaType = documentWanted(request.headers.get("accept"));
    return mediaType === null ? app.handle(request) : face.document(request, mediaType);
  }

  async function file(request: Request, path: string): Promise<Response> {
    try {
      return isAway(path)
        ? await away.media.serve(request, path, () => limits.take(request, "remote-media"), sightOfRow)
        : path.startsWith(STILLS_PATH)
          ? await serveStill({ ...filing, now, sightOf }, request, path)
          : await serveFile(filing.blobs, sightOf, request, path);
    } catch (error) {
      return onError({ error, request });
    }
  }

  return createEdge({
    handle,
    now,
    log,
    // What is no form with files is held in memory as a whole, and has no reason to be large.
    takesFiles: (path, contentType) =>
      isMultipart(contentType) && (path === UPLOAD_PATH || takesMedia(path) || FORMS_WITH_FILES.has(path)),
    spoolFolder: filing.workFolder,
    maxUploadBytes: config.uploadLimit,
    isSecure: config.origin.startsWith("https:"),
  });
}
