/** Pictures of other servers: how much room they take, how much they may take, and dropping them all. */
import { csrfField, hidden } from "../../components/act-form.ts";
import { choices } from "../../components/choices.ts";
import { field, formProblem } from "../../components/field.ts";
import { icon } from "../../components/icon.ts";
import { table } from "../../components/table.ts";
import { EMPTY_FORM, type FormState } from "../../forms.ts";
import { ADMIN_MEDIA } from "../../forms-quotes.ts";
import { type Html, html } from "../../html.ts";
import type { PageContext, PageView } from "../../page.ts";
import { sizeInWords, whole } from "../../words/number.ts";
import { adminButton, adminView } from "./frame.ts";

export interface MediaFigures {
  readonly usedBytes: number;
  readonly quotaBytes: number;
  readonly files: number;
  /** Since the start of this process. */
  readonly droppedFiles: number;
  readonly droppedBytes: number;
  /** Null where the system does not tell. */
  readonly freeDiskBytes: number | null;
  /** The most first. */
  readonly hosts: readonly { readonly host: string; readonly files: number; readonly bytes: number }[];
}

export interface AdminMediaProps {
  readonly figures: MediaFigures;
  readonly isShown: boolean;
  readonly megabytes: number;
  readonly form?: FormState;
}

/** From here on the oldest go before long. */
const NEARLY_FULL = 0.9;
/** What the disk needs for everything else: the next big upload, the next migration's copy. */
const SPARE_DISK_BYTES = 1_000_000_000;

/** Those that take the most; the rest take little. */
const HOSTS_SHOWN = 50;

/** Whether the disk is too small for what the quota still allows. */
export const isDiskTooSmall = ({ freeDiskBytes, usedBytes, quotaBytes }: MediaFigures): boolean =>
  freeDiskBytes !== null && freeDiskBytes < Math.max(0, quotaBytes - usedBytes) + SPARE_DISK_BYTES;

export function adminMediaPage(context: PageContext, props: AdminMediaProps): PageView {
  const { words, language } = context;
  const { adminMedia: said } = words;
  const { figures, form = EMPTY_FORM } = props;
  const size = (bytes: number) => sizeInWords(language, bytes);
  const isFull = figures.quotaBytes > 0 && figures.usedBytes >= figures.quotaBytes * NEARLY_FULL;
  return adminView(context, {
    title: said.title,
    text: said.text,
    content: html`
      <section class="sheet">
        ${isDiskTooSmall(figures) && html`<p class="state-line state-bad">${icon("circle-alert")}${said.diskTooSmall}</p>`}
        ${isFull && html`<p class="state-line state-warn">${icon("info")}${said.nearlyFull}</p>`}
        <dl class="figures">
          ${figure(said.used, size(figures.usedBytes))}
          ${figure(said.quota, size(figures.quotaBytes))}
          ${figure(said.files, whole(language, figures.files))}
          ${figures.freeDiskBytes !== null && figure(said.freeDisk, size(figures.freeDiskBytes))}
          ${figure(said.dropped, said.droppedText(figures.droppedFiles), size(figures.droppedBytes))}
        </dl>
        <p class="state-note">${said.dropsText}</p>
      </section>
      <form class="form sheet sheet-body readable" method="post" action=${ADMIN_MEDIA.path}>
        ${csrfField(context)}${hidden(ADMIN_MEDIA.fields.action, ADMIN_MEDIA.actions.save)}
        ${formProblem(form, words.form.somethingWrong)}
        ${choices({
          name: ADMIN_MEDIA.fields.remoteMedia,
          label: said.show,
          form,
          value: props.isShown ? "shown" : "linked",
          options: [
            { value: "shown", label: said.shown },
            { value: "linked", label: said.linked },
          ],
        })}
        ${field({
          name: ADMIN_MEDIA.fields.remoteMediaMegabytes,
          type: "number",
          label: said.megabytes,
          help: said.megabytesHelp,
          form,
          value: String(props.megabytes),
          min: 0,
          isRequired: true,
        })}
        <div><button class="button">${said.submit}</button></div>
      </form>
      ${
        figures.files > 0 &&
        html`<section class="section">
          <h2>${said.hostsTitle}</h2>
          ${table<MediaFigures["hosts"][number]>({
            caption: said.hostsTitle,
            rows: figures.hosts.slice(0, HOSTS_SHOWN),
            keyOf: ({ host }) => host,
            columns: [
              { label: said.host, as: "name", cell: ({ host }) => host },
              { label: said.files, as: "number", cell: ({ files }) => whole(language, files) },
              { label: said.hostBytes, as: "number", cell: ({ bytes }) => size(bytes) },
            ],
          })}
          <p>${said.clearText}</p>
          ${adminButton(context, {
            path: ADMIN_MEDIA.path,
            fields: { [ADMIN_MEDIA.fields.action]: ADMIN_MEDIA.actions.clear },
            label: said.clear,
          })}
        </section>`
      }`,
  });
}

const figure = (label: string, value: Html, note: Html = null): Html =>
  html`<div class="figure"><dt>${label}</dt><dd>${value}${note && html`<small>${note}</small>`}</dd></div>`;
