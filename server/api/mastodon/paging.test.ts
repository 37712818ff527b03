/** The `Link` header as clients take it apart. */
import { expect, test } from "bun:test";
import { pageLinks, pageRequestOf } from "./paging.ts";
import { queryOf } from "./params.ts";

const ORIGIN = "https://a.test";
const linksOf = (path: string, page = { older: 5 as number | null, newer: 9 as number | null }) =>
  pageLinks(ORIGIN, `http://localhost:1${path}`, page);

test("the next page stands first, with whole addresses of this server", () => {
  expect(linksOf("/api/v1/x?limit=2")).toBe(
    '<https://a.test/api/v1/x?limit=2&max_id=5>; rel="next", <https://a.test/api/v1/x?limit=2&min_id=9>; rel="prev"',
  );
  expect(linksOf("/api/v1/x")).toStartWith('<https://a.test/api/v1/x?max_id=5>; rel="next"');
});

test("what else was asked is kept, and only the bounds go", () => {
  const link = linksOf("/api/v1/n?types[]=a&max_id=1&types%5B%5D=b&since_id=2&min_id=3&local=true");
  expect(link).toContain("https://a.test/api/v1/n?local=true&types%5B%5D=a&types%5B%5D=b&max_id=5");
  expect(link).not.toContain("since_id");
});

test("no address has a comma, whatever was asked", () => {
  const link = linksOf("/api/v1/tag/a,b?q=c,d") ?? "";
  expect(link.split(",")).toHaveLength(2);
});

test("what comes twice stays once, so that addresses do not grow (toot)", () => {
  expect(linksOf("/api/v1/x?limit=20&max_id=7&limit=20")).toStartWith(
    "<https://a.test/api/v1/x?limit=20&max_id=5>",
  );
});

test("the last page leads no further, and an empty one nowhere", () => {
  expect(linksOf("/x", { older: null, newer: 9 })).toBe('<https://a.test/x?min_id=9>; rel="prev"');
  expect(linksOf("/x", { older: null, newer: null })).toBeNull();
});

test("bounds become those of pages; what is no id is no bound", () => {
  const page = (query: string) => pageRequestOf(queryOf(`${ORIGIN}/x${query}`), { default: 20, max: 40 });
  expect(page("?max_id=5&since_id=2")).toEqual({ limit: 20, before: 5, after: 2 });
  expect(page("?min_id=3&since_id=2&limit=7")).toEqual({ limit: 7, from: 3 });
  expect(page("?max_id=null&limit=400")).toEqual({ limit: 40 });
  expect(page("?limit=0&min_id=-1")).toEqual({ limit: 20 });
});
