/** Quotes of a status: who quoted it, who may, and taking consent back. */
import { type AnyElysia, Elysia } from "elysia";
import { policyFor } from "../../../vocab/quote/policy.ts";
import { followersOf } from "../../../vocab/writing.ts";
import { type Face, paged } from "../face.ts";
import { notHere } from "../ids.ts";
import { quotePolicyOf } from "../posts.ts";
import { myself, statusByKey, statusesFrom, thingOf } from "../statuses.ts";

const RAW = { parse: "none" } as const;

export const quotesRoutes = (face: Face): AnyElysia =>
  new Elysia({ name: "mastodon quotes" })
    .get(
      "/api/v1/statuses/:id/quotes",
      face.endpoint("read:statuses", async (call) => {
        const { key } = await thingOf(face, call, call.key());
        const page = await call.queries.quoting(key, call.viewerKey, call.page());
        const views = page.items.flatMap(({ view }) => view ?? []);
        return paged(page, await statusesFrom(face, call, views));
      }),
    )
    .post(
      "/api/v1/statuses/:id/quotes/:quote/revoke",
      face.endpoint("write:statuses", async (call) => {
        const quoted = await thingOf(face, call, call.key());
        const quote = await thingOf(face, call, call.key("quote"));
        if (quoted.owner !== call.viewerKey) throw notHere();
        const stamp = await face.look.causeOf(quoted.key, "quotes", quote.key);
        const given = stamp === null ? null : await face.look.byKey(stamp);
        if (given === null) throw notHere();
        await face.core.act(call.viewerKey, { type: "Delete", object: given.iri });
        return statusByKey(face, call, quote.key);
      }),
      RAW,
    )
    .put(
      "/api/v1/statuses/:id/interaction_policy",
      face.endpoint("write:statuses", async (call) => {
        const me = await myself(face, call);
        const thing = await thingOf(face, call, call.key());
        if (thing.owner !== me.key) throw notHere();
        const isOpen = thing.visibility === "public" || thing.visibility === "quiet";
        const choice = isOpen ? quotePolicyOf(call.params, "everyone") : "nobody";
        const interactionPolicy = policyFor(choice, { iri: me.iri, followers: followersOf(me) });
        await face.core.act(me.key, { type: "Update", object: { id: thing.iri, interactionPolicy } });
        return statusByKey(face, call, thing.key);
      }),
      RAW,
    ) as unknown as AnyElysia;
