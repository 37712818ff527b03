/** New passwords: what they end, and who may give them. */
import { expect, test } from "bun:test";
import { eachEngine } from "../testing/engines.ts";
import { refused } from "../testing/refused.ts";
import { fromHome, PASSWORD, type Residents, residents } from "../testing/residents.ts";
import type { Account } from "./account.ts";
import { RESET_LINK_MS } from "./password.ts";

const NEXT = "another good password";

eachEngine((engine) => {
  const open = async (): Promise<Residents> => residents(await engine.freshDb());

  async function withAccess(
    here: Residents,
    account: Account,
  ): Promise<{
    key: number;
    alive(): Promise<{ session: boolean; other: boolean; token: object | null }>;
  }> {
    const session = await here.accounts.sessions.create(account.key, fromHome);
    const other = await here.accounts.sessions.create(account.key, fromHome);
    const token = await here.oauth.tokens.create({ account, scope: "read write" });
    return {
      key: session.key,
      alive: async () => ({
        session: (await here.accounts.sessions.find(session.token)) !== null,
        other: (await here.accounts.sessions.find(other.token)) !== null,
        token: await here.oauth.tokens.find(token),
      }),
    };
  }

  test("changing a password ends every other session and every token, and nobody else's", async () => {
    const here = await open();
    const [alice, bob] = [await here.person("alice"), await here.person("bob")];
    const hers = await withAccess(here, alice);
    const his = await withAccess(here, bob);
    await here.accounts.passwords.change(
      alice,
      { current: PASSWORD, next: NEXT },
      { origin: fromHome, sessionKey: hers.key },
    );
    expect(await hers.alive()).toEqual({ session: true, other: false, token: null });
    expect(await his.alive()).toMatchObject({
      session: true,
      other: true,
      token: { account: { name: "bob" } },
    });
    await here.accounts.signIn({ login: "alice", password: NEXT }, fromHome);
    expect((await refused(here.accounts.signIn({ login: "alice", password: PASSWORD }, fromHome))).code).toBe(
      "unauthenticated",
    );
  });

  test("a change with the wrong password, or to a bad one, changes nothing and says so at the field", async () => {
    const here = await open();
    const alice = await here.person("alice");
    const hers = await withAccess(here, alice);
    const context = { origin: fromHome, sessionKey: hers.key };
    const wrong = await refused(here.accounts.passwords.change(alice, { current: "x", next: NEXT }, context));
    expect(wrong).toMatchObject({ code: "invalid", detail: { field: "current" } });
    const bad = await refused(
      here.accounts.passwords.change(alice, { current: PASSWORD, next: "x" }, context),
    );
    expect(bad).toMatchObject({ code: "invalid", detail: { field: "next", reason: "password-short" } });
    expect(await hers.alive()).toMatchObject({
      session: true,
      other: true,
      token: { account: { name: "alice" } },
    });
  });

  test("guessing the current password is limited as signing in is", async () => {
    const here = await open();
    const alice = await here.person("alice");
    const context = { origin: fromHome, sessionKey: 1 };
    const guess = () => refused(here.accounts.passwords.change(alice, { current: "x", next: NEXT }, context));
    for (let i = 0; i < 10; i++) expect((await guess()).code).toBe("invalid");
    expect((await guess()).code).toBe("too-many");
  });

  test("a link from the staff sets a password once, and ends everything else", async () => {
    const here = await open();
    const admin = await here.person("boss", "admin");
    const alice = await here.person("alice");
    const hers = await withAccess(here, alice);
    const { passwords } = here.accounts;
    const { token } = await passwords.createResetLink(admin, alice);
    expect((await passwords.findReset(token))?.name).toBe("alice");
    expect((await refused(passwords.reset(token, "short"))).detail.field).toBe("password");

    const twice = await Promise.allSettled([
      passwords.reset(token, NEXT),
      passwords.reset(token, `${NEXT}!`),
    ]);
    expect(twice.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect(await passwords.findReset(token)).toBeNull();
    expect(await hers.alive()).toEqual({ session: false, other: false, token: null });
  });

  test("a link ends with its time, with the next one, and is given only for those below", async () => {
    const here = await open();
    const [admin, moderator] = [await here.person("boss", "admin"), await here.person("mo", "moderator")];
    const alice = await here.person("alice");
    const { passwords } = here.accounts;
    expect((await refused(passwords.createResetLink(moderator, admin))).code).toBe("forbidden");
    expect((await refused(passwords.createResetLink(alice, moderator))).code).toBe("forbidden");
    const first = await passwords.createResetLink(moderator, alice);
    const second = await passwords.createResetLink(null, alice);
    expect(await passwords.findReset(first.token)).toBeNull();
    here.clock.advance(RESET_LINK_MS - 1);
    expect(await passwords.findReset(second.token)).not.toBeNull();
    here.clock.advance(1);
    expect((await refused(passwords.reset(second.token, NEXT))).detail.reason).toBe("link-over");
  });

  test("the command line sets a password for an account that had none", async () => {
    const here = await open();
    const account = await here.accounts.create({
      name: "carol",
      password: null,
      role: "member",
      state: "active",
    });
    await here.accounts.passwords.set(account, NEXT);
    expect((await here.accounts.signIn({ login: "carol", password: NEXT }, fromHome)).account.name).toBe(
      "carol",
    );
  });
});
