/** A post as it stands in its group: with its marks, and for those who keep the peace what they can do with it. */
import type { FeedItem, ObjectView } from "../../server/queries/view.ts";
import type { GroupMarks, GroupView } from "../../server/queries/view-groups.ts";
import { GROUP_ACT } from "../forms-groups.ts";
import { type Html, html } from "../html.ts";
import type { PageContext } from "../page.ts";
import { groupForm, groupItem } from "./group-act.ts";
import { mayKeep } from "./group-head.ts";
import { icon } from "./icon.ts";
import { keptCard } from "./kept-card.ts";

export interface GroupPostProps {
  readonly group: GroupView;
  readonly item: FeedItem;
  readonly marks: GroupMarks;
}

export const groupPost = (context: PageContext, { group, item, marks }: GroupPostProps): Html => {
  const { object } = item;
  return html`<div key=${object.key} class="group-post">
    ${marksOf(context, object.key, marks)}
    ${keptCard(context, { view: object, isInItsGroup: true })}
    ${mayKeep(group) && keeping(context, { group: group.actor.iri, view: object, marks })}
  </div>`;
};

function marksOf({ words }: PageContext, key: number, marks: GroupMarks): Html {
  const isPinned = marks.pinned.has(key);
  const isLocked = marks.locked.has(key);
  return (
    (isPinned || isLocked) &&
    html`<p class="group-marks">
      ${isPinned && html`<span>${icon("bookmark")}${words.group.pinned}</span>`}
      ${isLocked && html`<span>${icon("lock")}${words.group.locked}</span>`}
    </p>`
  );
}

/** What moderators do with a post of their group (by its address), behind one line. */
export function keeping(
  context: PageContext,
  props: { readonly group: string; readonly view: ObjectView; readonly marks: GroupMarks },
): Html {
  const { group: said } = context.words;
  const { actions } = GROUP_ACT;
  const { view, marks } = props;
  const isTop = view.inReplyTo === null;
  return html`<details class="more group-keeping">
    <summary>${icon("shield")}${said.asModerator}</summary>
    ${groupForm(context, {
      group: props.group,
      object: view.iri,
      class: "group-keeping-items",
      children: html`
        ${
          isTop &&
          (marks.pinned.has(view.key)
            ? groupItem(actions.unpin, "bookmark", said.unpin)
            : groupItem(actions.pin, "bookmark", said.pin))
        }
        ${
          marks.locked.has(view.key)
            ? groupItem(actions.unlock, "message-circle", said.unlock)
            : groupItem(actions.lock, "lock", said.lock)
        }
        ${groupItem(actions.removePost, "x", said.removePost, said.removePostHelp)}`,
    })}
  </details>`;
}
