/** Somebody sent a post and was signed out meanwhile: the draft stays on this page while they sign in on another. */
import { csrfField, hidden } from "../components/act-form.ts";
import { pageHead } from "../components/page-head.ts";
import { ACT, pathWithReturn, SIGN_IN } from "../forms.ts";
import { html } from "../html.ts";
import type { PageContext, PageView } from "../page.ts";

export interface SignedOutProps {
  /** The fields of the composer, by their names. */
  readonly values: Readonly<Record<string, string>>;
  /** Where signing in ends, on a page of its own. */
  readonly returnTo: string;
}

export function signedOutPage(context: PageContext, { values, returnTo }: SignedOutProps): PageView {
  const said = context.words.signedOut;
  const { [ACT.fields.content]: content = "", ...others } = values;
  return {
    title: said.title,
    width: "narrow",
    isPrivate: true,
    main: html`
      ${pageHead({ title: said.title, text: said.text })}
      <form class="form sheet sheet-body" method="post" action=${ACT.path}>
        <p><a class="button" href=${pathWithReturn(SIGN_IN.path, returnTo)} target="_blank">${said.signIn}</a></p>
        ${csrfField(context)}${Object.entries(others).map(([name, value]) => hidden(name, value))}
        <div class="field">
          <label class="field-label" for="draft">${said.draft}</label>
          <textarea class="input" id="draft" name=${ACT.fields.content} rows="6" dir="auto" readonly>${content}</textarea>
          <p class="field-help">${said.help}</p>
        </div>
        <button class="button button-quiet">${said.goOn}</button>
      </form>`,
  };
}
