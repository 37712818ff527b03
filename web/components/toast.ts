/** What just happened, in one sentence, with a way back where there is one. */
import { ACT, CSRF_FIELD } from "../forms.ts";
import { type Html, html } from "../html.ts";
import type { PageContext } from "../page.ts";
import { hidden } from "./act-form.ts";
import { icon } from "./icon.ts";

const ICONS = { good: "circle-check", warn: "triangle-alert", bad: "circle-alert" } as const;

export function toast(context: PageContext): Html {
  const { flash, words } = context;
  if (flash === null) return null;
  const undo = { ...flash.undo, [CSRF_FIELD]: context.csrf, [ACT.fields.return]: context.path };
  return html`<div class=${`toast toast-${flash.kind}`} role=${flash.kind === "bad" ? "alert" : "status"}
    data-island="toast">
    ${icon(ICONS[flash.kind])}
    <p>${flash.text}</p>
    ${
      flash.undo &&
      html`<form method="post" action=${ACT.path}>
        ${Object.entries(undo).map(([name, value]) => hidden(name, value))}
        <button class="button button-plain">${words.flash.undo}</button>
      </form>`
    }
    <a class="toast-close" href=${context.path} title=${words.flash.close}>
      ${icon("x")}<span class="visually-hidden">${words.flash.close}</span>
    </a>
  </div>`;
}
