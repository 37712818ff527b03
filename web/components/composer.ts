/** Where a person writes: a new post, a reply, or the next version of a post. */
import type { ObjectView, Visibility } from "../../server/queries/view.ts";
import { QUOTE_CHOICES } from "../../server/vocab/quote/policy.ts";
import {
  ACT,
  EMPTY_FORM,
  type FormState,
  MAX_POST_CHARACTERS,
  MAX_TITLE_CHARACTERS,
  verb,
} from "../forms.ts";
import { EMOJI_LIST } from "../forms-site.ts";
import { type Html, html } from "../html.ts";
import { fill, type Kept, keep } from "../kept.ts";
import type { PageContext } from "../page.ts";
import { csrfField, hidden } from "./act-form.ts";
import { select, tick } from "./choices.ts";
import { composerFiles } from "./composer-files.ts";
import { composerLater } from "./composer-later.ts";
import { composerPoll } from "./composer-poll.ts";
import { field, formProblem } from "./field.ts";
import { icon } from "./icon.ts";
import { nameOf } from "./person-chip.ts";
import { quotedPost } from "./quote-card.ts";
import { GROUP_VISIBILITIES, isForMembers } from "./visibility.ts";

const VISIBILITIES: readonly Visibility[] = ["public", "quiet", "followers", "direct"];

export interface ComposerProps {
  readonly form?: FormState;
  /** Answers this post: begins with its people, and is as visible as it at most. */
  readonly replyTo?: ObjectView | null;
  /** Quotes this post. */
  readonly quotes?: ObjectView | null;
  /** Changes this post. */
  readonly edits?: ObjectView | null;
  /** The beginning of the text, for instance `@bob `. */
  readonly begin?: string;
  readonly visibility?: Visibility;
  /** Posts into this group. */
  readonly group?: {
    readonly iri: string;
    readonly name: string;
    readonly isPrivate: boolean;
    /** The viewer may speak for it. */
    readonly maySpeak: boolean;
  };
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
    enctype="multipart/form-data" data-island="composer upload"
    data-left=${words.composer.left(0)} data-sending=${words.files.sending(0)} data-sent=${words.files.sent}
    data-not-sent=${words.files.notSent}>
    ${csrfField(context)}${hidden(ACT.fields.type, edits ? verb("Update") : verb("Create"))}
    ${hidden(ACT.fields.return, back)}${!edits && hidden(ACT.fields.once, context.once)}
    ${edits && hidden(ACT.fields.object, edits.iri)}
    ${replyTo && hidden(ACT.fields.inReplyTo, replyTo.iri)}
    ${props.quotes && hidden(ACT.fields.quote, props.quotes.iri)}
    ${props.group && hidden(ACT.fields.group, props.group.iri)}
    <h2 class=${replyTo ? "composer-title" : "visually-hidden"}>${heading(context, props)}</h2>
    ${formProblem(form, words.form.somethingWrong)}
    ${props.group && titleField(context, form)}
    ${textField(context, props, form)}
    <div class="composer-tools">${composerFiles(context, { form, attached: edits?.attachments ?? [] })}${!edits && composerPoll(context, form)}${!edits && composerLater(context, form)}${warningField(context, props, form)}${quotePolicyField(context, props, form)}${formattingHelp(context)}</div>
    ${props.quotes && quotedPost(context, props.quotes)}
    ${props.group?.maySpeak && tick({ name: ACT.fields.asGroup, label: words.group.asGroup(props.group.name), form })}
    <div class="composer-foot">
      ${edits === null && visibilityField(context, props, form)}
      <div class="button-row">
        ${props.cancelTo && html`<a class="button button-plain" href=${props.cancelTo}>${words.composer.cancel}</a>`}
        <button class="button">${submitLabel(context, props)}</button>
      </div>
    </div>
  </form>`;
}

function heading({ words }: PageContext, { replyTo, edits, group }: ComposerProps): string {
  if (group) return words.group.compose(group.name);
  if (edits) return words.composer.editHeading;
  if (!replyTo) return words.composer.heading;
  return words.composer.replyHeading(replyTo.author ? nameOf(replyTo.author) : words.post.someone);
}

function submitLabel({ words }: PageContext, { replyTo, edits, group }: ComposerProps): string {
  if (group) return words.group.submit;
  if (edits) return words.composer.save;
  return replyTo ? words.composer.sendReply : words.composer.post;
}

function textField({ words, viewer }: PageContext, props: ComposerProps, form: FormState): Html {
  const { replyTo, edits } = props;
  const label = replyTo
    ? words.composer.reply
    : props.group
      ? words.group.composeLabel
      : props.quotes
        ? words.quote.composerLabel
        : words.composer.content;
  const mention =
    replyTo?.author && replyTo.author.key !== viewer?.actor.key ? `@${replyTo.author.handle} ` : "";
  const value = form.values[ACT.fields.content] ?? edits?.source ?? props.begin ?? mention;
  const id = "composer-content";
  return html`<label class="visually-hidden" for=${id}>${label}</label>
    <textarea class="input" id=${id} name=${ACT.fields.content} rows=${edits ? 8 : 3} required dir="auto"
      maxlength=${MAX_POST_CHARACTERS} placeholder=${label} autofocus=${props.hasFocus ?? false}>${value}</textarea>`;
}

/** Forums of the Lemmy kind show posts by their titles. */
const titleField = ({ words }: PageContext, form: FormState): Html =>
  field({
    name: ACT.fields.title,
    label: words.group.postTitle,
    hint: words.group.postTitleHint,
    form,
    maxLength: MAX_TITLE_CHARACTERS,
  });

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

function quotePolicyField({ words }: PageContext, props: ComposerProps, form: FormState): Html {
  const { edits } = props;
  if (staysInGroup(props)) return null;
  const isOpen = edits?.visibility === "public" || edits?.visibility === "quiet";
  if (edits && (!isOpen || edits.quotePolicy === null)) return null;
  const said = words.quote;
  return html`<details class="more">
    <summary>${icon("quote")}${said.quoting}</summary>
    ${select({
      name: ACT.fields.quotePolicy,
      label: said.policy,
      value: form.values[ACT.fields.quotePolicy] ?? edits?.quotePolicy ?? "everyone",
      options: QUOTE_CHOICES.map((value) => ({ value, label: said[value] })),
    })}
    <p class="field-help">${said.policyHelp}</p>
  </details>`;
}

const formattingHelp = ({ words }: PageContext): Html => html`<details class="more">
  <summary>${icon("info")}${words.composer.formatting}</summary>
  <p class="field-help">${words.composer.markdown}</p>
  <p class="small"><a href=${EMOJI_LIST}>${words.emojis.link}</a></p>
</details>`;

/** What is said in a private group. */
const staysInGroup = ({ group, replyTo }: ComposerProps): boolean =>
  group?.isPrivate === true || (replyTo != null && isForMembers(replyTo));

/** What is said in a group is for whom the group is for. */
function visibilityField({ words }: PageContext, props: ComposerProps, form: FormState): Html {
  if (staysInGroup(props)) return html`<p class="small quiet">${words.group.seenByMembers}</p>`;
  const isInGroup = props.group !== undefined || props.replyTo?.group != null;
  const value =
    form.values[ACT.fields.visibility] ?? props.visibility ?? props.replyTo?.visibility ?? "public";
  return select({
    name: ACT.fields.visibility,
    label: words.visibility.label,
    value,
    options: (isInGroup ? GROUP_VISIBILITIES : VISIBILITIES).map((visibility) => ({
      value: visibility,
      label: words.visibility[visibility],
    })),
  });
}
