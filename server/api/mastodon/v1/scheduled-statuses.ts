/** `/api/v1/scheduled_statuses`: posts that wait for their time. */
import { type AnyElysia, Elysia } from "elysia";
import { Problem } from "../../../lib/problem.ts";
import { type Face, paged } from "../face.ts";
import { scheduledAt, scheduledOf } from "../scheduled.ts";

/** Bodies are read by `params.ts`. */
const RAW = { parse: "none" } as const;

export const scheduledRoutes = (face: Face): AnyElysia => {
  const { scheduled } = face;

  const move = face.endpoint("write:statuses", async (call) => {
    const dueMs = scheduledAt(call);
    if (dueMs === null) throw new Problem("invalid", "Validation failed: Scheduled at can't be blank");
    return scheduledOf(await scheduled.move(call.viewerKey, call.key(), dueMs), face);
  });

  return new Elysia({ name: "mastodon scheduled statuses" })
    .get(
      "/api/v1/scheduled_statuses",
      face.endpoint("read:statuses", async (call) => {
        const page = await scheduled.list(call.viewerKey, call.page());
        return paged(
          page,
          page.items.map((post) => scheduledOf(post, face)),
        );
      }),
    )
    .get(
      "/api/v1/scheduled_statuses/:id",
      face.endpoint("read:statuses", async (call) =>
        scheduledOf(await scheduled.get(call.viewerKey, call.key()), face),
      ),
    )
    .put("/api/v1/scheduled_statuses/:id", move, RAW)
    .patch("/api/v1/scheduled_statuses/:id", move, RAW)
    .delete(
      "/api/v1/scheduled_statuses/:id",
      face.endpoint("write:statuses", async (call) => {
        await scheduled.cancel(call.viewerKey, call.key());
        return {};
      }),
      RAW,
    ) as unknown as AnyElysia;
};
