/** Whether what people write here is safe, and how to get it back. */
import { icon } from "../../components/icon.ts";
import { time } from "../../components/time.ts";
import { type Html, html } from "../../html.ts";
import type { PageContext, PageView } from "../../page.ts";
import { adminView } from "./frame.ts";

export interface AdminBackupProps {
  /** `outside`: the database is PostgreSQL and is backed up with its own tools. */
  readonly state: "fine" | "failing" | "off" | "outside";
  /** Where copies go, without secrets. */
  readonly target: string | null;
  readonly lastError: string | null;
  readonly lastCopyMs: number | null;
  readonly lastFullMs: number | null;
  readonly lastDrillMs: number | null;
  readonly lastCheckMs: number | null;
  readonly restoreCommand: string;
}

const LOOKS = {
  fine: { look: "state-good", icon: "circle-check" },
  failing: { look: "state-bad", icon: "circle-alert" },
  off: { look: "state-warn", icon: "triangle-alert" },
  outside: { look: "state-good", icon: "info" },
} as const;

export function adminBackupPage(context: PageContext, props: AdminBackupProps): PageView {
  const { adminBackup: said } = context.words;
  const look = LOOKS[props.state];
  const sentence = { fine: said.on, failing: said.failing, off: said.off, outside: said.postgres }[
    props.state
  ];
  const when = (ms: number | null) => (ms === null ? "–" : time(context, ms));
  return adminView(context, {
    title: said.title,
    content: html`
      <section class="sheet">
        <p class=${`state-line ${look.look}`}>${icon(look.icon)}${sentence}</p>
        ${props.lastError && html`<p class="state-note"><code>${props.lastError}</code></p>`}
        ${props.state === "off" && html`<p class="state-note">${said.offText}</p>`}
        ${
          (props.state === "fine" || props.state === "failing") &&
          html`<dl class="figures">
            ${figure(said.onTo, html`<code>${props.target}</code>`)}
            ${figure(said.lastCopy, when(props.lastCopyMs))}
            ${figure(said.lastFull, when(props.lastFullMs))}
            ${figure(said.lastDrill, when(props.lastDrillMs), props.lastDrillMs !== null && said.drillGood)}
            ${figure(said.check, when(props.lastCheckMs), props.lastCheckMs !== null && said.checkGood)}
          </dl>`
        }
      </section>
      ${
        props.state !== "off" &&
        props.state !== "outside" &&
        html`<section class="section">
          <h2>${said.restore}</h2>
          <p>${said.restoreText}</p>
          <pre class="command" tabindex="0"><code>${props.restoreCommand}</code></pre>
        </section>`
      }`,
  });
}

const figure = (label: string, value: Html, note: Html = null): Html =>
  html`<div class="figure"><dt>${label}</dt><dd>${value}${note && html`<small>${note}</small>`}</dd></div>`;
