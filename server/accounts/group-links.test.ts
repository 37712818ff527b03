/** Links into groups: whom they let in, and how often; people from elsewhere are invited by them. */
import { expect, test } from "bun:test";
import { createGrouping } from "../grouping.ts";
import { DAY_MS } from "../lib/durations.ts";
import { isProblem } from "../lib/problem.ts";
import { testApp } from "../testing/app.ts";
import { eachEngine } from "../testing/engines.ts";
import { fediverse } from "../testing/fediverse.ts";
import { type Person, person } from "../testing/people.ts";

eachEngine((engine) => {
  const accountOf = async ({ app, name }: Person) => app.opened.accounts.people.getByName(name);

  /** A group of Alice's that only the invited may join. */
  async function house() {
    const app = await testApp(engine);
    const { groups, groupLinks } = createGrouping({ ...app, now: app.clock.now });
    const alice = await person(app, "alice", "admin");
    const bob = await person(app, "bob");
    const carol = await person(app, "carol");
    const wishes = { name: "biology", displayName: "Biology", joining: "invitation" } as const;
    const group = await groups.create(await accountOf(alice), wishes);
    const isIn = (list: string, who: Person) => app.federation.look.isMember(group.key, list, who.key);
    return { app, groups, groupLinks, alice, bob, carol, group, isIn };
  }

  const codeOf = async (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => "done",
      (error) => (isProblem(error) ? error.code : String(error)),
    );

  test("a link lets in as many as it is for, while whoever made it may invite", async () => {
    const { app, groups, groupLinks, alice, bob, carol, group, isIn } = await house();
    await groupLinks.make(alice.key, group.key, { uses: 1, days: 7 });
    const [link] = await groupLinks.list(alice.key, group.key);
    const code = link?.code ?? "";
    expect(await codeOf(groupLinks.list(bob.key, group.key))).toBe("forbidden");
    await groupLinks.take(code.toUpperCase(), bob.key);
    expect(await isIn("members", bob)).toBe(true);
    expect(await codeOf(groupLinks.take(code, carol.key))).toBe("invalid");

    await groupLinks.make(alice.key, group.key, { uses: 5, days: 7 });
    const [next] = await groupLinks.list(alice.key, group.key);
    await groups.setRole(alice.key, group.key, bob.key, "owner");
    await groups.setRole(bob.key, group.key, alice.key, "member");
    expect(await groupLinks.find(next?.code ?? "")).toBeNull();
    await groups.setRole(bob.key, group.key, alice.key, "moderator");
    expect(await groupLinks.find(next?.code ?? "")).not.toBeNull();
    app.clock.advance(8 * DAY_MS);
    expect(await groupLinks.find(next?.code ?? "")).toBeNull();
    expect(await codeOf(groupLinks.make(bob.key, group.key, { uses: 0, days: 7 }))).toBe("invalid");
  });

  test("two taps on a link take one place and both lead in, and so does a later one", async () => {
    const { groupLinks, alice, bob, carol, group, isIn } = await house();
    await groupLinks.make(alice.key, group.key, { uses: 2, days: 7 });
    const usesLeft = async () => (await groupLinks.list(alice.key, group.key))[0]?.usesLeft;
    const code = (await groupLinks.list(alice.key, group.key))[0]?.code ?? "";
    const tap = (who: Person) => codeOf(groupLinks.take(code, who.key));
    for (const [who, left] of [
      [bob, 1],
      [carol, undefined],
    ] as const) {
      expect([await Promise.all([tap(who), tap(who)]), await tap(who)]).toEqual([["done", "done"], "done"]);
      expect(await isIn("members", who)).toBe(true);
      expect(await usesLeft()).toBe(left as number);
    }
    expect(await tap(bob)).toBe("done");
  });

  test("a link invites somebody from another server, who then joins from home, and is kept out when banned", async () => {
    const world = await fediverse(engine, ["a.test", "b.test"]);
    const app = world.at("a.test");
    const { groups, groupLinks } = createGrouping({ ...app, now: world.clock.now });
    const alice = await person(app, "alice", "admin");
    const dave = await person(world.at("b.test"), "dave", "admin");
    const { key } = await groups.create(await accountOf(alice), {
      name: "far",
      displayName: "Far",
      joining: "invitation",
      access: "private",
    });
    const iri = app.opened.addresses.actor("far");
    await dave.act({ type: "Follow", object: iri });
    await world.settle();
    expect((await dave.knows(iri)).following).toBe("no");

    await groupLinks.make(alice.key, key, { uses: 2, days: 1 });
    const [link] = await groupLinks.list(alice.key, key);
    const stranger = await app.federation.look.fetch(dave.iri);
    await groupLinks.take(link?.code ?? "", stranger?.key ?? 0);
    await world.settle();
    expect(await dave.notices()).toContain("other far@a.test");
    const standing = async () => {
      const there = await dave.app.federation.look.find(iri);
      return (await dave.app.queries.group(there?.key ?? 0, dave.key))?.mine;
    };
    expect(await standing()).toMatchObject({ isInvited: true, role: null });
    await groups.uninvite(alice.key, key, stranger?.key ?? 0);
    await world.settle();
    expect(await standing()).toMatchObject({ isInvited: false, role: null });
    await groups.invite(alice.key, key, stranger?.key ?? 0);
    await world.settle();
    await dave.act({ type: "Follow", object: iri });
    await world.settle();
    expect(await standing()).toMatchObject({ isInvited: false, role: "member" });
    expect((await dave.knows(iri)).following).toBe("yes");
    expect(await groups.roleOf(stranger?.key ?? 0, key)).toBe("member");

    await groups.ban(alice.key, key, stranger?.key ?? 0, "");
    await world.settle();
    expect((await dave.knows(iri)).following).toBe("no");
    await dave.act({ type: "Follow", object: iri });
    await world.settle();
    expect((await dave.knows(iri)).following).toBe("no");
    expect(await groups.roleOf(stranger?.key ?? 0, key)).toBeNull();
  });
});
