/** Who may call the token endpoint and how, what a client learns of tokens, and how tokens end otherwise. */
import { expect, test } from "bun:test";
import { Elysia } from "elysia";
import { onAccessEnded } from "../../accounts/access-ended.ts";
import { DAY_MS } from "../../lib/durations.ts";
import { sql } from "../../lib/sql.ts";
import { eachEngine } from "../../testing/engines.ts";
import {
  ALONE,
  exchange,
  type Fields,
  type OAuthHouse,
  oauthHouse,
  question,
} from "../../testing/oauth-house.ts";
import { refused } from "../../testing/refused.ts";
import { ORIGIN } from "../../testing/residents.ts";
import { routes } from "./routes.ts";
import { MAX_OWN_TOKENS } from "./tokens.ts";

eachEngine((engine) => {
  const open = async (): Promise<OAuthHouse> => oauthHouse(await engine.freshDb());

  test("a confidential client proves itself by Basic or in the body, and not without its secret", async () => {
    const here = await open();
    const client = await here.register({
      grant_types: ["client_credentials"],
      redirect_uris: [],
      token_endpoint_auth_method: "client_secret_basic",
    });
    const [id, secret] = [client.client_id, client.client_secret ?? ""];
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
    const client = await here.register();
    const errorOf = async (fields: Fields): Promise<unknown> =>
      (await here.post("/oauth/token", { client_id: client.client_id, ...fields })).body.error;
    expect(await errorOf({ grant_type: "client_credentials" })).toBe("unauthorized_client");
    expect(await errorOf({ grant_type: "password", username: "alice", password: "x" })).toBe(
      "unsupported_grant_type",
    );
    expect(await errorOf({ grant_type: "constructor" })).toBe("unsupported_grant_type");
    expect(await errorOf({})).toBe("invalid_request");
  });

  test("errors keep OAuth's words inside an app that has words of its own", async () => {
    const here = await open();
    const inside = new Elysia()
      .onError(() => new Response("other words", { status: 418 }))
      .use(routes({ oauth: here.oauth, ...ALONE }));
    const response = await inside.handle(
      new Request("http://localhost/oauth/token", { method: "POST", body: "x=1" }),
    );
    expect([response.status, await response.json()]).toMatchObject([401, { error: "invalid_client" }]);
  });

  test("bodies come as forms, JSON or multipart, and no name comes twice", async () => {
    const here = await open();
    const client = await here.register();
    const id = client.client_id;
    const json = await here.post("/oauth/token", JSON.stringify(exchange(id, await here.codeFor(id))), {
      "content-type": "application/json",
    });
    expect(json.status).toBe(200);
    const boundary = "b";
    const parts = Object.entries(exchange(id, await here.codeFor(id))).map(
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
    const [client, other] = [await here.register(secretly), await here.register(secretly)];
    const as = (who: Fields & { client_id: string }): Fields => ({
      client_id: who.client_id,
      client_secret: who.client_secret ?? "",
    });
    const code = await here.codeFor(client.client_id);
    const { body } = await here.post("/oauth/token", exchange(client.client_id, code, as(client)));
    const look = async (
      who: Fields & { client_id: string },
      token: unknown,
    ): Promise<Record<string, unknown>> =>
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
    const open_ = await here.register();
    const public_ = await here.post("/oauth/introspect", { client_id: open_.client_id, token: "x" });
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

  test("whoever uses an app was here, and is among the active people", async () => {
    const here = await open();
    const token = await here.oauth.tokens.create({ account: here.alice, scope: "read" });
    const monthMs = 30 * DAY_MS;
    here.clock.advance(2 * monthMs);
    const active = () => here.accounts.people.countSeenSince(here.clock.now() - monthMs);
    const before = await active();
    await here.oauth.tokens.find(token);
    expect(await active()).toBe(before + 1);
    here.clock.advance(2 * monthMs);
    expect(await active()).toBe(before);
  });

  test("a program loses what only the staff may do with the role of its person", async () => {
    const here = await open();
    const boss = await here.person("boss", "admin");
    const token = await here.oauth.tokens.create({ account: here.alice, scope: "read" });
    await here.accounts.people.setRole(boss, here.alice, "moderator");
    const moderator = { ...here.alice, role: "moderator" } as const;
    const strong = await here.oauth.tokens.create({ account: moderator, scope: "read admin:read" });
    expect((await here.oauth.tokens.find(strong))?.scopes).toEqual(["read", "admin:read"]);
    await here.accounts.people.setRole(boss, moderator, "member");
    expect((await here.oauth.tokens.find(strong))?.scopes).toEqual(["read"]);
    expect((await here.oauth.tokens.find(token))?.scopes).toEqual(["read"]);
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

  /** A program with a secret that asks in its own name; `here` is any node. */
  async function lonely(here: OAuthHouse) {
    const made = await here.register({
      grant_types: ["client_credentials"],
      redirect_uris: [],
      token_endpoint_auth_method: "client_secret_post",
    });
    const client = { client_id: made.client_id, client_secret: made.client_secret ?? "" };
    const token = async (): Promise<string> => {
      const { body } = await here.post("/oauth/token", { grant_type: "client_credentials", ...client });
      return String(body.access_token);
    };
    return { client, token };
  }

  const countIn = async (here: OAuthHouse, table: string): Promise<number> =>
    (await here.db.all({ text: `SELECT 1 AS found FROM ${table}`, values: [] })).length;

  test("of the tokens that a program has of its own those used last stay, whoever asks at once", async () => {
    const here = await open();
    const [one, other] = [await lonely(here), await lonely(here)];
    const theirs = await other.token();
    const id = (await here.register({ grant_types: ["authorization_code"] })).client_id;
    const { body } = await here.post("/oauth/token", exchange(id, await here.codeFor(id)));
    const isAlive = async (token: string) => (await here.oauth.tokens.find(token)) !== null;
    const used = await one.token();
    const idle = [];
    for (let i = 1; i < MAX_OWN_TOKENS; i++) idle.push(await one.token());
    here.clock.advance(3600_000);
    expect(await isAlive(used)).toBe(true);

    const told = Promise.withResolvers<void>();
    let left = idle.length;
    const stop = await onAccessEnded(here.db, (ended) => {
      if ("consent" in ended && --left === 0) told.resolve();
    });
    const made = await Promise.all(idle.map(one.token));
    await told.promise;
    stop();
    expect(await Promise.all([used, ...made].map(isAlive))).not.toContain(false);
    expect(await Promise.all(idle.map(isAlive))).not.toContain(true);

    await Promise.all(Array.from({ length: 40 }, one.token));
    expect(await Promise.all([theirs, String(body.access_token)].map(isAlive))).toEqual([true, true]);
    expect(await countIn(here, "oauth_grant")).toBe(MAX_OWN_TOKENS + 2);
    expect(await countIn(here, "oauth_token")).toBe(MAX_OWN_TOKENS + 2);
  });

  test("a token of a program's own that nobody uses is swept away, one that is used stays", async () => {
    const here = await open();
    const { token } = await lonely(here);
    const [used, idle] = [await token(), await token()];
    const forAlice = await here.register({ grant_types: ["authorization_code"] });
    const id = forAlice.client_id;
    const { body } = await here.post("/oauth/token", exchange(id, await here.codeFor(id)));
    for (let month = 0; month < 4; month++) {
      here.clock.advance(30 * DAY_MS);
      expect(await here.oauth.tokens.find(used)).not.toBeNull();
      await here.db.batch(here.oauth.sweep());
    }
    expect(await here.oauth.tokens.find(idle)).toBeNull();
    expect(await countIn(here, "oauth_grant")).toBe(2);
    expect(await here.oauth.tokens.find(String(body.access_token))).not.toBeNull();
  });

  test("what is over is swept away, what lives stays", async () => {
    const here = await open();
    const used = await here.register();
    const idle = await here.register();
    const id = used.client_id;
    const { body } = await here.post("/oauth/token", exchange(id, await here.codeFor(id)));
    await here.codeFor(id);
    here.clock.advance(59 * DAY_MS);
    await here.db.batch(here.oauth.sweep());
    const count = (table: string): Promise<number> => countIn(here, table);
    expect([await count("oauth_code"), await count("oauth_grant"), await count("oauth_token")]).toEqual([
      0, 1, 1,
    ]);
    const again = await here.post("/oauth/token", {
      grant_type: "refresh_token",
      client_id: id,
      refresh_token: String(body.refresh_token),
    });
    expect(again.status).toBe(200);
    here.clock.advance(32 * DAY_MS);
    await here.db.batch(here.oauth.sweep());
    const left = await here.db.all<{ id: string }>(sql`SELECT id FROM oauth_client`);
    expect(left.map((row) => row.id)).toEqual([id]);
    expect(idle.client_id).not.toBe(id);
  });
});
