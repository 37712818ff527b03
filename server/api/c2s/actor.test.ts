/** What a program may do to the account that it posts for: change it with the right to, and never close it or move it. */
import { expect, test } from "bun:test";
import { PUBLIC } from "../../core/object.ts";
import { createGrouping } from "../../grouping.ts";
import { ACTIVITY_JSON } from "../../http/negotiate.ts";
import { sql } from "../../lib/sql.ts";
import { testApp } from "../../testing/app.ts";
import { eachEngine } from "../../testing/engines.ts";
import { jsonOf, person } from "../../testing/people.ts";

eachEngine((engine) => {
  async function house() {
    const app = await testApp(engine);
    const alice = await person(app, "alice", "admin");
    const bob = await person(app, "bob");
    const entity = async (iri: string) => app.federation.look.find(iri);
    const waiting = () =>
      app.opened.db.all(sql`SELECT kind FROM job WHERE kind IN ('farewell', 'moved', 'deliver')`);
    return { app, alice, bob, entity, waiting };
  }

  test("whatever it was let do, it neither closes nor moves the account, in whatever way it says so", async () => {
    const { app, alice, bob, entity, waiting } = await house();
    await bob.act({ type: "Update", object: { id: bob.iri, alsoKnownAs: [alice.iri] } });
    const before = [await waiting(), await entity(alice.iri)];
    const ways = [
      { type: "Delete", object: alice.iri },
      { type: "Delete", object: { id: alice.iri, type: "Person" }, to: [PUBLIC] },
      { type: ["Nonsense", "Delete"], object: [alice.iri] },
      { type: "https://www.w3.org/ns/activitystreams#Delete", object: alice.iri },
      { type: "Move", object: alice.iri, target: bob.iri },
    ];
    for (const way of ways) {
      const response = await alice.send(way);
      const { type, detail } = await jsonOf(response);
      expect([way, response.status, type]).toEqual([
        way,
        403,
        "https://w3id.org/fep/c180#actor-not-authorized",
      ]);
      expect(detail).toMatch(/on the pages of this server/);
    }
    const typed = { type: "Delete", object: alice.iri };
    expect((await alice.submit("/act", typed)).status).toBe(303);
    const browsers = await app.ask("/users/alice/outbox", {
      method: "POST",
      headers: { "content-type": ACTIVITY_JSON, cookie: alice.cookie, "sec-fetch-site": "same-origin" },
      body: JSON.stringify(typed),
    });
    expect(browsers.status).toBe(403);
    expect([await waiting(), await entity(alice.iri)]).toEqual(before);
    expect(app.warnings()).toEqual([]);
  });

  test("a group neither, even for its owner, whose page deletes it", async () => {
    const { app, alice, bob, entity } = await house();
    const { groups } = createGrouping({ ...app, now: app.clock.now });
    const account = await app.opened.accounts.people.getByName("alice");
    const { key } = await groups.create(account, { name: "lab", displayName: "Lab" });
    const iri = app.opened.addresses.actor("lab");
    await bob.act({ type: "Update", object: { id: bob.iri, alsoKnownAs: [iri] } });
    for (const body of [
      { type: "Delete", object: iri },
      { type: "Move", object: iri, target: bob.iri },
    ]) {
      for (const outbox of ["lab", "alice"]) {
        const response = await app.ask(`/users/${outbox}/outbox`, {
          method: "POST",
          headers: { "content-type": ACTIVITY_JSON, authorization: alice.bearer },
          body: JSON.stringify(body),
        });
        expect([body, outbox, response.status]).toEqual([body, outbox, 403]);
      }
    }
    expect((await entity(iri))?.deletedMs).toBeNull();
    await groups.remove(alice.key, key);
    expect((await entity(iri))?.deletedMs).not.toBeNull();
  });

  test("its profile is changed with the scope for that, by whatever activity", async () => {
    const { app, alice, entity } = await house();
    const note = await alice.note("Hi", { to: [PUBLIC] });
    const featured = `${alice.iri}/featured`;
    const pin = { type: "Add", object: note, target: featured };
    const posting = { authorization: await alice.tokenFor("write:outbox") };
    const whole = { authorization: await alice.tokenFor("write:outbox write:accounts") };
    const pinned = await alice.send(pin, whole);
    expect(pinned.status).toBe(201);
    const changes = [
      { type: "Update", object: { id: alice.iri, manuallyApprovesFollowers: true } },
      { type: ["Nonsense", "Update"], object: { id: alice.iri, name: "X" } },
      pin,
      { type: "Remove", object: note, target: featured },
      { type: "Undo", object: pinned.headers.get("location") },
      { type: "Undo", object: pin },
      { type: "Add", object: `${app.origin}/tags/owls`, target: `${alice.iri}/featured-tags` },
    ];
    for (const change of changes) {
      const response = await alice.send(change, posting);
      expect([change, response.status]).toEqual([change, 403]);
      expect(response.headers.get("www-authenticate")).toContain("insufficient_scope");
    }
    expect((await entity(alice.iri))?.document?.manuallyApprovesFollowers).not.toBe(true);
    for (const change of changes)
      expect([change, (await alice.send(change, whole)).status]).toEqual([change, 201]);
    expect((await entity(alice.iri))?.document?.manuallyApprovesFollowers).toBe(true);

    const others = [
      { type: "Add", object: note, target: `${alice.iri}/bookmarks` },
      { type: "Add", object: `${app.origin}/tags/owls`, target: `${alice.iri}/followed-tags` },
      { type: "Update", object: { id: note, content: "Ho" } },
      { type: "Delete", object: note },
    ];
    for (const other of others)
      expect([other, (await alice.send(other, posting)).status]).toEqual([other, 201]);
  });
});
