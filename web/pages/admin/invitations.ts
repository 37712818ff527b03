/** Links that let people join: making them, and withdrawing them. */
import { MAX_USES } from "../../../server/accounts/invitations.ts";
import { csrfField, hidden } from "../../components/act-form.ts";
import { emptyState } from "../../components/empty-state.ts";
import { field, formProblem } from "../../components/field.ts";
import { pager } from "../../components/pager.ts";
import { table } from "../../components/table.ts";
import { time } from "../../components/time.ts";
import { ADMIN_INVITATIONS, EMPTY_FORM, type FormState, OWN_INVITATIONS } from "../../forms.ts";
import { type Html, html } from "../../html.ts";
import type { PageContext, PageView } from "../../page.ts";
import { settingsView } from "../settings/view.ts";
import { adminButton, adminView } from "./frame.ts";

export interface InvitationRow {
  readonly id: string;
  readonly note: string;
  /** The whole link, or null where it is not kept and was shown once. */
  readonly url: string | null;
  readonly used: number;
  readonly uses: number;
  readonly expiresMs: number | null;
  readonly isOpen: boolean;
}

export interface AdminInvitationsProps {
  readonly rows: readonly InvitationRow[];
  readonly olderHref: string | null;
  readonly form?: FormState;
  /** One's own, among one's settings: for those who may invite and do not run the server. */
  readonly areOwn?: boolean;
}

export function adminInvitationsPage(context: PageContext, props: AdminInvitationsProps): PageView {
  const { adminInvitations: said } = context.words;
  const path = props.areOwn ? OWN_INVITATIONS.path : ADMIN_INVITATIONS.path;
  const content = html`
      ${createForm(context, path, props.form ?? EMPTY_FORM)}
      <div class="sheet">
        ${
          props.rows.length === 0
            ? emptyState({ icon: "ticket", title: said.emptyTitle, text: said.emptyText })
            : html`${invitationTable(context, path, props.rows)}
              ${props.olderHref && pager(context, { olderHref: props.olderHref })}`
        }
      </div>`;
  return props.areOwn
    ? settingsView(context, said.title, html`<p class="quiet">${said.text}</p>${content}`)
    : adminView(context, { title: said.title, text: said.text, content });
}

function createForm(context: PageContext, path: string, form: FormState): Html {
  const { words } = context;
  const { adminInvitations: said } = words;
  const { fields, actions } = ADMIN_INVITATIONS;
  return html`<form class="sheet sheet-body" method="post" action=${path}>
    ${csrfField(context)}${hidden(fields.action, actions.create)}${formProblem(form, words.form.somethingWrong)}
    <div class="field-row">
      ${field({ name: fields.note, label: said.note, help: said.noteHelp, form, hint: words.form.optional, maxLength: 80 })}
      ${field({ name: fields.uses, type: "number", label: said.uses, form, value: "1", min: 1, max: MAX_USES, isRequired: true })}
      ${field({ name: fields.days, type: "number", label: said.days, form, value: "14", min: 1, max: 365, isRequired: true })}
    </div>
    <div><button class="button">${said.create}</button></div>
  </form>`;
}

function invitationTable(context: PageContext, path: string, rows: readonly InvitationRow[]): Html {
  const { adminInvitations: said } = context.words;
  const { fields, actions } = ADMIN_INVITATIONS;
  return table<InvitationRow>({
    caption: said.title,
    rows,
    keyOf: ({ id }) => id,
    columns: [
      {
        label: said.link,
        as: "name",
        cell: ({ note, url }) => html`<div class="invitation">
          <span dir="auto">${note || said.noNote}</span>
          ${url && html`<code data-island="copy" data-copy=${said.copy} data-copied=${said.copied}>${url}</code>`}
        </div>`,
      },
      { label: said.used, as: "number", cell: ({ used, uses }) => said.usedOf(used, uses) },
      { label: said.expires, cell: (row) => until(context, row) },
      {
        label: said.actions,
        as: "actions",
        cell: ({ id, isOpen }) =>
          isOpen &&
          adminButton(context, {
            path,
            fields: { [fields.action]: actions.revoke, [fields.invitation]: id },
            label: said.revoke,
          }),
      },
    ],
  });
}

function until(context: PageContext, { isOpen, used, uses, expiresMs }: InvitationRow): Html {
  const { adminInvitations: said } = context.words;
  if (!isOpen) return html`<span class="badge">${used >= uses ? said.spent : said.expired}</span>`;
  return expiresMs === null ? "–" : time(context, expiresMs);
}
