/** Words that somebody does not want to read: the filters that there are, and the form for one. */
import { FILTER_ACTIONS, FILTER_CONTEXTS, type Filter } from "../../../server/moderation/filter.ts";
import { csrfField, hidden } from "../../components/act-form.ts";
import { choices, tick } from "../../components/choices.ts";
import { durationChoice } from "../../components/duration.ts";
import { field, formProblem } from "../../components/field.ts";
import { endOf } from "../../components/time.ts";
import { EMPTY_FORM, type FormState } from "../../forms.ts";
import { FILTERS } from "../../forms-peace.ts";
import { type Html, html } from "../../html.ts";
import type { PageContext, PageView } from "../../page.ts";
import { settingsView } from "./view.ts";

const { fields, actions, path } = FILTERS;

export interface FiltersProps {
  readonly filters: readonly Filter[];
  /** The one that is being changed. */
  readonly edited: Filter | null;
  readonly form?: FormState;
}

export function filtersPage(context: PageContext, props: FiltersProps): PageView {
  const { filters: said } = context.words;
  return settingsView(
    context,
    said.tab,
    html`<section class="section">
        <h2>${said.title}</h2>
        <p class="quiet">${said.text}</p>
        <div class="sheet feed">
          ${
            props.filters.length === 0
              ? html`<p class="line quiet">${said.empty}</p>`
              : props.filters.map((filter) => filterItem(context, filter))
          }
        </div>
      </section>
      ${filterForm(context, props)}`,
  );
}

function filterItem(context: PageContext, filter: Filter): Html {
  const { filters: said } = context.words;
  const isOver = filter.expiresMs !== null && filter.expiresMs <= context.nowMs;
  return html`<article key=${filter.key} class="sheet-body">
    <h3 dir="auto">${filter.title}</h3>
    <p class="small quiet">
      ${said[filter.action]} · ${filter.contexts.map((name) => said[name]).join(", ")}
      ${filter.expiresMs !== null && html` · ${isOver ? said.over : html`${said.until} ${endOf(context, filter.expiresMs)}`}`}
    </p>
    <p dir="auto">${filter.phrases.map(({ text }) => text).join(" · ")}</p>
    <div class="button-row">
      <a class="button button-quiet" href=${`${path}?edit=${filter.key}#filter`}>${said.edit}</a>
      <form method="post" action=${path}>
        ${csrfField(context)}${hidden(fields.action, actions.remove)}${hidden(fields.filter, String(filter.key))}
        <button class="button button-quiet">${said.remove}</button>
      </form>
    </div>
  </article>`;
}

function filterForm(context: PageContext, { edited, form = EMPTY_FORM }: FiltersProps): Html {
  const { filters: said, form: formWords } = context.words;
  const isFirst = form.problem === null;
  const expiresMs = edited?.expiresMs ?? null;
  const endOfEdited = expiresMs !== null && expiresMs > context.nowMs ? expiresMs : null;
  return html`<section class="section" id="filter">
    <h2>${edited === null ? said.add : said.change}</h2>
    <form class="form sheet sheet-body" method="post" action=${path}>
      ${csrfField(context)}${hidden(fields.action, actions.save)}
      ${edited !== null && hidden(fields.filter, String(edited.key))}
      ${formProblem(form, formWords.somethingWrong)}
      ${field({ name: fields.title, label: said.name, help: said.nameHelp, form, value: edited?.title ?? "", isRequired: true, maxLength: 80 })}
      ${field({
        name: fields.phrases,
        type: "textarea",
        label: said.phrases,
        help: said.phrasesHelp,
        form,
        value: edited?.phrases.map(({ text }) => text).join("\n") ?? "",
        isRequired: true,
      })}
      ${tick({
        name: fields.isWhole,
        label: said.isWhole,
        help: said.isWholeHelp,
        form,
        isTicked: isFirst && (edited === null || edited.phrases.some(({ isWhole }) => isWhole)),
      })}
      <fieldset class="choices">
        <legend>${said.contexts}</legend>
        ${FILTER_CONTEXTS.map((name) =>
          tick({
            name: fields.context(name),
            label: said[name],
            form,
            isTicked: isFirst && (edited === null || edited.contexts.includes(name)),
          }),
        )}
        ${form.problem?.field === "contexts" && html`<p class="field-error">${form.problem.message}</p>`}
      </fieldset>
      ${choices({
        name: fields.filterAction,
        label: said.does,
        form,
        value: edited?.action ?? "warn",
        options: [...FILTER_ACTIONS].reverse().map((action) => ({ value: action, label: said[action] })),
      })}
      ${durationChoice(context, { name: fields.duration, label: said.duration, form, endsMs: endOfEdited })}
      <button class="button">${said.save}</button>
    </form>
  </section>`;
}
