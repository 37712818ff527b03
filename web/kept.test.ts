/** Kept markup says on every page what the page would have said, and nothing of another page. */
import { expect, test } from "bun:test";
import type { VNode } from "preact";
import { renderToString } from "preact-render-to-string";
import type { ObjectView } from "../server/queries/view.ts";
import { composer, emptyComposer } from "./components/composer.ts";
import { keptCard } from "./components/kept-card.ts";
import { mainMenu } from "./components/main-menu.ts";
import { type ObjectCardProps, objectCard } from "./components/object-card.ts";
import type { Html } from "./html.ts";
import type { PageContext, Viewer } from "./page.ts";
import { shell } from "./shell.ts";
import { cannedContext } from "./testing/canned.ts";
import { ada, ago, noor, objectView } from "./testing/people.ts";
import * as posts from "./testing/posts.ts";

const markupOf = (html: Html): string => renderToString(html as VNode);
const context = (given: Partial<PageContext> = {}): PageContext => ({
  ...cannedContext({ as: "member" }),
  ...given,
});

function sameTwice(page: PageContext, props: ObjectCardProps): string {
  const fresh = markupOf(objectCard(page, props));
  expect(markupOf(keptCard(page, props))).toBe(fresh);
  expect(markupOf(keptCard(page, props))).toBe(fresh);
  return fresh;
}

const views = Object.entries(posts).filter(
  (entry): entry is [string, ObjectView] => !Array.isArray(entry[1]),
);

test.each(views)("the kept card of %s is the card itself, in every place and for everybody", (_, view) => {
  for (const page of [
    context(),
    { ...context(), viewer: null },
    cannedContext({ as: "member" }, { language: "de" }),
  ]) {
    for (const as of ["feed", "reply", "whole"] as const) {
      for (const showsParent of [true, false]) {
        sameTwice(page, { view, as, showsParent });
        sameTwice(page, { view, as, showsParent, sharedBy: noor });
        sameTwice(page, { view, as, showsParent, sharedBy: ada });
      }
    }
  }
});

test("each page has its own token and its own way back, both escaped", () => {
  const view = objectView();
  const first = sameTwice(context({ csrf: "one", path: "/?a=1&b=<2>" }), { view });
  expect(first).toContain('value="one"');
  expect(first).toContain("/?a=1&amp;b=&lt;2>");
  const second = sameTwice(context({ csrf: "two", path: "/other" }), { view });
  expect(second).not.toContain("one");
  expect(second).toContain('value="two"');
});

test("time goes on for a card that is kept", () => {
  const view = objectView({ publishedMs: ago(5) });
  const before = sameTwice(context(), { view });
  const later = sameTwice(context({ nowMs: context().nowMs + 10 * 60_000 }), { view });
  expect(later).not.toBe(before);
});

test("the empty composer is the composer with nothing in it", () => {
  for (const page of [context({ csrf: "one" }), context({ csrf: "two", once: "<>", path: "/@ada" })]) {
    expect(markupOf(emptyComposer(page))).toBe(markupOf(composer(page)));
  }
});

test("the kept menu is the menu: with the page that is open, the counts and the rights of whoever looks", () => {
  const viewer = { actor: ada, role: "member", unreadNotices: 2, followRequests: 0 } as const;
  const menuOf = (more: Partial<Viewer> = {}, page: Partial<PageContext> = {}): string =>
    markupOf(mainMenu(context({ path: "/", ...page }), { ...viewer, ...more }));
  const first = menuOf();
  expect(first).toContain('href="/" aria-current="page"');
  expect(first).toContain("2 new notices");
  expect(first).not.toContain("/admin");
  expect(menuOf({}, { path: "/notices?older=1" })).toContain('href="/notices" aria-current="page"');
  expect(menuOf({ unreadNotices: 7 })).toContain("7 new notices");
  expect(menuOf({ followRequests: 3 })).toContain(">3<");
  expect(menuOf({ role: "admin" })).toContain('href="/admin"');
  expect(menuOf({ actor: noor })).toContain(`href="${noor.path}"`);
  expect(menuOf({}, cannedContext({ as: "member" }, { language: "de" }))).toContain("Mitteilungen");
  for (let count = 0; count < 30; count++) menuOf({ unreadNotices: count });
  expect(menuOf()).toBe(first);
  expect(menuOf({}, { path: "/objects/1" })).not.toContain("aria-current");
  expect(menuOf({}, { path: "/settings/sessions" })).toContain('href="/settings" aria-current="page"');
});

test("every item of the menu is marked on its own page, and alone", () => {
  const viewer = { actor: ada, role: "admin", unreadNotices: 0, followRequests: 1 } as const;
  const on = (path: string): string => markupOf(mainMenu(context({ path }), viewer));
  const places = [...on("/").matchAll(/<a [^>]*href="([^"]+)"/g)].map(([, place = ""]) => place);
  expect(places).toHaveLength(12);
  for (const place of places) {
    const marked = [...on(place).matchAll(/href="([^"]+)" aria-current="page"/g)].map(([, one]) => one);
    expect(marked).toEqual([place]);
  }
});

test("the menu of one's account carries the token of each page", () => {
  const pageOf = (csrf: string): string => markupOf(shell(context({ csrf }), { title: "Home", main: null }));
  expect(pageOf("one")).toContain('value="one"');
  expect(pageOf("two")).toContain('value="two"');
  expect(pageOf("two")).not.toContain('value="one"');
});
