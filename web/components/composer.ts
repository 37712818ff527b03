/** Where a person writes: a new post, a reply, or the next version of a post. */
import type { ObjectView, Visibility } from "../../server/queries/view.ts";
import { ACT, EMPTY_FORM, type FormState, MAX_POST_CHARACTERS, verb } from "../forms.ts";
import { type Html, html } from "../html.ts";
import { fill, type Kept, keep } from "../kept.ts";
import type { PageContext } from "../page.ts";
import { csrfField, hidden } from "./act-form.ts";
import { select } from "./choices.ts";
import { composerFiles } from "./composer-files.ts";
import { field, formProblem } from "./field.ts";
import { icon } from "./icon.ts";
import { nameOf } from "./person-chip.ts";

const VISIBILITIES: readonly Visibility[] = ["public", "quiet", "followers", "direct"];

export interface ComposerProps {
  readonly form?: FormState;
  /** Answers this post: begins with its people, and is as visible as it at most. */
  readonly replyTo?: ObjectView | null;
  /** Changes this post. */
  readonly edits?: ObjectView | null;
  /** The beginning of the text, for instance `@bob `. */
  readonly begin?: string;
  readonly visibility?: Visibility;
  readonly returnTo?: string;
  readonly hasFocus?: boolean;
  /** Where “Cancel” leads; none where there is nothing to cancel. */
  readonly cancelTo?: string;
}

const empty = new Map<string, Kept>();

/** The composer that waits on top of a page, with nothing in it: always the same. */
export function emptyComposer(context: PageContext): Html {
  const name = `${context.language} ${context.site.maxUploadBytes}`;
  const known = empty.get(name) ?? keep(context, (anyContext) => composer(anyContext));
  empty.set(name, known);
  return fill(known, context);
}

export function composer(context: PageContext, props: ComposerProps = {}): Html {
  const { words } = context;
  const { form = EMPTY_FORM, replyTo = null, edits = null } = props;
  const back = props.returnTo ?? context.path;
  return html`<form class="composer sheet" method="post" action=${ACT.path}
    enctype="multipart/form-data" data-island="composer"
    data-left=${words.composer.left(0)}>
    ${csrfField(context)}${hidden(ACT.fields.type, edits ? verb("Update") : verb("Create"))}
    ${hidden(ACT.fields.return, back)}
    ${edits && hidden(ACT.fields.object, edits.iri)}
    ${replyTo && hidden(ACT.fields.inReplyTo, replyTo.iri)}
    <h2 class=${replyTo ? "composer-title" : "visually-hidden"}>${heading(context, props)}</h2>
    ${formProblem(form, words.form.somethingWrong)}
    ${textField(context, props, form)}
    <div class="composer-tools">${composerFiles(context, { form, attached: edits?.attachments ?? [] })}${warningField(context, props, form)}${formattingHelp(context)}</div>
    <div class="composer-foot">
      ${edits === null && visibilityField(context, props, form)}
      <div class="button-row">
        ${props.cancelTo && html`<a class="button button-plain" href=${props.cancelTo}>${words.composer.cancel}</a>`}
        <button class="button">${submitLabel(context, props)}</button>
      </div>
    </div>
  </form>`;
}

function heading({ words }: PageContext, { replyTo, edits }: ComposerProps): string {
  if (edits) return words.composer.editHeading;
  if (!replyTo) return words.composer.heading;
  return words.composer.replyHeading(replyTo.author ? nameOf(replyTo.author) : words.post.someone);
}

function submitLabel({ words }: PageContext, { replyTo, edits }: ComposerProps): string {
  if (edits) return words.composer.save;
  return replyTo ? words.composer.sendReply : words.composer.post;
}

function textField({ words, viewer }: PageContext, props: ComposerProps, form: FormState): Html {
  const { replyTo, edits } = props;
  const label = replyTo ? words.composer.reply : words.composer.content;
  const mention =
    replyTo?.author && replyTo.author.key !== viewer?.actor.key ? `@${replyTo.author.handle} ` : "";
  const value = form.values[ACT.fields.content] ?? edits?.source ?? props.begin ?? mention;
  const id = "composer-content";
  return html`<label class="visually-hidden" for=${id}>${label}</label>
    <textarea class="input" id=${id} name=${ACT.fields.content} rows=${edits ? 8 : 3} required dir="auto"
      maxlength=${MAX_POST_CHARACTERS} placeholder=${label} autofocus=${props.hasFocus ?? false}>${value}</textarea>`;
}

function warningField({ words }: PageContext, { replyTo, edits }: ComposerProps, form: FormState): Html {
  const value = form.values[ACT.fields.summary] ?? edits?.summary ?? replyTo?.summary ?? "";
  return html`<details class="more" open=${value !== ""}>
    <summary>${icon("triangle-alert")}${words.composer.addWarning}</summary>
    ${field({
      name: ACT.fields.summary,
      label: words.composer.warning,
      form,
      value,
      help: words.composer.warningHelp,
    })}
  </details>`;
}

const formattingHelp = ({ words }: PageContext): Html => html`<details class="more">
  <summary>${icon("info")}${words.composer.formatting}</summary>
  <p class="field-help">${words.composer.markdown}</p>
</details>`;

function visibilityField({ words }: PageContext, props: ComposerProps, form: FormState): Html {
  const value =
    form.values[ACT.fields.visibility] ?? props.visibility ?? props.replyTo?.visibility ?? "public";
  return select({
    name: ACT.fields.visibility,
    label: words.visibility.label,
    value,
    options: VISIBILITIES.map((visibility) => ({ value: visibility, label: words.visibility[visibility] })),
  });
}
