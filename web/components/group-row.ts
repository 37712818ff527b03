/** A group as one of a list: what it is called, how many are in it, and whether one is oneself. */
import type { GroupLine } from "../../server/queries/view-groups.ts";
import { GROUP_PARTS } from "../forms-groups.ts";
import { type Html, html } from "../html.ts";
import type { PageContext } from "../page.ts";
import { avatar } from "./avatar.ts";
import { mayRead } from "./group-head.ts";
import { icon } from "./icon.ts";
import { shownName } from "./person-chip.ts";
import { richText } from "./rich-text.ts";

export function groupRow(context: PageContext, line: GroupLine): Html {
  const { actor, mine } = line;
  const { groups, group } = context.words;
  return html`<article key=${actor.key} class="actor-row">
    ${avatar(actor)}
    <h3 class="actor-row-name">
      <a href=${actor.path}><bdi>${shownName(actor)}</bdi></a>
      <span class="handle">@${actor.handle}</span>
    </h3>
    <p class="actor-row-actions group-row-marks">
      ${line.access === "private" && html`<span class="badge">${icon("lock")}${group.private}</span>`}
      ${mine?.role === "owner" && html`<span class="badge badge-good">${context.words.groupPeople.owner}</span>`}
      ${mine?.role === "moderator" && html`<span class="badge badge-good">${context.words.groupPeople.moderator}</span>`}
      ${mine?.hasAsked && mine.role === null && html`<span class="badge badge-warn">${group.requested}</span>`}
      ${mine?.isInvited && mine.role === null && html`<span class="badge badge-good">${group.invited}</span>`}
      ${mayRead(line) && html`<span class="small quiet">${groups.members(line.members)}</span>`}
    </p>
    ${actor.summaryHtml && richText({ cleanHtml: actor.summaryHtml })}
    ${
      line.waiting > 0 &&
      html`<p class="group-row-waiting"><a href=${`${actor.path}/${GROUP_PARTS.requests}`}>${groups.waiting(line.waiting)}</a></p>`
    }
  </article>`;
}
