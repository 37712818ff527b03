/** `/api/v1_alpha/async_refreshes/:id`: whether what an answer said to be on its way has come. */
import { type AnyElysia, Elysia } from "elysia";
import type { Face } from "../face.ts";
import { keyOfRefresh, refreshOf } from "../refreshes.ts";
import { thingOf } from "../statuses.ts";

export const asyncRefreshesRoutes = (face: Face): AnyElysia =>
  new Elysia({ name: "mastodon async refreshes" }).get(
    "/api/v1_alpha/async_refreshes/:id",
    face.endpoint("read", async (call) => {
      const { key } = await thingOf(face, call, keyOfRefresh(call.part("id")));
      return refreshOf(face, call.part("id"), key);
    }),
  ) as unknown as AnyElysia;
