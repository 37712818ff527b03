/** Programs that describe themselves at their own address: what is believed of it, for how long, and what is not. */
import { expect, test } from "bun:test";
import type { Account } from "../../accounts/account.ts";
import { DAY_MS } from "../../lib/durations.ts";
import { createFetch, type Fetch } from "../../lib/fetch.ts";
import { upstream } from "../../lib/upstream.ts";
import { eachEngine, onSqlite } from "../../testing/engines.ts";
import { CALLBACK, exchange, type OAuthHouse, oauthHouse, question } from "../../testing/oauth-house.ts";
import { refused } from "../../testing/refused.ts";
import { isDocumentAddress } from "./client-documents.ts";

const ID = "https://app.example/oauth/client.json";

interface Published {
  status?: number;
  headers?: Record<string, string>;
  body?: unknown;
}

/** The program's own server: what it says can change, and how often it was asked is counted. */
function programServer(first: Published = {}) {
  let now: Published = first;
  let asked = 0;
  const fetch: Fetch = async (url, options) => {
    asked++;
    if (url !== ID) throw upstream("dns", url);
    expect(options).toMatchObject({ redirect: "none" });
    const { status = 200, headers = {}, body = document() } = now;
    const text = typeof body === "string" ? body : JSON.stringify(body);
    return {
      status,
      headers: new Headers({ "content-type": "application/json", ...headers }),
      url,
      bytes: new TextEncoder().encode(text),
    };
  };
  function says(next: Published): void {
    now = next;
  }
  return { fetch, says, asked: () => asked };
}

const document = (more: Record<string, unknown> = {}): Record<string, unknown> => ({
  client_id: ID,
  client_name: "Chalk",
  client_uri: "https://app.example/",
  redirect_uris: [CALLBACK],
  grant_types: ["authorization_code", "refresh_token"],
  token_endpoint_auth_method: "none",
  scope: "read write",
  ...more,
});

const ACTIVITY = { "content-type": "application/activity+json" };

const asking = (more: Record<string, string>) => question(ID, more);

const asked = (here: OAuthHouse, account: Account = here.alice) =>
  here.oauth.authorize.describe(question(ID), account);

eachEngine((engine) => {
  test("a program that never registered is shown with its host, and gets tokens as a public client", async () => {
    const { fetch } = programServer();
    const here = await oauthHouse(await engine.freshDb(), { fetch });
    expect(await asked(here)).toMatchObject({
      kind: "ask",
      client: { name: "Chalk", website: "https://app.example/", host: "app.example" },
      scopes: ["read", "write:statuses"],
    });
    const { status, body } = await here.post("/oauth/token", exchange(ID, await here.codeFor(ID)));
    expect([status, body.scope]).toEqual([200, "read write:statuses"]);
    expect(await here.oauth.tokens.find(String(body.access_token))).toMatchObject({
      client: { id: ID, name: "Chalk" },
      account: { name: "alice" },
    });
    const proof = question(ID, { code_challenge: "", code_challenge_method: "" });
    expect(await here.oauth.authorize.describe(proof, here.alice)).toMatchObject({ kind: "refused" });
  });

  test("what changed there counts once the old is no longer fresh, for the same program", async () => {
    const server = programServer({ headers: { "cache-control": "max-age=3600" } });
    const here = await oauthHouse(await engine.freshDb(), { fetch: server.fetch });
    await asked(here);
    const token = await here.post("/oauth/token", exchange(ID, await here.codeFor(ID)));
    server.says({ body: document({ client_name: "Slate", redirect_uris: ["https://app.example/new"] }) });
    here.clock.advance(3_599_000);
    expect(await asked(here)).toMatchObject({ client: { name: "Chalk" } });
    here.clock.advance(1_000);
    expect((await refused(asked(here))).detail.reason).toBe("redirect-mismatch");
    const renewed = question(ID, { redirect_uri: "https://app.example/new" });
    expect(await here.oauth.authorize.describe(renewed, here.alice)).toMatchObject({
      client: { name: "Slate" },
    });
    expect(server.asked()).toBe(2);
    const [consent] = await here.oauth.revocation.list(here.alice.key);
    expect([consent?.clientName, token.status]).toEqual(["Slate", 200]);
  });
});

