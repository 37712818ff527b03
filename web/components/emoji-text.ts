/** A line of plain text with the pictures that its author means by words in colons. */
import type { EmojiView } from "../../server/queries/view.ts";
import { type Html, html } from "../html.ts";

/** The words stay as the pictures' alternative texts; whoever copies the line copies them. */
export function emojiText(text: string, emoji: readonly EmojiView[]): Html {
  if (emoji.length === 0) return text;
  const urls = new Map(emoji.map(({ shortcode, url }) => [`:${shortcode}:`, url]));
  return text.split(/(:[\p{L}\p{N}_+-]{1,64}:)/u).map((piece) => {
    const url = urls.get(piece);
    return url === undefined ? piece : picture(piece, url);
  });
}

const picture = (code: string, url: string): Html =>
  html`<img class="emoji" src=${url} alt=${code} title=${code} width="20" height="20" loading="lazy" decoding="async" />`;
