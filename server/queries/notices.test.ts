/** What happened to somebody is told once, in order, and not at all where they want to hear nothing. */
import { expect, test } from "bun:test";
import { PUBLIC } from "../core/object.ts";
import { insertNotice } from "../core/store-writes.ts";
import { onSqlite } from "../testing/engines.ts";
import { readingOf } from "../testing/reading.ts";
import { village } from "../testing/village.ts";
import { MAX_UNREAD } from "./notices.ts";

const A = "https://a.test";

onSqlite((engine) => {
  async function given() {
    const town = await village({ [A]: await engine.freshDb() });
    const a = town.house(A);
    const [alice, bob] = [await a.person("alice"), await a.person("bob")];
    const { notices } = readingOf(a, town.clock.now);
    const post = await a.core.act(alice.key, { type: "Note", content: "hello", to: [PUBLIC] });
    const object = post.object as { key: number; iri: string };
    const does = async (activity: object) => {
      town.clock.advance(10);
      return a.core.act(bob.key, { to: [alice.iri], ...activity } as never);
    };
    const kinds = async () =>
      (await notices.page(alice.key, { limit: 20 })).items.map(
        ({ kind, actor, object }) => `${kind} by ${actor.handle}: ${object?.contentHtml ?? "-"}`,
      );
    return { town, a, alice, bob, object, notices, does, kinds };
  }

  test("each deed is told with who did it and what it is about", async () => {
    const { alice, object, does, kinds } = await given();
    await does({ type: "Follow", object: alice.iri });
    await does({ type: "Like", object: object.iri });
    await does({ type: "Announce", object: object.iri, to: [PUBLIC] });
    await does({ type: "Note", content: "answer", inReplyTo: object.iri, to: [PUBLIC] });
    await does({ type: "Note", content: "hey", tag: [{ type: "Mention", href: alice.iri }] });
    expect(await kinds()).toEqual([
      "mention by bob: hey",
      "reply by bob: answer",
      "share by bob: hello",
      "like by bob: hello",
      "follow by bob: -",
    ]);
  });

  test("what is taken back is not told, and neither is what muted or blocked people do", async () => {
    const { a, alice, bob, object, does, kinds, notices } = await given();
    const like = await does({ type: "Like", object: object.iri });
    await does({ type: "Undo", object: like.activity.id });
    expect(await kinds()).toEqual([]);
    await does({ type: "Like", object: object.iri });
    expect(await notices.unread(alice.key)).toBe(1);
    await a.core.act(alice.key, { type: "Add", object: bob.iri, target: `${alice.iri}/muted` });
    expect(await kinds()).toEqual([]);
    expect(await notices.unread(alice.key)).toBe(0);
    await a.core.act(alice.key, { type: "Remove", object: bob.iri, target: `${alice.iri}/muted` });
    expect(await kinds()).toEqual(["like by bob: hello"]);
    await a.core.act(alice.key, { type: "Block", object: bob.iri });
    expect(await kinds()).toEqual([]);
  });

  test("what was read stays read, and reading never goes backwards", async () => {
    const { alice, object, does, notices } = await given();
    await does({ type: "Like", object: object.iri });
    await does({ type: "Announce", object: object.iri, to: [PUBLIC] });
    const read = async () => (await notices.page(alice.key, { limit: 5 })).items.map(({ isRead }) => isRead);
    const keys = (await notices.page(alice.key, { limit: 5 })).items.map(({ key }) => key);
    expect(await notices.unread(alice.key)).toBe(2);
    await notices.markRead(alice.key, keys[1] ?? 0);
    expect(await read()).toEqual([false, true]);
    expect(await notices.unread(alice.key)).toBe(1);
    await notices.markRead(alice.key, keys[0] ?? 0);
    await notices.markRead(alice.key, keys[1] ?? 0);
    expect(await read()).toEqual([true, true]);
    expect(await notices.unread(alice.key)).toBe(0);
  });

  test("pages follow each other, and a flood is counted up to a cap", async () => {
    const { a, alice, does, object, notices } = await given();
    const { key } = await does({ type: "Like", object: object.iri });
    const [first] = (await notices.page(alice.key, { limit: 1 })).items;
    await a.db.batch(
      Array.from({ length: MAX_UNREAD + 20 }, (_, i) =>
        insertNotice((first?.key ?? 0) + 1 + i, alice.key, `kind-${i}`, key),
      ),
    );
    expect(await notices.unread(alice.key)).toBe(MAX_UNREAD);
    const one = await notices.page(alice.key, { limit: 2 });
    const two = await notices.page(alice.key, { limit: 2, before: one.older ?? 0 });
    expect(new Set([...one.items, ...two.items].map((item) => item.key)).size).toBe(4);
    expect(one.items[0]?.kind).toBe("other");
    expect(await notices.unread(alice.key + 1)).toBe(0);
  });
});
