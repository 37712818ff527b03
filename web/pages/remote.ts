/** Between two servers: a visitor goes home to follow, and someone from here arrives from elsewhere. */
import type { ActorView, ObjectView, Relationship } from "../../server/queries/view.ts";
import { csrfField, hidden } from "../components/act-form.ts";
import { actorRow } from "../components/actor-card.ts";
import { select } from "../components/choices.ts";
import { composer } from "../components/composer.ts";
import { emptyState } from "../components/empty-state.ts";
import { field, formProblem } from "../components/field.ts";
import { objectCard } from "../components/object-card.ts";
import { pageHead } from "../components/page-head.ts";
import { nameOf } from "../components/person-chip.ts";
import {
  EMPTY_FORM,
  type FormState,
  INTERACTION,
  REMOTE_FOLLOW,
  REMOTE_INTENTS,
  SEARCH,
  SIGN_IN,
} from "../forms.ts";
import { html } from "../html.ts";
import type { PageContext, PageView } from "../page.ts";

export interface RemoteFollowProps {
  readonly actor: ActorView;
  /** The post in question, or null where it is about following. */
  readonly object: ObjectView | null;
  readonly form?: FormState;
}

/** For visitors: asks where their account is; the handler sends them there. */
export function remoteFollowPage(context: PageContext, props: RemoteFollowProps): PageView {
  const { words } = context;
  const { actor, object, form = EMPTY_FORM } = props;
  const subject = object?.iri ?? actor.iri;
  const back = `${INTERACTION.path}?${INTERACTION.fields.uri}=${encodeURIComponent(subject)}`;
  const signIn = `${SIGN_IN.path}?${SIGN_IN.fields.return}=${encodeURIComponent(back)}`;
  return {
    title: words.remote.title,
    width: "narrow",
    isPrivate: true,
    formTargets: ["https:"],
    main: html`
      ${pageHead({
        title: words.remote.title,
        text: object ? words.remote.objectText : words.remote.followText(nameOf(actor)),
      })}
      <form class="form sheet sheet-body" method="post" action=${REMOTE_FOLLOW.path}>
        ${csrfField(context)}${hidden(REMOTE_FOLLOW.fields.object, subject)}
        ${formProblem(form, words.form.somethingWrong)}
        ${field({
          name: REMOTE_FOLLOW.fields.handle,
          label: words.remote.handle,
          help: words.remote.handleHelp,
          form,
          isRequired: true,
          isCode: true,
          autocomplete: "off",
        })}
        ${
          object &&
          select({
            name: REMOTE_FOLLOW.fields.intent,
            label: words.intent.what,
            value: form.values[REMOTE_FOLLOW.fields.intent] ?? "reply",
            options: REMOTE_INTENTS.map((value) => ({ value, label: words.intent.choices[value] })),
          })
        }
        <button class="button">${words.remote.submit}</button>
      </form>
      <p class="small quiet">${words.remote.haveAccount} <a href=${signIn}>${words.shell.signIn}</a></p>`,
  };
}

export interface InteractionProps {
  /** What the address leads to, or null where nothing was found. */
  readonly found:
    | { readonly actor: ActorView; readonly relationship: Relationship | null }
    | { readonly object: ObjectView }
    | null;
  /** Text to begin an answer with, and where it ends. */
  readonly begin?: string;
  readonly returnTo?: string;
}

/** For people of this server who were sent here by another (FEP-3b86 and its forerunner). */
export function interactionPage(
  context: PageContext,
  { found, begin, returnTo }: InteractionProps,
): PageView {
  const { words } = context;
  const { title } = words.interaction;
  if (found === null) {
    return {
      title,
      isPrivate: true,
      main: html`${pageHead({ title })}<div class="sheet">${emptyState({
        icon: "search",
        title: words.interaction.notFoundTitle,
        text: words.interaction.notFoundText,
        step: { href: SEARCH.path, label: words.search.title },
      })}</div>`,
    };
  }
  return {
    title,
    isPrivate: true,
    main:
      "actor" in found
        ? html`${pageHead({ title, text: words.interaction.person })}
            <div class="sheet">${actorRow(context, found)}</div>`
        : html`${pageHead({ title, text: words.interaction.post })}
            <div class="sheet">${objectCard(context, { view: found.object })}</div>
            ${composer(context, { replyTo: found.object, returnTo: returnTo ?? found.object.path, ...(begin ? { begin } : {}) })}`,
  };
}
