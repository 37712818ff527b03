/** Changes of one thing at one moment: each is made to what the other has left. */
import { expect, test } from "bun:test";
import { eachEngine } from "../testing/engines.ts";
import { type House, village } from "../testing/village.ts";
import { PUBLIC } from "./object.ts";

const A = "https://a.test";
const B = "https://b.test";

eachEngine((engine) => {
  const documentOf = async (house: House, iri: string) => (await house.look.find(iri))?.document ?? {};

  test("changes of several properties at one moment are all kept", async () => {
    const town = await village({ [A]: await engine.freshDb() });
    const house = town.house(A);
    const alice = await house.person("alice");
    const changes = { name: "Alice", summary: "<p>Owls</p>", discoverable: true, indexable: true };
    await Promise.all(
      Object.entries(changes).map(([property, value]) =>
        house.core.act(alice.key, { type: "Update", object: { id: alice.iri, [property]: value } }),
      ),
    );
    expect(await documentOf(house, alice.iri)).toMatchObject(changes);
  });

  test("of more changes at one moment than are tried again none is refused", async () => {
    const town = await village({ [A]: await engine.freshDb() });
    const house = town.house(A);
    const alice = await house.person("alice");
    const outcomes = await Promise.allSettled(
      Array.from({ length: 40 }, (_, n) =>
        house.core.act(alice.key, { type: "Update", object: { id: alice.iri, name: `Alice ${n}` } }),
      ),
    );
    expect(outcomes.filter(({ status }) => status === "rejected")).toEqual([]);
  });

  test("what is edited at one moment with what deletes it stays deleted", async () => {
    const town = await village({ [A]: await engine.freshDb() });
    const house = town.house(A);
    const alice = await house.person("alice");
    const made = await house.core.act(alice.key, { type: "Note", content: "<p>Hello</p>", to: [PUBLIC] });
    const iri = made.object?.iri ?? "";
    const edit = { type: "Update", object: { id: iri, content: "<p>Hello again</p>" } };
    await Promise.allSettled([
      house.core.act(alice.key, { type: "Delete", object: iri }),
      house.core.act(alice.key, edit),
    ]);
    expect((await house.look.find(iri))?.deletedMs).not.toBeNull();
  });

  test("of two versions that arrive at one moment the newer one stays", async () => {
    const town = await village({ [A]: await engine.freshDb(), [B]: await engine.freshDb() });
    const [a, b] = [town.house(A), town.house(B)];
    const [alice, bob] = [await a.person("alice"), await b.person("bob")];
    await a.look.fetch(bob.iri);
    const note = { type: "Note", content: "<p>1</p>", to: [bob.iri] };
    const iri = (await a.core.act(alice.key, note)).object?.iri ?? "";
    await town.settle();
    const before = await documentOf(b, iri);
    const told = (n: number) => ({
      id: `${A}/updates/${n}`,
      type: "Update",
      actor: alice.iri,
      to: [bob.iri],
      object: {
        ...before,
        content: `<p>${n}</p>`,
        updated: new Date(town.clock.now() - 60_000 + n).toISOString(),
      },
    });
    const receive = (n: number) => b.core.receive(told(n), { sender: alice.iri });
    await Promise.allSettled([receive(3), receive(2)]);
    // Whichever was not done comes again, as a job.
    for (const n of [3, 2]) await receive(n);
    expect((await documentOf(b, iri)).content).toBe("<p>3</p>");
  });
});
