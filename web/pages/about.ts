/** What this place is, its rules, and what it does with data. */
import { pageHead } from "../components/page-head.ts";
import { richText } from "../components/rich-text.ts";
import { PATHS } from "../forms.ts";
import { PUBLIC_RULES } from "../forms-federation.ts";
import { type Html, html } from "../html.ts";
import type { PageContext, PageView } from "../page.ts";

export interface AboutProps {
  /** Clean HTML, possibly empty. */
  readonly aboutHtml: string;
  /** How to reach the people who run it, possibly empty. */
  readonly contact: string;
  readonly version: string;
  /** Where the source of this program can be had, possibly empty. */
  readonly sourceUrl: string;
  readonly hasRules: boolean;
  readonly hasPrivacy: boolean;
}

export function aboutPage(context: PageContext, props: AboutProps): PageView {
  const { words, site } = context;
  const title = words.about.title(site.name);
  return {
    title,
    main: html`
      ${pageHead({ title, text: site.description })}
      <div class="sheet sheet-body">
        ${textOrNothing(context, props.aboutHtml)}
        ${
          props.contact &&
          html`<section class="section"><h2>${words.about.contact}</h2>
            <p>${words.about.contactText}</p><p>${contactLink(props.contact)}</p></section>`
        }
        <p class="button-row">
          ${props.hasRules && html`<a class="button button-quiet" href=${PATHS.rules}>${words.about.rules}</a>`}
          ${props.hasPrivacy && html`<a class="button button-quiet" href=${PATHS.privacy}>${words.about.privacy}</a>`}
          <a class="button button-quiet" href=${PATHS.appsToTry}>${words.apps.toTry}</a>
          <a class="button button-quiet" href=${PUBLIC_RULES}>${words.record.publicLink}</a>
        </p>
      </div>
      <p class="small quiet">
        ${words.about.software} ${words.about.version} ${props.version}, AGPL-3.0-or-later.
        ${props.sourceUrl && html` <a href=${props.sourceUrl}>${words.about.source}</a>`}
      </p>`,
  };
}

/** `rules` are plain sentences. */
export function rulesPage(context: PageContext, props: { readonly rules: readonly string[] }): PageView {
  const { words } = context;
  return {
    title: words.about.rules,
    main: html`
      ${pageHead({ title: words.about.rules, text: props.rules.length > 0 ? words.about.rulesText : null })}
      <div class="sheet sheet-body">
        ${
          props.rules.length === 0
            ? html`<p class="quiet">${words.about.noText}</p>`
            : html`<ol class="rules">${props.rules.map((rule) => html`<li key=${rule} dir="auto">${rule}</li>`)}</ol>`
        }
      </div>`,
  };
}

export function privacyPage(context: PageContext, props: { readonly privacyHtml: string }): PageView {
  const { words } = context;
  return {
    title: words.about.privacy,
    main: html`
      ${pageHead({ title: words.about.privacy })}
      <div class="sheet sheet-body">${textOrNothing(context, props.privacyHtml)}</div>`,
  };
}

const textOrNothing = ({ words }: PageContext, cleanHtml: string): Html =>
  cleanHtml ? richText({ cleanHtml }) : html`<p class="quiet">${words.about.noText}</p>`;

const contactLink = (contact: string): Html =>
  /^[^\s@]+@[^\s@]+$/.test(contact) ? html`<a href=${`mailto:${contact}`}>${contact}</a>` : contact;
