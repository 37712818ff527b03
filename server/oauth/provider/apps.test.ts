/** Programs that register as Mastodon's do, and what such programs send where others would not. */
import { expect, test } from "bun:test";
import { onSqlite } from "../../testing/engines.ts";
import { type OAuthHouse, oauthHouse } from "../../testing/oauth-house.ts";
import { refused } from "../../testing/refused.ts";
import type { AppMetadata } from "./client-metadata.ts";
import { OUT_OF_BAND } from "./redirects.ts";

onSqlite((engine) => {
  let house: Promise<OAuthHouse> | null = null;
  const open = (): Promise<OAuthHouse> => {
    house ??= engine.freshDb().then((db) => oauthHouse(db));
    return house;
  };
  const phanpy: AppMetadata = {
    client_name: "Phanpy",
    redirect_uris: "http://localhost:4010/",
    scopes: "read write follow push",
    website: "https://phanpy.social",
  };

  test("redirect addresses come as one text, on lines, or as a list", async () => {
    const here = await open();
    const cases: [unknown, readonly string[]][] = [
      ["icecubesapp://", ["icecubesapp://"]],
      [`${OUT_OF_BAND}\nhttps://app.example/cb`, [OUT_OF_BAND, "https://app.example/cb"]],
      [" https://a.example/1\r\n  https://a.example/2 ", ["https://a.example/1", "https://a.example/2"]],
      [["tusky-oauth://com.keylesspalace.tusky"], ["tusky-oauth://com.keylesspalace.tusky"]],
      [
        "http://localhost:4020/api/a.test/oauth/http%3A%2F%2Flocalhost%3A4020",
        ["http://localhost:4020/api/a.test/oauth/http%3A%2F%2Flocalhost%3A4020"],
      ],
    ];
    for (const [given, expected] of cases) {
      const { client } = await here.oauth.clients.registerApp({ ...phanpy, redirect_uris: given });
      expect(client.redirectUris).toEqual(expected);
    }
  });

  test("an app has a secret, may ask for what it named, and for reading where it named nothing", async () => {
    const here = await open();
    const { client, secret } = await here.oauth.clients.registerApp(phanpy);
    expect(secret).not.toBeNull();
    expect(client).toMatchObject({
      name: "Phanpy",
      scopes: ["read", "write", "follow", "push"],
      grantTypes: ["authorization_code", "client_credentials"],
    });
    const { client: silent } = await here.oauth.clients.registerApp({ ...phanpy, scopes: "" });
    expect(silent.scopes).toEqual(["read"]);
    const { client: newer } = await here.oauth.clients.registerApp({ ...phanpy, scopes: "read crypto" });
    expect(newer.scopes).toEqual(["read"]);
  });

  test("an app without a name or a place to go back to is refused", async () => {
    const here = await open();
    const bad: [AppMetadata, string][] = [
      [{ ...phanpy, client_name: " " }, "invalid_client_metadata"],
      [{ ...phanpy, redirect_uris: "" }, "invalid_redirect_uri"],
      [{ ...phanpy, redirect_uris: "https://a.example/ javascript:alert(1)" }, "invalid_redirect_uri"],
      [{ ...phanpy, scopes: "everything" }, "invalid_client_metadata"],
      [{ ...phanpy, website: "javascript:alert(1)" }, "invalid_client_metadata"],
    ];
    for (const [app, reason] of bad)
      expect((await refused(here.oauth.clients.registerApp(app))).detail.reason).toBe(reason);
  });

  test("its tokens last, and it speaks for itself with its secret", async () => {
    const here = await open();
    const { client, secret } = await here.oauth.clients.registerApp(phanpy);
    const credentials = { client_id: client.id, client_secret: secret ?? "" };
    const { status, body } = await here.post("/oauth/token", {
      ...credentials,
      grant_type: "client_credentials",
      scope: "read",
    });
    expect(status).toBe(200);
    expect(body).toEqual({
      access_token: expect.any(String),
      token_type: "Bearer",
      scope: "read",
      created_at: Math.floor(here.clock.now() / 1000),
    });
  });

  test("what stands in the address counts where the body does not say it, as Ice Cubes sends it", async () => {
    const here = await open();
    const { client, secret } = await here.oauth.clients.registerApp(phanpy);
    const all = { grant_type: "client_credentials", client_id: client.id, client_secret: secret ?? "" };
    const inAddress = await here.post(`/oauth/token?${new URLSearchParams(all)}`, "", {
      "content-type": "application/json",
    });
    expect(inAddress.status).toBe(200);
    const both = await here.post(`/oauth/token?${new URLSearchParams({ ...all, client_id: "lost" })}`, all);
    expect(both.status).toBe(200);
  });

  test("an app that is gone is told exactly that, so that it registers anew", async () => {
    const here = await open();
    const lost = { client_id: "lost", client_secret: "x" };
    for (const [path, fields] of [
      [
        "/oauth/token",
        { ...lost, grant_type: "authorization_code", code: "x", redirect_uri: "http://localhost:4010/" },
      ],
      ["/oauth/token", { ...lost, grant_type: "client_credentials" }],
      ["/oauth/revoke", { ...lost, token: "x" }],
    ] as const) {
      const { status, body } = await here.post(path, fields);
      expect([path, status, body.error]).toEqual([path, 401, "invalid_client"]);
    }
  });

  test("a password is not taken, and the refusal says where to go", async () => {
    const here = await open();
    const { client, secret } = await here.oauth.clients.registerApp(phanpy);
    const { status, body } = await here.post("/oauth/token", {
      grant_type: "password",
      username: "alice",
      password: "correct horse battery",
      client_id: client.id,
      client_secret: secret ?? "",
    });
    expect([status, body.error]).toEqual([400, "unsupported_grant_type"]);
    expect(String(body.error_description)).toContain("/oauth/authorize");
  });

  test("parameters that nobody here knows are passed over, also twice", async () => {
    const here = await open();
    const { client, secret } = await here.oauth.clients.registerApp(phanpy);
    const fields = new URLSearchParams({
      grant_type: "client_credentials",
      client_id: client.id,
      client_secret: secret ?? "",
      unknown: "1",
    });
    fields.append("resource", "https://a.example/");
    fields.append("resource", "https://b.example/");
    expect((await here.post("/oauth/token", `${fields}`)).status).toBe(200);
  });
});
