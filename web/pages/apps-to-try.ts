/** Which apps to try, and how to sign in with them: for everybody, whether they have an account or not. */
import { pageHead } from "../components/page-head.ts";
import { APPS, PATHS, SIGN_UP } from "../forms.ts";
import { type Html, html } from "../html.ts";
import type { PageContext, PageView } from "../page.ts";

export interface AppsToTryProps {
  /** Where this server is: scheme and host. */
  readonly origin: string;
}

/** Tried by us, or known to be looked after; no more than one can choose from. */
const BROWSER = [
  { name: "Phanpy", key: "phanpy", href: (host: string) => `https://phanpy.social/#/login?instance=${host}` },
  { name: "Elk", key: "elk", href: () => "https://elk.zone/" },
  { name: "Enafore", key: "enafore", href: () => "https://enafore.social/" },
  { name: "Semaphore", key: "semaphore", href: () => "https://semaphore.social/" },
] as const;
const PHONE = [
  { name: "Tusky", key: "tusky", href: () => "https://tusky.app/" },
  { name: "Moshidon", key: "moshidon", href: () => "https://lucasggamerm.github.io/moshidon/" },
  {
    name: "Ice Cubes",
    key: "iceCubes",
    href: () => "https://apps.apple.com/app/ice-cubes-for-mastodon/id6444915884",
  },
  { name: "Mastodon", key: "mastodon", href: () => "https://joinmastodon.org/apps" },
] as const;
const TERMINAL = [{ name: "toot", key: "toot", href: () => "https://toot.bezdomni.net/" }] as const;

type App = (typeof BROWSER)[number] | (typeof PHONE)[number] | (typeof TERMINAL)[number];

export function appsToTryPage(context: PageContext, { origin }: AppsToTryProps): PageView {
  const { words, site, viewer } = context;
  const said = words.appsToTry;
  const { copy, copied } = words.adminInvitations;
  const title = said.title(site.name);
  return {
    title,
    main: html`
      ${pageHead({ title, text: said.text })}
      <section class="section sheet sheet-body">
        <h2>${said.address}</h2>
        <p class="button-row"><code class="secret" data-island="copy" data-copy=${copy} data-copied=${copied}>${site.host}</code></p>
        <p class="small quiet">${said.addressText}</p>
        <h2>${said.how}</h2>
        <ol class="rules">${said.steps.map((step) => html`<li key=${step}>${step}</li>`)}</ol>
        ${
          viewer === null && site.registration !== "closed"
            ? html`<p>${said.noAccount} <a href=${SIGN_UP.path}>${words.signIn.join}</a></p>`
            : null
        }
        ${viewer && html`<p>${said.shutOut} <a href=${APPS.path}>${words.apps.title}</a></p>`}
      </section>
      ${list(context, said.browser, said.browserText, BROWSER)}
      ${list(context, said.phone, said.phoneText, PHONE)}
      ${list(context, said.terminal, said.terminalText, TERMINAL)}
      <section class="section sheet sheet-body">
        <h2>${said.makers}</h2>
        <p>${said.makersText}</p>
        <p class="small">${said.metadata}: <a href=${PATHS.oauthMetadata}><code>${origin + PATHS.oauthMetadata}</code></a></p>
      </section>`,
  };
}

function list({ words, site }: PageContext, title: string, text: string, apps: readonly App[]): Html {
  return html`<section class="section">
    <h2>${title}</h2>
    <p class="quiet">${text}</p>
    <ul class="sheet feed">
      ${apps.map(
        ({ name, key, href }) => html`<li key=${key} class="line"><div class="line-text">
          <a href=${href(site.host)} rel="noopener">${name}</a>
          <span class="small quiet">${words.appsToTry.apps[key]}</span>
        </div></li>`,
      )}
    </ul>
  </section>`;
}
