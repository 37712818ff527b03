/** `/api/v1/tags`, `followed_tags` and `featured_tags`: tags that somebody follows, and shows on their page. */
import { type AnyElysia, Elysia } from "elysia";
import { parseKey } from "../../../lib/id.ts";
import { Problem } from "../../../lib/problem.ts";
import { tagOf as tagNamed } from "../../../vocab/personal/tags.ts";
import { featuredTagOf, tagOf } from "../entities/tag.ts";
import { type Answer, type Call, type Face, type Handler, paged, type SignedCall } from "../face.ts";
import { notHere } from "../ids.ts";
import { keepIn, needed, personAt } from "../people.ts";
import { myself } from "../statuses.ts";

const FOLLOWED = "followed-tags";
const FEATURED = "featured-tags";
const PAGE = { default: 100, max: 200 } as const;

export function tagsRoutes(face: Face): AnyElysia {
  const open = { parse: "none" } as const;
  return new Elysia({ name: "mastodon tags" })
    .get(
      "/api/v1/tags/:id",
      face.open("read:follows", (call) => tagAnswer(face, call, nameIn(call))),
    )
    .post("/api/v1/tags/:id/follow", keeping(face, "write:follows", FOLLOWED, true), open)
    .post("/api/v1/tags/:id/unfollow", keeping(face, "write:follows", FOLLOWED, false), open)
    .post("/api/v1/tags/:id/feature", keeping(face, "write:accounts", FEATURED, true), open)
    .post("/api/v1/tags/:id/unfeature", keeping(face, "write:accounts", FEATURED, false), open)
    .get("/api/v1/followed_tags", followed(face))
    .get("/api/v1/featured_tags", own(face))
    .post("/api/v1/featured_tags", feature(face), open)
    .get("/api/v1/featured_tags/suggestions", suggested(face))
    .delete("/api/v1/featured_tags/:id", unfeature(face), open)
    .get("/api/v1/accounts/:id/featured_tags", ofPerson(face)) as unknown as AnyElysia;
}

/** @throws Problem `not-found` for what no tag can be called. */
function nameIn(call: Call): string {
  const tag = tagNamed(call.part("id"));
  if (tag === null) throw notHere();
  return tag;
}

async function tagsAnswer(face: Face, call: Call, names: readonly string[]): Promise<object[]> {
  const tags = await call.queries.tags(names, call.viewerKey);
  return tags.map((tag) => tagOf(tag, face, call.viewer !== null));
}

async function tagAnswer(face: Face, call: Call, name: string): Promise<Answer> {
  const [tag] = await tagsAnswer(face, call, [name]);
  if (tag === undefined) throw notHere();
  return tag;
}

/** A tag is known by the address of its page, and has a row once somebody keeps it. */
async function keep(face: Face, call: SignedCall, name: string, list: string, isIn: boolean): Promise<void> {
  const iri = face.addresses.tag(name);
  const key = (await face.look.find(iri))?.key ?? null;
  await keepIn(face, await myself(face, call), list, { iri, key }, isIn);
}

const keeping = (face: Face, scope: string, list: string, isIn: boolean): Handler =>
  face.endpoint(scope, async (call) => {
    const name = nameIn(call);
    await keep(face, call, name, list, isIn);
    return tagAnswer(face, call, name);
  });

const followed = (face: Face): Handler =>
  face.endpoint("read:follows", async (call) => {
    const page = await call.queries.followedTags(call.me.actorKey, call.page(PAGE));
    return paged(page, await tagsAnswer(face, call, page.items));
  });

async function featuredOf(face: Face, call: Call, actor: number): Promise<object[]> {
  const [tags, view] = await Promise.all([call.queries.featuredTags(actor), call.queries.actor(actor)]);
  return tags.map((tag) => featuredTagOf(tag, face, view?.path ?? ""));
}

const own = (face: Face): Handler =>
  face.endpoint("read:accounts", (call) => featuredOf(face, call, call.me.actorKey));

const ofPerson = (face: Face): Handler =>
  face.open("read:accounts", async (call) => featuredOf(face, call, (await personAt(face, call.key())).key));

const feature = (face: Face): Handler =>
  face.endpoint("write:accounts", async (call) => {
    const name = tagNamed(needed(call, "name"));
    if (name === null) throw new Problem("invalid", "This is no tag.", { field: "name" });
    await keep(face, call, name, FEATURED, true);
    const all = await call.queries.featuredTags(call.me.actorKey);
    const made = all.find((tag) => tag.name === name);
    if (made === undefined) throw notHere();
    return featuredTagOf(made, face, `/@${call.me.name}`);
  });

const unfeature = (face: Face): Handler =>
  face.endpoint("write:accounts", async (call) => {
    const key = parseKey(call.part("id"));
    const tag = (await call.queries.featuredTags(call.me.actorKey)).find((each) => each.key === key);
    if (tag === undefined) throw notHere();
    await keep(face, call, tag.name, FEATURED, false);
    return {};
  });

const suggested = (face: Face): Handler =>
  face.endpoint("read:accounts", async (call) =>
    tagsAnswer(face, call, await call.queries.suggestedTags(call.me.actorKey)),
  );
