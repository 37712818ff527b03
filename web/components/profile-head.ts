/** The top of the page of a person, group or service: pictures, names, words and fields, with room for what differs. */
import type { ActorView } from "../../server/queries/view.ts";
import { type Html, html } from "../html.ts";
import { avatar } from "./avatar.ts";
import { emojiText } from "./emoji-text.ts";
import { shownName } from "./person-chip.ts";
import { richText } from "./rich-text.ts";

export interface ProfileHeadProps {
  readonly actor: ActorView;
  /** The address as it is on the whole network: `@alice@school.example`. */
  readonly address: string;
  /** `.badge`s below the names. */
  readonly badges: Html;
  /** What the viewer is to it, and may do. */
  readonly standing: Html;
  /** Links with numbers, below everything. */
  readonly counts: Html;
}

export function profileHead({ actor, address, badges, standing, counts }: ProfileHeadProps): Html {
  return html`
    ${actor.imageUrl && html`<img class="profile-cover" src=${actor.imageUrl} alt="" width="640" height="176" decoding="async" />`}
    <div class="profile">
      <div class="profile-head">
        ${avatar(actor, "large")}
        <div class="profile-names">
          <h1><bdi>${shownName(actor)}</bdi></h1>
          <p class="handle">${address}</p>
          <p class="profile-badges">${badges}</p>
        </div>
        ${standing}
      </div>
      ${actor.summaryHtml && richText({ cleanHtml: actor.summaryHtml })}
      ${fields(actor)}
      ${counts && html`<p class="profile-counts">${counts}</p>`}
    </div>`;
}

function fields({ fields: list, emoji }: ActorView): Html {
  if (list.length === 0) return null;
  return html`<dl class="profile-fields">
    ${list.map(
      ({ name, valueHtml }) => html`<div key=${name}>
        <dt dir="auto">${emojiText(name, emoji)}</dt>
        <dd>${richText({ cleanHtml: valueHtml })}</dd>
      </div>`,
    )}
  </dl>`;
}
