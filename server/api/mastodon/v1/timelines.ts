/** `/api/v1/timelines`: home, everything here, everything known, tags and links; and what one keeps and likes. */
import { type AnyElysia, Elysia } from "elysia";
import { Problem } from "../../../lib/problem.ts";
import type { Narrowing } from "../../../queries/timeline.ts";
import { requireListsOpen } from "../accounts.ts";
import { type Answer, type Call, type Face, paged } from "../face.ts";
import { pageWith, statusesFrom, statusPage } from "../statuses.ts";

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
      "/api/v1/timelines/link",
      face.endpoint(null, (call) => linked(face, call)),
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

/** Of links that many talk about alone: few posts, of which a page is cut here. @throws Problem `invalid` without a `url`. */
async function linked(face: Face, call: Call): Promise<Answer> {
  requireListsOpen(face, call);
  const url = call.params.text("url");
  if (url === null) throw new Problem("invalid", "Name the link: ?url=https://…", { field: "url" });
  const { limit, before, after, from } = call.page({ max: 40 });
  const all = await call.queries.postsWithLink(url, call.viewerKey);
  const within = all.filter(
    ({ key }) => key < (before ?? Number.POSITIVE_INFINITY) && key > (from ?? after ?? 0),
  );
  const items = from === undefined ? within.slice(0, limit) : within.slice(-limit);
  const last = items.at(-1)?.key ?? 0;
  const older = all.some(({ key }) => key < last) ? last : null;
  return paged({ older, newer: items[0]?.key ?? null }, await statusesFrom(face, call, items));
}

/** Pinafore says `only_media`, older clients `onlyMedia`. */
const narrowingOf = ({ params }: Call): Narrowing => ({
  onlyMedia: params.flag("only_media") === true,
  onlyHere: params.flag("local") === true,
  onlyElsewhere: params.flag("remote") === true,
});
