/** A person's picture, or their initials on a colour that is always the same for them. */
import type { ActorView } from "../../server/queries/view.ts";
import { type Html, html } from "../html.ts";
import { safeHref } from "../safe-href.ts";

export type AvatarSize = "small" | "medium" | "large";

const PIXELS: Readonly<Record<AvatarSize, number>> = { small: 28, medium: 44, large: 96 };
/** As many as `.tint-…` in `people.css`. */
const TINTS = 10;

/** Decoration beside a name: it has no text of its own for screen readers. */
export function avatar(
  actor: Pick<ActorView, "name" | "handle" | "iconUrl">,
  size: AvatarSize = "medium",
): Html {
  const pixels = PIXELS[size];
  const source = safeHref(actor.iconUrl);
  if (source !== undefined) {
    return html`<img class=${`avatar avatar-${size}`} src=${source} alt="" width=${pixels}
      height=${pixels} loading="lazy" decoding="async" />`;
  }
  return html`<span class=${`avatar avatar-${size} tint-${tintOf(actor.handle)}`} aria-hidden="true">
    ${initialsOf(actor.name || actor.handle)}</span>`;
}

/** The first letters of the first and the last word: `Ada King Lovelace` → `AL`. */
export function initialsOf(name: string): string {
  const words = name.split(/[\s.\-_]+/u).filter((word) => /[\p{L}\p{N}]/u.test(word));
  // Joined letters (Arabic and its kin) do not stand well side by side.
  const isJoined = /[\p{Script=Arabic}\p{Script=Syriac}\p{Script=Mongolian}]/u.test(name);
  const picked = words.length > 1 && !isJoined ? [words[0], words.at(-1)] : words.slice(0, 1);
  return picked.map((word) => /[\p{L}\p{N}]/u.exec(word ?? "")?.[0]?.toUpperCase() ?? "").join("");
}

/** A number from 0 to 9 that hangs on the text alone. */
export function tintOf(text: string): number {
  let sum = 0;
  for (let i = 0; i < text.length; i++) sum = (sum * 31 + text.charCodeAt(i)) % 65_521;
  return sum % TINTS;
}
