/** Where somebody names the server of the Fediverse at which they have an account; open where the name was wrong. */
import type { FormState } from "../forms.ts";
import { AWAY, type AwayUse } from "../forms-sign-in.ts";
import { type Html, html } from "../html.ts";
import type { PageContext } from "../page.ts";
import { csrfField, hidden } from "./act-form.ts";
import { field } from "./field.ts";
import { icon } from "./icon.ts";

export function serverForm(
  context: PageContext,
  props: {
    readonly use: AwayUse;
    readonly label: string;
    readonly returnTo: string;
    readonly form: FormState;
  },
): Html {
  const { away: said } = context.words;
  const isWrong = props.form.problem?.field === AWAY.fields.server;
  return html`<details class="more" open=${isWrong}>
    <summary>${icon("globe")}${props.label}</summary>
    <form class="form sheet sheet-body" method="post" action=${AWAY.path}>
      ${csrfField(context)}${hidden(AWAY.fields.use, props.use)}${hidden(AWAY.fields.return, props.returnTo)}
      ${field({
        name: AWAY.fields.server,
        label: said.serverName,
        help: said.serverHelp,
        form: props.form,
        isRequired: true,
        isCode: true,
        autocomplete: "off",
        maxLength: 300,
      })}
      <button class="button button-quiet">${said.go}</button>
    </form>
  </details>`;
}
