/** Groups that people here run: who may do what, who comes in and how, and that somebody always owns one. */
import { expect, test } from "bun:test";
import { PUBLIC } from "../core/object.ts";
import { createGrouping } from "../grouping.ts";
import { MAX_KEY } from "../lib/id.ts";
import { isProblem } from "../lib/problem.ts";
import { findAudit } from "../moderation/store-audit.ts";
import { testApp } from "../testing/app.ts";
import { eachEngine } from "../testing/engines.ts";
import { type Person, person } from "../testing/people.ts";
import { MAX_GROUPS_PER_PERSON } from "./groups.ts";
import { FOUNDED } from "./store-groups.ts";

eachEngine((engine) => {
  async function build() {
    const app = await testApp(engine);
    const { groups, groupLinks } = createGrouping({ ...app, now: app.clock.now });
    const alice = await person(app, "alice", "admin");
    const bob = await person(app, "bob");
    const carol = await person(app, "carol");
    return { app, groups, groupLinks, alice, bob, carol, look: app.federation.look };
  }
  let built: ReturnType<typeof build> | undefined;
  const house = () => {
    built ??= build();
    return built;
  };

  const accountOf = async ({ app, name }: Person) => app.opened.accounts.people.getByName(name);

  let counter = 0;
  /** A group of Alice's. */
  async function make(wishes: Record<string, string> = {}) {
    const { groups, alice, look } = await house();
    const made = await groups.create(await accountOf(alice), {
      name: `group_${++counter}`,
      displayName: "Biology",
      ...wishes,
    });
    const entity = await look.byKey(made.key);
    if (entity === null) throw new Error("The group is not there.");
    return { key: made.key, iri: entity.iri, document: entity.document };
  }

  const isIn = async (group: number, list: string, who: Person) =>
    (await house()).look.isMember(group, list, who.key);

  const codeOf = async (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => "done",
      (error) => (isProblem(error) ? error.code : String(error)),
    );

  test("whoever makes a group owns it, moderates it and is in it, whatever its rules for joining", async () => {
    const { alice } = await house();
    for (const joining of ["open", "request", "invitation"]) {
      const group = await make({ joining });
      for (const list of ["owners", "moderators", "members", "followers"])
        expect([joining, list, await isIn(group.key, list, alice)]).toEqual([joining, list, true]);
      expect((await alice.knows(group.iri)).following).toBe("yes");
    }
  });

  test("what a group is for and how it is joined stands in its document, in our words and in those of others", async () => {
    const { document, iri } = await make({
      description: "About **cells**.",
      rules: "Be kind\n\n Cite sources ",
      joining: "request",
      posting: "moderators",
      access: "private",
    });
    expect(document).toMatchObject({
      type: "Group",
      name: "Biology",
      joining: "request",
      manuallyApprovesFollowers: true,
      posting: "moderators",
      postingRestrictedToMods: true,
      access: "private",
      rules: ["Be kind", "Cite sources"],
      attributedTo: `${iri}/moderators`,
    });
    expect(String(document?.summary)).toContain("<strong>cells</strong>");
  });

  test("a name belongs to a person or a group, never to both", async () => {
    const { groups, alice } = await house();
    const account = await accountOf(alice);
    for (const [name, code] of [
      ["bob", "conflict"],
      ["admin", "done"],
      ["Ein Name", "invalid"],
      ["", "invalid"],
    ] as const)
      expect([name, await codeOf(groups.create(account, { name, displayName: "X" }))]).toEqual([name, code]);
    expect(await codeOf(groups.create(account, { name: "nameless", displayName: " " }))).toBe("invalid");
    expect(await codeOf(groups.create(account, { name: "odd", displayName: "X", access: "secret" }))).toBe(
      "invalid",
    );
  });

  test("who may make groups is for the admin to say", async () => {
    const { app, groups, alice, bob } = await house();
    const { settings } = app.opened.accounts;
    const [staff, member] = [await accountOf(alice), await accountOf(bob)];
    expect([groups.mayCreate(staff), groups.mayCreate(member)]).toEqual([true, true]);
    await settings.set({ groupCreation: "staff" });
    expect([groups.mayCreate(staff), groups.mayCreate(member)]).toEqual([true, false]);
    expect(await codeOf(groups.create(member, { name: "bobs", displayName: "X" }))).toBe("forbidden");
    await settings.set({ groupCreation: "everyone" });
  });

  test("no more people are invited than may be, also where two are at once", async () => {
    const { app, groups, alice, bob, carol } = await house();
    const group = await make({ joining: "invitation" });
    const text = "UPDATE collection SET total = 999 WHERE owner = $1 AND name = 'invited'";
    await app.opened.db.batch([{ text, values: [group.key] }]);
    const invite = ({ key }: { key: number }) => codeOf(groups.invite(alice.key, group.key, key));
    expect((await Promise.all([bob, carol].map(invite))).toSorted()).toEqual(["done", "too-many"]);
  });

  test("one person makes only so many, and one that is gone makes room", async () => {
    const { app, groups, carol } = await house();
    const account = await accountOf(carol);
    const { key } = await groups.create(account, { name: "carols", displayName: "X" });
    const many = (total: number) =>
      app.opened.db.batch([
        {
          text: "UPDATE collection SET total = $1 WHERE owner = $2 AND name = $3",
          values: [total, carol.key, FOUNDED],
        },
      ]);
    await many(MAX_GROUPS_PER_PERSON);
    expect(await codeOf(groups.create(account, { name: "carols2", displayName: "X" }))).toBe("too-many");
    await groups.remove(carol.key, key);
    expect(await codeOf(groups.create(account, { name: "carols2", displayName: "X" }))).toBe("done");
  });

  test("each role may do what it is for, and no more", async () => {
    const { groups, alice, bob, carol } = await house();
    const group = await make();
    await bob.act({ type: "Follow", object: group.iri });
    await carol.act({ type: "Follow", object: group.iri });
    await groups.setRole(alice.key, group.key, bob.key, "moderator");
    const may = async (who: Person) =>
      Promise.all(
        (["speak", "admit", "keep", "appoint", "edit", "delete"] as const).map((deed) =>
          groups.mayActAs(who.key, group.key, deed),
        ),
      );
    expect(await may(alice)).toEqual([true, true, true, true, true, true]);
    expect(await may(bob)).toEqual([true, true, true, false, false, false]);
    expect(await may(carol)).toEqual([false, false, false, false, false, false]);
    expect(await codeOf(groups.edit(bob.key, group.key, { displayName: "Mine" }))).toBe("forbidden");
    expect(await codeOf(groups.setRole(bob.key, group.key, carol.key, "moderator"))).toBe("forbidden");
    expect(await codeOf(groups.letGo(bob.key, group.key, alice.key))).toBe("forbidden");
    expect(await codeOf(groups.ban(carol.key, group.key, bob.key, ""))).toBe("forbidden");
    expect(await codeOf(groups.edit(alice.key, alice.key, { displayName: "I" }))).toBe("not-found");
  });

  test("the last owner cannot go before another is named", async () => {
    const { groups, alice, bob, look } = await house();
    const group = await make();
    await bob.act({ type: "Follow", object: group.iri });
    expect(await codeOf(groups.leave(alice.key, group.key))).toBe("conflict");
    expect(await codeOf(groups.setRole(alice.key, group.key, alice.key, "member"))).toBe("conflict");
    const followed = await look.causeOf(group.key, "members", alice.key);
    const follow = (await look.byKey(followed ?? 0))?.iri ?? "";
    for (const draft of [
      { type: "Undo", object: follow },
      { type: "Leave", object: group.iri },
      { type: "Remove", object: alice.iri, target: `${group.iri}/owners` },
      { type: "Remove", object: alice.iri, target: `${group.iri}/moderators` },
    ])
      expect([draft.type, await codeOf(alice.act(draft))]).toEqual([draft.type, "forbidden"]);
    expect(await isIn(group.key, "owners", alice)).toBe(true);
    await groups.setRole(alice.key, group.key, bob.key, "owner");
    await groups.leave(alice.key, group.key);
    for (const list of ["owners", "moderators", "members", "followers"])
      expect([list, await isIn(group.key, list, alice)]).toEqual([list, false]);
    expect((await alice.knows(group.iri)).following).toBe("no");
    expect(await groups.roleOf(bob.key, group.key)).toBe("owner");
  });

  test("two owners who dismiss each other in one moment leave one", async () => {
    const { groups, alice, bob, look } = await house();
    const group = await make();
    await bob.act({ type: "Follow", object: group.iri });
    await groups.setRole(alice.key, group.key, bob.key, "owner");
    const outcomes = await Promise.all([
      codeOf(groups.setRole(alice.key, group.key, bob.key, "member")),
      codeOf(groups.setRole(bob.key, group.key, alice.key, "member")),
    ]);
    expect(outcomes.toSorted()).not.toEqual(["done", "done"]);
    expect(await look.totalOf(group.key, "owners")).toBe(1);
  });

  test("a request is answered by moderators, who hear of it", async () => {
    const { groups, alice, bob, carol } = await house();
    const group = await make({ joining: "request" });
    await bob.act({ type: "Follow", object: group.iri });
    await carol.act({ type: "Follow", object: group.iri });
    expect(await isIn(group.key, "members", bob)).toBe(false);
    expect((await alice.notices()).filter((line) => line === "follow-request bob")).toHaveLength(1);
    await groups.letIn(alice.key, group.key, bob.key);
    await groups.letGo(alice.key, group.key, carol.key);
    expect([await isIn(group.key, "members", bob), await isIn(group.key, "members", carol)]).toEqual([
      true,
      false,
    ]);
    expect(await isIn(group.key, "requests", carol)).toBe(false);
    expect(await codeOf(groups.letIn(bob.key, group.key, carol.key))).toBe("forbidden");
    expect(await codeOf(groups.letIn(alice.key, group.key, carol.key))).toBe("not-found");
  });

  test("by invitation only those who were invited come in", async () => {
    const { groups, alice, bob, carol } = await house();
    const group = await make({ joining: "invitation" });
    await groups.invite(alice.key, group.key, bob.key);
    await bob.act({ type: "Follow", object: group.iri });
    expect(await isIn(group.key, "members", bob)).toBe(true);
    expect(await codeOf(carol.act({ type: "Follow", object: group.iri }))).toBe("forbidden");
    await groups.invite(alice.key, group.key, carol.key);
    await groups.uninvite(alice.key, group.key, carol.key);
    expect(await codeOf(carol.act({ type: "Follow", object: group.iri }))).toBe("forbidden");
    expect(await codeOf(groups.invite(alice.key, group.key, bob.key))).toBe("conflict");
  });

  test("whoever is invited is told once, and can be invited anew once that is over", async () => {
    const { groups, alice, bob } = await house();
    const group = await make({ joining: "invitation" });
    const before = (await bob.notices()).length;
    const invite = () => groups.invite(alice.key, group.key, bob.key);
    await invite();
    expect(await codeOf(invite())).toBe("conflict");
    expect((await bob.notices()).length - before).toBe(1);
    await groups.uninvite(alice.key, group.key, bob.key);
    await invite();
    await bob.act({ type: "Follow", object: group.iri });
    await groups.leave(bob.key, group.key);
    await invite();
    expect(await isIn(group.key, "invited", bob)).toBe(true);
  });

  test("whoever is banned is out and stays out until the ban is lifted", async () => {
    const { groups, alice, bob } = await house();
    const group = await make();
    await bob.act({ type: "Follow", object: group.iri });
    await groups.setRole(alice.key, group.key, bob.key, "moderator");
    await groups.ban(alice.key, group.key, bob.key, "Selling things");
    for (const list of ["moderators", "members", "followers"])
      expect([list, await isIn(group.key, list, bob)]).toEqual([list, false]);
    expect(await codeOf(bob.act({ type: "Follow", object: group.iri }))).toBe("forbidden");
    expect(await codeOf(groups.invite(alice.key, group.key, bob.key))).toBe("conflict");
    await groups.unban(alice.key, group.key, bob.key);
    await bob.act({ type: "Follow", object: group.iri });
    expect(await groups.roleOf(bob.key, group.key)).toBe("member");
    expect(await codeOf(groups.ban(alice.key, group.key, alice.key, ""))).toBe("invalid");
  });

  test("a group that is deleted is gone, and its name is not given again", async () => {
    const { app, groups, alice, bob, look } = await house();
    const group = await make();
    await bob.act({ type: "Follow", object: group.iri });
    expect(await codeOf(groups.remove(bob.key, group.key))).toBe("forbidden");
    await groups.remove(alice.key, group.key);
    await app.worker.drain();
    expect((await look.byKey(group.key))?.deletedMs).not.toBeNull();
    expect((await bob.knows(group.iri)).following).toBe("no");
    const again = { name: group.iri.split("/").at(-1) ?? "", displayName: "Again" };
    expect(await codeOf(groups.create(await accountOf(alice), again))).toBe("conflict");
    expect(await codeOf(groups.edit(alice.key, group.key, { displayName: "X" }))).toBe("not-found");
  });

  test("the operator sees who owns which group, and gives one to somebody whatever its rules", async () => {
    const { groups, carol } = await house();
    const group = await make({ joining: "invitation" });
    const name = group.iri.split("/").at(-1) ?? "";
    await groups.entrust(name, await accountOf(carol));
    expect(await groups.roleOf(carol.key, group.key)).toBe("owner");
    expect(await isIn(group.key, "members", carol)).toBe(true);
    const [newest] = await groups.list(Number.MAX_SAFE_INTEGER, 1);
    expect(newest).toMatchObject({ name, members: 2 });
    expect(newest?.owners.toSorted()).toEqual(["alice", "carol"]);
    expect(await codeOf(groups.entrust("bob", await accountOf(carol)))).toBe("not-found");
  });

  test("who did something as a group is remembered, and told to no other server", async () => {
    const { app, groups, alice } = await house();
    const group = await make();
    const done = await groups.act(alice.key, group.key, "speak", {
      type: "Note",
      content: "Welcome",
      to: ["https://www.w3.org/ns/activitystreams#Public"],
    });
    const links = await app.opened.db.all({
      text: "SELECT target FROM link WHERE source = $1 AND property = 'by'",
      values: [done.key],
    });
    expect(links).toEqual([{ target: alice.key }]);
    expect(JSON.stringify(done.activity)).not.toContain(alice.iri);
  });

  test("what moderators decide stands in the log of the server, and what a group says does not", async () => {
    const { app, groups, alice, bob } = await house();
    const group = await make();
    const name = String(group.document?.preferredUsername);
    await bob.act({ type: "Follow", object: group.iri });
    await groups.ban(alice.key, group.key, bob.key, "spam");
    await groups.unban(alice.key, group.key, bob.key);
    await groups.invite(alice.key, group.key, bob.key);
    await groups.act(alice.key, group.key, "speak", { type: "Note", content: "Hi", to: [PUBLIC] });
    const lines = (await findAudit(app.opened.db, { before: MAX_KEY, limit: 20 })).filter(
      ({ detail }) => detail?.endsWith(`@${name}`) === true,
    );
    expect(lines.map(({ who, act, about, detail, reason }) => [who, act, about, detail, reason])).toEqual([
      ["alice", "group-act", bob.key, `Invite @${name}`, null],
      ["alice", "group-act", bob.key, `Undo @${name}`, null],
      ["alice", "group-act", bob.key, `Block @${name}`, "spam"],
    ]);
  });

  test("a moderator who takes something out in their own name stands in the log of the server too", async () => {
    const { app, alice, bob } = await house();
    const group = await make();
    await bob.act({ type: "Follow", object: group.iri });
    const post = await bob.note("Buy this", { to: [PUBLIC], audience: [group.iri] });
    await alice.act({ type: "Delete", object: post, audience: [group.iri], to: [PUBLIC] });
    const [line] = await findAudit(app.opened.db, { before: MAX_KEY, limit: 1 });
    expect(line).toMatchObject({
      who: "alice",
      act: "group-act",
      aboutName: post,
      detail: `Delete @${String(group.document?.preferredUsername)}`,
    });
  });
});
