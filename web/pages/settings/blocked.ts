/** People whom the viewer has blocked, and the way back. */
import type { ActorView } from "../../../server/queries/view.ts";
import { actForm, verbButton } from "../../components/act-form.ts";
import { actorRow } from "../../components/actor-card.ts";
import { pager } from "../../components/pager.ts";
import { verb } from "../../forms.ts";
import { SEVERED } from "../../forms-federation.ts";
import { type Html, html } from "../../html.ts";
import type { PageContext, PageView } from "../../page.ts";
import { settingsView } from "./view.ts";

export interface BlockedProps {
  readonly blocked: readonly ActorView[];
  readonly olderHref: string | null;
}

export function blockedPage(context: PageContext, { blocked, olderHref }: BlockedProps): PageView {
  const { settings, people, severed } = context.words;
  return settingsView(
    context,
    settings.blocked,
    html`
      ${list(context, {
        title: settings.blockedPeople,
        text: settings.blockedText,
        empty: settings.blockedEmpty,
        actors: blocked,
        olderHref,
        undo: { verb: verb("Undo", "Block"), label: people.unblock },
      })}
      <p><a href=${SEVERED}>${severed.link}</a></p>`,
  );
}

function list(
  context: PageContext,
  props: {
    readonly title: string;
    readonly text: string;
    readonly empty: string;
    readonly actors: readonly ActorView[];
    readonly olderHref: string | null;
    readonly undo: { readonly verb: string; readonly label: string };
  },
): Html {
  return html`<section class="section">
    <h2>${props.title}</h2>
    <p class="quiet">${props.text}</p>
    <div class="sheet feed">
      ${
        props.actors.length === 0 && props.olderHref === null
          ? html`<p class="line quiet">${props.empty}</p>`
          : props.actors.map((actor) =>
              actorRow(context, {
                actor,
                actions: actForm(context, {
                  object: actor.iri,
                  children: verbButton({ ...props.undo, class: "button button-quiet" }),
                }),
              }),
            )
      }
      ${props.olderHref && pager(context, { olderHref: props.olderHref })}
    </div>
  </section>`;
}
