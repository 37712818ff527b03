/** Strict programs sign people in: oauth4webapi from a window of its own in Chromium, openid-client, and what ends it all. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import * as oauth from "oauth4webapi";
import * as openid from "openid-client";
import { closeBrowsers, hasChromium, person } from "./browser.ts";
import { type Browse, formOf, newBrowse, signInByForm, submit } from "./client.ts";
import { cleanUp, type Running, runCommons, startCommons } from "./program.ts";

const PASSWORD = "correct horse battery staple";
const INSECURE = { [oauth.allowInsecureRequests]: true };

let here: Running;
let app: ReturnType<typeof Bun.serve>;
let as: oauth.AuthorizationServer;

/** A program in a browser, as Phanpy is: a window that opens another, and waits for what that one tells it. */
const PAGES: Readonly<Record<string, string>> = {
  "/": `<!doctype html><title>waiting</title><button>Sign in</button><script>
    document.querySelector("button").onclick = () => open(decodeURIComponent(location.hash.slice(1)), "_blank", "popup");
    addEventListener("message", (event) => { document.title = event.data; });
  </script>`,
  "/cb": `<!doctype html><title>back</title><script>opener.postMessage(location.href, location.origin); close();</script>`,
};

const resident = (name: string) =>
  runCommons(["user", "create", name, "--admin", "--password-file", "-"], {
    dataDir: here.dataDir,
    stdin: `${PASSWORD}\n`,
  });

beforeAll(async () => {
  // Its own documents are read from this machine as well.
  here = await startCommons({ env: { COMMONS_INSECURE_FEDERATION: "1" } });
  await resident("alice");
  app = Bun.serve({
    port: 0,
    hostname: "localhost",
    fetch(request) {
      const { pathname, origin } = new URL(request.url);
      if (pathname === "/client.json")
        return Response.json({
          client_id: `${origin}/client.json`,
          client_name: "Described",
          redirect_uris: [`${origin}/cb`],
          grant_types: ["authorization_code", "refresh_token"],
          token_endpoint_auth_method: "none",
        });
      return new Response(PAGES[pathname] ?? "", { headers: { "content-type": "text/html" } });
    },
  });
  const issuer = new URL(here.origin);
  const found = await oauth.discoveryRequest(issuer, { algorithm: "oauth2", ...INSECURE });
  as = await oauth.processDiscoveryResponse(issuer, found);
});
afterAll(async () => {
  await app?.stop(true);
  await closeBrowsers();
  await cleanUp();
});

/** Consents on the pages, without scripts; where that leads to. */
async function consent(browse: Browse, question: URL): Promise<URL> {
  const form = formOf(await (await browse(question.href)).text(), 'value="allow"');
  form.set("decision", "allow");
  return new URL((await browse("/oauth/authorize", form)).headers.get("location") ?? "");
}

/** A token that lasts, as Mastodon's apps have it. */
async function lastingToken(
  browse: Browse,
  scope = "read write",
): Promise<{ token: string; client: oauth.Client }> {
  const redirect_uri = "http://127.0.0.1/cb";
  const metadata = { client_name: "Lasting", redirect_uris: [redirect_uri], scope };
  const client = await registered(metadata);
  const question = new URL(as.authorization_endpoint ?? "");
  question.search = `${new URLSearchParams({ response_type: "code", client_id: client.client_id, redirect_uri, scope })}`;
  const back = oauth.validateAuthResponse(as, client, await consent(browse, question), oauth.expectNoState);
  const given = await oauth.authorizationCodeGrantRequest(
    as,
    client,
    oauth.ClientSecretPost(String(client.client_secret)),
    back,
    redirect_uri,
    oauth.nopkce,
    INSECURE,
  );
  const { access_token } = await oauth.processAuthorizationCodeResponse(as, client, given);
  return { token: access_token, client };
}

const registered = async (metadata: object): Promise<oauth.Client> =>
  (await oauth.processDynamicClientRegistrationResponse(
    await oauth.dynamicClientRegistrationRequest(as, metadata, INSECURE),
  )) as oauth.Client;

