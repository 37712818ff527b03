/** What was done in a group by those who look after it: for everybody, with names for those who look after it. */
import type { GroupMarks, GroupRecordLine } from "../../server/queries/view-groups.ts";
import { emptyState } from "../components/empty-state.ts";
import { groupButton, groupForm } from "../components/group-act.ts";
import { type GroupHeadProps, mayKeep } from "../components/group-head.ts";
import { pager } from "../components/pager.ts";
import { nameOf, shownName } from "../components/person-chip.ts";
import { time } from "../components/time.ts";
import { GROUP_ACT } from "../forms-groups.ts";
import { type Html, html } from "../html.ts";
import type { PageContext, PageView } from "../page.ts";
import { groupView } from "./group.ts";

export interface GroupRecordProps extends Omit<GroupHeadProps, "part"> {
  readonly lines: readonly GroupRecordLine[];
  /** Of the posts in it. */
  readonly marks: GroupMarks;
  readonly olderHref: string | null;
}

export function groupRecordPage(context: PageContext, props: GroupRecordProps): PageView {
  const { groupRecord: said } = context.words;
  const title = said.title(nameOf(props.group.actor));
  return groupView(
    context,
    { ...props, part: "record" },
    html`<section class="section">
      <h2>${title}</h2>
      <p class="small quiet">${said.text} ${!mayKeep(props.group) && said.only}</p>
      <div class="sheet">
        ${
          props.lines.length === 0 && props.olderHref === null
            ? emptyState({ icon: "scroll-text", title: said.emptyTitle, text: said.emptyText })
            : html`<ol class="group-record">${props.lines.map((line) => recordLine(context, props, line))}</ol>
              ${pager(context, { olderHref: props.olderHref })}`
        }
      </div>
    </section>`,
    title,
  );
}

function recordLine(context: PageContext, { group, marks }: GroupRecordProps, line: GroupRecordLine): Html {
  const { groupRecord: said } = context.words;
  const { by, about, object } = line;
  return html`<li key=${line.key}>
    <p>
      ${by ? html`<a href=${by.path}><bdi>${shownName(by)}</bdi></a>` : said.byGroup}
      ${" "}${said.did[line.deed] ?? said.other(line.deed)}
      ${object ? html` <a href=${object.path}>${object.name ?? said.post}</a>${about && html` ${said.by} `}` : " "}
      ${about && html`<a href=${about.path}><bdi>${shownName(about)}</bdi></a>`}
    </p>
    ${line.reason && html`<p class="quiet" dir="auto">“${line.reason}”</p>`}
    <p class="small quiet">${time(context, line.timeMs)}</p>
    ${
      object &&
      line.deed === "Delete" &&
      marks.removed.has(object.key) &&
      mayKeep(group) &&
      groupForm(context, {
        group: group.actor.iri,
        object: object.iri,
        children: groupButton({
          action: GROUP_ACT.actions.restorePost,
          label: context.words.group.restorePost,
          class: "button button-quiet",
        }),
      })
    }
  </li>`;
}
