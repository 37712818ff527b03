/** This server's own emoji as `CustomEmoji`. */
import type { CustomEmoji, CustomEmojis } from "../../../site/emoji.ts";

export const customEmojiOf = ({ shortcode, url, category, isOffered }: CustomEmoji) => ({
  shortcode,
  url,
  static_url: url,
  visible_in_picker: isOffered,
  category: category === "" ? null : category,
});

/** Those of ours that a text names. */
export const emojisIn = (text: string, { emoji }: { readonly emoji: CustomEmojis }): readonly object[] =>
  emoji.tagsIn([text]).flatMap(({ name }) => {
    const found = emoji.find(String(name).replaceAll(":", ""));
    return found === null ? [] : customEmojiOf(found);
  });
