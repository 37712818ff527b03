/** `/api/v1/pleroma/statuses/:id/reactions`: reacting with an emoji, as clients of Pleroma's kind do. */
import { type AnyElysia, Elysia } from "elysia";
import type { AsObject } from "../../../core/object.ts";
import { Problem } from "../../../lib/problem.ts";
import { emojiOf, listOf, type Reaction } from "../../../vocab/litepub/reaction.ts";
import { accountsOf, unavoided } from "../accounts.ts";
import { reactionsOf } from "../entities/reaction.ts";
import type { Face, SignedCall } from "../face.ts";
import { doOnce, myself, statusByKey, thingOf, viewByKey } from "../statuses.ts";

const RAW = { parse: "none" } as const;
/** Faces beside one emoji. */
const MAX_ACCOUNTS = 40;

export const reactionsRoutes = (face: Face): AnyElysia =>
  new Elysia({ name: "mastodon reactions" })
    .get(
      "/api/v1/pleroma/statuses/:id/reactions",
      face.endpoint(null, async (call) => {
        const view = await viewByKey(face, call, call.key());
        return Promise.all(
          reactionsOf(view, face).map(async (reaction, i) => {
            const name = view.reactions[i]?.name ?? "";
            const { items } = await call.queries.reactors(view.key, name, { limit: MAX_ACCOUNTS });
            return { ...reaction, accounts: accountsOf(face, await unavoided(call, items)) };
          }),
        );
      }),
    )
    .put(
      "/api/v1/pleroma/statuses/:id/reactions/:emoji",
      face.endpoint("write:favourites", (call) => react(face, call)),
      RAW,
    )
    .delete(
      "/api/v1/pleroma/statuses/:id/reactions/:emoji",
      face.endpoint("write:favourites", (call) => undo(face, call)),
      RAW,
    ) as unknown as AnyElysia;

async function react(face: Face, call: SignedCall) {
  const me = await myself(face, call);
  const thing = await thingOf(face, call, call.key());
  const reaction = reactionFrom(face, call.part("emoji"));
  await doOnce(face, me.key, async () =>
    (await face.look.isMember(thing.key, listOf(reaction), me.key)) ? null : draftOf(thing.iri, reaction),
  );
  return statusByKey(face, call, thing.key);
}

async function undo(face: Face, call: SignedCall) {
  const thing = await thingOf(face, call, call.key());
  const cause = await face.look.causeOf(
    thing.key,
    listOf(reactionFrom(face, call.part("emoji"))),
    call.viewerKey,
  );
  const done = cause === null ? null : await face.look.byKey(cause);
  if (done !== null) await face.core.act(call.viewerKey, { type: "Undo", object: done.iri });
  return statusByKey(face, call, thing.key);
}

const draftOf = (object: string, { emoji }: Reaction): AsObject => ({
  type: "EmojiReact",
  object,
  content: emoji,
});

/** One emoji, or the name of one of this server's own. @throws Problem `invalid`. */
function reactionFrom(face: Face, written: string): Reaction {
  const emoji = emojiOf(written);
  if (emoji !== null) return { emoji, url: null };
  const custom = face.emoji.find(written.replaceAll(":", ""));
  if (custom !== null) return { emoji: `:${custom.shortcode}:`, url: custom.url };
  throw new Problem("invalid", "React with one emoji.", { field: "emoji" });
}
