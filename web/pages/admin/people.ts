/** Who has an account: letting in, disabling, roles. */
import type { Role } from "../../../server/accounts/account.ts";
import { csrfField, hidden } from "../../components/act-form.ts";
import { select } from "../../components/choices.ts";
import { emptyState } from "../../components/empty-state.ts";
import { field } from "../../components/field.ts";
import { icon } from "../../components/icon.ts";
import { menu } from "../../components/menu.ts";
import { pager } from "../../components/pager.ts";
import { type Column, table } from "../../components/table.ts";
import { time } from "../../components/time.ts";
import { ADMIN_PEOPLE, EMPTY_FORM } from "../../forms.ts";
import { type Html, html } from "../../html.ts";
import type { PageContext, PageView } from "../../page.ts";
import { adminButton, adminView } from "./frame.ts";

export interface AccountRow {
  readonly id: string;
  readonly name: string;
  readonly displayName: string;
  readonly path: string;
  readonly email: string | null;
  readonly role: Role;
  readonly state: "active" | "waiting" | "disabled" | "gone";
  readonly joinedMs: number;
  readonly lastSeenMs: number | null;
  /** What they wrote when they asked to join. */
  readonly reason: string | null;
  /** The viewer's own account cannot be disabled here. */
  readonly isSelf: boolean;
}

export interface AdminPeopleProps {
  readonly rows: readonly AccountRow[];
  readonly query: string;
  readonly state: "all" | "waiting" | "active" | "disabled";
  readonly olderHref: string | null;
  /** Just made by “Make a new password”. */
  readonly newPassword?: { readonly name: string; readonly password: string } | null;
}

export function adminPeoplePage(context: PageContext, props: AdminPeopleProps): PageView {
  const { words } = context;
  const { adminPeople } = words;
  return adminView(context, {
    title: adminPeople.title,
    content: html`
      ${
        props.newPassword &&
        html`<p class="sheet sheet-body" role="status">${adminPeople.newPassword(props.newPassword.name)}
          <code class="secret">${props.newPassword.password}</code></p>`
      }
      ${filterForm(context, props)}
      <div class="sheet">
        ${
          props.rows.length === 0
            ? emptyState({ icon: "users-round", title: adminPeople.emptyTitle, text: adminPeople.emptyText })
            : html`${table({
                caption: adminPeople.title,
                columns: columnsFor(context),
                rows: props.rows,
                keyOf: ({ id }) => id,
              })}${props.olderHref && pager(context, { olderHref: props.olderHref })}`
        }
      </div>`,
  });
}

function filterForm({ words }: PageContext, { query, state }: AdminPeopleProps): Html {
  const { adminPeople } = words;
  const { fields, path } = ADMIN_PEOPLE;
  return html`<form class="inline-form" role="search" aria-label=${adminPeople.find} action=${path}>
    ${field({ name: fields.query, type: "search", label: adminPeople.search, form: EMPTY_FORM, value: query, isCode: true })}
    ${select({
      name: fields.state,
      label: adminPeople.state,
      value: state,
      options: (["all", "waiting", "active", "disabled"] as const).map((value) => ({
        value,
        label: adminPeople[value],
      })),
    })}
    <button class="button button-quiet">${icon("search")}${adminPeople.find}</button>
  </form>`;
}

function columnsFor(context: PageContext): readonly Column<AccountRow>[] {
  const { adminPeople: said } = context.words;
  return [
    {
      label: said.name,
      as: "name",
      cell: (row) => html`<div>
        <a href=${row.path}><bdi>${row.displayName || row.name}</bdi></a>
        <small>@${row.name}${row.email && ` · ${row.email}`}</small>
        <small><a href=${`${ADMIN_PEOPLE.path}/${row.id}`}>${context.words.staffPerson.manage}</a></small>
        ${row.reason && html`<small>${said.reason} <q dir="auto">${row.reason}</q></small>`}
      </div>`,
    },
    { label: said.role, cell: ({ role }) => said[role] },
    { label: said.state, cell: ({ state }) => stateBadge(said[state], state) },
    { label: said.joined, cell: ({ joinedMs }) => time(context, joinedMs) },
    {
      label: said.lastSeen,
      cell: ({ lastSeenMs }) => (lastSeenMs === null ? "–" : time(context, lastSeenMs)),
    },
    { label: said.actions, as: "actions", cell: (row) => actionsFor(context, row) },
  ];
}

const stateBadge = (label: string, state: AccountRow["state"]): Html => {
  const look = { active: "badge-good", waiting: "badge-warn", disabled: "badge-bad", gone: "badge-bad" }[
    state
  ];
  return html`<span class=${`badge ${look}`}>${label}</span>`;
};

function actionsFor(context: PageContext, row: AccountRow): Html {
  const { adminPeople: said } = context.words;
  const { path, fields, actions } = ADMIN_PEOPLE;
  const button = (action: string, label: string, look: string) =>
    adminButton(context, {
      path,
      fields: { [fields.action]: action, [fields.account]: row.id },
      label,
      class: look,
    });
  if (row.state === "waiting") {
    return html`<div class="button-row">
      ${button(actions.approve, said.approve, "button")}
      ${button(actions.reject, said.reject, "button button-quiet")}
    </div>`;
  }
  if (row.isSelf || row.state === "gone") return null;
  return menu({
    label: said.manage(row.displayName || row.name),
    children: html`
      ${row.state === "active" ? button(actions.disable, said.disable, "menu-item") : button(actions.enable, said.enable, "menu-item")}
      ${button(actions.resetPassword, said.resetPassword, "menu-item")}
      <form class="menu-form" method="post" action=${path}>
        ${csrfField(context)}${hidden(fields.action, actions.role)}${hidden(fields.account, row.id)}
        ${select({
          name: fields.role,
          label: said.role,
          value: row.role,
          options: (["member", "teacher", "moderator", "admin"] as const).map((value) => ({
            value,
            label: said[value],
          })),
        })}
        <button class="button button-quiet">${said.setRole}</button>
      </form>`,
  });
}
