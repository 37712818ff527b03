/** Says that somebody has moved, and leads to where they are now. */
import type { ActorView } from "../../server/queries/view.ts";
import { INTERACTION } from "../forms.ts";
import { type Html, html } from "../html.ts";
import type { PageContext } from "../page.ts";
import { safeHref } from "../safe-href.ts";
import { icon } from "./icon.ts";
import { nameOf } from "./person-chip.ts";

/** Null for whoever has not. People who live here are led to the page of the new account on this server. */
export function movedNote({ words: { moved: said }, viewer }: PageContext, actor: ActorView): Html {
  const to = safeHref(actor.movedTo);
  if (actor.movedTo === null || to === undefined) return null;
  const host = URL.parse(actor.movedTo)?.host ?? to;
  const here = `${INTERACTION.path}?${INTERACTION.fields.uri}=${encodeURIComponent(actor.movedTo)}`;
  return html`<div class="sheet empty">
    ${icon("external-link")}
    <h2>${said.title(nameOf(actor))}</h2>
    <p>${said.text} <bdi>${host}</bdi></p>
    <a class="button" href=${viewer === null ? to : here} rel="noopener nofollow">${said.go}</a>
  </div>`;
}
