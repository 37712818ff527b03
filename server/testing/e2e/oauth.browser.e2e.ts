/** Programs in a browser: a window of their own to sign in, and all their work from another site, in real Chromium. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import * as oauth from "oauth4webapi";
import { closeBrowsers, hasChromium, person } from "./browser.ts";
import { cleanUp, type Running, runCommons, startCommons } from "./program.ts";
import { discover, INSECURE, register, statusWith } from "./strict-client.ts";

const PASSWORD = "correct horse battery staple";

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

beforeAll(async () => {
  here = await startCommons();
  await runCommons(["user", "create", "alice", "--admin", "--password-file", "-"], {
    dataDir: here.dataDir,
    stdin: `${PASSWORD}\n`,
  });
  app = Bun.serve({
    port: 0,
    hostname: "localhost",
    fetch: (request) =>
      new Response(PAGES[new URL(request.url).pathname] ?? "", { headers: { "content-type": "text/html" } }),
  });
  as = await discover(here.origin);
});
afterAll(async () => {
  await app?.stop(true);
  await closeBrowsers();
  await cleanUp();
});

describe.skipIf(!hasChromium)("a public program in a browser", () => {
  test("registers, opens a window, is answered by it, and its tokens are renewed and end", async () => {
    const redirect_uri = `${app.url.origin}/cb`;
    const client = await register(as, {
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
    expect(await statusWith(as, first.access_token)).toBe(200);
    const second = await oauth.processRefreshTokenResponse(
      as,
      client,
      await oauth.refreshTokenGrantRequest(as, client, oauth.None(), first.refresh_token ?? "", INSECURE),
    );
    expect(second.refresh_token).not.toBe(first.refresh_token);
    expect([await statusWith(as, first.access_token), await statusWith(as, second.access_token)]).toEqual([
      401, 200,
    ]);

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
    expect(await statusWith(as, second.access_token)).toBe(401);
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
