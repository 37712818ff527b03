/** `/api/v1/announcements`: what the people who run this server tell everybody here. */
import { type AnyElysia, Elysia } from "elysia";
import { fromMarkdown } from "../../../lib/text.ts";
import type { AnnouncementFor } from "../../../site/announcements.ts";
import { customEmojiOf, emojisIn } from "../entities/custom-emoji.ts";
import type { Face } from "../face.ts";
import { idOf, timeOf, timeOrNull } from "../ids.ts";

/** Bodies are read by `params.ts`. */
const RAW = { parse: "none" } as const;

export const announcementsRoutes = (face: Face): AnyElysia => {
  const { announcements } = face;

  const react = (isMore: boolean) =>
    face.endpoint("write:favourites", async (call) => {
      const emoji = call.part("name");
      if (isMore) await announcements.react(call.viewerKey, call.key(), emoji);
      else await announcements.unreact(call.viewerKey, call.key(), emoji);
      return {};
    });

  return new Elysia({ name: "mastodon announcements" })
    .get(
      "/api/v1/announcements",
      face.endpoint("read", async (call) => {
        const withRead = call.params.flag("with_dismissed") === true;
        const all = await announcements.for(call.viewerKey, withRead);
        return Promise.all(all.map((each) => announcementOf(each, face)));
      }),
    )
    .post(
      "/api/v1/announcements/:id/dismiss",
      face.endpoint("write:accounts", async (call) => {
        await announcements.dismiss(call.viewerKey, call.key());
        return {};
      }),
      RAW,
    )
    .put("/api/v1/announcements/:id/reactions/:name", react(true), RAW)
    .delete("/api/v1/announcements/:id/reactions/:name", react(false), RAW) as unknown as AnyElysia;
};

/** `Announcement`. */
export async function announcementOf(given: AnnouncementFor, face: Face): Promise<object> {
  const { html } = await fromMarkdown(given.text);
  return {
    id: idOf(given.key),
    content: html,
    starts_at: timeOrNull(given.startsMs),
    ends_at: timeOrNull(given.endsMs),
    all_day: given.isAllDay,
    published_at: timeOf(given.publishedMs),
    updated_at: timeOf(given.updatedMs),
    read: given.isRead,
    mentions: [],
    statuses: [],
    tags: [],
    emojis: emojisIn(given.text, face),
    reactions: given.reactions.map(({ emoji, count, isMine }) => {
      const custom = face.emoji.find(emoji);
      return {
        name: emoji,
        count,
        me: isMine,
        ...(custom === null ? {} : { url: customEmojiOf(custom).url, static_url: custom.url }),
      };
    }),
  };
}
