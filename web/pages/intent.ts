/** Somebody was sent here by another site, to do one thing (FEP-3b86): nothing happens before they say so. */
import type { ActorView, ObjectView } from "../../server/queries/view.ts";
import { csrfField, hidden } from "../components/act-form.ts";
import { actorRow } from "../components/actor-card.ts";
import { pageHead } from "../components/page-head.ts";
import { quotedPost } from "../components/quote-card.ts";
import { PATHS } from "../forms.ts";
import { INTENTS } from "../forms-quotes.ts";
import { type Html, html } from "../html.ts";
import type { PageContext, PageView } from "../page.ts";

/** Addresses that the other site wants its visitor back at; shown, and followed by nobody but the visitor. */
export interface Ways {
  readonly success: string | null;
  readonly cancel: string | null;
}

export interface IntentProps {
  readonly type: "follow" | "like" | "announce";
  readonly found: { readonly actor: ActorView } | { readonly object: ObjectView };
  readonly ways: Ways;
}

export function intentPage(context: PageContext, { type, found, ways }: IntentProps): PageView {
  const { intent: said } = context.words;
  const label = { follow: said.doFollow, like: said.doLike, announce: said.doAnnounce }[type];
  const iri = "actor" in found ? found.actor.iri : found.object.iri;
  return {
    title: said[type],
    isPrivate: true,
    main: html`
      ${pageHead({ title: said[type], text: said[`${type}Text`] })}
      <div class="sheet sheet-body">
        ${"actor" in found ? actorRow(context, { actor: found.actor }) : quotedPost(context, found.object)}
        <form class="button-row" method="post" action=${`${INTENTS.path}/${type}`}>
          ${csrfField(context)}${hidden(INTENTS.fields.object, iri)}
          ${ways.success !== null && hidden(INTENTS.query.success, ways.success)}
          ${ways.cancel !== null && hidden(INTENTS.query.cancel, ways.cancel)}
          <button class="button">${label}</button>
          <a class="button button-plain" href=${donePath({ cancel: ways.cancel })}>${said.cancel}</a>
        </form>
      </div>`,
  };
}

/** The page at the end, with the address to go back to. */
export function donePath(
  way: { readonly success: string | null } | { readonly cancel: string | null },
): string {
  const [name, address] =
    "success" in way ? [INTENTS.query.success, way.success] : [INTENTS.query.cancel, way.cancel];
  return `${INTENTS.done}?${name}=${encodeURIComponent(address ?? "")}`;
}

export interface IntentDoneProps {
  readonly isCancelled: boolean;
  /** An honest web address, `(close)`, or null. */
  readonly back: string | null;
}

/** Nobody is sent anywhere by themselves: the address stands there, and is a link (§3.4, §6.2). */
export function intentDonePage(context: PageContext, { isCancelled, back }: IntentDoneProps): PageView {
  const { intent: said } = context.words;
  const title = isCancelled ? said.cancelledTitle : said.doneTitle;
  return {
    title,
    width: "narrow",
    isPrivate: true,
    main: html`
      ${pageHead({ title })}
      <div class="sheet sheet-body">
        ${wayBack(context, back)}
        <p><a class="button button-plain" href=${PATHS.home}>${said.stay}</a></p>
      </div>`,
  };
}

function wayBack({ words: { intent: said } }: PageContext, back: string | null): Html {
  if (back === null) return null;
  if (back === "(close)") return html`<p>${said.close}</p>`;
  return html`<p>${said.backText}</p>
    <p class="away-address"><code>${back}</code></p>
    <p><a class="button button-quiet" href=${back} rel="noopener noreferrer nofollow">${said.back(new URL(back).host)}</a></p>`;
}
