/** Followings of one's own that ended because a server was blocked here. */
import { pager } from "../../components/pager.ts";
import { time } from "../../components/time.ts";
import { html } from "../../html.ts";
import type { PageContext, PageView } from "../../page.ts";
import { settingsView } from "./view.ts";

export interface SeveredLine {
  readonly id: number;
  /** `@bob@there.example`. */
  readonly name: string;
  readonly direction: "following" | "follower";
  readonly domain: string;
  readonly timeMs: number;
}

export function severedPage(
  context: PageContext,
  props: { readonly lines: readonly SeveredLine[]; readonly olderHref: string | null },
): PageView {
  const { severed: said } = context.words;
  return settingsView(
    context,
    said.title,
    html`<section class="section">
      <h2>${said.title}</h2>
      <p class="quiet">${said.text}</p>
      ${
        props.lines.length === 0
          ? html`<p class="sheet line quiet">${said.empty}</p>`
          : html`<ul class="sheet plain-list">${props.lines.map(
              ({ id, name, direction, timeMs }) =>
                html`<li key=${id} class="line"><bdi class="line-text" dir="ltr">${name}</bdi>
                  <small>${said[direction]}, ${time(context, timeMs)}</small></li>`,
            )}</ul>${props.olderHref && pager(context, { olderHref: props.olderHref })}`
      }
    </section>`,
  );
}
