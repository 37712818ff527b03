/** Who is asking: sessions, tokens, scopes, and forms from elsewhere. */
import { expect, test } from "bun:test";
import { allows } from "../oauth/provider/scopes.ts";
import { onSqlite } from "../testing/engines.ts";
import { refused } from "../testing/refused.ts";
import { fromHome, ORIGIN, type Residents, residents } from "../testing/residents.ts";
import { createCookies } from "./cookies.ts";
import { createCsrf } from "./csrf.ts";
import { createViewers, type Viewers } from "./viewer.ts";

const cookies = createCookies({ isSecure: true });
const csrf = createCsrf({ cookies, origin: ORIGIN });

const request = (headers: Record<string, string> = {}, method = "GET"): Request =>
  new Request("http://localhost/", { method, headers });
const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });
const ofPage = { origin: ORIGIN, "sec-fetch-site": "same-origin" };

onSqlite((engine) => {
  async function open(): Promise<Residents & { viewers: Viewers }> {
    const here = await residents(await engine.freshDb());
    const viewers = createViewers({
      origin: ORIGIN,
      cookies,
      findSession: here.accounts.sessions.find,
      findToken: here.oauth.tokens.find,
      needsFactor: here.accounts.factors.isRequired,
      allows,
    });
    return { ...here, viewers };
  }

  test("without anything nobody asks", async () => {
    const { viewers } = await open();
    expect(await viewers.find(request())).toBeNull();
    expect(await viewers.optional(request(), "read")).toBeNull();
    expect((await refused(viewers.require(request(), "read"))).code).toBe("unauthenticated");
    expect(await viewers.find(request({ cookie: "__Host-session=guess" }))).toBeNull();
    expect(await viewers.find(request({ authorization: "Basic YTpi" }))).toBeNull();
  });

  test("a session may do everything that the person may", async () => {
    const here = await open();
    const alice = await here.person("alice", "teacher");
    const { token, key } = await here.accounts.sessions.create(alice.key, fromHome);
    const asked = request({ cookie: `__Host-session=${token}` });
    expect(await here.viewers.require(asked, "write:statuses")).toEqual({
      accountKey: alice.key,
      actorKey: alice.key,
      name: "alice",
      role: "teacher",
      locale: null,
      scopes: "session",
      sessionKey: key,
      provedMs: here.clock.now(),
      mustSetUp: false,
      consent: null,
      client: null,
    });
    expect((await here.viewers.inBrowser(asked))?.sessionKey).toBe(key);
    const elsewhere = request({ cookie: `__Host-session=${token}`, origin: "https://evil.example" }, "POST");
    expect(await here.viewers.inBrowser(elsewhere)).toBeNull();
    const withToken = request({ cookie: `__Host-session=${token}`, ...bearer("guess") });
    expect((await here.viewers.inBrowser(withToken))?.sessionKey).toBe(key);
    expect(await here.viewers.find(request({ cookie: `session=${token}` }))).toBeNull();
  });

  test("a token may do what its scopes say, and no more", async () => {
    const here = await open();
    const alice = await here.person("alice");
    const token = await here.oauth.tokens.create({ account: alice, scope: "read:statuses" });
    const viewer = await here.viewers.require(request(bearer(token)), "read:statuses");
    expect(viewer).toMatchObject({ name: "alice", scopes: ["read:statuses"], sessionKey: null });
    expect(viewer.client?.name).toBe("Command line");
    const lacking = await refused(here.viewers.require(request(bearer(token)), "write:statuses"));
    expect(lacking).toMatchObject({ code: "forbidden", detail: { reason: "insufficient_scope" } });
    expect(await here.viewers.optional(request(bearer(token)), "read:statuses")).toMatchObject({
      name: "alice",
    });
    expect(await here.viewers.optional(request(bearer(token)), "read:accounts")).toBeNull();
    expect(await here.viewers.inBrowser(request(bearer(token)))).toBeNull();
    expect(await here.viewers.fromToken(token)).toMatchObject({ name: "alice" });
  });

  test("a token that is no good is refused even where nobody would do, and a cookie does not help it", async () => {
    const here = await open();
    const alice = await here.person("alice");
    const { token } = await here.accounts.sessions.create(alice.key, fromHome);
    const asked = request({ ...bearer("guess"), cookie: `__Host-session=${token}` });
    for (const work of [
      () => here.viewers.find(asked),
      () => here.viewers.optional(asked, "read"),
      () => here.viewers.requireClient(asked),
      () => here.viewers.fromToken("guess"),
    ]) {
      expect(await refused(work())).toMatchObject({
        code: "unauthenticated",
        detail: { reason: "invalid_token" },
      });
    }
  });

  test("a program's own token reads what is public and is nobody", async () => {
    const here = await open();
    const { client } = await here.oauth.clients.register({ grant_types: ["client_credentials"] });
    const { access_token } = await here.oauth.tokens.grant(
      client,
      new Map([["grant_type", "client_credentials"]]),
    );
    const asked = request(bearer(access_token));
    expect(await here.viewers.optional(asked, "read")).toBeNull();
    expect((await refused(here.viewers.require(request(bearer(access_token)), "read"))).code).toBe(
      "forbidden",
    );
    expect(await here.viewers.requireClient(asked)).toMatchObject({ account: null, scopes: ["read"] });
  });

  test("what changes something by cookie must come from our own pages; by token it need not", async () => {
    const here = await open();
    const alice = await here.person("alice");
    const { token } = await here.accounts.sessions.create(alice.key, fromHome);
    const cookie = `__Host-session=${token}`;
    const cases: [Record<string, string>, boolean][] = [
      [{ origin: ORIGIN }, true],
      [{ "sec-fetch-site": "same-origin" }, true],
      [{}, false],
      [{ origin: "https://evil.example" }, false],
      [{ origin: "null" }, false],
      [{ origin: ORIGIN, "sec-fetch-site": "cross-site" }, false],
      [{ origin: ORIGIN, "sec-fetch-site": "same-site" }, false],
      [{ origin: "https://pub.example.evil.example" }, false],
    ];
    for (const [headers, isTaken] of cases) {
      const asked = here.viewers.find(request({ cookie, ...headers }, "POST"));
      if (isTaken) expect(await asked).toMatchObject({ name: "alice" });
      else expect((await refused(asked)).detail.reason).toBe("cross-site");
    }
    const socket = request({ cookie, origin: "https://evil.example", upgrade: "websocket" });
    expect((await refused(here.viewers.find(socket))).detail.reason).toBe("cross-site");
    const byToken = await here.oauth.tokens.create({ account: alice, scope: "write" });
    const crossSite = request({ ...bearer(byToken), origin: "https://app.example", cookie }, "POST");
    expect(await here.viewers.find(crossSite)).toMatchObject({ scopes: ["write"] });
  });

  test("nobody is anybody once the account is disabled", async () => {
    const here = await open();
    const alice = await here.person("alice");
    const { token } = await here.accounts.sessions.create(alice.key, fromHome);
    const byToken = await here.oauth.tokens.create({ account: alice, scope: "read" });
    await here.accounts.people.disable(null, alice);
    expect(await here.viewers.find(request({ cookie: `__Host-session=${token}` }))).toBeNull();
    expect((await refused(here.viewers.find(request(bearer(byToken))))).code).toBe("unauthenticated");
  });
});

