/** What the people who run the server say to everybody here, on top of the home page. */
import { fromMarkdownText } from "../../server/lib/text.ts";
import { ANNOUNCEMENTS } from "../forms-site.ts";
import { type Html, html } from "../html.ts";
import type { PageContext } from "../page.ts";
import { csrfField, hidden } from "./act-form.ts";
import { richText } from "./rich-text.ts";

export interface ShownAnnouncement {
  readonly key: number;
  /** Markdown. */
  readonly text: string;
}

export function announcement(context: PageContext, { key, text }: ShownAnnouncement): Html {
  const { path, fields } = ANNOUNCEMENTS;
  const { news } = context.words;
  return html`<div key=${key} class="sheet sheet-body">
    <p class="small quiet">${news.one}</p>
    ${richText({ cleanHtml: fromMarkdownText(text) })}
    <form method="post" action=${path}>
      ${csrfField(context)}${hidden(fields.announcement, String(key))}${hidden(fields.return, context.path)}
      <button class="button button-quiet">${news.dismiss}</button>
    </form>
  </div>`;
}
