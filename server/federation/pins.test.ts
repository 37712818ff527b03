/** What somebody pins to their page stands at the top of it on other servers too. */
import { expect, test } from "bun:test";
import { PUBLIC } from "../core/object.ts";
import { onSqlite } from "../testing/engines.ts";
import { fediverse } from "../testing/fediverse.ts";
import { documentAt, jsonOf, person } from "../testing/people.ts";

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
});
