/** What is done with a post by one press of a button: a row of the table of verbs each. */
import { type AnyElysia, Elysia } from "elysia";
import type { Entity } from "../../../core/entity.ts";
import type { ActorView } from "../../../queries/view.ts";
import { accountPage, unavoided } from "../accounts.ts";
import { type Draft, reblog, VERBS } from "../drafts.ts";
import { type Status, shareOf } from "../entities/status.ts";
import type { Answer, Call, Face, SignedCall } from "../face.ts";
import { notHere } from "../ids.ts";
import { doOnce, myself, statusByKey, statusForAll, thingAt, thingOf } from "../statuses.ts";

/** The scope that each verb needs. */
const SCOPES: Readonly<Record<keyof typeof VERBS, string>> = {
  favourite: "write:favourites",
  unfavourite: "write:favourites",
  unreblog: "write:statuses",
  bookmark: "write:bookmarks",
  unbookmark: "write:bookmarks",
  pin: "write:accounts",
  unpin: "write:accounts",
  mute: "write:mutes",
  unmute: "write:mutes",
};

/** Done also with what the viewer saw once and sees no more, because its author blocked them since. */
const TAKING_BACK: ReadonlySet<string> = new Set(["unfavourite", "unreblog", "unbookmark", "unmute"]);

export function interactionsRoutes(face: Face): AnyElysia {
  const app = new Elysia({ name: "mastodon interactions" });
  for (const [name, draft] of Object.entries(VERBS)) {
    const scope = SCOPES[name as keyof typeof VERBS];
    const handler = face.endpoint(scope, async (call) => {
      if (TAKING_BACK.has(name)) return takenBack(face, call, draft);
      const { key } = await done(face, call, draft);
      return statusByKey(face, call, key);
    });
    app.post(`/api/v1/statuses/:id/${name}`, handler, { parse: "none" });
  }
  return app
    .post(
      "/api/v1/statuses/:id/reblog",
      face.endpoint("write:statuses", (call) => share(face, call)),
      { parse: "none" },
    )
    .get(
      "/api/v1/statuses/:id/favourited_by",
      face.endpoint(null, (call) => likers(face, call)),
    )
    .get(
      "/api/v1/statuses/:id/reblogged_by",
      face.endpoint(null, (call) => sharers(face, call)),
    ) as unknown as AnyElysia;
}

/** Gives the thing that it was done with. */
async function done(face: Face, call: SignedCall, draft: Draft): Promise<Entity> {
  const me = await myself(face, call);
  const object = await thingOf(face, call, call.key());
  await doOnce(face, me.key, () => draft(face, me, object));
  return object;
}

async function takenBack(face: Face, call: SignedCall, draft: Draft): Promise<Status> {
  const me = await myself(face, call);
  const object = await thingAt(face, call, call.key());
  const isSeen = await face.look.maySee(call.viewerKey, object.key);
  if (!isSeen && (await draft(face, me, object)) === null) throw notHere();
  await doOnce(face, me.key, () => draft(face, me, object));
  return isSeen ? statusByKey(face, call, object.key) : statusForAll(face, call, object.key);
}

const SHARED_FOR = { public: "public", unlisted: "quiet", private: "followers" } as const;

/** Answers with the share around the post; `unreblog` with the post itself. */
async function share(face: Face, call: SignedCall): Promise<Status> {
  const wanted = call.params.text("visibility") ?? "public";
  const visibility = wanted in SHARED_FOR ? SHARED_FOR[wanted as keyof typeof SHARED_FOR] : "public";
  const object = await done(face, call, reblog(visibility));
  const [status, me, shared] = await Promise.all([
    statusByKey(face, call, object.key),
    call.queries.actor(call.viewerKey),
    face.look.activityAbout("Announce", call.viewerKey, object.key),
  ]);
  return shared === null || me === null ? status : shareOf(status, shared.key, me as ActorView, face);
}

const PEOPLE = { default: 40, max: 80 };

async function likers(face: Face, call: Call): Promise<Answer> {
  const { key } = await thingOf(face, call, call.key());
  const page = await call.queries.people(key, "likes", call.page(PEOPLE), call.viewerKey);
  return accountPage(face, { ...page, items: await unavoided(call, page.items) });
}

/** Whoever shared it for their followers alone is told to these alone. */
async function sharers(face: Face, call: Call): Promise<Answer> {
  const thing = await thingOf(face, call, call.key());
  const page = await call.queries.collectionPage(thing, "shares", call.viewerKey, call.page(PEOPLE));
  if (page === null) return [];
  const shares = await face.look.byKeys(page.keys);
  const owners = page.keys.flatMap((key) => shares.get(key)?.owner ?? []);
  const people = await call.queries.actors(owners);
  const found = owners.flatMap((owner) => people.get(owner) ?? []);
  return accountPage(face, { ...page, items: await unavoided(call, found) });
}
