/** `/api/v1/accounts`: who somebody is, what they wrote, who is around them; and who one is oneself. */
import { type AnyElysia, Elysia } from "elysia";
import { preferencesOf } from "../../../accounts/preferences.ts";
import { ids } from "../../../core/object.ts";
import { Problem } from "../../../lib/problem.ts";
import type { ActorView } from "../../../queries/view.ts";
import { accountPage, accountsOf, actorByKey, relationshipsWith } from "../accounts.ts";
import { credentialAccountOf } from "../credentials.ts";
import { accountOf } from "../entities/account.ts";
import type { Answer, Call, Face } from "../face.ts";
import { keysOf, notHere } from "../ids.ts";
import { pageWith, statusPage } from "../statuses.ts";

/** Accounts that one request names. */
const MAX_NAMED = 80;
/** Of people elsewhere, who may pin more than people here. */
const MAX_PINNED = 20;

export const accountsRoutes = (face: Face): AnyElysia =>
  new Elysia({ name: "mastodon accounts" })
    .get(
      "/api/v1/accounts/verify_credentials",
      face.endpoint("profile", (call) => credentialAccountOf(face, call.me.accountKey)),
    )
    .get(
      "/api/v1/accounts/relationships",
      face.endpoint("read:follows", async (call) => relationshipsWith(call, named(call))),
    )
    .get(
      "/api/v1/accounts/lookup",
      face.open("read:accounts", async (call) => {
        const view = await call.queries.actorByHandle(call.params.text("acct") ?? "");
        if (view === null) throw notHere();
        return accountOf(view, face);
      }),
    )
    .get(
      "/api/v1/accounts",
      face.open("read:accounts", async (call) => {
        const keys = named(call);
        const found = await call.queries.actors(keys);
        return accountsOf(
          face,
          keys.flatMap((key) => found.get(key) ?? []),
        );
      }),
    )
    .get(
      "/api/v1/accounts/:id",
      face.open("read:accounts", async (call) => {
        const view = await actorByKey(call, call.key());
        if (call.viewer !== null && !view.isLocal) await face.reading(view.key);
        return { ...accountOf(view, face), ...(await movedOf(face, call, view)) };
      }),
    )
    .get(
      "/api/v1/accounts/:id/statuses",
      face.open("read:statuses", (call) => statusesBy(face, call)),
    )
    // Mastodon has none since 3.5, and libraries still ask (megalodon).
    .get(
      "/api/v1/accounts/:id/identity_proofs",
      face.open("read:accounts", async () => []),
    )
    .get(
      "/api/v1/accounts/:id/followers",
      face.open("read:accounts", (call) => circle(face, call, "followers")),
    )
    .get(
      "/api/v1/accounts/:id/following",
      face.open("read:accounts", (call) => circle(face, call, "following")),
    ) as unknown as AnyElysia;

/** `id[]=1&id[]=2`, and Pinafore's bare `id=1`. */
const named = (call: Call): readonly number[] =>
  keysOf([...call.params.list("id"), ...call.params.list("ids")]).slice(0, MAX_NAMED);

/** Where they have moved to, as far as that is known here and says so too. */
async function movedOf(face: Face, call: Call, view: ActorView): Promise<object> {
  if (view.movedTo === null) return {};
  const known = await face.look.find(view.movedTo);
  const moved = known && (await call.queries.actor(known.key));
  return moved && ids(known.document ?? {}, "alsoKnownAs").includes(view.iri)
    ? { moved: accountOf(moved, face) }
    : {};
}

async function statusesBy(face: Face, call: Call): Promise<Answer> {
  const view = await actorByKey(call, call.key());
  const { params, viewerKey } = call;
  if (params.flag("pinned") === true) {
    const pinned = await call.queries.featured(view.key, viewerKey, { limit: MAX_PINNED });
    return statusPage(face, call, { items: pinned.items, older: null, newer: null });
  }
  if (view.type === "Group") {
    const group = await call.queries.group(view.key, viewerKey);
    if (group !== null)
      return statusPage(face, call, await call.queries.groupFeed(view.key, viewerKey, call.page(), "newest"));
  }
  const tag = params.text("tagged");
  const page = await call.queries.profile(view.key, viewerKey, await pageWith(face, call), {
    withReplies: params.flag("exclude_replies") !== true,
    withShares: params.flag("exclude_reblogs") !== true,
    onlyMedia: params.flag("only_media") === true,
    ...(tag === null || tag === "" ? {} : { all: [tag] }),
  });
  return statusPage(face, call, page);
}

/** Of a private group nothing is told to those who are not in it. */
async function circle(face: Face, call: Call, list: "followers" | "following"): Promise<Answer> {
  const view = await actorByKey(call, call.key());
  const { key } = view;
  const group = await call.queries.group(key, call.viewerKey);
  const isClosed = group?.access === "private" && (group.mine?.role ?? null) === null;
  if (isClosed) throw new Problem("forbidden", "Only people in this group see who is in it.");
  // Whoever keeps their circle to themselves has an empty one for others, as elsewhere.
  if (key !== call.viewerKey && view.isLocal && (await preferencesOf(face.db, key)).hidesCircle) return [];
  const page = call.page({ default: 40, max: 80 });
  return accountPage(face, await call.queries.people(key, list, page, call.viewerKey));
}
