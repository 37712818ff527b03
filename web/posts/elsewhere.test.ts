/** Signing in with an account held elsewhere: who is who, whatever the place says, and what becomes of new people. */
import { beforeAll, describe, expect, test } from "bun:test";
import { totpCode } from "../../server/accounts/totp.ts";
import { heldClock, systemNow } from "../../server/lib/clock.ts";
import { createFetch } from "../../server/lib/fetch.ts";
import { sql } from "../../server/lib/sql.ts";
import { type TestApp, testApp } from "../../server/testing/app.ts";
import { onSqlite } from "../../server/testing/engines.ts";
import {
  type Bending,
  type IdentityProvider,
  identityProvider,
  type Person as Pupil,
} from "../../server/testing/identity-provider.ts";
import { type Person, person } from "../../server/testing/people.ts";
import { type Visitor, visitor } from "../../server/testing/visitor.ts";

onSqlite((engine) => {
  let app: TestApp;
  let idp: IdentityProvider;
  let ruth: Person;
  let provider: string;

  const draft = {
    action: "save",
    kind: "oidc",
    name: "our Moodle",
    issuer: "https://idp.test",
    clientId: "pub-client",
    clientSecret: "a secret & more",
    admits: "mode",
    domains: "",
  };
  const keyOf = async (name: string): Promise<string> =>
    String(
      (await app.opened.db.one<{ key: number }>(sql`SELECT key FROM oauth_provider WHERE name = ${name}`))
        ?.key,
    );
  const setting = (changes: Record<string, string>) => app.opened.accounts.settings.set(changes);

  beforeAll(async () => {
    // The library that checks tokens reads the machine's clock.
    const clock = heldClock(systemNow());
    const strangers: Record<string, IdentityProvider> = {};
    app = await testApp(engine, {
      clock,
      fetch: createFetch({
        resolve: async () => ["93.184.215.14"],
        userAgent: "test",
        async dial({ url, method, headers, body }) {
          const stranger = strangers[url.host];
          if (!stranger) throw Object.assign(new Error("nobody there"), { code: "ECONNREFUSED" });
          return stranger.answer(
            new Request(url, { method, headers, ...(body === undefined ? {} : { body }) }),
          );
        },
      }),
    });
    idp = await identityProvider("idp.test", () => app.clock.now() / 1000);
    strangers["idp.test"] = idp;
    ruth = await person(app, "ruth", "admin");
    expect((await ruth.submit("/admin/sign-in", draft)).status).toBe(303);
    provider = await keyOf("our Moodle");
  });

  const setOut = async (browser: Visitor, fields: Record<string, string> = {}): Promise<string> => {
    const answer = await browser.submit("/sign-in", "/sign-in/away", {
      provider,
      use: "sign-in",
      return: "/",
      ...fields,
    });
    return answer.headers.get("location") ?? "";
  };
  const comeBack = async (
    browser: Visitor,
    pupil: Pupil,
    bent: Bending = {},
    fields = {},
  ): Promise<Response> => {
    const back = await idp.signIn(await setOut(browser, fields), pupil, bent);
    return browser.open(back.replace(app.origin, ""));
  };
  const join = (browser: Visitor, fields: Record<string, string>) =>
    browser.submit("/sign-in/join", "/sign-in/join", { displayName: "", email: "", reason: "", ...fields });
  /** The word about what went wrong, as the next page shows it. */
  const toldOn = async (browser: Visitor, path: string): Promise<string> =>
    /class="toast [\s\S]*?<p>([^<]*)/.exec(await (await browser.open(path)).text())?.[1] ?? "";

  test("the question carries state, nonce, PKCE and an address for this place alone", async () => {
    const url = new URL(await setOut(visitor(app)));
    expect(url.origin + url.pathname).toBe("https://idp.test/authorize");
    const asked = Object.fromEntries(url.searchParams);
    expect(asked).toMatchObject({
      response_type: "code",
      client_id: "pub-client",
      redirect_uri: `https://pub.test/sign-in/back/${provider}`,
      scope: "openid profile email",
      code_challenge_method: "S256",
    });
    for (const secret of [asked.state, asked.nonce, asked.code_challenge])
      expect(secret).toMatch(/^[\w-]{43}$/);
  });

  test("somebody new chooses a name, and is the same person the next time, whatever their address is then", async () => {
    await setting({ registration: "open" });
    const browser = visitor(app);
    const first = await comeBack(browser, {
      sub: "s-1",
      name: "Zoë Müller-Lüdenscheidt",
      preferred_username: "Zoë.Müller",
      email: "zoe@school.example",
      email_verified: true,
    });
    expect(browser.ledTo(first)).toBe("/sign-in/join");
    const page = await (await browser.open("/sign-in/join")).text();
    expect(page).toContain('value="zoe_muller"');
    expect(page).toContain('value="zoe@school.example"');
    const joined = await join(browser, { name: "zoe", displayName: "Zoë", email: "zoe@school.example" });
    expect(browser.ledTo(joined)).toBe("/");
    expect((await browser.open("/settings/sign-in")).status).toBe(200);
    expect(await (await browser.open("/settings/sessions")).text()).toContain("our Moodle");

    const again = visitor(app);
    const back = await comeBack(
      again,
      { sub: "s-1", email: "other@elsewhere.example" },
      {},
      { return: "/notices" },
    );
    expect(again.ledTo(back)).toBe("/notices");
    expect(again.has("__Host-session")).toBe(true);
    const account = await app.opened.accounts.people.findByName("zoe");
    expect(account).toMatchObject({ hasPassword: false, email: "zoe@school.example", state: "active" });
  });

  test("an e-mail address of somebody here makes nobody that person", async () => {
    await setting({ registration: "open" });
    await app.opened.accounts.create({
      name: "carol",
      email: "carol@school.example",
      password: "correct horse battery",
      role: "moderator",
      state: "active",
    });
    const browser = visitor(app);
    const back = await comeBack(browser, { sub: "s-2", email: "carol@school.example", email_verified: true });
    expect(browser.ledTo(back)).toBe("/sign-in/join");
    expect(browser.has("__Host-session")).toBe(false);
    const refused = await join(browser, { name: "carol2", email: "carol@school.example" });
    expect(refused.status).toBe(409);
    expect(browser.has("__Host-session")).toBe(false);
    expect((await join(browser, { name: "carol", email: "" })).status).toBe(409);
    expect(browser.ledTo(await join(browser, { name: "carol2", email: "" }))).toBe("/");
  });

  const nowSeconds = () => Math.floor(app.clock.now() / 1000);
  const bent: readonly (readonly [string, () => Bending])[] = [
    ["another nonce", () => ({ claims: { nonce: "AAAA" } })],
    ["no nonce", () => ({ claims: { nonce: undefined } })],
    ["another audience", () => ({ claims: { aud: "another-client" } })],
    ["several audiences and none authorized", () => ({ claims: { aud: ["pub-client", "another-client"] } })],
    ["another authorized party", () => ({ claims: { aud: ["pub-client", "x"], azp: "x" } })],
    ["another issuer", () => ({ claims: { iss: "https://evil.test" } })],
    ["no subject", () => ({ claims: { sub: undefined } })],
    ["an empty subject", () => ({ claims: { sub: "" }, userinfo: { sub: "" } })],
    ["an end that has come", () => ({ claims: { exp: nowSeconds() - 120 } })],
    ["no end", () => ({ claims: { exp: undefined } })],
    ["a time to come", () => ({ claims: { iat: nowSeconds() + 120 } })],
    ["a time long ago", () => ({ claims: { iat: nowSeconds() - 3600 } })],
    ["a hash of another access token", () => ({ claims: { at_hash: "AAAAAAAAAAAAAAAAAAAAAA" } })],
    ["no signature", () => ({ algorithm: "none" })],
    ["a signature by our own secret", () => ({ algorithm: "HS256" })],
    ["a signature by the public key as a secret", () => ({ algorithm: "HS256", otherKey: true })],
    ["a signature by another key", () => ({ otherKey: true })],
    ["a profile of somebody else", () => ({ userinfo: { sub: "carol" } })],
    ["no token at all", () => ({ noIdToken: true })],
    ["an answer of another issuer", () => ({ params: { iss: "https://evil.test" } })],
    ["an answer of no issuer", () => ({ params: { iss: "" } })],
    ["a refusal in place of a code", () => ({ params: { error: "server_error", code: "" } })],
    ["somebody else's code", () => ({ params: { code: "guess" } })],
  ];
  test.each(bent)("%s lets nobody in", async (_, how) => {
    const browser = visitor(app);
    const back = await comeBack(browser, { sub: "s-1" }, how());
    expect([back.status, browser.ledTo(back)]).toEqual([303, "/sign-in"]);
    expect(browser.has("__Host-session")).toBe(false);
    expect(await toldOn(browser, "/sign-in")).not.toBe("");
    expect(app.warnings().some(({ level }) => level === "error")).toBe(false);
  });

  test("what is a little late or early is let in, and other good signatures too", async () => {
    for (const good of [
      { claims: { exp: nowSeconds() - 30 } },
      { claims: { iat: nowSeconds() + 30 } },
      { claims: { aud: ["pub-client"], azp: "pub-client" } },
      { claims: { at_hash: undefined } },
      { algorithm: "ES256" },
    ] satisfies Bending[]) {
      const browser = visitor(app);
      await comeBack(browser, { sub: "s-1" }, good);
      expect([good, browser.has("__Host-session")]).toEqual([good, true]);
    }
  });

  test("an answer is good in the browser that set out, for the place that it names, once", async () => {
    const [mine, other] = [visitor(app), visitor(app)];
    const back = (await idp.signIn(await setOut(mine), { sub: "s-1" })).replace(app.origin, "");
    await other.open("/sign-in");
    expect(other.ledTo(await other.open(back))).toBe("/sign-in");
    expect(other.has("__Host-session")).toBe(false);
    const wrongPlace = back.replace(`/back/${provider}`, "/back/1");
    expect(mine.ledTo(await mine.open(wrongPlace))).toBe("/sign-in");
    await mine.open(back);
    expect(mine.has("__Host-session")).toBe(true);
    const third = visitor(app);
    expect(third.ledTo(await third.open(back))).toBe("/sign-in");
  });

  test("who says no there, or takes too long, is told so and may try again", async () => {
    const browser = visitor(app);
    const no = await comeBack(browser, { sub: "s-1" }, { params: { error: "access_denied", code: "" } });
    expect(browser.ledTo(no)).toBe("/sign-in");
    expect(await toldOn(browser, "/sign-in")).toContain("You said no at our Moodle");
    const late = (await idp.signIn(await setOut(browser), { sub: "s-1" })).replace(app.origin, "");
    app.clock.advance(10 * 60_000);
    expect(browser.ledTo(await browser.open(late))).toBe("/sign-in");
    expect(browser.has("__Host-session")).toBe(false);
  });

  describe("the rules for joining", () => {
    let count = 0;
    const arrive = async (more: Partial<Pupil> = {}): Promise<Visitor> => {
      const browser = visitor(app);
      await comeBack(browser, { sub: `new-${count++}`, ...more });
      return browser;
    };

    test("with approval somebody waits with their reason, and cannot sign in until let in", async () => {
      await setting({ registration: "approval" });
      const browser = await arrive();
      const sub = `new-${count - 1}`;
      expect((await join(browser, { name: "waits", reason: "I teach maths" })).status).toBe(200);
      expect(browser.has("__Host-session")).toBe(false);
      const account = await app.opened.accounts.people.getByName("waits");
      expect(account).toMatchObject({ state: "pending", reason: "I teach maths" });
      const again = visitor(app);
      expect(again.ledTo(await comeBack(again, { sub }))).toBe("/sign-in");
      await app.opened.accounts.people.approve(null, account);
      await comeBack(again, { sub });
      expect(again.has("__Host-session")).toBe(true);
    });

    test("by invitation a code is needed, and one that was brought along is kept", async () => {
      await setting({ registration: "invitation" });
      const browser = await arrive();
      expect((await join(browser, { name: "nocode" })).status).toBe(422);
      const account = await app.opened.accounts.people.getByName("ruth");
      const { code } = await app.opened.accounts.invitations.create(account, { role: "teacher" });
      const invited = visitor(app);
      await comeBack(invited, { sub: "invited" }, {}, { invitation: code });
      expect(await (await invited.open("/sign-in/join")).text()).toContain(`value="${code}"`);
      expect(invited.ledTo(await join(invited, { name: "invited", invitation: code }))).toBe("/");
      expect(await app.opened.accounts.people.findByName("invited")).toMatchObject({ role: "teacher" });
    });

    test("by domain only an address that the place has checked lets somebody in at once", async () => {
      await setting({ registration: "domain", allowedDomains: "school.example" });
      const checked = await arrive({ email: "a@school.example", email_verified: true });
      expect(checked.ledTo(await join(checked, { name: "checked", email: "a@school.example" }))).toBe("/");
      for (const [name, email_verified] of [
        ["unchecked", false],
        ["unsaid", undefined],
        ["worded", "true"],
      ] as const) {
        const browser = await arrive({ email: `${name}@school.example`, email_verified });
        await join(browser, { name, email: `${name}@school.example` });
        expect([name, (await app.opened.accounts.people.findByName(name))?.state]).toEqual([name, "pending"]);
      }
      const other = await arrive({ email: "b@school.example", email_verified: true });
      await join(other, { name: "other", email: "c@school.example" });
      expect((await app.opened.accounts.people.findByName("other"))?.state).toBe("pending");
      const outside = await arrive({ email: "d@evil.example", email_verified: true });
      expect((await join(outside, { name: "outside", email: "d@evil.example" })).status).toBe(422);
    });

    test("a place whose word is enough lets in at once, but nobody joins where it is closed", async () => {
      await setting({ registration: "invitation" });
      await ruth.submit("/admin/sign-in", {
        ...draft,
        provider,
        admits: "domains",
        domains: "school.example",
      });
      const pupil = await arrive({ email: "e@school.example", email_verified: true });
      expect(pupil.ledTo(await join(pupil, { name: "pupil" }))).toBe("/");
      const stranger = await arrive({ email: "f@evil.example", email_verified: true });
      expect((await join(stranger, { name: "stranger" })).status).toBe(422);
      await ruth.submit("/admin/sign-in", { ...draft, provider, admits: "everyone" });
      const anyone = await arrive();
      expect(anyone.ledTo(await join(anyone, { name: "anyone" }))).toBe("/");
      await setting({ registration: "closed" });
      const late = await arrive();
      expect((await join(late, { name: "late" })).status).toBe(403);
      await ruth.submit("/admin/sign-in", { ...draft, provider });
      await setting({ registration: "open" });
    });
  });

  describe("linking", () => {
    const signedIn = async (name: string): Promise<Visitor> => {
      const browser = visitor(app);
      await browser.submit("/sign-in", "/sign-in", { name, password: "correct horse battery" });
      return browser;
    };
    const link = async (browser: Visitor, sub: string): Promise<Response> => {
      const answer = await browser.submit("/settings/sign-in", "/sign-in/away", {
        provider,
        use: "link",
        return: "/settings/sign-in",
      });
      const back = await idp.signIn(answer.headers.get("location") ?? "", {
        sub,
        email: `${sub}@school.example`,
      });
      return browser.open(back.replace(app.origin, ""));
    };

    test("an account here and one elsewhere become one, for one person alone, and come apart again", async () => {
      await person(app, "dora");
      await person(app, "emil");
      const dora = await signedIn("dora");
      expect(dora.ledTo(await link(dora, "d-1"))).toBe("/settings/sign-in");
      expect(await (await dora.open("/settings/sign-in")).text()).toContain("d-1@school.example");
      const other = visitor(app);
      await comeBack(other, { sub: "d-1" });
      expect(await (await other.open("/settings/sessions")).text()).toContain("with our Moodle");

      const emil = await signedIn("emil");
      await link(emil, "d-1");
      const key = (await app.opened.accounts.people.getByName("emil")).key;
      expect(await app.opened.accounts.identities.list(key)).toEqual([]);

      const mine = (await app.opened.accounts.people.getByName("dora")).key;
      const [identity] = await app.opened.accounts.identities.list(mine);
      await emil.submit("/settings/sign-in", "/settings/sign-in", {
        action: "unlink",
        key: String(identity?.key),
      });
      expect(await app.opened.accounts.identities.list(mine)).toHaveLength(1);
      await dora.submit("/settings/sign-in", "/settings/sign-in", {
        action: "unlink",
        key: String(identity?.key),
      });
      expect(await app.opened.accounts.identities.list(mine)).toEqual([]);
    });

    test("linking asks who one is when that was ten minutes ago", async () => {
      await person(app, "frida");
      const frida = await signedIn("frida");
      app.clock.advance(10 * 60_000);
      const asked = await frida.submit("/settings/sign-in", "/sign-in/away", {
        provider,
        use: "link",
        return: "/",
      });
      expect(frida.ledTo(asked)).toBe("/settings/confirm?return=%2Fsettings%2Fsign-in");
      const wrong = await frida.submit("/settings/confirm", "/settings/confirm", { password: "guess" });
      expect(wrong.status).toBe(422);
      await frida.submit("/settings/confirm", "/settings/confirm", { password: "correct horse battery" });
      expect(frida.ledTo(await link(frida, "f-1"))).toBe("/settings/sign-in");
      expect(await (await frida.open("/settings/sign-in")).text()).toContain("f-1@school.example");
    });

    test("the only way in is not taken away, and shows who one is where there is no password", async () => {
      const zoe = visitor(app);
      await comeBack(zoe, { sub: "s-1" });
      const account = await app.opened.accounts.people.getByName("zoe");
      const [identity] = await app.opened.accounts.identities.list(account.key);
      const refused = await zoe.submit("/settings/sign-in", "/settings/sign-in", {
        action: "unlink",
        key: String(identity?.key),
      });
      expect(refused.status).toBe(409);
      app.clock.advance(10 * 60_000);
      const page = await (await zoe.open("/settings/confirm")).text();
      expect(page).toContain("our Moodle");
      expect(page).not.toContain('type="password"');
      const away = await zoe.submit("/settings/confirm", "/sign-in/away", {
        provider,
        use: "confirm",
        return: "/settings/sign-in",
      });
      const address = away.headers.get("location") ?? "";
      expect(new URL(address).searchParams.get("prompt")).toBe("login");
      const another = (await idp.signIn(address, { sub: "d-9" })).replace(app.origin, "");
      await zoe.open(another);
      expect(await (await zoe.open("/settings/sign-in")).text()).toContain("Change how I sign in");
      const again = await zoe.submit("/settings/confirm", "/sign-in/away", {
        provider,
        use: "confirm",
        return: "/settings/sign-in",
      });
      await zoe.open(
        (await idp.signIn(again.headers.get("location") ?? "", { sub: "s-1" })).replace(app.origin, ""),
      );
      expect(await (await zoe.open("/settings/sign-in")).text()).not.toContain("Change how I sign in");
    });
  });

  test("a second factor is asked for after signing in elsewhere too", async () => {
    const { accounts } = app.opened;
    const zoe = await accounts.people.getByName("zoe");
    const { secret } = await accounts.factors.beginCodes(zoe);
    await accounts.factors.confirmCodes(zoe, totpCode(secret, Math.floor(app.clock.now() / 30_000)), 0);
    const browser = visitor(app);
    const back = await comeBack(browser, { sub: "s-1" }, {}, { return: "/notices" });
    expect(browser.ledTo(back)).toBe("/sign-in/second?return=%2Fnotices");
    expect(browser.has("__Host-session")).toBe(false);
    app.clock.advance(30_000);
    const code = totpCode(secret, Math.floor(app.clock.now() / 30_000));
    const done = await browser.submit("/sign-in/second", "/sign-in/second", { code, return: "/notices" });
    expect(browser.ledTo(done)).toBe("/notices");
    expect(browser.has("__Host-session")).toBe(true);
    await accounts.factors.removeCodes(zoe, 0);
  });

  test("keys that are new are found when they are needed, and not asked for each time", async () => {
    const before = idp.keysAsked();
    for (let i = 0; i < 3; i++) await comeBack(visitor(app), { sub: "s-1" });
    expect(idp.keysAsked() - before).toBeLessThanOrEqual(1);
    app.clock.advance(60 * 60_000);
    const browser = visitor(app);
    await comeBack(browser, { sub: "s-1" }, { rotates: true });
    expect(browser.has("__Host-session")).toBe(true);
    expect(idp.keysAsked() - before).toBeLessThanOrEqual(2);
  });

  describe("the admin's page", () => {
    test("only an admin sees and changes places, and secrets are shown to nobody", async () => {
      const mona = await person(app, "mona", "moderator");
      expect((await mona.page(`/admin/sign-in/${provider}`)).status).toBe(403);
      expect((await mona.submit("/admin/sign-in", { ...draft, name: "mine" })).status).toBe(403);
      const page = await (await ruth.page(`/admin/sign-in/${provider}`)).text();
      expect(page).toContain(`https://pub.test/sign-in/back/${provider}`);
      expect(page).not.toContain("a secret");
    });

    test.each([
      ["an issuer without encryption", { issuer: "http://idp.test" }, "issuer"],
      ["an issuer that says it is another", { issuer: "https://idp.test/other" }, "issuer"],
      ["an issuer where nobody is", { issuer: "https://nobody.test" }, "issuer"],
      ["no client id", { clientId: " " }, "clientId"],
      ["no name", { name: "" }, "name"],
      ["domains that are none", { admits: "domains", domains: "no domain" }, "domains"],
      ["no domains", { admits: "domains" }, "domains"],
      ["scopes without openid", { scope: "email" }, "scope"],
      ["a plain place without addresses", { kind: "oauth" }, "userinfoEndpoint"],
    ])("%s is refused at its field", async (_, wrong, field) => {
      const answer = await ruth.submit("/admin/sign-in", { ...draft, name: "wrong", ...wrong });
      expect(answer.status).toBe(422);
      expect(await answer.text()).toContain(`field-${field}-error`);
    });

    test("a place is changed without its secret, and taken away; what is done is written down", async () => {
      await ruth.submit("/admin/sign-in", { ...draft, name: "Keycloak", provider: "" });
      const key = await keyOf("Keycloak");
      await ruth.submit("/admin/sign-in", {
        ...draft,
        name: "Keycloak",
        provider: key,
        clientSecret: "",
        admits: "everyone",
      });
      const stored = await app.opened.db.one(
        sql`SELECT client_secret, admits FROM oauth_provider WHERE key = ${Number(key)}`,
      );
      expect(stored).toEqual({ client_secret: "a secret & more", admits: "everyone" });
      await ruth.submit("/admin/sign-in", { action: "remove", provider: key });
      expect(await (await visitor(app).open("/sign-in")).text()).not.toContain("Keycloak");
      const acts = await app.opened.db.all<{ act: string }>(
        sql`SELECT act FROM audit WHERE subject = ${"Keycloak"} ORDER BY key`,
      );
      expect(acts.map(({ act }) => act)).toEqual(["provider-add", "provider-change", "provider-remove"]);
    });
  });

  test("a place with plain OAuth 2 says who somebody is by the name that the admin chose", async () => {
    const plain = {
      ...draft,
      kind: "oauth",
      name: "old Moodle",
      issuer: "",
      scope: "",
      subjectName: "id",
      authorizationEndpoint: "https://idp.test/authorize",
      tokenEndpoint: "https://idp.test/token",
      userinfoEndpoint: "https://idp.test/me",
    };
    await ruth.submit("/admin/sign-in", { ...plain, provider: "" });
    const old = await keyOf("old Moodle");
    const browser = visitor(app);
    const first = await comeBack(
      browser,
      { sub: "x", id: 42, username: "Henri" },
      { params: { iss: "" } },
      { provider: old },
    );
    expect(browser.ledTo(first)).toBe("/sign-in/join");
    expect(browser.ledTo(await join(browser, { name: "henri" }))).toBe("/");
    const again = visitor(app);
    await comeBack(again, { sub: "y", id: 42 }, { params: { iss: "" } }, { provider: old });
    expect(again.has("__Host-session")).toBe(true);
    for (const id of [43, "", undefined, { a: 1 }, true]) {
      const other = visitor(app);
      await comeBack(other, { sub: "x", id }, { params: { iss: "" } }, { provider: old });
      expect([id, other.has("__Host-session")]).toEqual([id, false]);
    }
  });
});
