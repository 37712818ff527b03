/** Programs that the person let in, what each may do, and the end of each. */
import { csrfField, hidden } from "../../components/act-form.ts";
import { emptyState } from "../../components/empty-state.ts";
import { icon } from "../../components/icon.ts";
import { scopeList } from "../../components/scopes.ts";
import { time } from "../../components/time.ts";
import { APPS, PATHS } from "../../forms.ts";
import { type Html, html } from "../../html.ts";
import type { PageContext, PageView } from "../../page.ts";
import { safeHref } from "../../safe-href.ts";
import { settingsView } from "./view.ts";

export interface AppItem {
  readonly id: string;
  /** As the app calls itself; nobody checks it. */
  readonly name: string;
  readonly website: string | null;
  /** The server on which it describes itself; null where nobody knows whose it is. */
  readonly host: string | null;
  readonly scopes: readonly string[];
  readonly createdMs: number;
  readonly lastUsedMs: number | null;
}

export function appsPage(context: PageContext, props: { readonly apps: readonly AppItem[] }): PageView {
  const { words } = context;
  return settingsView(
    context,
    words.settings.apps,
    props.apps.length === 0
      ? html`<div class="sheet">${emptyState({ icon: "plug", title: words.apps.emptyTitle, text: words.apps.emptyText })}</div>
          <p><a href=${PATHS.appsToTry}>${words.apps.toTry}</a></p>`
      : html`<section class="section">
          <h2>${words.apps.title}</h2>
          <p class="quiet">${words.apps.text}</p>
          <ul class="sheet feed">${props.apps.map((app) => line(context, app))}</ul>
          <p><a href=${PATHS.appsToTry}>${words.apps.toTry}</a></p>
        </section>`,
  );
}

function line(context: PageContext, app: AppItem): Html {
  const { words } = context;
  return html`<li key=${app.id} class="line">
    ${icon("plug")}
    <div class="line-text">
      <strong><bdi>${app.name}</bdi></strong>
      ${websiteOf(app)}
      ${app.host && html`<span class="small">${words.authorize.describedAt(app.host)}</span>`}
      <span class="small quiet">
        ${words.apps.since} ${time(context, app.createdMs)} ·
        ${" "}${app.lastUsedMs === null ? words.apps.neverUsed : html`${words.apps.lastUsed} ${time(context, app.lastUsedMs)}`}
      </span>
    </div>
    <form method="post" action=${APPS.path}>
      ${csrfField(context)}${hidden(APPS.fields.app, app.id)}
      <button class="button button-quiet" aria-label=${words.apps.revokeOf(app.name)}>${words.apps.revoke}</button>
    </form>
    <details class="more">
      <summary>${icon("key-round")}${words.apps.may}</summary>
      ${scopeList(context, app.scopes)}
    </details>
  </li>`;
}

function websiteOf({ website }: AppItem): Html {
  const href = safeHref(website);
  const host = href === undefined ? undefined : URL.parse(href)?.host;
  return host && html`<a class="small" href=${href} rel="noopener nofollow"><bdi>${host}</bdi></a>`;
}
