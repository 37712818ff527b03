/** What the viewer may do about another person: one button, and the rest in a menu. */
import { may } from "../../server/accounts/permissions.ts";
import type { ActorView, Relationship } from "../../server/queries/view.ts";
import type { IconName } from "../assets/icon-names.ts";
import { ACT, ADMIN_PEOPLE, PATHS, REMOTE_FOLLOW, verb } from "../forms.ts";
import { LISTS_WITH } from "../forms-lists.ts";
import { AVOIDED, REPORT } from "../forms-peace.ts";
import { type Html, html } from "../html.ts";
import type { PageContext } from "../page.ts";
import { actForm, verbButton } from "./act-form.ts";
import { icon } from "./icon.ts";
import { menu } from "./menu.ts";
import { nameOf } from "./person-chip.ts";

export interface RelationshipProps {
  readonly actor: ActorView;
  readonly relationship: Relationship | null;
  /** In lists the menu is left out. */
  readonly isBrief?: boolean;
}

export function relationshipButtons(context: PageContext, props: RelationshipProps): Html {
  const { actor, relationship } = props;
  const { words, viewer } = context;
  if (viewer === null) return actor.movedTo === null ? visitorButton(context, actor) : null;
  if (relationship === null || relationship.isSelf) return null;
  // Whoever has moved takes no new followers.
  const isOpen = actor.movedTo === null || relationship.following !== "no" || relationship.blocking;
  return html`<div class="relationship">
    ${isOpen && actForm(context, { object: actor.iri, children: mainButton(context, actor, relationship, props.isBrief) })}
    ${
      !props.isBrief &&
      menu({
        label: words.people.moreAbout(nameOf(actor)),
        children: actForm(context, { object: actor.iri, children: menuItems(context, actor, relationship) }),
      })
    }
  </div>`;
}

/** One is in a group where one follows others. */
const wordsFor = ({ words: { people, group } }: PageContext, { type }: ActorView) =>
  type === "Group"
    ? { follow: group.join, followBack: group.join, unfollow: group.leave, cancelRequest: group.takeBack }
    : people;

function mainButton(
  context: PageContext,
  actor: ActorView,
  relationship: Relationship,
  isBrief = false,
): Html {
  const { people } = context.words;
  const said = wordsFor(context, actor);
  const quiet = "button button-quiet";
  if (relationship.blocking) {
    return verbButton({ verb: verb("Undo", "Block"), label: people.unblock, class: quiet });
  }
  switch (relationship.following) {
    case "yes":
      return verbButton({ verb: verb("Undo", "Follow"), label: said.unfollow, class: quiet });
    case "requested":
      return verbButton({ verb: verb("Undo", "Follow"), label: said.cancelRequest, class: quiet });
    case "no":
      return verbButton({
        verb: verb("Follow"),
        label: relationship.followedBy ? said.followBack : said.follow,
        icon: "user-plus",
        class: isBrief ? quiet : "button",
      });
  }
}

function menuItems(
  { words: { people, avoided, circle, lists, staffPerson }, viewer, path }: PageContext,
  actor: ActorView,
  relationship: Relationship,
): Html {
  const { muting, blocking } = relationship;
  return html`
    <a class="menu-item" href=${`${PATHS.write}?${ACT.fields.to}=${encodeURIComponent(`@${actor.handle}`)}`}>
      ${icon("pencil")}${people.writeTo}</a>
    ${!actor.isLocal && html`<a class="menu-item" href=${actor.url} rel="noopener">${icon("external-link")}${people.openOriginal}</a>`}
    <a class="menu-item" href=${listsWithHref(actor.iri, path)}>${icon("list-checks")}${
      relationship.following === "no"
        ? html`<span>${circle.noteOnly}</span>`
        : html`<span>${lists.choose}<small>${circle.bond}</small></span>`
    }</a>
    ${relationship.followedBy && item(verb("Reject", "Follower"), "x", people.removeFollower)}
    ${muting ? item(verb("Remove", "muted"), "volume-x", people.unmute) : item(verb("Add", "muted"), "volume-x", people.mute, people.muteHelp)}
    ${!blocking && item(verb("Block"), "ban", people.block, people.blockHelp)}
    <a class="menu-item" href=${`${REPORT.path}?object=${encodeURIComponent(actor.iri)}`}>${icon("flag")}${people.report}</a>
    ${
      actor.host &&
      html`<a class="menu-item" href=${`${AVOIDED.path}?${AVOIDED.fields.domain}=${encodeURIComponent(actor.host)}`}>
        ${icon("server")}${avoided.blockFrom(actor.host)}</a>`
    }
    ${
      viewer !== null &&
      may(viewer.role, "manage-people") &&
      html`<a class="menu-item" href=${`${ADMIN_PEOPLE.path}/${actor.key}`}>${icon("shield")}${staffPerson.manage}</a>`
    }`;
}

const listsWithHref = (person: string, back: string): string =>
  `${LISTS_WITH.path}?${new URLSearchParams({ [LISTS_WITH.fields.person]: person, [LISTS_WITH.fields.return]: back })}`;

const item = (value: string, picture: IconName, label: string, help?: string): Html =>
  html`<button class="menu-item" name=${ACT.fields.type} value=${value}>
    ${icon(picture)}<span>${label}${help && html`<small>${help}</small>`}</span>
  </button>`;

const visitorButton = (context: PageContext, actor: ActorView): Html =>
  html`<a class="button" href=${`${REMOTE_FOLLOW.path}?${REMOTE_FOLLOW.fields.object}=${encodeURIComponent(actor.iri)}`}>
    ${icon("user-plus")}${wordsFor(context, actor).follow}</a>`;
