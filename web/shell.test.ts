/** What one can reach from every page, however narrow it is. */
import { expect, test } from "bun:test";
import { html } from "./html.ts";
import { objectPage } from "./pages/object.ts";
import { renderDocument } from "./render.ts";
import { cannedContext } from "./testing/canned.ts";
import { objectView } from "./testing/people.ts";

const documentFor = (as: "member" | "admin") =>
  renderDocument(cannedContext({ as }), { title: "Any page", main: html`<p>Any page</p>` });

/** Addresses in the part of the document that begins with `start`. */
const linksIn = (document: string, start: string, end: string): readonly string[] => {
  const from = document.indexOf(start);
  return [...document.slice(from, document.indexOf(end, from)).matchAll(/href="([^"]+)"/g)].map(
    (m) => m[1] ?? "",
  );
};

test.each(["member", "admin"] as const)("the menu of a %s's account leads wherever the rail does", (as) => {
  const document = documentFor(as);
  const rail = [...document.matchAll(/main-menu-item in-rail" href="([^"]+)"/g)].map((m) => m[1]);
  const menu = linksIn(document, 'class="menu-list"', "</details>");
  expect(rail.length).toBeGreaterThan(3);
  for (const href of rail) expect(menu).toContain(href ?? "");
  expect(menu.includes("/admin")).toBe(as === "admin");
  expect(menu.includes("/requests")).toBe(as === "admin");
});

test.each([0, 1, 2])("with %d posts before it, a post stands below all of them", (count) => {
  expect(pageWith(count)).not.toContain("earlier post");
});

test("of a long conversation only the last post stands open before the one that was asked for", () => {
  const document = pageWith(40);
  expect(document).toContain("39 earlier posts");
  const folded = document.slice(document.indexOf('class="earlier"'), document.indexOf("</details><article"));
  expect(folded.match(/id="p1\d{3}"/g)).toHaveLength(39);
  expect(document.match(/id="p1\d{3}"/g)).toHaveLength(40);
});

function pageWith(ancestors: number): string {
  const context = cannedContext({ as: "member" });
  const before = Array.from({ length: ancestors }, (_, i) => objectView({ key: 1000 + i }));
  return renderDocument(
    context,
    objectPage(context, { view: objectView({ key: 1 }), ancestors: before, replies: [], arrivals: null }),
  );
}
