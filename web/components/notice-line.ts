/** One thing that happened to the viewer. */
import type { NoticeView } from "../../server/queries/view.ts";
import type { IconName } from "../assets/icon-names.ts";
import { verb } from "../forms.ts";
import { type Html, html } from "../html.ts";
import type { PageContext } from "../page.ts";
import { actForm, verbButton } from "./act-form.ts";
import { avatar } from "./avatar.ts";
import { emojiText } from "./emoji-text.ts";
import { groupRequestButtons, groupSaying } from "./group-notice.ts";
import { icon } from "./icon.ts";
import { shownName } from "./person-chip.ts";
import { richText } from "./rich-text.ts";
import { time } from "./time.ts";

const ICONS: Readonly<Record<NoticeView["kind"], IconName>> = {
  follow: "user-plus",
  "follow-request": "user-plus",
  "follow-accepted": "user-check",
  mention: "at-sign",
  reply: "message-circle",
  like: "heart",
  share: "repeat-2",
  poll: "list-checks",
  moved: "user-check",
  quote: "quote",
  "quote-request": "quote",
  reaction: "smile",
  other: "activity",
};

export function noticeLine(context: PageContext, notice: NoticeView): Html {
  const { actor, object, kind } = notice;
  return html`<article key=${notice.key} class=${notice.isRead ? "notice" : "notice is-new"}>
    <div class="notice-picture">${avatar(actor)}${icon(ICONS[kind])}</div>
    <p class="notice-text">
      ${
        kind === "poll" && actor.key === context.viewer?.actor.key
          ? context.words.ownPoll.ended
          : html`<a href=${actor.path}><bdi>${shownName(actor)}</bdi></a>
              ${" "}${groupSaying(context, notice) ?? saying(context, notice)}`
      }
    </p>
    <p class="notice-when">
      ${!notice.isRead && html`<span class="visually-hidden">${context.words.notice.unread} </span>`}
      ${time(context, notice.timeMs)}
    </p>
    ${object && html`<div class="notice-object">${about(context, notice)}${quotesLink(context, notice)}</div>`}
    ${
      kind === "follow-request" &&
      (notice.about?.type === "Group"
        ? groupRequestButtons(context, notice.about.iri, actor.iri)
        : requestButtons(context, actor.iri))
    }
  </article>`;
}

/** Lets a follower in, or not. */
export const requestButtons = (context: PageContext, actorIri: string): Html =>
  actForm(context, {
    object: actorIri,
    class: "button-row",
    children: html`
      ${verbButton({ verb: verb("Accept", "Follow"), label: context.words.people.accept })}
      ${verbButton({
        verb: verb("Reject", "Follow"),
        label: context.words.people.reject,
        class: "button button-quiet",
      })}`,
  });

function saying(
  { words: { notice: said, quote, reaction } }: PageContext,
  { kind, activityType }: NoticeView,
): string {
  switch (kind) {
    case "follow":
      return said.follow;
    case "follow-request":
      return said.followRequest;
    case "follow-accepted":
      return said.followAccepted;
    case "mention":
      return said.mention;
    case "reply":
      return said.reply;
    case "like":
      return said.like;
    case "share":
      return said.share;
    case "poll":
      return said.poll;
    case "moved":
      return said.moved;
    case "quote":
      return quote.notice;
    case "quote-request":
      return quote.noticeRequest;
    case "reaction":
      return reaction.notice;
    case "other":
      return said.other(activityType);
  }
}

/** Where the author answers, and takes consent back. */
const quotesLink = ({ words }: PageContext, { kind, object }: NoticeView): Html =>
  object !== null &&
  (kind === "quote" || kind === "quote-request") &&
  html`<p><a href=${`${object.path}/quotes`}>${words.quote.listTitle}</a></p>`;

function about({ words }: PageContext, { object }: NoticeView): Html {
  if (object === null) return null;
  if (object.isDeleted) return words.post.deleted;
  if (object.filtered) {
    const titles = object.filtered.map(({ title }) => title).join(", ");
    return html`<p dir="auto">${words.filters.filtered(titles)}</p>
      <p><a href=${object.path}>${words.post.open}</a></p>`;
  }
  return html`${
    object.name
      ? html`<p dir="auto">${emojiText(object.name, object.emoji)}</p>`
      : object.summary
        ? html`<p dir="auto">${emojiText(object.summary, object.emoji)}</p>`
        : richText({ cleanHtml: object.contentHtml, language: object.language })
  }
  <p><a href=${object.path}>${words.post.open}</a></p>`;
}
