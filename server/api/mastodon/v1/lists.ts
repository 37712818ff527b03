/** `/api/v1/lists` and `/api/v1/timelines/list`: lists of people, who is in them, and what these wrote. */

import { type AnyElysia, Elysia } from "elysia";
import { ITEMS } from "../../../core/store-lanes.ts";
import { Problem } from "../../../lib/problem.ts";
import type { ListView } from "../../../queries/view.ts";
import { accountOf } from "../entities/account.ts";
import { listOf } from "../entities/list.ts";
import { type Face, type Handler, paged, type SignedCall } from "../face.ts";
import { keysOf, notHere } from "../ids.ts";
import { PEOPLE, personAt } from "../people.ts";
import { pageWith, statusPage } from "../statuses.ts";

/** People who are put into a list by one request. */
const MAX_AT_ONCE = 100;
const REPLIES = ["followed", "list", "none"] as const;

export function listsRoutes(face: Face): AnyElysia {
  const open = { parse: "none" } as const;
  return new Elysia({ name: "mastodon lists" })
    .get("/api/v1/lists", all(face))
    .post("/api/v1/lists", make(face), open)
    .get("/api/v1/lists/:id", one(face))
    .put("/api/v1/lists/:id", change(face), open)
    .patch("/api/v1/lists/:id", change(face), open)
    .delete("/api/v1/lists/:id", remove(face), open)
    .get("/api/v1/lists/:id/accounts", people(face))
    .post("/api/v1/lists/:id/accounts", keeping(face, true), open)
    .delete("/api/v1/lists/:id/accounts", keeping(face, false), open)
    .get("/api/v1/accounts/:id/lists", holding(face))
    .get("/api/v1/timelines/list/:id", timeline(face)) as unknown as AnyElysia;
}

/** @throws Problem `not-found` for what is no list of the viewer's. */
async function listIn(call: SignedCall): Promise<ListView> {
  const list = await call.queries.list(call.key(), call.me.actorKey);
  if (list === null) throw notHere();
  return list;
}

const all = (face: Face): Handler =>
  face.endpoint("read:lists", async (call) => (await call.queries.lists(call.me.actorKey)).map(listOf));

const one = (face: Face): Handler => face.endpoint("read:lists", async (call) => listOf(await listIn(call)));

const make = (face: Face): Handler =>
  face.endpoint("write:lists", async (call) => {
    const said = saidOf(call, null);
    const { object } = await face.core.act(call.me.actorKey, {
      type: "Create",
      object: { type: "List", ...said },
    });
    const list = object && (await call.queries.list(object.key, call.me.actorKey));
    if (!list) throw notHere();
    return listOf(list);
  });

const change = (face: Face): Handler =>
  face.endpoint("write:lists", async (call) => {
    const list = await listIn(call);
    const object = { id: list.iri, ...saidOf(call, list) };
    await face.core.act(call.me.actorKey, { type: "Update", object });
    return listOf(await listIn(call));
  });

const remove = (face: Face): Handler =>
  face.endpoint("write:lists", async (call) => {
    const { iri } = await listIn(call);
    await face.core.act(call.me.actorKey, { type: "Delete", object: iri });
    return {};
  });

/** `limit=0` is all of them (Tusky). */
const people = (face: Face): Handler =>
  face.endpoint("read:lists", async (call) => {
    const { key } = await listIn(call);
    if (call.params.integer("limit") === 0)
      return (await call.queries.everybodyIn(key)).map((view) => accountOf(view, face));
    const page = await call.queries.listPeople(key, call.page(PEOPLE));
    return paged(
      page,
      page.items.map((view) => accountOf(view, face)),
    );
  });

/** Whoever is in the list already stays in it, and whoever is not need not be taken out. */
const keeping = (face: Face, isIn: boolean): Handler =>
  face.endpoint("write:lists", async (call) => {
    const list = await listIn(call);
    const keys = keysOf(call.params.list("account_ids"));
    if (keys.length > MAX_AT_ONCE)
      throw new Problem("invalid", `At most ${MAX_AT_ONCE} people can be named at a time.`);
    for (const key of keys) {
      const person = await personAt(face, key);
      if ((await face.look.isMember(list.key, ITEMS, key)) === isIn) continue;
      const act = { type: isIn ? "Add" : "Remove", object: person.iri, target: list.iri };
      await face.core.act(call.me.actorKey, act);
    }
    return {};
  });

const holding = (face: Face): Handler =>
  face.endpoint("read:lists", async (call) => {
    const [lists, holding] = await Promise.all([
      call.queries.lists(call.me.actorKey),
      call.queries.listsWith(call.me.actorKey, call.key()),
    ]);
    return lists.filter(({ key }) => holding.has(key)).map(listOf);
  });

const timeline = (face: Face): Handler =>
  face.endpoint("read:lists", async (call) => {
    const list = await listIn(call);
    return statusPage(
      face,
      call,
      await call.queries.ofList(list.key, call.me.actorKey, await pageWith(face, call)),
    );
  });

/** What the request says of a list; what it leaves out stays. @throws Problem `invalid`. */
function saidOf({ params }: SignedCall, before: ListView | null) {
  const title = params.text("title")?.trim() ?? before?.title ?? "";
  if (title === "") throw new Problem("invalid", "A list needs a title.", { field: "title" });
  const replies = params.text("replies_policy") ?? before?.replies ?? "list";
  const repliesFrom = REPLIES.find((each) => each === replies);
  if (repliesFrom === undefined)
    throw new Problem("invalid", `replies_policy is one of ${REPLIES.join(", ")}.`, {
      field: "replies_policy",
    });
  return { name: title, repliesFrom, exclusive: params.flag("exclusive") ?? before?.isExclusive ?? false };
}
