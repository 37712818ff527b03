/** People are found by what one knows of them, and listed with what one is to them. */
import { expect, test } from "bun:test";
import type { AsObject } from "../core/object.ts";
import { eachEngine } from "../testing/engines.ts";
import { readingOf } from "../testing/reading.ts";
import { type House, village } from "../testing/village.ts";
import { handleOf } from "./people.ts";

const A = "https://a.test";
const B = "https://b.test";

test("a handle is read in every spelling, and nothing else is one", () => {
  for (const [text, handle] of [
    ["alice", "alice"],
    ["@Alice", "alice"],
    ["@alice@a.test", "alice"],
    ["acct:alice@A.TEST", "alice"],
    ["@Bob@B.test.", "bob@b.test"],
    [" bob@bücher.test ", "bob@xn--bcher-kva.test"],
    ["", null],
    ["@", null],
    ["a@b@c", null],
    ["bob@b.test/x", null],
    ["two words", null],
  ] as const) {
    expect([text, handleOf(text, "a.test")]).toEqual([text, handle]);
  }
});

eachEngine((engine) => {
  async function given() {
    const town = await village({ [A]: await engine.freshDb(), [B]: await engine.freshDb() });
    const a = town.house(A);
    const b = town.house(B);
    const alice = await a.person("alice");
    const alina = await a.person("alina");
    const bob = await b.person("bob");
    await a.look.fetch(bob.iri);
    await b.look.fetch(alice.iri);
    const bobHere = (await a.look.find(bob.iri))?.key ?? 0;
    return { town, a, b, alice, alina, bob, bobHere, ...readingOf(a, town.clock.now) };
  }

  const rename = async (house: House, person: { key: number; iri: string }, changes: AsObject) =>
    house.core.act(person.key, { type: "Update", object: { id: person.iri, ...changes } });

  test("people are found by handle, here and elsewhere, and by the key of one who has none", async () => {
    const { people, alice, bobHere } = await given();
    expect(await people.find("@alice@a.test")).toBe(alice.key);
    expect(await people.find("Bob@b.test")).toBe(bobHere);
    expect(await people.find(`~${alice.key}`)).toBe(alice.key);
    for (const nobody of ["nobody", "bob", "~1", "~x", "alice@b.test"])
      expect(await people.find(nobody)).toBeNull();
  });

  test("whoever does not want to be come across is found by the whole name, and by those who follow them", async () => {
    const { people, a, alice, alina } = await given();
    await rename(a, alina, { name: "Alina Lovelace", discoverable: false });
    const found = async (query: string, viewer: number | null = alice.key) =>
      (await people.search(query, viewer, 10)).map(({ handle }) => handle);
    expect(await found("ali")).toEqual(["alice"]);
    expect(await found("lovelace")).toEqual([]);
    expect(await found("@alina")).toEqual(["alina"]);
    expect(await found("ali", alina.key)).toEqual(["alice", "alina"]);
    await a.core.act(alice.key, { type: "Follow", object: alina.iri });
    expect(await found("lovelace")).toEqual(["alina"]);
  });

  test("search takes the beginning of a handle, and of those one follows a part of the name", async () => {
    const { people, a, bob, alice, town } = await given();
    const found = async (query: string, viewer: number | null = alice.key) =>
      (await people.search(query, viewer, 10)).map(({ handle }) => handle);
    expect(await found("ali")).toEqual(["alice", "alina"]);
    expect(await found("@BOB")).toEqual(["bob@b.test"]);
    expect(await found("a")).toEqual([]);
    expect(await found("al%")).toEqual([]);
    const document = JSON.stringify({ type: "Person", name: "Professor Plum" });
    await a.db.batch([
      { text: "UPDATE object SET document = $1, updated = 1 WHERE iri = $2", values: [document, bob.iri] },
    ]);
    expect(await found("plum")).toEqual([]);
    await a.core.act(alice.key, { type: "Follow", object: bob.iri });
    await town.settle();
    expect(await found("plum")).toEqual(["bob@b.test"]);
    expect(await found("plum", null)).toEqual([]);
  });

  test("lists hold people in the order of coming, page by page, until they go", async () => {
    const { people, a, alice, alina, bob, bobHere, town } = await given();
    await rename(a, alice, { manuallyApprovesFollowers: true });
    const list = async (name: Parameters<typeof people.list>[1], owner = alice.key) =>
      (await people.list(owner, name, { limit: 10 })).items.map(({ handle }) => handle);
    await a.core.act(alina.key, { type: "Follow", object: alice.iri });
    expect(await list("requests")).toEqual(["alina"]);
    expect(await list("requested", alina.key)).toEqual(["alice"]);
    await rename(a, alice, { manuallyApprovesFollowers: false });
    town.clock.advance(5);
    const follow = { id: `${B}/activities/1`, type: "Follow", actor: bob.iri, object: alice.iri };
    await a.core.receive(follow, { sender: bob.iri });
    expect(await list("followers")).toEqual(["bob@b.test"]);
    await a.core.act(alice.key, { type: "Follow", object: alina.iri });
    town.clock.advance(5);
    await a.core.act(alice.key, { type: "Follow", object: bob.iri });
    await town.settle();
    const first = await people.list(alice.key, "following", { limit: 1 });
    expect(first.items.map(({ handle }) => handle)).toEqual(["bob@b.test"]);
    const second = await people.list(alice.key, "following", { limit: 1, before: first.older ?? 0 });
    expect(second.items.map(({ handle }) => handle)).toEqual(["alina"]);
    expect(second.older).toBeNull();
    await a.core.act(alice.key, { type: "Block", object: bob.iri });
    expect(await list("following")).toEqual(["alina"]);
    expect(await list("followers")).toEqual([]);
    expect(await list("blocked")).toEqual(["bob@b.test"]);
    expect(await list("blocked", bobHere)).toEqual([]);
  });

  test("what two are to each other is told from the side of the viewer, for many at once", async () => {
    const { relationships, a, b, alice, alina, bob, bobHere, town } = await given();
    const none = {
      isSelf: false,
      following: "no",
      followedBy: false,
      hasRequestedToFollow: false,
      blocking: false,
      muting: false,
    };
    const of = async (viewer: number, other: number) =>
      (await relationships.relationships(viewer, [alice.key, alina.key, bobHere])).get(other);
    expect(await of(alice.key, alina.key)).toMatchObject(none);
    expect(await of(alice.key, alice.key)).toMatchObject({ isSelf: true });
    await rename(a, alina, { manuallyApprovesFollowers: true });
    await a.core.act(alice.key, { type: "Follow", object: alina.iri });
    expect(await of(alice.key, alina.key)).toMatchObject({ ...none, following: "requested" });
    expect(await of(alina.key, alice.key)).toMatchObject({ ...none, hasRequestedToFollow: true });
    await b.core.act(bob.key, { type: "Follow", object: alice.iri });
    await a.core.act(alice.key, { type: "Follow", object: bob.iri });
    await town.settle();
    expect(await of(alice.key, bobHere)).toMatchObject({ ...none, following: "yes", followedBy: true });
    await a.core.act(alice.key, { type: "Add", object: bob.iri, target: `${alice.iri}/muted` });
    expect(await of(alice.key, bobHere)).toMatchObject({ following: "yes", followedBy: true, muting: true });
    await a.core.act(alice.key, { type: "Block", object: bob.iri });
    expect(await of(alice.key, bobHere)).toMatchObject({ ...none, muting: true, blocking: true });
  });

  test("an actor is shown as it is now, with counts that are true now", async () => {
    const { views, timelines, a, alice, alina } = await given();
    const now = async () => (await views.actors([alice.key])).get(alice.key);
    expect(await now()).toMatchObject({ name: "alice", counts: { posts: 0, followers: 0, following: 0 } });
    await a.core.act(alina.key, { type: "Follow", object: alice.iri });
    await a.core.act(alice.key, {
      type: "Note",
      content: "x",
      to: ["https://www.w3.org/ns/activitystreams#Public"],
    });
    expect((await now())?.counts).toEqual({ posts: 1, followers: 1, following: 0 });
    await rename(a, alice, { name: "Alice A." });
    expect((await now())?.name).toBe("Alice A.");
    const feed = await timelines.home(alice.key, { limit: 5 });
    expect(feed.items[0]?.object.author?.name).toBe("Alice A.");
    expect(await views.actors([1, 2])).toEqual(new Map());
  });
});
