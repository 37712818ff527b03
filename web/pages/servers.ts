/** What holds for other servers now, for everybody to read: with whom this one exchanges things, and why not. */
import type { FederationMode } from "../../server/moderation/rules.ts";
import { pageHead } from "../components/page-head.ts";
import { pager } from "../components/pager.ts";
import { table } from "../components/table.ts";
import { time } from "../components/time.ts";
import { PUBLIC_RECORD } from "../forms-federation.ts";
import { html } from "../html.ts";
import type { PageContext, PageView } from "../page.ts";
import { type RuleRow, ruleInWords } from "./admin/federation.ts";

type PublicRule = Pick<RuleRow, "domain" | "level" | "noMedia" | "noReports" | "publicComment" | "changedMs">;

export interface ServersProps {
  readonly mode: FederationMode;
  readonly rules: readonly PublicRule[];
  readonly olderHref: string | null;
}

export function serversPage(context: PageContext, props: ServersProps): PageView {
  const { federation, record, servers: said } = context.words;
  return {
    title: said.title,
    width: "wide",
    main: html`
      ${pageHead({ title: said.title, text: said.text })}
      <p class="sheet sheet-body">${said[props.mode]}</p>
      <div class="sheet">${
        props.rules.length === 0
          ? html`<p class="line quiet">${said.empty}</p>`
          : html`${table<PublicRule>({
              caption: federation.rules,
              rows: props.rules,
              keyOf: ({ domain }) => domain,
              columns: [
                { label: federation.domain, as: "name", cell: ({ domain }) => html`<bdi>${domain}</bdi>` },
                { label: federation.rule, cell: (rule) => ruleInWords(context, rule) },
                {
                  label: federation.why,
                  cell: ({ publicComment }) => html`<span dir="auto">${publicComment || "–"}</span>`,
                },
                { label: federation.since, cell: ({ changedMs }) => time(context, changedMs) },
              ],
            })}${props.olderHref && pager(context, { olderHref: props.olderHref })}`
      }</div>
      <p><a href=${PUBLIC_RECORD}>${record.publicTitle}</a></p>`,
  };
}
