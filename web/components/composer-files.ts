/** The place for files in the composer: those that the post has, and room for more, each with words for it. */
import type { AttachmentView } from "../../server/queries/view.ts";
import {
  ACT,
  ATTACHMENT_NUMBERS,
  FOCUS_CHOICES,
  type FormState,
  MAX_ATTACHMENTS,
  MAX_DESCRIPTION_CHARACTERS,
} from "../forms.ts";
import { type Html, html } from "../html.ts";
import type { PageContext } from "../page.ts";
import { sizeInWords } from "../words/number.ts";
import { hidden } from "./act-form.ts";
import { fileName } from "./attachments.ts";
import { select, tick } from "./choices.ts";
import { field } from "./field.ts";
import { fileField } from "./file-field.ts";
import { icon } from "./icon.ts";

export interface ComposerFilesProps {
  readonly form: FormState;
  /** What the post that is changed has already. */
  readonly attached: readonly AttachmentView[];
}

export function composerFiles(context: PageContext, { form, attached }: ComposerFilesProps): Html {
  const { words, site } = context;
  const most = sizeInWords(context.language, site.maxUploadBytes);
  const isWrong = ATTACHMENT_NUMBERS.some((n) =>
    [ACT.fields.file(n), ACT.fields.fileText(n)].includes(form.problem?.field ?? ""),
  );
  return html`<details class="more" open=${isWrong || attached.length > 0 || (form.hasLostFiles ?? false)}
    data-island="files" data-max-bytes=${site.maxUploadBytes} data-too-large=${words.files.tooLarge(most)}>
    <summary>${icon("image")}${attached.length > 0 ? words.files.change : words.files.add}</summary>
    <div class="file-slots">
    ${form.hasLostFiles && html`<p class="small">${words.files.chooseAgain}</p>`}
    <p class="field-help">${words.files.limits(MAX_ATTACHMENTS, most)} ${words.files.children}</p>
    ${ATTACHMENT_NUMBERS.map((n) => {
      const has = attached[n - 1];
      return has ? attachedFile(context, n, has, form) : newFile(context, n, form);
    })}
    </div>
  </details>`;
}

const newFile = (
  context: PageContext,
  n: number,
  form: FormState,
): Html => html`<fieldset key=${n} class="file-slot">
  <legend class="visually-hidden">${context.words.files.file(n)}</legend>
  ${fileField({ name: ACT.fields.file(n), label: context.words.files.file(n), form })}
  ${description(context, n, form, "")}
  ${focusField(context, n, form)}
</fieldset>`;

function attachedFile(context: PageContext, n: number, view: AttachmentView, form: FormState): Html {
  const { words } = context;
  return html`<fieldset key=${n} class="file-slot">
    <legend class="visually-hidden">${words.files.file(n)}</legend>
    ${hidden(ACT.fields.fileUrl(n), view.url)}
    ${attachedMedium(context, view)}
    ${description(context, n, form, view.name)}
    ${view.kind === "image" && focusField(context, n, form, view.focus)}
    ${tick({ name: ACT.fields.fileRemove(n), label: words.files.remove, form, isTicked: false })}
  </fieldset>`;
}

function attachedMedium({ language }: PageContext, view: AttachmentView): Html {
  const { kind, url, posterUrl, sizeBytes } = view;
  const still = kind === "image" ? (posterUrl ?? url) : kind === "video" ? posterUrl : undefined;
  if (still !== undefined)
    return html`<img class="file-preview" src=${still} alt="" width="96" height="96" loading="lazy" />`;
  if (kind === "video")
    return html`<video class="file-preview" src=${url} width="96" height="96" preload="metadata" muted aria-hidden="true"></video>`;
  if (kind === "audio") return html`<audio class="gallery-sound" src=${url} controls preload="none"></audio>`;
  return html`<p class="small">
    <bdi>${fileName(url)}</bdi>${sizeBytes && html` <span class="quiet">${sizeInWords(language, sizeBytes)}</span>`}
  </p>`;
}

/** Seldom needed, and so out of the way; where an app has said it more exactly, that can stay. */
function focusField(
  { words }: PageContext,
  n: number,
  form: FormState,
  focus?: AttachmentView["focus"],
): Html {
  const said = words.files.focus;
  const now = focus === undefined ? FOCUS_CHOICES.middle : focus.join(",");
  const places = Object.entries(FOCUS_CHOICES).map(([place, value]) => ({
    value,
    label: said.places[place as keyof typeof FOCUS_CHOICES],
  }));
  const isKnown = places.some(({ value }) => value === now);
  return html`<details class="more file-focus">
    <summary>${icon("image")}${said.label}</summary>
    ${select({
      name: ACT.fields.fileFocus(n),
      label: said.label,
      value: form.values[ACT.fields.fileFocus(n)] ?? now,
      options: isKnown ? places : [{ value: now, label: said.asItIs }, ...places],
    })}
    <p class="field-help">${said.help}</p>
  </details>`;
}

const description = ({ words }: PageContext, n: number, form: FormState, value: string): Html =>
  field({
    name: ACT.fields.fileText(n),
    label: words.files.description,
    form,
    value,
    help: words.files.descriptionHelp,
    maxLength: MAX_DESCRIPTION_CHARACTERS,
  });
