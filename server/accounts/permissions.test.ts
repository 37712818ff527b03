/** Who may do what, role by role; and that pages and forms ask. */
import { beforeAll, describe, expect, test } from "bun:test";
import { type TestApp, testApp } from "../testing/app.ts";
import { onSqlite } from "../testing/engines.ts";
import { type Person, person } from "../testing/people.ts";
import { ROLES, type Role } from "./account.ts";
import { may, mayLookAfter, mayManage, mayUphold, type Permission } from "./permissions.ts";

/** a: admin, m: moderator, t: teacher, -: member. */
const TABLE: Readonly<Record<Permission, string>> = {
  "see-staff-pages": "am",
  "manage-people": "am",
  "give-roles": "a",
  "handle-reports": "am",
  "act-on-people": "am",
  "decide-about-servers": "am",
  "tend-machine": "am",
  "offer-to-all": "am",
  "change-settings": "a",
  "invite-as-teacher": "amt",
  "found-groups-as-teacher": "amt",
  "invite-always": "am",
  "invite-teachers": "am",
  "found-groups-always": "am",
  "take-kept-names": "am",
};
const LETTER: Readonly<Record<Role, string>> = { admin: "a", moderator: "m", teacher: "t", member: "-" };

describe("the table", () => {
  test.each(Object.entries(TABLE))("says who may %s: %s", (permission, allowed) => {
    const found = ROLES.filter((role) => may(role, permission as Permission)).map((role) => LETTER[role]);
    expect(found.join("")).toBe(allowed);
  });

  test("lets staff manage those below them, admins everybody, others nobody", () => {
    const pairs = ROLES.flatMap((one) => ROLES.map((other) => [one, other] as const));
    const managed = pairs.filter(([one, other]) => mayManage(one, other));
    expect(managed.map(([one, other]) => LETTER[one] + LETTER[other]).join(" ")).toBe("aa am at a- mt m-");
  });

  test("lets nobody judge what is about themselves or their own decision, but an admin, who may be alone", () => {
    const [own, others] = [1, 2];
    const judged = ROLES.map((role) => {
      const by = { key: own, role };
      const reports = [mayLookAfter(by, { about: own }), mayLookAfter(by, { about: others })];
      const appeals = [own, others, null].map((who) => mayUphold(by, { by: who }));
      return [LETTER[role], ...reports, ...appeals];
    });
    expect(judged).toEqual([
      ["a", true, true, true, true, true],
      ["m", false, true, false, true, true],
      ["t", false, true, false, true, true],
      ["-", false, true, false, true, true],
    ]);
  });
});

onSqlite((engine) => {
  let app: TestApp;
  const people = new Map<Role, Person>();
  let other: Person;

  beforeAll(async () => {
    app = await testApp(engine);
    for (const role of ROLES) people.set(role, await person(app, `one_${role}`, role));
    other = await person(app, "other");
  });

  const statusOf = async (role: Role, path: string, fields?: Record<string, string>) => {
    const who = people.get(role);
    if (!who) throw new Error("nobody");
    return (fields ? await who.submit(path, fields) : await who.page(path)).status;
  };

  const pages: readonly (readonly [path: string, permission: Permission])[] = [
    ["/admin", "see-staff-pages"],
    ["/admin/people", "see-staff-pages"],
    ["/admin/invitations", "see-staff-pages"],
    ["/admin/jobs", "see-staff-pages"],
    ["/admin/settings", "see-staff-pages"],
    ["/admin/reports", "handle-reports"],
  ];
  test.each(pages)("the page %s is for those who may %s", async (path, permission) => {
    for (const role of ROLES)
      expect([role, await statusOf(role, path)]).toEqual([role, may(role, permission) ? 200 : 403]);
  });

  test("roles are given by admins, and every role can be given", async () => {
    const give = (by: Role, role: string) =>
      statusOf(by, "/admin/people", { action: "role", account: String(other.key), role });
    for (const by of ROLES)
      expect([by, await give(by, "member")]).toEqual([by, may(by, "give-roles") ? 303 : 403]);
    for (const role of ROLES) {
      expect(await give("admin", role)).toBe(303);
      expect((await app.opened.accounts.people.find(other.key))?.role).toBe(role);
    }
    await give("admin", "member");
  });

  test("settings are changed by admins alone", async () => {
    for (const by of ROLES) {
      const status = await statusOf(by, "/admin/settings", { siteName: "Library" });
      expect([by, status]).toEqual([by, may(by, "change-settings") ? 303 : 403]);
    }
  });

  test("a teacher makes and ends invitations of her own, and sees nobody else's", async () => {
    const teacher = people.get("teacher");
    const admin = people.get("admin");
    if (!teacher || !admin) throw new Error("nobody");
    await admin.submit("/admin/invitations", { action: "create", note: "Staff room", uses: "1", days: "1" });
    await teacher.submit("/settings/invitations", {
      action: "create",
      note: "Class 7b",
      uses: "30",
      days: "7",
    });
    const page = await (await teacher.page("/settings/invitations")).text();
    expect(page).toContain("Class 7b");
    expect(page).not.toContain("Staff room");
    expect(page).toContain("/sign-up?invitation=");
    const [own] = (await app.opened.accounts.invitations.list(await accountOf(teacher))).items;
    const revoked = await teacher.submit("/settings/invitations", {
      action: "revoke",
      invitation: String(own?.key),
    });
    expect(revoked.status).toBe(303);
    expect(await statusOf("member", "/settings/invitations")).toBe(403);
    expect(await statusOf("member", "/settings/invitations", { action: "create" })).toBe(403);
  });

  const accountOf = async ({ key }: Person) => {
    const account = await app.opened.accounts.people.find(key);
    if (account === null) throw new Error("nobody");
    return account;
  };
});