onSqlite((engine) => {
  const refusals: [string, Published][] = [
    ["there is nothing", { status: 404 }],
    ["it sends elsewhere", { status: 302, headers: { location: "https://evil.example/" } }],
    ["it is a page", { headers: { "content-type": "text/html" } }],
    ["it is no JSON", { body: "{" }],
    ["it is a list", { body: [document()] }],
    ["it names another program", { body: document({ client_id: "https://evil.example/client.json" }) }],
    ["it names itself in another way", { body: document({ client_id: `${ID}#` }) }],
    ["it names nothing", { body: document({ client_id: undefined }) }],
    ["it has a secret", { body: document({ client_secret: "x" }) }],
    [
      "it wants to prove itself by a secret",
      { body: document({ token_endpoint_auth_method: "client_secret_post" }) },
    ],
    ["it wants a key", { body: document({ token_endpoint_auth_method: "private_key_jwt" }) }],
    ["it leads to a script", { body: document({ redirect_uris: ["javascript:alert(1)"] }) }],
    ["it leads nowhere", { body: document({ redirect_uris: [] }) }],
  ];
  test("a document that is no good lets nobody ask, and is not kept", async () => {
    const server = programServer();
    const here = await oauthHouse(await engine.freshDb(), { fetch: server.fetch });
    for (const [what, published] of refusals) {
      server.says(published);
      const problem = await refused(asked(here));
      expect([what, problem.code]).toEqual([what, "invalid"]);
      expect(problem.detail.reason).toMatch(/^invalid_(?:client_metadata|redirect_uri)$/);
    }
    server.says({});
    expect(await asked(here)).toMatchObject({ client: { name: "Chalk" } });
  });

  test("where its server does not answer, the page says so", async () => {
    const here = await oauthHouse(await engine.freshDb(), {
      fetch: async (url) => {
        throw upstream("timeout", url);
      },
    });
    expect((await refused(asked(here))).detail.reason).toBe("invalid_client_metadata");
  });

  test("a program's address that leads into this network is never asked", async () => {
    let dialled = 0;
    const fetch = createFetch({
      userAgent: "test",
      resolve: async () => ["10.0.0.1"],
      dial: async () => {
        dialled++;
        return Response.json(document());
      },
    });
    const here = await oauthHouse(await engine.freshDb(), { fetch });
    expect((await refused(asked(here))).detail.reason).toBe("invalid_client_metadata");
    expect(dialled).toBe(0);
  });

  test("the answer of a form fetches nothing, and a program that nobody met is unknown at the token endpoint", async () => {
    const server = programServer();
    const here = await oauthHouse(await engine.freshDb(), { fetch: server.fetch });
    expect((await refused(here.oauth.authorize.approve(question(ID), here.alice))).detail.reason).toBe(
      "unknown-client",
    );
    const { status, body } = await here.post("/oauth/token", exchange(ID, "guess"));
    expect([status, body.error, server.asked()]).toEqual([401, "invalid_client", 0]);
  });

  test("one person does not make the server look without end", async () => {
    const server = programServer({ status: 404 });
    const here = await oauthHouse(await engine.freshDb(), { fetch: server.fetch });
    for (let i = 0; i < 20; i++) await refused(asked(here));
    expect((await refused(asked(here))).code).toBe("too-many");
    expect(server.asked()).toBe(20);
    const bob = await here.person("bob");
    expect((await refused(asked(here, bob))).code).toBe("invalid");
  });

  test("an ActivityPub object that describes a program is read as well", async () => {
    const maker = { type: "Person", name: "Ada", id: "https://ada.example/" };
    const actor = { id: ID, type: ["Thing", "Application"], name: "Chalk", attributedTo: maker };
    const server = programServer();
    const here = await oauthHouse(await engine.freshDb(), { fetch: server.fetch });
    for (const redirect of [CALLBACK, "chalk:back", "http://127.0.0.1/back"]) {
      server.says({ headers: ACTIVITY, body: { ...actor, redirectURI: [redirect] } });
      const question = here.oauth.authorize.describe(asking({ redirect_uri: redirect }), here.alice);
      expect(await question).toMatchObject({ client: { name: "Chalk", host: "app.example" } });
      here.clock.advance(DAY_MS);
    }
  });

  test("what anybody may post on a server is no program of that server", async () => {
    const post = {
      id: ID,
      type: "Note",
      name: "Official App",
      attributedTo: "https://app.example/users/eve",
    };
    const away = "https://evil.example/back";
    const context = "https://www.w3.org/ns/activitystreams";
    const posts: [what: string, headers: Record<string, string>, body: object][] = [
      ["a note", ACTIVITY, { ...post, redirectURI: [CALLBACK] }],
      ["a note that says it is a client", ACTIVITY, { ...post, ...document() }],
      ["the same as plain JSON", {}, { "@context": context, ...post, ...document() }],
      ["the same without a context", { "content-type": "application/ld+json" }, { ...post, ...document() }],
      ["somebody's page", ACTIVITY, { ...post, type: "Person", redirectURI: [CALLBACK] }],
      ["a robot that leads away", ACTIVITY, { ...post, type: "Service", redirectURI: [away] }],
      ["one that leads there too", ACTIVITY, { ...post, type: "Service", redirectURI: [CALLBACK, away] }],
      [
        "a neighbour",
        ACTIVITY,
        { ...post, type: "Service", redirectURI: "https://app.example.evil.example/" },
      ],
      ["another port", ACTIVITY, { ...post, type: "Service", redirectURI: "https://app.example:8443/" }],
      [
        "a robot that says it is a client",
        ACTIVITY,
        { ...post, ...document({ redirect_uris: [away] }), type: "Service" },
      ],
    ];
    const server = programServer();
    const here = await oauthHouse(await engine.freshDb(), { fetch: server.fetch });
    for (const [what, headers, body] of posts) {
      server.says({ headers, body });
      const problem = await refused(here.oauth.authorize.describe(asking({}), here.alice));
      expect([what, problem.code]).toEqual([what, "invalid"]);
      expect(problem.detail.reason).toMatch(/^invalid_(?:client_metadata|redirect_uri)$/);
    }
  });

  test("nothing on this server is a program, and nobody is asked about it", async () => {
    const server = programServer();
    const here = await oauthHouse(await engine.freshDb(), {
      fetch: server.fetch,
      origin: "https://app.example",
    });
    expect((await refused(asked(here))).detail.reason).toBe("invalid_client_metadata");
    expect(server.asked()).toBe(0);
  });
});

test("only an address that can be written in one way stands for a program", () => {
  const good = [ID, "https://app.example/", "https://app.example:8443/c?v=1"];
  const bad = [
    "https://app.example",
    "http://app.example/client.json",
    "https://app.example/a/../client.json",
    "https://app.example/%2e/client.json",
    "https://APP.example/client.json",
    "https://app.example/client.json#x",
    "https://app.example/client.json#",
    "https://user@app.example/client.json",
    "https://app.example:443/client.json",
    "ftp://app.example/client.json",
    "client.json",
    "",
  ];
  for (const id of good) expect([id, isDocumentAddress(id, false)]).toEqual([id, true]);
  for (const id of bad) expect([id, isDocumentAddress(id, false)]).toEqual([id, false]);
  expect(isDocumentAddress("http://localhost:1/c.json", true)).toBe(true);
});
