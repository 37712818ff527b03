/** Hostile input: times that no calendar has, or that have not come yet. */
import { expect, test } from "bun:test";
import { PUBLIC } from "../core/object.ts";
import { MINUTE_MS } from "../lib/durations.ts";
import { eachEngine } from "../testing/engines.ts";
import { fediverse } from "../testing/fediverse.ts";
import { post } from "../testing/letters.ts";
import { person } from "../testing/people.ts";
import { stranger } from "../testing/strangers.ts";

eachEngine((engine) => {
  async function correspondents() {
    const world = await fediverse(engine, ["a.test"]);
    const alice = await person(world.at("a.test"), "alice", "admin");
    const there = stranger(world, "far.test");
    return { world, alice, there };
  }

  test("what was published at no time, or is to be, was published when it came", async () => {
    const { world, alice, there } = await correspondents();
    const mallory = await there.actor("mallory", { published: "-271821-04-20T00:00:00Z" });
    const times = [
      "-271821-04-20T00:00:00Z",
      "+275760-09-13T00:00:00Z",
      "0001-01-01T00:00:00Z",
      "1",
      "9999-12-31",
    ];
    for (const [nth, published] of times.entries()) {
      const nowMs = world.clock.now();
      const id = mallory.at(`/notes/${nth}`);
      const open = { to: [PUBLIC], cc: [alice.iri] };
      const note = { id, type: "Note", attributedTo: mallory.iri, content: "x", published, ...open };
      const create = {
        id: `${id}/create`,
        type: "Create",
        actor: mallory.iri,
        published,
        object: note,
        ...open,
      };
      await post(alice.app, { by: mallory, body: create });
      await world.settle();
      const view = await alice.sees(id);
      // A whole second is spread over its milliseconds.
      expect(Math.abs((view?.publishedMs ?? 0) - nowMs)).toBeLessThan(2_000);
      expect(Math.abs((view?.author?.publishedMs ?? 0) - nowMs)).toBeLessThan(10 * MINUTE_MS);
      world.clock.advance(MINUTE_MS);
    }
  });

  test("what is to be edited in the future when it is made was not edited", async () => {
    const { world, alice, there } = await correspondents();
    const fan = await there.actor("fan");
    const open = { to: [PUBLIC], cc: [alice.iri] };
    const updatedOf = async (nth: number, updated: number) => {
      const published = new Date(world.clock.now() - 60 * MINUTE_MS).toISOString();
      const id = fan.at(`/notes/${nth}`);
      const edited = { content: "x", published, updated: new Date(updated).toISOString() };
      const note = { id, type: "Note", attributedTo: fan.iri, ...edited, ...open };
      const body = { id: `${id}/create`, type: "Create", actor: fan.iri, object: note, ...open };
      await post(alice.app, { by: fan, body });
      await world.settle();
      return (await alice.sees(id))?.updatedMs;
    };
    expect(await updatedOf(1, Date.parse("2099-01-01T00:00:00Z"))).toBeNull();
    const past = world.clock.now() - 10 * MINUTE_MS;
    expect(await updatedOf(2, past)).toBe(past);
  });

  test("a version that claims to come from the future does not keep later ones out", async () => {
    const { world, alice, there } = await correspondents();
    const fan = await there.actor("fan");
    const id = fan.at("/notes/edited");
    const open = { to: [PUBLIC], cc: [alice.iri] };
    const note = { id, type: "Note", attributedTo: fan.iri, ...open };
    const send = async (name: string, type: string, object: object) => {
      const body = { id: `${id}/${name}`, type, actor: fan.iri, object: { ...note, ...object }, ...open };
      await post(alice.app, { by: fan, body });
      await world.settle();
      world.clock.advance(MINUTE_MS);
    };
    await send("create", "Create", { content: "first" });
    await send("future", "Update", { content: "second", updated: "9999-01-01T00:00:00Z" });
    expect((await alice.sees(id))?.contentHtml).toBe("second");
    expect((await alice.sees(id))?.updatedMs ?? 0).toBeLessThanOrEqual(world.clock.now());
    await send("now", "Update", { content: "third", updated: new Date(world.clock.now()).toISOString() });
    expect((await alice.sees(id))?.contentHtml).toBe("third");
  });
});
