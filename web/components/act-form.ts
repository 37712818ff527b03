/** Forms that post to `/act`: the hidden fields they need, and the buttons that say which activity. */
import type { IconName } from "../assets/icon-names.ts";
import { ACT, CSRF_FIELD } from "../forms.ts";
import { type Html, html } from "../html.ts";
import type { PageContext } from "../page.ts";
import { icon } from "./icon.ts";

export const csrfField = (context: PageContext): Html =>
  html`<input type="hidden" name=${CSRF_FIELD} value=${context.csrf} />`;

export const hidden = (name: string, value: string): Html =>
  html`<input type="hidden" name=${name} value=${value} />`;

/** One form around several verb buttons about one object; `anchor` is where the page comes back to. */
export function actForm(
  context: PageContext,
  props: {
    readonly object: string;
    readonly children: Html;
    readonly anchor?: string;
    readonly class?: string;
    /** Where to go afterwards, if not back here. */
    readonly returnTo?: string;
  },
): Html {
  const back = props.returnTo ?? context.path + (props.anchor ? `#${props.anchor}` : "");
  return html`<form class=${props.class ?? "act-form"} method="post" action=${ACT.path}>
    ${csrfField(context)}${hidden(ACT.fields.object, props.object)}${hidden(ACT.fields.return, back)}
    ${props.children}
  </form>`;
}

/** A button inside `actForm`; `verb` comes from `verb()` in `forms.ts`. */
export function verbButton(props: {
  readonly verb: string;
  readonly label: string;
  readonly class?: string;
  readonly icon?: IconName;
}): Html {
  return html`<button class=${props.class ?? "button"} name=${ACT.fields.type} value=${props.verb}>
    ${props.icon && icon(props.icon)}${props.label}
  </button>`;
}
