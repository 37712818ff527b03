/** The last warnings and errors. */
import { emptyState } from "../../components/empty-state.ts";
import { time } from "../../components/time.ts";
import { html } from "../../html.ts";
import type { PageContext, PageView } from "../../page.ts";
import { adminView } from "./frame.ts";

export interface LogLine {
  readonly level: "warn" | "error";
  readonly timeMs: number;
  readonly message: string;
  /** Everything else on the line, as `name=value`. */
  readonly detail: string;
}

export function adminLogPage(context: PageContext, props: { readonly lines: readonly LogLine[] }): PageView {
  const { adminLog: said } = context.words;
  return adminView(context, {
    title: said.title,
    text: said.text,
    content: html`<div class="sheet">
      ${
        props.lines.length === 0
          ? emptyState({ icon: "circle-check", title: said.emptyTitle, text: said.emptyText })
          : html`<ol class="log">
              ${props.lines.map(
                (line, index) => html`<li key=${index}>
                  <p class="log-head">
                    <span class=${`badge ${line.level === "error" ? "badge-bad" : "badge-warn"}`}>${said[line.level]}</span>
                    <span class="quiet">${time(context, line.timeMs)}</span>
                  </p>
                  <p>${line.message}</p>
                  ${line.detail && html`<p class="quiet">${line.detail}</p>`}
                </li>`,
              )}
            </ol>`
      }
    </div>`,
  });
}
