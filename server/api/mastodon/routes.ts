/** Mastodon's API over the one core: mounts the files of `v1/` and `v2/`, and says no to every other address below `/api/`. */
import { type AnyElysia, Elysia } from "elysia";
import { Problem } from "../../lib/problem.ts";
import type { FaceDeps } from "./deps.ts";
import { MISSING_AVATAR, MISSING_HEADER } from "./entities/account.ts";
import { createFace } from "./face.ts";
import { missingAvatar, missingHeader } from "./missing.ts";
import { accountsRoutes } from "./v1/accounts.ts";
import { statusesRoutes } from "./v1/statuses.ts";
import { streamingRoutes } from "./v1/streaming.ts";
import { timelinesRoutes } from "./v1/timelines.ts";

/** What no API here has: clients fall back to older endpoints on a 404 that is JSON (clients.md §3). */
const UNKNOWN = "/api/*";

export function routes(deps: FaceDeps): AnyElysia {
  const face = createFace(deps);
  const unknown = face.open("read", async () => {
    throw new Problem("not-found", "There is nothing at this address.");
  });
  return new Elysia({ name: "mastodon" })
    .use(accountsRoutes(face))
    .use(statusesRoutes(face))
    .use(timelinesRoutes(face))
    .use(streamingRoutes(face))
    .get(MISSING_AVATAR, missingAvatar)
    .get(MISSING_HEADER, missingHeader)
    .get(UNKNOWN, unknown)
    .post(UNKNOWN, unknown, { parse: "none" })
    .put(UNKNOWN, unknown, { parse: "none" })
    .patch(UNKNOWN, unknown, { parse: "none" })
    .delete(UNKNOWN, unknown, { parse: "none" }) as unknown as AnyElysia;
}
