/** Setting up an app for codes: the picture that it reads, and its first code. */
import { csrfField, hidden } from "../../components/act-form.ts";
import { field, formProblem } from "../../components/field.ts";
import { qrCode } from "../../components/qr-code.ts";
import { EMPTY_FORM, type FormState, localReturn } from "../../forms.ts";
import { CODES, FACTORS } from "../../forms-sign-in.ts";
import { html } from "../../html.ts";
import type { PageContext, PageView } from "../../page.ts";
import { settingsView } from "./view.ts";

export interface CodesProps {
  /** In base32. */
  readonly secret: string;
  readonly address: string;
  /** Where to go afterwards. */
  readonly returnTo: string;
  readonly form?: FormState;
}

export function codesPage(context: PageContext, props: CodesProps): PageView {
  const { codes: said, form: words } = context.words;
  const { form = EMPTY_FORM } = props;
  return settingsView(
    context,
    said.title,
    html`<form class="form sheet sheet-body" method="post" action=${CODES.path}>
      <h2>${said.title}</h2>
      <p class="quiet">${said.text}</p>
      ${csrfField(context)}${hidden(CODES.fields.return, localReturn(props.returnTo, FACTORS.path))}
      ${formProblem(form, words.somethingWrong)}
      <section class="form-section">
        <h3>${said.scan}</h3>
        ${qrCode(props.address, said.picture)}
        <p>${said.type}</p>
        <p><code class="secret" data-island="copy" data-copy=${said.copy} data-copied=${said.copied}>${props.secret}</code></p>
      </section>
      <section class="form-section">
        <h3>${said.second}</h3>
        ${field({
          name: CODES.fields.code,
          label: said.code,
          form,
          isRequired: true,
          isCode: true,
          autocomplete: "one-time-code",
          pattern: "[0-9 ]{6,9}",
          maxLength: 9,
        })}
      </section>
      <button class="button">${said.submit}</button>
    </form>`,
  );
}
