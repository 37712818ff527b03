/** What counts as one emoji, and which reactions are the same. */
import { expect, test } from "bun:test";
import { emojiOf, listOf, reactionIn, reactionOf } from "./reaction.ts";

test("an emoji is counted as one whichever way it is typed", () => {
  expect(emojiOf("❤")).toBe("❤️");
  expect(emojiOf(" ❤️ ")).toBe("❤️");
  expect(emojiOf("👍")).toBe("👍");
  expect(emojiOf("👍🏽")).toBe("👍🏽");
  expect(emojiOf("👩‍🏫")).toBe("👩‍🏫");
  expect(emojiOf("🇩🇪")).toBe("🇩🇪");
});

test.each(["", "a", "ab", "1", "👍👍", "<b>", "👍 x", ":cat:", "\u200d", "e\u0301", "👍".repeat(20)])(
  "%j is no emoji",
  (text) => expect(emojiOf(text)).toBeNull(),
);

test("a custom emoji needs its picture, over https, under its own name", () => {
  const react = (content: string, tag: unknown) =>
    reactionOf({ type: "EmojiReact", content, tag: tag as never });
  const icon = { type: "Image", url: "https://b.test/cat.png" };
  expect(react(":cat:", [{ type: "Emoji", name: ":cat:", icon }])).toEqual({
    emoji: ":cat:",
    url: "https://b.test/cat.png",
  });
  expect(react(":cat:", [{ type: "Emoji", name: "cat", icon }])?.url).toBe("https://b.test/cat.png");
  for (const tag of [
    [],
    [{ type: "Emoji", name: ":dog:", icon }],
    [{ type: "Emoji", name: ":cat:", icon: { url: "http://b.test/cat.png" } }],
    [{ type: "Emoji", name: ":cat:", icon: { url: "javascript:alert(1)" } }],
    [{ type: "Emoji", name: ":cat:", icon: { url: `https://b.test/${"x".repeat(500)}` } }],
    [{ type: "Image", name: ":cat:", icon }],
  ])
    expect(react(":cat:", tag)).toBeNull();
});

test("the name of a list says what it holds", () => {
  for (const reaction of [
    { emoji: "🔥", url: null },
    { emoji: ":cat:", url: "https://b.test/cat.png" },
  ])
    expect(reactionIn(listOf(reaction))).toEqual(reaction);
  expect(reactionIn("likes")).toBeNull();
});
