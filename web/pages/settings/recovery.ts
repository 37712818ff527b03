/** The sheet of codes on paper, shown once. */
import { csrfField, hidden } from "../../components/act-form.ts";
import { pageHead } from "../../components/page-head.ts";
import { localReturn } from "../../forms.ts";
import { FACTORS, RECOVER, RECOVERY_FILE } from "../../forms-sign-in.ts";
import { type Html, html } from "../../html.ts";
import type { PageContext, PageView } from "../../page.ts";
import { settingsView } from "./view.ts";

export function recoveryPage(
  context: PageContext,
  props: {
    readonly codes: readonly string[];
    /** Where to go afterwards. */
    readonly returnTo?: string;
    /** Of somebody who has just joined; nobody is signed in where they wait to be let in. */
    readonly isNew?: boolean;
  },
): PageView {
  const { recovery: said, signUp, flash } = context.words;
  if (props.isNew) {
    const text = context.viewer === null ? signUp.waitingText : flash.welcome;
    return {
      title: said.title,
      width: "narrow",
      isPrivate: true,
      main: html`${pageHead({ title: said.title, text })}${sheet(context, props)}`,
    };
  }
  return settingsView(
    context,
    said.title,
    html`<section class="section"><h2>${said.title}</h2>${sheet(context, props)}</section>`,
  );
}

function sheet(
  context: PageContext,
  props: { readonly codes: readonly string[]; readonly returnTo?: string },
): Html {
  const { recovery: said } = context.words;
  return html`<div class="sheet sheet-body">
        <p>${said.text}</p>
        <ol class="recovery-codes">
          ${props.codes.map((code) => html`<li key=${code}><code>${code}</code></li>`)}
        </ol>
        <p class="quiet">${said.once}</p>
        <p class="quiet">${said.use} <a href=${RECOVER.path}>${context.site.host}${RECOVER.path}</a></p>
        <div class="button-row">
          <form method="post" action=${RECOVERY_FILE.path}>
            ${csrfField(context)}${hidden(RECOVERY_FILE.fields.codes, props.codes.join(" "))}
            <button class="button button-quiet">${said.download}</button>
          </form>
          <a class="button" href=${localReturn(props.returnTo, FACTORS.path)}>${said.done}</a>
        </div>
      </div>`;
}
