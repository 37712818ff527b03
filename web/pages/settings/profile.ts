/** How a person appears to others: name, words about themselves, picture, facts. */
import { csrfField, hidden } from "../../components/act-form.ts";
import { tick } from "../../components/choices.ts";
import { field, formProblem } from "../../components/field.ts";
import { pictureField, removalId } from "../../components/picture-field.ts";
import {
  EMPTY_FORM,
  type FormState,
  MAX_DISPLAY_NAME_CHARACTERS,
  MAX_FIELD_CHARACTERS,
  MAX_PROFILE_FIELDS,
  MAX_SUMMARY_CHARACTERS,
  PROFILE,
} from "../../forms.ts";
import { type Html, html } from "../../html.ts";
import type { PageContext, PageView } from "../../page.ts";
import { sizeInWords } from "../../words/number.ts";
import { settingsView } from "./view.ts";

export interface ProfileSettingsProps {
  /** As the person typed them, not as HTML. */
  readonly profile: {
    readonly displayName: string;
    readonly summary: string;
    readonly iconUrl: string | null;
    readonly imageUrl: string | null;
    readonly approvesFollowers: boolean;
    readonly isIndexable: boolean;
    readonly isDiscoverable: boolean;
    readonly hidesCircle: boolean;
    readonly fields: readonly { readonly name: string; readonly value: string }[];
  };
  readonly form?: FormState;
}

export function profileSettingsPage(context: PageContext, props: ProfileSettingsProps): PageView {
  const { words, site } = context;
  const most = sizeInWords(context.language, site.maxUploadBytes);
  const { profile, form = EMPTY_FORM } = props;
  const { fields } = PROFILE;
  return settingsView(
    context,
    words.settings.profile,
    html`<form class="form sheet sheet-body" method="post" action=${PROFILE.path} enctype="multipart/form-data"
      data-island="files" data-max-bytes=${site.maxUploadBytes} data-too-large=${words.files.tooLarge(most)}>
      ${csrfField(context)}${formProblem(form, words.form.somethingWrong)}
      ${form.hasLostFiles && html`<p class="small">${words.files.chooseAgain}</p>`}
      ${field({
        name: fields.displayName,
        label: words.form.displayName,
        form,
        value: profile.displayName,
        isRequired: true,
        maxLength: MAX_DISPLAY_NAME_CHARACTERS,
        autocomplete: "name",
      })}
      ${field({
        name: fields.summary,
        type: "textarea",
        label: words.settings.about,
        help: words.settings.aboutHelp,
        form,
        value: profile.summary,
        maxLength: MAX_SUMMARY_CHARACTERS,
      })}
      ${pictureField(context, {
        name: fields.icon,
        label: words.settings.icon,
        help: words.settings.iconHelp(most),
        form,
        now:
          profile.iconUrl &&
          html`<img class="avatar avatar-large" src=${profile.iconUrl} alt="" width="96" height="96" />`,
      })}
      ${pictureField(context, {
        name: fields.image,
        label: words.settings.image,
        help: words.settings.imageHelp(most),
        form,
        now:
          profile.imageUrl &&
          html`<img class="profile-cover" src=${profile.imageUrl} alt="" width="640" height="176" />`,
      })}
      ${fieldPairs(context, profile.fields, form)}
      ${tick({
        name: fields.approvesFollowers,
        label: words.settings.approves,
        help: words.settings.approvesHelp,
        form,
        isTicked: profile.approvesFollowers,
      })}
      ${tick({
        name: fields.discoverable,
        label: words.settings.discoverable,
        help: words.settings.discoverableHelp,
        form,
        isTicked: profile.isDiscoverable,
      })}
      ${tick({
        name: fields.hidesCircle,
        label: words.circle.hides,
        help: words.circle.hidesHelp,
        form,
        isTicked: profile.hidesCircle,
      })}
      ${tick({
        name: fields.indexable,
        label: words.settings.indexable,
        help: words.settings.indexableHelp,
        form,
        isTicked: profile.isIndexable,
      })}
      <button class="button">${words.form.save}</button>
    </form>
    ${profile.iconUrl && removal(context, fields.icon)}${profile.imageUrl && removal(context, fields.image)}`,
  );
}

const removal = (
  context: PageContext,
  name: string,
): Html => html`<form id=${removalId(name)} method="post" action=${PROFILE.path}>
  ${csrfField(context)}${hidden(PROFILE.fields.remove, name)}
</form>`;

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
        <input class="input" name=${nameField} aria-label=${words.settings.fieldName(n)} maxlength=${MAX_FIELD_CHARACTERS} dir="auto"
          value=${value(nameField, list[n - 1]?.name)} />
        <input class="input" name=${valueField} aria-label=${words.settings.fieldValue(n)} maxlength=${MAX_FIELD_CHARACTERS} dir="auto"
          value=${value(valueField, list[n - 1]?.value)} />
      </div>`;
    })}
    <p class="field-help">${words.settings.fieldsHelp}</p>
  </fieldset>`;
}
