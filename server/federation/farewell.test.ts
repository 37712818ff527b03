/** An actor that is deleted takes with it what it wrote and did, everywhere. */
import { expect, test } from "bun:test";
import { PUBLIC } from "../core/object.ts";
import { findTotals } from "../core/store.ts";
import { DAY_MS } from "../lib/durations.ts";
import type { Sql } from "../lib/sql.ts";
import { eachEngine, onSqlite } from "../testing/engines.ts";
import { fediverse } from "../testing/fediverse.ts";
import { post } from "../testing/letters.ts";
import { type Person, person } from "../testing/people.ts";
import { type StrangerActor, stranger } from "../testing/strangers.ts";

onSqlite((engine) => {
  test("after a farewell nothing of the actor is shown, counted or followed on the other server", async () => {
    const world = await fediverse(engine, ["a.test", "b.test"]);
    const alice = await person(world.at("a.test"), "alice", "admin");
    const bob = await person(world.at("b.test"), "bob", "admin");
    const { db } = alice.app.opened;
    const { look } = alice.app.federation;
    await bob.act({ type: "Follow", object: alice.iri });
    await look.fetch(bob.iri);
    await alice.act({ type: "Follow", object: bob.iri });
    await world.settle();
    const written = await bob.note("soon gone", { to: [PUBLIC], cc: [bob.followers] });
    const note = await alice.note("stays", { to: [PUBLIC], cc: [alice.followers] });
    await world.settle();
    await bob.act({ type: "Like", object: note });
    await world.settle();
    const total = async (owner: number, name: string) =>
      (await findTotals(db, [owner], [name])).get(owner)?.get(name) ?? 0;
    const noteKey = (await look.find(note))?.key ?? 0;
    expect(await total(noteKey, "likes")).toBe(1);
    expect(await total(alice.key, "followers")).toBe(1);
    expect(await total(alice.key, "following")).toBe(1);

    const { accounts } = bob.app.opened;
    const account = await accounts.people.getByName("bob");
    const elsewhere = {
      kind: "oidc",
      issuer: "https://idp.test",
      subject: "s-1",
      place: "Moodle",
      label: "bob@x",
    } as const;
    await accounts.identities.link(account, elsewhere);
    await accounts.factors.renewRecovery(account);

    await bob.act({ type: "Delete", object: bob.iri, to: [PUBLIC], cc: [bob.followers] });
    await world.settle();
    expect(await accounts.identities.list(account.key)).toEqual([]);
    expect((await accounts.factors.state(account)).recoveryLeft).toBe(0);
    expect((await look.find(bob.iri))?.deletedMs).not.toBeNull();
    expect((await look.find(written))?.deletedMs).not.toBeNull();
    expect(await total(noteKey, "likes")).toBe(0);
    expect(await total(alice.key, "followers")).toBe(0);
    expect(await total(alice.key, "following")).toBe(0);
    expect(await (await alice.page("/")).text()).not.toContain("soon gone");
  });
});

eachEngine((engine) => {
  async function followed(host: string) {
    const world = await fediverse(engine, ["a.test"]);
    const alice = await person(world.at("a.test"), "alice", "admin");
    const there = stranger(world, host);
    const fan = await there.actor("fan");
    await follow(alice, fan);
    await world.settle();
    there.received.length = 0;
    return { world, alice, there };
  }

  const follow = (alice: Person, fan: StrangerActor) =>
    post(alice.app, {
      by: fan,
      body: { id: fan.at("/follow"), type: "Follow", actor: fan.iri, object: alice.iri },
    });

  const farewells = ({ received }: { received: readonly { body: string }[] }) =>
    received.map(({ body }) => JSON.parse(body)).filter(({ type }) => type === "Delete");

  test("a farewell reaches followers although all else of the actor is buried before it leaves", async () => {
    const { world, alice, there } = await followed("early.test");
    await alice.note("soon gone", { to: [PUBLIC], cc: [alice.followers] });
    await alice.act({ type: "Delete", object: alice.iri });
    const run = alice.app.federation.jobs.farewell?.run;
    const job = { key: 1, kind: "farewell", lane: "", payload: { actor: alice.key }, tries: 0 };
    const last = await run?.(job as never, new AbortController().signal);
    await alice.app.opened.db.batch((last ?? []) as readonly Sql[]);
    await world.settle();
    expect(farewells(there)).toMatchObject([
      { actor: alice.iri, object: alice.iri, to: [PUBLIC], cc: [alice.followers] },
    ]);
    expect(there.received.every(({ headers }) => headers.has("signature"))).toBe(true);
    expect(there.received.at(-1)?.headers.get("collection-synchronization") ?? null).toBeNull();
  });

  test("a server that is down for a week is told of a farewell when it is back, signed", async () => {
    const { world, alice, there } = await followed("down.test");
    world.trouble("down.test", "refused");
    await alice.act({ type: "Delete", object: alice.iri, to: [PUBLIC], cc: [alice.followers] });
    for (let day = 0; day < 7; day++) {
      await world.settle();
      world.clock.advance(DAY_MS);
    }
    expect(farewells(there)).toEqual([]);
    world.trouble("down.test", null);
    await world.settle();
    world.clock.advance(DAY_MS);
    await world.settle();
    expect(farewells(there)).toMatchObject([{ actor: alice.iri, object: alice.iri }]);
    expect(there.received.every(({ headers }) => headers.has("signature"))).toBe(true);
  });

  test("a farewell goes to servers that were written to, and to those of people who were followed", async () => {
    const { world, alice } = await followed("fan.test");
    const written = stranger(world, "written.test");
    const read = stranger(world, "read.test");
    const bob = await written.actor("bob");
    const carol = await read.actor("carol");
    const { look } = alice.app.federation;
    await Promise.all([look.fetch(bob.iri), look.fetch(carol.iri)]);
    await alice.note("to bob alone", { to: [bob.iri] });
    const wish = await alice.act({ type: "Follow", object: carol.iri });
    await world.settle();
    const accept = {
      id: carol.at("/accept"),
      type: "Accept",
      actor: carol.iri,
      object: String(wish.activity.id),
    };
    await post(alice.app, { by: carol, body: accept });
    await world.settle();
    await alice.act({ type: "Delete", object: alice.iri });
    await world.settle();
    expect([farewells(written).length, farewells(read).length]).toEqual([1, 1]);
  });
});
