/** How apps introduce themselves and sign people in, in every form that they send it, and from other sites' scripts. */
import { expect, test } from "bun:test";
import type { TestApp } from "../../testing/app.ts";
import { testApp } from "../../testing/app.ts";
import { onSqlite } from "../../testing/engines.ts";
import { mastodonSchema } from "../../testing/mastodon.ts";
import { PASSWORD, type Person, person } from "../../testing/people.ts";

const OOB = "urn:ietf:wg:oauth:2.0:oob";
/** Elk's, with an encoded slash that must survive. */
const ELK = "http://localhost:4020/api/pub.test/oauth/http%3A%2F%2Flocalhost%3A4020";

onSqlite((engine) => {
  let made: Promise<{ app: TestApp; alice: Person }> | null = null;
  const open = () => {
    made ??= (async () => {
      const app = await testApp(engine);
      return { app, alice: await person(app, "alice", "admin") };
    })();
    return made;
  };

  // biome-ignore lint/suspicious/noExplicitAny: answers are read by tests, which say what they expect in them.
  const jsonOf = async (response: Response): Promise<any> => response.json();

  const form = (fields: Record<string, string>): RequestInit => ({
    method: "POST",
    body: new URLSearchParams(fields),
  });
  const json = (body: object): RequestInit => ({
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  function multipart(fields: Record<string, string>): RequestInit {
    const body = new FormData();
    for (const [name, value] of Object.entries(fields)) body.append(name, value);
    return { method: "POST", body };
  }

  async function register(more: Record<string, string> = {}) {
    const { app } = await open();
    const fields = { client_name: "App", redirect_uris: OOB, scopes: "read write follow push", ...more };
    return jsonOf(await app.ask("/api/v1/apps", form(fields)));
  }

  /** Alice says yes on the page; where that leads, or the page with the code. */
  async function consent(question: Record<string, string>, path = "/oauth/authorize"): Promise<Response> {
    const { alice } = await open();
    const page = await alice.page(`${path}?${new URLSearchParams(question)}`);
    expect(page.status).toBe(200);
    const hidden = [...(await page.text()).matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)];
    const fields = Object.fromEntries(hidden.map(([, name = "", value = ""]) => [name, unescaped(value)]));
    return alice.submit("/oauth/authorize", { ...fields, decision: "allow" });
  }
  const unescaped = (html: string): string => html.replaceAll("&quot;", '"').replaceAll("&amp;", "&");

  test("an app registers by form, JSON, multipart or in the address, and is answered with all that decoders want", async () => {
    const { app } = await open();
    const schema = mastodonSchema();
    const fields = { client_name: "Phanpy", redirect_uris: ELK, scopes: "read write", website: "" };
    const requests: [string, RequestInit][] = [
      ["/api/v1/apps", form(fields)],
      ["/api/v1/apps", json(fields)],
      ["/api/v1/apps", json({ ...fields, redirect_uris: [ELK], website: null })],
      ["/api/v1/apps", multipart(fields)],
      [`/api/v1/apps?${new URLSearchParams(fields)}`, { method: "POST" }],
      ["/api/v1/apps", form({ client_name: "Phanpy", "redirect_uris[]": ELK, scopes: "read write" })],
    ];
    for (const [path, init] of requests) {
      const response = await app.ask(path, init);
      const body = await jsonOf(response);
      expect([response.status, schema?.faults("POST", path, 200, body) ?? []]).toEqual([200, []]);
      expect(body).toEqual({
        id: expect.stringMatching(/^\d+$/),
        name: "Phanpy",
        website: null,
        scopes: ["read", "write"],
        redirect_uri: ELK,
        redirect_uris: [ELK],
        client_id: expect.any(String),
        client_secret: expect.any(String),
        client_secret_expires_at: 0,
        vapid_key: expect.stringMatching(/^[\w-]{87}$/),
      });
    }
    const refused = await app.ask(
      "/api/v1/apps",
      form({ client_name: "App", redirect_uris: "javascript:1" }),
    );
    expect([refused.status, typeof (await jsonOf(refused)).error]).toEqual([422, "string"]);
  });

  test("the code is asked for at an address with a slash, shown out of band, and good in every encoding", async () => {
    const { app } = await open();
    for (const encode of [form, json, multipart]) {
      const { client_id, client_secret } = await register();
      const question = { response_type: "code", client_id, redirect_uri: OOB, scope: "read write follow" };
      const shown = await consent({ ...question, force_login: "false", lang: "en" }, "/oauth/authorize/");
      const code = /<code[^>]*>([^<]+)<\/code>/.exec(await shown.text())?.[1] ?? "";
      const exchanged = await app.ask(
        "/oauth/token",
        encode({ grant_type: "authorization_code", client_id, client_secret, code, redirect_uri: OOB }),
      );
      const token = await jsonOf(exchanged);
      expect(token).toEqual({
        access_token: expect.any(String),
        token_type: "Bearer",
        scope: "read write follow",
        created_at: expect.any(Number),
      });
      const me = await app.ask("/api/v1/accounts/verify_credentials", {
        headers: { authorization: `Bearer ${token.access_token}` },
      });
      expect([me.status, (await jsonOf(me)).username]).toEqual([200, "alice"]);
      const known = await app.ask("/api/v1/apps/verify_credentials", {
        headers: { authorization: `Bearer ${token.access_token}` },
      });
      expect(await jsonOf(known)).toMatchObject({ name: "App", redirect_uris: [OOB] });
    }
  });

  test("people are sent back to the very address, byte by byte, with the code after what it has", async () => {
    for (const uri of [ELK, "http://localhost:4010/?x=%2F", "icecubesapp://", "com.example.app:/oauth?a=1"]) {
      const { client_id } = await register({ redirect_uris: uri });
      const answered = await consent({
        response_type: "code",
        client_id,
        redirect_uri: uri,
        scope: "read",
        state: "a/b c",
      });
      const to = answered.headers.get("location") ?? "";
      expect(to).toStartWith(uri + (uri.includes("?") ? "&" : "?"));
      expect(new URLSearchParams(to.slice(to.indexOf("?"))).get("state")).toBe("a/b c");
    }
  });

  test("an app speaks for itself, with its secret in the body or as Basic, and reads what is public", async () => {
    const { app } = await open();
    const { client_id, client_secret } = await register();
    const basic = { authorization: `Basic ${btoa(`${client_id}:${client_secret}`)}` };
    for (const init of [
      form({ grant_type: "client_credentials", client_id, client_secret }),
      { ...form({ grant_type: "client_credentials" }), headers: basic },
    ]) {
      const { access_token } = await jsonOf(await app.ask("/oauth/token", init));
      const headers = { authorization: `Bearer ${access_token}` };
      expect((await app.ask("/api/v1/apps/verify_credentials", { headers })).status).toBe(200);
      expect((await app.ask("/api/v1/accounts/lookup?acct=alice", { headers })).status).toBe(200);
      expect((await app.ask("/api/v1/timelines/home", { headers })).status).toBe(403);
    }
  });

  test("an app that is lost is told invalid_client, and toot's login by password where to go instead", async () => {
    const { app } = await open();
    const lost = await app.ask(
      "/oauth/token",
      json({ grant_type: "authorization_code", client_id: "lost", client_secret: "x", code: "x" }),
    );
    expect([lost.status, (await jsonOf(lost)).error]).toEqual([401, "invalid_client"]);
    const { client_id, client_secret } = await register();
    const password = await app.ask(
      "/oauth/token",
      form({ grant_type: "password", client_id, client_secret, username: "alice", password: PASSWORD }),
    );
    expect(password.status).toBe(400);
    expect(await jsonOf(password)).toMatchObject({ error: "unsupported_grant_type" });
  });

  test("a token that is revoked is refused with JSON, and revoking what nobody knows is fine", async () => {
    const { app, alice } = await open();
    const { client_id, client_secret } = await register();
    const credentials = { client_id, client_secret };
    const unknown = await app.ask("/oauth/revoke", form({ ...credentials, token: "guess" }));
    expect([unknown.status, await jsonOf(unknown)]).toEqual([200, {}]);
    const { access_token } = await jsonOf(
      await app.ask("/oauth/token", form({ ...credentials, grant_type: "client_credentials" })),
    );
    await app.ask("/oauth/revoke", json({ ...credentials, token: access_token }));
    const refused = await app.ask("/api/v1/apps/verify_credentials", {
      headers: { authorization: `Bearer ${access_token}` },
    });
    expect([refused.status, typeof (await jsonOf(refused)).error]).toEqual([401, "string"]);
    expect(refused.headers.get("www-authenticate")).toContain("resource_metadata=");
    expect((await alice.page("/settings/apps")).status).toBe(200);
  });

  test("scripts of every site may call what is theirs, also where they are refused", async () => {
    const { app } = await open();
    const paths: [string, string][] = [
      ["GET", "/api/v1/instance"],
      ["GET", "/api/v1/nothing"],
      ["GET", "/api/v1/timelines/home"],
      ["POST", "/api/v1/apps"],
      ["POST", "/api/v1/statuses"],
      ["DELETE", "/api/v1/lists/1/accounts"],
      ["POST", "/oauth/token"],
      ["POST", "/oauth/revoke"],
      ["POST", "/oauth/register"],
      ["GET", "/oauth/userinfo"],
      ["GET", "/nodeinfo/2.0"],
      ["GET", "/.well-known/nodeinfo"],
      ["GET", "/.well-known/host-meta"],
      ["GET", "/.well-known/oauth-authorization-server"],
      ["GET", "/.well-known/oauth-protected-resource"],
      ["GET", "/.well-known/webfinger?resource=acct:alice@pub.test"],
      ["GET", "/avatars/original/missing.png"],
      ["GET", "/headers/original/missing.png"],
    ];
    for (const [method, path] of paths) {
      const preflight = await app.ask(path, {
        method: "OPTIONS",
        headers: {
          origin: "https://phanpy.social",
          "access-control-request-method": method,
          "access-control-request-headers": "authorization,content-type,idempotency-key",
        },
      });
      const allowed = preflight.headers.get("access-control-allow-headers")?.toLowerCase() ?? "";
      expect([path, preflight.status, preflight.headers.get("access-control-allow-origin")]).toEqual([
        path,
        204,
        "*",
      ]);
      for (const header of ["authorization", "content-type", "idempotency-key"])
        expect(allowed).toContain(header);
      for (const verb of ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
        expect(preflight.headers.get("access-control-allow-methods")).toContain(verb);
      const response = await app.ask(path, { method, headers: { origin: "https://phanpy.social" } });
      const exposed = response.headers.get("access-control-expose-headers") ?? "";
      expect([path, response.headers.get("access-control-allow-origin")]).toEqual([path, "*"]);
      expect(response.headers.get("access-control-allow-credentials")).toBeNull();
      for (const header of ["Link", "X-RateLimit-Remaining", "X-Request-Id"])
        expect(exposed).toContain(header);
      expect([path, response.status < 500, app.warnings()]).toEqual([path, true, []]);
      if (response.status >= 400)
        expect([path, response.headers.get("content-type")]).toEqual([path, expect.stringMatching(/json/)]);
    }
    for (const path of ["/oauth/authorize", "/auth/sign_in", "/settings"])
      expect((await app.ask(path)).headers.get("access-control-allow-origin")).toBeNull();
  });

  test("a network that registers without end is told to wait, in JSON that scripts may read", async () => {
    const { app } = await open();
    let refused: Response | null = null;
    for (let i = 0; i <= 100 && refused === null; i++) {
      const answer = await app.ask("/api/v1/apps", form({ client_name: "App", redirect_uris: OOB }));
      if (answer.status !== 200) refused = answer;
    }
    expect([refused?.status, typeof (refused && (await jsonOf(refused)).error)]).toEqual([429, "string"]);
    expect(Number(refused?.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(refused?.headers.get("access-control-allow-origin")).toBe("*");
  });
});
