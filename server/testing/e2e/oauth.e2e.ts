/** Strict programs sign people in: oauth4webapi and openid-client, and what ends it all. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import * as oauth from "oauth4webapi";
import * as openid from "openid-client";
import { type Browse, formOf, newBrowse, signInByForm, submit } from "./client.ts";
import { cleanUp, type Running, runCommons, startCommons } from "./program.ts";
import { discover, INSECURE, register, statusWith } from "./strict-client.ts";

const PASSWORD = "correct horse battery staple";

let here: Running;
let app: ReturnType<typeof Bun.serve>;
let as: oauth.AuthorizationServer;

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
      return new Response(null, { status: 404 });
    },
  });
  as = await discover(here.origin);
});
afterAll(async () => {
  await app?.stop(true);
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
  const client = await register(as, metadata);
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
  expect([given.scope, await statusWith(as, given.access_token)]).toEqual(["profile", 200]);
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
      expect(await statusWith(as, token)).toBe(401);
      await expect(stream(token)).rejects.toThrow("refused");
    });
  }
});

test("a visitor who is sent to sign in comes back to the question, and force_login asks whoever is there", async () => {
  const client = await register(as, {
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
