/** After consent, where there is no app to go back to: a code to copy, a no, or a question that made no sense. */
import { pageHead } from "../components/page-head.ts";
import { html } from "../html.ts";
import type { PageContext, PageView } from "../page.ts";

export function codePage({ words }: PageContext, code: string): PageView {
  const { codeTitle, codeText } = words.authorized;
  const { copy, copied } = words.adminInvitations;
  return {
    title: codeTitle,
    width: "narrow",
    isPrivate: true,
    main: html`${pageHead({ title: codeTitle, text: codeText })}
      <div class="sheet sheet-body">
        <p class="button-row"><code class="secret" data-island="copy" data-copy=${copy} data-copied=${copied}>${code}</code></p>
      </div>`,
  };
}

export function deniedPage({ words }: PageContext): PageView {
  const { deniedTitle, deniedText } = words.authorized;
  return {
    title: deniedTitle,
    width: "narrow",
    isPrivate: true,
    main: pageHead({ title: deniedTitle, text: deniedText }),
  };
}

/** The way back is a link, never a redirect: anybody may register an address (RFC 9700 §4.11.2). */
export function refusedPage(
  { words }: PageContext,
  { message, to }: { readonly message: string; readonly to: string | null },
): PageView {
  const { refusedTitle, back } = words.authorized;
  return {
    title: refusedTitle,
    width: "narrow",
    isPrivate: true,
    main: html`${pageHead({ title: refusedTitle, text: message })}
      ${to && html`<p><a rel="noopener nofollow" href=${to}>${back}</a></p>`}`,
  };
}
