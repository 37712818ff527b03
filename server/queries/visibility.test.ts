/** Whatever is read, by whatever way, nobody is shown what is not for them. */
import { beforeAll, expect, test } from "bun:test";
import { HELD } from "../core/entity.ts";
import { PUBLIC } from "../core/object.ts";
import { addMember, addToLane, ensureCollection, hold, insertNotice } from "../core/store-writes.ts";
import { eachEngine } from "../testing/engines.ts";
import { readingOf } from "../testing/reading.ts";
import { type House, village } from "../testing/village.ts";
import type { ObjectView, ReplyNode } from "./view.ts";

const A = "https://a.test";
const PEOPLE = ["alice", "fred", "adda", "bloke", "stan", "greta"] as const;
type Name = (typeof PEOPLE)[number];
type Person = { readonly key: number; readonly iri: string };

/**
 * What alice wrote, and who may read it: fred follows her, adda is addressed, bloke is blocked, greta is in a private
 * group with her and bloke, stan is nobody. What the staff put out of sight is for none of them.
 */
const MAY_READ: Readonly<Record<Name | "nobody", readonly string[]>> = {
  alice: ["direct", "followers", "group", "public", "quiet"],
  fred: ["followers", "public", "quiet"],
  adda: ["direct", "public", "quiet"],
  bloke: [],
  stan: ["public", "quiet"],
  greta: ["group", "public", "quiet"],
  nobody: ["public", "quiet"],
};

