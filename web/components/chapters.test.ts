/** The chapter and the page where the reader is are marked, and only these. */
import { expect, test } from "bun:test";
import type { VNode } from "preact";
import { renderToString } from "preact-render-to-string";
import { chapters } from "./chapters.ts";

const ALL = [
  { label: "Overview", pages: [{ href: "/admin", label: "Overview" }] },
  {
    label: "People",
    pages: [
      { href: "/admin/people", label: "Accounts" },
      { href: "/admin/invitations", label: "Invitations" },
    ],
  },
];
const marked = (path: string): string[] => {
  const markup = renderToString(chapters("All", ALL, path) as VNode);
  return [...markup.matchAll(/href="([^"]*)" aria-current="page">\s*([^<]*?)\s*</g)].map(
    ([, href, label]) => `${label} ${href}`,
  );
};

test("a page is marked with its chapter, which leads to its first page", () => {
  expect(marked("/admin/invitations?page=2")).toEqual([
    "People /admin/people",
    "Invitations /admin/invitations",
  ]);
});

test("what lies below a page belongs to it", () => {
  expect(marked("/admin/people/alice")).toEqual(["People /admin/people", "Accounts /admin/people"]);
});

test("a chapter of one page has no second line, and no other page belongs to it by its address alone", () => {
  expect(marked("/admin")).toEqual(["Overview /admin"]);
  expect(marked("/admin/people").join()).not.toContain("Overview");
});
