/** Servers of which somebody does not want to see anything. */
import type { AvoidedHost } from "../../../server/moderation/tastes.ts";
import { csrfField, hidden } from "../../components/act-form.ts";
import { field, formProblem } from "../../components/field.ts";
import { EMPTY_FORM, type FormState } from "../../forms.ts";
import { AVOIDED } from "../../forms-peace.ts";
import { html } from "../../html.ts";
import type { PageContext, PageView } from "../../page.ts";
import { settingsView } from "./view.ts";

const { fields, actions, path } = AVOIDED;

export interface AvoidedServersProps {
  readonly hosts: readonly AvoidedHost[];
  /** Named by the page that led here. */
  readonly domain: string;
  readonly form?: FormState;
}

export function avoidedServersPage(context: PageContext, props: AvoidedServersProps): PageView {
  const { avoided: said, form: formWords } = context.words;
  const { form = EMPTY_FORM } = props;
  return settingsView(
    context,
    said.tab,
    html`<section class="section">
      <h2>${said.title}</h2>
      <p class="quiet">${said.text}</p>
      <form class="form sheet sheet-body" method="post" action=${path}>
        ${csrfField(context)}${hidden(fields.action, actions.avoid)}
        ${formProblem(form, formWords.somethingWrong)}
        ${field({ name: fields.domain, label: said.domain, help: said.domainHelp, form, value: props.domain, isRequired: true, isCode: true, maxLength: 253 })}
        <button class="button">${said.block}</button>
      </form>
      <div class="sheet feed">
        ${
          props.hosts.length === 0
            ? html`<p class="line quiet">${said.empty}</p>`
            : props.hosts.map(
                ({ host, name }) => html`<div key=${host} class="line">
                  <span class="line-text"><bdi>${name}</bdi></span>
                  <form method="post" action=${path}>
                    ${csrfField(context)}${hidden(fields.action, actions.stop)}${hidden(fields.host, String(host))}
                    <button class="button button-quiet">${said.unblock}<span class="visually-hidden"> ${name}</span></button>
                  </form>
                </div>`,
              )
        }
      </div>
    </section>`,
  );
}
