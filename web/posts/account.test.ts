/** The page of the account itself: another e-mail address, and closing it for good. */
import { beforeAll, expect, test } from "bun:test";
import { PROVED_MS } from "../../server/accounts/sessions.ts";
import { type TestApp, testApp } from "../../server/testing/app.ts";
import { onSqlite } from "../../server/testing/engines.ts";
import { groupOf } from "../../server/testing/groups.ts";
import { type Person, person } from "../../server/testing/people.ts";
import { ACCOUNT } from "../forms-moving.ts";
import { CONFIRM } from "../forms-sign-in.ts";

const { fields: f, actions, path } = ACCOUNT;

onSqlite((engine) => {
  let app: TestApp;
  let ada: Person;

  beforeAll(async () => {
    app = await testApp(engine);
    ada = await person(app, "ada", "admin");
  });

  const accountOf = ({ name }: Person) => app.opened.accounts.people.getByName(name);
  const show = async (who: Person) => (await who.page(path)).text();
  const email = (who: Person, written: string) =>
    who.submit(path, { [f.action]: actions.email, [f.email]: written });
  const close = (who: Person, sure: string) =>
    who.submit(path, { [f.action]: actions.close, [f.sure]: sure });

  test("an e-mail address is set, changed and taken away; one that is malformed or taken is refused at its field", async () => {
    const bea = await person(app, "bea");
    expect((await email(bea, " Bea@School.example ")).status).toBe(303);
    expect((await accountOf(bea)).email).toBe("bea@school.example");
    expect(await show(bea)).toContain('value="bea@school.example"');
    const wrong = await email(bea, "bea at school");
    expect([wrong.status, await wrong.text()]).toEqual([422, expect.stringContaining("name@school.example")]);
    const taken = await email(ada, "bea@school.example");
    expect([taken.status, await taken.text()]).toEqual([409, expect.stringContaining("another account")]);
    expect((await email(bea, "")).status).toBe(303);
    expect((await accountOf(bea)).email).toBeNull();
  });

  test("closing asks for the name, and ends on the page of a server where one is signed out", async () => {
    const cleo = await person(app, "cleo");
    const unsure = await close(cleo, "yes");
    expect([unsure.status, await unsure.text()]).toEqual([422, expect.stringContaining("Type cleo")]);
    expect((await accountOf(cleo)).state).toBe("active");
    const done = await close(cleo, " @Cleo ");
    expect([done.status, done.headers.get("location")]).toEqual([303, "/"]);
    expect(done.headers.getSetCookie().join()).toContain("__Host-session=;");
    expect(await accountOf(cleo)).toMatchObject({ isGone: true });
    expect(await (await ada.page("/admin/people")).text()).toContain("Gone for good");
  });

  test("groups that nobody else owns are named in place of the form", async () => {
    const dan = await person(app, "dan");
    await groupOf(app, "physics", dan);
    const page = await show(dan);
    expect(page).toContain('href="/@physics"');
    expect(page).not.toContain(`name="${f.sure}"`);
    expect((await close(dan, "dan")).status).toBe(409);
    expect((await accountOf(dan)).state).toBe("active");
  });

  test("both are for those who have just shown who they are", async () => {
    const eve = await person(app, "eve");
    app.clock.advance(PROVED_MS + 1);
    expect(await show(eve)).not.toContain(`value="${actions.close}"`);
    for (const answer of [await email(eve, "eve@school.example"), await close(eve, "eve")]) {
      const toConfirm = `${CONFIRM.path}?return=${encodeURIComponent(path)}`;
      expect([answer.status, answer.headers.get("location")]).toEqual([303, toConfirm]);
    }
    expect(await accountOf(eve)).toMatchObject({ state: "active", email: null });
  });
});
