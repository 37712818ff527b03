/** What the staff do with accounts, the first claim, and the settings. */

import { expect, test } from "bun:test";
import { HOUR_MS } from "../lib/durations.ts";
import { isProblem } from "../lib/problem.ts";
import { record } from "../moderation/audit.ts";
import { eachEngine } from "../testing/engines.ts";
import { refused } from "../testing/refused.ts";
import { fromHome, PASSWORD, type Residents, residents } from "../testing/residents.ts";
import { CLAIM_MS } from "./claim.ts";
import { createSettings } from "./settings.ts";

eachEngine((engine) => {
  const open = async (): Promise<Residents> => residents(await engine.freshDb());

  test("disabling ends sessions and tokens at once, enabling does not bring them back", async () => {
    const here = await open();
    const [admin, alice] = [await here.person("boss", "admin"), await here.person("alice")];
    const session = await here.accounts.sessions.create(alice.key, fromHome);
    const token = await here.oauth.tokens.create({ account: alice, scope: "read" });
    await here.accounts.people.disable(admin, alice, " spam ");
    expect(await here.accounts.people.find(alice.key)).toMatchObject({ state: "disabled", note: "spam" });
    expect(await here.accounts.sessions.find(session.token)).toBeNull();
    expect(await here.oauth.tokens.find(token)).toBeNull();
    await here.accounts.people.enable(admin, alice);
    expect(await here.accounts.sessions.find(session.token)).toBeNull();
    expect(await here.oauth.tokens.find(token)).toBeNull();
    await here.accounts.signIn({ login: "alice", password: PASSWORD }, fromHome);
  });

  test("people who wait are let in or refused, once", async () => {
    const here = await open();
    const admin = await here.person("boss", "admin");
    const request = { password: PASSWORD, role: "member", state: "pending" } as const;
    const yes = await here.accounts.create({ ...request, name: "yes" });
    const no = await here.accounts.create({ ...request, name: "no" });
    await here.accounts.people.approve(admin, yes);
    await here.accounts.people.refuse(admin, no, "who are you");
    expect((await refused(here.accounts.people.approve(admin, yes))).code).toBe("conflict");
    expect((await refused(here.accounts.people.approve(admin, no))).code).toBe("conflict");
    await here.accounts.signIn({ login: "yes", password: PASSWORD }, fromHome);
    expect(
      (await refused(here.accounts.signIn({ login: "no", password: PASSWORD }, fromHome))).detail.reason,
    ).toBe("account-disabled");
  });

  test("preferences that change at one moment are all kept", async () => {
    const here = await open();
    const { key } = await here.person("alice", "admin");
    const { preferences } = here.accounts;
    const changes = { visibility: "quiet", isSensitive: true, language: "de", hidesCircle: true } as const;
    await Promise.all(
      Object.entries(changes).map(([name, value]) => preferences.save(key, { [name]: value })),
    );
    expect(await preferences.of(key)).toMatchObject(changes);
  });

  test("a link for a new password ends with the role for which it was given", async () => {
    const here = await open();
    const { people, passwords } = here.accounts;
    const admin = await here.person("boss", "admin");
    const [mo, alice] = [await here.person("mo", "moderator"), await here.person("alice")];
    const { token } = await passwords.createResetLink(mo, alice);
    expect(await passwords.findReset(token)).toMatchObject({ name: "alice" });
    await people.setRole(admin, alice, "admin");
    expect(await passwords.findReset(token)).toBeNull();
    expect((await refused(passwords.reset(token, "six green apples"))).detail.reason).toBe("link-over");
  });

  test("moderators manage members and not each other, members nobody, and only admins give roles", async () => {
    const here = await open();
    const { people } = here.accounts;
    const admin = await here.person("boss", "admin");
    const [mo, max] = [await here.person("mo", "moderator"), await here.person("max", "moderator")];
    const alice = await here.person("alice");
    for (const [by, whom] of [
      [mo, max],
      [mo, admin],
      [alice, mo],
      [alice, alice],
    ] as const) {
      expect((await refused(people.disable(by, whom))).code).toBe("forbidden");
      expect((await refused(people.setRole(by, whom, "admin"))).code).toBe("forbidden");
    }
    await people.disable(mo, alice);
    await people.setRole(admin, mo, "teacher");
    expect((await people.find(mo.key))?.role).toBe("teacher");
  });

  test("the last admin stays, whoever asks", async () => {
    const here = await open();
    const { people } = here.accounts;
    const admin = await here.person("boss", "admin");
    expect((await refused(people.setRole(null, admin, "member"))).code).toBe("conflict");
    expect(await refused(people.disable(admin, admin))).toMatchObject({
      code: "conflict",
      message: "This is the last admin. Make somebody else one first.",
    });
    await people.setRole(admin, admin, "admin");
    const second = await here.person("second", "admin");
    await people.disable(admin, second);
    expect((await refused(people.setRole(admin, admin, "member"))).code).toBe("conflict");
    await people.enable(admin, second);
    await people.setRole(admin, admin, "member");
    expect((await people.find(admin.key))?.role).toBe("member");
  });

  test("a role that changes counts on the next request", async () => {
    const here = await open();
    const mo = await here.person("mo", "moderator");
    const session = await here.accounts.sessions.create(mo.key, fromHome);
    await here.accounts.people.setRole(null, mo, "member");
    expect((await here.accounts.sessions.find(session.token))?.role).toBe("member");
  });

  test("people are found by a part of their name or e-mail address, taken as it is written", async () => {
    const here = await open();
    const { people } = here.accounts;
    await people.setEmail(await here.person("anna_b"), "anna@school.example");
    await people.setEmail(await here.person("annaxb"), "other@school.example");
    await here.person("ben");
    const found = async (part: string) =>
      (await people.list({ limit: 9, part })).items.map(({ name }) => name);
    expect(await found("anna")).toEqual(["annaxb", "anna_b"]);
    expect(await found("a_b")).toEqual(["anna_b"]);
    expect(await found("other@school")).toEqual(["annaxb"]);
    expect(await found("%")).toEqual([]);
    expect(await found("")).toHaveLength(3);
  });

  test("lists come in pages, newest first, by state and role", async () => {
    const here = await open();
    for (const name of ["a", "b", "c", "d", "e"])
      await here.person(name, name === "c" ? "teacher" : "member");
    const first = await here.accounts.people.list({ limit: 2 });
    expect(first.items.map(({ name }) => name)).toEqual(["e", "d"]);
    const second = await here.accounts.people.list({
      limit: 3,
      ...(first.older ? { before: first.older } : {}),
    });
    expect(second.items.map(({ name }) => name)).toEqual(["c", "b", "a"]);
    expect(second.older).toBeNull();
    const teachers = await here.accounts.people.list({ limit: 9, role: "teacher", state: "active" });
    expect(teachers.items.map(({ name }) => name)).toEqual(["c"]);
    const keys = first.items.map(({ key }) => key);
    expect([...(await here.accounts.people.findMany(keys)).keys()].sort()).toEqual(keys.sort());
  });

  test("an address that another has is refused at its field", async () => {
    const here = await open();
    const [alice, bob] = [await here.person("alice"), await here.person("bob")];
    await here.accounts.people.setEmail(alice, "a@school.example");
    const problem = await refused(here.accounts.people.setEmail(bob, "A@school.example"));
    expect(problem).toMatchObject({ code: "conflict", detail: { field: "email" } });
    await here.accounts.people.setEmail(alice, "");
    await here.accounts.people.setEmail(bob, "a@school.example");
  });

  test("nobody tries a list of addresses to learn who is here, by those that are free as little as by those taken", async () => {
    const here = await open();
    const { people } = here.accounts;
    await people.setEmail(await here.person("alice"), "alice@school.example");
    const nosy = await here.person("nosy");
    const answers: string[] = [];
    for (let i = 0; i < 40; i++) {
      const written = i % 2 === 0 ? "alice@school.example" : `free${i}@school.example`;
      try {
        await people.setEmail(nosy, written);
        answers.push("free");
      } catch (error) {
        answers.push(isProblem(error) ? error.code : "bug");
      }
    }
    expect(answers.slice(0, 2)).toEqual(["conflict", "free"]);
    expect(answers.filter((answer) => answer !== "too-many").length).toBeLessThanOrEqual(20);
    expect((await refused(people.setEmail(nosy, "no address"))).code).toBe("invalid");
    here.clock.advance(HOUR_MS);
    await people.setEmail(nosy, "nosy@school.example");
    expect((await people.find(nosy.key))?.email).toBe("nosy@school.example");
  });

  test("the claim makes one admin, whatever the registration, and then is over", async () => {
    const here = await open();
    const { claim } = here.accounts;
    const link = await claim.renew();
    const token = link?.token ?? "";
    expect([await claim.isOpen(), await claim.isGood(token), await claim.isGood("guess")]).toEqual([
      true,
      true,
      false,
    ]);
    const request = { password: PASSWORD };
    const all = await Promise.allSettled(
      ["admin", "mallory"].map((name) => claim.claim(token, { ...request, name })),
    );
    const [account] = all.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
    expect(all.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(account).toMatchObject({ role: "admin", state: "active" });
    expect((await here.accounts.people.count()).active).toBe(1);
    expect([await claim.isOpen(), await claim.isGood(token), await claim.renew()]).toEqual([
      false,
      false,
      null,
    ]);
  });

  test("a claim ends after half an hour, and with the next start", async () => {
    const here = await open();
    const { claim } = here.accounts;
    const first = (await claim.renew())?.token ?? "";
    const second = (await claim.renew())?.token ?? "";
    expect([await claim.isGood(first), await claim.isGood(second)]).toEqual([false, true]);
    here.clock.advance(CLAIM_MS);
    const late = await refused(claim.claim(second, { name: "alice", password: PASSWORD }));
    expect(late).toMatchObject({ code: "forbidden", detail: { reason: "claim-over" } });
  });

  test("a claim whose form is wrong can be sent again", async () => {
    const here = await open();
    const token = (await here.accounts.claim.renew())?.token ?? "";
    const problem = await refused(here.accounts.claim.claim(token, { name: "alice", password: "short" }));
    expect(problem.detail.field).toBe("password");
    expect((await here.accounts.claim.claim(token, { name: "alice", password: PASSWORD })).role).toBe(
      "admin",
    );
  });

  test("a claim made before somebody became admin in another way is no good", async () => {
    const here = await open();
    const token = (await here.accounts.claim.renew())?.token ?? "";
    await here.person("boss", "admin");
    const problem = await refused(here.accounts.claim.claim(token, { name: "eve", password: PASSWORD }));
    expect(problem.code).toBe("forbidden");
    expect(await here.accounts.people.findByName("eve")).toBeNull();
  });

  test("settings are checked, kept, and the same on every node", async () => {
    const here = await open();
    const { settings } = here.accounts;
    expect([settings.get("registration"), settings.get("languages")]).toEqual(["invitation", ["en"]]);
    const other = await createSettings({
      db: here.db,
      now: here.clock.now,
      log: here.log,
      record: (act) => record(here.keys, act),
    });
    const heard = Promise.withResolvers<void>();
    other.onChange(heard.resolve);
    await settings.set({
      siteName: "  Sunnyside\n School ",
      languages: "pt-br, de",
      allowedDomains: ["Bücher.Example."],
    });
    await heard.promise;
    expect(other.all()).toMatchObject({
      siteName: "Sunnyside School",
      languages: ["pt-BR", "de"],
      allowedDomains: ["xn--bcher-kva.example"],
    });
    other.stop();
  });

  test("a setting that is wrong is refused at its name, and nothing is changed", async () => {
    const here = await open();
    const { settings } = here.accounts;
    const cases: [Record<string, unknown>, string][] = [
      [{ registration: "whoever" }, "registration"],
      [{ siteName: "x".repeat(61) }, "siteName"],
      [{ siteName: 7 }, "siteName"],
      [{ allowedDomains: "no domain" }, "allowedDomains"],
      [{ registration: "domain" }, "allowedDomains"],
      [{ languages: "not_a_language!" }, "languages"],
      [{ languages: [] }, "languages"],
      [{ accent: "red" }, "accent"],
      [{ constructor: "x" }, "constructor"],
    ];
    for (const [changes, field] of cases) {
      const problem = await refused(settings.set({ description: "changed", ...changes }));
      expect([problem.code, problem.detail.field]).toEqual(["invalid", field]);
    }
    expect(settings.get("description")).toBe("");
  });
});
