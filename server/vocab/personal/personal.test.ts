/** Lists of people, tags that are followed, and the terms of following: what each does to feeds. */
import { beforeAll, expect, test } from "bun:test";
import { PUBLIC } from "../../core/object.ts";
import { setTerms } from "../../core/store-lanes.ts";
import type { Sql } from "../../lib/sql.ts";
import { type TestApp, testApp } from "../../testing/app.ts";
import { eachEngine } from "../../testing/engines.ts";
import { fediverse } from "../../testing/fediverse.ts";
import { type Person, person } from "../../testing/people.ts";

/** What is in any collection of this row. */
const membersOf = (owner: number): Sql => ({
  text: "SELECT m.item FROM member m JOIN collection c ON c.key = m.collection WHERE c.owner = $1",
  values: [owner],
});

eachEngine((engine) => {
  let app: TestApp;
  let alice: Person;
  let bob: Person;
  let carol: Person;
  let count = 0;

  beforeAll(async () => {
    app = await testApp(engine);
    await person(app, "warden", "admin");
  });

  /** Three people nobody has met, so that tests share an app; alice follows both of the others. */
  async function threePeople(): Promise<void> {
    count++;
    alice = await person(app, `alice${count}`);
    bob = await person(app, `bob${count}`);
    carol = await person(app, `carol${count}`);
    await alice.act({ type: "Follow", object: bob.iri });
    await alice.act({ type: "Follow", object: carol.iri });
  }

  const says = (who: Person, content: string, more = {}) =>
    who.note(content, { to: [PUBLIC], cc: [who.followers] }, more);

  async function makeList(owner: Person, more: object = {}): Promise<{ key: number; iri: string }> {
    const { object } = await owner.act({
      type: "Create",
      object: { type: "List", name: "Colleagues", ...more },
    });
    if (object === null) throw new Error("No list was made.");
    return object;
  }

  const put = (owner: Person, list: { iri: string }, who: Person) =>
    owner.act({ type: "Add", object: who.iri, target: list.iri });
  const take = (owner: Person, list: { iri: string }, who: Person) =>
    owner.act({ type: "Remove", object: who.iri, target: list.iri });

  async function shownIn(list: { key: number }): Promise<readonly string[]> {
    const { items } = await app.queries.ofList(list.key, alice.key, { limit: 20 });
    return items.map(({ object }) => object.contentHtml.replace(/<[^>]*>/g, ""));
  }

  test("a list shows what the people in it wrote, before and after they were put there", async () => {
    await threePeople();
    await says(bob, "before");
    const list = await makeList(alice);
    await put(alice, list, bob);
    await says(bob, "after");
    await says(carol, "not in it");
    expect(await shownIn(list)).toEqual(["after", "before"]);
    expect(await alice.home()).toEqual(["not in it", "after", "before"]);
    expect((await app.queries.lists(alice.key)).map(({ title }) => title)).toEqual(["Colleagues"]);
    await take(alice, list, bob);
    expect(await shownIn(list)).toEqual([]);
    expect((await app.queries.listPeople(list.key, { limit: 20 })).items).toEqual([]);
  });

  test("a list is nobody else's, and is no line of any feed", async () => {
    await threePeople();
    await bob.act({ type: "Follow", object: alice.iri });
    const list = await makeList(alice);
    await put(alice, list, bob);
    expect(await bob.sees(list.iri)).toBeNull();
    expect(await bob.home()).toEqual([]);
    expect(await alice.home()).toEqual([]);
    expect((await app.queries.actor(alice.key))?.counts.posts).toBe(0);
    expect(await app.queries.list(list.key, bob.key)).toBeNull();
    await expect(put(bob, list, carol)).rejects.toThrow();
    expect((await bob.read(`/users/${bob.name}/listed`)).status).toBe(404);
    expect((await bob.read(list.iri.replace(app.origin, ""))).status).toBe(404);
    const named = alice.act({ type: "Create", to: [PUBLIC], object: { type: "List", name: "Open" } });
    await expect(named).rejects.toThrow("nobody else");
  });

  test("only those whom one follows are in a list, and who is followed no more leaves it", async () => {
    await threePeople();
    const list = await makeList(alice);
    const dave = await person(app, `dave${count}`);
    await expect(put(alice, list, dave)).rejects.toThrow("only people whom you follow");
    await put(alice, list, bob);
    await put(alice, list, carol);
    await alice.act({ type: "Add", object: bob.iri, target: `${alice.iri}/endorsements` });
    expect((await alice.knows(bob.iri)).isEndorsed).toBe(true);
    const { look } = app.federation;
    const follow = await look.byKey((await look.causeOf(alice.key, "following", bob.key)) ?? 0);
    await alice.act({ type: "Undo", object: follow?.iri ?? "" });
    expect((await app.queries.listPeople(list.key, { limit: 20 })).items.map(({ key }) => key)).toEqual([
      carol.key,
    ]);
    expect((await alice.knows(bob.iri)).isEndorsed).toBe(false);
    expect(await app.queries.listsWith(alice.key, bob.key)).toEqual(new Set());
  });

  test("whoever asks to follow once more keeps the other in their lists, until they follow no more", async () => {
    await threePeople();
    const list = await makeList(alice);
    await put(alice, list, bob);
    const { activity } = await alice.act({ type: "Follow", object: bob.iri });
    const held = async () =>
      (await app.queries.listPeople(list.key, { limit: 20 })).items.map(({ key }) => key);
    expect(await held()).toEqual([bob.key]);
    await alice.act({ type: "Undo", object: activity.id ?? "" });
    expect(await held()).toEqual([]);
  });

  test("what is in an exclusive list is not in the home feed, until it is exclusive no more", async () => {
    await threePeople();
    await says(bob, "first");
    const list = await makeList(alice, { exclusive: true });
    await put(alice, list, bob);
    await says(bob, "second");
    await says(carol, "hers");
    expect(await alice.home()).toEqual(["hers"]);
    expect(await shownIn(list)).toEqual(["second", "first"]);
    await alice.act({ type: "Update", object: { id: list.iri, exclusive: false } });
    expect(await alice.home()).toEqual(["hers", "second", "first"]);
    await alice.act({ type: "Update", object: { id: list.iri, exclusive: true } });
    expect(await alice.home()).toEqual(["hers"]);
    await alice.act({ type: "Delete", object: list.iri });
    expect(await alice.home()).toEqual(["hers", "second", "first"]);
    expect(await app.queries.lists(alice.key)).toEqual([]);
    await says(bob, "third");
    expect((await alice.home())[0]).toBe("third");
  });

  test("answers are in a list as its owner wants them", async () => {
    await threePeople();
    const stranger = await person(app, `erin${count}`);
    const said = {
      stranger: await says(stranger, "a"),
      carol: await says(carol, "b"),
      bob: await says(bob, "c"),
    };
    const lists = {
      none: await makeList(alice, { repliesFrom: "none" }),
      list: await makeList(alice, { repliesFrom: "list" }),
      followed: await makeList(alice, { repliesFrom: "followed" }),
    };
    for (const list of Object.values(lists)) await put(alice, list, bob);
    for (const [name, inReplyTo] of Object.entries(said)) await says(bob, `to ${name}`, { inReplyTo });
    expect(await shownIn(lists.none)).toEqual(["to bob", "c"]);
    expect(await shownIn(lists.list)).toEqual(["to bob", "c"]);
    expect(await shownIn(lists.followed)).toEqual(["to bob", "to carol", "c"]);
    await put(alice, lists.list, carol);
    await says(bob, "again", { inReplyTo: said.carol });
    expect((await shownIn(lists.list))[0]).toBe("again");
  });

  test("a tag that is followed brings what is for everybody into the home feed, once", async () => {
    await threePeople();
    const stranger = await person(app, `frank${count}`);
    const tag = app.opened.addresses.tag(`maths${count}`);
    const target = `${alice.iri}/followed-tags`;
    await alice.act({ type: "Add", object: tag, target });
    const hashtag = { tag: [{ type: "Hashtag", name: `#Maths${count}`, href: tag }] };
    await says(stranger, "by a stranger", hashtag);
    await says(bob, "by a friend", hashtag);
    await says(stranger, "of something else");
    await stranger.note("unlisted", { to: [stranger.followers], cc: [PUBLIC] }, hashtag);
    expect(await alice.home()).toEqual(["by a friend", "by a stranger"]);
    expect((await app.queries.followedTags(alice.key, { limit: 20 })).items).toEqual([`maths${count}`]);
    const [view] = await app.queries.tags([`maths${count}`], alice.key);
    expect(view).toMatchObject({ isFollowed: true, isFeatured: false });
    expect(view?.history[0]).toMatchObject({ uses: 2, people: 2 });
    await alice.act({ type: "Remove", object: tag, target });
    expect(await alice.home()).toEqual(["by a friend"]);
    await says(stranger, "later", hashtag);
    expect(await alice.home()).toEqual(["by a friend"]);
    const wrong = alice.act({ type: "Add", object: `${app.origin}/tags/MATHS`, target });
    await expect(wrong).rejects.toThrow("only tags");
  });

  test("a tag brings nobody into the home feed whom an exclusive list keeps out of it", async () => {
    await threePeople();
    const tag = app.opened.addresses.tag(`sport${count}`);
    await alice.act({ type: "Add", object: tag, target: `${alice.iri}/followed-tags` });
    const list = await makeList(alice, { exclusive: true });
    await put(alice, list, bob);
    const hashtag = { tag: [{ type: "Hashtag", name: `#sport${count}`, href: tag }] };
    await says(bob, "kept out", hashtag);
    await says(carol, "brought in", hashtag);
    expect(await alice.home()).toEqual(["brought in"]);
    expect(await shownIn(list)).toEqual(["kept out"]);
  });

  test("shares and languages are in the home feed as the terms of following say", async () => {
    await threePeople();
    const { db } = app.opened;
    const note = await says(carol, "shared");
    await db.batch([setTerms(alice.key, bob.key, { shares: false, tells: true, languages: ["de"] })]);
    await bob.act({ type: "Announce", object: note, to: [PUBLIC], cc: [bob.followers] });
    await says(bob, "English", { contentMap: { en: "English" } });
    await says(bob, "Deutsch", { contentMap: { "de-AT": "Deutsch" } });
    await says(bob, "no language");
    expect(await alice.home()).toEqual(["no language", "Deutsch", "shared"]);
    expect(await alice.knows(bob.iri)).toMatchObject({
      showsShares: false,
      tellsPosts: true,
      languages: ["de"],
    });
    expect((await alice.notices()).filter((notice) => notice.startsWith("post"))).toHaveLength(3);
    const { look } = app.federation;
    const follow = await look.byKey((await look.causeOf(alice.key, "following", bob.key)) ?? 0);
    await alice.act({ type: "Undo", object: follow?.iri ?? "" });
    await alice.act({ type: "Follow", object: bob.iri });
    expect(await alice.knows(bob.iri)).toMatchObject({ showsShares: true, tellsPosts: false, languages: [] });
  });

  test("only a few posts, and only one's own, stand at the top of one's page", async () => {
    await threePeople();
    const target = `${alice.iri}/featured`;
    const others = await says(bob, "not hers");
    await expect(alice.act({ type: "Add", object: others, target })).rejects.toThrow("only your own");
    for (let n = 0; n < 5; n++)
      await alice.act({ type: "Add", object: await says(alice, `no. ${n}`), target });
    const sixth = await says(alice, "one too many");
    await expect(alice.act({ type: "Add", object: sixth, target })).rejects.toThrow("room for 5");
    const { activity } = await alice.act({ type: "Remove", object: await pinnedOf(), target });
    expect(activity).toMatchObject({ to: [PUBLIC], cc: [alice.followers] });

    async function pinnedOf(): Promise<string> {
      const { items } = await app.queries.featured(alice.key, null, { limit: 1 });
      return items[0]?.object.iri ?? "";
    }
  });

  test("of more posts pinned at one moment than there is room for the first alone are pinned", async () => {
    await threePeople();
    const posts = await Promise.all(Array.from({ length: 8 }, (_, n) => says(alice, `no. ${n}`)));
    const pins = await Promise.allSettled(
      posts.map((object) => alice.act({ type: "Add", object, target: `${alice.iri}/featured` })),
    );
    expect(pins.filter(({ status }) => status === "fulfilled")).toHaveLength(5);
    const { items } = await app.queries.featured(alice.key, null, { limit: 10 });
    expect(items).toHaveLength(5);
  });

  test("whoever is gone leaves no list behind that anything comes into", async () => {
    const world = await fediverse(engine, ["a.test"]);
    const [gone, left] = [await person(world.at("a.test"), "gone"), await person(world.at("a.test"), "left")];
    const { federation, opened } = gone.app;
    const tag = opened.addresses.tag("rest");
    await gone.act({ type: "Follow", object: left.iri });
    const list = await makeList(gone, { exclusive: true });
    await put(gone, list, left);
    await gone.act({ type: "Add", object: tag, target: `${gone.iri}/followed-tags` });
    await gone.act({ type: "Delete", object: gone.iri });
    await world.settle();
    expect(await gone.app.queries.lists(gone.key)).toEqual([]);
    expect(await federation.look.totalOf(left.key, "listed")).toBe(0);
    expect(await federation.look.totalOf((await federation.look.find(tag))?.key ?? 0, "followers")).toBe(0);
    await says(left, "into the void");
    expect(await opened.db.all(membersOf(list.key))).toEqual([]);
  });

  test("tags on one's page are told to other servers by their names", async () => {
    await threePeople();
    const tag = app.opened.addresses.tag("über");
    await alice.act({ type: "Add", object: tag, target: `${alice.iri}/featured-tags` });
    const page = await app.ask(`/users/${alice.name}/featured-tags?page=1`, {
      headers: { accept: "application/activity+json" },
    });
    expect(await page.json()).toMatchObject({
      totalItems: 1,
      orderedItems: [{ type: "Hashtag", href: tag, name: "#über" }],
    });
  });
});
