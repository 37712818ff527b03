/** `/api/v2/search` and its relatives: people, posts and tags by words; people and posts elsewhere by handle or address. */
import { type AnyElysia, Elysia } from "elysia";
import { accountsOf } from "../accounts.ts";
import { tagOf } from "../entities/tag.ts";
import type { Call, Face } from "../face.ts";
import { createSearching, type Found } from "../search.ts";
import { statusesFrom, statusesOf } from "../statuses.ts";

/** As many accounts as Mastodon gives to those who type a name. */
const ACCOUNTS = { usual: 40, most: 80 };

export function searchRoutes(face: Face): AnyElysia {
  const searching = createSearching(face);

  /** All three lists always, or clients die. */
  async function answer(call: Call, { accounts, items, objects }: Found) {
    const [feed, single] = await Promise.all([
      statusesOf(face, call, items),
      statusesFrom(face, call, objects),
    ]);
    return { accounts: accountsOf(face, accounts), statuses: [...feed, ...single] };
  }

  return new Elysia({ name: "mastodon search" })
    .get(
      "/api/v2/search",
      face.open("read:search", async (call) => {
        const found = await searching.all(call, searching.asked(call));
        const tags = await call.queries.tags(found.hashtags, call.viewerKey);
        const hashtags = tags.map((tag) => tagOf(tag, face, call.viewer !== null));
        return { ...(await answer(call, found)), hashtags };
      }),
    )
    .get(
      "/api/v1/search",
      face.open("read:search", async (call) => {
        const found = await searching.all(call, searching.asked(call));
        return { ...(await answer(call, found)), hashtags: found.hashtags };
      }),
    )
    .get(
      "/api/v1/accounts/search",
      face.endpoint("read:accounts", async (call) =>
        accountsOf(face, await searching.accounts(call, searching.asked(call, ACCOUNTS))),
      ),
    ) as unknown as AnyElysia;
}
