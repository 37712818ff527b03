/** Which scopes include which, where programs may send people back to, and what the metadata promises. */
import { expect, test } from "bun:test";
import { resourceMetadata, serverMetadata } from "./metadata.ts";
import { isRegistered, mayRedirectTo, OUT_OF_BAND, targetOf, withParameters } from "./redirects.ts";
import { allows, givable, parseScopes, SCOPES } from "./scopes.ts";

test("a scope includes what is named below it, and nothing that only begins alike", () => {
  const cases: [string, string, boolean][] = [
    ["read", "read:statuses", true],
    ["read", "read", true],
    ["read", "write:statuses", false],
    ["read:statuses", "read", false],
    ["read:statuses", "read:accounts", false],
    ["write", "write:media", true],
    ["write", "read", false],
    ["follow", "write:follows", true],
    ["follow", "read:mutes", true],
    ["follow", "write:statuses", false],
    ["read", "profile", true],
    ["read:accounts", "profile", true],
    ["profile", "read:accounts", false],
    ["write:outbox", "write:favourites", true],
    ["write:outbox", "write:accounts", false],
    ["read", "admin:read", false],
    ["admin:read", "admin:read:reports", true],
    ["admin:read", "admin:write:reports", false],
    ["re", "read", false],
    ["", "read", false],
  ];
  for (const [granted, needed, expected] of cases) {
    expect([granted, needed, allows([granted], needed)]).toEqual([granted, needed, expected]);
  }
  expect(allows([], "read")).toBe(false);
  expect(allows(["push", "write"], "write:lists")).toBe(true);
});

test("names are read once each, with spaces or plus signs, and unknown ones are left out", () => {
  expect(parseScopes("read  write+push read openid")).toEqual(["read", "write", "push"]);
  expect(parseScopes(" ")).toEqual([]);
  expect(givable(["read", "admin:write"], "teacher")).toEqual(["read"]);
  expect(givable(["read", "admin:write"], "moderator")).toEqual(["read", "admin:write"]);
  expect(new Set(SCOPES).size).toBe(SCOPES.length);
});

test("programs may be sent to https, to their own machine, and by schemes of their own", () => {
  const good = [
    "https://app.example/cb",
    "https://app.example",
    "http://localhost:4020/api/a.test/oauth/http%3A%2F%2Flocalhost%3A4020",
    "http://127.0.0.1/cb",
    "http://[::1]:3000/cb",
    "com.example.app:/oauth",
    "myapp://oauth?x=1",
    "urn:ietf:wg:oauth:2.0:oob",
  ];
  const bad = [
    "",
    "app.example/cb",
    "http://app.example/cb",
    "http://localhost.evil.example/",
    "http://127.0.0.1@evil.example/",
    "https://user:pass@app.example/",
    "https:///path",
    "https:app.example",
    "https://app.example/#fragment",
    "https://app.example/\\evil",
    "https://app.example/ x",
    "javascript:alert(1)",
    "JavaScript:alert(1)",
    "data:text/html,x",
    "intent://x",
    "urn:ietf:wg:oauth:2.0:oob:auto",
    `https://app.example/${"x".repeat(2000)}`,
  ];
  for (const uri of good) expect([uri, mayRedirectTo(uri, false)]).toEqual([uri, true]);
  for (const uri of bad) expect([uri, mayRedirectTo(uri, false)]).toEqual([uri, false]);
  expect(mayRedirectTo("http://app.example/cb", true)).toBe(true);
  expect(mayRedirectTo("javascript:alert(1)", true)).toBe(false);
});

test("addresses are compared character by character, but for the port of one's own machine", () => {
  const elk = "http://localhost:4020/api/a.test/oauth/http%3A%2F%2Flocalhost%3A4020";
  expect(isRegistered([elk], elk)).toBe(true);
  expect(isRegistered([elk], elk.replace("4020/", "9/"))).toBe(true);
  expect(isRegistered([elk], decodeURIComponent(elk))).toBe(false);
  expect(isRegistered(["http://127.0.0.1/cb"], "http://127.0.0.1:8080/cb")).toBe(true);
  expect(isRegistered(["http://127.0.0.1/cb"], "http://127.0.0.1:65535/cb")).toBe(true);
  expect(isRegistered(["http://127.0.0.1/cb"], "http://127.0.0.1:65536/cb")).toBe(false);
  expect(isRegistered(["http://[::1]/cb"], "http://[::1]:99999/cb")).toBe(false);
  expect(isRegistered(["http://127.0.0.1/cb"], "http://127.0.0.1:8080/other")).toBe(false);
  expect(isRegistered(["http://127.0.0.1/cb"], "http://127.0.0.1:8080@evil.example/cb")).toBe(false);
  expect(isRegistered(["https://app.example/cb"], "https://app.example:8443/cb")).toBe(false);
});

test("answers are put after what an address has", () => {
  expect(withParameters("https://a.example/cb", { code: "a b", state: undefined })).toBe(
    "https://a.example/cb?code=a+b",
  );
  expect(withParameters("https://a.example/cb?x=%2F", { code: "1" })).toBe(
    "https://a.example/cb?x=%2F&code=1",
  );
  expect(withParameters("https://a.example/cb?", { code: "1" })).toBe("https://a.example/cb?code=1");
  expect([targetOf("http://127.0.0.1:80/x"), targetOf("myapp://x"), targetOf(OUT_OF_BAND)]).toEqual([
    "127.0.0.1",
    "myapp",
    "",
  ]);
});

test("the metadata names what is served, under the origin", () => {
  const metadata = serverMetadata("https://pub.example");
  expect(metadata).toMatchObject({
    issuer: "https://pub.example",
    authorization_endpoint: "https://pub.example/oauth/authorize",
    token_endpoint: "https://pub.example/oauth/token",
    code_challenge_methods_supported: ["S256"],
    response_types_supported: ["code"],
    authorization_response_iss_parameter_supported: true,
  });
  expect(resourceMetadata("https://pub.example")).toMatchObject({
    resource: "https://pub.example",
    authorization_servers: ["https://pub.example"],
    bearer_methods_supported: ["header"],
  });
});
