/** Forms that post to `/groups/act`: what somebody does who looks after a group, or leaves it. */

import type { IconName } from "../assets/icon-names.ts";
import { GROUP_ACT } from "../forms-groups.ts";
import { type Html, html } from "../html.ts";
import type { PageContext } from "../page.ts";
import { csrfField, hidden } from "./act-form.ts";
import { icon } from "./icon.ts";

export type GroupAction = (typeof GROUP_ACT.actions)[keyof typeof GROUP_ACT.actions];

/** One form around several buttons about one person or post of the group (its address). */
export function groupForm(
  context: PageContext,
  props: {
    readonly group: string;
    readonly person?: string;
    readonly object?: string;
    readonly link?: number;
    readonly children: Html;
    readonly class?: string;
    /** Where to go afterwards, if not back here. */
    readonly returnTo?: string;
  },
): Html {
  const { fields } = GROUP_ACT;
  return html`<form class=${props.class ?? "act-form"} method="post" action=${GROUP_ACT.path}>
    ${csrfField(context)}${hidden(fields.group, props.group)}
    ${props.person && hidden(fields.person, props.person)}
    ${props.object && hidden(fields.object, props.object)}
    ${props.link !== undefined && hidden(fields.link, String(props.link))}
    ${hidden(fields.return, props.returnTo ?? context.path)}
    ${props.children}
  </form>`;
}

/** A button inside `groupForm`. */
export const groupButton = (props: {
  readonly action: GroupAction;
  readonly label: string;
  readonly class?: string;
  readonly icon?: IconName;
}): Html => html`<button class=${props.class ?? "button"} name=${GROUP_ACT.fields.action} value=${props.action}>
  ${props.icon && icon(props.icon)}${props.label}
</button>`;

/** The same as an entry of a menu, with a line of help. */
export const groupItem = (action: GroupAction, picture: IconName, label: string, help?: string): Html =>
  html`<button class="menu-item" name=${GROUP_ACT.fields.action} value=${action}>
    ${icon(picture)}<span>${label}${help && html`<small>${help}</small>`}</span>
  </button>`;
