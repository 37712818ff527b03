/** Groups through programs: who looks after one posts to its outbox and reads its inbox and lists, and nobody else. */
import { expect, test } from "bun:test";
import { PUBLIC } from "../../core/object.ts";
import { createGrouping } from "../../grouping.ts";
import { ACTIVITY_JSON } from "../../http/negotiate.ts";
import type { JsonObject } from "../../lib/json.ts";
import { testApp } from "../../testing/app.ts";
import { onSqlite } from "../../testing/engines.ts";
import { jsonOf, type Person, person } from "../../testing/people.ts";

const kindOf = (parent: string) => ({
  iri: `https://lab.example/ns#${parent}`,
  kind: "activity",
  extends: parent,
});
/** Names of its own for what takes an owner. */
const LAB: JsonObject = {
  name: "lab",
  types: { Rework: kindOf("Update"), Discard: kindOf("Delete"), Expel: kindOf("Block") },
};

onSqlite((engine) => {
  async function build() {
    const app = await testApp(engine, { extensions: { "lab.json": LAB } });
    const { groups } = createGrouping({ ...app, now: app.clock.now });
    const alice = await person(app, "alice", "admin");
    const bob = await person(app, "bob");
    const carol = await person(app, "carol");
    const account = await app.opened.accounts.people.getByName("alice");
    const { key } = await groups.create(account, { name: "lab", displayName: "Lab", access: "private" });
    const iri = app.opened.addresses.actor("lab");
    for (const who of [bob, carol]) await who.act({ type: "Follow", object: iri });
    await groups.setRole(alice.key, key, bob.key, "moderator");
    return { app, groups, key, iri, alice, bob, carol };
  }
  let built: ReturnType<typeof build> | undefined;
  const house = () => {
    built ??= build();
    return built;
  };

  const post = async (who: Person, body: object) =>
    who.app.ask("/users/lab/outbox", {
      method: "POST",
      headers: { "content-type": ACTIVITY_JSON, authorization: who.bearer },
      body: JSON.stringify(body),
    });

  test("a moderator's program speaks as the group, and the answer does not say who that was", async () => {
    const { bob, iri, app } = await house();
    const response = await post(bob, { type: "Note", content: "Welcome", to: [iri], audience: iri });
    expect(response.status).toBe(201);
    const text = await response.text();
    expect(JSON.parse(text)).toMatchObject({ type: "Create", actor: iri });
    expect(text).not.toContain(bob.iri);
    expect(app.warnings()).toEqual([]);
  });

  test("what needs an owner is refused to a moderator, and everything to a member and a stranger", async () => {
    const { alice, bob, carol, iri, app, groups, key } = await house();
    const add = { type: "Add", object: carol.iri, target: `${iri}/moderators` };
    const cases: [who: Person, what: object, status: number][] = [
      [bob, add, 403],
      [bob, { type: "Update", object: { id: iri, name: "Mine" } }, 403],
      [bob, { type: "Delete", object: iri }, 403],
      [bob, { type: ["Nonsense", "Delete"], object: iri }, 403],
      [bob, { type: ["Nonsense", "Move"], object: iri, target: bob.iri }, 403],
      [bob, { type: "Block", object: alice.iri, target: iri }, 403],
      [bob, { type: "Rework", object: { id: iri, name: "Mine" } }, 403],
      [bob, { type: "Discard", object: iri }, 403],
      [bob, { type: "Expel", object: alice.iri, target: iri }, 403],
      [bob, { type: "Remove", object: alice.iri, target: `${iri}/owners` }, 403],
      [carol, { type: "Note", content: "I am the lab", to: [PUBLIC] }, 403],
      [carol, { type: "Lock", object: `${iri}/x` }, 403],
      [bob, { type: "Note", content: "x", actor: bob.iri, to: [iri] }, 400],
      [alice, { type: "Remove", object: alice.iri, target: `${iri}/owners` }, 403],
      [alice, { type: "Block", object: alice.iri, target: iri }, 409],
      [alice, { type: "Expel", object: alice.iri, target: iri }, 409],
      [alice, add, 201],
      [alice, { ...add, type: "Remove" }, 201],
    ];
    for (const [who, what, status] of cases)
      expect([who.name, what, (await post(who, what)).status]).toEqual([who.name, what, status]);
    expect(await groups.roleOf(alice.key, key)).toBe("owner");
    const stranger = await app.ask("/users/lab/outbox", {
      method: "POST",
      headers: { "content-type": ACTIVITY_JSON },
      body: "{}",
    });
    expect(stranger.status).toBe(401);
  });

  test("a role that an Add gave is not undone, but removed", async () => {
    const { alice, carol, iri, groups, key } = await house();
    const added = await post(alice, { type: "Add", object: carol.iri, target: `${iri}/owners` });
    const undo = { type: "Undo", object: added.headers.get("location") };
    expect((await post(alice, undo)).status).toBe(400);
    expect(await groups.roleOf(carol.key, key)).toBe("owner");
    await groups.setRole(alice.key, key, carol.key, "member");
  });

  test("the inbox and the closed lists of a group are read by those who look after it", async () => {
    const { alice, bob, carol } = await house();
    for (const list of ["inbox", "requests", "banned", "invited"]) {
      const statuses = [];
      for (const who of [alice, bob, carol]) statuses.push((await who.read(`/users/lab/${list}`)).status);
      const expected = list === "inbox" ? [200, 200, 403] : [200, 200, 404];
      expect([list, statuses]).toEqual([list, expected]);
    }
  });

  test("what is in the group's inbox is what was sent to it", async () => {
    const { bob, carol, iri } = await house();
    await carol.act({
      type: "Create",
      to: [iri],
      audience: iri,
      object: { type: "Note", content: "in the lab", to: [iri], audience: iri },
    });
    const page = await jsonOf(await bob.read("/users/lab/inbox?page=1"));
    expect(JSON.stringify(page.orderedItems)).toContain("in the lab");
  });

  test("members of a private group read who is in it, others do not", async () => {
    const { app, carol } = await house();
    const dave = await person(app, "dave");
    for (const list of ["members", "followers", "moderators"]) {
      const of = async (who: Person) => {
        const response = await who.read(`/users/lab/${list}?page=1`);
        return response.status === 200
          ? (await response.text()).includes(app.origin + "/users/alice")
          : false;
      };
      expect([list, await of(carol), await of(dave)]).toEqual([list, true, false]);
    }
  });
});
