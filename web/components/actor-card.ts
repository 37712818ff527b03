/** A person, group or service: as one of a list, or as the head of their own page. */
import type { ActorView, Relationship } from "../../server/queries/view.ts";
import { PROFILE } from "../forms.ts";
import { type Html, html } from "../html.ts";
import type { PageContext } from "../page.ts";
import { avatar } from "./avatar.ts";
import { icon } from "./icon.ts";
import { shownName } from "./person-chip.ts";
import { profileHead } from "./profile-head.ts";
import { relationshipButtons } from "./relationship.ts";
import { richText } from "./rich-text.ts";

/** `actions` replaces the follow button (follow requests, blocked people). */
export function actorRow(
  context: PageContext,
  props: {
    readonly actor: ActorView;
    readonly relationship?: Relationship | null;
    readonly actions?: Html;
  },
): Html {
  const { actor } = props;
  return html`<article key=${actor.key} class="actor-row">
    ${avatar(actor)}
    <h2 class="actor-row-name">
      <a href=${actor.path}><bdi>${shownName(actor)}</bdi></a>
      <span class="handle">@${actor.handle}</span>
    </h2>
    <div class="actor-row-actions">
      ${
        props.actions ??
        relationshipButtons(context, { actor, relationship: props.relationship ?? null, isBrief: true })
      }
    </div>
    ${actor.summaryHtml && richText({ cleanHtml: actor.summaryHtml })}
  </article>`;
}

/** Picture, names, counts, words and fields: the top of a profile. */
export function actorHead(
  context: PageContext,
  props: {
    readonly actor: ActorView;
    readonly relationship: Relationship | null;
    /** The address as it is on the whole network: `@alice@school.example`. */
    readonly address: string;
  },
): Html {
  const { actor, address } = props;
  return profileHead({
    actor,
    address,
    badges: badges(context, props),
    standing: ownOrOther(context, props),
    counts: counts(context, actor),
  });
}

function badges(
  { words: { people } }: PageContext,
  { actor, relationship }: { readonly actor: ActorView; readonly relationship: Relationship | null },
): Html {
  return html`
    ${actor.host && html`<span class="badge">${icon("server")}${people.elsewhere(actor.host)}</span>`}
    ${actor.type === "Group" && html`<span class="badge">${icon("users-round")}${people.group}</span>`}
    ${(actor.type === "Service" || actor.type === "Application") && html`<span class="badge">${people.bot}</span>`}
    ${actor.approvesFollowers && html`<span class="badge">${icon("lock")}${people.approves}</span>`}
    ${relationship?.followedBy && html`<span class="badge badge-good">${people.followsYou}</span>`}
    ${relationship?.following === "requested" && html`<span class="badge badge-warn">${people.requested}</span>`}
    ${relationship?.muting && html`<span class="badge badge-warn">${icon("volume-x")}${people.mutedShort}</span>`}
    ${relationship?.blocking && html`<span class="badge badge-bad">${icon("ban")}${people.blockedShort}</span>`}`;
}

function ownOrOther(
  context: PageContext,
  props: { readonly actor: ActorView; readonly relationship: Relationship | null },
): Html {
  if (!props.relationship?.isSelf) return relationshipButtons(context, props);
  return html`<div class="relationship">
    <a class="button button-quiet" href=${PROFILE.path}>${icon("pencil")}${context.words.people.editProfile}</a>
  </div>`;
}

const counts = ({ words: { people } }: PageContext, { path, counts: of }: ActorView): Html =>
  html`
    <a href=${path}>${people.posts(of.posts)}</a>
    <a href=${`${path}/followers`}>${people.followers(of.followers)}</a>
    <a href=${`${path}/following`}>${people.following(of.following)}</a>`;