eachEngine((engine) => {
  let house: House;
  let reading: ReturnType<typeof readingOf>;
  let people: Record<Name, Person>;
  let root: Person;
  const posts: Record<string, Person & { activity: number }> = {};

  beforeAll(async () => {
    const town = await village({ [A]: await engine.freshDb() });
    house = town.house(A);
    reading = readingOf(house, town.clock.now);
    const made = await Promise.all(PEOPLE.map(async (name) => [name, await house.person(name)] as const));
    people = Object.fromEntries(made) as Record<Name, Person>;
    const { alice, fred, adda, bloke, stan } = people;
    await house.core.act(fred.key, { type: "Follow", object: alice.iri });
    const asked = await house.core.act(stan.key, { type: "Note", content: "question", to: [PUBLIC] });
    root = asked.object as Person;
    const followers = `${alice.iri}/followers`;
    const group = await house.group("circle", alice, { access: "private" });
    for (const person of [people.greta, people.bloke])
      await house.core.act(person.key, { type: "Follow", object: group.iri });
    for (const [content, audience] of [
      ["public", { to: [PUBLIC], cc: [followers] }],
      ["quiet", { to: [followers], cc: [PUBLIC] }],
      ["followers", { to: [followers] }],
      ["direct", { to: [adda.iri] }],
      ["group", { to: [group.iri], audience: group.iri }],
      // The staff put it out of sight below.
      ["suspended", { to: [PUBLIC], cc: [followers, adda.iri] }],
    ] as const) {
      town.clock.advance(10);
      const { key, object } = await house.core.act(alice.key, {
        type: "Note",
        content,
        inReplyTo: root.iri,
        tag: [{ type: "Hashtag", name: "#Maths", href: `${A}/tags/maths` }],
        ...audience,
      });
      posts[content] = { ...(object as Person), activity: key };
    }
    const { suspended } = posts;
    if (suspended)
      await house.db.batch([hold(suspended.key, HELD.suspended), hold(suspended.activity, HELD.suspended)]);
    await house.core.act(alice.key, { type: "Block", object: bloke.iri });
    // As if everything had gone everywhere: only the rule at the reading end is left.
    for (const person of Object.values(people)) {
      const rows = Object.values(posts).flatMap(({ key, activity }) => [
        addToLane(person.key, "home", activity),
        addToLane(person.key, "inbox", activity),
        ensureCollection(person.key, "bookmarks"),
        ensureCollection(person.key, "liked"),
        ...addMember(person.key, "bookmarks", key, activity),
        ...addMember(person.key, "liked", key, activity),
        insertNotice(activity + person.key, person.key, "mention", activity),
      ]);
      await house.db.batch(rows);
    }
    await house.db.batch([
      ensureCollection(alice.key, "featured"),
      ...Object.values(posts).flatMap(({ key, activity }) => addMember(alice.key, "featured", key, activity)),
    ]);
  });

  const page = { limit: 20 };
  const ours = new Set(["public", "quiet", "followers", "direct", "group", "suspended"]);
  const contents = (views: readonly (ObjectView | null)[]) => {
    const shown = views.flatMap((view) => (view && ours.has(view.contentHtml) ? view.contentHtml : []));
    return [...new Set(shown)].toSorted();
  };
  const ofFeed = (feed: { items: readonly { object: ObjectView }[] }) =>
    contents(feed.items.map(({ object }) => object));
  const flat = (nodes: readonly ReplyNode[]): readonly ObjectView[] =>
    nodes.flatMap(({ view, replies }) => [view, ...flat(replies)]);
  const keys = () => Object.values(posts).map(({ key }) => key);

  async function listed(owner: Person, name: string, viewer: number | null, by: "key" | "activity" = "key") {
    const entity = await house.look.byKey(owner.key);
    if (!entity) throw new Error("The owner is not here.");
    const found = await reading.collections.page(entity, name, viewer, {});
    const names = new Map(Object.entries(posts).map(([content, post]) => [post[by], content]));
    return (found?.keys ?? []).flatMap((key) => names.get(key) ?? []).toSorted();
  }

  type Read = (viewer: number | null) => Promise<readonly string[]>;

  const forAll: Record<string, Read> = {
    "objects by key": async (viewer) => contents([...(await reading.views.objects(keys(), viewer)).values()]),
    "its own page": async (viewer) =>
      contents(
        await Promise.all(
          keys().map(async (key) => (await reading.threads.thread(key, viewer))?.view ?? null),
        ),
      ),
    "the replies below what it answers": async (viewer) =>
      contents(flat((await reading.threads.thread(root.key, viewer))?.replies ?? [])),
    "the profile": async (viewer) =>
      ofFeed(await reading.timelines.profile(people.alice.key, { viewer }, page, { withReplies: true })),
    "what is featured": async (viewer) =>
      ofFeed(await reading.timelines.featured(people.alice.key, { viewer }, page)),
    "the collection of replies": (viewer) => listed(root, "replies", viewer),
    "the featured collection": (viewer) => listed(people.alice, "featured", viewer),
    "the outbox": (viewer) => listed(people.alice, "outbox", viewer, "activity"),
  };

  const forPeople: Record<string, Read> = {
    "the home feed": async (viewer) => ofFeed(await reading.timelines.home(viewer ?? 0, page)),
    bookmarks: async (viewer) => ofFeed(await reading.timelines.bookmarks(viewer ?? 0, page)),
    "what one likes": async (viewer) => ofFeed(await reading.timelines.liked(viewer ?? 0, page)),
    notices: async (viewer) =>
      contents((await reading.notices.page(viewer ?? 0, page)).items.map(({ object }) => object)),
    "the collection of what one likes": (viewer) =>
      listed(Object.values(people).find(({ key }) => key === viewer) as Person, "liked", viewer),
    "the inbox": async (viewer) =>
      // One's own deeds are in the outbox, not in the inbox.
      viewer === people.alice.key
        ? MAY_READ.alice
        : listed(
            Object.values(people).find(({ key }) => key === viewer) as Person,
            "inbox",
            viewer,
            "activity",
          ),
  };

  for (const [name, read] of Object.entries({ ...forAll, ...forPeople })) {
    test(`${name}: everybody is shown what is for them, and nothing else`, async () => {
      const shown: Record<string, readonly string[]> = {};
      for (const person of PEOPLE) shown[person] = await read(people[person].key);
      const expected: Record<string, readonly string[]> = { ...MAY_READ };
      if (name in forAll) shown.nobody = await read(null);
      else delete expected.nobody;
      expect(shown).toEqual(expected);
    });
  }

  test("a tag shows only what is meant for everybody, and not to those who are blocked", async () => {
    const read = async (viewer: number | null) =>
      ofFeed(await reading.timelines.tagged(["Maths"], { viewer }, page));
    for (const person of PEOPLE) {
      expect(await read(people[person].key)).toEqual(person === "bloke" ? [] : ["public"]);
    }
    expect(await read(null)).toEqual(["public"]);
  });

  test("what is new here has only what is meant for everybody, and not for those who are blocked", async () => {
    const { alice, bloke } = people;
    for (const to of [[PUBLIC], [`${alice.iri}/followers`]]) {
      await house.core.act(alice.key, { type: "Note", content: `new for ${to[0]}`, to });
    }
    await house.core.act(alice.key, { type: "Note", content: "quietly new", cc: [PUBLIC] });
    const read = async (viewer: number | null) =>
      (await reading.timelines.local({ viewer }, page)).items.map(({ object }) => object.contentHtml);
    for (const person of [people.alice, people.fred, people.stan, null]) {
      expect(await read(person?.key ?? null)).toEqual([`new for ${PUBLIC}`, "question"]);
    }
    expect(await read(bloke.key)).toEqual(["question"]);
  });

  test("a collection of one's own is shown to nobody else", async () => {
    for (const name of ["inbox", "home", "bookmarks", "blocked", "muted", "requests", "secrets"]) {
      const owner = await house.look.byKey(people.alice.key);
      if (!owner) throw new Error("Alice is not here.");
      expect(await reading.collections.page(owner, name, people.fred.key, {})).toBeNull();
      expect(await reading.collections.page(owner, name, null, {})).toBeNull();
    }
  });

  test("whoever may not see what is answered is told neither where it is nor whose", async () => {
    const { object } = await house.core.act(people.fred.key, {
      type: "Note",
      content: "answer",
      inReplyTo: posts.followers?.iri ?? "",
      to: [PUBLIC],
    });
    const key = object?.key ?? 0;
    const parentFor = async (viewer: number | null) =>
      (await reading.views.objects([key], viewer)).get(key)?.inReplyTo;
    expect(await parentFor(people.fred.key)).toMatchObject({
      path: `/@alice/${posts.followers?.key}`,
      author: { handle: "alice" },
    });
    for (const viewer of [people.stan.key, null]) {
      expect(await parentFor(viewer)).toMatchObject({ path: null, author: null });
    }
    expect((await reading.threads.thread(key, people.stan.key))?.ancestors).toEqual([]);
    expect((await reading.threads.thread(key, people.fred.key))?.ancestors).toHaveLength(2);
  });

  test("what everybody could see stays as deleted, and of everything else nothing is told", async () => {
    const { alice, stan, fred } = people;
    const gone: number[] = [];
    for (const to of [[PUBLIC], [`${alice.iri}/followers`]]) {
      const { object } = await house.core.act(alice.key, { type: "Note", content: "oops", to });
      await house.core.act(alice.key, { type: "Delete", object: object?.iri ?? "" });
      gone.push(object?.key ?? 0);
    }
    for (const viewer of [stan.key, fred.key, null]) {
      const found = await reading.views.objects(gone, viewer);
      expect([...found.values()].map(({ isDeleted, contentHtml }) => ({ isDeleted, contentHtml }))).toEqual([
        { isDeleted: true, contentHtml: "" },
      ]);
    }
  });
});
