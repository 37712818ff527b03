/** `/api/v1/timelines`: home, everything here, everything known, tags and links; and what one keeps and likes. */
import { type AnyElysia, Elysia } from "elysia";
import type { Narrowing } from "../../../queries/timeline.ts";
import { requireListsOpen } from "../accounts.ts";
import type { Answer, Call, Face } from "../face.ts";
import { pageWith, statusPage } from "../statuses.ts";

export const timelinesRoutes = (face: Face): AnyElysia =>
  new Elysia({ name: "mastodon timelines" })
    .get(
      "/api/v1/timelines/home",
      face.endpoint("read:statuses", async (call) =>
        statusPage(face, call, await call.queries.home(call.viewerKey, await pageWith(face, call))),
      ),
    )
    .get(
      "/api/v1/timelines/public",
      face.endpoint(null, (call) => everybody(face, call)),
    )
    .get(
      "/api/v1/timelines/tag/:name",
      face.endpoint(null, (call) => tagged(face, call)),
    )
    .get(
      "/api/v1/bookmarks",
      face.endpoint("read:bookmarks", async (call) =>
        statusPage(face, call, await call.queries.bookmarks(call.viewerKey, call.page())),
      ),
    )
    .get(
      "/api/v1/favourites",
      face.endpoint("read:favourites", async (call) =>
        statusPage(face, call, await call.queries.liked(call.viewerKey, call.page())),
      ),
    ) as unknown as AnyElysia;

async function everybody(face: Face, call: Call): Promise<Answer> {
  requireListsOpen(face, call);
  const { queries, viewerKey } = call;
  const which = narrowingOf(call);
  return statusPage(
    face,
    call,
    which.onlyHere
      ? await queries.localPublic(viewerKey, call.page(), which)
      : await queries.everywhere(viewerKey, call.page(), which),
  );
}

async function tagged(face: Face, call: Call): Promise<Answer> {
  requireListsOpen(face, call);
  const { params } = call;
  const names = [call.part("name"), ...params.list("any")];
  const which = { ...narrowingOf(call), all: params.list("all"), none: params.list("none") };
  return statusPage(face, call, await call.queries.hashtag(names, call.viewerKey, call.page(), which));
}

/** Pinafore says `only_media`, older clients `onlyMedia`. */
const narrowingOf = ({ params }: Call): Narrowing => ({
  onlyMedia: params.flag("only_media") === true,
  onlyHere: params.flag("local") === true,
  onlyElsewhere: params.flag("remote") === true,
});
