/** Who is in a group, who wants to be, and who is kept out; for those who look after it, with what they can do. */
import type { GroupMember } from "../../server/queries/view-groups.ts";
import { actorRow } from "../components/actor-card.ts";
import { emptyState } from "../components/empty-state.ts";
import { groupButton, groupForm, groupItem } from "../components/group-act.ts";
import { type GroupHeadProps, mayKeep } from "../components/group-head.ts";
import { icon } from "../components/icon.ts";
import { menu } from "../components/menu.ts";
import { pager } from "../components/pager.ts";
import { nameOf } from "../components/person-chip.ts";
import { tabs } from "../components/tabs.ts";
import { GROUP_ACT, GROUP_PARTS } from "../forms-groups.ts";
import { type Html, html } from "../html.ts";
import type { PageContext, PageView } from "../page.ts";
import { groupView } from "./group.ts";

export interface GroupPeopleProps extends Omit<GroupHeadProps, "part"> {
  readonly list: "members" | "banned" | "requests";
  readonly people: readonly GroupMember[];
  readonly olderHref: string | null;
}

/** A reason is a line. */
const MAX_REASON_CHARACTERS = 500;

export function groupPeoplePage(context: PageContext, props: GroupPeopleProps): PageView {
  const { group, list } = props;
  const said = context.words.groupPeople;
  const name = nameOf(group.actor);
  const title = {
    members: said.title(name),
    banned: said.bannedTitle(name),
    requests: said.requestsTitle(name),
  }[list];
  return groupView(
    context,
    { ...props, part: list === "requests" ? "requests" : "members" },
    html`
      ${list !== "requests" && mayKeep(group) && listTabs(context, props)}
      <section class="section">
        <h2>${title}</h2>
        <div class="sheet feed">
          ${
            props.people.length === 0 && props.olderHref === null
              ? empty(context, list)
              : html`${props.people.map((member) => row(context, props, member))}
                ${pager(context, { olderHref: props.olderHref })}`
          }
        </div>
      </section>
      ${group.actor.host && html`<p class="small quiet">${said.notAll(group.actor.host)}</p>`}`,
    title,
  );
}

function listTabs({ words }: PageContext, { group, list }: GroupPeopleProps): Html {
  const { path } = group.actor;
  const { groupPeople: said } = words;
  return tabs(said.lists, [
    { href: `${path}/${GROUP_PARTS.members}`, label: said.all, isHere: list === "members" },
    { href: `${path}/${GROUP_PARTS.banned}`, label: said.banned, isHere: list === "banned" },
  ]);
}

function empty({ words: { groupPeople: said } }: PageContext, list: GroupPeopleProps["list"]): Html {
  switch (list) {
    case "members":
      return emptyState({ icon: "users-round", title: said.emptyTitle, text: said.emptyText });
    case "banned":
      return emptyState({ icon: "ban", title: said.bannedEmptyTitle, text: said.bannedEmptyText });
    case "requests":
      return emptyState({ icon: "user-check", title: said.requestsEmptyTitle, text: said.requestsEmptyText });
  }
}

function row(context: PageContext, props: GroupPeopleProps, member: GroupMember): Html {
  const said = context.words.groupPeople;
  return actorRow(context, {
    actor: member.actor,
    actions: html`<div class="relationship">
      ${props.list === "members" && member.role !== "member" && html`<span class="badge badge-good">${said[member.role]}</span>`}
      ${actionsFor(context, props, member)}
    </div>`,
  });
}

function actionsFor(context: PageContext, { group, list }: GroupPeopleProps, member: GroupMember): Html {
  const said = context.words.groupPeople;
  const { actions } = GROUP_ACT;
  if (!mayKeep(group)) return null;
  const about = { group: group.actor.iri, person: member.actor.iri };
  if (list === "requests") {
    return groupForm(context, {
      ...about,
      class: "button-row",
      children: html`${groupButton({ action: actions.letIn, label: said.letIn })}
        ${groupButton({ action: actions.decline, label: said.decline, class: "button button-quiet" })}`,
    });
  }
  if (list === "banned") {
    return groupForm(context, {
      ...about,
      children: groupButton({ action: actions.unban, label: said.unban, class: "button button-quiet" }),
    });
  }
  return managing(context, group.mine?.role === "owner", member, about);
}

/** Nobody manages those of their own rank or above, but owners everybody. */
function managing(
  context: PageContext,
  isOwner: boolean,
  member: GroupMember,
  about: { readonly group: string; readonly person: string },
): Html {
  const said = context.words.groupPeople;
  const { actions } = GROUP_ACT;
  const { role, actor } = member;
  const isSelf = actor.key === context.viewer?.actor.key;
  if (!isOwner && role !== "member") return null;
  return menu({
    label: said.manage(nameOf(actor)),
    children: html`
      ${
        isOwner &&
        groupForm(context, {
          ...about,
          children: html`
            ${role === "member" && groupItem(actions.makeModerator, "shield", said.makeModerator)}
            ${role === "moderator" && groupItem(actions.noModerator, "shield", said.noModerator)}
            ${role !== "owner" && groupItem(actions.makeOwner, "key-round", said.makeOwner)}
            ${role === "owner" && groupItem(actions.noOwner, "key-round", said.noOwner)}`,
        })
      }
      ${
        !isSelf &&
        html`${groupForm(context, { ...about, children: groupItem(actions.remove, "x", said.remove, said.removeHelp) })}
          <details class="menu-sure">
            <summary class="menu-item">${icon("ban")}<span>${said.ban}<small>${said.banHelp}</small></span></summary>
            ${groupForm(context, {
              ...about,
              class: "form",
              children: html`<label class="field"><span class="field-label">${said.banReason}</span>
                  <input class="input" name=${GROUP_ACT.fields.reason} maxlength=${MAX_REASON_CHARACTERS} dir="auto" />
                </label>
              ${groupButton({ action: actions.ban, label: said.banNow, class: "button button-bad" })}`,
            })}
          </details>`
      }`,
  });
}
