/** Inviting people into a group, by their address or by link; and what somebody sees who opens such a link. */
import type { ActorView } from "../../server/queries/view.ts";
import type { GroupMember, GroupView } from "../../server/queries/view-groups.ts";
import { csrfField, hidden } from "../components/act-form.ts";
import { actorRow } from "../components/actor-card.ts";
import { avatar } from "../components/avatar.ts";
import { emptyState } from "../components/empty-state.ts";
import { field, formProblem } from "../components/field.ts";
import { groupButton, groupForm } from "../components/group-act.ts";
import type { GroupHeadProps } from "../components/group-head.ts";
import { icon } from "../components/icon.ts";
import { pageHead } from "../components/page-head.ts";
import { pager } from "../components/pager.ts";
import { nameOf } from "../components/person-chip.ts";
import { richText } from "../components/rich-text.ts";
import { endOf } from "../components/time.ts";
import { EMPTY_FORM, type FormState, SIGN_IN } from "../forms.ts";
import { GROUP_ACT, GROUP_JOIN } from "../forms-groups.ts";
import { type Html, html } from "../html.ts";
import type { PageContext, PageView } from "../page.ts";
import { groupView } from "./group.ts";

export interface GroupLink {
  readonly key: number;
  /** The whole address. */
  readonly href: string;
  readonly usesLeft: number;
  readonly expiresMs: number;
  readonly by: ActorView | null;
}

export interface GroupInviteProps extends Omit<GroupHeadProps, "part"> {
  readonly links: readonly GroupLink[];
  readonly invited: readonly GroupMember[];
  /** More who are invited. */
  readonly olderHref: string | null;
  readonly form?: FormState;
}

const USES = { usual: 30, most: 500 } as const;
const DAYS = { usual: 14, most: 365 } as const;

export function groupInvitePage(context: PageContext, props: GroupInviteProps): PageView {
  const said = context.words.groupInvite;
  const title = said.title(nameOf(props.group.actor));
  return groupView(
    context,
    { ...props, part: "invite" },
    html`<h2 class="visually-hidden">${title}</h2>
      ${byHandle(context, props)}${byLink(context, props)}${invitedList(context, props)}`,
    title,
  );
}

function byHandle(context: PageContext, { group, form = EMPTY_FORM }: GroupInviteProps): Html {
  const said = context.words.groupInvite;
  return html`<section class="sheet sheet-body">
    <h3>${said.byHandle}</h3>
    ${groupForm(context, {
      group: group.actor.iri,
      class: "form",
      children: html`${formProblem(form, context.words.form.somethingWrong)}
        ${field({
          name: GROUP_ACT.fields.handle,
          label: said.handle,
          help: said.handleHelp,
          form,
          isRequired: true,
          isCode: true,
          autocomplete: "off",
        })}
        <div>${groupButton({ action: GROUP_ACT.actions.invite, label: said.invite })}</div>`,
    })}
  </section>`;
}

function byLink(context: PageContext, { group, links, form = EMPTY_FORM }: GroupInviteProps): Html {
  const said = context.words.groupInvite;
  const { fields, actions } = GROUP_ACT;
  return html`<section class="sheet sheet-body">
    <h3>${said.byLink}</h3>
    <p>${said.linkText}</p>
    ${groupForm(context, {
      group: group.actor.iri,
      class: "form",
      children: html`<div class="field-row">
          ${field({ name: fields.uses, type: "number", label: said.uses, form, value: String(USES.usual), min: 1, max: USES.most })}
          ${field({ name: fields.days, type: "number", label: said.days, form, value: String(DAYS.usual), min: 1, max: DAYS.most })}
        </div>
        <div>${groupButton({ action: actions.makeLink, label: said.makeLink, class: "button button-quiet" })}</div>`,
    })}
    ${links.length > 0 && html`<h4>${said.links}</h4>${links.map((link) => linkLine(context, group, link))}`}
  </section>`;
}

function linkLine(context: PageContext, group: GroupView, link: GroupLink): Html {
  const said = context.words.groupInvite;
  const { copy, copied } = context.words.adminInvitations;
  return html`<div key=${link.key} class="group-link">
    <div class="invitation">
      <code data-island="copy" data-copy=${copy} data-copied=${copied}>${link.href}</code>
    </div>
    <p class="small quiet">${said.left(link.usesLeft)} · ${said.ends} ${endOf(context, link.expiresMs)}${link.by && ` · ${said.by(nameOf(link.by))}`}</p>
    ${groupForm(context, {
      group: group.actor.iri,
      link: link.key,
      children: groupButton({
        action: GROUP_ACT.actions.endLink,
        label: said.endLink,
        class: "button button-plain",
      }),
    })}
  </div>`;
}

