/** Lists of rules: files that are read in, and addresses that are asked for every day. */
import { csrfField, hidden } from "../../components/act-form.ts";
import { choices, tick } from "../../components/choices.ts";
import { field, formProblem } from "../../components/field.ts";
import { fileField } from "../../components/file-field.ts";
import { table } from "../../components/table.ts";
import { time } from "../../components/time.ts";
import { EMPTY_FORM, type FormState } from "../../forms.ts";
import { DOMAIN_DRAFT, DOMAIN_LISTS } from "../../forms-federation.ts";
import { type Html, html } from "../../html.ts";
import type { PageContext, PageView } from "../../page.ts";
import { adminButton, adminView } from "./frame.ts";

export interface ListLine {
  readonly id: string;
  readonly name: string;
  readonly isSubscription: boolean;
  readonly acceptsItself: boolean;
  readonly rules: number;
  readonly waits: boolean;
  readonly fetchedMs: number | null;
  /** What went wrong the last time. */
  readonly failed: string | null;
}

export interface DomainListsProps {
  readonly lists: readonly ListLine[];
  readonly form?: FormState;
}

export function domainListsPage(
  context: PageContext,
  { lists, form = EMPTY_FORM }: DomainListsProps,
): PageView {
  const { domainLists: said, form: words } = context.words;
  return adminView(context, {
    title: said.title,
    text: said.text,
    content: html`
      ${form.problem && html`<div class="sheet sheet-body readable">${formProblem(form, words.somethingWrong)}</div>`}
      <section class="section">
        <h2>${said.listsTitle}</h2>
        <div class="sheet">${lists.length === 0 ? html`<p class="line quiet">${said.empty}</p>` : listTable(context, lists)}</div>
      </section>
      ${readForm(context, form)}${subscribeForm(context, form)}`,
  });
}

function readForm(context: PageContext, form: FormState): Html {
  const { domainLists: said } = context.words;
  const { fields, actions, path } = DOMAIN_LISTS;
  return html`<section class="section">
    <h2>${said.readTitle}</h2>
    <form class="form sheet sheet-body readable" method="post" action=${path} enctype="multipart/form-data">
      ${csrfField(context)}${hidden(fields.action, actions.read)}
      ${fileField({ name: fields.file, label: said.file, help: said.fileHelp, form, accept: ".csv,.json,.txt,text/csv,application/json,text/plain" })}
      ${plainChoice(context, form)}
      <div><button class="button">${said.read}</button></div>
    </form>
  </section>`;
}

function subscribeForm(context: PageContext, form: FormState): Html {
  const { domainLists: said } = context.words;
  const { fields, actions, path } = DOMAIN_LISTS;
  return html`<section class="section">
    <h2>${said.subscribeTitle}</h2>
    <form class="form sheet sheet-body readable" method="post" action=${path}>
      ${csrfField(context)}${hidden(fields.action, actions.subscribe)}
      ${field({ name: fields.url, type: "url", label: said.url, help: said.urlHelp, form, isCode: true })}
      ${plainChoice(context, form)}
      ${tick({ name: fields.acceptsItself, label: said.acceptsItself, help: said.acceptsItselfHelp, form })}
      <div><button class="button button-quiet">${said.subscribe}</button></div>
    </form>
  </section>`;
}

function plainChoice({ words }: PageContext, form: FormState): Html {
  const { domainLists: said } = words;
  return choices({
    name: DOMAIN_LISTS.fields.plain,
    label: said.plain,
    form,
    value: "block",
    isInline: true,
    options: [
      { value: "block", label: said.plainBlock },
      { value: "allow", label: said.plainAllow },
    ],
  });
}

function listTable(context: PageContext, lists: readonly ListLine[]): Html {
  const { domainLists: said } = context.words;
  return table<ListLine>({
    caption: said.listsTitle,
    rows: lists,
    keyOf: ({ id }) => id,
    columns: [
      {
        label: said.name,
        as: "name",
        cell: ({ name, acceptsItself }) =>
          html`<div><bdi>${name}</bdi>${acceptsItself && html`<small>${said.byItself}</small>`}</div>`,
      },
      { label: said.rules, as: "number", cell: ({ rules }) => rules },
      { label: said.state, cell: (line) => stateOf(context, line) },
      { label: said.actions, as: "actions", cell: (line) => actionsOf(context, line) },
    ],
  });
}

function stateOf(context: PageContext, { waits, fetchedMs, failed, isSubscription }: ListLine): Html {
  const { domainLists: said } = context.words;
  return html`<span>
    ${waits && html`<span class="badge badge-warn">${said.waits}</span>`}
    ${failed !== null && html`<span class="badge badge-bad">${said.failed}</span><small dir="auto"> ${failed}</small>`}
    ${isSubscription && html`<small> ${fetchedMs === null ? said.never : html`${said.fetched} ${time(context, fetchedMs)}`}</small>`}
  </span>`;
}

function actionsOf(context: PageContext, { id, name, waits, isSubscription }: ListLine): Html {
  const { domainLists: said } = context.words;
  const { fields, actions, path } = DOMAIN_LISTS;
  const button = (action: string, label: string) =>
    adminButton(context, { path, fields: { [fields.action]: action, [fields.list]: id }, label });
  return html`<span class="button-row">
    ${waits && html`<a class="button" href=${`${DOMAIN_DRAFT}?${fields.list}=${id}`} aria-label=${`${said.look}: ${name}`}>${said.look}</a>`}
    ${isSubscription && button(actions.refresh, said.refresh)}
    ${button(isSubscription ? actions.giveUp : actions.discard, isSubscription ? said.giveUp : context.words.domainDraft.discard)}
  </span>`;
}
