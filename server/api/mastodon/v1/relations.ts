/** `/api/v1/accounts/:id/…`: to follow, block, mute, recommend somebody, and to note something about them. */
import { type AnyElysia, Elysia } from "elysia";
import type { Entity } from "../../../core/entity.ts";
import type { Face, Handler, SignedCall } from "../face.ts";
import { endIn } from "../params.ts";
import { causeIn, keepIn, personAt, relationshipWith } from "../people.ts";
import { myself } from "../statuses.ts";

/** What is done to somebody; the answer is always what the two are to each other then. */
type Deed = (face: Face, call: SignedCall, other: Entity) => Promise<void>;

interface Verb {
  readonly scope: string;
  readonly deed: Deed;
}

const VERBS: Readonly<Record<string, Verb>> = {
  follow: { scope: "write:follows", deed: follow },
  unfollow: { scope: "write:follows", deed: undoing("following", "requested") },
  remove_from_followers: {
    scope: "write:follows",
    async deed(face, { me }, other) {
      const asked = await causeIn(face, me.actorKey, ["followers"], other.key);
      if (asked !== null)
        await face.core.act(me.actorKey, { type: "Reject", object: asked, to: [other.iri] });
    },
  },
  block: {
    scope: "write:blocks",
    async deed(face, { me }, other) {
      if (!(await face.look.isMember(me.actorKey, "blocked", other.key)))
        await face.core.act(me.actorKey, { type: "Block", object: other.iri });
    },
  },
  unblock: { scope: "write:blocks", deed: undoing("blocked") },
  mute: { scope: "write:mutes", deed: mute },
  unmute: { scope: "write:mutes", deed: keeping("muted", false) },
  note: {
    scope: "write:accounts",
    deed: (face, { me, params }, other) =>
      face.acquaintances.note(me.actorKey, other.key, params.text("comment") ?? ""),
  },
  pin: { scope: "write:accounts", deed: keeping("endorsements", true) },
  unpin: { scope: "write:accounts", deed: keeping("endorsements", false) },
  endorse: { scope: "write:accounts", deed: keeping("endorsements", true) },
  unendorse: { scope: "write:accounts", deed: keeping("endorsements", false) },
};

export function relationsRoutes(face: Face): AnyElysia {
  const app = new Elysia({ name: "mastodon relations" });
  for (const [name, { scope, deed }] of Object.entries(VERBS))
    app.post(`/api/v1/accounts/:id/${name}`, handlerFor(face, scope, deed), { parse: "none" });
  return app as unknown as AnyElysia;
}

const handlerFor = (face: Face, scope: string, deed: Deed): Handler =>
  face.endpoint(scope, async (call) => {
    const other = await personAt(face, call.key());
    await deed(face, call, other);
    return relationshipWith(face, call, other.key);
  });

/** What is not said stays as it is, or is as usual. */
async function follow(face: Face, { me, params }: SignedCall, other: Entity): Promise<void> {
  const before = (await face.queries.relationships(me.actorKey, [other.key])).get(other.key);
  const isKnown = before !== undefined && before.following !== "no";
  await face.acquaintances.follow(me.actorKey, other, {
    shares: params.flag("reblogs") ?? (!isKnown || before.showsShares),
    tells: params.flag("notify") ?? (isKnown && before.tellsPosts),
    languages: params.has("languages")
      ? params.list("languages").filter((language) => language !== "")
      : isKnown
        ? before.languages
        : [],
  });
}

async function mute(face: Face, { me, params }: SignedCall, other: Entity): Promise<void> {
  await face.avoiding.mute(me.actorKey, other, {
    endsMs: endIn(params, "duration", face.now()),
    notices: params.flag("notifications") ?? true,
  });
}

/** Takes back the activity that keeps them in one of these lists. */
function undoing(...lists: readonly string[]): Deed {
  return async (face, { me }, other) => {
    const done = await causeIn(face, me.actorKey, lists, other.key);
    if (done !== null) await face.core.act(me.actorKey, { type: "Undo", object: done });
  };
}

function keeping(list: string, isIn: boolean): Deed {
  return async (face, call, other) => keepIn(face, await myself(face, call), list, other, isIn);
}
