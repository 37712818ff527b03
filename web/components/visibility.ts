/** Who can see a post, as a small picture with its meaning in words. */
import type { Visibility } from "../../server/queries/view.ts";
import type { IconName } from "../assets/icon-names.ts";
import { type Html, html } from "../html.ts";
import type { Words } from "../words/en.ts";
import { icon } from "./icon.ts";

const ICONS: Readonly<Record<Visibility, IconName>> = {
  public: "globe",
  quiet: "moon",
  followers: "users-round",
  direct: "mail",
};

export function visibilityMark(words: Words, visibility: Visibility): Html {
  const help = words.visibility[`${visibility}Help`];
  return html`<span class="visibility" title=${help}>
    ${icon(ICONS[visibility])}<span class="visually-hidden">${help}</span>
  </span>`;
}
