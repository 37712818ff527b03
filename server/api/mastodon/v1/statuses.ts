/** `/api/v1/statuses`: posting, reading, changing and deleting. */
import { type AnyElysia, Elysia } from "elysia";
import { createDraft } from "../compose.ts";
import type { Face } from "../face.ts";
import { postRequestOf } from "../posts.ts";
import { myself, statusByKey } from "../statuses.ts";

export const statusesRoutes = (face: Face): AnyElysia =>
  new Elysia({ name: "mastodon statuses" }).post(
    "/api/v1/statuses",
    face.endpoint("write:statuses", async (call) => {
      const me = await myself(face, call);
      const post = await postRequestOf(face, me, call.params);
      const { object } = await face.core.act(me.key, await createDraft(face, me, post));
      return statusByKey(face, call, object?.key ?? 0);
    }),
    RAW,
  ) as unknown as AnyElysia;

/** Bodies are read by `params.ts`. */
const RAW = { parse: "none" } as const;
