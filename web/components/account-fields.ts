/** The four answers that every account needs, whether its owner claims the server or joins it. */
import { type FormState, SIGN_UP } from "../forms.ts";
import { type Html, html } from "../html.ts";
import type { PageContext } from "../page.ts";
import { field } from "./field.ts";

/** `server/accounts` refuses shorter ones. */
const MIN_PASSWORD_CHARACTERS = 10;
/** `server/accounts` refuses longer names. */
const MAX_NAME_CHARACTERS = 30;

/** Names of the fields are the same in `SETUP` and `SIGN_UP`. */
export function accountFields(
  { words, site }: PageContext,
  form: FormState,
  {
    emailIsRequired,
    hasPassword = true,
  }: { readonly emailIsRequired: boolean; readonly hasPassword?: boolean },
): Html {
  const { fields } = SIGN_UP;
  const hint = emailIsRequired ? {} : { hint: words.form.optional };
  return html`
    ${field({
      name: fields.displayName,
      label: words.form.displayName,
      help: words.form.displayNameHelp,
      form,
      isRequired: true,
      autocomplete: "name",
      maxLength: 80,
    })}
    ${field({
      name: fields.name,
      label: words.form.name,
      help: words.form.nameHelp,
      form,
      isRequired: true,
      isCode: true,
      autocomplete: "username",
      affix: `@${site.host}`,
      pattern: "[A-Za-z0-9_]+",
      maxLength: MAX_NAME_CHARACTERS,
    })}
    ${field({
      name: fields.email,
      type: "email",
      label: words.form.email,
      help: words.form.emailHelp,
      form,
      isRequired: emailIsRequired,
      autocomplete: "email",
      ...hint,
    })}
    ${
      hasPassword &&
      field({
        name: fields.password,
        type: "password",
        label: words.form.password,
        help: words.form.passwordHelp,
        form,
        isRequired: true,
        autocomplete: "new-password",
        minLength: MIN_PASSWORD_CHARACTERS,
      })
    }`;
}
