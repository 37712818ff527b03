/** Signing in, staying signed in, and every way in which that ends. */
import { expect, test } from "bun:test";
import { sql } from "../lib/sql.ts";
import { eachEngine } from "../testing/engines.ts";
import { refused } from "../testing/refused.ts";
import { fromHome, fromSchool, PASSWORD, type Residents, residents } from "../testing/residents.ts";
import type { AccessEnded } from "./access-ended.ts";
import { onAccessEnded } from "./access-ended.ts";
import { SESSION_IDLE_MS, TOUCH_EVERY_MS } from "./sessions.ts";

eachEngine((engine) => {
  const open = async (): Promise<Residents> => residents(await engine.freshDb());

  async function heard(here: Residents, work: () => Promise<unknown>): Promise<AccessEnded[]> {
    const all: AccessEnded[] = [];
    const first = Promise.withResolvers<void>();
    const stop = await onAccessEnded(here.db, (ended) => {
      all.push(ended);
      first.resolve();
    });
    await work();
    await first.promise;
    stop();
    return all;
  }

  test("a name or an address, however it is typed, and the password sign in", async () => {
    const here = await open();
    const alice = await here.accounts.create({
      name: "alice",
      email: "alice@school.example",
      password: PASSWORD,
      role: "member",
      state: "active",
    });
    for (const login of ["alice", " @ALICE ", "Alice@School.Example"]) {
      const admission = await here.accounts.signIn({ login, password: PASSWORD }, fromHome);
      expect(admission.account.key).toBe(alice.key);
      if (admission.kind !== "in") throw new Error("asked for more");
      const { session } = admission;
      expect(await here.accounts.sessions.find(session.token)).toEqual({
        sessionKey: session.key,
        account: alice.key,
        name: "alice",
        role: "member",
        locale: null,
        provedMs: here.clock.now(),
        mustSetUp: false,
      });
    }
    expect((await here.accounts.people.find(alice.key))?.seenMs).toBe(here.clock.now());
  });

  test("a wrong password and an unknown name are refused with the same words", async () => {
    const here = await open();
    await here.person("alice");
    const wrong = await refused(here.accounts.signIn({ login: "alice", password: "wrong" }, fromHome));
    const unknown = await refused(here.accounts.signIn({ login: "nobody", password: "wrong" }, fromHome));
    expect([wrong.code, wrong.message, wrong.detail]).toEqual([
      unknown.code,
      unknown.message,
      unknown.detail,
    ]);
    expect(wrong).toMatchObject({ code: "unauthenticated", detail: { field: "password" } });
  });

  test("an account without a password cannot be signed in to", async () => {
    const here = await open();
    await here.accounts.create({ name: "bot7", password: null, role: "member", state: "active" });
    for (const password of ["", "null"]) {
      const problem = await refused(here.accounts.signIn({ login: "bot7", password }, fromHome));
      expect(problem.detail.reason).toBe("wrong-password");
    }
  });

  test("who waits or was shut out is told so, but only with the right password", async () => {
    const here = await open();
    const request = { password: PASSWORD, role: "member" } as const;
    await here.accounts.create({ ...request, name: "waiting", state: "pending" });
    await here.accounts.create({ ...request, name: "closed", state: "disabled" });
    const reasonOf = async (login: string, password: string): Promise<string | undefined> =>
      (await refused(here.accounts.signIn({ login, password }, fromHome))).detail.reason;
    expect(await reasonOf("waiting", PASSWORD)).toBe("account-pending");
    expect(await reasonOf("closed", PASSWORD)).toBe("account-disabled");
    expect(await reasonOf("waiting", "wrong")).toBe("wrong-password");
  });

  test("guesses at one account from one network are limited, by name and address together", async () => {
    const here = await open();
    await here.accounts.create({
      name: "alice",
      email: "alice@school.example",
      password: PASSWORD,
      role: "member",
      state: "active",
    });
    const guess = (login: string): Promise<unknown> =>
      refused(here.accounts.signIn({ login, password: "guess" }, fromHome));
    for (const login of ["alice", "ALICE", "@alice", " alice", "alice@school.example"]) {
      await guess(login);
      await guess(login);
    }
    const problem = await refused(here.accounts.signIn({ login: "alice", password: PASSWORD }, fromHome));
    expect(problem).toMatchObject({ code: "too-many", detail: { reason: "sign-in-limit" } });
    expect(problem.detail.retryAfterSeconds).toBe(120);

    const elsewhere = await here.accounts.signIn({ login: "alice", password: PASSWORD }, fromSchool);
    expect(elsewhere.account.name).toBe("alice");
    here.clock.advance(120_000);
    expect((await here.accounts.signIn({ login: "alice", password: PASSWORD }, fromHome)).account.name).toBe(
      "alice",
    );
  });

  test("signing in well costs nothing of the limit", async () => {
    const here = await open();
    await here.person("alice");
    for (let i = 0; i < 30; i++) await here.accounts.signIn({ login: "alice", password: PASSWORD }, fromHome);
  });

  test("one network cannot try many names, and many networks cannot try one name", async () => {
    const here = await open();
    await here.person("alice");
    for (let i = 0; i < 60; i++) {
      await refused(here.accounts.signIn({ login: `name${i}`, password: "x" }, fromHome));
    }
    const many = await refused(here.accounts.signIn({ login: "alice", password: PASSWORD }, fromHome));
    expect(many.code).toBe("too-many");
    for (let i = 0; i < 100; i++) {
      const origin = { addressPrefix: `203.0.113.${i}`, agent: "" };
      await refused(here.accounts.signIn({ login: "alice", password: "x" }, origin));
    }
    const one = await refused(here.accounts.signIn({ login: "alice", password: PASSWORD }, fromSchool));
    expect(one.code).toBe("too-many");
  });

  test("a session ends when nobody came for long, and each visit puts that off", async () => {
    const here = await open();
    const alice = await here.person("alice");
    const { token } = await here.accounts.sessions.create(alice.key, fromHome);
    here.clock.advance(SESSION_IDLE_MS - 1);
    expect(await here.accounts.sessions.find(token, fromSchool)).not.toBeNull();
    here.clock.advance(SESSION_IDLE_MS - 1);
    expect(await here.accounts.sessions.find(token)).not.toBeNull();
    here.clock.advance(SESSION_IDLE_MS);
    expect(await here.accounts.sessions.find(token)).toBeNull();
    expect(await here.accounts.sessions.list(alice.key)).toEqual([]);
  });

  test("the list tells where and when, and the table holds no token", async () => {
    const here = await open();
    const alice = await here.person("alice");
    const { token, key } = await here.accounts.sessions.create(alice.key, {
      ...fromHome,
      agent: "x".repeat(999),
    });
    here.clock.advance(TOUCH_EVERY_MS);
    await here.accounts.sessions.find(token, fromSchool);
    const [shown] = await here.accounts.sessions.list(alice.key);
    expect(shown).toMatchObject({ key, address: fromSchool.addressPrefix, seenMs: here.clock.now() });
    expect(shown?.agent).toHaveLength(300);
    expect(JSON.stringify(await here.db.all(sql`SELECT * FROM session`))).not.toContain(token);
  });

  test("only its owner ends a session, and open streams are told", async () => {
    const here = await open();
    const [alice, eve] = [await here.person("alice"), await here.person("eve")];
    const { token, key } = await here.accounts.sessions.create(alice.key, fromHome);
    expect((await refused(here.accounts.sessions.revoke(eve.key, key))).code).toBe("not-found");
    expect(await here.accounts.sessions.find(token)).not.toBeNull();
    const ended = await heard(here, () => here.accounts.sessions.revoke(alice.key, key));
    expect(ended).toEqual([{ session: key }]);
    expect(await here.accounts.sessions.find(token)).toBeNull();
    const second = await here.accounts.sessions.create(alice.key, fromHome);
    expect(await heard(here, () => here.accounts.sessions.end(second.token))).toEqual([
      { session: second.key },
    ]);
    await here.accounts.sessions.end("no such token");
  });

  test("all other sessions end at once, and only that person's", async () => {
    const here = await open();
    const [alice, bob] = [await here.person("alice"), await here.person("bob")];
    const [mine, ...others] = await Promise.all(
      [1, 2, 3].map(() => here.accounts.sessions.create(alice.key, fromHome)),
    );
    const his = await here.accounts.sessions.create(bob.key, fromHome);
    expect(await here.accounts.sessions.revokeOthers(alice.key, mine?.key ?? 0)).toBe(2);
    const alive = [mine, ...others, his].map((each) => here.accounts.sessions.find(each?.token ?? ""));
    expect((await Promise.all(alive)).map((found) => found?.name ?? null)).toEqual([
      "alice",
      null,
      null,
      "bob",
    ]);
  });

  test("nobody keeps more than fifty sessions: the oldest go", async () => {
    const here = await open();
    const alice = await here.person("alice");
    const made = [];
    for (let i = 0; i < 52; i++) made.push(await here.accounts.sessions.create(alice.key, fromHome));
    const kept = await here.accounts.sessions.list(alice.key);
    expect(kept).toHaveLength(50);
    expect(await here.accounts.sessions.find(made[1]?.token ?? "")).toBeNull();
    expect(await here.accounts.sessions.find(made[2]?.token ?? "")).not.toBeNull();
  });

  test("what is over is swept away", async () => {
    const here = await open();
    const alice = await here.person("alice");
    await here.accounts.sessions.create(alice.key, fromHome);
    await here.accounts.passwords.createResetLink(null, alice);
    here.clock.advance(SESSION_IDLE_MS);
    await here.db.batch(here.accounts.sweep());
    for (const table of ["session", "ticket"]) {
      const rows = await here.db.all({ text: `SELECT 1 AS found FROM ${table}`, values: [] });
      expect(rows).toEqual([]);
    }
  });
});
