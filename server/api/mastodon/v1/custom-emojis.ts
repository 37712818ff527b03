/** `/api/v1/custom_emojis`: pictures of this server that stand for a shortcode. */
import { type AnyElysia, Elysia } from "elysia";
import { customEmojiOf } from "../entities/custom-emoji.ts";
import type { Face } from "../face.ts";

export const customEmojisRoutes = (face: Face): AnyElysia =>
  new Elysia({ name: "mastodon custom emojis" }).get(
    "/api/v1/custom_emojis",
    face.open("read", async () => face.emoji.all().map(customEmojiOf)),
  ) as unknown as AnyElysia;
