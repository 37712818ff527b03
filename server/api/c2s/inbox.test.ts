/** What an inbox shows its owner, and nobody else. */
import { expect, test } from "bun:test";
import { PUBLIC } from "../../core/object.ts";
import type { JsonObject } from "../../lib/json.ts";
import { eachEngine } from "../../testing/engines.ts";
import { type Fediverse, fediverse } from "../../testing/fediverse.ts";
import { jsonOf, type Person, person } from "../../testing/people.ts";

eachEngine((engine) => {
  async function build() {
    const world = await fediverse(engine, ["a.test", "b.test"]);
    const alice = await person(world.at("a.test"), "alice", "admin");
    const bob = await person(world.at("b.test"), "bob", "admin");
    return { world, alice, bob };
  }
  let built: ReturnType<typeof build> | undefined;
  /** One for all tests: keys of actors take long to make. */
  const twoHouses = () => {
    built ??= build();
    return built;
  };

  const readPage = async (reader: Person, address: string) => {
    const response = await reader.read(address.replace(reader.app.origin, ""));
    expect(response.status).toBe(200);
    const page = await jsonOf(response);
    return { ...page, items: page.orderedItems as readonly JsonObject[] } as JsonObject & {
      readonly items: readonly JsonObject[];
    };
  };

  const inboxOf = (reader: Person) => readPage(reader, `${reader.iri}/inbox?page=1`);

  async function say(
    world: Fediverse,
    from: Person,
    content: string,
    to: readonly string[],
  ): Promise<string> {
    world.clock.advance(2_000);
    const iri = await from.note(content, { to });
    await world.settle();
    return iri;
  }

  test("an inbox is a collection with pages, each with what its activities are about", async () => {
    const { world, alice, bob } = await twoHouses();
    const iri = await say(world, bob, "Good morning", [alice.iri]);
    const collection = await jsonOf(await alice.read("/users/alice/inbox"));
    expect(collection).toMatchObject({
      "@context": "https://www.w3.org/ns/activitystreams",
      id: `${alice.iri}/inbox`,
      type: "OrderedCollection",
      first: `${alice.iri}/inbox?page=1`,
    });
    const page = await readPage(alice, String(collection.first));
    expect(page).toMatchObject({ type: "OrderedCollectionPage", partOf: `${alice.iri}/inbox` });
    expect(page.items[0]).toMatchObject({
      type: "Create",
      actor: bob.iri,
      object: { id: iri, type: "Note", content: "Good morning" },
    });
  });

  test("pages lead to older and to newer ones, and nothing is there twice or missing", async () => {
    const { world, alice, bob } = await twoHouses();
    const carol = await person(world.at("a.test"), "carol");
    const sent: string[] = [];
    for (let i = 0; i < 45; i++) sent.unshift(await say(world, alice, `Line ${i}`, [carol.iri]));
    const contents = (page: { items: readonly JsonObject[] }) =>
      page.items.map(({ object }) => String((object as JsonObject).id));

    const first = await inboxOf(carol);
    const second = await readPage(carol, String(first.next));
    const third = await readPage(carol, String(second.next));
    expect([first, second, third].flatMap(contents)).toEqual(sent);
    expect([first, second, third].map(({ items }) => items.length)).toEqual([20, 20, 5]);
    expect(third.next).toBeUndefined();
    expect(contents(await readPage(carol, String(third.prev)))).toEqual(contents(second));
    expect(contents(await readPage(carol, String(second.prev)))).toEqual(contents(first));

    const nothingYet = await readPage(carol, String(first.prev));
    expect(nothingYet.items).toEqual([]);
    const late = await say(world, bob, "One more", [carol.iri]);
    expect(contents(await readPage(carol, String(first.prev)))).toEqual([late]);
  });

  test("posts of those whom one follows are there, one's own are not", async () => {
    const { world, alice, bob } = await twoHouses();
    await alice.act({ type: "Follow", object: bob.iri });
    await world.settle();
    await say(world, alice, "To myself", [PUBLIC]);
    const iri = await say(world, bob, "To everybody", [PUBLIC, bob.followers]);
    const { items } = await inboxOf(alice);
    expect(items[0]).toMatchObject({ type: "Create", object: { id: iri } });
    expect(JSON.stringify(items)).not.toContain("To myself");
  });

  test("what was deleted is a grave, what was undone is gone, who is blocked is not heard", async () => {
    const { world, alice, bob } = await twoHouses();
    const iri = await say(world, bob, "A mistake", [alice.iri]);
    await bob.act({ type: "Delete", object: iri });
    const mine = await say(world, alice, "Like me", [PUBLIC, bob.iri]);
    const like = await bob.act({ type: "Like", object: mine });
    await world.settle();
    const before = await inboxOf(alice);
    expect(before.items.map(({ object }) => object)).toContainEqual(
      expect.objectContaining({ id: iri, type: "Tombstone" }),
    );
    expect(JSON.stringify(before)).not.toContain("A mistake");
    expect(JSON.stringify(before)).toContain(String(like.activity.id));
    await bob.act({ type: "Undo", object: String(like.activity.id) });
    await world.settle();
    expect((await inboxOf(alice)).items.map(({ id }) => id)).not.toContain(String(like.activity.id));

    const dave = await person(world.at("b.test"), "dave");
    await say(world, dave, "Buy this", [alice.iri]);
    expect(JSON.stringify(await inboxOf(alice))).toContain("Buy this");
    await alice.act({ type: "Block", object: dave.iri });
    expect(JSON.stringify(await inboxOf(alice))).not.toContain("Buy this");
  });

  test("hidden recipients and proofs of other bytes are not shown", async () => {
    const { world, alice, bob } = await twoHouses();
    await bob.act({ type: "Note", content: "psst", to: [bob.followers], bto: [alice.iri] });
    await world.settle();
    const text = JSON.stringify(await inboxOf(alice));
    expect(text).toContain("psst");
    expect(text).not.toContain('"bto"');
    expect(text).not.toContain('"proof"');
  });

  test("only its owner reads an inbox, with a token that may", async () => {
    const { world, alice } = await twoHouses();
    const app = world.at("a.test");
    const eve = await person(app, "eve");
    const cases: [authorization: string | null, status: number][] = [
      [null, 401],
      ["Bearer nonsense", 401],
      [eve.bearer, 403],
      [await alice.tokenFor("write"), 403],
      [await alice.tokenFor("read:notifications"), 403],
      [await alice.tokenFor("read:inbox"), 200],
      [alice.bearer, 200],
    ];
    for (const path of ["/users/alice/inbox", "/users/alice/inbox?page=1", "/users/ALICE/inbox"]) {
      for (const [authorization, status] of cases) {
        const response = await app.ask(path, { headers: authorization === null ? {} : { authorization } });
        expect([path, authorization, response.status]).toEqual([path, authorization, status]);
        if (status === 401) expect(response.headers.get("www-authenticate")).toContain("resource_metadata=");
        if (status === 200) expect(response.headers.get("cache-control")).toBe("private, no-store");
      }
    }
    const unknown = await app.ask("/users/nobody/inbox", { headers: { authorization: alice.bearer } });
    expect(unknown.status).toBe(403);
    expect((await alice.read("/users/alice/inbox?before=x")).status).toBe(400);
  });

  test("a name that cannot be decoded is nobody's", async () => {
    const { alice } = await twoHouses();
    for (const name of ["%FF", "%ED%A0%80"])
      expect((await alice.read(`/users/${name}/inbox`)).status).toBe(403);
  });

  test("a page of long texts stays a page, and each text is to be had at its address", async () => {
    const { world, alice, bob } = await twoHouses();
    const iri = await say(world, bob, "&".repeat(100_000), [alice.iri]);
    const liked = await bob.act({ type: "Like", object: iri, to: [alice.iri], content: "x".repeat(100_000) });
    await world.settle();
    const page = await inboxOf(alice);
    expect(JSON.stringify(page).length).toBeLessThan(100_000);
    expect(page.items).toContainEqual(expect.objectContaining({ type: "Create", object: iri }));
    expect(page.items).toContainEqual({
      id: String(liked.activity.id),
      type: "Like",
      actor: bob.iri,
      object: iri,
    });
  });
});
