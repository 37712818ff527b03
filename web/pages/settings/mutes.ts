/** People and conversations that somebody has muted: until when, and whether notices are muted too. */
import type { ActorView, ObjectView } from "../../../server/queries/view.ts";
import { actForm, csrfField, hidden, verbButton } from "../../components/act-form.ts";
import { actorRow } from "../../components/actor-card.ts";
import { select } from "../../components/choices.ts";
import { durations } from "../../components/duration.ts";
import { pager } from "../../components/pager.ts";
import { personChip } from "../../components/person-chip.ts";
import { richText } from "../../components/rich-text.ts";
import { verb } from "../../forms.ts";
import { DURATIONS, KEEP_DURATION, MUTES } from "../../forms-peace.ts";
import { type Html, html } from "../../html.ts";
import type { PageContext, PageView } from "../../page.ts";
import { settingsView } from "./view.ts";

export interface MutedPerson {
  readonly actor: ActorView;
  readonly endsMs: number | null;
  readonly areNoticesMuted: boolean;
}

export interface MutesProps {
  readonly people: readonly MutedPerson[];
  readonly morePeopleHref: string | null;
  readonly threads: readonly ObjectView[];
  readonly moreThreadsHref: string | null;
}

export function mutesPage(context: PageContext, props: MutesProps): PageView {
  const { people, morePeopleHref, threads, moreThreadsHref } = props;
  const { mutes: said } = context.words;
  return settingsView(
    context,
    said.tab,
    html`<section class="section">
        <h2>${said.title}</h2>
        <p class="quiet">${said.text}</p>
        <div class="sheet feed">
          ${
            people.length === 0 && morePeopleHref === null
              ? html`<p class="line quiet">${said.empty}</p>`
              : people.map((person) => mutedPerson(context, person))
          }
          ${morePeopleHref && pager(context, { olderHref: morePeopleHref })}
        </div>
      </section>
      <section class="section">
        <h2>${said.threads}</h2>
        <p class="quiet">${said.threadsText}</p>
        <div class="sheet feed">
          ${
            threads.length === 0 && moreThreadsHref === null
              ? html`<p class="line quiet">${said.threadsEmpty}</p>`
              : threads.map((view) => mutedThread(context, view))
          }
          ${moreThreadsHref && pager(context, { olderHref: moreThreadsHref })}
        </div>
      </section>`,
  );
}

function mutedPerson(context: PageContext, { actor, endsMs, areNoticesMuted }: MutedPerson): Html {
  const { mutes: said } = context.words;
  const { fields, path } = MUTES;
  return html`<div key=${actor.key}>
    ${actorRow(context, {
      actor,
      actions: actForm(context, {
        object: actor.iri,
        children: verbButton({
          verb: verb("Remove", "muted"),
          label: said.unmute,
          class: "button button-quiet",
        }),
      }),
    })}
    <form class="form sheet-body" method="post" action=${path}>
      ${csrfField(context)}${hidden(fields.object, actor.iri)}
      ${select({
        name: fields.duration,
        label: said.duration,
        value: endsMs === null ? DURATIONS[0] : KEEP_DURATION,
        options: durations(context, endsMs),
      })}
      <label class="choice">
        <input type="checkbox" name=${fields.notices} value="yes" checked=${areNoticesMuted} />
        <span>${said.notices}</span><small>${said.noticesHelp}</small>
      </label>
      <button class="button button-quiet">${said.save}</button>
    </form>
  </div>`;
}

const mutedThread = (context: PageContext, view: ObjectView): Html =>
  html`<article key=${view.key} class="sheet-body">
    ${view.author && personChip(view.author)}
    ${richText({ cleanHtml: view.contentHtml, language: view.language, class: "excerpt" })}
    <div class="button-row">
      <a class="button button-quiet" href=${view.path}>${context.words.mutes.open}</a>
      ${actForm(context, {
        object: view.iri,
        children: verbButton({
          verb: verb("Remove", "muted-threads"),
          label: context.words.mutes.unmuteThread,
          class: "button button-quiet",
        }),
      })}
    </div>
  </article>`;
