/** For the author of a post: who quotes it, who asks to, and the way to take consent back. */
import type { AskingView, QuotingView } from "../../server/queries/quoting.ts";
import type { ObjectView } from "../../server/queries/view.ts";
import { csrfField, hidden } from "../components/act-form.ts";
import { emptyState } from "../components/empty-state.ts";
import { objectCard } from "../components/object-card.ts";
import { pageHead } from "../components/page-head.ts";
import { personChip } from "../components/person-chip.ts";
import { quotedPost } from "../components/quote-card.ts";
import { richText } from "../components/rich-text.ts";
import { QUOTES } from "../forms-quotes.ts";
import { type Html, html } from "../html.ts";
import type { PageContext, PageView } from "../page.ts";
import { safeHref } from "../safe-href.ts";

export interface QuotesProps {
  readonly view: ObjectView;
  readonly quotes: readonly QuotingView[];
  readonly asking: readonly AskingView[];
  readonly olderHref: string | null;
}

export function quotesPage(context: PageContext, props: QuotesProps): PageView {
  const { words } = context;
  const { quote: said } = words;
  const { view, quotes, asking, olderHref } = props;
  return {
    title: said.listTitle,
    isPrivate: true,
    main: html`
      ${pageHead({ title: said.listTitle, text: said.listText })}
      ${quotedPost(context, view)}
      ${
        asking.length > 0 &&
        html`<section class="section"><h2>${said.waitingTitle}</h2>
          ${asking.map((one) => askingCard(context, one))}</section>`
      }
      ${
        quotes.length === 0
          ? html`<div class="sheet">${emptyState({ icon: "quote", title: said.listEmptyTitle, text: said.listEmptyText })}</div>`
          : html`<section class="section" aria-label=${said.count(view.counts.quotes)}>
              ${quotes.map((one) => quotingCard(context, one))}</section>`
      }
      ${olderHref && html`<p class="pager"><a class="button button-quiet" href=${olderHref}>${words.pager.more}</a></p>`}`,
  };
}

function askingCard(context: PageContext, { requestIri, actor, quoteIri, contentHtml }: AskingView): Html {
  const { quote: said } = context.words;
  return html`<article key=${requestIri} class="sheet sheet-body quote-answer">
    <p>${personChip(actor)} ${said.wantsTo} <a href=${safeHref(quoteIri)} rel="noopener nofollow ugc">${shortAddress(quoteIri)}</a></p>
    ${contentHtml !== "" && html`<blockquote class="quoted">${richText({ cleanHtml: contentHtml })}</blockquote>`}
    <div class="button-row">
      ${answerButton(context, { action: QUOTES.actions.accept, subject: requestIri, label: said.accept })}
      ${answerButton(context, { action: QUOTES.actions.reject, subject: requestIri, label: said.reject, isQuiet: true })}
    </div>
  </article>`;
}

function quotingCard(context: PageContext, { stampIri, quoteIri, view }: QuotingView): Html {
  const { quote: said } = context.words;
  return html`<div key=${stampIri} class="sheet quote-answer">
    ${
      view === null
        ? html`<p class="sheet-body">${said.notHere} <a href=${safeHref(quoteIri)} rel="noopener nofollow ugc">${shortAddress(quoteIri)}</a></p>`
        : objectCard(context, { view })
    }
    <div class="button-row sheet-body">
      ${answerButton(context, { action: QUOTES.actions.withdraw, subject: stampIri, label: said.withdraw, isQuiet: true })}
    </div>
  </div>`;
}

const answerButton = (
  context: PageContext,
  props: {
    readonly action: string;
    readonly subject: string;
    readonly label: string;
    readonly isQuiet?: boolean;
  },
): Html => html`<form method="post" action=${QUOTES.path}>
  ${csrfField(context)}${hidden(QUOTES.fields.action, props.action)}${hidden(QUOTES.fields.subject, props.subject)}
  ${hidden(QUOTES.fields.return, context.path)}
  <button class=${props.isQuiet ? "button button-quiet" : "button"}>${props.label}</button>
</form>`;

const shortAddress = (iri: string): string => iri.replace(/^https?:\/\//, "");
