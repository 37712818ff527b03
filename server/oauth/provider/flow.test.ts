/** The whole of OAuth as clients see it: register, ask, exchange, refresh, revoke. */
import { expect, test } from "bun:test";
import { type AccessEnded, onAccessEnded } from "../../accounts/access-ended.ts";
import type { Account } from "../../accounts/account.ts";
import { sha256 } from "../../lib/secret.ts";
import { sql } from "../../lib/sql.ts";
import { eachEngine } from "../../testing/engines.ts";
import { refused } from "../../testing/refused.ts";
import { ORIGIN, type Residents, residents } from "../../testing/residents.ts";
import { routes } from "./routes.ts";

const VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
/** RFC 7636 appendix B. */
const CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const CALLBACK = "https://app.example/callback?from=pub";

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
  readonly headers: Headers;
}

type Fields = Record<string, string>;

eachEngine((engine) => {
  async function open(): Promise<
    Residents & {
      post(path: string, body: Fields | string, headers?: Fields): Promise<Answer>;
      alice: Account;
    }
  > {
    const here = await residents(await engine.freshDb());
    const app = routes({ oauth: here.oauth, limit: () => {} });
    return {
      ...here,
      alice: await here.person("alice"),
      async post(path, body, headers = {}) {
        const init = {
          method: "POST",
          headers,
          body: typeof body === "string" ? body : new URLSearchParams(body),
        };
        const response = await app.handle(new Request(`http://localhost${path}`, init));
        return { status: response.status, body: await response.json(), headers: response.headers };
      },
    };
  }
  type Here = Awaited<ReturnType<typeof open>>;

  const register = async (
    here: Here,
    more: Record<string, unknown> = {},
  ): Promise<Record<string, string>> => {
    const metadata = {
      client_name: "App",
      redirect_uris: [CALLBACK],
      grant_types: ["authorization_code", "refresh_token"],
      token_endpoint_auth_method: "none",
      scope: "read write",
      ...more,
    };
    const { status, body } = await here.post("/oauth/register", JSON.stringify(metadata));
    expect(status).toBe(201);
    return body as Record<string, string>;
  };

  const question = (id: string, more: Fields = {}): URLSearchParams =>
    new URLSearchParams({
      response_type: "code",
      client_id: id,
      redirect_uri: CALLBACK,
      scope: "read write:statuses",
      state: "a b&c",
      code_challenge: CHALLENGE,
      code_challenge_method: "S256",
      ...more,
    });

  async function codeFor(here: Here, id: string, more: Fields = {}): Promise<string> {
    const answered = await here.oauth.authorize.approve(question(id, more), here.alice);
    if (answered.kind !== "redirect") throw new Error("no redirect");
    return new URL(answered.to).searchParams.get("code") ?? "";
  }

  const exchange = (id: string, code: string, more: Fields = {}): Fields => ({
    grant_type: "authorization_code",
    client_id: id,
    code,
    redirect_uri: CALLBACK,
    code_verifier: VERIFIER,
    ...more,
  });

  test("a public client registers, asks, is let in, and its token stands for the person", async () => {
    const here = await open();
    const client = await register(here);
    expect(client).toMatchObject({
      client_name: "App",
      redirect_uris: [CALLBACK],
      token_endpoint_auth_method: "none",
    });
    expect(client.client_secret).toBeUndefined();

    const asked = await here.oauth.authorize.describe(question(client.client_id ?? ""), here.alice);
    expect(asked).toMatchObject({
      kind: "ask",
      client: { name: "App", website: null },
      scopes: ["read", "write:statuses"],
      returnsTo: "app.example",
      formTarget: "https://app.example",
    });
    if (asked.kind !== "ask") throw new Error("not asked");
    const form = new URLSearchParams([...asked.fields.map(([name, value]) => [name, value]), ["csrf", "x"]]);
    const answered = await here.oauth.authorize.approve(form, here.alice);
    if (answered.kind !== "redirect") throw new Error("no redirect");
    expect(answered.to).toStartWith(`${CALLBACK}&code=`);
    const back = new URL(answered.to).searchParams;
    expect([back.get("state"), back.get("iss"), back.get("from")]).toEqual(["a b&c", ORIGIN, "pub"]);

    const { status, body, headers } = await here.post(
      "/oauth/token",
      exchange(client.client_id ?? "", back.get("code") ?? ""),
    );
    expect(status).toBe(200);
    expect(headers.get("cache-control")).toBe("no-store");
    expect(body).toMatchObject({
      token_type: "Bearer",
      scope: "read write:statuses",
      created_at: Math.floor(here.clock.now() / 1000),
      expires_in: 3600,
    });
    expect(await here.oauth.tokens.find(String(body.access_token))).toMatchObject({
      scopes: ["read", "write:statuses"],
      client: { name: "App" },
      account: { key: here.alice.key, name: "alice", role: "member" },
    });
    expect(await here.oauth.tokens.find(String(body.refresh_token))).toBeNull();
    const [listed] = await here.oauth.revocation.list(here.alice.key);
    expect(listed).toMatchObject({ clientName: "App", scopes: ["read", "write:statuses"] });
  });

  test("nothing that is secret is in the database", async () => {
    const here = await open();
    const client = await register(here, { token_endpoint_auth_method: "client_secret_post" });
    const code = await codeFor(here, client.client_id ?? "");
    const { body } = await here.post(
      "/oauth/token",
      exchange(client.client_id ?? "", code, { client_secret: client.client_secret ?? "" }),
    );
    const all = JSON.stringify(
      await Promise.all(
        ["oauth_client", "oauth_code", "oauth_token"].map((table) =>
          here.db.all({ text: `SELECT * FROM ${table}`, values: [] }),
        ),
      ),
    );
    for (const secret of [client.client_secret, code, body.access_token, body.refresh_token]) {
      expect(all).not.toContain(String(secret));
      expect(all).toContain(sha256(String(secret)));
    }
  });

  const wrong: [string, Fields][] = [
    ["another redirect address", { redirect_uri: "https://app.example/callback" }],
    ["no redirect address", { redirect_uri: "" }],
    ["another verifier", { code_verifier: VERIFIER.replace("d", "e") }],
    ["the challenge as verifier", { code_verifier: CHALLENGE }],
    ["no verifier", { code_verifier: "" }],
    ["another code", { code: "guess" }],
  ];
  test("a code is good only with everything that it is bound to, and a wrong try does not spend it", async () => {
    const here = await open();
    const client = await register(here);
    const other = await register(here);
    const code = await codeFor(here, client.client_id ?? "");
    for (const [what, fields] of [
      ...wrong,
      ["another client", { client_id: other.client_id ?? "" }] as const,
    ]) {
      const { status, body } = await here.post(
        "/oauth/token",
        exchange(client.client_id ?? "", code, fields),
      );
      expect([what, status, body.error]).toEqual([what, 400, "invalid_grant"]);
    }
    expect((await here.post("/oauth/token", exchange(client.client_id ?? "", code))).status).toBe(200);
  });

  test("a code ends after ten minutes", async () => {
    const here = await open();
    const client = await register(here);
    const code = await codeFor(here, client.client_id ?? "");
    here.clock.advance(10 * 60 * 1000);
    const { body } = await here.post("/oauth/token", exchange(client.client_id ?? "", code));
    expect(body.error).toBe("invalid_grant");
  });

  test("a code that comes a second time ends the tokens of the first, and open streams are told", async () => {
    const here = await open();
    const client = await register(here);
    const request = exchange(client.client_id ?? "", await codeFor(here, client.client_id ?? ""));
    const { body } = await here.post("/oauth/token", request);
    const ended = Promise.withResolvers<AccessEnded>();
    const stop = await onAccessEnded(here.db, ended.resolve);
    expect((await here.post("/oauth/token", request)).body.error).toBe("invalid_grant");
    expect(await here.oauth.tokens.find(String(body.access_token))).toBeNull();
    expect(await ended.promise).toHaveProperty("consent");
    stop();
  });

  test("of two exchanges at once at most one gives a token, and it does not last", async () => {
    const here = await open();
    const client = await register(here);
    const request = exchange(client.client_id ?? "", await codeFor(here, client.client_id ?? ""));
    const both = await Promise.all([here.post("/oauth/token", request), here.post("/oauth/token", request)]);
    const given = both.filter(({ status }) => status === 200);
    expect(given).toHaveLength(1);
    expect(await here.oauth.tokens.find(String(given[0]?.body.access_token))).toBeNull();
  });

  test("refreshing rotates, and a refresh token that comes back ends the whole family", async () => {
    const here = await open();
    const client = await register(here);
    const id = client.client_id ?? "";
    const first = (await here.post("/oauth/token", exchange(id, await codeFor(here, id)))).body;
    const refresh = (token: unknown, more: Fields = {}): Promise<Answer> =>
      here.post("/oauth/token", {
        grant_type: "refresh_token",
        client_id: id,
        refresh_token: String(token),
        ...more,
      });
    here.clock.advance(3600_000);
    expect(await here.oauth.tokens.find(String(first.access_token))).toBeNull();
    const second = (await refresh(first.refresh_token, { scope: "read" })).body;
    expect(second.scope).toBe("read");
    expect((await refresh(second.refresh_token, { scope: "read write" })).body.error).toBe("invalid_scope");
    const third = (await refresh(second.refresh_token)).body;
    expect(third.scope).toBe("read write:statuses");
    expect(await here.oauth.tokens.find(String(second.access_token))).toBeNull();
    expect(await here.oauth.tokens.find(String(third.access_token))).not.toBeNull();

    expect((await refresh(first.refresh_token)).body.error).toBe("invalid_grant");
    expect(await here.oauth.tokens.find(String(third.access_token))).toBeNull();
    expect((await refresh(third.refresh_token)).body.error).toBe("invalid_grant");
  });

  test("another client cannot use a refresh token, and trying does not end it", async () => {
    const here = await open();
    const [client, thief] = [await register(here), await register(here)];
    const id = client.client_id ?? "";
    const { body } = await here.post("/oauth/token", exchange(id, await codeFor(here, id)));
    const request = { grant_type: "refresh_token", refresh_token: String(body.refresh_token) };
    const stolen = await here.post("/oauth/token", { ...request, client_id: thief.client_id ?? "" });
    expect(stolen.body.error).toBe("invalid_grant");
    expect((await here.post("/oauth/token", { ...request, client_id: id })).status).toBe(200);
  });

  test("a client that cannot refresh gets a token that lasts until it is revoked", async () => {
    const here = await open();
    const client = await register(here, { grant_types: ["authorization_code"] });
    const id = client.client_id ?? "";
    const { body } = await here.post("/oauth/token", exchange(id, await codeFor(here, id)));
    expect([body.refresh_token, body.expires_in]).toEqual([undefined, undefined]);
    here.clock.advance(400 * 24 * 3600_000);
    await here.db.batch(here.oauth.sweep());
    expect(await here.oauth.tokens.find(String(body.access_token))).not.toBeNull();
    expect(
      (await here.post("/oauth/revoke", { client_id: id, token: String(body.access_token) })).status,
    ).toBe(200);
    expect(await here.oauth.tokens.find(String(body.access_token))).toBeNull();
  });

  test("revoking ends access and refresh token together, but not another client's", async () => {
    const here = await open();
    const [client, thief] = [await register(here), await register(here)];
    const id = client.client_id ?? "";
    const { body } = await here.post("/oauth/token", exchange(id, await codeFor(here, id)));
    const revoke = (clientId: string): Promise<Answer> =>
      here.post("/oauth/revoke", {
        client_id: clientId,
        token: String(body.refresh_token),
        token_type_hint: "x",
      });
    expect((await revoke(thief.client_id ?? "")).status).toBe(200);
    expect(await here.oauth.tokens.find(String(body.access_token))).not.toBeNull();
    expect((await revoke(id)).status).toBe(200);
    expect(await here.oauth.tokens.find(String(body.access_token))).toBeNull();
    expect(await here.oauth.revocation.list(here.alice.key)).toEqual([]);
  });

  test("a confidential client proves itself by Basic or in the body, and not without its secret", async () => {
    const here = await open();
    const client = await register(here, {
      grant_types: ["client_credentials"],
      redirect_uris: [],
      token_endpoint_auth_method: "client_secret_basic",
    });
    const [id, secret] = [client.client_id ?? "", client.client_secret ?? ""];
    const basic = { authorization: `Basic ${btoa(`${id}:${secret}`)}` };
    const request = { grant_type: "client_credentials" };
    const byBasic = await here.post("/oauth/token", request, basic);
    const byBody = await here.post("/oauth/token", { ...request, client_id: id, client_secret: secret });
    expect([byBasic.status, byBody.status]).toEqual([200, 200]);
    expect(await here.oauth.tokens.find(String(byBasic.body.access_token))).toMatchObject({
      account: null,
      scopes: ["read"],
    });

    const bad = await here.post("/oauth/token", request, { authorization: `Basic ${btoa(`${id}:wrong`)}` });
    expect([bad.status, bad.body.error, bad.headers.get("www-authenticate")]).toEqual([
      401,
      "invalid_client",
      `Basic realm="oauth", charset="UTF-8"`,
    ]);
    const none = await here.post("/oauth/token", { ...request, client_id: id });
    expect([none.status, none.body.error]).toEqual([401, "invalid_client"]);
    const unknown = await here.post("/oauth/token", { ...request, client_id: "lost" });
    expect([unknown.status, unknown.body.error]).toEqual([401, "invalid_client"]);
    const twice = await here.post("/oauth/token", { ...request, client_secret: secret }, basic);
    expect(twice.body.error).toBe("invalid_request");
    const more = await here.post("/oauth/token", { ...request, scope: "push" }, basic);
    expect(more.body.error).toBe("invalid_scope");
  });

  test("grants that were not registered for, and unknown ones, are refused", async () => {
    const here = await open();
    const client = await register(here);
    const errorOf = async (fields: Fields): Promise<unknown> =>
      (await here.post("/oauth/token", { client_id: client.client_id ?? "", ...fields })).body.error;
    expect(await errorOf({ grant_type: "client_credentials" })).toBe("unauthorized_client");
    expect(await errorOf({ grant_type: "password", username: "alice", password: "x" })).toBe(
      "unsupported_grant_type",
    );
    expect(await errorOf({ grant_type: "constructor" })).toBe("unsupported_grant_type");
    expect(await errorOf({})).toBe("invalid_request");
  });

  test("bodies come as forms, JSON or multipart, and no name comes twice", async () => {
    const here = await open();
    const client = await register(here);
    const id = client.client_id ?? "";
    const json = await here.post("/oauth/token", JSON.stringify(exchange(id, await codeFor(here, id))), {
      "content-type": "application/json",
    });
    expect(json.status).toBe(200);
    const boundary = "b";
    const parts = Object.entries(exchange(id, await codeFor(here, id))).map(
      ([name, value]) => `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
    );
    const multipart = await here.post("/oauth/token", `${parts.join("")}--b--\r\n`, {
      "content-type": `multipart/form-data; boundary=${boundary}`,
    });
    expect(multipart.status).toBe(200);
    const twice = await here.post("/oauth/token", "grant_type=password&grant_type=refresh_token", {
      "content-type": "application/x-www-form-urlencoded",
    });
    expect(twice.body.error).toBe("invalid_request");
    const bad = await here.post("/oauth/token", "[]", { "content-type": "application/json" });
    expect(bad.body.error).toBe("invalid_request");
  });

  test("a client looks at its own tokens and learns nothing of others'", async () => {
    const here = await open();
    const secretly = { token_endpoint_auth_method: "client_secret_post" };
    const [client, other] = [await register(here, secretly), await register(here, secretly)];
    const as = (who: Record<string, string>): Fields => ({
      client_id: who.client_id ?? "",
      client_secret: who.client_secret ?? "",
    });
    const code = await codeFor(here, client.client_id ?? "");
    const { body } = await here.post("/oauth/token", exchange(client.client_id ?? "", code, as(client)));
    const look = async (who: Record<string, string>, token: unknown): Promise<Record<string, unknown>> =>
      (await here.post("/oauth/introspect", { ...as(who), token: String(token) })).body;
    expect(await look(client, body.access_token)).toEqual({
      active: true,
      scope: "read write:statuses",
      client_id: client.client_id,
      token_type: "Bearer",
      iat: Math.floor(here.clock.now() / 1000),
      exp: Math.floor(here.clock.now() / 1000) + 3600,
      iss: ORIGIN,
      username: "alice",
      sub: `${ORIGIN}/users/alice`,
    });
    expect(await look(other, body.access_token)).toEqual({ active: false });
    expect(await look(client, "guess")).toEqual({ active: false });
    here.clock.advance(3600_000);
    expect(await look(client, body.access_token)).toEqual({ active: false });
    const open_ = await register(here);
    const public_ = await here.post("/oauth/introspect", { client_id: open_.client_id ?? "", token: "x" });
    expect(public_.status).toBe(401);
  });

  test("the command line makes tokens in nobody's name but the person's", async () => {
    const here = await open();
    const token = await here.oauth.tokens.create({ account: here.alice, scope: "read write admin:read" });
    expect(await here.oauth.tokens.find(token)).toMatchObject({
      scopes: ["read", "write"],
      client: { name: "Command line" },
      account: { name: "alice" },
    });
    const brief = await here.oauth.tokens.create({
      account: here.alice,
      scope: "read",
      expiresMs: here.clock.now() + 1000,
    });
    here.clock.advance(1000);
    expect([
      await here.oauth.tokens.find(brief),
      (await here.oauth.tokens.find(token))?.consent !== undefined,
    ]).toEqual([null, true]);
    const problem = await refused(here.oauth.tokens.create({ account: here.alice, scope: "nonsense" }));
    expect(problem.detail.reason).toBe("invalid_scope");
    const asked = await refused(here.oauth.authorize.describe(question("command-line"), here.alice));
    expect(asked.detail.reason).toBe("redirect-mismatch");
  });

  test("a person shuts a program out, only their own", async () => {
    const here = await open();
    const eve = await here.person("eve");
    const token = await here.oauth.tokens.create({ account: here.alice, scope: "read" });
    const [consent] = await here.oauth.revocation.list(here.alice.key);
    const key = consent?.key ?? 0;
    expect((await refused(here.oauth.revocation.byPerson(eve.key, key))).code).toBe("not-found");
    expect(await here.oauth.tokens.find(token)).not.toBeNull();
    await here.oauth.revocation.byPerson(here.alice.key, key);
    expect(await here.oauth.tokens.find(token)).toBeNull();
  });

  test("what is over is swept away, what lives stays", async () => {
    const here = await open();
    const used = await register(here);
    const idle = await register(here);
    const id = used.client_id ?? "";
    const { body } = await here.post("/oauth/token", exchange(id, await codeFor(here, id)));
    await codeFor(here, id);
    here.clock.advance(59 * 24 * 3600_000);
    await here.db.batch(here.oauth.sweep());
    const count = async (table: string): Promise<number> =>
      (await here.db.all({ text: `SELECT 1 AS found FROM ${table}`, values: [] })).length;
    expect([await count("oauth_code"), await count("oauth_grant"), await count("oauth_token")]).toEqual([
      0, 1, 1,
    ]);
    const again = await here.post("/oauth/token", {
      grant_type: "refresh_token",
      client_id: id,
      refresh_token: String(body.refresh_token),
    });
    expect(again.status).toBe(200);
    here.clock.advance(32 * 24 * 3600_000);
    await here.db.batch(here.oauth.sweep());
    const left = await here.db.all<{ id: string }>(sql`SELECT id FROM oauth_client`);
    expect(left.map((row) => row.id)).toEqual([id]);
    expect(idle.client_id).not.toBe(id);
  });
});
