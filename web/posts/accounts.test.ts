/** Joining on the way into an app: whoever has no account yet makes one, and comes back to what the app asks. */
import { beforeEach, describe, expect, test } from "bun:test";
import { type TestApp, testApp } from "../../server/testing/app.ts";
import { onSqlite } from "../../server/testing/engines.ts";
import { PASSWORD, person } from "../../server/testing/people.ts";

onSqlite((engine) => {
  test("who joins on the way into an app comes back to it, and nobody is led to another site", async () => {
    const app = await testApp(engine);
    await person(app, "boss", "admin");
    await app.opened.accounts.settings.set({ registration: "open" });
    const ask = (path: string, init: RequestInit = {}) =>
      app.ask(path, { ...init, headers: { accept: "text/html", origin: app.origin, ...init.headers } });
    const question = "/oauth/authorize?client_id=x&state=a%26b";
    const door = (await ask(question)).headers.get("location") ?? "";
    const link = /href="(\/sign-up\?[^"]*)"/.exec(await (await ask(door)).text())?.[1] ?? "";
    const header = await (await ask(link.replaceAll("&amp;", "&"))).text();
    for (const path of ["/sign-in", "/sign-up"])
      expect(header).toContain(`href="${path}?return=${encodeURIComponent(question)}"`);
    const page = await ask(link.replaceAll("&amp;", "&"));
    expect(page.headers.get("cross-origin-opener-policy")).toBeNull();
    const cookie = page.headers.getSetCookie()[0]?.split(";")[0] ?? "";
    const html = await page.text();
    const hidden = (name: string) =>
      new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1]?.replaceAll("&amp;", "&") ?? "";
    expect(hidden("return")).toBe(question);

    const join = (name: string, back: string) =>
      ask("/sign-up", {
        method: "POST",
        headers: { cookie },
        body: new URLSearchParams({ csrf: hidden("csrf"), name, password: PASSWORD, return: back }),
      });
    const joined = await join("newcomer", hidden("return"));
    expect([joined.status, joined.headers.get("location")]).toEqual([303, question]);
    const led = await join("another", "https://evil.example/");
    expect([led.status, led.headers.get("location")]).toEqual([303, "/"]);
  });

  describe("a second tap on the button", () => {
    let app: TestApp;
    /** A browser on the page for signing up: sends its form, with these changes. */
    const browser = async () => {
      const init = { headers: { accept: "text/html", origin: app.origin } };
      const page = await app.ask("/sign-up", init);
      const cookie = page.headers.getSetCookie()[0]?.split(";")[0] ?? "";
      const csrf = /name="csrf" value="([^"]*)"/.exec(await page.text())?.[1] ?? "";
      return async (changes: Record<string, string> = {}) => {
        const sent = { csrf, name: "newcomer", password: PASSWORD, return: "/rules", ...changes };
        const body = new URLSearchParams(sent);
        const answer = await app.ask("/sign-up", {
          method: "POST",
          headers: { ...init.headers, cookie },
          body,
        });
        const session = answer.headers.getSetCookie().find((each) => each.includes("session="));
        return {
          status: answer.status,
          to: answer.headers.get("location"),
          session,
          html: await answer.text(),
        };
      };
    };
    const who = async (session: string | undefined) =>
      (
        await app.ask("/settings", {
          headers: { accept: "text/html", cookie: session?.split(";")[0] ?? "" },
        })
      ).status;
    const people = async () => (await app.opened.accounts.people.count()).active;

    beforeEach(async () => {
      app = await testApp(engine);
      await person(app, "boss", "admin");
      await app.opened.accounts.settings.set({ registration: "open" });
    });

    test("leads signed in to the account that the first has made, also in the same moment", async () => {
      const tap = await browser();
      const taps = [...(await Promise.all([tap(), tap()])), await tap()];
      for (const { status, to, session } of taps)
        expect([status, to, await who(session)]).toEqual([303, "/rules", 200]);
      expect(await people()).toBe(2);
    });

    test("leads nobody else there: no other browser, no other password, nobody later", async () => {
      const tap = await browser();
      await tap();
      const refused = async (answer: ReturnType<typeof tap>) => {
        const { status, session } = await answer;
        expect([status, session]).toEqual([409, undefined]);
      };
      await refused((await browser())());
      await refused(tap({ password: "another good password" }));
      await refused(tap({ displayName: "Somebody" }));
      app.clock.advance(5 * 60_000);
      await refused(tap());
    });

    test("leads nobody there once the password is another", async () => {
      const tap = await browser();
      await tap();
      const { people: register, passwords } = app.opened.accounts;
      const account = await register.findByName("newcomer");
      if (account === null) throw new Error("nobody joined");
      await passwords.set(account, "another good password");
      expect(await tap()).toMatchObject({ status: 409, session: undefined });
    });

    test("shows once more that one waits to be let in, and uses an invitation once", async () => {
      await app.opened.accounts.settings.set({ registration: "approval" });
      const tap = await browser();
      const asked = { email: "new@school.test", reason: "I teach." };
      const pages = [await tap(asked), await tap(asked)];
      expect(pages.map(({ status, session }) => [status, session])).toEqual([
        [200, undefined],
        [200, undefined],
      ]);
      expect(pages[1]?.html).toBe(pages[0]?.html ?? "");
      const boss = await app.opened.accounts.people.findByName("boss");
      if (boss === null) throw new Error("nobody invites");
      const { code } = await app.opened.accounts.invitations.create(boss, { uses: 1 });
      const invited = { name: "fred", invitation: code };
      for (const { status, session } of [await tap(invited), await tap(invited)])
        expect([status, await who(session)]).toEqual([303, 200]);
    });
  });
});
