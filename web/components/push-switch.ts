/** Whether this device is told of notices while no page is open; only browsers that can do it show it. */
import { PUSH, PUSH_WORKER_PATH } from "../forms-live.ts";
import { type Html, html } from "../html.ts";
import type { PageContext } from "../page.ts";
import { csrfField } from "./act-form.ts";

/** `serverKey` is what push services know this server by. */
export function pushSwitch(context: PageContext, serverKey: string): Html {
  const { live: said } = context.words;
  return html`<section class="section" data-island="push" data-worker=${PUSH_WORKER_PATH} data-key=${serverKey}
    data-on=${said.pushOn} data-off=${said.pushOff} data-denied=${said.pushDenied} hidden>
    <h2>${said.pushTitle}</h2>
    <p class="quiet">${said.pushText}</p>
    <form method="post" action=${PUSH.path}>
      ${csrfField(context)}
      <button class="button button-quiet">${said.pushOn}</button>
    </form>
    <p role="status"></p>
  </section>`;
}