const statusWith = async (token: string): Promise<number> =>
  (await fetch(`${here.origin}/oauth/userinfo`, { headers: { authorization: `Bearer ${token}` } })).status;

describe.skipIf(!hasChromium)("a public program in a browser", () => {
  test("registers, opens a window, is answered by it, and its tokens are renewed and end", async () => {
    const redirect_uri = `${app.url.origin}/cb`;
    const client = await registered({
      client_name: "Popup",
      redirect_uris: [redirect_uri],
      grant_types: ["authorization_code", "refresh_token"],
      token_endpoint_auth_method: "none",
      scope: "read write",
    });
    const verifier = oauth.generateRandomCodeVerifier();
    const state = oauth.generateRandomState();
    const question = new URL(`${as.authorization_endpoint}/`);
    question.search = `${new URLSearchParams({
      response_type: "code",
      client_id: client.client_id,
      redirect_uri,
      scope: "read write:statuses",
      state,
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
      force_login: "false",
      lang: "de",
    })}`;

    const { page } = await person(app.url.origin);
    await page.goto(`/#${encodeURIComponent(question.href)}`);
    const [popup] = await Promise.all([page.waitForEvent("popup"), page.click("button")]);
    await popup.waitForSelector("input#user_email");
    expect(new URL(popup.url()).pathname).toBe("/auth/sign_in");
    expect(await popup.getAttribute("html", "lang")).toBe("de");
    await popup.fill("input#user_email", "alice");
    await popup.fill("input#user_password", PASSWORD);
    await popup.click("main button[type=submit]");
    await popup.waitForSelector("button[name=decision]");
    await popup.click("button[type=submit]:not(.negative)[name=decision]");
    await page.waitForFunction(() => document.title.startsWith("http"));
    const answer = oauth.validateAuthResponse(as, client, new URL(await page.title()), state);

    const exchange = () =>
      oauth.authorizationCodeGrantRequest(as, client, oauth.None(), answer, redirect_uri, verifier, INSECURE);
    const first = await oauth.processAuthorizationCodeResponse(as, client, await exchange());
    expect(first).toMatchObject({ scope: "read write:statuses", expires_in: 3600 });
    expect(await statusWith(first.access_token)).toBe(200);
    const second = await oauth.processRefreshTokenResponse(
      as,
      client,
      await oauth.refreshTokenGrantRequest(as, client, oauth.None(), first.refresh_token ?? "", INSECURE),
    );
    expect(second.refresh_token).not.toBe(first.refresh_token);
    expect([await statusWith(first.access_token), await statusWith(second.access_token)]).toEqual([401, 200]);

    const me = await oauth.processUserInfoResponse(
      as,
      client,
      `${here.origin}/users/alice`,
      await oauth.userInfoRequest(as, client, second.access_token, INSECURE),
    );
    expect(me.preferred_username).toBe("alice");

    await oauth.processRevocationResponse(
      await oauth.revocationRequest(as, client, oauth.None(), second.access_token, INSECURE),
    );
    expect(await statusWith(second.access_token)).toBe(401);
    await expect(
      exchange().then((answer) => oauth.processAuthorizationCodeResponse(as, client, answer)),
    ).rejects.toMatchObject({ error: "invalid_grant" });
  });
});

