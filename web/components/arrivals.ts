/** Where a post has arrived: for its author, one line for each other server. */
import type { ArrivalView } from "../../server/queries/view.ts";
import type { IconName } from "../assets/icon-names.ts";
import { type Html, html } from "../html.ts";
import type { PageContext } from "../page.ts";
import { icon } from "./icon.ts";
import { time } from "./time.ts";

const LOOKS: Readonly<Record<ArrivalView["state"], { icon: IconName; class: string }>> = {
  arrived: { icon: "circle-check", class: "arrival-arrived" },
  waiting: { icon: "clock", class: "arrival-waiting" },
  "given-up": { icon: "circle-alert", class: "arrival-given-up" },
};

export function arrivals(context: PageContext, list: readonly ArrivalView[]): Html {
  const { post } = context.words;
  const arrived = list.filter(({ state }) => state === "arrived").length;
  return html`<details class="arrivals sheet">
    <summary class="arrivals-summary">
      ${icon("chevron-right")}
      <h2>${post.arrivals}</h2>
      <span class="quiet">${list.length === 0 ? post.arrivalsNone : post.arrivalsSome(arrived, list.length)}</span>
    </summary>
    ${list.length > 0 && html`<ul class="arrivals-list">${list.map((one) => line(context, one))}</ul>`}
  </details>`;
}

function line(context: PageContext, arrival: ArrivalView): Html {
  const { post } = context.words;
  const look = LOOKS[arrival.state];
  const says = { arrived: post.arrived, waiting: post.waiting, "given-up": post.givenUp }[arrival.state];
  return html`<li key=${arrival.host} class=${`arrival ${look.class}`}>
    ${icon(look.icon)}
    <span class="arrival-host"><bdi>${arrival.host}</bdi></span>
    <span class="quiet">${says} · ${time(context, arrival.timeMs)}</span>
    ${
      arrival.state !== "arrived" &&
      html`<span class="arrival-why">${post.tries(arrival.tries)}${arrival.lastError && `: ${arrival.lastError}`}</span>`
    }
  </li>`;
}
