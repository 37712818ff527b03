/** The emoji of this server, with the words that stand for them. */
import type { CustomEmoji } from "../../server/site/emoji.ts";
import { emptyState } from "../components/empty-state.ts";
import { pageHead } from "../components/page-head.ts";
import { type Html, html } from "../html.ts";
import type { PageContext, PageView } from "../page.ts";

export function emojiPage(context: PageContext, emoji: readonly CustomEmoji[]): PageView {
  const { emojis: said } = context.words;
  const groups = [...Map.groupBy(emoji, ({ category }) => category)];
  return {
    title: said.title,
    isPrivate: true,
    main: html`
      ${pageHead({ title: said.title, text: said.listText })}
      ${
        groups.length === 0
          ? html`<div class="sheet">${emptyState({ icon: "smile", title: said.emptyTitle, text: said.emptyText })}</div>`
          : groups.map(([category, all]) => group(category, all))
      }`,
  };
}

const group = (
  category: string,
  emoji: readonly CustomEmoji[],
): Html => html`<section key=${category} class="section">
  ${category && html`<h2 dir="auto">${category}</h2>`}
  <ul class="sheet sheet-body">
    ${emoji.map(
      ({ key, shortcode, url }) =>
        html`<li key=${key}><img class="emoji" src=${url} alt="" width="32" height="32" loading="lazy" /> <code>:${shortcode}:</code></li>`,
    )}
  </ul>
</section>`;
