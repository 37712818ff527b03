/** Other servers, and how deliveries to them go. */
import { emptyState } from "../../components/empty-state.ts";
import { pager } from "../../components/pager.ts";
import { table } from "../../components/table.ts";
import { tabs } from "../../components/tabs.ts";
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
  /** `slow` is tried again within minutes, `dead` asked once an hour, `gone` once a day; `held` is stopped by people here. */
  readonly state: "fine" | "slow" | "dead" | "gone" | "held";
  /** Counted up to a thousand. */
  readonly waiting: number;
  readonly failures: number;
  readonly failingSinceMs: number | null;
  readonly heldMs: number | null;
  readonly receivedMs: number | null;
  /** The signature that it takes, where that is known. */
  readonly scheme: string | null;
  readonly lastArrivedMs: number | null;
  readonly nextTryMs: number | null;
  readonly lastError: string | null;
}

export interface AdminPeersProps {
  readonly rows: readonly PeerRow[];
  readonly isTroubled: boolean;
  readonly olderHref: string | null;
}

/** The value of `?state=` that lists those that fail or are stopped. */
export const TROUBLE = "trouble";

const LOOKS = {
  fine: "badge-good",
  slow: "badge-warn",
  dead: "badge-bad",
  gone: "badge-bad",
  held: "badge-warn",
} as const;

export function adminPeersPage(context: PageContext, props: AdminPeersProps): PageView {
  const { adminPeers: said, peer } = context.words;
  const { path, fields } = ADMIN_PEERS;
  const empty = props.isTroubled
    ? ({ icon: "circle-check", title: peer.noTrouble, text: peer.noTroubleText } as const)
    : ({ icon: "server", title: said.emptyTitle, text: said.emptyText } as const);
  return adminView(context, {
    title: said.title,
    text: said.text,
    content: html`
      ${tabs(peer.filter, [
        { href: path, label: peer.all, isHere: !props.isTroubled },
        { href: `${path}?${fields.state}=${TROUBLE}`, label: peer.trouble, isHere: props.isTroubled },
      ])}
      <div class="sheet">
      ${
        props.rows.length === 0
          ? emptyState(empty)
          : html`${peerTable(context, props.rows)}${props.olderHref && pager(context, { olderHref: props.olderHref })}`
      }
    </div>`,
  });
}

const peerHref = (host: string): string => `${ADMIN_PEERS.path}/${encodeURIComponent(host)}`;

const ruleHref = (host: string): string =>
  `${DOMAIN_RULE.path}?${DOMAIN_RULE.fields.domain}=${encodeURIComponent(host)}`;

function peerTable(context: PageContext, rows: readonly PeerRow[]): Html {
  const { adminPeers: said, federation, peer } = context.words;
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
          html`<div><a href=${peerHref(host)}><bdi>${host}</bdi></a>${lastError && html`<small>${context.words.problem.said(lastError)}</small>`}
            <small><a href=${ruleHref(host)} aria-label=${federation.ruleOf(host)}>${federation.rule}</a></small></div>`,
      },
      { label: said.software, cell: ({ software }) => software ?? "–" },
      {
        label: said.state,
        cell: ({ state }) => html`<span class=${`badge ${LOOKS[state]}`}>
          ${state === "gone" || state === "held" ? peer[state] : said[state]}</span>`,
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
          state !== "held" &&
          adminButton(context, {
            path,
            fields: { [fields.action]: actions.retry, [fields.host]: host },
            label: said.retry,
          }),
      },
    ],
  });
}
