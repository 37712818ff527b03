/** The sheet of codes on paper, shown once. */
import { csrfField, hidden } from "../../components/act-form.ts";
import { localReturn } from "../../forms.ts";
import { FACTORS, RECOVERY_FILE } from "../../forms-sign-in.ts";
import { html } from "../../html.ts";
import type { PageContext, PageView } from "../../page.ts";
import { settingsView } from "./view.ts";

export function recoveryPage(
  context: PageContext,
  props: {
    readonly codes: readonly string[];
    /** Where to go afterwards. */
    readonly returnTo?: string;
  },
): PageView {
  const { recovery: said } = context.words;
  return settingsView(
    context,
    said.title,
    html`<section class="section">
      <div class="sheet sheet-body">
        <h2>${said.title}</h2>
        <p>${said.text}</p>
        <ol class="recovery-codes">
          ${props.codes.map((code) => html`<li key=${code}><code>${code}</code></li>`)}
        </ol>
        <p class="quiet">${said.once}</p>
        <div class="button-row">
          <form method="post" action=${RECOVERY_FILE.path}>
            ${csrfField(context)}${hidden(RECOVERY_FILE.fields.codes, props.codes.join(" "))}
            <button class="button button-quiet">${said.download}</button>
          </form>
          <a class="button" href=${localReturn(props.returnTo, FACTORS.path)}>${said.done}</a>
        </div>
      </div>
    </section>`,
  );
}
