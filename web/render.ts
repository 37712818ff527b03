/** From a page to what goes over the wire: the document, and the headers that guard it. */
import type { VNode } from "preact";
import { renderToString } from "preact-render-to-string";
import type { PageContext, PageView } from "./page.ts";
import { shell } from "./shell.ts";

export const renderDocument = (context: PageContext, page: PageView): string =>
  `<!doctype html>${renderToString(shell(context, page) as VNode)}`;

export interface PageHeaderOptions {
  /** Wherever https is let through, plain http is too (test networks only). */
  readonly allowsHttp?: boolean;
  /** Where this server's own files lie besides here: an origin. */
  readonly mediaOrigin?: string | null;
  /** A program opened it in a window of its own and waits for that window to answer: it stays in touch with it. */
  readonly keepsOpener?: boolean;
}

/**
 * Headers of an HTML page (CSP Level 3): nothing inline runs, nothing is loaded from elsewhere (media of other servers
 * come through this one), and forms end here or at the page's `formTargets`. Browsers hold every redirect after a form
 * to `form-action` too, and a program that is answered may send its person on to anywhere.
 */
export function pageHeaders(page: PageView, options: PageHeaderOptions = {}): Record<string, string> {
  const sources = (list: readonly string[]): string =>
    ["'self'", ...list, ...(options.allowsHttp && list.includes("https:") ? ["http:"] : [])].join(" ");
  const media = options.mediaOrigin ? ` ${options.mediaOrigin}` : "";
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    `img-src 'self' data:${media}`,
    `media-src 'self'${media}`,
    "connect-src 'self'",
    "manifest-src 'self'",
    ...(page.formTargets === "anywhere" ? [] : [`form-action ${sources(page.formTargets ?? [])}`]),
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ];
  return {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": policy.join("; "),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    ...(options.keepsOpener ? {} : { "Cross-Origin-Opener-Policy": "same-origin" }),
    Vary: "Accept, Cookie, Accept-Language",
    "Cache-Control": "private, no-cache",
  };
}

export const pageResponse = (
  context: PageContext,
  page: PageView,
  status = 200,
  options: PageHeaderOptions = {},
): Response => new Response(renderDocument(context, page), { status, headers: pageHeaders(page, options) });
