/** Relays of both kinds (FEP-ae0c): what is public goes to them and comes from them, and nothing that they say is believed. */
import { beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { PUBLIC } from "../core/object.ts";
import { HOUR_MS } from "../lib/durations.ts";
import type { JsonObject } from "../lib/json.ts";
import { createProof } from "../signatures/proof.ts";
import { eachEngine } from "../testing/engines.ts";
import { type Fediverse, fediverse } from "../testing/fediverse.ts";
import { post } from "../testing/letters.ts";
import { type Person, person } from "../testing/people.ts";
import { type Stranger, type StrangerActor, stranger } from "../testing/strangers.ts";

const PATIENCE_MS = 60_000;
const CONTEXT = ["https://www.w3.org/ns/activitystreams", "https://w3id.org/security/data-integrity/v1"];

eachEngine((engine) => {
  let all: Fediverse;
  let alice: Person;
  let house: Stranger;
  let relay: StrangerActor;
  let origin: Stranger;
  let zoe: StrangerActor;
  let server: string;
  let count = 0;

  /** alice lives at a.test, the relay at relay.test; zoe writes at z.test, and nobody here follows her. */
  beforeAll(async () => {
    all = await fediverse(engine, ["a.test"]);
    alice = await person(all.at("a.test"), "alice", "admin");
    house = stranger(all, "relay.test");
    relay = await house.actor("relay", { type: "Application" });
    origin = stranger(all, "z.test");
    zoe = await origin.actor("zoe");
    server = `${alice.app.origin}/users/commons`;
  }, PATIENCE_MS);

  const relays = () => alice.app.federation.relays;
  const states = async () => (await relays().list()).map(({ kind, state }) => `${kind} ${state}`);
  const sent = (type: string) =>
    house.received
      .map(({ path, body }) => ({ path, ...JSON.parse(body) }))
      .filter((each) => each.type === type);
  const say = async (activity: JsonObject, by = relay) => {
    const answer = await post(alice.app, {
      by,
      body: { "@context": CONTEXT, id: by.at(`/activities/${++count}`), actor: by.iri, ...activity },
    });
    await all.settle();
    return answer.status;
  };
  const empty = async () => {
    for (const { key } of await relays().list()) await relays().remove(key, alice.key);
    await all.settle();
    house.received.length = 0;
    origin.asked.length = 0;
  };
  /** A note of zoe's at its own address, and its Create, as she would sign it. */
  const noteOf = (more: JsonObject = {}) => {
    const id = zoe.at(`/notes/${++count}`);
    const note = { id, type: "Note", attributedTo: zoe.iri, content: `Note ${count}`, to: [PUBLIC], ...more };
    origin.put(`/notes/${count}`, { body: { "@context": CONTEXT, ...note } });
    return {
      id,
      note,
      create: {
        "@context": CONTEXT,
        id: `${id}/activity`,
        type: "Create",
        actor: zoe.iri,
        to: [PUBLIC],
        object: note,
      },
    };
  };
  const stored = async (iri: string) => (await alice.app.federation.look.find(iri))?.document?.content;
  const everywhere = async () => {
    const { items } = await alice.app.queries.everywhere(alice.key, { limit: 20 });
    return items.map(({ object }) => object.iri);
  };

  describe("taking part in a relay of Mastodon's kind", () => {
    beforeEach(empty);

    test("is asked of its inbox by a Follow of everybody, and its answer counts alone", async () => {
      await relays().add("https://relay.test/inbox", alice.key);
      await all.settle();
      const [follow] = sent("Follow");
      expect(follow).toMatchObject({ path: "/inbox", actor: server, object: PUBLIC });
      expect(await states()).toEqual(["mastodon waiting"]);
      await say({ type: "Accept", object: follow.id }, zoe);
      expect(await states()).toEqual(["mastodon waiting"]);
      await say({ type: "Accept", object: follow });
      expect(await states()).toEqual(["mastodon accepted"]);
    });

    test("is asked of nobody by people", async () => {
      await expect(alice.act({ type: "Follow", object: PUBLIC })).rejects.toThrow("cannot be found");
    });

    test("may be refused, and ends with an Undo of the same Follow", async () => {
      await relays().add("https://relay.test/inbox", alice.key);
      await all.settle();
      const [follow] = sent("Follow");
      await say({ type: "Reject", object: follow.id });
      expect(await states()).toEqual(["mastodon refused"]);
      await relays().remove((await relays().list())[0]?.key ?? 0, alice.key);
      await all.settle();
      expect(sent("Undo")[0]).toMatchObject({
        actor: server,
        object: { id: follow.id, type: "Follow", object: PUBLIC },
      });
      expect(await states()).toEqual([]);
    });

    test.each([
      ["no address", "relay.test", "Enter the address"],
      ["our own inbox", "https://a.test/inbox", "no relay of its own"],
      ["an address without an actor", "https://z.test/nothing", "no relay at this address"],
    ])("is not asked of %s", async (_, address, words) => {
      await expect(relays().add(address, alice.key)).rejects.toThrow(words);
    });

    test("is asked once", async () => {
      await relays().add("https://relay.test/inbox", alice.key);
      await expect(relays().add("https://relay.test/inbox", alice.key)).rejects.toThrow("already");
    });
  });

  describe("a relay of Mastodon's kind", () => {
    beforeAll(async () => {
      await empty();
      await relays().add("https://relay.test/inbox", alice.key);
      await all.settle();
      await say({ type: "Accept", object: sent("Follow")[0].id });
    });
    beforeEach(() => {
      house.received.length = 0;
      origin.asked.length = 0;
    });

    test("gets what people here write, change and delete for everybody, and nothing else", async () => {
      const note = await alice.note("for all", { to: [PUBLIC], cc: [alice.followers] });
      await alice.note("quietly", { to: [alice.followers], cc: [PUBLIC] });
      await alice.note("for followers", { to: [alice.followers] });
      await alice.note("for zoe", { to: [zoe.iri] });
      await alice.act({ type: "Update", object: { id: note, content: "for all of you" } });
      await alice.act({ type: "Like", object: note });
      await all.settle();
      expect(sent("Create").map(({ actor, object }) => [actor, object.id])).toEqual([[alice.iri, note]]);
      expect(sent("Update")).toHaveLength(1);
      expect(sent("Like")).toEqual([]);
      await alice.act({ type: "Delete", object: note });
      await all.settle();
      expect(sent("Delete").map(({ object }) => object.id)).toEqual([note]);
    });

    test("gets nothing of people who are limited here", async () => {
      const loud = await person(alice.app, "loud");
      const terms = { kind: "limit", actor: loud.key, text: "Too loud" } as const;
      await alice.app.peace.sanctions.impose(alice.key, terms);
      await loud.note("for all", { to: [PUBLIC] });
      await all.settle();
      expect(sent("Create")).toEqual([]);
    });

    test("brings what strangers wrote: it is fetched from its origin, stored for all, and told to nobody", async () => {
      const { id, create } = noteOf();
      const forged = { ...create, object: { ...create.object, content: "forged" } };
      expect(await say(forged)).toBe(202);
      expect(await stored(id)).toBe(`Note ${count - 1}`);
      expect(await everywhere()).toContain(id);
      expect(await alice.home()).not.toContain(`Note ${count - 1}`);
      expect(await alice.notices()).toEqual([]);
    });

    test("brings what carries a tag that somebody follows onto their home page", async () => {
      const tag = alice.app.opened.addresses.tag("chemie");
      const followed = { object: tag, target: `${alice.iri}/followed-tags` };
      await alice.act({ type: "Add", ...followed });
      const hashtag = { type: "Hashtag", name: "#Chemie", href: "https://z.test/tags/chemie" };
      const wanted = noteOf({ tag: [hashtag], content: "of interest" });
      const other = noteOf({ content: "of none" });
      for (const { create } of [wanted, other]) await say({ type: "Announce", object: create.object.id });
      expect((await alice.home())[0]).toBe("of interest");
      expect(await alice.home()).not.toContain("of none");
      const { items } = await alice.app.queries.home(alice.key, { limit: 5 });
      expect(items[0]?.sharedBy).toBeNull();
      await alice.act({ type: "Remove", ...followed });
      expect(await alice.home()).not.toContain("of interest");
    });

    test("brings what proves itself, which needs no fetch", async () => {
      const { id, create } = noteOf();
      await say(await createProof(create, { key: zoe.ed25519, nowMs: all.clock.now() }));
      expect(await stored(id)).toBe(`Note ${count - 1}`);
      expect(origin.asked.filter((path) => path.includes("notes"))).toEqual([]);
    });

    test("brings changes and farewells, each as its origin has it", async () => {
      const { id, note, create } = noteOf();
      await say(create);
      const path = new URL(id).pathname;
      const newer = { ...note, content: "changed", updated: "2030-01-01T00:00:00Z" };
      await say({ id: `${id}#update`, type: "Update", actor: zoe.iri, object: newer });
      expect(await stored(id)).toBe(note.content);
      origin.put(path, { body: { "@context": CONTEXT, ...newer } });
      await say({ id: `${id}#update-2`, type: "Update", actor: zoe.iri, object: newer });
      expect(await stored(id)).toBe("changed");
      await say({ id: `${id}#delete`, type: "Delete", actor: zoe.iri, object: id });
      expect(await stored(id)).toBe("changed");
      origin.put(path, { status: 410, body: "" });
      await say({ id: `${id}#delete-2`, type: "Delete", actor: zoe.iri, object: { id, type: "Tombstone" } });
      expect(await everywhere()).not.toContain(id);
    });

    test("brings shares too, of things that are fetched", async () => {
      const { id } = noteOf();
      await say({ type: "Announce", object: id, to: [relay.followers] });
      expect(await everywhere()).toContain(id);
    });

    test("brings back what is ours, and other things than posts, in vain", async () => {
      const note = await alice.note("mine", { to: [PUBLIC] });
      await all.settle();
      const before = origin.asked.length;
      expect(await say({ type: "Announce", object: note })).toBe(202);
      expect(await say({ id: zoe.at("/likes/1"), type: "Like", actor: zoe.iri, object: note })).toBe(202);
      expect((await alice.sees(note))?.counts).toMatchObject({ likes: 0, shares: 0 });
      expect([origin.asked.length, await alice.notices()]).toEqual([before, []]);
    });

    test("brings no more in an hour than it may, and how much it brought is known", async () => {
      const [{ key = 0, taken = 0 } = {}] = await relays().list();
      await relays().setLimit(key, 2);
      const notes = Array.from({ length: 4 }, () => noteOf());
      for (const { id } of notes) await say({ type: "Announce", object: id });
      expect(await Promise.all(notes.map(({ id }) => stored(id).then(Boolean)))).toEqual([
        true,
        true,
        false,
        false,
      ]);
      expect(await relays().list()).toMatchObject([{ taken: taken + 2, passedOver: 2, perHour: 2 }]);
      all.clock.advance(HOUR_MS);
      await say({ type: "Announce", object: notes[3]?.id ?? "" });
      expect(await stored(notes[3]?.id ?? "")).toBeDefined();
      await expect(relays().setLimit(key, -1)).rejects.toThrow("from 0 to");
      await relays().setLimit(key, 500);
    });

    test("that is none of ours brings nothing", async () => {
      const { id, create } = noteOf();
      const other = await stranger(all, "other.test").actor("relay");
      await say(create, other);
      expect(await stored(id)).toBeUndefined();
    });
  });

  describe("a relay of LitePub's kind", () => {
    beforeAll(async () => {
      await empty();
      await relays().add(relay.iri, alice.key);
      await all.settle();
    });
    beforeEach(() => {
      house.received.length = 0;
    });

    test("is followed, follows back, and has let us in once it has said so", async () => {
      expect(await states()).toEqual(["litepub waiting"]);
      const following = await alice.app.federation.look.find(server);
      const follow = await alice.app.federation.look.activityAbout(
        "Follow",
        following?.key ?? 0,
        (await alice.app.federation.look.find(relay.iri))?.key ?? 0,
      );
      await say({ type: "Accept", object: follow?.iri ?? "" });
      expect(await states()).toEqual(["litepub accepted"]);
      await say({ type: "Follow", object: server, to: [server] });
      expect(sent("Accept")).toHaveLength(1);
    });

    test("is told of what people here write for everybody, by an Announce that nobody else sees", async () => {
      const note = await alice.note("for all", { to: [PUBLIC], cc: [alice.followers] });
      await alice.note("for followers", { to: [alice.followers] });
      await all.settle();
      expect(sent("Create")).toEqual([]);
      expect(sent("Announce")).toMatchObject([
        { actor: server, object: note, to: [relay.iri, relay.followers], cc: [PUBLIC] },
      ]);
      expect((await alice.sees(note))?.counts.shares).toBe(0);
      expect(await alice.notices()).toEqual([]);
      await alice.act({ type: "Delete", object: note });
      await all.settle();
      expect(sent("Delete")).toHaveLength(1);
    });

    test("shares what is fetched and stored for all, on no home page", async () => {
      const { id } = noteOf();
      await say({ type: "Announce", object: id, to: [relay.followers] });
      expect(await everywhere()).toContain(id);
      expect(await alice.home()).not.toContain(`Note ${count - 1}`);
    });

    test("fills the home page of whoever follows it for themselves", async () => {
      const { activity } = await alice.act({ type: "Follow", object: relay.iri });
      await all.settle();
      await say({ type: "Accept", object: activity.id ?? "" });
      const { note, id } = noteOf();
      await say({ type: "Announce", object: id, to: [relay.followers] });
      expect(await alice.home()).toContain(note.content);
      await alice.act({ type: "Undo", object: activity.id ?? "" });
      await all.settle();
    });

    test("that is gone is left without", async () => {
      const lost = await stranger(all, "lost.test").actor("relay", { type: "Application" });
      await relays().add(lost.iri, alice.key);
      await all.settle();
      await say({ type: "Delete", object: lost.iri }, lost);
      const gone = (await relays().list()).find(({ address }) => address === lost.iri);
      await relays().remove(gone?.key ?? 0, alice.key);
      expect((await relays().list()).map(({ address }) => address)).not.toContain(lost.iri);
    });

    test("is left with an Undo", async () => {
      await relays().remove((await relays().list())[0]?.key ?? 0, alice.key);
      await all.settle();
      expect(sent("Undo")[0]).toMatchObject({ actor: server, object: { type: "Follow", object: relay.iri } });
      await alice.note("for all", { to: [PUBLIC] });
      await all.settle();
      expect(sent("Announce")).toEqual([]);
    });
  });
});
