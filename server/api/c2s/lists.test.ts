/** Lists of people, tags and pins for clients that speak ActivityPub: made and read by documents alone. */
import { expect, test } from "bun:test";
import { PUBLIC } from "../../core/object.ts";
import { testApp } from "../../testing/app.ts";
import { onSqlite } from "../../testing/engines.ts";
import { jsonOf, person } from "../../testing/people.ts";

onSqlite((engine) => {
  test("a list is made, filled and read, and is at the address of its owner's lists", async () => {
    const app = await testApp(engine);
    const alice = await person(app, "alice", "admin");
    const bob = await person(app, "bob");
    await alice.send({ type: "Follow", object: bob.iri });
    const made = await jsonOf(await alice.send({ type: "List", name: "Colleagues", repliesFrom: "none" }));
    const { id } = made.object as { id: string };
    expect((await alice.send({ type: "Add", object: bob.iri, target: id })).status).toBe(201);
    const pageOf = async (path: string) => jsonOf(await alice.read(`${path.replace(app.origin, "")}?page=1`));
    expect(await pageOf(`${alice.iri}/lists`)).toMatchObject({ orderedItems: [id] });
    expect(await pageOf(id)).toMatchObject({ totalItems: 1, orderedItems: [bob.iri] });
    const { activity, object } = await bob.act({
      type: "Create",
      to: [PUBLIC],
      cc: [bob.followers],
      object: { type: "Note", content: "minutes" },
    });
    expect(object).not.toBeNull();
    expect(await pageOf(`${id}/home`)).toMatchObject({ orderedItems: [activity.id] });
    const tag = `${app.origin}/tags/maths`;
    const followed = `${alice.iri}/followed-tags`;
    expect((await alice.send({ type: "Add", object: tag, target: followed })).status).toBe(201);
    expect(await pageOf(followed)).toMatchObject({ orderedItems: [tag] });
    for (const path of [id, `${id}/home`, followed, `${alice.iri}/lists`])
      expect((await bob.read(path.replace(app.origin, ""))).status).toBe(404);
  });

  test("a collection is given out as what it is and whose, with what was added and nothing that it only says", async () => {
    const app = await testApp(engine);
    const alice = await person(app, "alice", "admin");
    const pinned = await alice.note("pinned", { to: [PUBLIC] });
    const shelf = {
      type: ["Shelf", "Collection"],
      name: "Maths",
      to: [PUBLIC],
      totalItems: 9,
      first: pinned,
    };
    const made = await jsonOf(await alice.send({ ...shelf, items: [] }));
    const { id } = made.object as { id: string };
    expect((await alice.send({ type: "Add", object: pinned, target: id })).status).toBe(201);
    const update = { type: "Update", object: { id, name: "Sums", totalItems: 99 } };
    expect((await alice.send(update)).status).toBe(201);
    const served = await jsonOf(await alice.read(id.replace(app.origin, "")));
    expect(served).toMatchObject({
      type: ["Shelf", "OrderedCollection"],
      attributedTo: alice.iri,
      name: "Sums",
      totalItems: 1,
      first: `${id}?page=1`,
    });

    for (const [body, field] of [
      [{ ...shelf, items: [pinned] }, "object.items"],
      [{ type: "OrderedCollection", orderedItems: pinned }, "object.orderedItems"],
      [{ type: "Update", object: { id, items: [alice.iri] } }, "object.items"],
    ] as const) {
      const refused = await alice.send(body);
      expect(refused.status).toBe(400);
      expect(await refused.json()).toMatchObject({ field, detail: expect.stringContaining("Add") });
    }
  });
});
