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
});
