/** Light or dark, and in which language. */
import { csrfField } from "../../components/act-form.ts";
import { choices } from "../../components/choices.ts";
import { APPEARANCE, EMPTY_FORM, type FormState } from "../../forms.ts";
import { html } from "../../html.ts";
import type { PageContext, PageView } from "../../page.ts";
import { LANGUAGES } from "../../words/index.ts";
import { settingsView } from "./view.ts";

export function appearancePage(context: PageContext, props: { readonly form?: FormState } = {}): PageView {
  const { words, theme, language } = context;
  const { form = EMPTY_FORM } = props;
  return settingsView(
    context,
    words.settings.appearance,
    html`<form class="form sheet sheet-body" method="post" action=${APPEARANCE.path}>
      ${csrfField(context)}
      ${choices({
        name: APPEARANCE.fields.theme,
        label: words.settings.theme,
        form,
        value: theme,
        isInline: true,
        options: [
          { value: "auto", label: words.settings.themeAuto },
          { value: "light", label: words.settings.themeLight },
          { value: "dark", label: words.settings.themeDark },
        ],
      })}
      <div class="field">
        ${choices({
          name: APPEARANCE.fields.language,
          label: words.settings.language,
          form,
          value: language,
          isInline: true,
          options: LANGUAGES.map(({ code, name }) => ({ value: code, label: name })),
        })}
        <p class="field-help">${words.settings.languageHelp}</p>
      </div>
      <button class="button">${words.form.save}</button>
    </form>`,
  );
}
