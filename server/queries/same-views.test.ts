/** A view is the same object as long as it says the same, for everybody to whom it does. */
import { expect, test } from "bun:test";
import { PUBLIC } from "../core/object.ts";
import { onSqlite } from "../testing/engines.ts";
import { readingOf } from "../testing/reading.ts";
import { village } from "../testing/village.ts";

const A = "https://a.test";

onSqlite((engine) => {
  async function given() {
    const town = await village({ [A]: await engine.freshDb() });
    const house = town.house(A);
    const [alice, bob, cleo] = [
      await house.person("alice"),
      await house.person("bob"),
      await house.person("cleo"),
    ];
    const { views } = readingOf(house, town.clock.now);
    const { object } = await house.core.act(alice.key, { type: "Note", content: "hello", to: [PUBLIC] });
    const [key, iri] = [object?.key ?? 0, object?.iri ?? ""];
    const seenBy = async (viewer: number | null) => (await views.objects([key], viewer)).get(key);
    return { town, house, alice, bob, cleo, iri, seenBy, views };
  }

  test("readers who are nothing to a post share one view of it; its author and visitors have their own", async () => {
    const { alice, bob, cleo, seenBy } = await given();
    const seen = await seenBy(bob.key);
    expect(await seenBy(bob.key)).toBe(seen as never);
    expect(await seenBy(cleo.key)).toBe(seen as never);
    expect((await seenBy(alice.key))?.mine).toMatchObject({ isAuthor: true });
    expect((await seenBy(null))?.mine).toMatchObject({ mayShare: false });
    expect(seen?.mine).toMatchObject({ isAuthor: false, mayShare: true });
  });

  test("whoever likes, shares or keeps a post sees that, and the others see the new count", async () => {
    const { house, bob, cleo, iri, seenBy } = await given();
    const before = await seenBy(cleo.key);
    await house.core.act(bob.key, { type: "Like", object: iri });
    await house.core.act(bob.key, { type: "Announce", object: iri, to: [PUBLIC] });
    await house.core.act(bob.key, { type: "Add", object: iri, target: `${bob.iri}/bookmarks` });
    const counts = { likes: 1, shares: 1, replies: 0 };
    expect(await seenBy(bob.key)).toMatchObject({
      counts,
      mine: { hasLiked: true, hasShared: true, hasBookmarked: true },
    });
    const after = await seenBy(cleo.key);
    expect(after).toMatchObject({
      counts,
      mine: { hasLiked: false, hasShared: false, hasBookmarked: false },
    });
    expect(after).not.toBe(before as never);
  });

  test("a post or an author that changes is seen changed", async () => {
    const { town, house, alice, bob, iri, seenBy, views } = await given();
    const before = await seenBy(bob.key);
    town.clock.advance(10);
    await house.core.act(alice.key, { type: "Update", object: { id: iri, content: "changed" } });
    expect((await seenBy(bob.key))?.contentHtml).toBe("changed");
    town.clock.advance(10);
    await house.core.act(alice.key, { type: "Update", object: { id: alice.iri, name: "Alice A." } });
    views.forget(alice.key);
    expect((await seenBy(bob.key))?.author?.name).toBe("Alice A.");
    town.clock.advance(10);
    await house.core.act(alice.key, { type: "Update", object: { id: alice.iri, name: "Alice B." } });
    town.clock.advance(1000);
    expect((await seenBy(bob.key))?.author?.name).toBe("Alice B.");
    expect(before?.contentHtml).toBe("hello");
  });

  test("views that were given back to the machine are made again, and say the same", async () => {
    const { bob, seenBy, views } = await given();
    const before = await seenBy(bob.key);
    views.releaseMemory();
    const after = await seenBy(bob.key);
    expect(after).not.toBe(before as never);
    expect(after).toEqual(before as never);
    expect(await seenBy(bob.key)).toBe(after as never);
  });

  test("looking at a profile does not change its author's posts", async () => {
    const { alice, bob, seenBy, views } = await given();
    await views.actors([alice.key]);
    const before = await seenBy(bob.key);
    await views.actors([alice.key]);
    expect(await seenBy(bob.key)).toBe(before as never);
  });
});
