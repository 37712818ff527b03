/** What strangers may send to the addresses of OAuth: each is refused in its words, and none is a bug. */
import { expect, test } from "bun:test";
import { testApp } from "../../testing/app.ts";
import { onSqlite } from "../../testing/engines.ts";
import { person } from "../../testing/people.ts";

const FORM = "application/x-www-form-urlencoded";
const ADDRESSES = [
  "/oauth/token",
  "/oauth/revoke",
  "/oauth/introspect",
  "/oauth/register",
  "/oauth/userinfo",
  "/api/v1/apps",
];
const nested = (depth: number): string => `${'{"client_id":'.repeat(depth)}1${"}".repeat(depth)}`;
const BODIES: readonly [type: string, body: string | Uint8Array<ArrayBuffer>][] = [
  [FORM, ""],
  [FORM, "&&&=&=="],
  [FORM, "client_id=%00&client_secret=%00&grant_type=client_credentials"],
  [FORM, "client_id=%ED%A0%80&grant_type=%FF%FE&token=%00"],
  [FORM, "client_id=__proto__&grant_type=__proto__&token=constructor"],
  [FORM, "grant_type=authorization_code&grant_type=authorization_code"],
  [FORM, `client_id=${"x".repeat(100_000)}`],
  [FORM, "client_name=%00%0A&redirect_uris=https://a.example/%00&scopes=%00"],
  [FORM, Uint8Array.from([0, 255, 254, 61, 38])],
  ["application/json", "{"],
  ["application/json", "null"],
  ["application/json", '"text"'],
  ["application/json", nested(5_000)],
  ["application/json", '{"client_id":"\\u0000","grant_type":"client_credentials","client_secret":"\\ud800"}'],
  ["application/json", '{"__proto__":{"client_id":"x"},"client_id":["x"],"redirect_uris":[[]],"scope":{}}'],
  ["application/json", '{"client_name":"\\u202e\\u0000","redirect_uris":["https://a.example/\\u0000"]}'],
  ["multipart/form-data", "no boundary"],
  ["multipart/form-data; boundary=b", "--b\r\nnonsense"],
  ["text/html; charset=\u00ff", "<html>"],
];
const HEADERS: readonly Record<string, string>[] = [
  {},
  { authorization: "Basic" },
  { authorization: "Basic ====" },
  { authorization: `Basic ${btoa("\0:\0")}` },
  { authorization: `Basic ${btoa("%:%")}` },
  { authorization: "Bearer \u00ff" },
  { authorization: `Bearer ${"x".repeat(10_000)}` },
];
const QUESTIONS = [
  "",
  "client_id=%00",
  "client_id=%ED%A0%80&response_type=code",
  "client_id=https://[::1]/x&response_type=code",
  "client_id=https://a.test/%00",
  "client_id=a&client_id=b",
  `client_id=${"x".repeat(10_000)}`,
  `client_id=https://a.test/${"x".repeat(10_000)}`,
  "client_id=command-line&redirect_uri=urn:ietf:wg:oauth:2.0:oob&response_type=code",
  "redirect_uri=javascript:alert(1)&lang=%00&force_login=%00",
];

onSqlite((engine) => {
  test("nothing that is sent there is a bug, or leads anybody anywhere", async () => {
    const app = await testApp(engine);
    const alice = await person(app, "alice", "admin");
    for (const path of ADDRESSES) {
      for (const [type, body] of BODIES) {
        const response = await app.ask(path, { method: "POST", headers: { "content-type": type }, body });
        expect([path, body, response.status >= 400 && response.status < 500]).toEqual([path, body, true]);
        expect(response.headers.get("content-type")).toMatch(/json/);
      }
      for (const headers of HEADERS) {
        const response = await app.ask(path, { method: "POST", headers, body: "token=x" });
        expect([path, headers, response.status >= 400 && response.status < 500]).toEqual([
          path,
          headers,
          true,
        ]);
      }
    }
    for (const question of QUESTIONS) {
      const page = await alice.page(`/oauth/authorize?${question}`);
      const said = await alice.submit("/oauth/authorize", {
        ...Object.fromEntries(new URLSearchParams(question)),
        decision: "allow",
      });
      for (const { status, headers } of [page, said]) {
        expect([question, status, headers.get("location")]).toEqual([
          question,
          status,
          status === 303 ? expect.stringMatching(/^\/auth\/sign_in\?/) : null,
        ]);
        expect([question, status < 500]).toEqual([question, true]);
      }
    }
    expect(app.warnings()).toEqual([]);
  });
});
