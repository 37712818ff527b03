/** One other server: how deliveries to it go, and what can be done. */
import { csrfField, hidden } from "../../components/act-form.ts";
import { icon } from "../../components/icon.ts";
import { time } from "../../components/time.ts";
import { ADMIN_PEERS } from "../../forms.ts";
import { DOMAIN_RULE } from "../../forms-federation.ts";
import { type Html, html } from "../../html.ts";
import type { PageContext, PageView } from "../../page.ts";
import { adminButton, adminView } from "./frame.ts";
import type { PeerRow } from "./peers.ts";

/** Letters are counted up to this. */
const COUNTED = 1000;

const LOOKS = {
  fine: { look: "state-good", icon: "circle-check" },
  slow: { look: "state-warn", icon: "clock" },
  dead: { look: "state-bad", icon: "circle-alert" },
  gone: { look: "state-bad", icon: "circle-alert" },
  held: { look: "state-warn", icon: "triangle-alert" },
} as const;

export function adminPeerPage(context: PageContext, { peer }: { readonly peer: PeerRow }): PageView {
  const { peer: said, federation } = context.words;
  const look = LOOKS[peer.state];
  const sentence = said[`${peer.state}Text`];
  const rule = `${DOMAIN_RULE.path}?${DOMAIN_RULE.fields.domain}=${encodeURIComponent(peer.host)}`;
  return adminView(context, {
    title: peer.host,
    content: html`
      <p><a href=${ADMIN_PEERS.path}>${said.back}</a></p>
      <section class="sheet">
        <h2 class="sheet-body"><bdi>${peer.host}</bdi></h2>
        <p class=${`state-line ${look.look}`}>${icon(look.icon)}${sentence}</p>
        ${peer.lastError && html`<p class="state-note">${said.lastError}: ${context.words.problem.said(peer.lastError)}</p>`}
        ${figuresOf(context, peer)}
      </section>
      <div class="button-row">${buttons(context, peer)}</div>
      ${peer.waiting > 0 && letGo(context, peer)}
      <p><a href=${rule} aria-label=${federation.ruleOf(peer.host)}>${federation.rule}</a></p>`,
  });
}

function figuresOf(context: PageContext, peer: PeerRow): Html {
  const { peer: said, adminPeers } = context.words;
  const when = (ms: number | null): Html => (ms === null ? "–" : time(context, ms));
  return html`<dl class="figures">
    ${figure(adminPeers.waiting, said.waiting(peer.waiting, COUNTED))}
    ${peer.heldMs !== null && figure(said.heldSince, when(peer.heldMs))}
    ${peer.failingSinceMs !== null && figure(said.since, when(peer.failingSinceMs))}
    ${peer.failures > 0 && figure(said.failures, String(peer.failures))}
    ${peer.nextTryMs !== null && figure(said.nextTry, when(peer.nextTryMs))}
    ${figure(said.lastArrived, when(peer.lastArrivedMs))}
    ${figure(said.lastReceived, when(peer.receivedMs))}
    ${figure(said.signature, said[signatureOf(peer)])}
  </dl>`;
}

/** Letters are signed by draft 12 at first, and nothing is written down where that was right. */
function signatureOf({ scheme, lastArrivedMs }: PeerRow): "cavage" | "rfc9421" | "unknown" {
  if (scheme === "cavage" || scheme === "rfc9421") return scheme;
  return lastArrivedMs === null ? "unknown" : "cavage";
}

const figure = (label: string, value: Html): Html =>
  html`<div class="figure"><dt>${label}</dt><dd>${value}</dd></div>`;

function buttons(context: PageContext, { host, state, waiting }: PeerRow): Html {
  const { peer: said } = context.words;
  const { path, fields, actions } = ADMIN_PEERS;
  const button = (action: string, label: string, look: string) =>
    adminButton(context, {
      path,
      fields: { [fields.action]: action, [fields.host]: host },
      label,
      class: look,
    });
  if (state === "held") return button(actions.resume, said.resume, "button");
  return html`
    ${(state !== "fine" || waiting > 0) && button(actions.retry, said.retry, "button")}
    ${button(actions.hold, said.hold, "button button-quiet")}`;
}

/** It cannot be undone, so it is asked where it is chosen. */
function letGo(context: PageContext, { host }: PeerRow): Html {
  const { peer: said } = context.words;
  const { path, fields, actions } = ADMIN_PEERS;
  return html`<details class="sheet sheet-body">
    <summary>${said.giveUpMenu}</summary>
    <form method="post" action=${path}>
      ${csrfField(context)}${hidden(fields.action, actions.giveUp)}${hidden(fields.host, host)}
      <p>${said.giveUpText(host)}</p>
      <button class="button button-quiet">${said.giveUp}</button>
    </form>
  </details>`;
}
