/** New keys: published, told, used at once, and good with peers that knew the old ones. */
import { expect, test } from "bun:test";
import { PUBLIC } from "../core/object.ts";
import { eachEngine } from "../testing/engines.ts";
import { fediverse } from "../testing/fediverse.ts";
import { person } from "../testing/people.ts";

eachEngine((engine) => {
  test("somebody with new keys is read as before by a server that knew the old ones, proofs included", async () => {
    const all = await fediverse(engine, ["a.test", "b.test"]);
    const alice = await person(all.at("a.test"), "alice", "admin");
    const bob = await person(all.at("b.test"), "bob", "admin");
    await bob.act({ type: "Follow", object: alice.iri, to: [alice.iri] });
    await all.settle();
    await alice.note("Before", { to: [PUBLIC], cc: [alice.followers] });
    await all.settle();
    const before = (await alice.app.federation.look.find(alice.iri))?.document;

    await alice.app.opened.rotateKeys("Alice");
    await alice.app.opened.rotateKeys("alice");
    all.clock.advance(60_000);
    await all.settle();
    const after = (await alice.app.federation.look.find(alice.iri))?.document;
    const served = await (
      await alice.app.ask("/users/alice", { headers: { accept: "application/activity+json" } })
    ).json();
    for (const property of ["publicKey", "assertionMethod"]) {
      expect(after?.[property]).not.toEqual(before?.[property] ?? null);
      expect(served[property]).toEqual(after?.[property]);
    }
    expect(served.publicKey.id).toBe(`${alice.iri}#main-key`);

    await alice.note("After", { to: [PUBLIC], cc: [alice.followers] });
    await all.settle();
    expect(await bob.home()).toEqual(["After", "Before"]);
    const letters = all.sent.filter(({ method, to }) => method === "POST" && to === "b.test");
    expect(letters.map(({ status }) => status)).toEqual(letters.map(() => 202));
    const theirs = (await bob.app.federation.look.find(alice.iri))?.document;
    expect(theirs?.publicKey).toEqual(after?.publicKey ?? null);
  });

  test("nobody gets keys who is not here", async () => {
    const all = await fediverse(engine, ["a.test"]);
    await expect(all.at("a.test").opened.rotateKeys("nobody")).rejects.toThrow(
      "Nobody here is called nobody.",
    );
  });
});
