/** Somebody as the staff look after them: the account, what was said and decided about them, and what to do. */
import type { Account } from "../../../server/accounts/account.ts";
import type { ActorView } from "../../../server/queries/view.ts";
import { nameOf, personChip } from "../../components/person-chip.ts";
import { type SanctionLine, sanctionForm, sanctionList } from "../../components/sanctions.ts";
import { time } from "../../components/time.ts";
import { ADMIN_PEOPLE, type FormState } from "../../forms.ts";
import { ADMIN_REPORTS } from "../../forms-peace.ts";
import { html } from "../../html.ts";
import type { PageContext, PageView } from "../../page.ts";
import { lineTable, type RecordLine } from "../record.ts";
import { adminButton, adminView } from "./frame.ts";
import { categoryIn, type ReportRow, stateBadge } from "./reports.ts";

export interface AdminPersonProps {
  readonly actor: ActorView;
  /** Null for people of other servers. */
  readonly account: Account | null;
  readonly reports: readonly ReportRow[];
  readonly sanctions: readonly SanctionLine[];
  /** What the staff did about them, newest first. */
  readonly record: readonly RecordLine[];
  readonly mayDecide: boolean;
  readonly form?: FormState;
}

export function adminPersonPage(context: PageContext, props: AdminPersonProps): PageView {
  const { staffPerson: said, reports, sanctions, adminPeople, staffFactors } = context.words;
  const { actor, account } = props;
  const state = {
    pending: adminPeople.waiting,
    active: adminPeople.active,
    disabled: account?.isGone ? adminPeople.gone : adminPeople.disabled,
  };
  return adminView(context, {
    title: nameOf(actor),
    content: html`
      <div class="sheet sheet-body">
        <h2><bdi>${nameOf(actor)}</bdi></h2>
        <div class="quoted">${personChip(actor)}</div>
        ${
          account === null
            ? html`<p>${said.noAccount}</p>`
            : html`<dl class="facts">
              <div><dt>${adminPeople.state}</dt><dd>${state[account.state]}</dd></div>
              <div><dt>${said.role}</dt><dd>${adminPeople[account.role]}</dd></div>
              ${account.email && html`<div><dt>${said.email}</dt><dd>${account.email}</dd></div>`}
              <div><dt>${said.joined}</dt><dd>${time(context, account.createdMs)}</dd></div>
              ${account.seenMs !== null && html`<div><dt>${said.lastSeen}</dt><dd>${time(context, account.seenMs)}</dd></div>`}
              <div><dt>${said.posts}</dt><dd>${actor.counts.posts}</dd></div>
            </dl>`
        }
      </div>
      <section class="section">
        <h2>${said.reports}</h2>
        <div class="sheet">
          ${
            props.reports.length === 0
              ? html`<p class="sheet-body quiet">${reports.emptyTitle}</p>`
              : props.reports.map(
                  (row) => html`<p key=${row.key} class="line">
                    <a href=${`${ADMIN_REPORTS.path}/${row.key}`}>${categoryIn(context.words, row.category)}</a>
                    ${stateBadge(context, row)} <span class="quiet">${time(context, row.timeMs)}</span>
                  </p>`,
                )
          }
        </div>
      </section>
      <section class="section">
        <h2>${sanctions.past}</h2>
        ${sanctionList(context, props.sanctions, props.form)}
      </section>
      ${
        props.record.length > 0 &&
        html`<section class="section">
          <h2>${said.record}</h2>
          <div class="sheet">${lineTable(context, props.record, true)}</div>
        </section>`
      }
      ${
        props.mayDecide &&
        account !== null &&
        html`<section class="section">
          <h2>${staffFactors.title}</h2>
          <p class="quiet readable">${staffFactors.resetText}</p>
          ${adminButton(context, {
            path: ADMIN_PEOPLE.path,
            fields: {
              [ADMIN_PEOPLE.fields.action]: ADMIN_PEOPLE.actions.resetFactors,
              [ADMIN_PEOPLE.fields.account]: String(account.key),
            },
            label: staffFactors.reset,
          })}
        </section>`
      }
      ${
        props.mayDecide &&
        html`<section class="section">
          <h2>${sanctions.title}</h2>
          ${sanctionForm(context, { actor, posts: [], ...(props.form ? { form: props.form } : {}) })}
        </section>`
      }`,
  });
}