test("a form's token is good in the browser that it was made for, and nowhere else", () => {
  const signedIn = { cookie: "__Host-session=mine", ...ofPage };
  const { token, setCookie } = csrf.issue(request(signedIn));
  expect(setCookie).toBeNull();
  csrf.check(request(signedIn, "POST"), token);
  const bad: [Record<string, string>, string | null][] = [
    [signedIn, null],
    [signedIn, ""],
    [signedIn, `${token}x`],
    [{ ...signedIn, cookie: "__Host-session=another" }, token],
    [{ cookie: "__Host-session=mine", origin: "https://evil.example" }, token],
    [ofPage, token],
  ];
  for (const [headers, given] of bad) {
    expect(() => csrf.check(request(headers, "POST"), given)).toThrow(
      expect.objectContaining({ code: "forbidden" }),
    );
  }
});

test("before signing in a form is tied to a cookie of its own", () => {
  const { token, setCookie } = csrf.issue(request());
  expect(setCookie).toStartWith("__Host-form=");
  expect(setCookie).not.toContain(token);
  const cookie = setCookie?.split(";")[0] ?? "";
  csrf.check(request({ cookie, ...ofPage }, "POST"), token);
  expect(csrf.issue(request({ cookie })).token).toBe(token);
  expect(csrf.issue(request({ cookie })).setCookie).toBeNull();
  expect(() => csrf.check(request({ cookie: "__Host-form=guess", ...ofPage }, "POST"), token)).toThrow();
});
