/** A new password, by whoever knows the old one. */
import { csrfField } from "../../components/act-form.ts";
import { field, formProblem } from "../../components/field.ts";
import { EMPTY_FORM, type FormState, PASSWORD } from "../../forms.ts";
import { html } from "../../html.ts";
import type { PageContext, PageView } from "../../page.ts";
import { settingsView } from "./view.ts";

export function passwordPage(
  context: PageContext,
  props: {
    readonly form?: FormState;
    /** There is none yet. */
    readonly isFirst?: boolean;
  } = {},
): PageView {
  const { words } = context;
  const { form = EMPTY_FORM } = props;
  return settingsView(
    context,
    words.settings.password,
    html`<form class="form sheet sheet-body" method="post" action=${PASSWORD.path}>
      ${csrfField(context)}${formProblem(form, words.form.somethingWrong)}
      ${
        !props.isFirst &&
        field({
          name: PASSWORD.fields.current,
          type: "password",
          label: words.settings.current,
          form,
          isRequired: true,
          autocomplete: "current-password",
        })
      }
      ${field({
        name: PASSWORD.fields.next,
        type: "password",
        label: words.settings.next,
        help: words.form.passwordHelp,
        form,
        isRequired: true,
        minLength: 10,
        autocomplete: "new-password",
      })}
      <p class="small quiet">${words.settings.passwordNote}</p>
      <button class="button">${props.isFirst ? words.factors.setPassword : words.settings.changePassword}</button>
    </form>`,
  );
}
