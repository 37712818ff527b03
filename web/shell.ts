/** The page around the page: head, header, menus, the main column, and the footer. */
import { assetPath } from "./assets/index.ts";
import { csrfField } from "./components/act-form.ts";
import { avatar } from "./components/avatar.ts";
import { icon, mark } from "./components/icon.ts";
import { liveButton } from "./components/live-button.ts";
import { mainMenu, menuOfRail } from "./components/main-menu.ts";
import { menu } from "./components/menu.ts";
import { nameOf } from "./components/person-chip.ts";
import { toast } from "./components/toast.ts";
import { localReturn, PATHS, pathWithReturn, SEARCH, SETUP, SIGN_IN, SIGN_OUT, SIGN_UP } from "./forms.ts";
import { type Html, html } from "./html.ts";
import { createKeptOf } from "./kept.ts";
import type { PageContext, PageView, Viewer } from "./page.ts";
import { MANIFEST_PATH, PAPER } from "./site-files.ts";
import { directionOf } from "./words/index.ts";

/** The whole document, without its doctype. */
export function shell(context: PageContext, page: PageView): Html {
  const { language, theme, site, viewer, words } = context;
  return html`<html lang=${language} dir=${directionOf(language)} data-accent=${site.accent}
    data-theme=${theme === "auto" ? undefined : theme}>
    ${head(context, page)}
    <body class=${viewer === null ? "is-visitor" : "is-signed-in"} data-island="menus times acts">
      <a class="skip-link" href="#main">${words.shell.skip}</a>
      ${header(context)}
      ${viewer && liveButton(context, page.live ?? null)}
      <div class=${`frame frame-${page.width ?? "reading"} ${page.aside ? "has-aside" : ""}`}>
        ${viewer && mainMenu(context, viewer)}
        <main id="main" class="main" tabindex="-1">${toast(context)}${page.main}</main>
        ${page.aside && html`<aside class="aside">${page.aside}</aside>`}
      </div>
      ${footer(context)}
    </body>
  </html>`;
}

function head({ site, theme }: PageContext, page: PageView): Html {
  const title = page.title === site.name ? site.name : `${page.title} · ${site.name}`;
  return html`<head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
    <meta name="color-scheme" content="light dark" />
    <title>${title}</title>
    ${page.isPrivate && html`<meta name="robots" content="noindex" />`}
    <link rel="stylesheet" href=${assetPath("style.css")} />
    <script type="module" src=${assetPath("islands.js")}></script>
    <link rel="icon" type="image/svg+xml" href=${assetPath("favicon.svg")} />
    <link rel="apple-touch-icon" href=${assetPath("icon-180.png")} />
    <link rel="manifest" href=${MANIFEST_PATH} />
    ${(["light", "dark"] as const).map(
      (one) => html`<meta key=${one} name="theme-color"
      content=${PAPER[theme === "auto" ? one : theme]} media=${`(prefers-color-scheme: ${one})`} />`,
    )}
    ${page.head}
  </head>`;
}

function header(context: PageContext): Html {
  const { site, viewer, words } = context;
  return html`<header class="site-header">
    <a class="site-name" href=${PATHS.home}>${mark()}<bdi>${site.name}</bdi></a>
    ${viewer && searchForm(context)}
    ${viewer ? accountMenu(context, viewer) : !context.path.startsWith(SETUP.path) && visitorLinks(context)}
  </header>`;

  function visitorLinks({ path }: PageContext): Html {
    const back = backFrom(path);
    return html`<nav class="visitor-links" aria-label=${words.shell.account}>
      <a class="button button-plain" href=${pathWithReturn(SIGN_IN.path, back)}>${words.shell.signIn}</a>
      ${
        site.registration !== "closed" &&
        html`<a class="button button-quiet" href=${pathWithReturn(SIGN_UP.path, back)}>${words.shell.signUp}</a>`
      }
    </nav>`;
  }
}

const DOORS: readonly string[] = [SIGN_IN.path, SIGN_IN.forPrograms, SIGN_UP.path];

/** Where one comes back to who signs in from that page: the doors themselves lead on to where they were to lead. */
function backFrom(path: string): string {
  const url = URL.parse(path, "http://localhost");
  if (url === null || !DOORS.includes(url.pathname)) return path;
  return localReturn(url.searchParams.get(SIGN_IN.fields.return), PATHS.home);
}

function searchForm({ words }: PageContext): Html {
  return html`<form class="header-search" role="search" aria-label=${words.shell.searchHeader} action=${SEARCH.path}>
    ${icon("search")}
    <input type="search" name=${SEARCH.fields.query} aria-label=${words.shell.searchLabel}
      placeholder=${words.shell.search} />
  </form>`;
}

const keptMenus = createKeptOf<Viewer["actor"]>();

const accountMenu = (context: PageContext, viewer: Viewer): Html =>
  keptMenus(
    viewer.actor,
    `${context.language} ${viewer.role} ${viewer.followRequests}`,
    context,
    (anyContext) => accountMenuOf(anyContext, viewer),
  );

function accountMenuOf(context: PageContext, viewer: Viewer): Html {
  const { words } = context;
  const { actor } = viewer;
  return menu({
    label: words.shell.account,
    face: avatar(actor, "small"),
    children: html`
      <p class="menu-title"><bdi>${nameOf(actor)}</bdi><span class="handle">@${actor.handle}</span></p>
      <a class="menu-item" href=${actor.path}>${icon("user-round")}${words.shell.profile}</a>
      ${menuOfRail(context, viewer)}
      <form method="post" action=${SIGN_OUT.path}>
        ${csrfField(context)}
        <button class="menu-item">${icon("log-out")}${words.shell.signOut}</button>
      </form>`,
  });
}

function footer({ site, words }: PageContext): Html {
  return html`<footer class="site-footer">
    <nav aria-label=${words.shell.footer}>
      <a href=${PATHS.about}>${words.shell.about}</a>
      <a href=${PATHS.appsToTry}>${words.appsToTry.link}</a>
      <a href=${PATHS.rules}>${words.shell.rules}</a>
      <a href=${PATHS.privacy}>${words.shell.privacy}</a>
    </nav>
    <p><bdi>${site.host}</bdi></p>
  </footer>`;
}
