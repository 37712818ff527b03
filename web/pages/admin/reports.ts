/** What people say is wrong: open first, and the answers to decisions that wait. */
import type { ReportLine } from "../../../server/moderation/report.ts";
import type { ActorView } from "../../../server/queries/view.ts";
import { emptyState } from "../../components/empty-state.ts";
import { pager } from "../../components/pager.ts";
import { nameOf } from "../../components/person-chip.ts";
import { type SanctionLine, sanctionItem } from "../../components/sanctions.ts";
import { type Column, table } from "../../components/table.ts";
import { tabs } from "../../components/tabs.ts";
import { time } from "../../components/time.ts";
import { ADMIN_PEOPLE } from "../../forms.ts";
import { ADMIN_REPORTS } from "../../forms-peace.ts";
import { html } from "../../html.ts";
import type { PageContext, PageView } from "../../page.ts";
import type { Words } from "../../words/en.ts";
import { adminView } from "./frame.ts";

export interface ReportRow extends ReportLine {
  readonly actor: ActorView | null;
  readonly timeMs: number;
}

export interface ReportsProps {
  readonly rows: readonly ReportRow[];
  readonly isClosed: boolean;
  readonly olderHref: string | null;
  readonly appeals: readonly (SanctionLine & { readonly actorView: ActorView | null })[];
}

export function reportsPage(context: PageContext, props: ReportsProps): PageView {
  const { reports: said, sanctions } = context.words;
  const href = (state: string) => `${ADMIN_REPORTS.path}?${ADMIN_REPORTS.fields.state}=${state}`;
  return adminView(context, {
    title: said.title,
    text: said.text,
    content: html`
      ${
        props.appeals.length > 0 &&
        html`<section class="section">
          <h2>${sanctions.appeals}</h2>
          ${props.appeals.map(
            (line) => html`<div key=${line.key} class="sheet">
              <p class="sheet-body"><a href=${`${ADMIN_PEOPLE.path}/${line.actor}`}>
                <bdi>${line.actorView ? nameOf(line.actorView) : said.nobody}</bdi></a></p>
              ${sanctionItem(context, line)}
            </div>`,
          )}
        </section>`
      }
      ${tabs(said.title, [
        { href: href("open"), label: said.open, isHere: !props.isClosed },
        { href: href("closed"), label: said.closed, isHere: props.isClosed },
      ])}
      <div class="sheet">
        ${
          props.rows.length === 0
            ? emptyState({ icon: "circle-check", title: said.emptyTitle, text: said.emptyText })
            : html`${table({
                caption: said.title,
                columns: columnsFor(context),
                rows: props.rows,
                keyOf: ({ key }) => key,
              })}${props.olderHref && pager(context, { olderHref: props.olderHref })}`
        }
      </div>`,
  });
}

function columnsFor(context: PageContext): readonly Column<ReportRow>[] {
  const { reports: said } = context.words;
  return [
    {
      label: said.about,
      as: "name",
      cell: ({ key, actor }) => html`<div>
        <a href=${`${ADMIN_REPORTS.path}/${key}`}><bdi>${actor ? nameOf(actor) : said.nobody}</bdi></a>
        ${actor && html`<small>@${actor.handle}</small>`}
      </div>`,
    },
    {
      label: said.category,
      cell: ({ category }) =>
        category === "illegal"
          ? html`<span class="badge badge-bad">${categoryIn(context.words, category)}</span>`
          : categoryIn(context.words, category),
    },
    { label: said.voices, as: "number", cell: ({ complaints }) => complaints },
    { label: said.state, cell: (row) => stateBadge(context, row) },
    { label: said.since, cell: ({ timeMs }) => time(context, timeMs) },
  ];
}

export const categoryIn = ({ reports: said }: Words, category: ReportLine["category"]): string =>
  ({
    spam: said.categorySpam,
    rule: said.categoryRule,
    illegal: said.categoryIllegal,
    other: said.categoryOther,
  })[category];

export function stateBadge({ words: { reports: said } }: PageContext, { state }: Pick<ReportLine, "state">) {
  const label = {
    open: said.stateOpen,
    assigned: said.stateAssigned,
    resolved: said.stateResolved,
    dismissed: said.stateDismissed,
  }[state];
  const look = { open: "badge-bad", assigned: "badge-warn", resolved: "badge-good", dismissed: "" }[state];
  return html`<span class=${`badge ${look}`}>${label}</span>`;
}
