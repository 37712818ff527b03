/** From whom somebody wants to be told things, and whose notices are kept back until they say so. */
import {
  type NoticePolicy,
  POLICY_ASPECTS,
  POLICY_CHOICES,
  type PolicyAspect,
} from "../../../server/moderation/notice-policy.ts";
import type { ActorView } from "../../../server/queries/view.ts";
import { csrfField, hidden } from "../../components/act-form.ts";
import { actorRow } from "../../components/actor-card.ts";
import { choices } from "../../components/choices.ts";
import { EMPTY_FORM } from "../../forms.ts";
import { NOTICE_POLICY } from "../../forms-site.ts";
import { type Html, html } from "../../html.ts";
import type { PageContext, PageView } from "../../page.ts";
import { settingsView } from "./view.ts";

export interface WaitingSender {
  readonly actor: ActorView;
  readonly count: number;
}

export interface NoticePolicyProps {
  readonly policy: NoticePolicy;
  readonly senders: readonly WaitingSender[];
}

const { path, fields, actions } = NOTICE_POLICY;

export function noticePolicyPage(context: PageContext, { policy, senders }: NoticePolicyProps): PageView {
  const { heard: said, form } = context.words;
  return settingsView(
    context,
    said.tab,
    html`<section class="section">
        <h2>${said.waiting}</h2>
        <p class="quiet">${said.waitingText}</p>
        <div class="sheet feed">
          ${
            senders.length === 0
              ? html`<p class="line quiet">${said.nobodyWaits}</p>`
              : senders.map((sender) => waiting(context, sender))
          }
        </div>
      </section>
      <section class="section">
        <h2>${said.title}</h2>
        <p class="quiet">${said.text}</p>
        <form class="form sheet sheet-body" method="post" action=${path}>
          ${csrfField(context)}${hidden(fields.action, actions.save)}
          ${POLICY_ASPECTS.map((aspect) => aspectChoice(context, aspect, policy))}
          <button class="button">${form.save}</button>
        </form>
      </section>`,
  );
}

function aspectChoice({ words }: PageContext, aspect: PolicyAspect, policy: NoticePolicy): Html {
  const { heard: said } = words;
  return choices({
    name: fields.aspect(aspect),
    label: said[aspect],
    form: EMPTY_FORM,
    value: policy[aspect],
    options: POLICY_CHOICES.map((choice) => ({ value: choice, label: said[choice] })),
  });
}

function waiting(context: PageContext, { actor, count }: WaitingSender): Html {
  const { heard: said } = context.words;
  return html`<div key=${actor.key}>
    ${actorRow(context, { actor, actions: html`<span class="small quiet">${said.notices(count)}</span>` })}
    <form class="button-row line" method="post" action=${path}>
      ${csrfField(context)}${hidden(fields.sender, String(actor.key))}
      <button class="button button-quiet" name=${fields.action} value=${actions.accept}>${said.hear}</button>
      <button class="button button-plain" name=${fields.action} value=${actions.dismiss}>${said.putAside}</button>
    </form>
  </div>`;
}
