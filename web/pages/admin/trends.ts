/** What many here talk about these days, and what of it is not shown. */
import type { Trend, TrendKind } from "../../../server/queries/trends.ts";
import { table } from "../../components/table.ts";
import { ADMIN_TRENDS } from "../../forms-site.ts";
import { type Html, html } from "../../html.ts";
import type { PageContext, PageView } from "../../page.ts";
import { adminButton, adminView } from "./frame.ts";

export interface TrendLine {
  readonly trend: Trend;
  /** What it is called, and where it is to be seen. */
  readonly label: string;
  readonly href: string;
  readonly isHidden: boolean;
}

export type AdminTrendsProps = Readonly<Record<TrendKind, readonly TrendLine[]>>;

const { path, fields, actions } = ADMIN_TRENDS;
const KINDS = ["tag", "link", "post"] as const satisfies readonly TrendKind[];

export function adminTrendsPage(context: PageContext, props: AdminTrendsProps): PageView {
  const { trends: said } = context.words;
  return adminView(context, {
    title: said.title,
    text: said.text,
    content: html`${KINDS.map(
      (kind) => html`<section key=${kind} class="section">
        <h2>${said[kind]}</h2>
        <div class="sheet">
          ${props[kind].length === 0 ? html`<p class="line quiet">${said.empty}</p>` : trendTable(context, kind, props[kind])}
        </div>
      </section>`,
    )}`,
  });
}

function trendTable(context: PageContext, kind: TrendKind, lines: readonly TrendLine[]): Html {
  const { trends: said } = context.words;
  return table<TrendLine>({
    caption: said[kind],
    rows: lines,
    keyOf: ({ trend }) => trend.name,
    columns: [
      {
        label: said.name,
        as: "name",
        cell: ({ label, href, isHidden }) =>
          html`<div><a href=${href}><bdi>${label}</bdi></a>${isHidden && html` <span class="badge badge-warn">${said.hidden}</span>`}</div>`,
      },
      {
        label: said.people,
        cell: ({ trend }) => html`<span>${trend.days[0] ? said.today(trend.days[0].people) : "–"}</span>`,
      },
      {
        label: said.actions,
        as: "actions",
        cell: ({ trend, isHidden }) =>
          adminButton(context, {
            path,
            fields: {
              [fields.action]: isHidden ? actions.show : actions.hide,
              [fields.kind]: kind,
              [fields.name]: trend.name,
            },
            label: isHidden ? said.show : said.hide,
          }),
      },
    ],
  });
}