/** What a program in a browser does once somebody has let it in, with a browser's own rules about other sites. */
async function inTheBrowser(given: {
  readonly origin: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirect: string;
  readonly code: string;
  readonly verifier: string;
}) {
  const { origin, clientId, clientSecret, redirect, code, verifier } = given;
  const credentials = { client_id: clientId, client_secret: clientSecret };
  const post = (path: string, fields: Record<string, string>) =>
    fetch(origin + path, { method: "POST", body: new URLSearchParams(fields) });
  const exchanged = await post("/oauth/token", {
    ...credentials,
    grant_type: "authorization_code",
    code,
    redirect_uri: redirect,
    code_verifier: verifier,
    scope: "read write follow push",
  });
  const { access_token } = (await exchanged.json()) as { access_token: string };
  const headers = { authorization: `Bearer ${access_token}` };
  const read = async (path: string) => (await fetch(origin + path, { headers })).json();
  const nodeinfo = await fetch(`${origin}/.well-known/nodeinfo`, { headers });
  const missing = await fetch(`${origin}/api/v2/nothing`, { headers });

  const socket = new WebSocket(`${origin.replace("http", "ws")}/api/v1/streaming`, access_token);
  const frames: Record<string, unknown>[] = [];
  const heard = Promise.withResolvers<void>();
  const closed = new Promise<number>((resolve) =>
    socket.addEventListener("close", ({ code }) => resolve(code)),
  );
  socket.addEventListener("message", ({ data }) => {
    frames.push(JSON.parse(String(data)));
    heard.resolve();
  });
  await new Promise((resolve) => socket.addEventListener("open", resolve));
  socket.send(JSON.stringify({ type: "subscribe", stream: "user" }));
  const posted = await fetch(`${origin}/api/v1/statuses`, {
    method: "POST",
    headers: { ...headers, "content-type": "application/json", "idempotency-key": "once" },
    body: JSON.stringify({ status: "from a browser", visibility: "public" }),
  });
  await heard.promise;
  const home = await fetch(`${origin}/api/v1/timelines/home?limit=1`, { headers });
  const me = (await read("/api/v1/accounts/verify_credentials")) as { username: string };
  const instance = (await read("/api/v2/instance")) as { domain: string };
  await post("/oauth/revoke", { ...credentials, token: access_token });
  return {
    me: me.username,
    domain: instance.domain,
    nodeinfo: nodeinfo.status,
    missing: [missing.status, typeof ((await missing.json()) as { error: string }).error],
    posted: posted.status,
    stream: frames[0]?.stream,
    event: frames[0]?.event,
    hasLink: home.headers.get("link") !== null || ((await home.json()) as unknown[]).length === 1,
    remaining: Number(home.headers.get("x-ratelimit-remaining")) > 0,
    closed: await closed,
    after: (await fetch(`${origin}/api/v1/preferences`, { headers })).status,
  };
}

test.skipIf(!hasChromium)(
  "a program that knows Mastodon alone does all its work from another site",
  async () => {
    const redirect = `${app.url.origin}/cb`;
    const { page } = await person(app.url.origin);
    await page.goto("/");
    const registered = await page.evaluate(
      async ({ origin, redirect_uris }) => {
        await fetch(`${origin}/.well-known/host-meta`);
        const fields = { client_name: "Known", redirect_uris, scopes: "read write follow push" };
        const answer = await fetch(`${origin}/api/v1/apps`, {
          method: "POST",
          body: new URLSearchParams(fields),
        });
        return (await answer.json()) as { client_id: string; client_secret: string };
      },
      { origin: here.origin, redirect_uris: redirect },
    );
    const verifier = oauth.generateRandomCodeVerifier();
    const question = new URLSearchParams({
      response_type: "code",
      client_id: registered.client_id,
      redirect_uri: redirect,
      scope: "read write follow push",
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
    });
    await page.goto(`/#${encodeURIComponent(`${here.origin}/oauth/authorize?${question}`)}`);
    const [popup] = await Promise.all([page.waitForEvent("popup"), page.click("button")]);
    await popup.fill("input#user_email", "alice");
    await popup.fill("input#user_password", PASSWORD);
    await popup.click("main button[type=submit]");
    await popup.click("button[type=submit]:not(.negative)[name=decision]");
    await page.waitForFunction(() => document.title.startsWith("http"));
    const code = new URL(await page.title()).searchParams.get("code") ?? "";
    const done = await page.evaluate(inTheBrowser, {
      origin: here.origin,
      clientId: registered.client_id,
      clientSecret: registered.client_secret,
      redirect,
      code,
      verifier,
    });
    expect(done).toEqual({
      me: "alice",
      domain: new URL(here.origin).host,
      nodeinfo: 200,
      missing: [404, "string"],
      posted: 200,
      stream: ["user"],
      event: "update",
      hasLink: true,
      remaining: true,
      closed: 1008,
      after: 401,
    });
  },
);

