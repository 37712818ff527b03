/** Passkeys: what a device shows is checked in every part, counted, and never the last way in that goes. */
import { expect, test } from "bun:test";
import { sha256 } from "../lib/secret.ts";
import { type Bent, type Device, device } from "../testing/authenticator.ts";
import { eachEngine } from "../testing/engines.ts";
import { refused } from "../testing/refused.ts";
import { fromHome, ORIGIN, PASSWORD, type Residents, residents } from "../testing/residents.ts";
import type { Account } from "./account.ts";

eachEngine((engine) => {
  const open = async (): Promise<Residents> => residents(await engine.freshDb());

  async function add(here: Residents, account: Account, from: Device, bent: Bent = {}, sessionKey = 0) {
    const { options, token } = await here.accounts.passkeys.beginNew(account);
    const credential = await from.create(options, bent);
    return here.accounts.passkeys.finishNew(account, { token, credential, name: "Telephone" }, sessionKey);
  }

  async function show(here: Residents, from: Device, bent: Bent = {}): Promise<Account> {
    const { options, token } = await here.accounts.passkeys.beginSignIn();
    return here.accounts.passkeys.finishSignIn({ token, credential: await from.get(options, bent) });
  }

  test("a passkey is asked for with everything that makes it one, and signs in by itself", async () => {
    const here = await open();
    const alice = await here.person("alice");
    const phone = await device(ORIGIN);
    const { options } = await here.accounts.passkeys.beginNew(alice);
    expect(options).toMatchObject({
      rp: { id: "pub.example", name: "Pub of the Commons" },
      user: { name: "alice", id: sha256("passkey of alice") },
      attestation: "none",
      authenticatorSelection: { residentKey: "required", userVerification: "required" },
      excludeCredentials: [],
    });
    const { recovery } = await add(here, alice, phone);
    expect(recovery).toHaveLength(10);
    expect(await here.accounts.passkeys.list(alice.key)).toMatchObject([
      { name: "Telephone", backup: "done", counter: 0, usedMs: null, credential: phone.credentialId },
    ]);
    expect((await here.accounts.passkeys.beginNew(alice)).options.excludeCredentials).toMatchObject([
      { id: phone.credentialId, transports: ["internal", "hybrid"] },
    ]);
    here.clock.advance(1);
    expect((await show(here, phone)).key).toBe(alice.key);
    expect(await here.accounts.passkeys.list(alice.key)).toMatchObject([
      { counter: 1, usedMs: here.clock.now() },
    ]);
    const admission = await here.accounts.admitting.admit(alice, { how: "passkey" }, fromHome);
    expect(admission.kind).toBe("in");
  });

  const bentAnswers: readonly (readonly [string, Bent])[] = [
    ["another origin", { origin: "https://pub.example.evil.test" }],
    ["another server", { rpId: "evil.test" }],
    ["another challenge", { challenge: "AAAA" }],
    ["another ceremony", { type: "webauthn.payment" }],
    ["nobody verified", { flags: 1 | 64 }],
    ["nobody present", { flags: 4 | 64 }],
  ];
  test.each(bentAnswers)("a new passkey of %s is refused", async (_, bent) => {
    const here = await open();
    const alice = await here.person("alice");
    const problem = await refused(add(here, alice, await device(ORIGIN), bent));
    expect(problem.detail.reason).toBe("passkey-refused");
    expect(await here.accounts.passkeys.list(alice.key)).toEqual([]);
  });

  test("what is shown is refused where any part of it is wrong", async () => {
    const here = await open();
    const alice = await here.person("alice");
    const bob = await here.person("bob");
    const phone = await device(ORIGIN);
    await add(here, alice, phone);
    const wrong: readonly (readonly [string, Bent])[] = [
      ...bentAnswers.map(
        ([what, bent]) => [what, bent.flags === undefined ? bent : { flags: bent.flags & ~64 }] as const,
      ),
      ["other signed bytes", { spoils: true }],
      ["another person", { userHandle: sha256(`passkey of ${bob.name}`) }],
    ];
    for (const [what, bent] of wrong) {
      const problem = await refused(show(here, phone, bent));
      expect([what, problem.detail.reason]).toEqual([what, "passkey-refused"]);
    }
    expect((await refused(show(here, await device(ORIGIN)))).detail.reason).toBe("passkey-unknown");
    expect((await show(here, phone)).key).toBe(alice.key);
  });

  test("a counter that goes back tells of a copy; one that stays at zero is a device that does not count", async () => {
    const here = await open();
    const alice = await here.person("alice");
    const [counting, silent] = [await device(ORIGIN), await device(ORIGIN)];
    await add(here, alice, counting);
    await add(here, alice, silent);
    await show(here, counting, { counter: 7 });
    expect((await refused(show(here, counting, { counter: 7 }))).detail.reason).toBe("passkey-refused");
    expect((await refused(show(here, counting, { counter: 0 }))).detail.reason).toBe("passkey-refused");
    await show(here, counting, { counter: 8 });
    await show(here, silent, { counter: 0 });
    await show(here, silent, { counter: 0 });
  });

  test("a challenge is good once, for what it was made for, and for five minutes", async () => {
    const here = await open();
    const alice = await here.person("alice");
    const phone = await device(ORIGIN);
    await add(here, alice, phone);
    const { passkeys } = here.accounts;
    const { options, token } = await passkeys.beginSignIn();
    const credential = await phone.get(options);
    await passkeys.finishSignIn({ token, credential });
    expect((await refused(passkeys.finishSignIn({ token, credential }))).code).toBe("gone");

    const again = await passkeys.beginAgain(alice);
    const answer = { token: again.token, credential: await phone.get(again.options) };
    expect((await refused(passkeys.finishSignIn(answer))).code).toBe("gone");
    await passkeys.finishAgain(alice, answer);

    const late = await passkeys.beginSignIn();
    here.clock.advance(5 * 60_000);
    const tooLate = passkeys.finishSignIn({ token: late.token, credential: await phone.get(late.options) });
    expect((await refused(tooLate)).code).toBe("gone");
    expect((await refused(passkeys.finishSignIn({ token: "", credential: "{" }))).code).toBe("gone");

    for (const none of [
      "{",
      "[]",
      "null",
      `"${"x".repeat(70_000)}"`,
      JSON.stringify({ id: "x".repeat(70_000) }),
    ]) {
      const { token: fresh } = await passkeys.beginSignIn();
      const answered = passkeys.finishSignIn({ token: fresh, credential: none });
      expect((await refused(answered)).detail.reason).toBe("passkey-refused");
    }
  });

  test("somebody else's passkey does not answer for one", async () => {
    const here = await open();
    const [alice, bob] = [await here.person("alice"), await here.person("bob")];
    const phone = await device(ORIGIN);
    await add(here, bob, phone);
    const { options, token } = await here.accounts.passkeys.beginAgain(alice);
    const credential = await phone.get(options);
    expect((await refused(here.accounts.passkeys.finishAgain(alice, { token, credential }))).code).toBe(
      "unauthenticated",
    );
  });

  test("a passkey answers after the password where the role needs it, and is not asked for elsewhere", async () => {
    const here = await open();
    const alice = await here.person("alice");
    const phone = await device(ORIGIN);
    await add(here, alice, phone);
    const signIn = () => here.accounts.signIn({ login: "alice", password: PASSWORD }, fromHome);
    expect((await signIn()).kind).toBe("in");
    await here.accounts.settings.set({ secondFactor: "everyone" });
    const admission = await signIn();
    if (admission.kind !== "second") throw new Error("not asked");
    const { token } = admission.step;
    expect(await here.accounts.admitting.question(token)).toMatchObject({ codes: false, passkeys: true });
    const bob = await here.person("bob");
    expect((await refused(here.accounts.admitting.answerPasskey(token, bob, fromHome))).detail.reason).toBe(
      "passkey-of-another",
    );
    expect((await here.accounts.admitting.answerPasskey(token, alice, fromHome)).kind).toBe("in");
  });

  test("the same passkey is added once, twenty at most, and changing them ends other sessions", async () => {
    const here = await open();
    const alice = await here.person("alice");
    const phone = await device(ORIGIN);
    const mine = await here.accounts.sessions.create(alice.key, fromHome);
    const other = await here.accounts.sessions.create(alice.key, fromHome);
    await add(here, alice, phone, {}, mine.key);
    expect(await here.accounts.sessions.find(mine.token)).not.toBeNull();
    expect(await here.accounts.sessions.find(other.token)).toBeNull();
    expect((await refused(add(here, alice, phone))).detail.reason).toBe("passkey-taken");
    for (let i = 1; i < 20; i++) await add(here, alice, await device(ORIGIN));
    expect((await refused(add(here, alice, await device(ORIGIN)))).detail.reason).toBe("too-many-passkeys");
  });

  test("a passkey is renamed and taken away by its owner alone, and never when it is the only way in", async () => {
    const here = await open();
    const [alice, bob] = [await here.person("alice"), await here.person("bob")];
    const { passkeys, passwords } = here.accounts;
    await add(here, alice, await device(ORIGIN));
    const [row] = await passkeys.list(alice.key);
    const key = row?.key ?? 0;
    await passkeys.rename(alice, key, "  Old\ntelephone ");
    expect((await passkeys.list(alice.key))[0]?.name).toBe("Old telephone");
    expect((await refused(passkeys.rename(bob, key, "x"))).code).toBe("not-found");
    expect((await refused(passkeys.remove(bob, key, 0))).code).toBe("conflict");
    expect((await refused(passwords.remove(bob, 0))).detail.reason).toBe("only-way-in");

    await passwords.remove(alice, 0);
    expect((await refused(passkeys.remove(alice, key, 0))).detail.reason).toBe("only-way-in");
    const now = await here.accounts.people.find(alice.key);
    if (now === null) throw new Error("no account");
    expect(now.hasPassword).toBe(false);
    await passwords.setFirst(now, "four words are enough", 0);
    await passkeys.remove(alice, key, 0);
    expect(await here.accounts.factors.of(alice.key)).toEqual({ codes: false, passkeys: false });
    expect((await here.accounts.factors.state(alice)).recoveryLeft).toBe(0);
  });
});
