/** Views are of the rows as they are now, for the one who looks, in a fixed number of statements. */
import { expect, test } from "bun:test";
import type { Extension } from "../core/behaviour.ts";
import { PUBLIC } from "../core/object.ts";
import { createLog } from "../lib/log.ts";
import type { Sql } from "../lib/sql.ts";
import { onSqlite } from "../testing/engines.ts";
import { readingOf } from "../testing/reading.ts";
import { village } from "../testing/village.ts";

const SILENT = createLog({ now: () => 0, level: "error", form: "text", write: () => undefined });
const A = "https://a.test";
const B = "https://b.test";

const cooking: Extension = {
  name: "cooking",
  types: {
    Recipe: {
      iri: "https://food.test/Recipe",
      kind: "object",
      extends: "Article",
      display: { title: "name", body: "content", facts: ["servings"], actions: ["Cook"] },
    },
    Cook: { iri: "https://food.test/Cook", kind: "activity" },
  },
  behaviours: [{ type: "Cook", adds: [{ into: ["object", "cooks"], item: "actor" }] }],
  words: {
    en: { Recipe: "Recipe", Cook: "I cooked this", servings: "Serves" },
    de: { Recipe: "Rezept", Cook: "Gekocht", servings: "Portionen" },
  },
};

onSqlite((engine) => {
  async function given(extensions: readonly Extension[] = []) {
    const town = await village(
      { [A]: await engine.freshDb(), [B]: await engine.freshDb() },
      { [A]: extensions },
    );
    const a = town.house(A);
    const b = town.house(B);
    const alice = await a.person("alice");
    const bob = await b.person("bob");
    await b.look.fetch(alice.iri);
    await b.core.act(bob.key, { type: "Follow", object: alice.iri });
    await town.settle();
    const here = readingOf(a, town.clock.now, { extensions });
    const there = readingOf(b, town.clock.now);
    const post = async (draft: object) => {
      town.clock.advance(10);
      const to = { to: [PUBLIC], cc: [`${alice.iri}/followers`] };
      const { object } = await a.core.act(alice.key, { ...to, ...draft } as never);
      await town.settle();
      return object as { key: number; iri: string };
    };
    const seenThere = async (iri: string) => {
      const key = (await b.look.find(iri))?.key ?? 0;
      return (await there.views.objects([key], bob.key)).get(key);
    };
    return { town, a, b, alice, bob, here, there, post, seenThere };
  }

  test("a post looks the same on both servers, each with its own paths", async () => {
    const { here, post, seenThere } = await given();
    const { key, iri } = await post({ type: "Note", content: "hello", summary: "careful" });
    const mine = (await here.views.objects([key], null)).get(key);
    expect(mine).toMatchObject({
      iri,
      path: `/@alice/${key}`,
      url: `${A}/@alice/${key}`,
      isLocal: true,
      visibility: "public",
      contentHtml: "hello",
      summary: "careful",
      author: { handle: "alice", path: "/@alice", isLocal: true },
    });
    const theirs = await seenThere(iri);
    expect(theirs).toMatchObject({
      iri,
      path: `/@alice@a.test/${theirs?.key}`,
      isLocal: false,
      contentHtml: "hello",
      author: { handle: "alice@a.test", path: "/@alice@a.test", host: "a.test" },
      publishedMs: mine?.publishedMs ?? 0,
    });
  });

  test("what is said by things with a `toString` of their own is stored and shown without it", async () => {
    const { post, seenThere } = await given();
    const odd = { toString: 1, valueOf: 1 };
    const all = [odd, [odd], [[odd]]];
    for (const said of all) {
      const film = { type: "Video", url: `${A}/film.mp4`, mediaType: "video/mp4" };
      const attachment = [{ ...film, duration: said, width: said, name: said, blurhash: said }];
      const { iri } = await post({ type: "Note", content: "x", quote: said, duration: said, attachment });
      expect((await seenThere(iri))?.attachments).toMatchObject([{ kind: "video", name: "" }]);
    }
  });

  test("what cannot be read is left out, and what stands beside it is shown", async () => {
    const { a, town, post } = await given();
    const [good, bad] = [
      await post({ type: "Note", content: "good" }),
      await post({ type: "Note", content: "bad" }),
    ];
    const clean = (html: string) => {
      if (html === "bad") throw new TypeError("a fault of ours");
      return html;
    };
    const { views } = readingOf(a, town.clock.now, { clean, log: SILENT });
    const seen = await views.objects([good.key, bad.key], null);
    expect([...seen.values()].map(({ contentHtml }) => contentHtml)).toEqual(["good"]);
  });

  test("what one did is told, and counted once, and gone when it is undone", async () => {
    const { town, b, bob, post, seenThere, here } = await given();
    const { key, iri } = await post({ type: "Note", content: "x" });
    const none = { hasLiked: false, hasShared: false, hasBookmarked: false, isAuthor: false, mayShare: true };
    expect(await seenThere(iri)).toMatchObject({ mine: none, counts: { likes: 0, shares: 0, replies: 0 } });
    const like = await b.core.act(bob.key, { type: "Like", object: iri });
    await b.core.act(bob.key, { type: "Announce", object: iri, to: [PUBLIC], cc: [`${A}/users/alice`] });
    await b.core.act(bob.key, { type: "Add", object: iri, target: `${bob.iri}/bookmarks` });
    await town.settle();
    expect(await seenThere(iri)).toMatchObject({
      mine: { ...none, hasLiked: true, hasShared: true, hasBookmarked: true },
      counts: { likes: 1, shares: 1, replies: 0 },
    });
    expect((await here.views.objects([key], null)).get(key)).toMatchObject({
      mine: { ...none, mayShare: false },
      counts: { likes: 1, shares: 1 },
    });
    await b.core.act(bob.key, { type: "Undo", object: like.activity.id ?? "" });
    expect(await seenThere(iri)).toMatchObject({ mine: { hasLiked: false }, counts: { likes: 0 } });
  });

  test("an edit is seen at once, here and elsewhere, however often one has looked", async () => {
    const { town, a, alice, here, post, seenThere } = await given();
    const { key, iri } = await post({ type: "Note", content: "one", source: { content: "*one*" } });
    for (const content of ["two", "three", "owt"]) {
      await here.views.objects([key], null);
      await seenThere(iri);
      town.clock.advance(5000);
      await a.core.act(alice.key, { type: "Update", object: { id: iri, content } });
      await town.settle();
      const mine = (await here.views.objects([key], null)).get(key);
      expect(mine).toMatchObject({ contentHtml: content, updatedMs: town.clock.now() - 1, source: "*one*" });
      expect(await seenThere(iri)).toMatchObject({ contentHtml: content, source: null });
    }
  });

  test("new counts of a poll are seen although its origin names the old time of change", async () => {
    const { b, bob, seenThere, town } = await given();
    const question = (votes: number) => ({
      id: `${A}/polls/1`,
      type: "Question",
      attributedTo: `${A}/users/alice`,
      content: "?",
      to: [PUBLIC],
      updated: "2023-01-01T00:00:00Z",
      votersCount: votes,
      oneOf: [{ type: "Note", name: "a", replies: { type: "Collection", totalItems: votes } }],
    });
    const sent = (n: number, type: string, object: object) =>
      b.core.receive(
        { id: `${A}/sent/${n}`, type, actor: `${A}/users/alice`, object, to: [PUBLIC] } as never,
        { sender: `${A}/users/alice`, recipient: bob.key },
      );
    await sent(1, "Create", question(1));
    for (const votes of [2, 3, 4]) {
      town.clock.advance(1000);
      expect((await sent(votes, "Update", question(votes))).outcome).toBe("done");
      expect((await seenThere(`${A}/polls/1`))?.poll).toMatchObject({ voters: votes, options: [{ votes }] });
    }
  });

  test("a type that a vocabulary brings has its words, facts and actions, and what it counts", async () => {
    const { a, alice, here, post } = await given([cooking]);
    const { key, iri } = await post({ type: "Recipe", name: "Soup", content: "Boil.", servings: 4 });
    const view = async (language?: string) => (await here.views.objects([key], alice.key, language)).get(key);
    expect(await view()).toMatchObject({
      type: "Recipe",
      typeLabel: "Recipe",
      ancestry: ["Recipe", "Article", "Object"],
      facts: [{ property: "servings", label: "Serves", values: ["4"] }],
      actions: [{ type: "Cook", label: "I cooked this", count: 0 }],
    });
    await a.core.act(alice.key, { type: "Cook", object: iri });
    expect((await view())?.actions[0]?.count).toBe(1);
    expect(await view("de")).toMatchObject({
      typeLabel: "Rezept",
      facts: [{ label: "Portionen" }],
      actions: [{ label: "Gekocht", count: 1 }],
    });
  });

  test("a mention leads to the page here of whoever is known here", async () => {
    const { post, seenThere, here } = await given();
    const tag = [
      { type: "Mention", href: `${A}/users/alice`, name: "@alice" },
      { type: "Mention", href: "https://c.test/users/carol", name: "@carol@c.test" },
      { type: "Hashtag", href: `${A}/tags/Maths`, name: "#Maths" },
    ];
    const content = [`${A}/@alice`, "https://c.test/@carol", `${A}/tags/Maths`]
      .map((href) => `<a href="${href}">x</a>`)
      .join("");
    const { key, iri } = await post({ type: "Note", content, tag });
    const links = (html: string | undefined) =>
      [...(html ?? "").matchAll(/href="([^"]*)"/g)].map(([, href]) => href);
    expect(links((await seenThere(iri))?.contentHtml)).toEqual([
      "/@alice@a.test",
      "https://c.test/@carol",
      "/tags/maths",
    ]);
    expect(links((await here.views.objects([key], null)).get(key)?.contentHtml)).toEqual([
      "/@alice",
      "https://c.test/@carol",
      "/tags/maths",
    ]);
  });

  test("forty posts take no more statements than one", async () => {
    const { a, alice, town, post } = await given();
    const heard: Sql[] = [];
    const { timelines } = readingOf(a, town.clock.now, {
      db: {
        ...a.db,
        all(query) {
          heard.push(query);
          return a.db.all(query);
        },
      },
    });
    const count = async () => {
      heard.length = 0;
      await timelines.home(alice.key, { limit: 40 });
      return heard.length;
    };
    const first = await post({ type: "Note", content: "0" });
    await post({ type: "Note", content: "re", inReplyTo: first.iri });
    await count();
    const few = await count();
    for (let i = 1; i < 45; i++) await post({ type: "Note", content: String(i), inReplyTo: first.iri });
    await count();
    expect(await count()).toBe(few);
    expect(few).toBe(4);
  });
});
