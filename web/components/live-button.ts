/** A button that appears when others have added to the page, and what a screen reader hears of it, once. */
import { type Html, html } from "../html.ts";
import { type LivePlace, liveAddress } from "../live-place.ts";
import type { PageContext } from "../page.ts";

/** Which part of the page is put in anew; lists of cards get theirs at the top instead. */
const WHOLE: Readonly<Partial<Record<LivePlace["on"], string>>> = { thread: ".thread", notices: "main" };

/** For those who are signed in; without scripts it stays hidden. */
export function liveButton({ words: { live: said } }: PageContext, place: LivePlace | null): Html {
  const on = place?.on;
  const [one, many] =
    on === "thread"
      ? [said.reply, said.replies]
      : on === "notices"
        ? [said.notice, said.notices]
        : [said.post, said.posts];
  return html`<div class="live" data-island="live" data-address=${liveAddress(place)} data-on=${on}
    data-whole=${on && WHOLE[on]} data-one=${one} data-many=${many}>
    <button type="button" class="button" hidden></button>
    <span class="visually-hidden" role="status"></span>
  </div>`;
}
