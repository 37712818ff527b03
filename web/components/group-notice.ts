/** What happened to the viewer around a group: said in its own words, with what is to be done about it. */
import type { NoticeView } from "../../server/queries/view.ts";
import { GROUP_ACT } from "../forms-groups.ts";
import { type Html, html } from "../html.ts";
import type { PageContext } from "../page.ts";
import { groupButton, groupForm } from "./group-act.ts";
import { nameOf } from "./person-chip.ts";

/** The sentence after the name of whoever did it; null where it is about no group. */
export function groupSaying(
  { words: { groupNotice: said } }: PageContext,
  notice: NoticeView,
): string | null {
  const { kind, actor, about, activityType } = notice;
  if (kind === "follow-request" && about?.type === "Group") return said.joinRequest(nameOf(about));
  if (actor.type !== "Group") return null;
  if (kind === "follow-accepted") return said.letIn;
  if (activityType === "Invite") return said.invited;
  return activityType === "Add" ? said.role : null;
}

/** Lets somebody into the group who asked, or not. */
export const groupRequestButtons = (context: PageContext, group: string, person: string): Html =>
  groupForm(context, {
    group,
    person,
    class: "button-row",
    children: html`${groupButton({ action: GROUP_ACT.actions.letIn, label: context.words.groupPeople.letIn })}
      ${groupButton({
        action: GROUP_ACT.actions.decline,
        label: context.words.groupPeople.decline,
        class: "button button-quiet",
      })}`,
  });
