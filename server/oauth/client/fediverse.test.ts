/** Signing in with an account of another server of the Fediverse, by its name: ours, a Mastodon, and those that lie. */
import { beforeAll, describe, expect, test } from "bun:test";
import { HOUR_MS } from "../../lib/durations.ts";
import { sql } from "../../lib/sql.ts";
import type { TestApp } from "../../testing/app.ts";
import { onSqlite } from "../../testing/engines.ts";
import { type Fediverse, fediverse } from "../../testing/fediverse.ts";
import { PASSWORD, person } from "../../testing/people.ts";
import { type Visitor, visitor } from "../../testing/visitor.ts";

onSqlite((engine) => {
  let world: Fediverse;
  let here: TestApp;
  let there: TestApp;

  beforeAll(async () => {
    world = await fediverse(engine, ["here.test", "there.test"]);
    [here, there] = [world.at("here.test"), world.at("there.test")];
    await person(here, "ruth", "admin");
    await person(there, "rita", "admin");
    await person(there, "noor");
    await here.opened.accounts.settings.set({ registration: "open" });
  });

  const ADA = {
    links: [{ rel: "self", type: "application/activity+json", href: "https://social.test/users/ada" }],
  };

  const setOut = async (browser: Visitor, server: string): Promise<Response> =>
    browser.submit("/sign-in", "/sign-in/away", { server, use: "sign-in", return: "/notices" });

  /** Signs in at the other server of ours, says yes, and comes back. */
  async function through(address: string, name: string, back: Visitor): Promise<Response> {
    const away = visitor(there);
    await away.submit("/sign-in", "/sign-in", { name, password: PASSWORD });
    const path = address.replace(there.origin, "");
    const question = Object.fromEntries(new URL(address).searchParams);
    const answer = await away.submit(path, "/oauth/authorize", { ...question, decision: "allow" });
    return back.open((answer.headers.get("location") ?? "").replace(here.origin, ""));
  }

  test("somebody of another server of ours makes an account here, and is known the next time", async () => {
    const browser = visitor(here);
    const address = (await setOut(browser, " @noor@There.test ")).headers.get("location") ?? "";
    expect(address).toStartWith("https://there.test/oauth/authorize?");
    expect(new URL(address).searchParams.get("redirect_uri")).toBe(
      "https://here.test/sign-in/back/there.test",
    );
    expect(browser.ledTo(await through(address, "noor", browser))).toBe("/sign-in/join");
    const page = await (await browser.open("/sign-in/join")).text();
    expect(page).toContain("@noor@there.test");
    expect(page).toContain('value="noor"');
    expect(
      browser.ledTo(
        await browser.submit("/sign-in/join", "/sign-in/join", { name: "noor", displayName: "", email: "" }),
      ),
    ).toBe("/notices");
    const { key } = await here.opened.accounts.people.getByName("noor");
    expect(await here.opened.accounts.identities.list(key)).toMatchObject([
      {
        kind: "fediverse",
        issuer: "https://there.test",
        subject: "https://there.test/users/noor",
        place: "there.test",
      },
    ]);

    const again = visitor(here);
    const second = (await setOut(again, "there.test")).headers.get("location") ?? "";
    expect(again.ledTo(await through(second, "noor", again))).toBe("/notices");
    const registrations = world.sent.filter(
      ({ path }) => path === "/oauth/register" || path === "/api/v1/apps",
    );
    expect(registrations).toHaveLength(1);
  });

  test("that account does not show once more who somebody is, and the page says what does", async () => {
    const browser = visitor(here);
    const address = (await setOut(browser, "there.test")).headers.get("location") ?? "";
    await through(address, "noor", browser);
    world.clock.advance(10 * 60_000);
    const page = await (await browser.open("/settings/confirm")).text();
    expect(page).not.toContain("there.test");
    expect(page).toContain("Sign out and in again");
    const fields = { server: "there.test", use: "confirm", return: "/settings/sign-in/codes" };
    const asked = world.sent.length;
    const answer = await browser.submit("/settings/confirm", "/sign-in/away", fields);
    expect(answer.status).toBe(403);
    expect(world.sent).toHaveLength(asked);
    expect(browser.ledTo(await browser.open("/settings/sign-in/codes"))).toStartWith("/settings/confirm");

    const anew = visitor(here);
    await through((await setOut(anew, "there.test")).headers.get("location") ?? "", "noor", anew);
    expect((await anew.open("/settings/sign-in/codes")).status).toBe(200);
  });

  test("somebody who lives here links an account there, and unlinks it", async () => {
    await person(here, "dora");
    await person(there, "dora");
    const browser = visitor(here);
    await browser.submit("/sign-in", "/sign-in", { name: "dora", password: PASSWORD });
    const settings = "/settings/sign-in";
    const fields = { server: "there.test", use: "link", return: settings };
    const wrong = await browser.submit(settings, "/sign-in/away", { ...fields, server: "???" });
    expect(await wrong.text()).toContain("field-server-error");
    const answer = await browser.submit(settings, "/sign-in/away", fields);
    expect(browser.ledTo(await through(answer.headers.get("location") ?? "", "dora", browser))).toBe(
      settings,
    );
    expect(await (await browser.open(settings)).text()).toContain("@dora@there.test");
    const { key } = await here.opened.accounts.people.getByName("dora");
    const [identity] = await here.opened.accounts.identities.list(key);
    await browser.submit(settings, settings, { action: "unlink", key: String(identity?.key) });
    expect(await here.opened.accounts.identities.list(key)).toEqual([]);
  });

  test("the token that told who it was is good for nothing afterwards", async () => {
    const left = await there.opened.db.all(sql`SELECT oauth_grant.key FROM oauth_grant
      JOIN oauth_client ON oauth_client.key = client WHERE name = 'Pub of the Commons' AND revoked IS NULL`);
    expect(left).toEqual([]);
    const revoked = world.sent.filter(({ path }) => path === "/oauth/revoke");
    expect(revoked.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
  });

  describe("at a Mastodon", () => {
    let account: Record<string, unknown>;
    let registered = 0;
    const redirects: string[] = [];
    let isKnown = true;

    beforeAll(() => {
      world.join("social.test", async (request) => {
        const { pathname, origin, searchParams } = new URL(request.url);
        if (pathname === "/.well-known/oauth-authorization-server")
          return Response.json({
            issuer: `${origin}/`,
            authorization_endpoint: `${origin}/oauth/authorize`,
            token_endpoint: `${origin}/oauth/token`,
            revocation_endpoint: `${origin}/oauth/revoke`,
            app_registration_endpoint: `${origin}/api/v1/apps`,
          });
        if (pathname === "/api/v1/apps") {
          const asked = (await request.json()) as { redirect_uris: string; scopes: string };
          expect(asked.scopes).toBe("read:accounts");
          redirects.push(asked.redirect_uris);
          registered++;
          return Response.json({ client_id: `app${registered}`, client_secret: "s" });
        }
        if (pathname === "/oauth/token")
          return isKnown
            ? Response.json({
                access_token: "t",
                token_type: "Bearer",
                scope: "read:accounts",
                created_at: 1,
              })
            : Response.json({ error: "invalid_client" }, { status: 401 });
        if (pathname === "/api/v1/accounts/verify_credentials") return Response.json(account);
        if (pathname === "/.well-known/webfinger" && searchParams.get("resource") === "acct:ada@social.test")
          return Response.json(ADA);
        return new Response(null, { status: pathname === "/oauth/revoke" ? 200 : 404 });
      });
      for (const host of ["names.test", "liar.test"])
        world.join(host, async (request) => {
          const { pathname } = new URL(request.url);
          if (pathname === "/.well-known/host-meta")
            return new Response(
              '<XRD><Link rel="lrdd" template="https://social.test/.well-known/webfinger?resource={uri}"/></XRD>',
            );
          // Whoever is asked for, it is ada.
          return pathname === "/.well-known/webfinger"
            ? Response.json(ADA)
            : new Response(null, { status: 404 });
        });
      world.join("nothing.test", async () => new Response("hello", { status: 200 }));
    });

    const arrive = async (browser: Visitor, server = "social.test"): Promise<Response> => {
      const url = new URL((await setOut(browser, server)).headers.get("location") ?? "");
      const back = url.searchParams.get("redirect_uri")?.replace(here.origin, "") ?? "";
      return browser.open(`${back}?code=c&state=${url.searchParams.get("state")}`);
    };
    const subjects = async (): Promise<readonly string[]> => {
      const rows = await here.opened.db.all<{ subject: string }>(sql`SELECT subject FROM oauth_identity`);
      return rows.map(({ subject }) => subject).filter((subject) => subject.includes("social.test"));
    };

    test.each([
      ["an address of its own", { username: "ada", uri: "https://social.test/users/ada" }],
      ["none, and WebFinger does", { username: "ada" }],
    ])("an account that has %s is bound to that address", async (_, told) => {
      account = { ...told, display_name: "Ada" };
      const browser = visitor(here);
      const back = await arrive(browser);
      if (browser.ledTo(back) === "/sign-in/join")
        await browser.submit("/sign-in/join", "/sign-in/join", {
          name: "ada",
          displayName: "Ada",
          email: "",
        });
      expect(browser.has("__Host-session")).toBe(true);
      expect(await subjects()).toEqual(["https://social.test/users/ada"]);
    });

    test.each([
      ["an address of another server", { username: "eve", uri: "https://there.test/users/noor" }],
      ["no name", { uri: "https://social.test/users/eve" }],
    ])("an account that claims %s is nobody", async (_, told) => {
      account = { ...told };
      const browser = visitor(here);
      const back = await arrive(browser);
      expect(browser.ledTo(back)).toBe("/sign-in");
      expect(browser.has("__Host-session")).toBe(false);
    });

    test("a host that leads to a server does not say who its people are", async () => {
      account = { username: "eve", display_name: "Eve" };
      const browser = visitor(here);
      expect(browser.ledTo(await arrive(browser, "liar.test"))).toBe("/sign-in");
      expect(browser.has("__Host-session")).toBe(false);
      account = { username: "ada" };
      await arrive(browser, "names.test");
      expect(browser.has("__Host-session")).toBe(true);
    });

    test("an answer of another issuer is refused", async () => {
      account = { username: "ada", uri: "https://social.test/users/ada" };
      const browser = visitor(here);
      const url = new URL((await setOut(browser, "social.test")).headers.get("location") ?? "");
      const state = url.searchParams.get("state");
      await browser.open(`/sign-in/back/social.test?code=c&state=${state}&iss=https%3A%2F%2Fthere.test`);
      expect(browser.has("__Host-session")).toBe(false);
    });

    test("where it has forgotten us, the next one registers anew; and after half a day anybody does", async () => {
      // What the tests before asked of it is forgotten.
      world.clock.advance(15 * 60_000);
      const before = registered;
      isKnown = false;
      await arrive(visitor(here));
      isKnown = true;
      const browser = visitor(here);
      await arrive(browser);
      expect([browser.has("__Host-session"), registered]).toEqual([true, before + 1]);
      world.clock.advance(12 * HOUR_MS);
      await arrive(visitor(here));
      expect(registered).toBe(before + 2);
    });

    test("names on one host and pages on another lead to the pages, and back by the address that was registered", async () => {
      const address = (await setOut(visitor(here), "@ada@names.test")).headers.get("location") ?? "";
      expect(address).toStartWith("https://social.test/oauth/authorize?");
      expect(new URL(address).searchParams.get("redirect_uri")).toBe(
        "https://here.test/sign-in/back/names.test",
      );
      expect(new Set(redirects)).toEqual(
        new Set(["social", "names", "liar"].map((name) => `https://here.test/sign-in/back/${name}.test`)),
      );
    });

    test("one server is not asked again and again", async () => {
      const statuses: number[] = [];
      for (let i = 0; i < 5; i++) statuses.push((await setOut(visitor(here), "nothing.test")).status);
      expect(statuses).toEqual([422, 422, 422, 429, 429]);
      expect(world.sent.filter(({ to }) => to === "nothing.test").length).toBeLessThanOrEqual(9);
    });

    test("nor is one to which many names lead", async () => {
      const leading = [1, 2, 3, 4, 5].map((n) => `many${n}.test`);
      for (const name of leading)
        world.join(name, async (request) =>
          new URL(request.url).pathname === "/.well-known/host-meta"
            ? new Response('<XRD><Link rel="lrdd" template="https://nothing2.test/x?r={uri}"/></XRD>')
            : new Response(null, { status: 404 }),
        );
      world.join("nothing2.test", async () => new Response("hello"));
      const statuses: number[] = [];
      for (const name of leading) statuses.push((await setOut(visitor(here), name)).status);
      expect(statuses).toEqual([422, 422, 422, 429, 429]);
    });
  });

  test.each([
    ["no name of a server", "???"],
    ["a machine of ours", "localhost"],
    ["an address of ours", "10.0.0.1"],
    ["this server", "here.test"],
  ])("%s is refused at its field, and nobody is asked", async (_, server) => {
    const before = world.sent.length;
    const browser = visitor(here);
    const answer = await setOut(browser, server);
    expect(answer.status).toBe(422);
    expect(await answer.text()).toContain("field-server-error");
    expect(world.sent.length).toBe(before);
  });

  test("a server that is refused here is not asked, and none is where the admin says so", async () => {
    const before = world.sent.length;
    await here.opened.accounts.settings.set({ fediverseSignIn: "off" });
    expect(await (await visitor(here).open("/sign-in")).text()).not.toContain('name="server"');
    const browser = visitor(here);
    expect((await setOut(browser, "there.test")).status).toBe(403);
    await here.opened.accounts.settings.set({ fediverseSignIn: "on", federation: "partners" });
    expect((await setOut(visitor(here), "unknown.test")).status).toBe(422);
    expect(world.sent.length).toBe(before);
    await here.opened.accounts.settings.set({ federation: "open" });
  });
});
