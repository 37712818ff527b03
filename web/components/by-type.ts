/** What is inside a card, by the type of the thing; a type without a design is shown as its nearest known ancestor. */
import type { ObjectView } from "../../server/queries/view.ts";
import { type Html, html } from "../html.ts";
import type { PageContext } from "../page.ts";
import { attachments } from "./attachments.ts";
import { facts } from "./facts.ts";
import { icon } from "./icon.ts";
import { poll } from "./poll.ts";
import { richText } from "./rich-text.ts";

/** Where the card stands: see `ObjectCardProps.as`. */
export type CardPlace = "feed" | "reply" | "whole";

type Body = (context: PageContext, view: ObjectView, place: CardPlace) => Html;

/** One row for each type that has a design of its own. */
const BODIES: Readonly<Record<string, Body>> = {
  Note: note,
  Question: note,
  Article: article,
  Page: article,
  Document: article,
  Image: mediaFirst,
  Video: mediaFirst,
  Audio: mediaFirst,
  Event: event,
  Object: generic,
};

export function bodyOf(context: PageContext, view: ObjectView, place: CardPlace): Html {
  const known = view.ancestry.find((type) => Object.hasOwn(BODIES, type)) ?? "Object";
  const body = (BODIES[known] ?? generic)(context, view, place);
  return behindWarning(context, view, body);
}

/** A content warning comes first, and the rest only when asked for. */
function behindWarning({ words }: PageContext, view: ObjectView, body: Html): Html {
  if (!view.summary || isPublication(view)) return html`<div class="card-body">${body}</div>`;
  return html`<details class="card-body warning">
    <summary class="warning-summary">
      ${icon("triangle-alert")}<span dir="auto">${view.summary}</span>
      <span class="warning-open">${words.post.showContent}</span>
    </summary>
    ${body}
  </details>`;
}

/** Of publications the summary is an abstract, of everything else a warning. */
const isPublication = (view: ObjectView): boolean => view.name !== null && !view.isSensitive;

function note(context: PageContext, view: ObjectView): Html {
  return html`
    ${view.name && title(view)}
    ${richText({ cleanHtml: view.contentHtml, language: view.language })}
    ${poll(context, view)}${attachments(context, view)}${facts(context, view)}`;
}

function article(context: PageContext, view: ObjectView, place: CardPlace): Html {
  const isWhole = place === "whole";
  return html`
    ${kicker(view)}${title(view)}
    ${view.summary && html`<p class="card-abstract" dir="auto">${view.summary}</p>`}
    ${facts(context, view)}
    ${richText({
      cleanHtml: view.contentHtml,
      language: view.language,
      class: isWhole ? "publication" : "excerpt",
    })}
    ${!isWhole && html`<p><a class="read-on" href=${view.path}>${context.words.post.open}</a></p>`}
    ${attachments(context, view)}`;
}

function mediaFirst(context: PageContext, view: ObjectView): Html {
  return html`${attachments(context, view)}${title(view)}
    ${richText({ cleanHtml: view.contentHtml, language: view.language })}${facts(context, view)}`;
}

function event(context: PageContext, view: ObjectView): Html {
  return html`${kicker(view, icon("calendar"))}${title(view)}${facts(context, view)}
    ${richText({ cleanHtml: view.contentHtml, language: view.language })}${attachments(context, view)}`;
}

function generic(context: PageContext, view: ObjectView): Html {
  return html`${kicker(view)}${title(view)}
    ${view.summary && html`<p class="card-abstract" dir="auto">${view.summary}</p>`}
    ${facts(context, view)}
    ${richText({ cleanHtml: view.contentHtml, language: view.language })}
    ${poll(context, view)}${attachments(context, view)}`;
}

const kicker = (view: ObjectView, picture: Html = null): Html =>
  html`<p class="card-kicker">${picture}${view.typeLabel}</p>`;

const title = (view: ObjectView): Html =>
  view.name &&
  html`<h3 class="card-title" dir="auto" lang=${view.language ?? undefined}><a href=${view.path}>${view.name}</a></h3>`;
