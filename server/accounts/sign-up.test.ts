/** Who may sign up, what they may be called, and that account and actor are one. */
import { expect, test } from "bun:test";
import { sql } from "../lib/sql.ts";
import { eachEngine } from "../testing/engines.ts";
import { refused } from "../testing/refused.ts";
import { fromHome, fromSchool, PASSWORD, type Residents, residents } from "../testing/residents.ts";
import type { SignUpRequest } from "./sign-up.ts";

const asked = (name: string, more: Partial<SignUpRequest> = {}): SignUpRequest => ({
  name,
  password: PASSWORD,
  ...more,
});

eachEngine((engine) => {
  async function open(settings: Record<string, unknown> = { registration: "open" }): Promise<Residents> {
    const here = await residents(await engine.freshDb());
    await here.accounts.settings.set(settings);
    return here;
  }

  test("by default nobody signs up without an invitation, and the refusal is at its field", async () => {
    const here = await residents(await engine.freshDb());
    const problem = await refused(here.accounts.signUp(asked("alice"), fromHome));
    expect(problem.detail).toMatchObject({ field: "invitation", reason: "invitation-missing" });
    expect(await here.accounts.people.findByName("alice")).toBeNull();
  });

  test("an open server makes an active member together with its actor", async () => {
    const here = await open();
    const account = await here.accounts.signUp(
      asked(" @Alice ", { email: "Alice@School.example" }),
      fromHome,
    );
    expect(account).toMatchObject({
      name: "alice",
      email: "alice@school.example",
      role: "member",
      state: "active",
    });
    const actor = await here.db.one(sql`SELECT iri FROM object WHERE key = ${account.key}`);
    expect(actor).toEqual({ iri: "https://pub.example/users/alice" });
    expect(await here.accounts.people.find(account.key)).toEqual(account);
  });

  test("a body with more in it than a form has does not make an admin", async () => {
    const here = await open();
    const body = { ...asked("root"), role: "admin", state: "active", mayBeReserved: true, invitedBy: 1 };
    expect((await refused(here.accounts.signUp(body, fromHome))).detail.reason).toBe("name-reserved");
    const account = await here.accounts.signUp({ ...body, name: "mallory" }, fromHome);
    expect(account).toMatchObject({ role: "member", invitedBy: null });
  });

  test("a name or address that somebody has is refused at its field, also when two ask at once", async () => {
    const here = await open();
    await here.accounts.signUp(asked("alice", { email: "a@school.example" }), fromHome);
    const name = await refused(here.accounts.signUp(asked("ALICE"), fromHome));
    expect(name).toMatchObject({ code: "conflict", detail: { field: "name", reason: "name-taken" } });
    const email = await refused(
      here.accounts.signUp(asked("alicia", { email: "A@school.example" }), fromHome),
    );
    expect(email).toMatchObject({ code: "conflict", detail: { field: "email", reason: "email-taken" } });

    const both = await Promise.allSettled([1, 2, 3].map(() => here.accounts.signUp(asked("bob"), fromHome)));
    expect(both.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    const reasons = both.flatMap((each) => (each.status === "rejected" ? [each.reason.detail.reason] : []));
    expect(reasons).toEqual(["name-taken", "name-taken"]);
  });

  test("the name of a group is taken as well", async () => {
    const here = await open();
    await here.db.batch([
      sql`INSERT INTO object (key, iri, host, kind) VALUES (77, ${"https://pub.example/users/chemistry"}, 0, 'actor')`,
    ]);
    const problem = await refused(here.accounts.signUp(asked("chemistry"), fromHome));
    expect(problem.detail.reason).toBe("name-taken");
  });

  test("a closed server takes nobody, not even the invited", async () => {
    const here = await open({ registration: "closed" });
    const admin = await here.person("boss", "admin");
    const { code } = await here.accounts.invitations.create(admin, {});
    const problem = await refused(here.accounts.signUp(asked("alice", { invitation: code }), fromHome));
    expect(problem).toMatchObject({ code: "forbidden", detail: { reason: "registration-closed" } });
  });

  test("with approval people wait, with what they wrote", async () => {
    const here = await open({ registration: "approval" });
    const account = await here.accounts.signUp(asked("alice", { reason: " I teach. " }), fromHome);
    expect(account).toMatchObject({ state: "pending", reason: "I teach." });
    expect(await here.accounts.people.count()).toEqual({ pending: 1, active: 0, disabled: 0 });
  });

  test("by domain only addresses in it are taken, and names below it only where that is said", async () => {
    const here = await open({ registration: "domain", allowedDomains: "school.example\n*.district.example" });
    const reasonOf = async (name: string, email: string): Promise<string | undefined> =>
      (await refused(here.accounts.signUp(asked(name, { email }), fromHome))).detail.reason;
    expect(await reasonOf("a", "a@evil.example")).toBe("email-domain");
    expect(await reasonOf("a", "a@school.example.evil.example")).toBe("email-domain");
    expect(await reasonOf("a", "a@notschool.example")).toBe("email-domain");
    expect(await reasonOf("a", "a@sub.school.example")).toBe("email-domain");
    expect(await reasonOf("a", "a@district.example")).toBe("email-domain");
    expect(await reasonOf("a", "")).toBe("email-domain");
    expect(await reasonOf("a", "a@evil.example,b@school.example")).toBe("email-malformed");
    const inDomain = await here.accounts.signUp(asked("ann", { email: "ann@school.example" }), fromHome);
    const below = await here.accounts.signUp(asked("ben", { email: "ben@north.district.example" }), fromHome);
    expect([inDomain.state, below.state]).toEqual(["pending", "pending"]);
  });

  test("an invitation lets in as many as it is for, with its role, and no more at once", async () => {
    const here = await open({ registration: "invitation" });
    const admin = await here.person("boss", "admin");
    const { code } = await here.accounts.invitations.create(admin, { uses: 2, role: "teacher" });
    const typed = ` ${code.slice(0, 4).toUpperCase()}-${code.slice(4, 8)} ${code.slice(8)} `;
    const all = await Promise.allSettled(
      ["a", "b", "c", "d"].map((name) => here.accounts.signUp(asked(name, { invitation: typed }), fromHome)),
    );
    const made = all.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
    expect(made).toHaveLength(2);
    expect(made[0]).toMatchObject({ role: "teacher", state: "active", invitedBy: admin.key });
    expect((await here.accounts.people.count()).active).toBe(3);
    const [shown] = (await here.accounts.invitations.list(admin)).items;
    expect(shown).toMatchObject({ usesLeft: 0, used: 2, creatorName: "boss" });
  });

  test("an invitation ends with its time, when revoked, and with its maker's account", async () => {
    const here = await open({ registration: "invitation" });
    const admin = await here.person("boss", "admin");
    const teacher = await here.person("tom", "teacher");
    const { invitations, people } = here.accounts;
    const late = await invitations.create(teacher, { expiresMs: here.clock.now() + 1000 });
    const revoked = await invitations.create(teacher, {});
    const ofDisabled = await invitations.create(teacher, {});
    expect(await invitations.find(late.code)).toMatchObject({ key: late.key });
    here.clock.advance(1000);
    await invitations.revoke(teacher, revoked.key);
    expect(await refused(invitations.revoke(teacher, revoked.key))).toMatchObject({ code: "not-found" });
    await people.disable(admin, teacher);
    for (const { code } of [late, revoked, ofDisabled]) {
      const problem = await refused(here.accounts.signUp(asked("eve", { invitation: code }), fromHome));
      expect(problem.detail).toEqual({ field: "invitation", reason: "invitation-over" });
    }
  });

  test("of more invitations made at one moment than may be open the first alone are made", async () => {
    const here = await open({ registration: "invitation" });
    const teacher = await here.person("tom", "teacher");
    const { invitations } = here.accounts;
    const outcomes = await Promise.allSettled(
      Array.from({ length: 24 }, () => invitations.create(teacher, {})),
    );
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(20);
    const problem = await refused(invitations.create(teacher, {}));
    expect(problem.detail.reason).toBe("too-many-invitations");
  });

  test("who may invite is a setting, teachers come only from the staff, and nobody ends another's invitation", async () => {
    const here = await open({ registration: "invitation" });
    const member = await here.person("mia");
    const teacher = await here.person("tom", "teacher");
    const moderator = await here.person("mo", "moderator");
    const { invitations, settings } = here.accounts;
    expect((await refused(invitations.create(member, {}))).detail.reason).toBe("may-not-invite");
    const ofTeacher = await invitations.create(teacher, {});
    expect((await refused(invitations.create(teacher, { role: "teacher" }))).code).toBe("forbidden");
    await settings.set({ invitationsBy: "everyone" });
    await invitations.create(member, {});
    expect((await refused(invitations.revoke(member, ofTeacher.key))).code).toBe("not-found");
    expect((await invitations.list(member, { everybody: true })).items).toHaveLength(1);
    expect((await invitations.list(moderator, { everybody: true })).items).toHaveLength(2);
    await invitations.revoke(moderator, ofTeacher.key);
    await settings.set({ invitationsBy: "staff" });
    expect((await refused(invitations.create(teacher, {}))).detail.reason).toBe("may-not-invite");
  });

  test("one network cannot make accounts without end, and mending a form does not count", async () => {
    const here = await open();
    for (let i = 0; i < 60; i++) {
      await refused(here.accounts.signUp(asked("x", { password: "short" }), fromSchool));
    }
    for (let i = 0; i < 40; i++) await here.accounts.signUp(asked(`pupil_${i}`), fromSchool);
    const problem = await refused(here.accounts.signUp(asked("pupil_40"), fromSchool));
    expect(problem).toMatchObject({
      code: "too-many",
      detail: { reason: "sign-up-limit", retryAfterSeconds: 180 },
    });
    expect((await here.accounts.signUp(asked("elsewhere"), fromHome)).state).toBe("active");
  });

  test("asking who has an account, by their addresses, is limited", async () => {
    const here = await open();
    const known = { email: "known@school.example" };
    await here.accounts.signUp(asked("known", known), fromSchool);
    for (let i = 0; i < 40; i++)
      expect((await refused(here.accounts.signUp(asked(`who_${i}`, known), fromHome))).code).toBe("conflict");
    const problem = await refused(here.accounts.signUp(asked("who", known), fromHome));
    expect(problem.code).toBe("too-many");
  });

  test("guessing invitation codes is limited", async () => {
    const here = await open({ registration: "invitation" });
    for (let i = 0; i < 40; i++)
      await refused(here.accounts.signUp(asked("x", { invitation: `guess${i}` }), fromHome));
    const problem = await refused(here.accounts.signUp(asked("x", { invitation: "again" }), fromHome));
    expect(problem.code).toBe("too-many");
  });
});
