/** `/api/v1/timelines`: home, everything here, everything known, and tags. */
import { type AnyElysia, Elysia } from "elysia";
import type { Face } from "../face.ts";
import { pageWith, statusPage } from "../statuses.ts";

export const timelinesRoutes = (face: Face): AnyElysia =>
  new Elysia({ name: "mastodon timelines" }).get(
    "/api/v1/timelines/home",
    face.endpoint("read:statuses", async (call) =>
      statusPage(face, call, await call.queries.home(call.viewerKey, await pageWith(face, call))),
    ),
  ) as unknown as AnyElysia;
