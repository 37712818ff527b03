/** A code and what comes of it: everything that it is bound to, refreshing, coming back a second time. */
import { expect, test } from "bun:test";
import { type AccessEnded, onAccessEnded } from "../../accounts/access-ended.ts";
import { DAY_MS } from "../../lib/durations.ts";
import { sha256 } from "../../lib/secret.ts";
import { eachEngine } from "../../testing/engines.ts";
import {
  type Answer,
  CALLBACK,
  CHALLENGE,
  exchange,
  type Fields,
  type OAuthHouse,
  oauthHouse,
  question,
  VERIFIER,
} from "../../testing/oauth-house.ts";
import { ORIGIN } from "../../testing/residents.ts";
import { MAX_CONSENTS } from "./authorize.ts";

eachEngine((engine) => {
  const open = async (): Promise<OAuthHouse> => oauthHouse(await engine.freshDb());

  test("a public client registers, asks, is let in, and its token stands for the person", async () => {
    const here = await open();
    const client = await here.register();
    expect(client).toMatchObject({
      client_name: "App",
      redirect_uris: [CALLBACK],
      token_endpoint_auth_method: "none",
    });
    expect(client.client_secret).toBeUndefined();

    const asked = await here.oauth.authorize.describe(question(client.client_id), here.alice);
    expect(asked).toMatchObject({
      kind: "ask",
      client: { name: "App", website: null, host: null },
      scopes: ["read", "write:statuses"],
      returnsTo: "app.example",
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
      exchange(client.client_id, back.get("code") ?? ""),
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
    const client = await here.register({ token_endpoint_auth_method: "client_secret_post" });
    const code = await here.codeFor(client.client_id);
    const { body } = await here.post(
      "/oauth/token",
      exchange(client.client_id, code, { client_secret: client.client_secret ?? "" }),
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
    const client = await here.register();
    const other = await here.register();
    const code = await here.codeFor(client.client_id);
    for (const [what, fields] of [...wrong, ["another client", { client_id: other.client_id }] as const]) {
      const { status, body } = await here.post("/oauth/token", exchange(client.client_id, code, fields));
      expect([what, status, body.error]).toEqual([what, 400, "invalid_grant"]);
    }
    expect((await here.post("/oauth/token", exchange(client.client_id, code))).status).toBe(200);
  });

  test("where there is one redirect address nobody need name it, in the question or the exchange", async () => {
    const here = await open();
    const id = (await here.register()).client_id;
    for (const redirect_uri of ["", CALLBACK]) {
      const request = exchange(id, await here.codeFor(id, { redirect_uri: "" }), { redirect_uri });
      expect((await here.post("/oauth/token", request)).status).toBe(200);
    }
    const other = { redirect_uri: "https://app.example/other" };
    const bent = exchange(id, await here.codeFor(id, { redirect_uri: "" }), other);
    expect((await here.post("/oauth/token", bent)).body.error).toBe("invalid_grant");
  });

  test("a code ends after ten minutes", async () => {
    const here = await open();
    const client = await here.register();
    const code = await here.codeFor(client.client_id);
    here.clock.advance(10 * 60 * 1000);
    const { body } = await here.post("/oauth/token", exchange(client.client_id, code));
    expect(body.error).toBe("invalid_grant");
  });

  test("a code that comes a second time ends the tokens of the first, and open streams are told", async () => {
    const here = await open();
    const client = await here.register();
    const request = exchange(client.client_id, await here.codeFor(client.client_id));
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
    const client = await here.register();
    const request = exchange(client.client_id, await here.codeFor(client.client_id));
    const both = await Promise.all([here.post("/oauth/token", request), here.post("/oauth/token", request)]);
    const given = both.filter(({ status }) => status === 200);
    expect(given).toHaveLength(1);
    expect(await here.oauth.tokens.find(String(given[0]?.body.access_token))).toBeNull();
  });

  test("refreshing rotates, and a refresh token that comes back ends the whole family", async () => {
    const here = await open();
    const client = await here.register();
    const id = client.client_id;
    const first = (await here.post("/oauth/token", exchange(id, await here.codeFor(id)))).body;
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
    const [client, thief] = [await here.register(), await here.register()];
    const id = client.client_id;
    const { body } = await here.post("/oauth/token", exchange(id, await here.codeFor(id)));
    const request = { grant_type: "refresh_token", refresh_token: String(body.refresh_token) };
    const stolen = await here.post("/oauth/token", { ...request, client_id: thief.client_id });
    expect(stolen.body.error).toBe("invalid_grant");
    expect((await here.post("/oauth/token", { ...request, client_id: id })).status).toBe(200);
  });

  test("of the programs that somebody let in, those that were not used for longest end first", async () => {
    const here = await open();
    const id = (await here.register({ grant_types: ["authorization_code"] })).client_id;
    const tokens: string[] = [];
    for (let i = 0; i < 2; i++) {
      const { body } = await here.post("/oauth/token", exchange(id, await here.codeFor(id)));
      tokens.push(String(body.access_token));
    }
    here.clock.advance(3600_000);
    const [oldest = "", next = ""] = tokens;
    expect(await here.oauth.tokens.find(oldest)).not.toBeNull();
    const ended = Promise.withResolvers<AccessEnded>();
    const stop = await onAccessEnded(here.db, ended.resolve);
    for (let i = 0; i < MAX_CONSENTS - 1; i++) await here.codeFor(id);
    expect(await here.oauth.tokens.find(next)).toBeNull();
    expect(await ended.promise).toHaveProperty("consent");
    stop();
    expect(await here.oauth.tokens.find(oldest)).not.toBeNull();
  });

  test("a client that cannot refresh gets a token that lasts until it is revoked", async () => {
    const here = await open();
    const client = await here.register({ grant_types: ["authorization_code"] });
    const id = client.client_id;
    const { body } = await here.post("/oauth/token", exchange(id, await here.codeFor(id)));
    expect([body.refresh_token, body.expires_in]).toEqual([undefined, undefined]);
    here.clock.advance(400 * DAY_MS);
    await here.db.batch(here.oauth.sweep());
    expect(await here.oauth.tokens.find(String(body.access_token))).not.toBeNull();
    expect(
      (await here.post("/oauth/revoke", { client_id: id, token: String(body.access_token) })).status,
    ).toBe(200);
    expect(await here.oauth.tokens.find(String(body.access_token))).toBeNull();
  });

  test("revoking ends access and refresh token together, but not another client's", async () => {
    const here = await open();
    const [client, thief] = [await here.register(), await here.register()];
    const id = client.client_id;
    const { body } = await here.post("/oauth/token", exchange(id, await here.codeFor(id)));
    const revoke = (clientId: string): Promise<Answer> =>
      here.post("/oauth/revoke", {
        client_id: clientId,
        token: String(body.refresh_token),
        token_type_hint: "x",
      });
    expect((await revoke(thief.client_id)).status).toBe(200);
    expect(await here.oauth.tokens.find(String(body.access_token))).not.toBeNull();
    expect((await revoke(id)).status).toBe(200);
    expect(await here.oauth.tokens.find(String(body.access_token))).toBeNull();
    expect(await here.oauth.revocation.list(here.alice.key)).toEqual([]);
  });
});
