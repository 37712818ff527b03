/** One picture of the set, drawn in the colour of the text around it; always beside or instead of a name. */
import type { IconName } from "../assets/icon-names.ts";
import { assetPath } from "../assets/index.ts";
import { type Html, html } from "../html.ts";

const SPRITE = assetPath("icons.svg");

/** Decoration: whoever uses it says the name in words (visible, or `visually-hidden`). */
export const icon = (name: IconName): Html =>
  html`<svg class="icon" aria-hidden="true" width="20" height="20"><use href=${`${SPRITE}#${name}`} /></svg>`;

/** The sign-board, the mark of the software. */
export const mark = (): Html =>
  html`<svg class="mark" aria-hidden="true" width="28" height="28"><use href=${`${SPRITE}#mark`} /></svg>`;
