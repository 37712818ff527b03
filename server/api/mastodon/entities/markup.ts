/** From the markup of our pages to that of clients: whole addresses, and custom emoji as words in colons. */
import { unescapeHtml } from "../../../lib/html-clean.ts";
import type { EmojiView } from "../../../queries/view.ts";

/** A `CustomEmoji` of their API. */
export interface Emoji {
  readonly shortcode: string;
  readonly url: string;
  readonly static_url: string;
  readonly visible_in_picker: boolean;
}

export interface Markup {
  readonly html: string;
  readonly emoji: readonly EmojiView[];
}

/** As `queries/rich.ts` writes them. */
const PICTURE = /<img class="emoji" src="([^"]*)" alt=":([^":]+):"[^>]*>/g;

/** `html` is that of a view. */
export function markupOf(html: string, origin: string): Markup {
  const whole = html.includes(' href="/') ? html.replaceAll(' href="/', ` href="${origin}/`) : html;
  if (!whole.includes('<img class="emoji"')) return { html: whole, emoji: [] };
  const emoji = new Map<string, string>();
  const worded = whole.replace(PICTURE, (_, src: string, shortcode: string) => {
    emoji.set(shortcode, unescapeHtml(src));
    return `:${shortcode}:`;
  });
  return { html: worded, emoji: [...emoji].map(([shortcode, url]) => ({ shortcode, url })) };
}

/** Each once. */
export function emojisOf(views: readonly EmojiView[], origin: string): readonly Emoji[] {
  if (views.length === 0) return [];
  const byCode = new Map(views.map((view) => [view.shortcode, view]));
  return [...byCode.values()].map(({ shortcode, url }) => {
    const whole = wholeUrl(url, origin);
    return { shortcode, url: whole, static_url: whole, visible_in_picker: true };
  });
}

/** What stands in pages as a path is an address here. */
export const wholeUrl = (url: string, origin: string): string => (url.startsWith("/") ? origin + url : url);
