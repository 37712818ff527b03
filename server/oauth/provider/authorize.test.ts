/** What the consent page refuses, and where it never sends anybody. */
import { expect, test } from "bun:test";
import type { Account } from "../../accounts/account.ts";
import { onSqlite } from "../../testing/engines.ts";
import { refused } from "../../testing/refused.ts";
import { ORIGIN, type Residents, residents } from "../../testing/residents.ts";
import type { ClientMetadata } from "./client-metadata.ts";
import { OUT_OF_BAND } from "./redirects.ts";

const CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const CALLBACK = "https://app.example/callback";

onSqlite((engine) => {
  async function open(
    metadata: ClientMetadata = {},
  ): Promise<Residents & { alice: Account; id: string; secret: string | null }> {
    const here = await residents(await engine.freshDb());
    const { client, secret } = await here.oauth.clients.register({
      client_name: "App",
      redirect_uris: [CALLBACK, OUT_OF_BAND, "http://127.0.0.1/cb", "myapp://signed-in"],
      token_endpoint_auth_method: "none",
      scope: "read write admin:read",
      ...metadata,
    });
    return { ...here, alice: await here.person("alice"), id: client.id, secret };
  }

  const question = (id: string, more: Record<string, string> = {}): URLSearchParams =>
    new URLSearchParams({
      response_type: "code",
      client_id: id,
      redirect_uri: CALLBACK,
      code_challenge: CHALLENGE,
      code_challenge_method: "S256",
      ...more,
    });

  test("nobody is sent anywhere for an unknown client or an address that it did not register", async () => {
    const here = await open();
    const cases = [
      question("nobody"),
      question(""),
      question(here.id, { redirect_uri: "https://evil.example/callback" }),
      question(here.id, { redirect_uri: `${CALLBACK}/` }),
      question(here.id, { redirect_uri: `${CALLBACK}?more` }),
      question(here.id, { redirect_uri: "HTTPS://app.example/callback" }),
      question(here.id, { redirect_uri: "http://localhost:80/cb" }),
      question(here.id, { redirect_uri: "http://127.0.0.1:65536/cb" }),
      question(here.id, { redirect_uri: "http://127.0.0.1:99999/cb" }),
      question(here.id, { redirect_uri: "" }),
      new URLSearchParams(`${question(here.id)}&redirect_uri=https://evil.example/`),
      new URLSearchParams(`${question(here.id)}&client_id=${here.id}`),
    ];
    for (const params of cases) {
      for (const work of [
        () => here.oauth.authorize.describe(params, here.alice),
        () => here.oauth.authorize.approve(params, here.alice),
        () => here.oauth.authorize.deny(params),
      ]) {
        expect((await refused(work())).code).toBe("invalid");
      }
    }
  });

  const mistakes: [string, Record<string, string>, string][] = [
    ["another response type", { response_type: "token" }, "unsupported_response_type"],
    ["no response type", { response_type: "" }, "invalid_request"],
    ["no challenge", { code_challenge: "", code_challenge_method: "" }, "invalid_request"],
    ["the plain method", { code_challenge_method: "plain" }, "invalid_request"],
    ["no method, which means plain", { code_challenge_method: "" }, "invalid_request"],
    ["an answer in the fragment", { response_mode: "fragment" }, "invalid_request"],
    ["a malformed challenge", { code_challenge: "short" }, "invalid_request"],
    ["more than it registered for", { scope: "read push" }, "invalid_scope"],
    ["nothing that is known", { scope: "everything" }, "invalid_scope"],
    ["what only the staff can give", { scope: "admin:read" }, "invalid_scope"],
  ];
  test("other mistakes are told, with a link back that carries OAuth's error and the issuer", async () => {
    const here = await open();
    for (const [what, fields, error] of mistakes) {
      const params = question(here.id, { state: "s", ...fields });
      const asked = await here.oauth.authorize.describe(params, here.alice);
      if (asked.kind !== "refused" || asked.to === null) throw new Error(`${what} is not refused`);
      expect(asked.to).toStartWith(`${CALLBACK}?`);
      const back = new URL(asked.to).searchParams;
      expect([what, back.get("error"), back.get("state"), back.get("iss")]).toEqual([
        what,
        error,
        "s",
        ORIGIN,
      ]);
      expect((await refused(here.oauth.authorize.approve(params, here.alice))).detail.reason).toBe(error);
    }
  });

  test("who says no is sent back with access_denied", async () => {
    const here = await open();
    const answered = await here.oauth.authorize.deny(question(here.id, { state: "s" }));
    if (answered.kind !== "redirect") throw new Error("no redirect");
    const back = new URL(answered.to).searchParams;
    expect([back.get("error"), back.get("state"), back.get("iss")]).toEqual(["access_denied", "s", ORIGIN]);
    expect(await here.oauth.authorize.deny(question(here.id, { redirect_uri: OUT_OF_BAND }))).toEqual({
      kind: "denied",
    });
  });

  test("a program on the same machine may have any port, and one with its own scheme is named by it", async () => {
    const here = await open();
    const loopback = question(here.id, { redirect_uri: "http://127.0.0.1:51004/cb" });
    const answered = await here.oauth.authorize.approve(loopback, here.alice);
    expect(answered.kind === "redirect" && answered.to).toStartWith("http://127.0.0.1:51004/cb?code=");
    const own = question(here.id, { redirect_uri: "myapp://signed-in" });
    expect(await here.oauth.authorize.describe(own, here.alice)).toMatchObject({ returnsTo: "myapp" });
  });

  test("out of band the code is shown, and is good with that address", async () => {
    const here = await open({ token_endpoint_auth_method: "client_secret_post" });
    const params = question(here.id, {
      redirect_uri: OUT_OF_BAND,
      code_challenge: "",
      code_challenge_method: "",
    });
    const answered = await here.oauth.authorize.approve(params, here.alice);
    if (answered.kind !== "code") throw new Error("no code");
    const client = await here.oauth.clients.find(here.id);
    if (!client) throw new Error("no client");
    const parameters = new Map([
      ["grant_type", "authorization_code"],
      ["code", answered.code],
      ["redirect_uri", OUT_OF_BAND],
    ]);
    expect(await here.oauth.tokens.grant(client, parameters)).toMatchObject({ scope: "read" });
  });

  test("a verifier where there was no challenge is refused", async () => {
    const here = await open({ token_endpoint_auth_method: "client_secret_post" });
    const params = question(here.id, { code_challenge: "", code_challenge_method: "" });
    const answered = await here.oauth.authorize.approve(params, here.alice);
    const client = await here.oauth.clients.find(here.id);
    if (!client || answered.kind !== "redirect") throw new Error("no client or redirect");
    const parameters = new Map([
      ["grant_type", "authorization_code"],
      ["code", new URL(answered.to).searchParams.get("code") ?? ""],
      ["redirect_uri", CALLBACK],
      ["code_verifier", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"],
    ]);
    expect((await refused(here.oauth.tokens.grant(client, parameters))).detail.reason).toBe("invalid_grant");
  });

  test("the staff can give what only they may do", async () => {
    const here = await open();
    const admin = await here.person("boss", "admin");
    const asked = await here.oauth.authorize.describe(question(here.id, { scope: "read admin:read" }), admin);
    expect(asked).toMatchObject({ kind: "ask", scopes: ["read", "admin:read"] });
    const member = await here.oauth.authorize.describe(
      question(here.id, { scope: "read admin:read" }),
      here.alice,
    );
    expect(member).toMatchObject({ kind: "ask", scopes: ["read"] });
  });

  test("an account that is not active gives nothing", async () => {
    const here = await open();
    const params = question(here.id);
    const problem = await refused(here.oauth.authorize.approve(params, { ...here.alice, state: "disabled" }));
    expect(problem.code).toBe("forbidden");
  });

  const metadata: [string, ClientMetadata, string][] = [
    ["no address", { redirect_uris: undefined }, "invalid_redirect_uri"],
    ["an address that is a script", { redirect_uris: ["javascript:alert(1)"] }, "invalid_redirect_uri"],
    ["an address with a fragment", { redirect_uris: ["https://a.example/#x"] }, "invalid_redirect_uri"],
    [
      "an address with a user",
      { redirect_uris: ["https://a.example@evil.example/"] },
      "invalid_redirect_uri",
    ],
    ["an address over plain http", { redirect_uris: ["http://a.example/cb"] }, "invalid_redirect_uri"],
    ["a relative address", { redirect_uris: ["/cb"] }, "invalid_redirect_uri"],
    ["an address with a line break", { redirect_uris: ["https://a.example/\r\nx"] }, "invalid_redirect_uri"],
    ["too many addresses", { redirect_uris: Array(11).fill("https://a.example/") }, "invalid_redirect_uri"],
    [
      "too long an address",
      { redirect_uris: [`https://a.example/${"x".repeat(2000)}`] },
      "invalid_redirect_uri",
    ],
    ["addresses that are no list", { redirect_uris: "https://a.example/" }, "invalid_redirect_uri"],
    ["too long a name", { client_name: "x".repeat(101) }, "invalid_client_metadata"],
    ["a name that is no text", { client_name: { a: 1 } }, "invalid_client_metadata"],
    ["a website that is a script", { client_uri: "javascript:alert(1)" }, "invalid_client_metadata"],
    ["too long a website", { client_uri: `https://a.example/${"x".repeat(500)}` }, "invalid_client_metadata"],
    [
      "an unknown way to authenticate",
      { token_endpoint_auth_method: "tls_client_auth" },
      "invalid_client_metadata",
    ],
    ["no grant that is served", { grant_types: ["implicit"] }, "invalid_client_metadata"],
    ["credentials without a secret", { grant_types: ["client_credentials"] }, "invalid_client_metadata"],
    ["scopes that nobody knows", { scope: "everything" }, "invalid_client_metadata"],
    ["another response type", { response_types: ["token"] }, "invalid_client_metadata"],
  ];
  test("registrations are bounded and checked", async () => {
    const here = await open();
    for (const [what, fields, reason] of metadata) {
      const given = { redirect_uris: [CALLBACK], token_endpoint_auth_method: "none", ...fields };
      const problem = await refused(here.oauth.clients.register(given));
      expect([what, problem.detail.reason]).toEqual([what, reason]);
    }
  });
});
