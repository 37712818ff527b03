/** What a post said before it was edited. */
import type { VersionsView } from "../../server/queries/versions.ts";
import type { ObjectView } from "../../server/queries/view.ts";
import { bodyOf } from "../components/by-type.ts";
import { emptyState } from "../components/empty-state.ts";
import { pageHead } from "../components/page-head.ts";
import { time } from "../components/time.ts";
import { type Html, html } from "../html.ts";
import type { PageContext, PageView } from "../page.ts";

/** Times of posts are told to the second or better. */
const ABOUT_MS = 1_000;

export function versionsPage(context: PageContext, { now, madeMs, earlier }: VersionsView): PageView {
  const { versions } = context.words;
  return {
    title: versions.title,
    isPrivate: true,
    main: html`
      ${pageHead({ title: versions.title, text: html`<a href=${now.path}>${versions.back}</a>` })}
      ${
        earlier.length === 0
          ? html`<div class="sheet">${emptyState({ icon: "pencil", title: versions.title, text: versions.none })}</div>`
          : html`<div class="sheet feed">
              ${version(context, versions.now, madeMs, now, [])}
              ${earlier.map((each) =>
                version(
                  context,
                  each.madeMs <= now.publishedMs + ABOUT_MS ? versions.first : versions.edited,
                  each.madeMs,
                  each.view,
                  each.choices,
                ),
              )}
            </div>`
      }`,
  };
}

function version(
  context: PageContext,
  label: string,
  madeMs: number,
  view: ObjectView,
  choices: readonly string[],
): Html {
  return html`<article class="card card-whole card-version">
    <h2 class="card-kicker">${label} · ${time(context, madeMs)}</h2>
    ${bodyOf(context, { ...view, poll: null }, "whole")}
    ${
      choices.length > 0 &&
      html`<ul class="rich-text" aria-label=${context.words.versions.choices}>
        ${choices.map((choice) => html`<li dir="auto">${choice}</li>`)}
      </ul>`
    }
  </article>`;
}
