/** What members say is wrong in a group, for those who keep its peace; who said it is told to nobody there. */
import type { ReportLine } from "../../server/moderation/report.ts";
import type { ActorView } from "../../server/queries/view.ts";
import { csrfField, hidden } from "../components/act-form.ts";
import { emptyState } from "../components/empty-state.ts";
import { field } from "../components/field.ts";
import type { GroupHeadProps } from "../components/group-head.ts";
import { personChip } from "../components/person-chip.ts";
import { richText } from "../components/rich-text.ts";
import { time } from "../components/time.ts";
import { EMPTY_FORM } from "../forms.ts";
import { GROUP_REPORTS } from "../forms-peace.ts";
import { type Html, html } from "../html.ts";
import type { PageContext, PageView } from "../page.ts";
import type { ShownEvidence } from "./admin/report.ts";
import { categoryIn } from "./admin/reports.ts";
import { groupView } from "./group.ts";

const { fields, actions, path } = GROUP_REPORTS;

export interface GroupReport extends ReportLine {
  readonly timeMs: number;
  readonly actor: ActorView | null;
  readonly comments: readonly string[];
  readonly evidence: readonly ShownEvidence[];
}

export interface GroupReportsProps extends Omit<GroupHeadProps, "part"> {
  readonly reports: readonly GroupReport[];
}

export function groupReportsPage(context: PageContext, props: GroupReportsProps): PageView {
  const { reports: said } = context.words;
  return groupView(
    context,
    { ...props, part: "reports" },
    html`<section class="section">
      <h2>${said.title}</h2>
      <div class="sheet feed">
        ${
          props.reports.length === 0
            ? emptyState({
                icon: "circle-check",
                title: said.emptyTitle,
                text: said.emptyText,
                isQuiet: true,
              })
            : props.reports.map((report) => item(context, props, report))
        }
      </div>
    </section>`,
    said.title,
  );
}

function item(context: PageContext, { group }: GroupReportsProps, report: GroupReport): Html {
  const { reports: said } = context.words;
  return html`<article key=${report.key} class="sheet-body">
    <h3>${categoryIn(context.words, report.category)}</h3>
    <p class="small quiet">${time(context, report.timeMs)}</p>
    ${report.actor && personChip(report.actor)}
    ${report.comments.map((comment) => html`<p dir="auto"><q>${comment}</q></p>`)}
    ${report.evidence.map(
      (post) => html`<div key=${post.object} class="quoted">
        ${post.contentHtml ? richText({ cleanHtml: post.contentHtml, class: "excerpt" }) : html`<p class="quiet">${said.evidenceNoText}</p>`}
        ${post.href && html`<p><a href=${post.href}>${said.seePost}</a></p>`}
      </div>`,
    )}
    <form class="form" method="post" action=${path}>
      ${csrfField(context)}${hidden(fields.group, group.actor.iri)}${hidden(fields.report, String(report.key))}
      ${field({ name: fields.outcome(report.key), label: said.outcome, help: said.outcomeHelp, form: EMPTY_FORM, maxLength: 2000 })}
      <div class="button-row">
        <button class="button button-quiet" name=${fields.action} value=${actions.resolve}>${said.resolve}</button>
        <button class="button button-quiet" name=${fields.action} value=${actions.dismiss}>${said.dismiss}</button>
      </div>
    </form>
  </article>`;
}