test("a program that describes itself at its address is shown with its host, and let in without registering", async () => {
  expect(as.client_id_metadata_document_supported).toBe(true);
  const client: oauth.Client = { client_id: `${app.url.origin}/client.json` };
  const redirect_uri = `${app.url.origin}/cb`;
  const verifier = oauth.generateRandomCodeVerifier();
  const question = new URL(as.authorization_endpoint ?? "");
  question.search = `${new URLSearchParams({
    response_type: "code",
    client_id: client.client_id,
    redirect_uri,
    scope: "profile",
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
  })}`;
  const browse = await signInByForm(here.origin, { name: "alice", password: PASSWORD });
  expect(await (await browse(question.href)).text()).toContain(app.url.host);
  const back = oauth.validateAuthResponse(as, client, await consent(browse, question), oauth.expectNoState);
  const given = await oauth.processAuthorizationCodeResponse(
    as,
    client,
    await oauth.authorizationCodeGrantRequest(
      as,
      client,
      oauth.None(),
      back,
      redirect_uri,
      verifier,
      INSECURE,
    ),
  );
  expect([given.scope, await statusWith(given.access_token)]).toEqual(["profile", 200]);
});

describe("a program with a secret", () => {
  test("openid-client discovers, registers, is let in, renews, asks about its token and ends it", async () => {
    const redirect = "http://localhost:9/callback";
    const config = await openid.dynamicClientRegistration(
      new URL(here.origin),
      {
        client_name: "Strict",
        redirect_uris: [redirect],
        grant_types: ["authorization_code", "refresh_token"],
        token_endpoint_auth_method: "client_secret_basic",
        scope: "read",
      },
      undefined,
      { algorithm: "oauth2", execute: [openid.allowInsecureRequests] },
    );
    const pkceCodeVerifier = openid.randomPKCECodeVerifier();
    const expectedState = openid.randomState();
    const question = openid.buildAuthorizationUrl(config, {
      redirect_uri: redirect,
      scope: "read",
      state: expectedState,
      code_challenge: await openid.calculatePKCECodeChallenge(pkceCodeVerifier),
      code_challenge_method: "S256",
    });
    const browse = await signInByForm(here.origin, { name: "alice", password: PASSWORD });
    const back = await consent(browse, question);
    const given = await openid.authorizationCodeGrant(config, back, { pkceCodeVerifier, expectedState });
    const renewed = await openid.refreshTokenGrant(config, given.refresh_token ?? "");
    expect(await openid.tokenIntrospection(config, renewed.access_token)).toMatchObject({
      active: true,
      scope: "read",
      sub: `${here.origin}/users/alice`,
    });
    await openid.tokenRevocation(config, renewed.refresh_token ?? "");
    expect(await openid.tokenIntrospection(config, renewed.access_token)).toMatchObject({ active: false });
  });

  test("a resource says where its metadata is, and that leads back to the server", async () => {
    const refused = await fetch(`${here.origin}/users/alice/inbox`, {
      headers: { accept: "application/activity+json" },
    });
    expect(refused.status).toBe(401);
    const metadata = /resource_metadata="([^"]+)"/.exec(refused.headers.get("www-authenticate") ?? "")?.[1];
    const resource = new URL(here.origin);
    const found = await oauth.processResourceDiscoveryResponse(
      resource,
      await oauth.resourceDiscoveryRequest(resource, INSECURE),
    );
    expect([metadata, found.authorization_servers]).toEqual([
      `${here.origin}/.well-known/oauth-protected-resource`,
      [here.origin],
    ]);
  });
});

