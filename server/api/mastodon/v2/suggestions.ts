/** `/api/v2/suggestions`: people whom one may want to follow, and why. */
import { type AnyElysia, Elysia } from "elysia";
import { accountOf } from "../entities/account.ts";
import type { Face } from "../face.ts";
import { partOf } from "../people.ts";

/** Why, in the words of 4.3 and of before. */
const SOURCES = { friends: "friends_of_friends", many: "most_followed" } as const;
const OLD_SOURCES = { friends: "past_interactions", many: "global" } as const;

const USUAL = 40;
const MAX = 80;

export const suggestionsV2Routes = (face: Face): AnyElysia =>
  new Elysia({ name: "mastodon suggestions v2" }).get(
    "/api/v2/suggestions",
    face.endpoint("read:accounts", async (call) => {
      const { limit } = partOf(call, USUAL, MAX);
      const found = await call.queries.suggestions(call.me.actorKey, limit);
      return found.map(({ actor, because }) => ({
        source: OLD_SOURCES[because],
        sources: [SOURCES[because]],
        account: accountOf(actor, face),
      }));
    }),
  ) as unknown as AnyElysia;
