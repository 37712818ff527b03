/** Whether somebody moderates a group elsewhere is what the group's own list says, and nothing while it cannot be had. */
import { expect, test } from "bun:test";
import type { Entity } from "../core/entity.ts";
import { heldClock } from "../lib/clock.ts";
import { HOUR_MS, MINUTE_MS } from "../lib/durations.ts";
import { isProblem, Problem } from "../lib/problem.ts";
import { eachEngine } from "../testing/engines.ts";
import { fediverse } from "../testing/fediverse.ts";
import { lemmy } from "../testing/groups.ts";
import { person } from "../testing/people.ts";
import type { FetchedDocument } from "./fetch-key.ts";
import { createModerators } from "./moderators.ts";

const GROUP = "https://forum.test/c/books";
const LIST = `${GROUP}/moderators`;
const MOD = "https://other.test/users/mod";
const STRANGER = "https://other.test/users/olaf";

const answered = (status: number, document: FetchedDocument["document"] = null): FetchedDocument => ({
  status,
  finalUrl: LIST,
  document,
});
const listOf = (...orderedItems: string[]) => answered(200, { id: LIST, orderedItems });

/** A group, what its server answers when it is asked for the list, and what was saved of it. */
function given() {
  const clock = heldClock();
  const group = { key: 1, iri: GROUP, document: { attributedTo: LIST }, isLocal: false } as unknown as Entity;
  const world = { answer: async () => listOf(MOD), asked: 0, saved: [] as (readonly string[])[] };
  const moderators = createModerators({
    now: clock.now,
    look: { byKey: async () => group } as never,
    fetchDocument: async () => {
      world.asked++;
      return world.answer();
    },
    save: async (_, iris) => void world.saved.push(iris),
  });
  /** `later` where the list cannot be had now. */
  const says = (iri: string) =>
    moderators.includes(group, iri).catch((error) => {
      if (!isProblem(error, "upstream")) throw error;
      return "later";
    });
  return { clock, world, moderators, says };
}

const away = async (): Promise<FetchedDocument> => {
  throw new Problem("upstream", "forum.test does not answer.");
};

test("all who ask while the list is on its way wait for the one answer", async () => {
  const { world, says } = given();
  const held = Promise.withResolvers<FetchedDocument>();
  world.answer = () => held.promise;
  const said = [MOD, MOD, STRANGER].map(says);
  held.resolve(listOf(MOD));
  expect(await Promise.all(said)).toEqual([true, true, false]);
  expect(world.asked).toBe(1);
  expect(world.saved).toEqual([[MOD]]);
});

test("a list is believed for an hour, and asked for again at most once a minute for who is not in it", async () => {
  const { clock, world, says } = given();
  await says(MOD);
  world.answer = async () => listOf(STRANGER);
  clock.advance(MINUTE_MS - 1);
  expect([await says(MOD), await says(STRANGER), world.asked]).toEqual([true, false, 1]);
  clock.advance(1);
  expect([await says(STRANGER), await says(MOD), world.asked]).toEqual([true, false, 2]);
  clock.advance(HOUR_MS);
  world.answer = async () => listOf();
  expect([await says(STRANGER), world.asked]).toEqual([false, 3]);
});

test.each([
  ["does not answer", away],
  ["is in trouble", async () => answered(502)],
  ["has too much to do", async () => answered(429)],
])("a server that %s refuses nobody: it is asked again a minute later", async (_, answer) => {
  const { clock, world, says } = given();
  world.answer = answer;
  expect([await says(MOD), await says(MOD), world.asked]).toEqual(["later", "later", 1]);
  world.answer = async () => listOf(MOD);
  clock.advance(MINUTE_MS);
  expect([await says(MOD), await says(STRANGER)]).toEqual([true, false]);
});

test("a list that was read once is not believed for ever while its server is away", async () => {
  const { clock, world, says } = given();
  await says(MOD);
  world.answer = away;
  for (let hour = 1; hour <= 3; hour++) {
    clock.advance(HOUR_MS);
    expect([await says(MOD), await says(MOD)]).toEqual(["later", "later"]);
  }
});

test.each([
  ["has no such list", async () => answered(404)],
  ["shows it to nobody", async () => answered(403)],
  ["gives another one", async () => answered(200, { id: `${LIST}/old`, orderedItems: [MOD] })],
])(
  "where the group's server %s, nobody is a moderator, and what is shown of them stays",
  async (_, answer) => {
    const { world, says } = given();
    world.answer = answer;
    expect([await says(MOD), await says(MOD), world.asked]).toEqual([false, false, 1]);
    expect(world.saved).toEqual([]);
  },
);

test("a failure of our own is not taken for one of theirs", async () => {
  const { world, moderators, says } = given();
  world.answer = async () => {
    throw new TypeError("a bug");
  };
  await expect(says(MOD)).rejects.toThrow("a bug");
  world.answer = async () => listOf(MOD);
  expect(await says(MOD)).toBe(true);
  expect(moderators.job.retry(1, 0)).toBeGreaterThan(0);
});

eachEngine((engine) => {
  test("what a moderator did while the group's list could not be had is done once it can", async () => {
    const all = await fediverse(engine, ["a.test"]);
    const alice = await person(all.at("a.test"), "alice", "admin");
    const { look } = alice.app.federation;
    const [forum, other] = [lemmy(all, "forum.test"), lemmy(all, "other.test")];
    const [lena, mod] = [await forum.user("lena"), await other.user("mod")];
    const books = await forum.community("books", [mod]);
    const announce = async (activity: Parameters<typeof forum.announce>[1]) => {
      expect(await forum.send(alice.app, books, forum.announce(books, activity))).toBe(202);
      await all.settle();
    };
    const total = async (list: string) => look.totalOf((await look.find(books.iri))?.key ?? 0, list);
    forum.there.put("/users/books/moderators", { status: 503, body: "" });
    const { activity } = await alice.act({
      type: "Follow",
      object: (await look.fetch(books.iri))?.iri ?? "",
    });
    await all.settle();
    const followed = { id: activity.id ?? "", type: "Follow", actor: alice.iri, object: books.iri };
    await forum.send(alice.app, books, forum.does(books, "Accept", followed));
    await all.settle();
    const page = forum.page(lena, books.iri, "To be taken out");
    await announce(page);
    const taken = other.does(mod, "Delete", String(page.object.id), { audience: books.iri });
    await announce(taken);
    expect([await total("posts"), await total("removed"), await total("moderators")]).toEqual([1, 0, 0]);
    forum.there.put("/users/books/moderators", {
      body: { type: "OrderedCollection", id: `${books.iri}/moderators`, orderedItems: [mod.iri] },
    });
    all.clock.advance(10 * MINUTE_MS);
    await all.settle();
    expect([await total("removed"), await total("moderators")]).toEqual([1, 1]);
  });
});
