/** What somebody pins to their page stands at the top of it on other servers too. */
import { expect, test } from "bun:test";
import { PUBLIC } from "../core/object.ts";
import { addMember, ensureCollection } from "../core/store-writes.ts";
import { onSqlite } from "../testing/engines.ts";
import { fediverse } from "../testing/fediverse.ts";
import { groupOf, toGroup } from "../testing/groups.ts";
import { documentAt, jsonOf, type Person, person } from "../testing/people.ts";

onSqlite((engine) => {
  test("followers elsewhere see what is pinned, and no more what is not", async () => {
    const world = await fediverse(engine, ["a.test", "b.test"]);
    const alice = await person(world.at("a.test"), "alice", "admin");
    const bob = await person(world.at("b.test"), "bob", "admin");
    await bob.act({ type: "Follow", object: alice.iri });
    await world.settle();
    const note = await alice.note("read me first", { to: [PUBLIC], cc: [alice.followers] });
    await alice.act({ type: "Add", object: note, target: `${alice.iri}/featured` });
    await world.settle();
    const known = await bob.app.federation.look.find(alice.iri);
    const shown = async () => {
      const page = await bob.app.queries.featured(known?.key ?? 0, bob.key, { limit: 5 });
      return page.items.map(({ object }) => object.iri);
    };
    expect(await shown()).toEqual([note]);
    await alice.act({ type: "Remove", object: note, target: `${alice.iri}/featured` });
    await world.settle();
    expect(await shown()).toEqual([]);
  });

  test("what stands on somebody's page is given in one piece, to those who look at no other page", async () => {
    const app = (await fediverse(engine, ["a.test"])).at("a.test");
    const alice = await person(app, "alice", "admin");
    const note = await alice.note("read me first", { to: [PUBLIC] });
    const tag = `${app.origin}/tags/owls`;
    await alice.act({ type: "Add", object: note, target: `${alice.iri}/featured` });
    await alice.act({ type: "Add", object: tag, target: `${alice.iri}/featured-tags` });
    const list = async (name: string) => jsonOf(await documentAt(app, `${alice.iri}/${name}`));
    const shape = { type: "OrderedCollection", attributedTo: alice.iri, totalItems: 1 };
    const pinned = await list("featured");
    expect(pinned).toMatchObject({ ...shape, orderedItems: [note] });
    expect(pinned.first).toBeUndefined();
    expect(await list("featured-tags")).toMatchObject({
      ...shape,
      orderedItems: [{ type: "Hashtag", name: "#owls", href: tag }],
    });
  });

  test("what is deleted keeps no place at the top of a page, a person's or a group's, here or elsewhere", async () => {
    const world = await fediverse(engine, ["a.test", "b.test"]);
    const alice = await person(world.at("a.test"), "alice", "admin");
    const bob = await person(world.at("b.test"), "bob", "admin");
    const group = await groupOf(alice.app, "books", alice);
    await bob.act({ type: "Follow", object: alice.iri });
    await world.settle();
    const pinned = async (reader: Person, page: string) => {
      const owner = await reader.app.federation.look.find(page);
      return owner && (await reader.app.federation.look.totalOf(owner.key, "featured"));
    };
    for (const text of ["one", "two", "three", "four", "five"]) {
      const note = await alice.note(text, { ...toGroup(group), cc: [alice.followers] });
      for (const page of [alice.iri, group.iri])
        await alice.act({ type: "Add", object: note, target: `${page}/featured` });
      await world.settle();
      expect([await pinned(alice, alice.iri), await pinned(alice, group.iri)]).toEqual([1, 1]);
      expect(await pinned(bob, alice.iri)).toBe(1);
      await alice.act({ type: "Delete", object: note });
      await world.settle();
    }
    expect([await pinned(alice, alice.iri), await pinned(alice, group.iri)]).toEqual([0, 0]);
    expect(await pinned(bob, alice.iri)).toBe(0);
    const sixth = await alice.note("six", { to: [PUBLIC] });
    await alice.act({ type: "Add", object: sixth, target: `${alice.iri}/featured` });
    expect(await pinned(alice, alice.iri)).toBe(1);
  });

  test("places that deleted posts have kept from before are free for the next", async () => {
    const app = (await fediverse(engine, ["a.test"])).at("a.test");
    const alice = await person(app, "alice", "admin");
    const gone = await Promise.all(
      ["1", "2", "3", "4", "5"].map((text) => alice.note(text, { to: [PUBLIC] })),
    );
    for (const note of gone) await alice.act({ type: "Delete", object: note });
    const kept = gone.flatMap((iri) => addMember(alice.key, "featured", { iri }, null));
    await app.opened.db.batch([ensureCollection(alice.key, "featured"), ...kept]);
    const note = await alice.note("read me first", { to: [PUBLIC] });
    await alice.act({ type: "Add", object: note, target: `${alice.iri}/featured` });
    expect(await app.federation.look.totalOf(alice.key, "featured")).toBe(1);
  });
});
