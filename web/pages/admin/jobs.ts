/** The queue of work in the background, and what was given up. */
import { emptyState } from "../../components/empty-state.ts";
import { table } from "../../components/table.ts";
import { time } from "../../components/time.ts";
import { ADMIN_JOBS } from "../../forms.ts";
import { html } from "../../html.ts";
import type { PageContext, PageView } from "../../page.ts";
import { adminButton, adminView } from "./frame.ts";

export interface JobKindRow {
  readonly kind: string;
  readonly waiting: number;
  readonly running: number;
  readonly failed: number;
  readonly oldestMs: number | null;
}

export interface FailedJobRow {
  readonly id: string;
  readonly kind: string;
  /** What it was about: a host, an address. */
  readonly subject: string;
  readonly error: string;
  readonly tries: number;
  readonly timeMs: number;
}

export interface AdminJobsProps {
  readonly kinds: readonly JobKindRow[];
  readonly failed: readonly FailedJobRow[];
}

export function adminJobsPage(context: PageContext, { kinds, failed }: AdminJobsProps): PageView {
  const { adminJobs: said } = context.words;
  const { fields, path, actions } = ADMIN_JOBS;
  const act = (job: string, action: string, label: string) =>
    adminButton(context, { path, fields: { [fields.action]: action, [fields.job]: job }, label });
  return adminView(context, {
    title: said.title,
    text: said.text,
    content: html`
      <div class="sheet">
        ${
          kinds.length === 0
            ? emptyState({ icon: "circle-check", title: said.emptyTitle, text: said.emptyText })
            : table<JobKindRow>({
                caption: said.title,
                rows: kinds,
                keyOf: ({ kind }) => kind,
                columns: [
                  { label: said.kind, as: "name", cell: ({ kind }) => kind },
                  { label: said.waiting, as: "number", cell: ({ waiting }) => waiting },
                  { label: said.running, as: "number", cell: ({ running }) => running },
                  { label: said.failed, as: "number", cell: (row) => row.failed },
                  {
                    label: said.oldest,
                    cell: ({ oldestMs }) => (oldestMs === null ? "–" : time(context, oldestMs)),
                  },
                ],
              })
        }
      </div>
      ${
        failed.length > 0 &&
        html`<section class="section">
          <h2>${said.failedTitle}</h2>
          <p class="quiet">${said.failedText}</p>
          <div class="sheet">${table<FailedJobRow>({
            caption: said.failedTitle,
            rows: failed,
            keyOf: ({ id }) => id,
            columns: [
              {
                label: said.kind,
                as: "name",
                cell: ({ kind, subject }) => html`<div>${kind}<small>${subject}</small></div>`,
              },
              { label: said.error, cell: ({ error }) => html`<span class="error-text">${error}</span>` },
              { label: said.tries, as: "number", cell: ({ tries }) => tries },
              { label: said.when, cell: ({ timeMs }) => time(context, timeMs) },
              {
                label: said.actions,
                as: "actions",
                cell: ({ id }) => html`<div class="button-row">
                  ${act(id, actions.retry, said.retry)}${act(id, actions.discard, said.discard)}
                </div>`,
              },
            ],
          })}</div>
        </section>`
      }`,
  });
}