describe("what ends access closes what is open at once", () => {
  /** A stream of that token over a socket; resolves once it is open, `closed` once the server ended it. */
  async function stream(token: string): Promise<{ closed: Promise<number> }> {
    const socket = new WebSocket(
      `${here.origin.replace("http", "ws")}/api/v1/streaming?stream=user&access_token=${token}`,
    );
    const closed = new Promise<number>((resolve) =>
      socket.addEventListener("close", ({ code }) => resolve(code)),
    );
    await new Promise<void>((resolve, reject) => {
      socket.addEventListener("open", () => resolve());
      socket.addEventListener("error", () => reject(new Error("The stream was refused.")));
    });
    return { closed };
  }

  const ends: [
    string,
    (name: string, browse: Browse, client: oauth.Client, token: string) => Promise<unknown>,
  ][] = [
    [
      "the program gives its token back",
      (_name, _browse, client, token) =>
        oauth.revocationRequest(
          as,
          client,
          oauth.ClientSecretPost(String(client.client_secret)),
          token,
          INSECURE,
        ),
    ],
    [
      "the person shuts the program out",
      async (_name, browse) => {
        const fields = formOf(await (await browse("/settings/apps")).text(), 'name="app"');
        return browse("/settings/apps", fields);
      },
    ],
    [
      "the person signs out everywhere else",
      (_name, browse) => submit(browse, "/settings/sessions", "/settings/sessions", { session: "others" }),
    ],
    [
      "the person takes a new password",
      (_name, browse) =>
        submit(browse, "/settings/password", "/settings/password", {
          current: PASSWORD,
          next: "another correct horse battery",
        }),
    ],
    [
      "the account is closed",
      async (name) => {
        const staff = await signInByForm(here.origin, { name: "alice", password: PASSWORD });
        const account = formOf(await (await staff(`/admin/people?q=${name}`)).text(), `@${name}`).get(
          "account",
        );
        return submit(staff, "/admin/people", "/admin/people", { action: "disable", account: account ?? "" });
      },
    ],
  ];
  for (const [number, [what, end]] of ends.entries()) {
    test(what, async () => {
      const name = `pupil${number}`;
      await runCommons(["user", "create", name, "--password-file", "-"], {
        dataDir: here.dataDir,
        stdin: `${PASSWORD}\n`,
      });
      const browse = await signInByForm(here.origin, { name, password: PASSWORD });
      const { token, client } = await lastingToken(browse);
      const open = await stream(token);
      await end(name, browse, client, token);
      expect(await open.closed).toBe(1008);
      expect(await statusWith(token)).toBe(401);
      await expect(stream(token)).rejects.toThrow("refused");
    });
  }
});

test("a visitor who is sent to sign in comes back to the question, and force_login asks whoever is there", async () => {
  const client = await registered({
    client_name: "Elk",
    redirect_uris: ["https://elk.example/cb"],
    scope: "read",
  });
  const question = new URLSearchParams({
    response_type: "code",
    client_id: client.client_id,
    redirect_uri: "https://elk.example/cb",
    scope: "read",
    force_login: "true",
    lang: "de-AT",
  });
  const signIn = (await newBrowse(here.origin)(`/oauth/authorize?${question}`)).headers.get("location") ?? "";
  const back = new URL(signIn, here.origin).searchParams.get("return") ?? "";
  expect(signIn).toMatch(/^\/auth\/sign_in\?.*&lang=de-AT$/);
  expect(back).toMatch(/^\/oauth\/authorize\?/);
  expect(back).not.toContain("force_login");
  const browse = await signInByForm(here.origin, { name: "alice", password: PASSWORD }, signIn);
  const forced: Response = await browse(`/oauth/authorize?${question}`);
  expect([forced.status, forced.headers.get("location")]).toEqual([303, signIn]);
  const page = await browse(back);
  expect(page.status).toBe(200);
  expect(page.headers.get("cross-origin-opener-policy")).toBeNull();
  expect(page.headers.get("content-security-policy")).not.toContain("form-action");
});
