/** The page of a post or person on another server leads to its document, where the page says where that is. */
import { beforeEach, expect, test } from "bun:test";
import { PUBLIC } from "../core/object.ts";
import { appOf } from "../testing/app-client.ts";
import { onSqlite } from "../testing/engines.ts";
import { type Fediverse, fediverse } from "../testing/fediverse.ts";
import { type Person, person } from "../testing/people.ts";
import { type Stranger, type StrangerActor, stranger } from "../testing/strangers.ts";

const AS = "https://www.w3.org/ns/activitystreams";

onSqlite((engine) => {
  let all: Fediverse;
  let alice: Person;
  let blog: Stranger;
  let gina: StrangerActor;

  beforeEach(async () => {
    all = await fediverse(engine, ["a.test"]);
    alice = await person(all.at("a.test"), "alice", "admin");
    blog = stranger(all, "blog.test");
    gina = await blog.actor("gina");
    blog.put("/ap/1", {
      body: {
        "@context": AS,
        id: gina.at("/ap/1"),
        type: "Article",
        name: "News",
        attributedTo: gina.iri,
        url: gina.at("/news/"),
        to: [PUBLIC],
      },
    });
  });

  const page = (href: string, type = "application/activity+json") =>
    `<!doctype html><html><head><title>News</title><link rel="alternate" type="${type}" href="${href}"></head><body></body></html>`;
  const html = "text/html; charset=utf-8";
  const seek = async (path: string): Promise<readonly string[]> => {
    const q = encodeURIComponent(gina.at(path));
    const found = await (await appOf(alice)).get(`/api/v2/search?resolve=true&q=${q}`);
    return [...found.statuses, ...found.accounts].map(({ uri }) => uri);
  };

  test("in its head, as Ghost and WordPress do", async () => {
    blog.put("/news/", { type: html, body: page("/ap/1") });
    expect(await seek("/news/")).toEqual([gina.at("/ap/1")]);
    blog.put("/about/", {
      type: html,
      body: page(gina.iri, `application/ld+json; profile=&quot;${AS}&quot;`),
    });
    expect(await seek("/about/")).toEqual([gina.iri]);
    const shown = await alice.page(`/search?q=${encodeURIComponent(gina.at("/news/"))}`);
    expect([shown.status, shown.headers.get("location") ?? (await shown.text())].join(" ")).toContain("News");
  });

  test("beside it, as NodeBB does", async () => {
    const link = `<https://blog.test/feed>; rel="alternate"; type="application/rss+xml", </ap/1>; rel=alternate; type="application/activity+json"`;
    blog.put("/topic/1", { type: html, headers: { link }, body: "<p>News</p>" });
    expect(await seek("/topic/1")).toEqual([gina.at("/ap/1")]);
  });

  test.each<[string, () => string]>([
    ["another page", () => page("/news/")],
    ["a feed", () => page("/ap/1", "application/rss+xml")],
    ["what another server calls something else", () => page("https://a.test/users/alice")],
    ["nothing", () => "<title>News</title>"],
  ])("not one that leads to %s", async (_, body) => {
    blog.put("/odd/", { type: html, body: body() });
    blog.put("/news/", { type: html, body: page("/ap/1") });
    expect(await seek("/odd/")).toEqual([]);
  });
});
