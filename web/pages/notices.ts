/** What happened to the viewer, newest first. */
import type { NoticeView } from "../../server/queries/view.ts";
import { csrfField, hidden } from "../components/act-form.ts";
import { emptyState } from "../components/empty-state.ts";
import { noticeLine } from "../components/notice-line.ts";
import { pageHead } from "../components/page-head.ts";
import { pager } from "../components/pager.ts";
import { NOTICES } from "../forms.ts";
import { type Html, html } from "../html.ts";
import type { PageContext, PageView } from "../page.ts";

export interface NoticesProps {
  readonly notices: readonly NoticeView[];
  readonly olderHref: string | null;
}

export function noticesPage(context: PageContext, { notices, olderHref }: NoticesProps): PageView {
  const { title, emptyTitle, emptyText } = context.words.notices;
  return {
    title,
    isPrivate: true,
    main: html`
      ${pageHead({ title, action: markRead(context, notices) })}
      <div class="sheet feed">
        ${
          notices.length === 0
            ? emptyState({ icon: "bell", title: emptyTitle, text: emptyText })
            : html`${notices.map((notice) => noticeLine(context, notice))}${pager(context, { olderHref })}`
        }
      </div>`,
  };
}

function markRead(context: PageContext, notices: readonly NoticeView[]): Html {
  const newest = notices[0];
  if (newest === undefined || notices.every(({ isRead }) => isRead)) return null;
  return html`<form method="post" action=${NOTICES.path}>
    ${csrfField(context)}${hidden(NOTICES.fields.upTo, String(newest.key))}
    <button class="button button-quiet">${context.words.notices.markRead}</button>
  </form>`;
}
