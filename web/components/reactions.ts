/** Reactions to a post: each emoji with its count, which is a button for whoever is signed in. */
import type { ObjectView, ReactionView } from "../../server/queries/view.ts";
import { ACT, verb } from "../forms.ts";
import { SMALL_SET } from "../forms-quotes.ts";
import { type Html, html, ready } from "../html.ts";
import type { PageContext } from "../page.ts";
import { short } from "../words/number.ts";
import { icon } from "./icon.ts";
import { menu } from "./menu.ts";
import { nameOf } from "./person-chip.ts";

/** Shown on a card; the page of reactions has them all. */
const MAX_SHOWN = 8;

export const reactionsPath = (view: ObjectView): string => `${view.path}/reactions`;

/** Goes into the form of the card; without buttons for visitors. */
export function reactionRow(context: PageContext, view: ObjectView): Html {
  const { reactions } = view;
  if (reactions.length === 0) return null;
  const { reaction: said } = context.words;
  return html`<p class="reactions" role="group" aria-label=${said.list}>
    ${reactions.slice(0, MAX_SHOWN).map((one) => reactionPill(context, one))}
    <a class="reactions-who" href=${reactionsPath(view)}>${said.who}</a>
  </p>`;
}

export function reactionPill(context: PageContext, one: ReactionView): Html {
  const { language, viewer } = context;
  const { reaction: said } = context.words;
  const face = html`${emojiFace(one)}<span class="reaction-count">${short(language, one.count)}</span>`;
  const meaning = said.count(one.emoji, one.count);
  if (viewer === null) return html`<span key=${one.name} class="reaction" title=${meaning}>${face}</span>`;
  const value = one.isMine ? verb("Undo", `EmojiReact ${one.name}`) : verb("EmojiReact", one.name);
  return html`<button key=${one.name} class=${one.isMine ? "reaction is-on" : "reaction"} name=${ACT.fields.type}
    value=${value} title=${one.isMine ? said.undo(one.emoji) : said.with(one.emoji)} aria-pressed=${one.isMine ? "true" : "false"}>
    ${face}
  </button>`;
}

/** The picture of a custom emoji where it may be shown, else its words. */
export const emojiFace = ({ emoji, url }: Pick<ReactionView, "emoji" | "url">): Html =>
  url === null
    ? html`<span class="reaction-face">${emoji}</span>`
    : html`<img class="emoji" src=${url} alt=${emoji} width="20" height="20" loading="lazy" decoding="async" />`;

/** A character as it may stand in markup without making all of a page's text twice as wide. */
const asReference = (emoji: string): string =>
  [...emoji].map((character) => `&#${character.codePointAt(0)};`).join("");

/** On every card, and the same on each: an emoji is its own name, which is read out in the reader's language. */
const CHOICES = ready(
  `<div class="reaction-choices">${SMALL_SET.map(
    (emoji) =>
      `<button class="reaction-choice" name="${ACT.fields.type}" value="${verb("EmojiReact", asReference(emoji))}">${asReference(emoji)}</button>`,
  ).join("")}</div>`,
);

/** The button in the row of actions, with a few to choose from at once. */
export function reactMenu(context: PageContext, view: ObjectView): Html {
  const { reaction: said, post } = context.words;
  return menu({
    label: said.reactTo(view.author ? nameOf(view.author) : post.someone),
    icon: "smile",
    children: html`
      ${CHOICES}
      <a class="menu-item" href=${reactionsPath(view)}>${icon("smile")}${said.other}</a>`,
  });
}
