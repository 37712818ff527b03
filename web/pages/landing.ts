/** The first page for visitors: what this place is, and how to come in. */
import type { FeedItem } from "../../server/queries/view.ts";
import type { IconName } from "../assets/icon-names.ts";
import { icon } from "../components/icon.ts";
import { objectCard } from "../components/object-card.ts";
import { SIGN_IN, SIGN_UP } from "../forms.ts";
import { type Html, html } from "../html.ts";
import type { PageContext, PageView } from "../page.ts";

export interface LandingProps {
  /** People with an account. */
  readonly people: number;
  /** A few public posts written here; may be empty. */
  readonly recent: readonly FeedItem[];
}

export function landingPage(context: PageContext, props: LandingProps): PageView {
  const { words, site } = context;
  return {
    title: site.name,
    main: html`
      <section class="hero">
        <h1>${site.name}</h1>
        <p class="hero-lead">${site.description || words.landing.lead}</p>
        <div class="button-row">
          ${site.registration !== "closed" && html`<a class="button" href=${SIGN_UP.path}>${words.shell.signUp}</a>`}
          <a class="button button-quiet" href=${SIGN_IN.path}>${words.shell.signIn}</a>
        </div>
        ${props.people > 0 && html`<p class="small quiet">${words.landing.members(props.people)}</p>`}
      </section>
      ${
        props.recent.length > 0 &&
        html`<section class="section">
          <h2>${words.landing.recent}</h2>
          <div class="sheet feed">
            ${props.recent.map(({ object, sharedBy }) => objectCard(context, { view: object, sharedBy }))}
          </div>
        </section>`
      }`,
    aside: points(context),
  };
}

function points({ words: { landing } }: PageContext): Html {
  return html`<section class="points">
    <h2>${landing.pointsTitle}</h2>
    ${point("shield", landing.point1, landing.point1Text)}
    ${point("globe", landing.point2, landing.point2Text)}
    ${point("key-round", landing.point3, landing.point3Text)}
  </section>`;
}

const point = (picture: IconName, title: string, text: string): Html =>
  html`<div class="point">${icon(picture)}<h3>${title}</h3><p>${text}</p></div>`;
