/** Closing one's account for good: what goes, what stays, and when it is refused. */
import { beforeAll, expect, test } from "bun:test";
import { PUBLIC } from "../core/object.ts";
import { findTotals } from "../core/store.ts";
import { eachEngine, onSqlite } from "../testing/engines.ts";
import { type Fediverse, fediverse } from "../testing/fediverse.ts";
import { groupOf } from "../testing/groups.ts";
import { PASSWORD, type Person, person } from "../testing/people.ts";
import { refused } from "../testing/refused.ts";

const PATIENCE_MS = 60_000;
const ORIGIN = { addressPrefix: "192.0.2.1", agent: "" };

eachEngine((engine) => {
  let world: Fediverse;
  let ruth: Person;
  let bob: Person;

  /** ruth runs a.test, bob lives at b.test. */
  beforeAll(async () => {
    world = await fediverse(engine, ["a.test", "b.test"]);
    ruth = await person(world.at("a.test"), "ruth", "admin");
    bob = await person(world.at("b.test"), "bob", "admin");
  }, PATIENCE_MS);

  const app = () => world.at("a.test");
  const accountOf = ({ name }: Person) => app().opened.accounts.people.getByName(name);
  const refusedWith = async (work: Promise<unknown>) => (await refused(work)).code;
  const leave = async (who: Person) => app().leaving.leave(await accountOf(who));
  const owners = async (group: number) =>
    (await findTotals(app().opened.db, [group], ["owners", "moderators", "members"])).get(group);

  test("whoever leaves is signed out, forgotten and deleted, here and at the servers that knew them", async () => {
    const anna = await person(app(), "anna");
    const { accounts } = app().opened;
    await accounts.people.setEmail(await accountOf(anna), "anna@school.example");
    await bob.act({ type: "Follow", object: anna.iri });
    await world.settle();
    const post = await anna.note("Kept nowhere", { to: [PUBLIC], cc: [anna.followers] });
    await world.settle();
    expect(await bob.home()).toContain("Kept nowhere");

    await leave(anna);
    expect((await anna.page("/settings/account")).headers.get("location")).toStartWith("/sign-in");
    expect((await anna.read("/api/v1/accounts/verify_credentials")).status).toBe(401);
    await world.settle();
    expect(await accountOf(anna)).toMatchObject({
      state: "disabled",
      isGone: true,
      email: null,
      hasPassword: false,
    });
    for (const login of ["anna", "anna@school.example"])
      expect(await refusedWith(accounts.signIn({ login, password: PASSWORD }, ORIGIN))).toBe(
        "unauthenticated",
      );
    expect((await app().federation.look.find(post))?.deletedMs).not.toBeNull();
    expect((await bob.app.federation.look.find(post))?.deletedMs).not.toBeNull();
    expect((await bob.app.federation.look.find(anna.iri))?.deletedMs).not.toBeNull();
    expect((await app().ask("/@anna", { headers: { accept: "text/html" } })).status).toBe(410);
  });

  test("a closed account is never opened again, and nobody else gets its name", async () => {
    const anne = await person(app(), "anne");
    await leave(anne);
    const { accounts } = app().opened;
    expect(await refusedWith(leave(anne))).toBe("conflict");
    expect(await refusedWith(accounts.people.enable(null, await accountOf(anne)))).toBe("conflict");
    const again = { name: "anne", password: PASSWORD, role: "member", state: "active" } as const;
    expect(await refusedWith(accounts.create(again))).toBe("conflict");
  });

  test("the last admin cannot leave, and nothing of theirs is changed", async () => {
    const post = await ruth.note("Still here", { to: [PUBLIC] });
    expect(await refusedWith(leave(ruth))).toBe("conflict");
    expect(await accountOf(ruth)).toMatchObject({ state: "active", hasPassword: true });
    expect((await app().federation.look.find(post))?.deletedMs).toBeNull();
  });

  test("who owns a group alone gives it to somebody first; who owns it with others leaves it to them", async () => {
    const olga = await person(app(), "olga");
    const piet = await person(app(), "piet");
    const group = await groupOf(app(), "physics", olga);
    expect((await app().leaving.alone(await accountOf(olga))).map(({ name }) => name)).toEqual(["physics"]);
    expect(await refusedWith(leave(olga))).toBe("conflict");
    expect(await accountOf(olga)).toMatchObject({ state: "active" });

    await piet.act({ type: "Follow", object: group.iri });
    await app().groups.setRole(olga.key, group.key, piet.key, "owner");
    await leave(olga);
    await world.settle();
    expect(Object.fromEntries((await owners(group.key)) ?? [])).toEqual({
      owners: 1,
      moderators: 1,
      members: 1,
    });
    expect((await app().leaving.alone(await accountOf(piet))).map(({ name }) => name)).toEqual(["physics"]);
  });
});

onSqlite((engine) => {
  test("who is gone elsewhere moderates no group here any more, and is not counted among its owners", async () => {
    const world = await fediverse(engine, ["a.test", "b.test"]);
    const alice = await person(world.at("a.test"), "alice", "admin");
    const bob = await person(world.at("b.test"), "bob");
    const group = await groupOf(alice.app, "physics", alice);
    await bob.act({ type: "Follow", object: group.iri });
    await world.settle();
    const known = (await alice.app.federation.look.find(bob.iri))?.key ?? 0;
    await alice.app.groups.setRole(alice.key, group.key, known, "owner");
    const totals = async () =>
      (await findTotals(alice.app.opened.db, [group.key], ["owners", "moderators"])).get(group.key);
    expect(await totals()).toEqual(
      new Map([
        ["owners", 2],
        ["moderators", 2],
      ]),
    );
    await bob.app.leaving.leave(await bob.app.opened.accounts.people.getByName("bob"));
    await world.settle();
    expect(await totals()).toEqual(
      new Map([
        ["owners", 1],
        ["moderators", 1],
      ]),
    );
    expect(await alice.app.groups.roleOf(known, group.key)).toBeNull();
  });
});
