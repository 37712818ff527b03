/** Posts of the viewer that wait for their time. */
import { csrfField, hidden } from "../components/act-form.ts";
import { emptyState } from "../components/empty-state.ts";
import { pageHead } from "../components/page-head.ts";
import { pager } from "../components/pager.ts";
import { momentOf } from "../components/time.ts";
import { timeField } from "../components/time-field.ts";
import { EMPTY_FORM, type FormState, PATHS } from "../forms.ts";
import { SCHEDULED } from "../forms-site.ts";
import { type Html, html } from "../html.ts";
import type { PageContext, PageView } from "../page.ts";

export interface WaitingPost {
  readonly key: number;
  readonly dueMs: number;
  /** As it was typed, cut to a few lines. */
  readonly text: string;
  /** What stands before it as a warning; may be empty. */
  readonly summary: string;
  readonly files: number;
  readonly failed: string | null;
}

export interface ScheduledProps {
  /** The next due first. */
  readonly posts: readonly WaitingPost[];
  readonly moreHref: string | null;
  /** The page that begins with the next due. */
  readonly isFirst?: boolean;
  /** What was wrong, and with which post. */
  readonly form?: FormState;
  readonly wrong?: number | null;
}

export function scheduledPage(context: PageContext, props: ScheduledProps): PageView {
  const { later } = context.words;
  const { posts, moreHref, isFirst = true } = props;
  return {
    title: later.title,
    isPrivate: true,
    main: html`
      ${pageHead({ title: later.title, text: later.text })}
      <div class="sheet feed">
        ${
          posts.length === 0 && isFirst
            ? emptyState({
                icon: "clock",
                title: later.emptyTitle,
                text: later.emptyText,
                step: { href: PATHS.write, label: context.words.shell.write },
              })
            : html`${posts.map((post) => waiting(context, post, props))}${(moreHref || !isFirst) && pager(context, { olderHref: moreHref })}`
        }
      </div>`,
  };
}

function waiting(context: PageContext, post: WaitingPost, props: ScheduledProps): Html {
  const { later } = context.words;
  const { path, fields, actions } = SCHEDULED;
  const form = props.wrong === post.key && props.form ? props.form : EMPTY_FORM;
  const isOpen = form.problem !== null || post.failed !== null;
  return html`<article key=${post.key} class="line"><div>
    <p class="small quiet">${momentOf(context, post.dueMs)}${post.files > 0 && html` · ${later.files(post.files)}`}</p>
    ${post.failed !== null && html`<p class="field-error">${later.failed(context.words.problem.said(post.failed))}</p>`}
    ${post.summary && html`<p dir="auto"><strong>${post.summary}</strong></p>`}
    <p dir="auto">${post.text}</p>
    <details class="more" open=${isOpen}>
      <summary>${later.change}</summary>
      <form class="form" method="post" action=${path}>
        ${csrfField(context)}${hidden(fields.action, actions.move)}${hidden(fields.post, String(post.key))}
        ${timeField(context, {
          name: fields.publishAt,
          id: `when-${post.key}`,
          label: later.when,
          form,
          valueMs: post.dueMs,
          isRequired: true,
          help: later.soonest,
        })}
        <button class="button button-quiet">${later.move}</button>
      </form>
    </details>
    <form method="post" action=${path}>
      ${csrfField(context)}${hidden(fields.action, actions.cancel)}${hidden(fields.post, String(post.key))}
      <button class="button button-plain">${later.cancel}</button>
    </form>
  </div></article>`;
}
