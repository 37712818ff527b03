/** Writing, on a page of its own: a new post, or the next version of one. */
import type { ObjectView, Visibility } from "../../server/queries/view.ts";
import { type ComposerProps, composer } from "../components/composer.ts";
import { icon } from "../components/icon.ts";
import { objectCard } from "../components/object-card.ts";
import { pageHead } from "../components/page-head.ts";
import { nameOf } from "../components/person-chip.ts";
import { EMPTY_FORM, type FormState, PATHS } from "../forms.ts";
import { html } from "../html.ts";
import type { PageContext, PageView } from "../page.ts";

export interface WriteProps {
  readonly form?: FormState;
  /** Handles to begin with: `@bob@there.example`. */
  readonly to?: string | null;
  readonly group?: ComposerProps["group"] | null;
  /** The post that is answered. */
  readonly replyTo?: ObjectView | null;
  /** The post that is quoted, and where only followers may, whether the writer is none. */
  readonly quotes?: ObjectView | null;
  readonly isHopeless?: boolean;
  /** Text to begin with. */
  readonly begin?: string | null;
  /** For whom it is until the writer says otherwise. */
  readonly visibility?: Visibility;
  readonly returnTo?: string;
  /** What stands below the title. */
  readonly text?: string;
}

export function writePage(context: PageContext, props: WriteProps = {}): PageView {
  const { words } = context;
  const { quotes = null, replyTo = null } = props;
  const by = quotes?.author ? nameOf(quotes.author) : words.post.someone;
  const title = replyTo ? words.composer.reply : quotes ? words.quote.composerHeading(by) : words.write.title;
  return {
    title,
    isPrivate: true,
    main: html`
      ${pageHead({ title, ...(props.text ? { text: props.text } : {}) })}
      ${props.isHopeless && html`<p class="quoted-missing">${icon("info")}<span>${words.quote.followersOnly(by)}</span></p>`}
      ${replyTo && html`<div class="sheet">${objectCard(context, { view: replyTo })}</div>`}
      ${composer(context, {
        form: props.form ?? EMPTY_FORM,
        returnTo: props.returnTo ?? PATHS.home,
        cancelTo: replyTo?.path ?? quotes?.path ?? PATHS.home,
        hasFocus: true,
        replyTo,
        ...(quotes ? { quotes } : {}),
        ...(props.begin ? { begin: props.begin } : {}),
        ...(props.group ? { group: props.group } : {}),
        ...(props.visibility ? { visibility: props.visibility } : {}),
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
