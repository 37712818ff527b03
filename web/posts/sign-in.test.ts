/** Signing in on the pages: the second question, passkeys, the rule for roles, and what nobody does without proof. */
import { beforeAll, describe, expect, test } from "bun:test";
import { totpCode } from "../../server/accounts/totp.ts";
import { sql } from "../../server/lib/sql.ts";
import { type TestApp, testApp } from "../../server/testing/app.ts";
import { type Device, device } from "../../server/testing/authenticator.ts";
import { onSqlite } from "../../server/testing/engines.ts";
import { PASSWORD, type Person, person } from "../../server/testing/people.ts";
import { type Visitor, visitor } from "../../server/testing/visitor.ts";

onSqlite((engine) => {
  let app: TestApp;
  let ruth: Person;

  beforeAll(async () => {
    app = await testApp(engine);
    ruth = await person(app, "ruth", "admin");
  });

  const signIn = (browser: Visitor, name: string, to = "/") =>
    browser.submit(`/sign-in?return=${encodeURIComponent(to)}`, "/sign-in", {
      name,
      password: PASSWORD,
      return: to,
    });
  const signedIn = async (name: string): Promise<Visitor> => {
    const browser = visitor(app);
    await signIn(browser, name);
    return browser;
  };
  const text = async (browser: Visitor, path: string): Promise<string> => (await browser.open(path)).text();
  const codeNow = (secret: string): string => totpCode(secret, Math.floor(app.clock.now() / 30_000));

  const codesOn = (page: string): readonly string[] =>
    [...page.matchAll(/<code>([a-z0-9-]{14})<\/code>/g)].map(([, code = ""]) => code);

  /** Sets up an app on the pages; the codes on paper. */
  async function setUpApp(
    browser: Visitor,
    path = "/settings/sign-in/codes",
    more: Record<string, string> = {},
  ): Promise<{ secret: string; paper: readonly string[]; page: string }> {
    const asked = await text(browser, path);
    const secret = />([A-Z2-7]{32})</.exec(asked)?.[1] ?? "";
    const fields = { code: codeNow(secret), ...more };
    const answer = await browser.submit(path, "/settings/sign-in/codes", fields);
    const page = await answer.text();
    const paper = codesOn(page);
    app.clock.advance(30_000);
    return { secret, paper, page };
  }

  /** Asks for a passkey and answers, as the script of a page does. */
  async function withPasskey(
    browser: Visitor,
    from: Device,
    page: string,
    use: string,
    more: Record<string, string> = {},
  ): Promise<Response> {
    const asked = await browser.submit(page, "/sign-in/passkey/options", { use });
    const { options, token } = (await asked.json()) as {
      options: Parameters<Device["create"]>[0];
      token: string;
    };
    const credential = use === "new" ? await from.create(options) : await from.get(options);
    return browser.submit(page, "/sign-in/passkey", { use, token, credential, return: "/", ...more });
  }

  test("a code is asked for after the password, and then one is where one wanted to be", async () => {
    await person(app, "alice");
    const browser = await signedIn("alice");
    const { secret, paper } = await setUpApp(browser);
    expect(paper).toHaveLength(10);
    const file = await browser.submit("/settings/sign-in", "/settings/sign-in/recovery.txt", {
      codes: [...paper, "<script>", "abcd"].join(" "),
    });
    expect(file.headers.get("content-disposition")).toBe(
      'attachment; filename="recovery-codes-pub.test.txt"',
    );
    const saved = await file.text();
    for (const code of paper) expect(saved).toContain(code);
    expect(saved).not.toContain("script");

    const again = visitor(app);
    const asked = await signIn(again, "alice", "/notices");
    expect(again.ledTo(asked)).toBe("/sign-in/second?return=%2Fnotices");
    expect(again.has("__Host-session")).toBe(false);
    expect(again.ledTo(await again.open("/settings"))).toStartWith("/sign-in?");
    const wrong = await again.submit("/sign-in/second", "/sign-in/second", {
      code: "000000",
      return: "/notices",
    });
    expect([wrong.status, again.has("__Host-session")]).toEqual([401, false]);
    expect(await wrong.text()).not.toContain("000000");
    const done = await again.submit("/sign-in/second", "/sign-in/second", {
      code: codeNow(secret),
      return: "/notices",
    });
    expect(again.ledTo(done)).toBe("/notices");
    expect(await text(again, "/settings/sessions")).toContain("with password and a code");
    expect(again.has("__Host-step")).toBe(false);
  });

  test("the second page needs the browser in which the password was typed, and starts again when it is over", async () => {
    const [mine, other] = [visitor(app), visitor(app)];
    await signIn(mine, "alice");
    expect(other.ledTo(await other.open("/sign-in/second"))).toStartWith("/sign-in?return=");
    const guess = () => mine.submit("/sign-in/second", "/sign-in/second", { code: "111111", return: "/" });
    for (let i = 0; i < 5; i++) expect((await guess()).status).toBe(401);
    const over = await guess();
    expect(mine.ledTo(over)).toBe("/sign-in?return=%2F");
    expect(mine.has("__Host-step")).toBe(false);
  });

  test("an app that asks for consent waits for the second question as well", async () => {
    const { oauth } = app.opened;
    const { client } = await oauth.clients.register({
      client_name: "App",
      redirect_uris: ["https://app.example/callback"],
      token_endpoint_auth_method: "none",
      scope: "read",
    });
    const question = new URLSearchParams({
      response_type: "code",
      client_id: client.id,
      redirect_uri: "https://app.example/callback",
      scope: "read",
      code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
      code_challenge_method: "S256",
    });
    const browser = visitor(app);
    const door = browser.ledTo(await browser.open(`/oauth/authorize?${question}`));
    const to = new URL(door, app.origin).searchParams.get("return") ?? "";
    const asked = await signIn(browser, "alice", to);
    expect(browser.ledTo(asked)).toStartWith("/sign-in/second?");
    expect(browser.ledTo(await browser.open(to))).not.toBe("");
    const post = await browser.submit("/sign-in", "/oauth/authorize", {
      ...Object.fromEntries(question),
      decision: "allow",
    });
    expect(post.headers.get("location") ?? "").not.toContain("code=");
  });

  describe("passkeys", () => {
    test("one is added, named, and signs in alone; without a password too", async () => {
      const bob = await person(app, "bob");
      const phone = await device(app.origin);
      const browser = await signedIn("bob");
      const added = await withPasskey(browser, phone, "/settings/sign-in", "new", {
        "passkey-name": "My <phone>",
      });
      expect(await added.text()).toContain("Your recovery codes");
      expect(await text(browser, "/settings/sign-in")).toContain("My &lt;phone>");

      const again = visitor(app);
      expect(
        again.ledTo(await withPasskey(again, phone, "/sign-in", "sign-in", { return: "/notices" })),
      ).toBe("/notices");
      expect(await text(again, "/settings/sessions")).toContain("with a passkey");

      await again.submit("/settings/sign-in", "/settings/sign-in", { action: "remove-password" });
      const withPassword = visitor(app);
      expect((await signIn(withPassword, "bob")).status).toBe(401);
      const alone = visitor(app);
      await withPasskey(alone, phone, "/sign-in", "sign-in");
      expect(alone.has("__Host-session")).toBe(true);
      const [row] = await app.opened.accounts.passkeys.list(bob.key);
      const last = await alone.submit("/settings/sign-in", "/settings/sign-in", {
        action: "remove-passkey",
        key: String(row?.key),
      });
      expect(last.status).toBe(409);
      expect(await last.text()).toContain("You could not sign in any more");
    });

    test("somebody joins with one and never has a password; a name that cannot be had is told before", async () => {
      await app.opened.accounts.settings.set({ registration: "open" });
      const browser = visitor(app);
      const phone = await device(app.origin);
      const page = "/sign-up?with=passkey";
      expect(await text(browser, page)).not.toContain('name="password"');
      const ask = async (name: string) =>
        (await (await browser.submit(page, "/sign-in/passkey/options", { use: "join", name })).json()) as {
          options: Parameters<Device["create"]>[0];
          token: string;
          problem?: string;
        };
      expect((await ask("ruth")).problem).toContain("Somebody has this name already");
      expect((await ask("no name")).problem).toContain("only the letters");
      const { options, token } = await ask("Greta");
      const credential = await phone.create(options);
      // Whatever the form says by now, the account has the name that the device was told.
      const joined = await browser.submit(page, "/sign-up/passkey", {
        name: "other",
        token,
        credential,
        return: "/notices",
      });
      const sheet = await joined.text();
      const paper = codesOn(sheet);
      expect(paper).toHaveLength(10);
      expect(sheet).toContain('class="button" href="/notices"');
      expect(sheet).toContain('action="/sign-out"');
      // The page is of the person who has joined: its forms are good.
      const csrf = /name="csrf" value="([^"]+)"/.exec(sheet)?.[1] ?? "";
      const file = await browser.submit("/sign-in", "/settings/sign-in/recovery.txt", {
        csrf,
        codes: paper.join(" "),
      });
      expect(await file.text()).toContain(paper[0] ?? "none");
      const greta = await app.opened.accounts.people.getByName("greta");
      expect(greta).toMatchObject({ hasPassword: false, state: "active" });
      const again = visitor(app);
      expect(again.ledTo(await withPasskey(again, phone, "/sign-in", "sign-in"))).toBe("/");
      const twice = await browser.submit(page, "/sign-up/passkey", { name: "greta", token, credential });
      expect(twice.status).toBe(410);
      await app.opened.accounts.settings.set({ registration: "invitation" });
      const late = await ask("late");
      const refused = await visitor(app).submit(page, "/sign-up/passkey", {
        token: late.token,
        credential: await (await device(app.origin)).create(late.options),
      });
      expect(refused.status).toBe(422);
      expect(await app.opened.accounts.people.findByName("late")).toBeNull();
    });

    test("a device that nobody knows, and an answer that is none, say so on the page", async () => {
      const browser = visitor(app);
      const stranger = await device(app.origin);
      const unknown = await withPasskey(browser, stranger, "/sign-in", "sign-in");
      expect(unknown.status).toBe(401);
      expect(await unknown.text()).toContain("This passkey is not known here");
      const none = await browser.submit("/sign-in", "/sign-in/passkey", {
        use: "sign-in",
        token: "x",
        credential: "{",
      });
      expect(none.status).toBe(410);
      expect((await browser.submit("/sign-in", "/sign-in/passkey", { use: "fly" })).status).toBe(400);
      expect((await browser.submit("/sign-in", "/sign-in/passkey/options", { use: "new" })).status).toBe(401);
    });

    test("one answers the second question, of its own account alone", async () => {
      await person(app, "carla");
      const phone = await device(app.origin);
      const browser = await signedIn("carla");
      await withPasskey(browser, phone, "/settings/sign-in", "new");
      await setUpApp(browser);
      const again = visitor(app);
      await signIn(again, "carla");
      expect(
        again.ledTo(await withPasskey(again, phone, "/sign-in/second", "second", { return: "/notices" })),
      ).toBe("/notices");
      expect(await text(again, "/settings/sessions")).toContain("with password and a passkey");
      const alice = visitor(app);
      await signIn(alice, "alice");
      expect((await withPasskey(alice, phone, "/sign-in/second", "second")).status).toBe(401);
      expect(alice.has("__Host-session")).toBe(false);
    });
  });

  test("after ten minutes nothing is changed before one has shown again who one is", async () => {
    await person(app, "dana");
    const phone = await device(app.origin);
    const browser = await signedIn("dana");
    await withPasskey(browser, phone, "/settings/sign-in", "new");
    app.clock.advance(10 * 60_000);
    const page = await text(browser, "/settings/sign-in");
    expect(page).toContain("Change how I sign in");
    expect(page).not.toContain("remove-passkey");
    const confirm = "/settings/confirm?return=%2Fsettings%2Fsign-in";
    for (const action of ["remove-passkey", "remove-codes", "renew-recovery", "remove-password", "unlink"]) {
      const answer = await browser.submit("/settings", "/settings/sign-in", { action, key: "1" });
      expect([action, browser.ledTo(answer)]).toEqual([action, confirm]);
    }
    expect(browser.ledTo(await browser.open("/settings/sign-in/codes"))).toStartWith("/settings/confirm?");
    expect((await browser.submit("/settings", "/sign-in/passkey/options", { use: "new" })).status).toBe(403);
    const done = await withPasskey(browser, phone, "/settings/confirm", "confirm", {
      return: "/settings/sign-in",
    });
    expect(browser.ledTo(done)).toBe("/settings/sign-in");
    expect(await text(browser, "/settings/sign-in")).toContain("remove-passkey");
  });

  describe("where a role needs a second factor", () => {
    test("people are led to set one up and do nothing else before; then they go on", async () => {
      const mona = await person(app, "mona", "moderator");
      await ruth.submit("/admin/sign-in", { action: "rules", secondFactor: "staff", fediverseSignIn: "on" });
      const browser = await signedIn("mona");
      for (const path of [
        "/",
        "/settings",
        "/admin",
        "/oauth/authorize?x=y",
        "/@ruth",
        "/objects/1",
        "/settings/moving/following.csv",
        "/sign-in/join",
      ])
        expect(browser.ledTo(await browser.open(path))).toBe(
          path === "/" ? "/settings/sign-in" : `/settings/sign-in?return=${encodeURIComponent(path)}`,
        );
      expect(
        browser.ledTo(await browser.submit("/settings/sign-in", "/act", { type: "Create", content: "x" })),
      ).toBe("/settings/sign-in");
      const headers = { cookie: mona.cookie, accept: "application/activity+json" };
      const api = await app.ask("/users/mona/inbox", { headers });
      expect(api.status).toBe(403);
      const live = { cookie: mona.cookie, "sec-fetch-site": "same-origin" };
      expect((await app.ask("/live?on=home", { headers: live })).status).toBe(401);
      expect(await text(browser, "/settings/sign-in")).toContain("People with your role need a second step");
      const going = await text(browser, "/settings/sign-in?return=%2Fadmin%3Fx%3Dy");
      const setUp = /href="(\/settings\/sign-in\/codes[^"]*)"/.exec(going)?.[1] ?? "";
      const { page } = await setUpApp(browser, setUp, { return: "/admin?x=y" });
      expect(page).toContain('href="/admin?x=y"');
      expect((await browser.open("/admin")).status).toBe(200);
      expect((await browser.open("/")).status).toBe(200);
      await app.opened.accounts.settings.set({ secondFactor: "nobody" });
    });

    test("signing out is always possible", async () => {
      const nina = await person(app, "nina", "moderator");
      await app.opened.accounts.settings.set({ secondFactor: "staff" });
      const browser = await signedIn("nina");
      await browser.submit("/settings/sign-in", "/sign-out", {});
      expect(browser.has("__Host-session")).toBe(false);
      expect(nina.key).toBeGreaterThan(0);
      await app.opened.accounts.settings.set({ secondFactor: "nobody" });
    });
  });

  test("an admin takes away what somebody has lost, and it is written down", async () => {
    const account = await app.opened.accounts.people.getByName("alice");
    const answer = await ruth.submit("/admin/people", {
      action: "reset-factors",
      account: String(account.key),
    });
    expect(answer.headers.get("location")).toBe(`/admin/people/${account.key}`);
    const browser = visitor(app);
    expect(browser.ledTo(await signIn(browser, "alice"))).toBe("/");
    const lines = await app.opened.db.all(sql`SELECT who FROM audit WHERE act = 'factors-reset'`);
    expect(lines).toEqual([{ who: ruth.key }]);
    expect(await (await ruth.page("/admin/record")).text()).toContain("Passkeys and codes taken away");
  });

  test("somebody without a password sets a first one, after having shown who they are", async () => {
    await app.opened.accounts.create({ name: "edda", password: null, role: "member", state: "active" });
    const edda = await app.opened.accounts.people.getByName("edda");
    const { token } = await app.opened.accounts.sessions.create(
      edda.key,
      { addressPrefix: "192.0.2.1", agent: "" },
      { how: "elsewhere", via: "Moodle" },
    );
    const cookie = `__Host-session=${token}`;
    const page = await (await app.ask("/settings/password", { headers: { cookie } })).text();
    expect(page).not.toContain('name="current"');
    const csrf = /name="csrf" value="([^"]+)"/.exec(page)?.[1] ?? "";
    const post = () =>
      app.ask("/settings/password", {
        method: "POST",
        headers: { cookie, "sec-fetch-site": "same-origin" },
        body: new URLSearchParams({ csrf, next: PASSWORD }),
      });
    app.clock.advance(10 * 60_000);
    expect((await post()).headers.get("location")).toBe("/settings/confirm?return=%2Fsettings%2Fpassword");
    app.clock.advance(-10 * 60_000);
    expect((await post()).headers.get("location")).toBe("/settings/password");
    expect((await signedIn("edda")).has("__Host-session")).toBe(true);
  });
});
