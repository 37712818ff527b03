/** Signing up where nobody is let in, and where the answer takes a while. */
import { emptyState } from "../components/empty-state.ts";
import { PATHS } from "../forms.ts";
import { html } from "../html.ts";
import type { PageContext, PageView } from "../page.ts";

export const closedPage = ({ words, site }: PageContext): PageView => ({
  title: words.signUp.title(site.name),
  width: "narrow",
  main: html`<h1>${words.signUp.title(site.name)}</h1>
    <div class="sheet">${emptyState({
      icon: "lock",
      title: words.signUp.closedTitle,
      text: words.signUp.closedText,
      step: { href: PATHS.home, label: words.signUp.backHome },
    })}</div>`,
});

export const waitingPage = ({ words, site }: PageContext): PageView => ({
  title: words.signUp.waitingTitle,
  width: "narrow",
  main: html`<h1>${words.signUp.title(site.name)}</h1>
    <div class="sheet">${emptyState({
      icon: "mail",
      title: words.signUp.waitingTitle,
      text: words.signUp.waitingText,
      step: { href: PATHS.home, label: words.signUp.backHome },
    })}</div>`,
});
