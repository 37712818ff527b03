/** Signing in with an account held elsewhere: who is who, whatever the place says. */
import { beforeAll, expect, test } from "bun:test";
import { totpCode } from "../../server/accounts/totp.ts";
import { HOUR_MS } from "../../server/lib/durations.ts";
import type { TestApp } from "../../server/testing/app.ts";
import { onSqlite } from "../../server/testing/engines.ts";
import type { Bending, IdentityProvider } from "../../server/testing/identity-provider.ts";
import { DRAFT, type MoodleHouse, moodleHouse } from "../../server/testing/moodle-house.ts";
import type { Person } from "../../server/testing/people.ts";
import { visitor } from "../../server/testing/visitor.ts";

onSqlite((engine) => {
  let house: MoodleHouse;
  let app: TestApp;
  let idp: IdentityProvider;
  let ruth: Person;
  let provider: string;
  let comeBack: MoodleHouse["comeBack"];
  let join: MoodleHouse["join"];
  let setting: MoodleHouse["setting"];

  beforeAll(async () => {
    house = await moodleHouse(engine);
    ({ app, idp, ruth, provider, comeBack, join, setting } = house);
  });

  test("the question carries state, nonce, PKCE and an address for this place alone", async () => {
    const url = new URL(await house.setOut(visitor(app)));
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

  test("the admin reads which hosts inside may be reached, and who can name one that is refused", async () => {
    expect(await (await ruth.page("/admin/sign-in")).text()).toContain("<code>sso.school.test</code>");
    const draft = { ...DRAFT, name: "inside", issuer: "https://10.0.0.9" };
    expect(await (await ruth.submit("/admin/sign-in", draft)).text()).toContain("private_sign_in_hosts");
  });

  test.each([
    ["other", "idp.test calls itself https://idp.test/. "],
    ["page", "idp.test does not say how to sign in there."],
    ["none", "idp.test does not say how to sign in there."],
  ])("the admin who names the address /%s reads what is wrong with it", async (path, sentence) => {
    const draft = { ...DRAFT, name: path, issuer: `https://idp.test/${path}` };
    expect(await (await ruth.submit("/admin/sign-in", draft)).text()).toContain(sentence);
  });

  test.each(["client_secret_basic", "client_secret_post"])(
    "a wrong secret (%s) is called so, and the log says what the place said",
    async (way) => {
      const named = { ...DRAFT, provider, name: DRAFT.name };
      const metadata = { token_endpoint_auth_methods_supported: [way] };
      // What the place says of itself is asked for again after an hour.
      app.clock.advance(HOUR_MS);
      await idp.signIn("https://idp.test/?redirect_uri=https://pub.test/", { sub: "s-1" }, { metadata });
      await ruth.submit("/admin/sign-in", { ...named, clientSecret: "mistyped" });
      const browser = visitor(app);
      expect(browser.ledTo(await comeBack(browser, { sub: "s-1" }))).toBe("/sign-in");
      expect(await house.toldOn(browser, "/sign-in")).toContain("the id or the secret is wrong");
      expect(JSON.stringify(app.warnings())).toContain("does not know this server by its id and secret");
      await idp.signIn("https://idp.test/?redirect_uri=https://pub.test/", { sub: "s-1" }, { metadata: {} });
      app.clock.advance(HOUR_MS);
      await ruth.submit("/admin/sign-in", named);
    },
  );

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
    expect(await house.toldOn(browser, "/sign-in")).not.toBe("");
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
    const back = (await idp.signIn(await house.setOut(mine), { sub: "s-1" })).replace(app.origin, "");
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
    expect(await house.toldOn(browser, "/sign-in")).toContain("You said no at our Moodle");
    const late = (await idp.signIn(await house.setOut(browser), { sub: "s-1" })).replace(app.origin, "");
    app.clock.advance(10 * 60_000);
    expect(browser.ledTo(await browser.open(late))).toBe("/sign-in");
    expect(browser.has("__Host-session")).toBe(false);
  });

  test("a place that cannot do it just now is not called a liar, unless another one says so", async () => {
    for (const error of ["server_error", "temporarily_unavailable", "invalid_scope", "<b>x</b>"]) {
      const browser = visitor(app);
      const wrong = await comeBack(browser, { sub: "s-1" }, { params: { error, code: "" } });
      expect(browser.ledTo(wrong)).toBe("/sign-in");
      const told = await house.toldOn(browser, "/sign-in");
      expect([error, told]).toEqual([error, expect.stringContaining("our Moodle could not sign you in")]);
      expect(JSON.stringify(app.warnings())).toContain(error);
      expect(browser.has("__Host-session")).toBe(false);
    }
    for (const iss of ["https://evil.test", ""]) {
      const browser = visitor(app);
      await comeBack(browser, { sub: "s-1" }, { params: { error: "server_error", code: "", iss } });
      expect(await house.toldOn(browser, "/sign-in")).toContain("cannot be trusted");
    }
    const shaken = visitor(app);
    const back = await idp.signIn(
      await house.setOut(shaken),
      { sub: "s-1" },
      { params: { code: "unheard" } },
    );
    await shaken.open(back.replace(app.origin, ""));
    expect(await house.toldOn(shaken, "/sign-in")).toContain("our Moodle could not sign you in");
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
    app.clock.advance(HOUR_MS);
    const browser = visitor(app);
    await comeBack(browser, { sub: "s-1" }, { rotates: true });
    expect(browser.has("__Host-session")).toBe(true);
    expect(idp.keysAsked() - before).toBeLessThanOrEqual(2);
  });

  test("a place with plain OAuth 2 says who somebody is by the name that the admin chose", async () => {
    const plain = {
      ...DRAFT,
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
    const old = await house.keyOf("old Moodle");
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
    app.clock.advance(10 * 60_000);
    expect(await (await again.open("/settings/confirm")).text()).not.toContain("old Moodle");
    const confirming = { provider: old, use: "confirm", return: "/settings/sign-in" };
    const refused = await again.submit("/settings/confirm", "/sign-in/away", confirming);
    expect(refused.status).toBe(403);
    expect(await refused.text()).toContain("Sign out and in again");
    for (const id of [43, "", undefined, { a: 1 }, true]) {
      const other = visitor(app);
      await comeBack(other, { sub: "x", id }, { params: { iss: "" } }, { provider: old });
      expect([id, other.has("__Host-session")]).toEqual([id, false]);
    }
  });
});
