/** The edge as the whole app has it: what browsers and programs get when they come in a wrong way. */
import { expect, test } from "bun:test";
import { type TestApp, testApp } from "../testing/app.ts";
import { onSqlite } from "../testing/engines.ts";

const PASSWORD = "correct horse battery";

onSqlite((engine) => {
  async function open(): Promise<TestApp & { cookie: string }> {
    const app = await testApp(engine);
    const account = await app.opened.accounts.create({
      name: "boss",
      password: PASSWORD,
      role: "admin",
      state: "active",
    });
    const { token } = await app.opened.accounts.sessions.create(account.key, {
      addressPrefix: "x",
      agent: "",
    });
    return { ...app, cookie: `__Host-session=${token}` };
  }
  const form = (fields: Record<string, string>): string => new URLSearchParams(fields).toString();
  const csrfOf = async (response: Response): Promise<string> =>
    /name="csrf"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="csrf"/
      .exec(await response.text())
      ?.slice(1)
      .find(Boolean) ?? "";

  test("signing in needs the form of this browser, and gives a cookie that no script reads", async () => {
    const app = await open();
    const page = await app.ask("/sign-in");
    const formCookie = page.headers.get("set-cookie")?.split(";")[0] ?? "";
    const body = form({ name: "boss", password: PASSWORD, csrf: await csrfOf(page) });
    const post = (headers: Record<string, string>): Promise<Response> =>
      app.ask("/sign-in", { method: "POST", headers, body });
    for (const headers of [
      {},
      { cookie: formCookie },
      { origin: app.origin },
      { cookie: formCookie, origin: "https://evil.example" },
      { cookie: "__Host-form=guess", origin: app.origin },
    ]) {
      expect((await post(headers as Record<string, string>)).status).toBe(403);
    }
    const done = await post({ cookie: formCookie, origin: app.origin });
    expect(done.status).toBe(303);
    const [cookie = "", ...attributes] =
      done.headers
        .getSetCookie()
        .find((set) => set.includes("session"))
        ?.split("; ") ?? [];
    expect(cookie).toStartWith("__Host-session=");
    expect(attributes).toEqual(expect.arrayContaining(["HttpOnly", "Secure", "SameSite=Lax", "Path=/"]));
    expect((await app.ask("/settings", { headers: { cookie } })).status).toBe(200);
    expect((await app.ask("/settings", { headers: { cookie: cookie.slice(0, -1) } })).status).toBe(303);
  });

  test("what comes from another site with the cookie is a refusal in words, and no bug", async () => {
    const app = await open();
    for (const path of [
      "/act",
      "/settings/password",
      "/oauth/authorize",
      "/sign-out",
      "/api/c2s/outbox",
      "/nowhere",
    ]) {
      for (const origin of ["https://evil.example", "null"]) {
        const headers = { cookie: app.cookie, origin, "content-type": "application/x-www-form-urlencoded" };
        const response = await app.ask(path, { method: "POST", headers, body: "type=Like" });
        expect([path, response.status < 500 && response.status >= 400]).toEqual([path, true]);
        expect(await response.text()).not.toMatch(/at \w+ \(|server\/http/);
      }
    }
    expect(app.warnings()).toEqual([]);
  });

  test("a token that is no good is refused everywhere in its own words", async () => {
    const app = await open();
    for (const path of ["/", "/settings", "/api/c2s/outbox", "/@boss", "/users/boss", "/users/boss/inbox"]) {
      for (const accept of ["text/html", "application/activity+json"]) {
        const response = await app.ask(path, { headers: { authorization: "Bearer guess", accept } });
        expect([path, accept, response.status < 500]).toEqual([path, accept, true]);
        expect(await response.text()).not.toMatch(/at \w+ \(|server\/http/);
      }
    }
    expect(app.warnings()).toEqual([]);
  });

  test("every page is guarded, also one that is not there", async () => {
    const app = await open();
    for (const path of [
      "/",
      "/sign-in",
      "/nowhere",
      "/@nobody",
      "/%ff%fe",
      "/..%2f..%2fetc/passwd",
      "//evil.example/",
    ]) {
      const response = await app.ask(path, { headers: { accept: "text/html", cookie: app.cookie } });
      const { headers } = response;
      expect([path, response.status < 500]).toEqual([path, true]);
      expect(headers.get("content-security-policy")).toContain("default-src 'none'");
      expect(headers.get("content-security-policy")).not.toContain("unsafe");
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("strict-transport-security")).not.toBeNull();
      expect(headers.get("access-control-allow-origin")).toBeNull();
    }
    expect(app.warnings()).toEqual([]);
  });

  test("a program goes the whole way: metadata, registration, consent, token, and use", async () => {
    const app = await open();
    const metadata = (await (await app.ask("/.well-known/oauth-authorization-server")).json()) as Record<
      string,
      string
    >;
    expect(metadata.issuer).toBe(app.origin);
    const registered = await app.ask(new URL(metadata.registration_endpoint ?? "").pathname, {
      method: "POST",
      body: JSON.stringify({
        client_name: "App",
        redirect_uris: ["https://app.example/cb"],
        token_endpoint_auth_method: "none",
      }),
    });
    const { client_id } = (await registered.json()) as { client_id: string };
    const question = form({
      response_type: "code",
      client_id,
      redirect_uri: "https://app.example/cb",
      scope: "read",
      state: "s",
      code_challenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
      code_challenge_method: "S256",
    });
    const visitor = await app.ask(`/oauth/authorize?${question}`);
    expect([visitor.status, visitor.headers.get("location")]).toEqual([
      303,
      expect.stringContaining("/auth/sign_in?return="),
    ]);

    const page = await app.ask(`/oauth/authorize?${question}`, { headers: { cookie: app.cookie } });
    expect(page.status).toBe(200);
    const body = `${question}&${form({ decision: "allow", csrf: await csrfOf(page) })}`;
    const forged = await app.ask("/oauth/authorize", {
      method: "POST",
      headers: { cookie: app.cookie, origin: app.origin },
      body: `${question}&decision=allow&csrf=guess`,
    });
    expect(forged.status).toBe(403);
    const answered = await app.ask("/oauth/authorize", {
      method: "POST",
      headers: { cookie: app.cookie, origin: app.origin },
      body,
    });
    const back = new URL(answered.headers.get("location") ?? "");
    expect([back.host, back.searchParams.get("state"), back.searchParams.get("iss")]).toEqual([
      "app.example",
      "s",
      app.origin,
    ]);
    const exchanged = await app.ask("/oauth/token", {
      method: "POST",
      body: form({
        grant_type: "authorization_code",
        client_id,
        code: back.searchParams.get("code") ?? "",
        redirect_uri: "https://app.example/cb",
        code_verifier: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
      }),
    });
    expect(exchanged.headers.get("access-control-allow-origin")).toBe("*");
    const { access_token } = (await exchanged.json()) as { access_token: string };
    const inbox = await app.ask("/users/boss/inbox", {
      headers: { authorization: `Bearer ${access_token}`, accept: "application/activity+json" },
    });
    expect(inbox.status).toBe(200);
    expect(app.warnings()).toEqual([]);
  });
});
