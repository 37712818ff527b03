/** Who can see a post, as a small picture with its meaning in words. */
import type { ObjectView, Visibility } from "../../server/queries/view.ts";
import type { IconName } from "../assets/icon-names.ts";
import { type Html, html } from "../html.ts";
import type { Words } from "../words/en.ts";
import { icon } from "./icon.ts";

const ICONS: Readonly<Record<Visibility | "members", IconName>> = {
  public: "globe",
  quiet: "moon",
  followers: "users-round",
  direct: "mail",
  members: "users-round",
};

/** What is said in a group is for everybody, or for its members alone: it is addressed to the group. */
export const GROUP_VISIBILITIES: readonly Visibility[] = ["public", "quiet"];

type Said = Pick<ObjectView, "group" | "visibility">;

/** Whether it was said in a private group. */
export const isForMembers = ({ group, visibility }: Said): boolean =>
  group !== null && !GROUP_VISIBILITIES.includes(visibility);

export function visibilityMark(words: Words, said: Said): Html {
  const reach = isForMembers(said) ? "members" : said.visibility;
  const help = words.visibility[`${reach}Help`];
  return html`<span class="visibility" title=${help}>
    ${icon(ICONS[reach])}<span class="visually-hidden">${help}</span>
  </span>`;
}
