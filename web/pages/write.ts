/** Writing, on a page of its own: a new post, or the next version of one. */
import type { ObjectView } from "../../server/queries/view.ts";
import { composer } from "../components/composer.ts";
import { pageHead } from "../components/page-head.ts";
import { EMPTY_FORM, type FormState, PATHS } from "../forms.ts";
import { html } from "../html.ts";
import type { PageContext, PageView } from "../page.ts";

export interface WriteProps {
  readonly form?: FormState;
  /** Handles to begin with: `@bob@there.example`. */
  readonly to?: string | null;
}

export function writePage(context: PageContext, props: WriteProps = {}): PageView {
  const { words } = context;
  return {
    title: words.write.title,
    isPrivate: true,
    main: html`
      ${pageHead({ title: words.write.title })}
      ${composer(context, {
        form: props.form ?? EMPTY_FORM,
        returnTo: PATHS.home,
        cancelTo: PATHS.home,
        hasFocus: true,
        ...(props.to ? { begin: `${props.to} `, visibility: "direct" as const } : {}),
      })}`,
  };
}

export interface EditProps {
  readonly view: ObjectView;
  readonly form?: FormState;
}

export function editPage(context: PageContext, { view, form = EMPTY_FORM }: EditProps): PageView {
  const { words } = context;
  return {
    title: words.edit.title,
    isPrivate: true,
    main: html`
      ${pageHead({ title: words.edit.title, text: words.edit.text })}
      ${composer(context, { form, edits: view, returnTo: view.path, cancelTo: view.path, hasFocus: true })}`,
  };
}
