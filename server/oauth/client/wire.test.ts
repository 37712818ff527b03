/** Which way goes to which place: only those that the operator named are asked inside a private network. */
import { expect, test } from "bun:test";
import { customFetch } from "oauth4webapi";
import { createFetch, type Dialled } from "../../lib/fetch.ts";
import { createLog } from "../../lib/log.ts";
import { createWires } from "./wire.ts";

const NAMES: Readonly<Record<string, readonly string[]>> = {
  "sso.test": ["10.0.0.5"],
  "keys.test": ["fd00::6"],
  "other.test": ["10.0.0.7"],
  "idp.test": ["93.184.215.14"],
};
const insideHosts = ["sso.test", "keys.test:8443"];

/** What becomes of a question to `url` on the wire to the place `issuer`. */
async function asked(
  issuer: string,
  url: string,
  answer: (request: Dialled) => Response = () => Response.json({}),
): Promise<string> {
  const deps = {
    resolve: async (host: string) => NAMES[host] ?? [],
    userAgent: "test",
    dial: async (request: Dialled) => answer(request),
  };
  const wireFor = createWires({
    fetch: createFetch(deps),
    insideFetch: createFetch({ ...deps, insideHosts }),
    insideHosts,
    log: createLog({ now: () => 0, level: "error", form: "json", write: () => undefined }),
    isInsecure: false,
  });
  const request = { method: "GET", headers: {}, body: null, redirect: "manual" } as const;
  const { [customFetch]: ask } = wireFor(issuer).options;
  return ask(url, request).then(
    ({ status }) => String(status),
    (error) => error.detail.reason,
  );
}

test.each([
  ["https://sso.test", "https://sso.test/.well-known/openid-configuration", "200"],
  ["https://sso.test/realms/school", "https://keys.test:8443/keys", "200"],
  ["https://sso.test/realms/school", "https://idp.test/keys", "200"],
  ["https://sso.test", "https://other.test/keys", "private-address"],
  ["https://sso.test", "https://keys.test/keys", "private-address"],
  ["https://sso.test", "http://sso.test/keys", "scheme"],
  ["https://idp.test", "https://idp.test/keys", "200"],
  ["https://idp.test", "https://sso.test/keys", "private-address"],
  ["https://idp.test", "https://keys.test:8443/keys", "port"],
])("the place %s that names %s gets %s", async (issuer, url, outcome) => {
  expect(await asked(issuer, url)).toBe(outcome);
});

test("a place inside that redirects is not followed, whereto it may be", async () => {
  const redirect = () =>
    new Response(null, { status: 302, headers: { location: "https://keys.test:8443/" } });
  expect(await asked("https://sso.test", "https://sso.test/keys", redirect)).toBe("302");
});
