/** What happened to the viewer, newest first. */
import type { NoticeView } from "../../server/queries/view.ts";
import { csrfField, hidden } from "../components/act-form.ts";
import { emptyState } from "../components/empty-state.ts";
import { noticeLine } from "../components/notice-line.ts";
import { pageHead } from "../components/page-head.ts";
import { pager } from "../components/pager.ts";
import { NOTICES } from "../forms.ts";
import { NOTICE_POLICY } from "../forms-site.ts";
import { type Html, html } from "../html.ts";
import type { PageContext, PageView } from "../page.ts";

export interface NoticesProps {
  readonly notices: readonly NoticeView[];
  readonly olderHref: string | null;
  /** The newest that there is, shown or not; the first that is shown where it is not given. */
  readonly upTo?: number | null;
}

export function noticesPage(context: PageContext, props: NoticesProps): PageView {
  const { notices, olderHref } = props;
  const { title, emptyTitle, emptyText } = context.words.notices;
  return {
    title,
    isPrivate: true,
    ...(/[?&]before=/.test(context.path) ? {} : { live: { on: "notices" } }),
    main: html`
      ${pageHead({ title, action: markRead(context, props) })}
      <div class="sheet feed">
        ${
          notices.length === 0 && olderHref === null
            ? emptyState({ icon: "bell", title: emptyTitle, text: emptyText })
            : html`${notices.map((notice) => noticeLine(context, notice))}${pager(context, { olderHref })}`
        }
      </div>
      <p class="small"><a href=${NOTICE_POLICY.path}>${context.words.heard.title}</a></p>`,
  };
}

/** Also where all that is new is left out by a filter, or its number would never go. */
function markRead(context: PageContext, { notices, upTo }: NoticesProps): Html {
  const newest = upTo ?? notices[0]?.key;
  const isLeftOut = upTo != null && (context.viewer?.unreadNotices ?? 0) > 0;
  if (newest === undefined || (notices.every(({ isRead }) => isRead) && !isLeftOut)) return null;
  return html`<form method="post" action=${NOTICES.path}>
    ${csrfField(context)}${hidden(NOTICES.fields.upTo, String(newest))}
    <button class="button button-quiet">${context.words.notices.markRead}</button>
  </form>`;
}
