/** The place for files in the composer: those that the post has, and room for more, each with words for it. */
import type { AttachmentView } from "../../server/queries/view.ts";
import {
  ACT,
  ATTACHMENT_NUMBERS,
  type FormState,
  MAX_ATTACHMENTS,
  MAX_DESCRIPTION_CHARACTERS,
} from "../forms.ts";
import { type Html, html } from "../html.ts";
import type { PageContext } from "../page.ts";
import { sizeInWords } from "../words/number.ts";
import { hidden } from "./act-form.ts";
import { tick } from "./choices.ts";
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
</fieldset>`;

function attachedFile(context: PageContext, n: number, view: AttachmentView, form: FormState): Html {
  const { words } = context;
  return html`<fieldset key=${n} class="file-slot">
    <legend class="visually-hidden">${words.files.file(n)}</legend>
    ${hidden(ACT.fields.fileUrl(n), view.url)}
    ${
      view.kind === "image"
        ? html`<img class="file-preview" src=${view.url} alt="" width="96" height="96" loading="lazy" />`
        : html`<p class="small"><bdi>${view.url.split("/").at(-1)}</bdi></p>`
    }
    ${description(context, n, form, view.name)}
    ${tick({ name: ACT.fields.fileRemove(n), label: words.files.remove, form, isTicked: false })}
  </fieldset>`;
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
