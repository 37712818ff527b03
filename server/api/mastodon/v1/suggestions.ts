/** Finding people: `/api/v1/suggestions`, `/api/v1/directory` and whom one's own circle knows. */
import { type AnyElysia, Elysia } from "elysia";
import type { ActorView } from "../../../queries/view.ts";
import { accountsOf, requireListsOpen, unavoided } from "../accounts.ts";
import { accountOf } from "../entities/account.ts";
import type { Call, Face, Handler } from "../face.ts";
import { idOf, keysOf } from "../ids.ts";
import { partOf, personAt } from "../people.ts";

const MAX_SUGGESTED = 80;
/** As many people as are asked about at a time. */
const MAX_ASKED = 40;

export const suggestionsRoutes = (face: Face): AnyElysia =>
  new Elysia({ name: "mastodon suggestions" })
    .get("/api/v1/suggestions", suggestions(face))
    .delete("/api/v1/suggestions/:id", dismiss(face), { parse: "none" })
    .get("/api/v1/directory", directory(face))
    .get("/api/v1/accounts/familiar_followers", familiar(face)) as unknown as AnyElysia;

const suggestions = (face: Face): Handler =>
  face.endpoint("read:accounts", async (call) => {
    const { limit } = partOf(call, MAX_ASKED, MAX_SUGGESTED);
    const found = await call.queries.suggestions(call.me.actorKey, limit);
    return found.map(({ actor }) => accountOf(actor, face));
  });

/** Not to be suggested again: Ignore (AS2) keeps them in a list that nobody else sees. */
const dismiss = (face: Face): Handler =>
  face.endpoint("write:accounts", async (call) => {
    const person = await personAt(face, call.key());
    if (!(await face.look.isMember(call.me.actorKey, "ignored", person.key)))
      await face.core.act(call.me.actorKey, { type: "Ignore", object: person.iri });
    return {};
  });

/** Who is here is told to strangers where the public lists are. */
const directory = (face: Face): Handler =>
  face.open("read:accounts", async (call) => {
    requireListsOpen(face, call);
    const order = call.params.text("order") === "new" ? "new" : "active";
    const isHere = call.params.flag("local") ?? false;
    const people = await call.queries.directory({ order, isHere }, partOf(call, MAX_ASKED, MAX_SUGGESTED));
    return accountsOf(face, await unavoided(call, await knownTo(call, people)));
  });

/** Without groups of which nobody knows but those who are in them or asked in. */
async function knownTo(call: Call, people: readonly ActorView[]): Promise<readonly ActorView[]> {
  const groups = people.flatMap(({ key, type }) => (type === "Group" ? key : []));
  if (groups.length === 0) return people;
  const lines = await call.queries.groupLines(groups, call.viewerKey);
  const known = new Set(lines.map(({ actor }) => actor.key));
  return people.filter(({ key, type }) => type !== "Group" || known.has(key));
}

const familiar = (face: Face): Handler =>
  face.endpoint("read:follows", async (call) => {
    const keys = keysOf(call.params.list("id")).slice(0, MAX_ASKED);
    const known = await call.queries.familiar(call.me.actorKey, keys);
    return keys.map((key) => ({
      id: idOf(key),
      accounts: (known.get(key) ?? []).map((view) => accountOf(view, face)),
    }));
  });
