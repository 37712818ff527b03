/** Other accounts of one person, named and taken back by several requests at one moment, on every engine. */
import { expect, test } from "bun:test";
import { eachEngine } from "../testing/engines.ts";
import { village } from "../testing/village.ts";
import { createMoving } from "./moving.ts";

const A = "https://a.test";
const NAMES = ["bob", "carol", "dora", "erin"];
/** As many as somebody may name. */
const MOST = 10;

eachEngine((engine) => {
  async function home() {
    const town = await village({ [A]: await engine.freshDb() });
    const house = town.house(A);
    const alice = await house.person("alice");
    const moving = createMoving({
      core: house.core,
      look: house.look,
      now: town.clock.now,
      find: house.look.find,
    });
    const people = async (names: readonly string[]) =>
      Promise.all(names.map(async (name) => (await house.person(name)).iri));
    const aliases = async () => (await moving.state(alice.key)).aliases.toSorted();
    return { alice, moving, people, aliases };
  }

  test("all that are named are kept", async () => {
    const { alice, moving, people, aliases } = await home();
    const others = await people(NAMES);
    await Promise.all(others.map((iri) => moving.addAlias(alice.key, iri)));
    expect(await aliases()).toEqual(others.toSorted());
  });

  test("what is taken back stays away, whatever is named meanwhile", async () => {
    const { alice, moving, people, aliases } = await home();
    const [bob = "", carol = "", dora = "", erin = ""] = await people(NAMES);
    for (const iri of [bob, carol]) await moving.addAlias(alice.key, iri);
    await Promise.all([
      moving.removeAlias(alice.key, bob),
      moving.addAlias(alice.key, dora),
      moving.removeAlias(alice.key, carol),
      moving.addAlias(alice.key, erin),
    ]);
    expect(await aliases()).toEqual([dora, erin].toSorted());
  });

  test("there is room for no more than alone", async () => {
    const { alice, moving, people, aliases } = await home();
    const others = await people(Array.from({ length: MOST + 4 }, (_, n) => `other${n}`));
    const outcomes = await Promise.allSettled(others.map((iri) => moving.addAlias(alice.key, iri)));
    expect(outcomes.filter(({ status }) => status === "rejected")).toHaveLength(4);
    expect(await aliases()).toHaveLength(MOST);
  });
});