function invitedList(context: PageContext, { group, invited, olderHref }: GroupInviteProps): Html {
  if (invited.length === 0 && olderHref === null) return null;
  const said = context.words.groupInvite;
  return html`<section class="section">
    <h2>${said.invitedPeople}</h2>
    <div class="sheet feed">
      ${invited.map(({ actor }) =>
        actorRow(context, {
          actor,
          actions: groupForm(context, {
            group: group.actor.iri,
            person: actor.iri,
            children: groupButton({
              action: GROUP_ACT.actions.withdraw,
              label: said.withdraw,
              class: "button button-quiet",
            }),
          }),
        }),
      )}
      ${olderHref && pager(context, { olderHref })}
    </div>
  </section>`;
}

export interface GroupJoinProps {
  /** Null where the link is no good (any more). */
  readonly group: GroupView | null;
  readonly code: string;
  /** The address on the whole network, for people who live elsewhere. */
  readonly address: string;
  /** Somebody from elsewhere was invited just now. */
  readonly isSent?: boolean;
  readonly form?: FormState;
}

export function groupJoinPage(context: PageContext, props: GroupJoinProps): PageView {
  const said = context.words.groupInvite;
  const { group } = props;
  if (group === null) {
    return {
      title: said.overTitle,
      isPrivate: true,
      main: html`<h1 class="visually-hidden">${said.overTitle}</h1>
        <div class="sheet">${emptyState({ icon: "ticket", title: said.overTitle, text: said.overText })}</div>`,
    };
  }
  const title = said.joinTitle(nameOf(group.actor));
  return {
    title,
    width: "narrow",
    isPrivate: true,
    main: html`${pageHead({ title, text: said.joinText })}
      <div class="sheet sheet-body">
        <p class="group-chip">${avatar(group.actor)}<strong><bdi>${nameOf(group.actor)}</bdi></strong></p>
        ${group.actor.summaryHtml && richText({ cleanHtml: group.actor.summaryHtml })}
        ${context.viewer === null ? signInLink(context) : joinForm(context, props, group)}
      </div>
      ${context.viewer === null && fromElsewhere(context, props)}`,
  };
}

function joinForm(context: PageContext, { code }: GroupJoinProps, group: GroupView): Html {
  const said = context.words.groupInvite;
  if (group.mine?.role != null)
    return html`<p>${said.alreadyIn} <a href=${group.actor.path}>${said.toGroup}</a></p>`;
  return html`<form method="post" action=${GROUP_JOIN.path}>
    ${csrfField(context)}${hidden(GROUP_JOIN.fields.code, code)}
    <button class="button">${icon("user-plus")}${said.joinNow}</button>
  </form>`;
}

const signInLink = (context: PageContext): Html => html`<p>${context.words.groupInvite.signInFirst}</p>
  <p><a class="button" href=${`${SIGN_IN.path}?return=${encodeURIComponent(context.path)}`}>${context.words.signIn.submit}</a></p>`;

function fromElsewhere(context: PageContext, props: GroupJoinProps): Html {
  const said = context.words.groupInvite;
  if (props.isSent)
    return html`<section class="sheet sheet-body"><p role="status">${said.sent} <strong>${props.address}</strong></p></section>`;
  return html`<section class="sheet sheet-body">
    <h2>${said.fromElsewhere}</h2>
    <p>${said.fromElsewhereText}</p>
    <form class="form" method="post" action=${GROUP_JOIN.path}>
      ${csrfField(context)}${hidden(GROUP_JOIN.fields.code, props.code)}
      ${formProblem(props.form ?? EMPTY_FORM, context.words.form.somethingWrong)}
      ${field({
        name: GROUP_JOIN.fields.handle,
        label: said.yourAddress,
        form: props.form ?? EMPTY_FORM,
        isRequired: true,
        isCode: true,
        placeholder: "name@server.example",
      })}
      <div><button class="button button-quiet">${said.inviteMe}</button></div>
    </form>
  </section>`;
}
