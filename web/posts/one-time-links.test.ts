/** Links that are good once say so when they are over, and what to do then. */
import { beforeAll, expect, test } from "bun:test";
import { type TestApp, testApp } from "../../server/testing/app.ts";
import { eachEngine } from "../../server/testing/engines.ts";
import { PASSWORD, person } from "../../server/testing/people.ts";
import { RESET, SETUP, SIGN_UP } from "../forms.ts";
import type { Registration } from "../page.ts";
import { words } from "../words/index.ts";

const { reset, signUp, problem } = words("en");

eachEngine((engine) => {
  let app: TestApp;

  beforeAll(async () => {
    app = await testApp(engine);
    await person(app, "alice", "admin");
  });

  const opened = async (answer: Response) => {
    const cookie = answer.headers.getSetCookie()[0]?.split(";")[0] ?? "";
    return { status: answer.status, page: await answer.text(), cookie };
  };
  const csrfIn = (page: string) => /name="csrf" value="([^"]*)"/.exec(page)?.[1] ?? "";
  const open = async (path: string) => opened(await app.ask(path, { headers: { accept: "text/html" } }));
  const post = async (
    path: string,
    page: string,
    cookie: string,
    fields: Readonly<Record<string, string>>,
  ) => {
    const csrf = csrfIn(page);
    const answer = await app.ask(path, {
      method: "POST",
      headers: { cookie, origin: app.origin },
      body: new URLSearchParams({ csrf, ...fields }),
    });
    return { status: answer.status, to: answer.headers.get("location"), page: await answer.text() };
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
      await post(RESET.path, page, cookie, { ...fields, [RESET.fields.password]: `${PASSWORD} nail` }),
      await open(path),
      await open(RESET.path),
    ]) {
      expect(over.status).toBe(410);
      for (const said of [reset.overTitle, reset.overText, 'href="/sign-in"'])
        expect(over.page).toContain(said);
      expect(over.page).not.toContain(problem.goneText);
    }
  });

  test("a second tap on the button for a new password is answered as the first, at once and later", async () => {
    const token = await resetLink();
    const { page, cookie } = await open(`${RESET.path}?token=${token}`);
    const fields = { [RESET.fields.token]: token, [RESET.fields.password]: `${PASSWORD} pin` };
    const tap = () => post(RESET.path, page, cookie, fields);
    const taps = [...(await Promise.all([tap(), tap()])), await tap()];
    expect(taps.map(({ status, to }) => [status, to])).toEqual(Array(3).fill([303, "/sign-in"]));
    app.clock.advance(5 * 60_000);
    expect((await tap()).status).toBe(410);
  });

  test("a second tap on the button for claiming the server signs in as the first, at once and later", async () => {
    const fresh = await testApp(engine);
    const token = (await fresh.opened.accounts.claim.renew())?.token ?? "";
    const init = { headers: { accept: "text/html", origin: fresh.origin } };
    const { cookie, page } = await opened(await fresh.ask(SETUP.path, init));
    const wish = { [SETUP.fields.name]: "boss", [SETUP.fields.password]: PASSWORD };
    const csrf = csrfIn(page);
    const tap = async (changes: Readonly<Record<string, string>> = {}) => {
      const body = new URLSearchParams({ csrf, ...wish, [SETUP.fields.token]: token, ...changes });
      const answer = await fresh.ask(SETUP.path, {
        method: "POST",
        headers: { ...init.headers, cookie },
        body,
      });
      const session = answer.headers.getSetCookie().find((each) => each.includes("session="));
      const settings = await fresh.ask("/admin", { headers: { cookie: session?.split(";")[0] ?? "" } });
      return [answer.status, settings.status];
    };
    expect([...(await Promise.all([tap(), tap()])), await tap()]).toEqual(Array(3).fill([303, 200]));
    expect((await fresh.opened.accounts.people.count()).active).toBe(1);
    expect((await tap({ [SETUP.fields.password]: "another good password" }))[0]).toBe(403);
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
