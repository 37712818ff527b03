/** Links that are good once say so when they are over, and what to do then. */
import { beforeAll, expect, test } from "bun:test";
import { type TestApp, testApp } from "../../server/testing/app.ts";
import { eachEngine } from "../../server/testing/engines.ts";
import { PASSWORD, person } from "../../server/testing/people.ts";
import { RESET, SIGN_UP } from "../forms.ts";
import type { Registration } from "../page.ts";
import { words } from "../words/index.ts";

const { reset, signUp, problem } = words("en");

eachEngine((engine) => {
  let app: TestApp;

  beforeAll(async () => {
    app = await testApp(engine);
    await person(app, "alice", "admin");
  });

  const open = async (path: string) => {
    const answer = await app.ask(path, { headers: { accept: "text/html" } });
    const cookie = answer.headers.getSetCookie()[0]?.split(";")[0] ?? "";
    return { status: answer.status, page: await answer.text(), cookie };
  };
  const post = async (
    path: string,
    page: string,
    cookie: string,
    fields: Readonly<Record<string, string>>,
  ) => {
    const csrf = /name="csrf" value="([^"]*)"/.exec(page)?.[1] ?? "";
    const answer = await app.ask(path, {
      method: "POST",
      headers: { cookie, origin: app.origin },
      body: new URLSearchParams({ csrf, ...fields }),
    });
    return { status: answer.status, page: await answer.text() };
  };

  async function resetLink(): Promise<string> {
    const account = await app.opened.accounts.people.findByName("alice");
    if (account === null) throw new Error("Alice is gone.");
    return (await app.opened.accounts.passwords.createResetLink(null, account)).token;
  }

  test("a link for a new password says when it is over, before the form and after it", async () => {
    const token = await resetLink();
    const path = `${RESET.path}?token=${token}`;
    const { status, page, cookie } = await open(path);
    expect(status).toBe(200);
    const fields = { [RESET.fields.token]: token, [RESET.fields.password]: `${PASSWORD} staple` };
    expect((await post(RESET.path, page, cookie, fields)).status).toBe(303);
    for (const over of [
      await post(RESET.path, page, cookie, fields),
      await open(path),
      await open(RESET.path),
    ]) {
      expect(over.status).toBe(410);
      for (const said of [reset.overTitle, reset.overText, 'href="/sign-in"'])
        expect(over.page).toContain(said);
      expect(over.page).not.toContain(problem.goneText);
    }
  });

  const invited = async (registration: Registration, code = "blau-rot-7") => {
    await app.opened.accounts.settings.set({ registration, allowedDomains: ["school.example"] });
    return open(`${SIGN_UP.path}?invitation=${code}`);
  };

  test("where people join by invitation, a wrong one is told and stands there to be mended", async () => {
    const { page } = await invited("invitation");
    expect(page).toContain(signUp.invitationOver);
    expect(page).toMatch(/<input[^>]*name="invitation"[^>]*required[^>]*value="blau-rot-7"/);
  });

  test.each(["open", "approval", "domain"] as const)(
    "where registration is %s, a wrong invitation is told, and one can go on without",
    async (registration) => {
      const { page } = await invited(registration);
      expect(page).toContain(signUp.invitationOverFree);
      const field = /<input[^>]*name="invitation"[^>]*>/.exec(page)?.[0] ?? "";
      expect(field).not.toBe("");
      expect(field).not.toMatch(/required|blau/);
    },
  );

  test("an invitation that is good is not questioned, and none is asked for where nobody came with one", async () => {
    const alice = await app.opened.accounts.people.findByName("alice");
    if (alice === null) throw new Error("Alice is gone.");
    const { code } = await app.opened.accounts.invitations.create(alice, {});
    expect((await invited("approval", code)).page).not.toContain(signUp.invitationOverFree);
    expect((await open(SIGN_UP.path)).page).not.toContain('name="invitation"');
    // Where nobody can join, no form is filled in for nothing.
    expect((await invited("closed", code)).page).not.toContain(`name="${SIGN_UP.fields.name}"`);
  });

  test("somebody whose invitation was used up while they filled in the form can go on without it", async () => {
    await app.opened.accounts.settings.set({ registration: "open" });
    const { page, cookie } = await open(SIGN_UP.path);
    const wish = { [SIGN_UP.fields.name]: "newcomer", [SIGN_UP.fields.password]: PASSWORD };
    const over = await post(SIGN_UP.path, page, cookie, { ...wish, invitation: "used-up-1" });
    expect(over.status).toBe(422);
    expect(/<input[^>]*name="invitation"[^>]*>/.exec(over.page)?.[0]).not.toMatch(/required/);
    expect((await post(SIGN_UP.path, page, cookie, { ...wish, invitation: "" })).status).toBe(303);
  });
});
