/** One thing that somebody published, in a list or as the subject of a page. */
import type { ActorView, ObjectView } from "../../server/queries/view.ts";
import { type Html, html } from "../html.ts";
import type { PageContext } from "../page.ts";
import { avatar } from "./avatar.ts";
import { bodyOf } from "./by-type.ts";
import { standingBehind } from "./filtered.ts";
import { icon } from "./icon.ts";
import { objectActions } from "./object-actions.ts";
import { shownName } from "./person-chip.ts";
import { quoteCard } from "./quote-card.ts";
import { time } from "./time.ts";
import { visibilityMark } from "./visibility.ts";

export interface ObjectCardProps {
  readonly view: ObjectView;
  readonly sharedBy?: ActorView | null;
  /** `feed` in a list, `reply` below another, `whole` as the subject of its page. */
  readonly as?: "feed" | "reply" | "whole";
  /** Says whom it answers, where the page does not show that above it. */
  readonly showsParent?: boolean;
  /** On the page of its group, which need not be named again. */
  readonly isInItsGroup?: boolean;
}

export function objectCard(context: PageContext, props: ObjectCardProps): Html {
  const { view, as = "feed" } = props;
  if (view.isDeleted) return deletedCard(context, view);
  return html`<article key=${view.key} id=${anchorOf(view)} class=${`card card-${as}${view.quote?.view ? " has-quote" : ""}`}>
    ${props.sharedBy && props.sharedBy.key !== view.group?.key && sharedLine(context, props.sharedBy)}
    ${cardHead(context, view, as)}
    ${view.group && !props.isInItsGroup && groupLine(context, view.group)}
    ${props.showsParent !== false && parentLine(context, view)}
    ${sifted(context, view, bodyOf(context, view, as, quoteCard(context, view)))}
    ${objectActions(context, view)}
  </article>`;
}

/** The id of a card on its page: where forms come back to. */
export const anchorOf = (view: ObjectView): string => `p${view.key}`;

/** What a filter of the viewer found stands behind the filter's name. */
function sifted({ words: { filters } }: PageContext, view: ObjectView, body: Html): Html {
  const filtered = standingBehind(view);
  if (filtered.length === 0) return body;
  return html`<details class="card-body warning">
    <summary class="warning-summary">
      <span class="warning-said">${icon("eye-off")}<span dir="auto">${filters.filtered(filtered.map(({ title }) => title).join(", "))}</span></span>
      <span class="warning-open">${filters.show}</span>
    </summary>
    ${body}
  </details>`;
}

function cardHead(context: PageContext, view: ObjectView, as: string): Html {
  const { author } = view;
  const { words } = context;
  return html`<header class="card-head">
    ${author && avatar(author)}
    <h2 class="card-by">
      ${
        author
          ? html`<a class="card-name" href=${author.path}><bdi>${shownName(author)}</bdi></a>
            <span class="handle">@${author.handle}</span>`
          : html`<span class="card-name">${words.post.someone}</span>`
      }
    </h2>
    <p class="card-when">
      ${view.visibility !== "public" && visibilityMark(words, view)}
      <a href=${view.path}>${time(context, view.publishedMs)}</a>
      ${view.updatedMs !== null && edited(context, view, as === "whole")}
    </p>
  </header>`;
}

/** On its own page it leads to what it said before. */
const edited = ({ words }: PageContext, view: ObjectView, isWhole: boolean): Html =>
  isWhole
    ? html`<a class="card-versions" href=${`${view.path}/versions`} title=${words.versions.see}>${words.time.edited}</a>`
    : html`<span class="card-edited">${words.time.edited}</span>`;

function sharedLine({ words }: PageContext, actor: ActorView): Html {
  return html`<p class="card-why">
    ${icon("repeat-2")}<span><a href=${actor.path}><bdi>${shownName(actor)}</bdi></a> ${words.post.sharedBy}</span>
  </p>`;
}

const groupLine = ({ words }: PageContext, group: ActorView): Html =>
  html`<p class="card-parent">
    ${icon("users-round")}<span>${words.group.inGroup} <a href=${group.path}><bdi>${shownName(group)}</bdi></a></span>
  </p>`;

function parentLine({ words }: PageContext, { inReplyTo }: ObjectView): Html {
  if (inReplyTo === null) return null;
  const { author, path } = inReplyTo;
  return html`<p class="card-parent">
    ${icon("corner-up-left")}
    ${
      author
        ? html`<span>${words.post.inReplyTo} <a href=${path ?? inReplyTo.iri}><bdi>${shownName(author)}</bdi></a></span>`
        : html`<a href=${path ?? inReplyTo.iri}>${words.post.inReplyToUnknown}</a>`
    }
  </p>`;
}

const deletedCard = ({ words }: PageContext, view: ObjectView): Html =>
  html`<article key=${view.key} id=${anchorOf(view)} class="card card-deleted">
    ${icon("trash-2")}<p>${words.post.deleted}</p>
  </article>`;
