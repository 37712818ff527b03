/** A Create that is undone or deleted instead of what it made: the post is gone altogether, or stays altogether. */
import { describe, expect, test } from "bun:test";
import { PUBLIC } from "../core/object.ts";
import { eachEngine } from "../testing/engines.ts";
import { fediverse } from "../testing/fediverse.ts";
import { post } from "../testing/letters.ts";
import { jsonOf, person } from "../testing/people.ts";
import { stranger } from "../testing/strangers.ts";

eachEngine((engine) => {
  async function correspondents() {
    const world = await fediverse(engine, ["a.test"]);
    const alice = await person(world.at("a.test"), "alice", "admin");
    return { world, alice, there: stranger(world, "far.test") };
  }

  for (const type of ["Undo", "Delete"])
    describe(`${type} of a Create`, () => {
      test("by somebody here is refused, and the post stays where it is", async () => {
        const { alice } = await correspondents();
        const made = await alice.act({
          type: "Create",
          to: [PUBLIC],
          object: { type: "Note", content: "stays" },
        });
        const answer = await alice.send({ type, object: String(made.activity.id) });
        expect(answer.status).toBe(403);
        expect((await jsonOf(answer)).detail).toContain("delete the post itself");
        expect((await alice.read(`/activities/${made.key}`)).status).toBe(200);
        expect(await alice.home()).toEqual(["stays"]);
      });

      test("from elsewhere deletes what it made, for its author alone", async () => {
        const { world, alice, there } = await correspondents();
        const [fan, mallory] = [await there.actor("fan"), await there.actor("mallory")];
        const open = { to: [PUBLIC], cc: [alice.iri] };
        const id = fan.at("/notes/1");
        const create = {
          ...{ id: `${id}/create`, type: "Create", actor: fan.iri, ...open },
          object: { id, type: "Note", attributedTo: fan.iri, content: "soon gone", ...open },
        };
        await post(alice.app, { by: fan, body: create });
        await world.settle();
        for (const by of [mallory, fan]) {
          const body = { id: by.at("/back"), type, actor: by.iri, object: create.id, ...open };
          await post(alice.app, { by, body });
          await world.settle();
          expect((await alice.sees(id))?.isDeleted).toBe(by === fan);
        }
        const { look } = alice.app.federation;
        expect((await look.find(id))?.document).toEqual(
          expect.not.objectContaining({ content: "soon gone" }),
        );
      });
    });
});
