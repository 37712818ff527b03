/** A question with its answers: a form while one may vote, bars with their numbers afterwards. */
import type { ObjectView, PollView } from "../../server/queries/view.ts";
import { ACT, verb } from "../forms.ts";
import { type Html, html } from "../html.ts";
import type { PageContext } from "../page.ts";
import { actForm, verbButton } from "./act-form.ts";
import { emojiText } from "./emoji-text.ts";
import { time } from "./time.ts";

export function poll(context: PageContext, view: ObjectView): Html {
  if (view.poll === null) return null;
  const mayVote =
    context.viewer !== null &&
    !view.poll.hasEnded &&
    !view.mine.isAuthor &&
    !view.poll.options.some(({ isMine }) => isMine);
  return mayVote ? ballot(context, view, view.poll) : results(context, view.poll, view.emoji);
}

function ballot(context: PageContext, view: ObjectView, { options, isMultiple }: PollView): Html {
  const { words } = context;
  return actForm(context, {
    object: view.iri,
    anchor: `p${view.key}`,
    class: "poll",
    children: html`<fieldset class="poll-options">
      <legend class="visually-hidden">${words.post.vote}</legend>
      ${options.map(
        ({ name }) => html`<label key=${name} class="choice">
          <input type=${isMultiple ? "checkbox" : "radio"} name=${ACT.fields.choice} value=${name}
            required=${!isMultiple} />
          <span dir="auto">${emojiText(name, view.emoji)}</span>
        </label>`,
      )}
    </fieldset>
    <p class="poll-foot">
      ${verbButton({ verb: verb("Create", "Vote"), label: words.post.vote, class: "button" })}
      ${ending(context, view.poll)}
    </p>`,
  });
}

function results(context: PageContext, view: PollView, emoji: ObjectView["emoji"]): Html {
  const { words } = context;
  const all = Math.max(1, wholeOf(view));
  return html`<div class="poll">
    <ul class="poll-results">
      ${view.options.map(({ name, votes, isMine }) => {
        const percent = Math.round((votes / all) * 100);
        return html`<li key=${name} class=${isMine ? "is-mine" : ""}>
          <span class="poll-name" dir="auto">${emojiText(name, emoji)}</span>
          <span class="poll-share">${isMine && html`<span class="quiet">${words.post.yourVote} · </span>`}${percent} %</span>
          <svg class="poll-bar" aria-hidden="true" width="100%" height="6"><rect width=${`${percent}%`} height="6" rx="3" /></svg>
        </li>`;
      })}
    </ul>
    <p class="poll-foot quiet">${words.post.voters(view.voters)} ${ending(context, view)}</p>
  </div>`;
}

/**
 * Of what a share is a part: of those who voted. With several answers to each of them they are fewer than the votes;
 * not every origin counts them, and what one tells need not add up.
 */
function wholeOf({ isMultiple, voters, options }: PollView): number {
  const votes = options.map((option) => option.votes);
  return isMultiple && voters > 0 ? Math.max(voters, ...votes) : votes.reduce((sum, each) => sum + each, 0);
}

function ending(context: PageContext, view: PollView | null): Html {
  const { words } = context;
  if (view?.hasEnded) return html`<span class="quiet">${words.post.pollEnded}</span>`;
  if (!view?.endsMs) return null;
  return html`<span class="quiet">${words.post.pollEnds} ${time(context, view.endsMs)}</span>`;
}
