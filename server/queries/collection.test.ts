/** Collections as documents list them: true totals, the right addresses, page after page, and no secrets. */
import { expect, test } from "bun:test";
import { PUBLIC } from "../core/object.ts";
import { eachEngine } from "../testing/engines.ts";
import { readingOf } from "../testing/reading.ts";
import { village } from "../testing/village.ts";

const A = "https://a.test";

eachEngine((engine) => {
  async function given() {
    const town = await village({ [A]: await engine.freshDb() });
    const house = town.house(A);
    const alice = await house.person("alice");
    const bob = await house.person("bob");
    const { collections } = readingOf(house, town.clock.now);
    const does = async (person: { key: number }, activity: object) => {
      town.clock.advance(10);
      const { activity: done, object } = await house.core.act(person.key, activity as never);
      return { iri: done.id ?? "", object: object?.iri ?? "", key: object?.key ?? 0 };
    };
    const page = async (
      iri: string,
      name: string,
      viewer: number | null,
      request: { before?: number; limit?: number } | null = {},
    ) => {
      const owner = await house.look.find(iri);
      if (!owner) throw new Error(`There is nothing at ${iri}.`);
      return collections.page(owner, name, viewer, request);
    };
    return { alice, bob, does, page };
  }

  test("followers and following are listed as people, newest first", async () => {
    const { alice, bob, does, page } = await given();
    await does(bob, { type: "Follow", object: alice.iri });
    expect(await page(alice.iri, "followers", null)).toMatchObject({
      total: 1,
      items: [bob.iri],
      older: null,
    });
    expect(await page(bob.iri, "following", null)).toMatchObject({ total: 1, items: [alice.iri] });
    expect(await page(alice.iri, "followers", null, null)).toMatchObject({ total: 1, items: [] });
  });

  test("likes and shares are activities, shown as far as they are for the viewer; their number is told to all", async () => {
    const { alice, bob, does, page } = await given();
    const post = await does(alice, { type: "Note", content: "x", to: [PUBLIC] });
    const quiet = await does(bob, { type: "Like", object: post.object });
    const loud = await does(alice, { type: "Like", object: post.object, to: [PUBLIC] });
    const share = await does(bob, { type: "Announce", object: post.object, to: [PUBLIC] });
    expect(await page(post.object, "likes", null)).toMatchObject({ total: 2, items: [loud.iri] });
    expect(await page(post.object, "likes", alice.key)).toMatchObject({ items: [loud.iri, quiet.iri] });
    expect(await page(post.object, "shares", null)).toMatchObject({ total: 1, items: [share.iri] });
    expect(await page(bob.iri, "liked", bob.key)).toMatchObject({ total: 1, items: [post.object] });
    expect(await page(bob.iri, "liked", null)).toMatchObject({ total: 1, items: [] });
    expect(await page(alice.iri, "liked", null)).toMatchObject({ total: 1, items: [post.object] });
  });

  test("the outbox holds what its owner did, the inbox what others did", async () => {
    const { alice, bob, does, page } = await given();
    const follow = await does(bob, { type: "Follow", object: alice.iri });
    const post = await does(alice, {
      type: "Note",
      content: "x",
      to: [PUBLIC],
      cc: [`${alice.iri}/followers`],
    });
    const letter = await does(bob, { type: "Note", content: "x", to: [alice.iri] });
    expect(await page(bob.iri, "outbox", bob.key)).toMatchObject({ items: [letter.iri, follow.iri] });
    expect(await page(bob.iri, "outbox", null)).toMatchObject({ items: [] });
    expect((await page(bob.iri, "inbox", bob.key))?.items).toContain(post.iri);
    expect((await page(bob.iri, "inbox", bob.key))?.items).not.toContain(follow.iri);
    expect(await page(alice.iri, "inbox", alice.key)).toMatchObject({
      total: null,
      items: [letter.iri, follow.iri],
    });
    expect(await page(alice.iri, "inbox", bob.key)).toBeNull();
  });

  test("replies are listed where they may be seen, page after page", async () => {
    const { alice, bob, does, page } = await given();
    const post = await does(alice, { type: "Note", content: "x", to: [PUBLIC] });
    const replies: string[] = [];
    for (let i = 0; i < 5; i++) {
      const to = i === 2 ? [alice.iri] : [PUBLIC];
      replies.unshift((await does(bob, { type: "Note", content: "re", inReplyTo: post.object, to })).object);
    }
    const first = await page(post.object, "replies", null, { limit: 2 });
    expect(first).toMatchObject({ total: 4, items: replies.slice(0, 2) });
    const second = await page(post.object, "replies", null, { limit: 9, before: first?.older ?? 0 });
    expect(second).toMatchObject({ items: replies.slice(3), older: null });
    expect((await page(post.object, "replies", alice.key))?.items).toEqual(replies);
  });

  test("lists that people make hold what was put in them, and those of a poll hold only numbers", async () => {
    const { alice, bob, does, page } = await given();
    const list = await does(alice, { type: "OrderedCollection", name: "Good reads", to: [PUBLIC] });
    const post = await does(bob, { type: "Note", content: "x", to: [PUBLIC] });
    await does(alice, { type: "Add", object: post.object, target: list.object });
    expect(await page(list.object, "items", null)).toMatchObject({ total: 1, items: [post.object] });
    const own = await does(alice, { type: "Note", content: "mine", to: [PUBLIC] });
    await does(alice, { type: "Add", object: own.object, target: `${alice.iri}/featured` });
    expect(await page(alice.iri, "featured", null)).toMatchObject({ total: 1, items: [own.object] });
    await does(alice, { type: "Remove", object: post.object, target: list.object });
    expect(await page(list.object, "items", null)).toMatchObject({ total: 0, items: [] });
    const poll = await does(alice, { type: "Question", content: "?", to: [PUBLIC], oneOf: [{ name: "a" }] });
    await does(bob, { type: "Note", name: "a", inReplyTo: poll.object, to: [alice.iri] });
    for (const viewer of [alice.key, bob.key, null]) {
      expect(await page(poll.object, "voters", viewer)).toMatchObject({ total: 1, items: [] });
      expect(await page(poll.object, "votes-0", viewer)).toMatchObject({ total: 1, items: [] });
    }
    expect(await page(poll.object, "no-such-list", null)).toBeNull();
    expect(await page(alice.iri, "no-such-list", alice.key)).toBeNull();
  });
});
