/** The top of a group's page: what it is called and is about, what the viewer is to it, and the ways to its parts. */
import type { Relationship } from "../../server/queries/view.ts";
import type { GroupView } from "../../server/queries/view-groups.ts";
import { ACT, REMOTE_FOLLOW, verb } from "../forms.ts";
import { GROUP_ACT, GROUP_PARTS } from "../forms-groups.ts";
import { REPORT } from "../forms-peace.ts";
import { type Html, html } from "../html.ts";
import type { PageContext } from "../page.ts";
import { actForm } from "./act-form.ts";
import { groupButton, groupForm, groupItem } from "./group-act.ts";
import { icon } from "./icon.ts";
import { menu } from "./menu.ts";
import { nameOf } from "./person-chip.ts";
import { profileHead } from "./profile-head.ts";
import { tabs } from "./tabs.ts";

export type GroupPart = "posts" | "about" | (typeof GROUP_PARTS)[keyof typeof GROUP_PARTS];

export interface GroupHeadProps {
  readonly group: GroupView;
  /** Null for visitors. */
  readonly relationship: Relationship | null;
  /** The address as it is on the whole network. */
  readonly address: string;
  readonly part: GroupPart;
  /** People who wait, for those who may let them in. */
  readonly waiting: number;
}

/** Whether the viewer keeps the peace there: moderators and owners of a group that lives here. */
export const mayKeep = ({ actor, mine }: GroupView): boolean =>
  actor.isLocal && (mine?.role === "owner" || mine?.role === "moderator");

/** Whether the viewer sees what is written there. */
export const mayRead = ({ access, mine }: Pick<GroupView, "access" | "mine">): boolean =>
  access === "public" || mine?.role != null;

export function groupHead(context: PageContext, props: GroupHeadProps): Html {
  const { group } = props;
  const { actor } = group;
  return html`<div class="sheet">
    ${profileHead({
      actor,
      address: props.address,
      badges: badges(context, group),
      standing: standing(context, props),
      counts:
        mayRead(group) &&
        html`<a href=${`${actor.path}/${GROUP_PARTS.members}`}>${context.words.group.membersCount(group.members)}</a>`,
    })}
    ${tabs(context.words.group.tabs, tabList(context, props))}
  </div>`;
}

function badges({ words }: PageContext, { actor, access, mine }: GroupView): Html {
  const { group } = words;
  return html`
    <span class="badge">${icon("users-round")}${words.people.group}</span>
    ${actor.host && html`<span class="badge">${icon("server")}${words.people.elsewhere(actor.host)}</span>`}
    ${access === "private" && html`<span class="badge" title=${group.privateHelp}>${icon("lock")}${group.private}</span>`}
    ${mine?.role && html`<span class="badge badge-good">${group[mine.role]}</span>`}
    ${mine?.role == null && mine?.hasAsked && html`<span class="badge badge-warn">${group.requested}</span>`}
    ${mine?.role == null && mine?.isInvited && html`<span class="badge badge-good">${group.invited}</span>`}
    ${mine?.isBanned && html`<span class="badge badge-bad">${icon("ban")}${group.banned}</span>`}`;
}

/** The one button that matters now, and the rest behind another. */
function standing(context: PageContext, props: GroupHeadProps): Html {
  const { actor } = props.group;
  if (context.viewer === null) {
    const address = `${REMOTE_FOLLOW.path}?${REMOTE_FOLLOW.fields.object}=${encodeURIComponent(actor.iri)}`;
    return html`<div class="relationship">
      <a class="button" href=${address}>${icon("user-plus")}${context.words.group.join}</a>
    </div>`;
  }
  return html`<div class="relationship">${joining(context, props.group)}${moreMenu(context, props)}</div>`;
}

function joining(context: PageContext, group: GroupView): Html {
  const { words } = context;
  const { actor, mine } = group;
  const { actions } = GROUP_ACT;
  const form = (children: Html) => groupForm(context, { group: actor.iri, children });
  const quiet = "button button-quiet";
  if (mine === null || mine.isBanned) return null;
  if (mine.role === "owner" && actor.isLocal)
    return html`<a class=${quiet} href=${`${actor.path}/${GROUP_PARTS.settings}`}>
      ${icon("settings")}${words.group.settings}</a>`;
  if (mine.role !== null)
    return form(groupButton({ action: actions.leave, label: words.group.leave, class: quiet }));
  if (mine.hasAsked)
    return form(groupButton({ action: actions.leave, label: words.group.takeBack, class: quiet }));
  if (mine.isInvited) return form(groupButton({ action: actions.join, label: words.group.joinInvited }));
  // Whom a group elsewhere has invited its own server knows best: what it sent may not have come.
  if (group.joining === "invitation" && actor.isLocal)
    return html`<p class="small quiet">${words.group.byInvitation}</p>`;
  const label = group.joining === "open" ? words.group.join : words.group.askToJoin;
  return form(groupButton({ action: actions.join, label, icon: "user-plus" }));
}

function moreMenu(context: PageContext, { group, relationship }: GroupHeadProps): Html {
  const { people, group: said } = context.words;
  const { actor } = group;
  const isMuted = relationship?.muting === true;
  return menu({
    label: said.more(nameOf(actor)),
    children: html`
      ${!actor.isLocal && html`<a class="menu-item" href=${actor.url} rel="noopener">${icon("external-link")}${people.openOriginal}</a>`}
      ${actForm(context, {
        object: actor.iri,
        children: html`<button class="menu-item" name=${ACT.fields.type} value=${verb(isMuted ? "Remove" : "Add", "muted")}>
          ${icon("volume-x")}<span>${isMuted ? people.unmute : people.mute}</span>
        </button>`,
      })}
      ${
        group.mine?.role === "owner" &&
        actor.isLocal &&
        groupForm(context, {
          group: actor.iri,
          children: groupItem(
            GROUP_ACT.actions.leave,
            "log-out",
            said.leave,
            context.words.groupForm.leaveOwner,
          ),
        })
      }
      <a class="menu-item" href=${`${REPORT.path}?object=${encodeURIComponent(actor.iri)}`}>
        ${icon("flag")}${people.report}</a>`,
  });
}

function tabList({ words }: PageContext, { group, part, waiting }: GroupHeadProps) {
  const { path, isLocal } = group.actor;
  const said = words.group;
  const tab = (name: GroupPart, label: string) => ({
    href: name === "posts" ? path : `${path}/${name}`,
    label,
    isHere: name === part,
  });
  const keeps = mayKeep(group);
  return [
    tab("posts", words.actor.posts),
    tab("about", said.about),
    ...(mayRead(group) ? [tab("members", said.members)] : []),
    ...(keeps ? [tab("requests", waiting > 0 ? `${said.requests} (${waiting})` : said.requests)] : []),
    ...(keeps ? [tab("invite", words.groupInvite.heading)] : []),
    ...(keeps ? [tab("reports", words.reports.title)] : []),
    ...(isLocal && mayRead(group) ? [tab("record", said.record)] : []),
  ];
}
