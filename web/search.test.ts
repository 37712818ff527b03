/** The page for searching: what it shows of each kind, where it leads on, and whom it asks elsewhere. */
import { beforeAll, expect, test } from "bun:test";
import { PUBLIC } from "../server/core/object.ts";
import { type TestApp, testApp } from "../server/testing/app.ts";
import { onSqlite } from "../server/testing/engines.ts";
import { groupOf } from "../server/testing/groups.ts";
import { type Person, person } from "../server/testing/people.ts";
import { WEB_RATES } from "./face.ts";

onSqlite((engine) => {
  let app: TestApp;
  let alice: Person;

  const textOf = async (response: Promise<Response> | Response) =>
    (await (await response).text()).replaceAll(/[\u2068\u2069]/g, "");

  beforeAll(async () => {
    app = await testApp(engine);
    alice = await person(app, "alice", "admin");
    await person(app, "walter");
    await groupOf(app, "walrus", alice, { name: "Walrus watchers" });
    for (let n = 1; n <= 25; n++) {
      app.clock.advance(1000);
      const tag = { type: "Hashtag", name: "#walruses", href: `${app.origin}/tags/walruses` };
      await alice.note(`Walrus number ${n}.`, { to: [PUBLIC] }, n === 1 ? { tag: [tag] } : {});
    }
    await app.opened.search.drain();
  });

  test("everything is shown at once, with ways to each kind", async () => {
    const page = await textOf(alice.page("/search?q=wal"));
    for (const part of ["/@walter", "/@walrus", "/tags/walruses", "kind=posts"]) expect(page).toContain(part);
    const posts = await textOf(alice.page("/search?q=walrus"));
    expect(posts).toContain("Walrus number 25.");
    expect(posts).not.toContain("Walrus number 5.");
  });

  test("one kind alone is shown alone", async () => {
    const page = await textOf(alice.page("/search?q=walrus&kind=groups"));
    expect(page).toContain("Walrus watchers");
    expect(page).not.toContain("Walrus number");
    expect(await textOf(alice.page("/search?q=zebra&kind=posts"))).toContain("Nothing of this kind");
  });

  test("the next page goes on where the first ended, with posts alone", async () => {
    const first = await textOf(alice.page("/search?q=walrus"));
    const [, next = ""] = /href="(\/search\?[^"]*next=[^"]*)" rel="next"/.exec(first) ?? [];
    const second = await textOf(alice.page(next.replaceAll("&amp;", "&")));
    for (const n of [5, 1]) expect(second).toContain(`Walrus number ${n}.`);
    expect(second).not.toContain("Walrus number 6.");
    expect(second).not.toContain("Walrus watchers");
    expect(second).not.toContain(`rel="next"`);
  });

  test("the address of a page here leads to what it shows", async () => {
    const iri = await alice.note("A single seal.", { to: [PUBLIC] });
    const key = (await app.federation.look.find(iri))?.key;
    const found = (path: string) => textOf(alice.page(`/search?q=${encodeURIComponent(app.origin + path)}`));
    expect(await found(`/@alice/${key}`)).toContain("A single seal.");
    expect(await found("/@walter")).toContain('href="/@walter"');
    expect(await found("/@nobody")).not.toContain('href="/@walter"');
  });

  test("a cursor that is none begins anew, and markup in a question stays text", async () => {
    expect(await textOf(alice.page("/search?q=walrus&next=x"))).toContain("Walrus number 25.");
    const page = await textOf(alice.page(`/search?q=${encodeURIComponent('"><script>alert(1)</script>')}`));
    expect(page).not.toContain("<script>alert");
  });

  test("visitors find what is meant to be found", async () => {
    const page = await textOf(app.ask("/search?q=walrus", { headers: { accept: "text/html" } }));
    expect(page).not.toContain("Walrus number");
    expect(page).toContain("/@walrus");
  });

  test("whoever searches without an end is asked to wait", async () => {
    const { burst } = WEB_RATES.search;
    let answer = await alice.page("/search?q=walrus");
    for (let n = 0; n < burst && answer.status === 200; n++)
      answer = await alice.page(`/search?q=${n}&kind=tags`);
    expect(answer.status).toBe(429);
  });
});
