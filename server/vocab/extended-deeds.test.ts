/** Activities of an extension file that extend built-in ones do what those do, wherever code asks what was done. */
import { expect, test } from "bun:test";
import { type AsObject, PUBLIC } from "../core/object.ts";
import { createRegistry } from "../core/registry.ts";
import { eachEngine } from "../testing/engines.ts";
import { type House, village } from "../testing/village.ts";
import { parseExtension } from "./extensions.ts";
import { vocabularies } from "./index.ts";

const A = "https://a.test";
const B = "https://b.test";
const KINDS = { Publish: "Create", Retract: "Delete", Pass: "Announce", Pin: "Add", Unpin: "Remove" };
const NS = "https://press.example/ns#";

const press = parseExtension(
  "press.json",
  JSON.stringify({
    name: "press",
    types: Object.fromEntries(
      Object.entries(KINDS).map(([name, parent]) => [
        name,
        { iri: `${NS}${name}`, kind: "activity", extends: parent },
      ]),
    ),
  }),
);

test("what an activity does is what the nearest type that does anything does", () => {
  const registry = createRegistry([...vocabularies, press]);
  expect(registry.actsAs("Publish")).toBe("Create");
  expect(registry.actsAs("Create")).toBe("Create");
  expect(registry.actsAs("EmojiReact")).toBe("EmojiReact");
  expect(registry.actsAs("Unheard")).toBe("Unheard");
  expect(registry.actingAs("Create")).toEqual(["Create", "Publish"]);
  expect(registry.actingAs("Like")).toEqual(["Like"]);
  expect(registry.actingAs("Unheard")).toEqual(["Unheard"]);
});

eachEngine((engine) => {
  async function housesOf() {
    const dbs = { [A]: await engine.freshDb(), [B]: await engine.freshDb() };
    const town = await village(dbs, { [A]: [press], [B]: [press] });
    const [a, b] = [town.house(A), town.house(B)];
    return { town, a, b, alice: await a.person("alice"), bob: await b.person("bob") };
  }

  const publishes = async (house: House, by: number, extra: AsObject = {}) => {
    const object = { type: "Note", content: "<p>News</p>", to: [PUBLIC], ...extra };
    const done = await house.core.act(by, { type: "Publish", object });
    return { create: done.activity.id ?? "", iri: done.object?.iri ?? "", key: done.object?.key ?? 0 };
  };

  test("what a kind of Create made is no more among the posts when a kind of Delete took it", async () => {
    const { a, alice } = await housesOf();
    const { iri, key, create } = await publishes(a, alice.key);
    expect(await a.total(alice.iri, "posts")).toBe(1);
    expect((await a.look.activityAbout("Create", alice.key, key))?.iri).toBe(create);
    await a.core.act(alice.key, { type: "Retract", object: iri });
    expect(await a.total(alice.iri, "posts")).toBe(0);
  });

  test("a kind of Create is not undone here, and its undoing elsewhere deletes what it made", async () => {
    const { a, b, alice, bob } = await housesOf();
    const { create } = await publishes(a, alice.key);
    await expect(a.core.act(alice.key, { type: "Undo", object: create })).rejects.toThrow("delete the post");
    await b.look.fetch(alice.iri);
    const from = { sender: alice.iri, recipient: bob.key };
    const note = { id: `${A}/notes/1`, type: "Note", content: "x", attributedTo: alice.iri, to: [PUBLIC] };
    const said = { id: `${A}/said/1`, type: "Publish", actor: alice.iri, to: [PUBLIC], object: note };
    await b.core.receive(said, from);
    const again = await b.core.receive({ ...said, id: `${A}/said/2` }, from);
    expect(again).toEqual({ outcome: "refused", reason: "that was done already" });
    await b.core.receive({ id: `${A}/undo/1`, type: "Undo", actor: alice.iri, object: said.id }, from);
    expect((await b.look.find(note.id))?.deletedMs).not.toBeNull();
  });

  test("what a kind of Create answers in a group is in the group, and a kind of Delete by its owner takes it out", async () => {
    const { town, a, b, alice, bob } = await housesOf();
    const club = await a.group("club", alice);
    await b.look.fetch(club.iri);
    await b.core.act(bob.key, { type: "Follow", object: club.iri });
    await town.settle();
    const asked = await publishes(a, alice.key, { to: [PUBLIC, club.iri] });
    expect((await a.look.groupsOf(asked.key)).map(({ iri }) => iri)).toEqual([club.iri]);
    const told = await a.look.activityAbout("Announce", club.key, asked.key);
    expect(told).not.toBeNull();
    const answer = await publishes(a, alice.key, { inReplyTo: asked.iri });
    expect((await a.look.groupsOf(answer.key)).map(({ iri }) => iri)).toEqual([club.iri]);
    await a.core.act(alice.key, { type: "Retract", object: asked.iri });
    expect(await a.look.activityAbout("Announce", club.key, asked.key)).toBeNull();
  });

  test("a kind of Add keeps the rules of the list, and a kind of Remove is always taken", async () => {
    const { a, alice } = await housesOf();
    const { iri } = await publishes(a, alice.key);
    const [muted, featured] = [`${alice.iri}/muted`, `${alice.iri}/featured`];
    const mute = a.core.act(alice.key, { type: "Pin", object: alice.iri, target: muted });
    await expect(mute).rejects.toThrow("nobody can mute themselves");
    await a.core.act(alice.key, { type: "Pin", object: iri, target: featured });
    expect(await a.total(alice.iri, "featured")).toBe(1);
    await a.core.act(alice.key, { type: "Unpin", object: iri, target: featured });
    expect(await a.total(alice.iri, "featured")).toBe(0);
  });
});
