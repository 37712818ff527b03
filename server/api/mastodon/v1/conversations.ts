/** `/api/v1/conversations`: what is for those addressed alone, by conversation. */
import { type AnyElysia, Elysia } from "elysia";
import type { TalkView } from "../../../queries/personal.ts";
import { accountOf } from "../entities/account.ts";
import { statusOf } from "../entities/status.ts";
import { type Face, paged } from "../face.ts";
import { idOf, notHere } from "../ids.ts";

/** Bodies are read by `params.ts`. */
const RAW = { parse: "none" } as const;

export const conversationsRoutes = (face: Face): AnyElysia => {
  const mark = (isUnread: boolean) =>
    face.endpoint("write:conversations", async (call) => {
      await call.queries.markTalk(call.viewerKey, call.key(), isUnread);
      const talk = await call.queries.talk(call.viewerKey, { key: call.key() });
      if (talk === null) throw notHere();
      return conversationOf(talk, face);
    });

  return new Elysia({ name: "mastodon conversations" })
    .get(
      "/api/v1/conversations",
      face.endpoint("read:statuses", async (call) => {
        const page = await call.queries.talks(call.viewerKey, call.page());
        return paged(
          page,
          page.items.map((talk) => conversationOf(talk, face)),
        );
      }),
    )
    .delete(
      "/api/v1/conversations/:id",
      face.endpoint("write:conversations", async (call) => {
        await call.queries.dropTalk(call.viewerKey, call.key());
        return {};
      }),
      RAW,
    )
    .post("/api/v1/conversations/:id/read", mark(false), RAW)
    .post("/api/v1/conversations/:id/unread", mark(true), RAW) as unknown as AnyElysia;
};

/** `Conversation`. */
export const conversationOf = ({ key, isUnread, people, last }: TalkView, face: Face): object => ({
  id: idOf(key),
  unread: isUnread,
  accounts: people.map((person) => accountOf(person, face)),
  last_status: last === null || last.isDeleted ? null : statusOf(last, face),
});
