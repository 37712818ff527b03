/** A page on which nothing stands, of a list that goes on: what lies between is hidden from whoever reads. */
import { describe, expect, test } from "bun:test";
import type { PageContext, PageView } from "./page.ts";
import { bookmarksPage } from "./pages/bookmarks.ts";
import { noticesPage } from "./pages/notices.ts";
import { peopleListPage, requestsPage } from "./pages/people-list.ts";
import { renderDocument } from "./render.ts";
import { cannedContext } from "./testing/canned.ts";
import { cannedPages } from "./testing/canned-pages.ts";
import { ada } from "./testing/people.ts";

const olderHref = "/further?before=7";

const pages: Readonly<Record<string, (context: PageContext, olderHref: string | null) => PageView>> = {
  bookmarks: (context, olderHref) => bookmarksPage(context, { feed: { items: [], olderHref } }),
  notices: (context, olderHref) => noticesPage(context, { notices: [], olderHref }),
  requests: (context, olderHref) => requestsPage(context, { people: [], olderHref }),
  followers: (context, olderHref) =>
    peopleListPage(context, { of: ada, which: "followers", people: [], olderHref }),
};

describe.each(Object.keys(pages))("an empty page of %s", (name) => {
  const documentWith = (olderHref: string | null): string => {
    const canned = cannedPages.bookmarks;
    const page = pages[name];
    if (canned === undefined || page === undefined) throw new Error(`There is no page ${name}.`);
    const context = cannedContext(canned, { language: "en" });
    return renderDocument(context, page(context, olderHref));
  };

  test("leads on where the list does, and does not say that there is nothing", () => {
    const document = documentWith(olderHref);
    expect(document).toContain(`href="${olderHref}" rel="next"`);
    expect(document).not.toContain('class="empty"');
  });

  test("says that there is nothing where the list ends", () => {
    expect(documentWith(null)).toContain('class="empty"');
  });
});

describe("a page on which nothing stands", () => {
  test.each(Object.keys(cannedPages))("says why once (%s)", (name) => {
    const canned = cannedPages[name];
    if (canned === undefined) throw new Error(`There is no page ${name}.`);
    const context = cannedContext(canned, { language: "en" });
    const document = renderDocument(context, canned.page(context));
    for (const [, text = ""] of document.matchAll(/<div class="[^"]*\bempty\b[^"]*">.*?<p>(.*?)<\/p>/gs))
      expect(document.split(`>${text}<`)).toHaveLength(2);
  });
});
