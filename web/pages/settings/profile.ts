/** How a person appears to others: name, words about themselves, picture, facts. */
import { csrfField } from "../../components/act-form.ts";
import { tick } from "../../components/choices.ts";
import { field, formProblem } from "../../components/field.ts";
import { EMPTY_FORM, type FormState, MAX_PROFILE_FIELDS, PROFILE } from "../../forms.ts";
import { type Html, html } from "../../html.ts";
import type { PageContext, PageView } from "../../page.ts";
import { settingsView } from "./view.ts";

export interface ProfileSettingsProps {
  /** As the person typed them, not as HTML. */
  readonly profile: {
    readonly displayName: string;
    readonly summary: string;
    readonly iconUrl: string;
    readonly approvesFollowers: boolean;
    readonly fields: readonly { readonly name: string; readonly value: string }[];
  };
  readonly form?: FormState;
}

export function profileSettingsPage(context: PageContext, props: ProfileSettingsProps): PageView {
  const { words } = context;
  const { profile, form = EMPTY_FORM } = props;
  const { fields } = PROFILE;
  return settingsView(
    context,
    words.settings.profile,
    html`<form class="form sheet sheet-body" method="post" action=${PROFILE.path}>
      ${csrfField(context)}${formProblem(form, words.form.somethingWrong)}
      ${field({
        name: fields.displayName,
        label: words.form.displayName,
        form,
        value: profile.displayName,
        isRequired: true,
        maxLength: 80,
        autocomplete: "name",
      })}
      ${field({
        name: fields.summary,
        type: "textarea",
        label: words.settings.about,
        help: words.settings.aboutHelp,
        form,
        value: profile.summary,
        maxLength: 2000,
      })}
      ${field({
        name: fields.iconUrl,
        type: "url",
        label: words.settings.icon,
        help: words.settings.iconHelp,
        form,
        value: profile.iconUrl,
        isCode: true,
      })}
      ${fieldPairs(context, profile.fields, form)}
      ${tick({
        name: fields.approvesFollowers,
        label: words.settings.approves,
        help: words.settings.approvesHelp,
        form,
        isTicked: profile.approvesFollowers,
      })}
      <button class="button">${words.form.save}</button>
    </form>`,
  );
}

function fieldPairs(
  { words }: PageContext,
  list: ProfileSettingsProps["profile"]["fields"],
  form: FormState,
): Html {
  const numbers = Array.from({ length: MAX_PROFILE_FIELDS }, (_, index) => index + 1);
  const value = (name: string, old: string | undefined) => form.values[name] ?? old ?? "";
  return html`<fieldset class="choices">
    <legend>${words.settings.fields}</legend>
    ${numbers.map((n) => {
      const nameField = PROFILE.fields.fieldName(n);
      const valueField = PROFILE.fields.fieldValue(n);
      return html`<div key=${n} class="field-pair">
        <input class="input" name=${nameField} aria-label=${words.settings.fieldName(n)} maxlength="60" dir="auto"
          value=${value(nameField, list[n - 1]?.name)} />
        <input class="input" name=${valueField} aria-label=${words.settings.fieldValue(n)} maxlength="300" dir="auto"
          value=${value(valueField, list[n - 1]?.value)} />
      </div>`;
    })}
    <p class="field-help">${words.settings.fieldsHelp}</p>
  </fieldset>`;
}
