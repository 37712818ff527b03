/** What is inside a card, by the type of the thing; a type without a design is shown as its nearest known ancestor. */
import type { ObjectView } from "../../server/queries/view.ts";
import { type Html, html } from "../html.ts";
import type { PageContext } from "../page.ts";
import { attachments, linksOf, mediaOf } from "./attachments.ts";
import { emojiText } from "./emoji-text.ts";
import { eventWhen } from "./event-when.ts";
import { facts } from "./facts.ts";
import { hashtags } from "./hashtags.ts";
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
  Page: page,
  Document: article,
  Image: mediaFirst,
  Video: mediaFirst,
  Audio: mediaFirst,
  Event: event,
  Object: generic,
};

/** Facts that an event's own lines say already. */
const SAID_BY_EVENT: ReadonlySet<string> = new Set(["startTime", "endTime", "location"]);

/** `more` stands below the rest, behind the same warning. */
export function bodyOf(context: PageContext, view: ObjectView, place: CardPlace, more: Html = null): Html {
  const known = view.ancestry.find((type) => Object.hasOwn(BODIES, type)) ?? "Object";
  const body = (BODIES[known] ?? generic)(context, view, place);
  return behindWarning(
    context,
    view,
    html`${body}${rest(context, view, place)}${hashtags(context, view)}${more}`,
  );
}

/** The way to what there is no room for: on the thing's own page in lists, at its origin there. */
function rest({ words }: PageContext, view: ObjectView, place: CardPlace): Html {
  if (!view.isCut) return null;
  if (place !== "whole") return html`<p><a class="read-on" href=${view.path}>${words.post.open}</a></p>`;
  return view.isLocal
    ? null
    : html`<p><a class="read-on" href=${view.url} rel="noopener nofollow ugc">${words.post.openOriginal}</a></p>`;
}

/** A content warning comes first, and the rest only when asked for. */
function behindWarning({ words }: PageContext, view: ObjectView, body: Html): Html {
  if (!view.summary || isPublication(view)) return html`<div class="card-body">${body}</div>`;
  return html`<details class="card-body warning">
    <summary class="warning-summary">
      <span class="warning-said">${icon("triangle-alert")}<span dir="auto">${emojiText(view.summary, view.emoji)}</span></span>
      <span class="warning-open">${words.post.showContent}</span>
    </summary>
    ${body}
  </details>`;
}

/** Types in whose `summary` people warn of what follows. */
const WARNED: ReadonlySet<string> = new Set(["Note", "Question"]);

/** Of posts without a title the summary is a warning, where there is something to warn of; else an abstract. */
const isPublication = (view: ObjectView): boolean =>
  !view.isSensitive &&
  (view.name !== null ||
    !view.ancestry.some((type) => WARNED.has(type)) ||
    (view.contentHtml === "" && view.attachments.length === 0 && view.poll === null));

function note(context: PageContext, view: ObjectView): Html {
  return html`
    ${title(view)}${abstract(view)}${text(view)}
    ${poll(context, view)}${attachments(context, view)}${facts(context, view)}`;
}

/** In a list the preview stands for the whole, where its author gives one (FEP-b2b8), else its first lines. */
function article(context: PageContext, view: ObjectView, place: CardPlace): Html {
  const isWhole = place === "whole";
  const previewHtml = view.summary === null ? view.previewHtml : "";
  return html`
    ${kicker(view)}${title(view)}${abstract(view)}
    ${facts(context, view)}
    ${richText({
      cleanHtml: isWhole ? view.contentHtml || previewHtml : previewHtml || view.contentHtml,
      language: view.language,
      under: lowestHeading(view),
      class: isWhole ? "publication" : "excerpt",
    })}
    ${!isWhole && !view.isCut && html`<p><a class="read-on" href=${view.path}>${context.words.post.open}</a></p>`}
    ${attachments(context, view)}`;
}

/** What a forum talks about: the link comes with the title, the words of whoever brought it after that. */
function page(context: PageContext, view: ObjectView, place: CardPlace): Html {
  return html`
    ${kicker(view)}${title(view)}${linksOf(context, view)}${abstract(view)}
    ${facts(context, view)}${excerptOf(view, place)}${mediaOf(context, view)}`;
}

function mediaFirst(context: PageContext, view: ObjectView, place: CardPlace): Html {
  return html`${attachments(context, view)}${title(view)}${abstract(view)}
    ${excerptOf(view, place)}${facts(context, view)}`;
}

function event(context: PageContext, view: ObjectView, place: CardPlace): Html {
  const others =
    view.event === null
      ? view
      : { ...view, facts: view.facts.filter((fact) => !SAID_BY_EVENT.has(fact.property)) };
  return html`${kicker(view, icon("calendar"))}${title(view)}
    ${view.event && eventWhen(context, view.event)}
    ${abstract(view)}${facts(context, others)}
    ${excerptOf(view, place)}${attachments(context, view)}`;
}

/** A type that nobody here knows says as much as can be read of it, and where to see the rest. */
function generic(context: PageContext, view: ObjectView, place: CardPlace): Html {
  const isKnown = view.ancestry.includes("Object");
  return html`${kicker(view)}${title(view)}${abstract(view)}
    ${facts(context, view)}${excerptOf(view, place)}
    ${poll(context, view)}${attachments(context, view)}
    ${
      !isKnown &&
      !view.isLocal &&
      html`<p><a class="read-on" href=${view.url} rel="noopener nofollow ugc">${context.words.post.openOriginal}</a></p>`
    }`;
}

const kicker = (view: ObjectView, picture: Html = null): Html =>
  html`<p class="card-kicker">${picture}${view.typeLabel}</p>`;

const title = (view: ObjectView): Html =>
  view.name &&
  html`<h3 class="card-title" dir="auto" lang=${view.language ?? undefined}>
    <a href=${view.path}>${emojiText(view.name, view.emoji)}</a>
  </h3>`;

const abstract = (view: ObjectView): Html =>
  view.summary &&
  isPublication(view) &&
  html`<p class="card-abstract" dir="auto">${emojiText(view.summary, view.emoji)}</p>`;

const text = (view: ObjectView): Html =>
  richText({
    cleanHtml: view.contentHtml || view.previewHtml,
    language: view.language,
    under: lowestHeading(view),
  });

/** Whose it is stands in a heading of level 2, its title in one of level 3. */
const lowestHeading = ({ name }: ObjectView): number => (name ? 3 : 2);

/** In a list the first lines. */
const excerptOf = (view: ObjectView, place: CardPlace): Html =>
  place === "whole"
    ? text(view)
    : richText({
        cleanHtml: view.contentHtml || view.previewHtml,
        language: view.language,
        under: lowestHeading(view),
        class: "excerpt",
      });
