/** What becomes of people who are known elsewhere: joining by every rule, linking, and the admin's page of places. */
import { beforeAll, describe, expect, test } from "bun:test";
import { sql } from "../../server/lib/sql.ts";
import type { TestApp } from "../../server/testing/app.ts";
import { onSqlite } from "../../server/testing/engines.ts";
import type { IdentityProvider, Person as Pupil } from "../../server/testing/identity-provider.ts";
import { DRAFT, type MoodleHouse, moodleHouse } from "../../server/testing/moodle-house.ts";
import { type Person, person } from "../../server/testing/people.ts";
import { type Visitor, visitor } from "../../server/testing/visitor.ts";

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
    await setting({ registration: "open" });
    const zoe = visitor(app);
    await comeBack(zoe, { sub: "s-1" });
    await join(zoe, { name: "zoe" });
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
      const page = await (await visitor(app).open(`/sign-up?invitation=${code}`)).text();
      const button = page.slice(page.indexOf('action="/sign-in/away"'), page.indexOf("Join with our Moodle"));
      expect(button).toContain(`name="invitation" value="${code}"`);
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
        ...DRAFT,
        provider,
        admits: "domains",
        domains: "school.example",
      });
      const pupil = await arrive({ email: "e@school.example", email_verified: true });
      expect(pupil.ledTo(await join(pupil, { name: "pupil" }))).toBe("/");
      const stranger = await arrive({ email: "f@evil.example", email_verified: true });
      expect((await join(stranger, { name: "stranger" })).status).toBe(422);
      await ruth.submit("/admin/sign-in", { ...DRAFT, provider, admits: "everyone" });
      const anyone = await arrive();
      expect(anyone.ledTo(await join(anyone, { name: "anyone" }))).toBe("/");
      await setting({ registration: "closed" });
      const late = await arrive();
      expect((await join(late, { name: "late" })).status).toBe(403);
      await ruth.submit("/admin/sign-in", { ...DRAFT, provider });
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
      expect((await other.open("/settings")).status).toBe(303);
      expect((await dora.open("/settings")).status).toBe(200);
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
      const asked = new URL(address).searchParams;
      expect([asked.get("prompt"), asked.get("max_age")]).toEqual(["login", "0"]);
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

  describe("showing once more who one is, with a place that", () => {
    const seconds = (): number => Math.floor(app.clock.now() / 1000);
    test.each([
      ["does not say when that was", () => undefined],
      ["kept the sign-in of this morning", () => seconds() - 3 * 3600],
      ["kept that of the minutes before", () => seconds() - 61 - 5],
      ["says that it is still to come", () => seconds() + 300],
      ["writes the time as text", () => String(seconds())],
    ])("%s, shows nothing", async (_, time) => {
      const zoe = visitor(app);
      await comeBack(zoe, { sub: "s-1" });
      app.clock.advance(10 * 60_000);
      const away = await zoe.submit("/settings/confirm", "/sign-in/away", {
        provider,
        use: "confirm",
        return: "/settings/sign-in",
      });
      const person = { sub: "s-1" };
      const bent = { claims: { auth_time: time() } };
      const back = await idp.signIn(away.headers.get("location") ?? "", person, bent);
      await zoe.open(back.replace(app.origin, ""));
      const page = await (await zoe.open("/settings/sign-in")).text();
      expect(page).toContain("Change how I sign in");
      expect(page).toMatch(/does not say that you signed in there just now|cannot be trusted/);
    });
  });

  describe("the admin's page", () => {
    test("only an admin sees and changes places, and secrets are shown to nobody", async () => {
      const mona = await person(app, "mona", "moderator");
      expect((await mona.page(`/admin/sign-in/${provider}`)).status).toBe(403);
      expect((await mona.submit("/admin/sign-in", { ...DRAFT, name: "mine" })).status).toBe(403);
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
      const answer = await ruth.submit("/admin/sign-in", { ...DRAFT, name: "wrong", ...wrong });
      expect(answer.status).toBe(422);
      expect(await answer.text()).toContain(`field-${field}-error`);
    });

    test("a place is changed without its secret, and taken away; what is done is written down", async () => {
      await ruth.submit("/admin/sign-in", {
        ...DRAFT,
        name: "Keycloak",
        provider: "",
        issuer: " https://IDP.test/ ",
      });
      const key = await house.keyOf("Keycloak");
      await ruth.submit("/admin/sign-in", {
        ...DRAFT,
        name: "Keycloak",
        provider: key,
        clientSecret: "",
        admits: "everyone",
        issuer: "https://IDP.test/",
      });
      const stored = await app.opened.db.one(
        sql`SELECT issuer, client_secret, admits FROM oauth_provider WHERE key = ${Number(key)}`,
      );
      expect(stored).toEqual({
        issuer: "https://idp.test",
        client_secret: "a secret & more",
        admits: "everyone",
      });
      await ruth.submit("/admin/sign-in", { action: "remove", provider: key });
      expect(await (await visitor(app).open("/sign-in")).text()).not.toContain("Keycloak");
      const acts = await app.opened.db.all<{ act: string }>(
        sql`SELECT act FROM audit WHERE subject = ${"Keycloak"} ORDER BY key`,
      );
      expect(acts.map(({ act }) => act)).toEqual(["provider-add", "provider-change", "provider-remove"]);
    });

    test("who takes a place away reads who is shut out by that", async () => {
      await ruth.submit("/admin/sign-in", { ...DRAFT, name: "Brief", provider: "", admits: "everyone" });
      const brief = await house.keyOf("Brief");
      const browser = visitor(app);
      await house.comeBack(browser, { sub: "only-there" }, {}, { provider: brief });
      await house.join(browser, { name: "onlythere" });
      const told = async (key: string): Promise<string> => {
        const answer = await ruth.submit("/admin/sign-in", { action: "remove", provider: key });
        const flash = /flash=([^;]+)/.exec(answer.headers.getSetCookie().join("\n"))?.[1] ?? "";
        return Buffer.from(flash, "base64url").toString();
      };
      // Another place has the same issuer.
      expect(await told(brief)).not.toContain("onlythere");
      expect(await told(provider)).toContain("onlythere");
    });
  });
});
