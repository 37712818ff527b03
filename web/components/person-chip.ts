/** A person on one line: picture, name and address, as a link to their profile. */
import type { ActorView } from "../../server/queries/view.ts";
import { type Html, html } from "../html.ts";
import { avatar } from "./avatar.ts";
import { emojiText } from "./emoji-text.ts";

export const personChip = (actor: ActorView): Html => html`<a class="person-chip" href=${actor.path}>
  ${avatar(actor, "small")}
  <bdi class="person-name">${shownName(actor)}</bdi>
  <span class="handle">@${actor.handle}</span>
</a>`;

/** What to call them: the name, or the handle where they gave none. */
export const nameOf = (actor: Pick<ActorView, "name" | "handle">): string => actor.name || actor.handle;

/** The same for a page, with the pictures in it. */
export const shownName = (actor: Pick<ActorView, "name" | "handle" | "emoji">): Html =>
  emojiText(nameOf(actor), actor.emoji);
