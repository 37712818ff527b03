/** Where a post has arrived: for its author, one line for each other server, and what can be done about it. */
import type { ArrivalView } from "../../server/queries/view.ts";
import type { IconName } from "../assets/icon-names.ts";
import { DELIVERIES } from "../forms.ts";
import { type Html, html } from "../html.ts";
import type { PageContext } from "../page.ts";
import { csrfField, hidden } from "./act-form.ts";
import { icon } from "./icon.ts";
import { time } from "./time.ts";

const LOOKS: Readonly<Record<ArrivalView["state"], { icon: IconName; class: string }>> = {
  arrived: { icon: "circle-check", class: "arrival-arrived" },
  waiting: { icon: "clock", class: "arrival-waiting" },
  "given-up": { icon: "circle-alert", class: "arrival-given-up" },
};

export interface ArrivalsShown {
  /** Those in trouble first; where there are many, not all that are counted. */
  readonly list: readonly ArrivalView[];
  readonly all: number;
  readonly arrived: number;
}

/** `object` is the key of the post. */
export function arrivals(
  context: PageContext,
  { object, list, all, arrived }: ArrivalsShown & { readonly object: number },
): Html {
  const { post } = context.words;
  return html`<details class="arrivals sheet" id="arrivals">
    <summary class="arrivals-summary">
      ${icon("chevron-right")}
      <h2>${post.arrivals}</h2>
      <span class="quiet">${list.length === 0 ? post.arrivalsNone : post.arrivalsSome(arrived, all)}</span>
    </summary>
    ${list.length > 0 && html`<ul class="arrivals-list">${list.map((one) => line(context, object, one))}</ul>`}
    ${all > list.length && html`<p class="sheet-body quiet">${post.arrivalsMore(all - list.length)}</p>`}
  </details>`;
}

function line(context: PageContext, object: number, arrival: ArrivalView): Html {
  const { post } = context.words;
  const look = LOOKS[arrival.state];
  const says = { arrived: post.arrived, waiting: post.waiting, "given-up": post.givenUp }[arrival.state];
  return html`<li key=${arrival.host} class=${`arrival ${look.class}`}>
    ${icon(look.icon)}
    <span class="arrival-host"><bdi>${arrival.host}</bdi></span>
    <span class="quiet">${says} · ${time(context, arrival.timeMs)}</span>
    ${
      arrival.state !== "arrived" &&
      html`<span class="arrival-why">${post.tries(arrival.tries)}${arrival.lastError && `: ${context.words.problem.said(arrival.lastError)}`}</span>
        ${buttons(context, object, arrival)}`
    }
  </li>`;
}

/** A first try that is under way needs no help. */
function buttons(context: PageContext, object: number, { host, state, tries }: ArrivalView): Html {
  const { delivery: said } = context.words;
  const { path, fields, actions } = DELIVERIES;
  if (state === "waiting" && tries === 0) return null;
  return html`<form class="arrival-act" method="post" action=${path}>
    ${csrfField(context)}${hidden(fields.object, String(object))}${hidden(fields.host, host)}
    ${hidden(fields.return, context.path)}
    <button class="button button-quiet" name=${fields.action} value=${actions.retry} aria-label=${said.retryOf(host)}>${said.retry}</button>
    ${
      state === "waiting" &&
      html`<button class="button button-plain" name=${fields.action} value=${actions.giveUp} aria-label=${said.giveUpOf(host)}>${said.giveUp}</button>`
    }
  </form>`;
}
