/** The one road, walked by people of two servers on every engine. */
import { expect, test } from "bun:test";
import { eachEngine } from "../testing/engines.ts";
import { type House, village } from "../testing/village.ts";
import { PUBLIC } from "./object.ts";

const A = "https://a.test";
const B = "https://b.test";

eachEngine((engine) => {
  async function twoHouses() {
    const town = await village({ [A]: await engine.freshDb(), [B]: await engine.freshDb() });
    const a = town.house(A);
    const b = town.house(B);
    const alice = await a.person("alice");
    const bob = await b.person("bob");
    return { town, a, b, alice, bob };
  }

  async function follows(given: Awaited<ReturnType<typeof twoHouses>>) {
    const { town, b, bob, alice } = given;
    const { activity } = await b.core.act(bob.key, { type: "Follow", object: alice.iri });
    await town.settle();
    return activity;
  }

  const note = (house: House, key: number, extra: object = {}) =>
    house.core.act(key, {
      type: "Note",
      content: "<p>Hello</p>",
      to: [PUBLIC],
      cc: [`${house.origin}/users/alice/followers`],
      ...extra,
    });

  test("following across servers is answered, and both sides know it", async () => {
    const given = await twoHouses();
    await given.b.look.fetch(given.alice.iri);
    await follows(given);
    const { a, b, alice, bob } = given;
    expect(a.outcomes.map((o) => o.outcome)).toEqual(["done"]);
    expect(await a.total(alice.iri, "followers")).toBe(1);
    expect(await b.total(bob.iri, "following")).toBe(1);
    expect(await b.total(bob.iri, "requested")).toBe(0);
  });

  test("undoing a follow removes the follower on both sides", async () => {
    const given = await twoHouses();
    const { town, a, b, alice, bob } = given;
    await b.look.fetch(alice.iri);
    const follow = await follows(given);
    await b.core.act(bob.key, { type: "Undo", object: follow.id ?? "" });
    await town.settle();
    expect(await a.total(alice.iri, "followers")).toBe(0);
    expect(await b.total(bob.iri, "following")).toBe(0);
  });

  test("a post reaches a follower elsewhere, is liked, shared and answered, and the counts agree", async () => {
    const given = await twoHouses();
    const { town, a, b, alice, bob } = given;
    await b.look.fetch(alice.iri);
    await follows(given);
    const { object } = await note(a, alice.key);
    await town.settle();
    const iri = object?.iri ?? "";
    expect((await b.look.find(iri))?.document?.content).toBe("<p>Hello</p>");
    const like = await b.core.act(bob.key, { type: "Like", object: iri });
    await b.core.act(bob.key, { type: "Announce", object: iri, to: [PUBLIC], cc: [alice.iri] });
    await b.core.act(bob.key, {
      type: "Note",
      content: "Hi",
      inReplyTo: iri,
      to: [alice.iri],
      tag: [{ type: "Mention", href: alice.iri }],
    });
    await town.settle();
    expect(a.outcomes.filter((o) => o.outcome === "refused")).toEqual([]);
    for (const house of [a, b]) {
      expect(await house.total(iri, "likes")).toBe(1);
      expect(await house.total(iri, "shares")).toBe(1);
      expect(await house.total(iri, "replies")).toBe(1);
    }
    await b.core.act(bob.key, { type: "Undo", object: like.activity.id ?? "" });
    await town.settle();
    expect(await a.total(iri, "likes")).toBe(0);
    expect(await b.total(bob.iri, "liked")).toBe(0);
  });

  test.each(["Like", "Announce", "Dislike", "Offer", "Wave"])(
    "a %s of a post that its server has not seen reaches the author",
    async (type) => {
      const { town, a, b, alice, bob } = await twoHouses();
      const { object } = await note(a, alice.key);
      await town.settle();
      expect(await b.look.find(object?.iri ?? "")).toBeNull();
      const { activity } = await b.core.act(bob.key, { type, actor: bob.iri, object: object?.iri ?? "" });
      await town.settle();
      expect(activity.to).toEqual([alice.iri]);
      expect(a.outcomes.map(({ outcome }) => outcome)).toEqual(["done"]);
      if (type === "Like") expect(await a.total(object?.iri ?? "", "likes")).toBe(1);
    },
  );

  test("what is said to be null is not said", async () => {
    const { a, b, alice, bob } = await twoHouses();
    await b.look.fetch(alice.iri);
    const { activity } = await note(a, alice.key, { cc: null, summary: null });
    expect(activity).not.toHaveProperty("cc");
    expect(activity.object).not.toHaveProperty("summary");
    const wave = await b.core.act(bob.key, { type: "Wave", actor: bob.iri, object: alice.iri, to: null });
    expect(wave.activity.to).toEqual([alice.iri]);
    const kept = (await b.look.find(wave.activity.id ?? ""))?.document;
    expect(kept).toEqual(wave.activity);
  });

  test("what is deleted is a tombstone everywhere, and is no longer counted", async () => {
    const given = await twoHouses();
    const { town, a, b, alice } = given;
    await b.look.fetch(alice.iri);
    await follows(given);
    const { object } = await note(a, alice.key);
    await town.settle();
    expect(await b.total(alice.iri, "posts")).toBe(1);
    await a.core.act(alice.key, { type: "Delete", object: object?.iri ?? "" });
    await town.settle();
    expect((await b.look.find(object?.iri ?? ""))?.deletedMs).not.toBeNull();
    expect(await a.total(alice.iri, "posts")).toBe(0);
    expect(await b.total(alice.iri, "posts")).toBe(0);
  });

  test("nobody changes or deletes what belongs to somebody else", async () => {
    const given = await twoHouses();
    const { town, a, b, alice, bob } = given;
    await b.look.fetch(alice.iri);
    await follows(given);
    const { object } = await note(a, alice.key);
    await town.settle();
    const iri = object?.iri ?? "";
    await expect(b.core.act(bob.key, { type: "Delete", object: iri })).rejects.toThrow("only its owner");
    const forged = await a.core.receive(
      {
        id: `${B}/activities/1`,
        type: "Update",
        actor: bob.iri,
        object: { id: iri, type: "Note", content: "forged" },
        to: [alice.iri],
      },
      { sender: bob.iri },
    );
    expect(forged).toEqual({ outcome: "refused", reason: "only its owner may do that" });
    expect((await a.look.find(iri))?.document?.content).toBe("<p>Hello</p>");
  });

  test("nobody creates actors and activities, whichever of several types says so", async () => {
    const { a, alice, bob } = await twoHouses();
    const from = { sender: bob.iri, recipient: alice.key };
    for (const [nth, type] of [
      ["Note", "Person"],
      ["Person", "Note"],
      ["Note", "Like"],
      "Person",
    ].entries()) {
      const draft = { type: "Create", object: { type, content: "x" }, to: [PUBLIC] };
      await expect(a.core.act(alice.key, draft)).rejects.toThrow("A Create cannot make a");
      const object = { id: `${B}/made/${nth}`, type, content: "x", attributedTo: bob.iri };
      const create = { id: `${B}/make/${nth}`, type: "Create", actor: bob.iri, object, to: [alice.iri] };
      const { outcome } = await a.core.receive(create, from);
      expect([type, outcome]).toEqual([type, "refused"]);
    }
  });

  test("an activity is stored once however often it comes", async () => {
    const { a, b, alice, bob } = await twoHouses();
    await b.look.fetch(alice.iri);
    const like = { id: `${B}/activities/7`, type: "Follow", actor: bob.iri, object: alice.iri };
    expect((await a.core.receive(like, { sender: bob.iri })).outcome).toBe("done");
    expect((await a.core.receive(like, { sender: bob.iri })).outcome).toBe("duplicate");
    expect(await a.total(alice.iri, "followers")).toBe(1);
  });

  test("of two that like a thing for one person at one moment the second is refused", async () => {
    const { a, alice, bob } = await twoHouses();
    const { object } = await note(a, alice.key);
    const like = (n: number) => ({
      id: `${B}/likes/${n}`,
      type: "Like",
      actor: bob.iri,
      object: object?.iri,
    });
    await a.look.fetch(bob.iri);
    const come = [1, 2].map((n) => a.core.receive(like(n) as never, { sender: bob.iri }));
    const outcomes = (await Promise.all(come)).map(({ outcome }) => outcome);
    expect(outcomes.sort()).toEqual(["done", "refused"]);
    expect(await a.total(object?.iri ?? "", "likes")).toBe(1);
  });

  test("an activity of an unknown type is stored, addressed and delivered", async () => {
    const { town, a, b, alice, bob } = await twoHouses();
    await b.look.fetch(alice.iri);
    const { activity } = await b.core.act(bob.key, {
      type: "Wave",
      actor: bob.iri,
      object: alice.iri,
      content: "o/",
    });
    await town.settle();
    expect(a.outcomes.at(-1)?.outcome).toBe("done");
    expect((await a.look.find(activity.id ?? ""))?.type).toBe("Wave");
    expect((await a.look.find(activity.id ?? ""))?.document?.content).toBe("o/");
  });

  test("blocking ends following both ways, and what the blocked one does is refused", async () => {
    const given = await twoHouses();
    const { town, a, b, alice, bob } = given;
    await b.look.fetch(alice.iri);
    await follows(given);
    const { object } = await note(a, alice.key);
    await town.settle();
    await a.core.act(alice.key, { type: "Block", object: bob.iri });
    await town.settle();
    expect(await a.total(alice.iri, "followers")).toBe(0);
    expect(await b.total(bob.iri, "following")).toBe(0);
    await b.core.act(bob.key, { type: "Like", object: object?.iri ?? "" });
    await town.settle();
    expect(a.outcomes.at(-1)).toEqual({ outcome: "refused", reason: "what it is about cannot be found" });
  });

  test("a followers-only post is seen by the follower and by nobody else", async () => {
    const given = await twoHouses();
    const { town, a, b, alice, bob } = given;
    await b.look.fetch(alice.iri);
    await follows(given);
    const carol = await b.person("carol");
    const { object } = await a.core.act(alice.key, {
      type: "Note",
      content: "quiet",
      to: [`${alice.iri}/followers`],
    });
    await town.settle();
    const there = await b.look.find(object?.iri ?? "");
    expect(await b.look.maySee(bob.key, there?.key ?? 0)).toBe(true);
    expect(await b.look.maySee(carol.key, there?.key ?? 0)).toBe(false);
    expect(await b.look.maySee(null, there?.key ?? 0)).toBe(false);
  });

  test("hidden recipients get it and are named nowhere", async () => {
    const { town, a, b, alice, bob } = await twoHouses();
    await a.look.fetch(bob.iri);
    const { activity, object } = await a.core.act(alice.key, {
      type: "Note",
      content: "psst",
      bto: [bob.iri],
    });
    await town.settle();
    expect(JSON.stringify(activity)).not.toContain("bto");
    expect((await b.look.find(object?.iri ?? ""))?.document?.content).toBe("psst");
    expect(JSON.stringify((await a.look.find(object?.iri ?? ""))?.document)).not.toContain("bob");
  });
});
