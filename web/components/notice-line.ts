/** One thing that happened to the viewer. */
import type { NoticeView, ObjectView } from "../../server/queries/view.ts";
import type { IconName } from "../assets/icon-names.ts";
import { ADMIN_PEOPLE, verb } from "../forms.ts";
import { SEVERED } from "../forms-federation.ts";
import { ADMIN_REPORTS, STANDING } from "../forms-peace.ts";
import { type Html, html } from "../html.ts";
import type { PageContext } from "../page.ts";
import { actForm, verbButton } from "./act-form.ts";
import { avatar } from "./avatar.ts";
import { emojiText } from "./emoji-text.ts";
import { standingBehind } from "./filtered.ts";
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
  post: "bell",
  edit: "pencil",
  "quoted-edit": "pencil",
  severed: "triangle-alert",
  decision: "shield",
  "sign-up": "user-plus",
  report: "flag",
  other: "activity",
};

export function noticeLine(context: PageContext, notice: NoticeView): Html {
  const { actor, object, kind } = notice;
  return html`<article key=${notice.key} class=${notice.isRead ? "notice" : "notice is-new"}>
    <div class="notice-picture">${avatar(actor)}${icon(ICONS[kind])}</div>
    <p class="notice-text">
      ${
        official(context, notice) ??
        html`<a href=${actor.path}><bdi>${shownName(actor)}</bdi></a>
              ${" "}${groupSaying(context, notice) ?? saying(context, notice)}`
      }
    </p>
    <p class="notice-when">
      ${!notice.isRead && html`<span class="visually-hidden">${context.words.notice.unread} </span>`}
      ${time(context, notice.timeMs)}
    </p>
    ${leadsOn(context, notice)}
    ${object && html`<div class="notice-object">${about(context, notice.quoting ?? object)}${quotesLink(context, notice)}</div>`}
    ${
      kind === "follow-request" &&
      (notice.about?.type === "Group"
        ? groupRequestButtons(context, notice.about.iri, actor.iri)
        : requestButtons(context, actor.iri))
    }
  </article>`;
}

/** What nobody in particular did. */
function official({ words, viewer }: PageContext, { kind, actor }: NoticeView): string | null {
  if (kind === "severed") return words.told.severed;
  if (kind === "decision") return words.told.decision;
  return kind === "poll" && actor.key === viewer?.actor.key ? words.ownPoll.ended : null;
}

/** Where more of it is to be read. */
function leadsOn({ words: { told } }: PageContext, { kind, matter }: NoticeView): Html {
  const link = (href: string, label: string) => html`<p><a href=${href}>${label}</a></p>`;
  switch (kind) {
    case "severed":
      return link(SEVERED, told.severedLink);
    case "decision":
      return link(STANDING.path, told.decisionLink);
    case "sign-up":
      return link(ADMIN_PEOPLE.path, told.signUpLink);
    case "report":
      return link(`${ADMIN_REPORTS.path}/${matter}`, told.reportLink);
    default:
      return null;
  }
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
  { words: { notice: said, quote, reaction, told } }: PageContext,
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
    case "post":
      return told.post;
    case "edit":
      return told.edit;
    case "quoted-edit":
      return told.quotedEdit;
    case "sign-up":
      return told.signUp;
    case "report":
      return told.report;
    case "severed":
    case "decision":
      return "";
    case "other":
      return said.other(activityType);
  }
}

/** Where the author answers, and takes consent back. */
const quotesLink = ({ words }: PageContext, { kind, object }: NoticeView): Html =>
  object !== null &&
  (kind === "quote" || kind === "quote-request") &&
  html`<p><a href=${`${object.path}/quotes`}>${words.quote.listTitle}</a></p>`;

/** Of a quote the post that quotes; its author knows their own. */
function about({ words }: PageContext, object: ObjectView): Html {
  if (object.isDeleted) return words.post.deleted;
  const filtered = standingBehind(object);
  if (filtered.length > 0) {
    const titles = filtered.map(({ title }) => title).join(", ");
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
