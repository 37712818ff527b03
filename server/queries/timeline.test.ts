/** Feeds show to each viewer what is for them, once, and page after page, on every engine. */
import { expect, test } from "bun:test";
import { PUBLIC } from "../core/object.ts";
import { eachEngine } from "../testing/engines.ts";
import { readingOf } from "../testing/reading.ts";
import { type House, village } from "../testing/village.ts";

const A = "https://a.test";
const B = "https://b.test";

eachEngine((engine) => {
  async function given() {
    const town = await village({ [A]: await engine.freshDb(), [B]: await engine.freshDb() });
    const a = town.house(A);
    const b = town.house(B);
    const alice = await a.person("alice");
    const amir = await a.person("amir");
    const bob = await b.person("bob");
    await b.look.fetch(alice.iri);
    await b.look.fetch(amir.iri);
    for (const followed of [alice, amir]) await b.core.act(bob.key, { type: "Follow", object: followed.iri });
    await town.settle();
    const { timelines } = readingOf(b, town.clock.now);
    return { town, a, b, alice, amir, bob, timelines };
  }

  type Person = { key: number; iri: string };

  async function says(house: House, person: Person, content: string, extra: object = {}) {
    const { object } = await house.core.act(person.key, {
      type: "Note",
      content,
      to: [PUBLIC],
      cc: [`${person.iri}/followers`],
      ...extra,
    });
    return object?.iri ?? "";
  }

  const contents = (page: { items: readonly { object: { contentHtml: string } }[] }) =>
    page.items.map(({ object }) => object.contentHtml);

  test("the home feed has what those one follows wrote and shared, newest first, each once", async () => {
    const { town, a, alice, amir, bob, timelines } = await given();
    const first = await says(a, alice, "one");
    town.clock.advance(5);
    await says(a, alice, "two");
    town.clock.advance(5);
    await a.core.act(amir.key, {
      type: "Announce",
      object: first,
      to: [PUBLIC],
      cc: [`${amir.iri}/followers`],
    });
    await town.settle();
    const page = await timelines.home(bob.key, { limit: 20 });
    expect(contents(page)).toEqual(["one", "two"]);
    expect(page.items.map(({ sharedBy }) => sharedBy?.handle ?? null)).toEqual(["amir@a.test", null]);
    expect(page.older).toBeNull();
  });

  test("pages follow each other without gap or repetition, in both directions", async () => {
    const { town, a, alice, bob, timelines } = await given();
    for (let i = 1; i <= 7; i++) {
      await says(a, alice, String(i));
      town.clock.advance(10);
    }
    await town.settle();
    const first = await timelines.home(bob.key, { limit: 3 });
    expect(contents(first)).toEqual(["7", "6", "5"]);
    const second = await timelines.home(bob.key, { limit: 3, before: first.older ?? 0 });
    expect(contents(second)).toEqual(["4", "3", "2"]);
    const third = await timelines.home(bob.key, { limit: 3, before: second.older ?? 0 });
    expect(contents(third)).toEqual(["1"]);
    expect(third.older).toBeNull();
    const up = await timelines.home(bob.key, { limit: 2, from: third.newer ?? 0 });
    expect(contents(up)).toEqual(["3", "2"]);
    const newest = await timelines.home(bob.key, { limit: 2, after: second.newer ?? 0 });
    expect(contents(newest)).toEqual(["7", "6"]);
  });
});
