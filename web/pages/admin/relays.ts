/** Relays that this server takes part in: what each brings, and how much of it is taken. */
import { MAX_PER_HOUR, type RelayView } from "../../../server/federation/relays.ts";
import { csrfField, hidden } from "../../components/act-form.ts";
import { choices } from "../../components/choices.ts";
import { emptyState } from "../../components/empty-state.ts";
import { field, formProblem } from "../../components/field.ts";
import { table } from "../../components/table.ts";
import { EMPTY_FORM, type FormState } from "../../forms.ts";
import { ADMIN_RELAYS } from "../../forms-moving.ts";
import { type Html, html } from "../../html.ts";
import type { PageContext, PageView } from "../../page.ts";
import { adminView } from "./frame.ts";

export interface AdminRelaysProps {
  readonly relays: readonly RelayView[];
  /** Who sees the public lists. */
  readonly publicLists: "members" | "everyone";
  readonly form?: FormState;
}

const LOOKS = { accepted: "badge-good", waiting: "badge-warn", refused: "badge-bad" } as const;

export function adminRelaysPage(context: PageContext, props: AdminRelaysProps): PageView {
  const { relays, form = EMPTY_FORM } = props;
  const { relays: said, form: words } = context.words;
  const { path, fields, actions } = ADMIN_RELAYS;
  return adminView(context, {
    title: said.title,
    text: said.text,
    content: html`
      <form class="form sheet sheet-body readable" method="post" action=${path}>
        ${csrfField(context)}${hidden(fields.action, actions.add)}${formProblem(form, words.somethingWrong)}
        ${field({
          name: fields.address,
          type: "url",
          label: said.address,
          help: said.addressHelp,
          form,
          isRequired: true,
          isCode: true,
          maxLength: 1_000,
        })}
        <button class="button">${said.add}</button>
      </form>
      <div class="sheet">
        ${
          relays.length === 0
            ? emptyState({ icon: "globe", title: said.emptyTitle, text: said.emptyText })
            : relayTable(context, relays)
        }
      </div>
      ${whoSees(context, props.publicLists, form)}`,
  });
}

function whoSees(context: PageContext, publicLists: AdminRelaysProps["publicLists"], form: FormState): Html {
  const { relays: said, form: words } = context.words;
  const { path, fields, actions } = ADMIN_RELAYS;
  return html`<form class="form sheet sheet-body readable" method="post" action=${path}>
    ${csrfField(context)}${hidden(fields.action, actions.lists)}
    ${choices({
      name: fields.publicLists,
      label: said.lists,
      form,
      value: publicLists,
      isInline: true,
      options: [
        { value: "members", label: said.listsMembers },
        { value: "everyone", label: said.listsEveryone },
      ],
    })}
    <button class="button button-quiet">${words.save}</button>
  </form>`;
}

function relayTable(context: PageContext, relays: readonly RelayView[]): Html {
  const { relays: said } = context.words;
  return table<RelayView>({
    caption: said.title,
    rows: relays,
    keyOf: ({ key }) => key,
    columns: [
      {
        label: said.addressColumn,
        as: "name",
        cell: ({ address, kind }) => html`<div><bdi>${address}</bdi><small>${said.kinds[kind]}</small></div>`,
      },
      {
        label: said.state,
        cell: ({ state }) => html`<span class=${`badge ${LOOKS[state]}`}>${said[state]}</span>`,
      },
      {
        label: said.taken,
        cell: ({ taken, passedOver }) =>
          html`<span>${said.takenCount(taken)}${passedOver > 0 && html`<small>${said.passedOver(passedOver)}</small>`}</span>`,
      },
      { label: said.limit, cell: (relay) => limitForm(context, relay) },
      { label: said.actions, as: "actions", cell: (relay) => leaveForm(context, relay) },
    ],
  });
}

function limitForm(context: PageContext, { key, perHour, address }: RelayView): Html {
  const { relays: said } = context.words;
  const { path, fields, actions } = ADMIN_RELAYS;
  return html`<form class="button-row" method="post" action=${path}>
    ${csrfField(context)}${hidden(fields.action, actions.limit)}${hidden(fields.relay, String(key))}
    <input class="input" type="number" name=${fields.perHour} value=${perHour} min="0" max=${MAX_PER_HOUR} required
      aria-label=${`${said.limit}: ${address}`} />
    <button class="button button-quiet">${said.setLimit}</button>
  </form>`;
}

function leaveForm(context: PageContext, { key, address }: RelayView): Html {
  const { relays: said } = context.words;
  const { path, fields, actions } = ADMIN_RELAYS;
  return html`<form method="post" action=${path}>
    ${csrfField(context)}${hidden(fields.action, actions.remove)}${hidden(fields.relay, String(key))}
    <button class="button button-quiet" aria-label=${said.removeOf(address)}>${said.remove}</button>
  </form>`;
}
