/** What each face says when something went wrong, through the framework as it is used. */
import { describe, expect, test } from "bun:test";
import { Elysia, t } from "elysia";
import { heldClock } from "../lib/clock.ts";
import { createLog } from "../lib/log.ts";
import { Problem } from "../lib/problem.ts";
import { limitOf } from "./connection.ts";
import { createFailureHandler, errorJson, type FailureFormat, problemJson } from "./problems.ts";
import { createRateLimits } from "./rate-limit.ts";

const lines: string[] = [];
const log = createLog({
  now: heldClock().now,
  level: "warn",
  form: "text",
  write: (line) => lines.push(line),
});

const face = (format: FailureFormat): ((path: string, init?: RequestInit) => Promise<Response>) => {
  const app = new Elysia()
    .onError(createFailureHandler({ log, origin: "https://pub.example", format }))
    .get("/conflict", () => {
      throw new Problem("conflict", "Somebody has this name.", { field: "name", reason: "name-taken" });
    })
    .get("/gone", () => {
      throw new Problem("gone", "It was deleted.");
    })
    .get("/private", () => {
      throw new Problem("unauthenticated", "Sign in first.");
    })
    .get("/scope", () => {
      throw new Problem("forbidden", "Lacking.", { reason: "insufficient_scope" });
    })
    .get("/actor", () => {
      throw new Problem("forbidden", "Not yours.", { reason: "actor-not-authorized" });
    })
    .get("/often", () => {
      throw new Problem("too-many", "Wait.", { retryAfterSeconds: 7 });
    })
    .get("/bug", () => {
      throw new TypeError("secret of the house");
    })
    .get("/async-bug", async () => {
      throw new Error("secret of the house");
    })
    .post("/typed", ({ body }) => body, { body: t.Object({ poll: t.Object({ choice: t.String() }) }) });
  return (path, init) => app.handle(new Request(`http://localhost${path}`, init));
};

describe("problem+json", () => {
  const get = face(problemJson);

  test("carries status, sentence, field and reason", async () => {
    const response = await get("/conflict");
    expect(response.status).toBe(409);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(await response.json()).toEqual({
      type: "about:blank",
      title: "Conflict",
      status: 409,
      detail: "Somebody has this name.",
      reason: "name-taken",
      field: "name",
    });
  });

  test("names the types of FEP-c180", async () => {
    expect(await (await get("/actor")).json()).toMatchObject({
      type: "https://w3id.org/fep/c180#actor-not-authorized",
      status: 403,
    });
    const often = await get("/often");
    expect([often.status, often.headers.get("retry-after")]).toEqual([429, "7"]);
    expect(await often.json()).toMatchObject({ type: "https://w3id.org/fep/c180#rate-limit-exceeded" });
  });

  test("a 401 says how to authenticate, and whether a token was bad", async () => {
    const metadata = `resource_metadata="https://pub.example/.well-known/oauth-protected-resource"`;
    expect((await get("/private")).headers.get("www-authenticate")).toBe(`Bearer ${metadata}`);
    const bad = await get("/private", { headers: { authorization: "Bearer x" } });
    expect(bad.headers.get("www-authenticate")).toBe(`Bearer error="invalid_token", ${metadata}`);
    const scope = await get("/scope");
    expect(scope.headers.get("www-authenticate")).toBe(`Bearer error="insufficient_scope", ${metadata}`);
  });

  test("a bug is written down whole and shown as nothing", async () => {
    for (const path of ["/bug", "/async-bug"]) {
      lines.length = 0;
      const response = await get(`${path}?token=secret`);
      expect(response.status).toBe(500);
      expect(await response.text()).not.toContain("secret");
      expect(lines.join("\n")).toContain("secret of the house");
      expect(lines.join("\n")).toContain(`path="${path}"`);
      expect(lines.join("\n")).not.toContain("token");
    }
  });

  test("the framework's own refusals are sentences too", async () => {
    const missing = await get("/nowhere");
    expect([missing.status, (await missing.json()).detail]).toEqual([
      404,
      "There is nothing at this address.",
    ]);
    const json = { method: "POST", headers: { "content-type": "application/json" } };
    const wrong = await get("/typed", { ...json, body: `{"poll":{"choice":7}}` });
    expect([wrong.status, (await wrong.json()).field]).toEqual([400, "poll.choice"]);
    const malformed = await get("/typed", { ...json, body: "{" });
    expect([malformed.status, (await malformed.json()).reason]).toEqual([400, "body"]);
  });

  test("what is gone may be kept by caches", async () => {
    const response = await get("/gone");
    expect([response.status, response.headers.get("cache-control")]).toEqual([410, null]);
  });
});

test("clients of the Mastodon API get their own shape and statuses", async () => {
  const get = face(errorJson({ conflict: 422 }));
  const response = await get("/conflict");
  expect(response.status).toBe(422);
  expect(await response.json()).toEqual({
    error: "Somebody has this name.",
    error_description: "name-taken",
  });
});

test("limits count accounts where one is known, else networks, and tell the tightest", () => {
  const clock = heldClock();
  const limits = createRateLimits({
    now: clock.now,
    rates: { search: { burst: 2, everyMs: 1000 }, api: { burst: 100, everyMs: 10 } },
  });
  const request = new Request("http://localhost/");
  limits.take(request, "api");
  limits.take(request, "search");
  expect(limitOf(request)).toMatchObject({ limit: 2, remaining: 1 });
  limits.take(request, "search");
  expect(() => limits.take(new Request("http://localhost/"), "search")).toThrow(
    expect.objectContaining({
      code: "too-many",
      detail: { retryAfterSeconds: 1, reason: "rate-limit-exceeded" },
    }),
  );
  limits.take(new Request("http://localhost/"), "search", 5);
  clock.advance(1000);
  limits.take(new Request("http://localhost/"), "search");
});
