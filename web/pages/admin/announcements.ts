/** What the people who run the server tell everybody here: written, changed and taken back. */

import { fromMarkdownText } from "../../../server/lib/text.ts";
import type { Announcement } from "../../../server/site/announcements.ts";
import { MAX_ANNOUNCEMENT } from "../../../server/site/announcements.ts";
import { csrfField, hidden } from "../../components/act-form.ts";
import { emptyState } from "../../components/empty-state.ts";
import { field, formProblem } from "../../components/field.ts";
import { richText } from "../../components/rich-text.ts";
import { time } from "../../components/time.ts";
import { timeField } from "../../components/time-field.ts";
import { EMPTY_FORM, type FormState } from "../../forms.ts";
import { ADMIN_ANNOUNCEMENTS } from "../../forms-site.ts";
import { type Html, html } from "../../html.ts";
import type { PageContext, PageView } from "../../page.ts";
import { adminButton, adminView } from "./frame.ts";

export interface AdminAnnouncementsProps {
  readonly announcements: readonly Announcement[];
  /** The one in the form; a new one where it is null. */
  readonly edited: Announcement | null;
  readonly form?: FormState;
}

const { path, fields, actions } = ADMIN_ANNOUNCEMENTS;

export function adminAnnouncementsPage(context: PageContext, props: AdminAnnouncementsProps): PageView {
  const { announcements, edited, form = EMPTY_FORM } = props;
  const { news, form: words } = context.words;
  return adminView(context, {
    title: news.title,
    text: news.text,
    content: html`
      <form class="form sheet sheet-body readable" method="post" action=${path}>
        ${csrfField(context)}${hidden(fields.action, actions.save)}
        ${edited && hidden(fields.announcement, String(edited.key))}
        ${formProblem(form, words.somethingWrong)}
        ${field({
          name: fields.text,
          type: "textarea",
          label: edited ? news.change : news.write,
          help: news.writeHelp,
          form,
          value: edited?.text ?? "",
          isRequired: true,
          maxLength: MAX_ANNOUNCEMENT,
          rows: 5,
        })}
        ${timeField(context, { name: fields.ends, label: news.ends, form, valueMs: edited?.endsMs ?? null })}
        <button class="button">${edited ? words.save : news.publish}</button>
      </form>
      <div class="sheet feed">
        ${
          announcements.length === 0
            ? emptyState({ icon: "info", title: news.emptyTitle, text: news.emptyText })
            : announcements.map((each) => line(context, each))
        }
      </div>`,
  });
}

function line(context: PageContext, { key, text, publishedMs, endsMs }: Announcement): Html {
  const { news } = context.words;
  return html`<article key=${key} class="line"><div>
    <p class="small quiet">${time(context, publishedMs)}${
      endsMs !== null && html` · ${endsMs <= context.nowMs ? news.over : news.until} ${time(context, endsMs)}`
    }</p>
    ${richText({ cleanHtml: fromMarkdownText(text) })}
    <div class="button-row">
      <a class="button button-quiet" href=${`${path}?${fields.announcement}=${key}`}>${news.edit}</a>
      ${adminButton(context, {
        path,
        fields: { [fields.action]: actions.remove, [fields.announcement]: String(key) },
        label: news.remove,
        class: "button button-plain",
      })}
    </div>
  </div></article>`;
}
