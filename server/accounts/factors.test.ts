/** Codes of an app and on paper: set up, asked for after the password, each good once, taken away. */
import { expect, test } from "bun:test";
import { sql } from "../lib/sql.ts";
import { eachEngine } from "../testing/engines.ts";
import { refused } from "../testing/refused.ts";
import { fromHome, PASSWORD, type Residents, residents } from "../testing/residents.ts";
import type { Account } from "./account.ts";
import type { Admission } from "./admission.ts";
import { totpCode } from "./totp.ts";

const STEP_MS = 30_000;

eachEngine((engine) => {
  const open = async (): Promise<Residents> => residents(await engine.freshDb());
  const codeNow = (here: Residents, secret: string): string =>
    totpCode(secret, Math.floor(here.clock.now() / STEP_MS));
  const signIn = (here: Residents): Promise<Admission> =>
    here.accounts.signIn({ login: "alice", password: PASSWORD }, fromHome);

  /** Alice with an app; the clock stands after the code that she confirmed it with. */
  async function withApp(
    here: Residents,
  ): Promise<{ alice: Account; secret: string; paper: readonly string[] }> {
    const alice = await here.person("alice");
    const { secret } = await here.accounts.factors.beginCodes(alice);
    const paper = (await here.accounts.factors.confirmCodes(alice, codeNow(here, secret), 0)) ?? [];
    here.clock.advance(STEP_MS);
    return { alice, secret, paper };
  }

  async function asked(here: Residents): Promise<string> {
    const admission = await signIn(here);
    if (admission.kind !== "second") throw new Error("not asked");
    return admission.step.token;
  }

  test("an app is asked for once its first code was right, and then after every password", async () => {
    const here = await open();
    const alice = await here.person("alice");
    const { factors } = here.accounts;
    const { secret } = await factors.beginCodes(alice);
    expect((await factors.beginCodes(alice)).secret).toBe(secret);
    expect((await signIn(here)).kind).toBe("in");
    expect(await refused(factors.confirmCodes(alice, "000000", 0))).toMatchObject({
      code: "invalid",
      detail: { field: "code" },
    });
    const paper = await factors.confirmCodes(alice, ` ${codeNow(here, secret).replace(/(...)/, "$1 ")} `, 0);
    expect(paper).toHaveLength(10);
    expect(new Set(paper).size).toBe(10);
    expect(await factors.state(alice)).toEqual({ codesSinceMs: here.clock.now(), recoveryLeft: 10 });
    expect((await refused(factors.beginCodes(alice))).detail.reason).toBe("has-codes");

    here.clock.advance(STEP_MS);
    const step = await asked(here);
    expect(await here.accounts.admitting.question(step)).toMatchObject({ codes: true, passkeys: false });
    const { session } = await here.accounts.admitting.answerCode(step, codeNow(here, secret), fromHome);
    const [row] = await here.accounts.sessions.list(alice.key);
    expect(row).toMatchObject({ key: session.key, how: "password", factor: "code" });
  });

  test("a secret that was shown is shown again for half an hour, and not under a new password", async () => {
    const here = await open();
    const alice = await here.person("alice");
    const { factors, passwords } = here.accounts;
    const begin = async () => (await factors.beginCodes(alice)).secret;
    const first = await begin();
    here.clock.advance(29 * 60_000);
    expect(await begin()).toBe(first);
    here.clock.advance(2 * 60_000);
    const second = await begin();
    expect(second).not.toBe(first);
    expect((await refused(factors.confirmCodes(alice, codeNow(here, first), 0))).code).toBe("invalid");
    await passwords.set(alice, "another long password");
    const third = await begin();
    expect(third).not.toBe(second);
    await factors.confirmCodes(alice, codeNow(here, third), 0);
    await passwords.set(alice, "yet another long password");
    expect((await factors.of(alice.key)).codes).toBe(true);
  });

  test("confirming the app ends the other sessions and keeps the one in which it was done", async () => {
    const here = await open();
    const alice = await here.person("alice");
    const mine = await here.accounts.sessions.create(alice.key, fromHome);
    const other = await here.accounts.sessions.create(alice.key, fromHome);
    const { secret } = await here.accounts.factors.beginCodes(alice);
    await here.accounts.factors.confirmCodes(alice, codeNow(here, secret), mine.key);
    expect(await here.accounts.sessions.find(mine.token)).not.toBeNull();
    expect(await here.accounts.sessions.find(other.token)).toBeNull();
  });

  test("a code is good once, for one step that is good once, and a wrong one leaves the step as it is", async () => {
    const here = await open();
    const { secret } = await withApp(here);
    const { admitting } = here.accounts;
    const [one, two] = [await asked(here), await asked(here)];
    expect(await refused(admitting.answerCode(one, "123456", fromHome))).toMatchObject({
      code: "unauthenticated",
      detail: { field: "code", reason: "wrong-code" },
    });
    const code = codeNow(here, secret);
    await admitting.answerCode(one, code, fromHome);
    expect((await refused(admitting.answerCode(one, code, fromHome))).code).toBe("gone");
    expect((await refused(admitting.answerCode(two, code, fromHome))).detail.reason).toBe("wrong-code");
    here.clock.advance(STEP_MS);
    expect((await admitting.answerCode(two, codeNow(here, secret), fromHome)).kind).toBe("in");
  });

  test("of two answers with the same code at once one is let in", async () => {
    const here = await open();
    const { secret } = await withApp(here);
    const steps = [await asked(here), await asked(here)];
    const code = codeNow(here, secret);
    const both = await Promise.allSettled(
      steps.map((step) => here.accounts.admitting.answerCode(step, code, fromHome)),
    );
    expect(both.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  test("a step is over after five wrong codes, after ten minutes, and when the account was closed meanwhile", async () => {
    const here = await open();
    const { alice, secret } = await withApp(here);
    const { admitting } = here.accounts;
    const guessed = await asked(here);
    for (let i = 0; i < 5; i++) {
      expect((await refused(admitting.answerCode(guessed, "000000", fromHome))).detail.reason).toBe(
        "wrong-code",
      );
    }
    expect((await refused(admitting.answerCode(guessed, codeNow(here, secret), fromHome))).code).toBe("gone");

    const late = await asked(here);
    const closed = await asked(here);
    await here.accounts.people.disable(null, alice);
    expect((await refused(admitting.answerCode(closed, codeNow(here, secret), fromHome))).detail.reason).toBe(
      "account-disabled",
    );
    here.clock.advance(10 * 60_000);
    expect(await admitting.question(late)).toBeNull();
    expect((await refused(admitting.answerCode(late, codeNow(here, secret), fromHome))).code).toBe("gone");
  });

  test("a new password ends what the old one began", async () => {
    const here = await open();
    const { alice, secret } = await withApp(here);
    const begun = await asked(here);
    await here.accounts.passwords.set(alice, "four other words again");
    const late = here.accounts.admitting.answerCode(begun, codeNow(here, secret), fromHome);
    expect((await refused(late)).code).toBe("gone");
  });

  test("wrong codes of one account are limited, whatever the step", async () => {
    const here = await open();
    await withApp(here);
    const reasons: (string | undefined)[] = [];
    for (let i = 0; i < 3; i++) {
      const step = await asked(here);
      for (let guess = 0; guess < 5; guess++) {
        const wrong = await refused(here.accounts.admitting.answerCode(step, "000000", fromHome));
        reasons.push(wrong.detail.reason);
      }
    }
    expect(reasons).toEqual([...Array(10).fill("wrong-code"), ...Array(5).fill("code-limit")]);
  });

  test("a code on paper is good once, however it is typed, and a new sheet makes the old one useless", async () => {
    const here = await open();
    const { alice, paper } = await withApp(here);
    const { admitting, factors } = here.accounts;
    const [first = "", second = ""] = paper;
    const typed = first.replaceAll("-", " ").toUpperCase();
    const { session } = await admitting.answerCode(await asked(here), typed, fromHome);
    expect((await here.accounts.sessions.list(alice.key))[0]).toMatchObject({
      key: session.key,
      factor: "recovery",
    });
    expect((await factors.state(alice)).recoveryLeft).toBe(9);
    const again = await asked(here);
    expect((await refused(admitting.answerCode(again, first, fromHome))).detail.reason).toBe("wrong-code");

    const [fresh = ""] = await factors.renewRecovery(alice);
    expect((await refused(admitting.answerCode(again, second, fromHome))).detail.reason).toBe("wrong-code");
    expect((await admitting.answerCode(again, fresh, fromHome)).kind).toBe("in");
    const kept = await here.db.all<{ hash: string }>(sql`SELECT hash FROM recovery_code`);
    expect(kept.map(({ hash }) => hash)).not.toContain(fresh.replaceAll("-", ""));
  });

  test("without the app nothing is asked, and its sheet of paper is gone with it", async () => {
    const here = await open();
    const { alice } = await withApp(here);
    await here.accounts.factors.removeCodes(alice, 0);
    expect(await here.accounts.factors.state(alice)).toEqual({ codesSinceMs: null, recoveryLeft: 0 });
    expect((await signIn(here)).kind).toBe("in");
  });

  test.each([
    ["nobody", []],
    ["admins", ["admin"]],
    ["staff", ["admin", "moderator"]],
    ["teachers", ["admin", "moderator", "teacher"]],
    ["everyone", ["admin", "moderator", "teacher", "member"]],
  ])("the rule “%s” reaches %j", async (rule, reached) => {
    const here = await open();
    await here.accounts.settings.set({ secondFactor: rule });
    const roles = ["admin", "moderator", "teacher", "member"] as const;
    expect(roles.filter((role) => here.accounts.factors.isRequired(role))).toEqual(
      reached as (typeof roles)[number][],
    );
  });

  test("what is over goes with the sweep, and what is not stays", async () => {
    const here = await open();
    await withApp(here);
    await asked(here);
    here.clock.advance(9 * 60_000);
    const young = await asked(here);
    here.clock.advance(60_000);
    await here.db.batch(here.accounts.sweep());
    expect(await here.db.all(sql`SELECT hash FROM sign_in_step`)).toHaveLength(1);
    expect(await here.accounts.admitting.question(young)).not.toBeNull();
  });

  test("a session of somebody whose role needs a factor says so until there is one", async () => {
    const here = await open();
    const teacher = await here.person("teacher", "teacher");
    const { token, key } = await here.accounts.sessions.create(teacher.key, fromHome);
    const mustSetUp = async (): Promise<boolean | undefined> =>
      (await here.accounts.sessions.find(token))?.mustSetUp;
    expect(await mustSetUp()).toBe(false);
    await here.accounts.settings.set({ secondFactor: "teachers" });
    expect(await mustSetUp()).toBe(true);
    const { secret } = await here.accounts.factors.beginCodes(teacher);
    expect(await mustSetUp()).toBe(true);
    await here.accounts.factors.confirmCodes(teacher, codeNow(here, secret), key);
    expect(await mustSetUp()).toBe(false);
  });

  test("the staff take everything away from those below them, which signs the person out and is written down", async () => {
    const here = await open();
    const { alice } = await withApp(here);
    const { token } = await here.accounts.sessions.create(alice.key, fromHome);
    const member = await here.person("member");
    expect((await refused(here.accounts.factors.reset(member, alice))).code).toBe("forbidden");
    const moderator = await here.person("mona", "moderator");
    await here.accounts.factors.reset(moderator, alice);
    expect(await here.accounts.sessions.find(token)).toBeNull();
    expect(await here.accounts.factors.of(alice.key)).toEqual({ codes: false, passkeys: false });
    const [line] = await here.db.all<{ who: number; act: string; about: number }>(
      sql`SELECT who, act, about FROM audit WHERE act = 'factors-reset'`,
    );
    expect(line).toEqual({ who: moderator.key, act: "factors-reset", about: alice.key });
    expect((await signIn(here)).kind).toBe("in");
  });
});
