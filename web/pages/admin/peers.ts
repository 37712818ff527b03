/** Other servers, and how deliveries to them go. */
import { emptyState } from "../../components/empty-state.ts";
import { pager } from "../../components/pager.ts";
import { table } from "../../components/table.ts";
import { time } from "../../components/time.ts";
import { ADMIN_PEERS } from "../../forms.ts";
import { DOMAIN_RULE } from "../../forms-federation.ts";
import { type Html, html } from "../../html.ts";
import type { PageContext, PageView } from "../../page.ts";
import { adminButton, adminView } from "./frame.ts";

export interface PeerRow {
  readonly host: string;
  /** `Mastodon 4.5`, where known. */
  readonly software: string | null;
  readonly state: "fine" | "slow" | "dead";
  readonly waiting: number;
  readonly lastArrivedMs: number | null;
  readonly nextTryMs: number | null;
  readonly lastError: string | null;
}

export interface AdminPeersProps {
  readonly rows: readonly PeerRow[];
  readonly olderHref: string | null;
}

const LOOKS = { fine: "badge-good", slow: "badge-warn", dead: "badge-bad" } as const;

export function adminPeersPage(context: PageContext, props: AdminPeersProps): PageView {
  const { adminPeers: said } = context.words;
  return adminView(context, {
    title: said.title,
    text: said.text,
    content: html`<div class="sheet">
      ${
        props.rows.length === 0
          ? emptyState({ icon: "server", title: said.emptyTitle, text: said.emptyText })
          : html`${peerTable(context, props.rows)}${props.olderHref && pager(context, { olderHref: props.olderHref })}`
      }
    </div>`,
  });
}

const ruleHref = (host: string): string =>
  `${DOMAIN_RULE.path}?${DOMAIN_RULE.fields.domain}=${encodeURIComponent(host)}`;

function peerTable(context: PageContext, rows: readonly PeerRow[]): Html {
  const { adminPeers: said, federation } = context.words;
  const { fields, path, actions } = ADMIN_PEERS;
  return table<PeerRow>({
    caption: said.title,
    rows,
    keyOf: ({ host }) => host,
    columns: [
      {
        label: said.host,
        as: "name",
        cell: ({ host, lastError }) =>
          html`<div><bdi>${host}</bdi>${lastError && html`<small>${lastError}</small>`}
            <small><a href=${ruleHref(host)} aria-label=${federation.ruleOf(host)}>${federation.rule}</a></small></div>`,
      },
      { label: said.software, cell: ({ software }) => software ?? "–" },
      {
        label: said.state,
        cell: ({ state }) => html`<span class=${`badge ${LOOKS[state]}`}>${said[state]}</span>`,
      },
      { label: said.waiting, as: "number", cell: ({ waiting }) => waiting },
      {
        label: said.lastArrived,
        cell: ({ lastArrivedMs, nextTryMs }) => html`<span>
          ${lastArrivedMs === null ? "–" : time(context, lastArrivedMs)}
          ${nextTryMs !== null && html`<small>${said.nextTry} ${time(context, nextTryMs)}</small>`}
        </span>`,
      },
      {
        label: said.actions,
        as: "actions",
        cell: ({ host, state }) =>
          state !== "fine" &&
          adminButton(context, {
            path,
            fields: { [fields.action]: actions.retry, [fields.host]: host },
            label: said.retry,
          }),
      },
    ],
  });
}
