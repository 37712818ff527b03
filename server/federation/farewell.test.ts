/** An actor that is deleted takes with it what it wrote and did, everywhere. */
import { expect, test } from "bun:test";
import { PUBLIC } from "../core/object.ts";
import { findTotals } from "../core/store.ts";
import { onSqlite } from "../testing/engines.ts";
import { fediverse } from "../testing/fediverse.ts";
import { person } from "../testing/people.ts";

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
