/** Who reacted to a post, and with what; and a place to type any other emoji. */
import type { ActorView, ObjectView, ReactionView } from "../../server/queries/view.ts";
import { actForm } from "../components/act-form.ts";
import { actorRow } from "../components/actor-card.ts";
import { emptyState } from "../components/empty-state.ts";
import { field } from "../components/field.ts";
import { pageHead } from "../components/page-head.ts";
import { quotedPost } from "../components/quote-card.ts";
import { emojiFace, reactionPill, reactionsPath } from "../components/reactions.ts";
import { ACT, EMPTY_FORM, verb } from "../forms.ts";
import { SMALL_SET } from "../forms-quotes.ts";
import { type Html, html } from "../html.ts";
import type { PageContext, PageView } from "../page.ts";
import { short } from "../words/number.ts";

export interface ReactionsProps {
  readonly view: ObjectView;
  /** The one whose people are shown; null where there is none. */
  readonly chosen: ReactionView | null;
  readonly people: readonly ActorView[];
  readonly olderHref: string | null;
}

export function reactionsPage(context: PageContext, props: ReactionsProps): PageView {
  const { words } = context;
  const { reaction: said } = words;
  const { view, chosen, people, olderHref } = props;
  return {
    title: said.title,
    isPrivate: true,
    main: html`
      ${pageHead({ title: said.title })}
      ${quotedPost(context, view)}
      ${context.viewer !== null && chooser(context, view)}
      ${
        chosen === null
          ? html`<div class="sheet">${emptyState({ icon: "smile", title: said.emptyTitle, text: said.emptyText })}</div>`
          : html`${view.reactions.length > 1 && kinds(context, view, chosen)}
              <section class="sheet" aria-label=${said.count(chosen.emoji, chosen.count)}>
                <h2 class="thread-title">${emojiFace(chosen)} ${short(context.language, chosen.count)}</h2>
                ${people.map((actor) => actorRow(context, { actor, relationship: null }))}
              </section>`
      }
      ${olderHref && html`<p class="pager"><a class="button button-quiet" href=${olderHref}>${words.pager.more}</a></p>`}`,
  };
}

function kinds({ words, language }: PageContext, view: ObjectView, chosen: ReactionView): Html {
  return html`<nav class="reactions" aria-label=${words.reaction.list}>
    ${view.reactions.map(
      (one) => html`<a key=${one.name} class=${one.name === chosen.name ? "reaction is-on" : "reaction"}
        href=${`${reactionsPath(view)}?with=${encodeURIComponent(one.name)}`}
        aria-current=${one.name === chosen.name ? "page" : undefined} title=${words.reaction.count(one.emoji, one.count)}>
        ${emojiFace(one)}<span class="reaction-count">${short(language, one.count)}</span></a>`,
    )}
  </nav>`;
}

function chooser(context: PageContext, view: ObjectView): Html {
  const { reaction: said } = context.words;
  const returnTo = reactionsPath(view);
  const mine = view.reactions.filter(({ isMine }) => isMine);
  return html`<section class="sheet sheet-body">
    ${actForm(context, {
      object: view.iri,
      returnTo,
      children: html`
        ${mine.length > 0 && html`<p class="reactions">${mine.map((one) => reactionPill(context, one))}</p>`}
        <p class="reaction-choices">${SMALL_SET.map(
          (
            emoji,
          ) => html`<button key=${emoji} class="reaction-choice" name=${ACT.fields.type} value=${verb("EmojiReact", emoji)}
            title=${said.with(emoji)}><span class="visually-hidden">${said.with(emoji)}</span><span aria-hidden="true">${emoji}</span></button>`,
        )}</p>`,
    })}
    ${actForm(context, {
      object: view.iri,
      returnTo,
      class: "inline-form",
      children: html`
        ${field({ name: ACT.fields.content, label: said.other, help: said.otherHelp, form: EMPTY_FORM, isRequired: true, maxLength: 32, autocomplete: "off" })}
        <button class="button" name=${ACT.fields.type} value=${verb("EmojiReact")}>${said.send}</button>`,
    })}
  </section>`;
}
