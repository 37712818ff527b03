/** When and where something takes place: a leaf of a calendar, the time on the clock of the place, and the place. */
import { toIso } from "../../server/lib/clock.ts";
import type { EventView } from "../../server/queries/view.ts";
import { type Html, html } from "../html.ts";
import type { PageContext } from "../page.ts";
import { icon } from "./icon.ts";

export function eventWhen(context: PageContext, event: EventView): Html {
  const { words } = context;
  return html`<div class="event">
    ${leaf(context, event)}
    <div class="event-lines">
      ${event.isCancelled && html`<p><span class="badge badge-bad">${words.post.cancelled}</span></p>`}
      <p class="event-line">${icon("clock")}<time datetime=${toIso(event.startsMs)}>${whenIn(context, event)}</time></p>
      ${placeLine(context, event)}
    </div>
  </div>`;
}

/** Decoration: the line beside it says the day in words. */
function leaf({ language }: PageContext, { startsMs, timeZone }: EventView): Html {
  const part = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(language, { ...options, timeZone }).format(startsMs);
  return html`<p class="event-leaf" aria-hidden="true">
    <span>${part({ month: "short" })}</span><strong>${part({ day: "numeric" })}</strong>
  </p>`;
}

/** `Sunday, December 11, 2022, 7:00 – 9:00 PM GMT`. */
function whenIn({ language }: PageContext, event: EventView): string {
  const format = new Intl.DateTimeFormat(language, {
    weekday: "long",
    year: "numeric",
    month: "long",
    day: "numeric",
    ...(event.isAllDay ? {} : { hour: "numeric", minute: "2-digit", timeZoneName: "short" }),
    timeZone: event.timeZone,
  });
  return event.endsMs === null
    ? format.format(event.startsMs)
    : format.formatRange(event.startsMs, event.endsMs);
}

function placeLine({ words }: PageContext, { place, placeUrl }: EventView): Html {
  if (place === null && placeUrl === null) return null;
  const said = place ?? words.post.online;
  return html`<p class="event-line" dir="auto">
    ${icon("map-pin")}
    ${placeUrl === null ? html`<span>${said}</span>` : html`<a href=${placeUrl} rel="noopener nofollow ugc">${said}</a>`}
  </p>`;
}
