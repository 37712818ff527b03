/** What every request passes, without a socket: bounds, preflights, guards. */
import { expect, test } from "bun:test";
import { tmpdir } from "node:os";
import { heldClock } from "../lib/clock.ts";
import { createLog } from "../lib/log.ts";
import { rememberConnection } from "./connection.ts";
import { createEdge, type EdgeDeps, MAX_BODY_BYTES, pathOf } from "./edge.ts";

function open(handle: EdgeDeps["handle"], more: Partial<EdgeDeps> = {}) {
  const clock = heldClock();
  const lines: string[] = [];
  const log = createLog({ now: clock.now, level: "warn", form: "text", write: (line) => lines.push(line) });
  const edge = createEdge({
    handle,
    now: clock.now,
    log,
    takesFiles: (path) => path === "/upload",
    maxUploadBytes: 2_000_000,
    spoolFolder: tmpdir(),
    isSecure: true,
    ...more,
  });
  const from = (address: string, path = "/", init: RequestInit = {}): Promise<Response> => {
    const request = new Request(`http://localhost${path}`, init);
    rememberConnection(request, { address, isSecure: true, keepOpen: () => {}, upgrade: () => false });
    return edge(request);
  };
  return { clock, lines, edge, from };
}

const echo = async (request: Request): Promise<Response> =>
  new Response(String((await request.text()).length));

test("every answer is guarded, also one that cannot be changed", async () => {
  const { from } = open(() => Response.redirect("https://pub.example/there", 302));
  const response = await from("127.0.0.1");
  expect([response.status, response.headers.get("location")]).toEqual([302, "https://pub.example/there"]);
  expect(response.headers.get("x-content-type-options")).toBe("nosniff");
  expect(response.headers.get("strict-transport-security")).toBe("max-age=31536000");
  expect(response.headers.get("access-control-allow-origin")).toBeNull();
});

test("interfaces answer any site's scripts, also with errors, and preflights come before everything", async () => {
  let asked = 0;
  const { from } = open(() => {
    asked++;
    return new Response(null, { status: 401 });
  });
  const preflight = await from("127.0.0.1", "/api/v1/apps", { method: "OPTIONS" });
  expect([preflight.status, asked]).toEqual([204, 0]);
  expect(preflight.headers.get("access-control-allow-headers")).toContain("Authorization");
  expect(preflight.headers.get("access-control-allow-methods")).toContain("PATCH");
  const refused = await from("127.0.0.1", "/api/v1/apps");
  expect([refused.status, refused.headers.get("access-control-allow-origin")]).toEqual([401, "*"]);
  expect(refused.headers.get("access-control-expose-headers")).toContain("Link");
  await from("127.0.0.1", "/settings", { method: "OPTIONS" });
  expect(asked).toBe(2);
});

test("a body is read up to its bound, whether its length is told or not", async () => {
  const { from } = open(echo);
  const post = (length: number, path: string, isTold: boolean): Promise<Response> =>
    from("127.0.0.1", path, {
      method: "POST",
      body: "x".repeat(length),
      headers: isTold ? { "content-length": String(length) } : {},
    });
  for (const isTold of [true, false]) {
    expect(await (await post(MAX_BODY_BYTES, "/", isTold)).text()).toBe(String(MAX_BODY_BYTES));
    expect((await post(MAX_BODY_BYTES + 1, "/", isTold)).status).toBe(413);
  }
});

test("what is refused here is refused in the form of who asks", async () => {
  const { from } = open(echo);
  const refusals = ["/", "/api/v1/statuses", "/api/c2s/proxy", "/users/ada/outbox", "/inbox"].map(
    async (path) => {
      const body = "x".repeat(MAX_BODY_BYTES + 1);
      const response = await from("127.0.0.1", path, { method: "POST", body });
      expect([path, response.status, response.headers.get("connection")]).toEqual([path, 413, "close"]);
      return [response.headers.get("content-type")?.split(";")[0], (await response.text()).trim()] as const;
    },
  );
  const detail = "At most 1000000 bytes are taken here.";
  const problem = { type: "about:blank", title: "Content too large", status: 413, detail };
  const asProblem = ["application/problem+json", JSON.stringify(problem)] as const;
  expect(await Promise.all(refusals)).toEqual([
    ["text/plain", detail],
    ["application/json", JSON.stringify({ error: detail })],
    asProblem,
    asProblem,
    asProblem,
  ]);
});

test("of a form with files that is too large its face hears, once the browser has sent it all", async () => {
  let sent = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      sent += 500_000;
      controller.enqueue(new Uint8Array(500_000));
      if (sent === 5_000_000) controller.close();
    },
  });
  const { from } = open(async (request) => {
    const refused = await request.formData().catch((problem) => problem);
    return new Response(`${refused.code} ${refused.message}`);
  });
  const headers = { "content-type": "multipart/form-data; boundary=x", "content-length": "5000000" };
  const response = await from("127.0.0.1", "/upload", { method: "POST", body, headers });
  expect([await response.text(), sent]).toEqual(["too-large At most 2 MB are taken here.", 5_000_000]);
});

test("a body that does not arrive in time is not waited for", async () => {
  const never = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(new TextEncoder().encode("x"));
    },
  });
  const { from } = open(echo, { bodyDeadlineMs: 1 });
  const response = await from("127.0.0.1", "/", { method: "POST", body: never });
  expect([response.status, response.headers.get("connection")]).toEqual([408, "close"]);
});

test("one network may ask only so often, another is not touched, and this machine is never limited", async () => {
  const { from, clock } = open(() => new Response("ok"), { networkRate: { burst: 3, everyMs: 1000 } });
  const statuses: number[] = [];
  for (let i = 0; i < 4; i++) statuses.push((await from(`2001:db8:1:2::${i + 1}`)).status);
  expect(statuses).toEqual([200, 200, 200, 429]);
  const refused = await from("2001:db8:1:2::9");
  expect(refused.headers.get("retry-after")).toBe("1");
  expect((await from("2001:db8:1:3::1")).status).toBe(200);
  clock.advance(1000);
  expect((await from("2001:db8:1:2::9")).status).toBe(200);
  for (let i = 0; i < 9; i++) expect((await from("127.0.0.1")).status).toBe(200);
});

test("one network has only so many requests open at one time", async () => {
  const release = Promise.withResolvers<void>();
  const { from } = open(async () => {
    await release.promise;
    return new Response("ok");
  });
  const waiting = Array.from({ length: 128 }, () => from("203.0.113.7"));
  expect((await from("203.0.113.7")).status).toBe(429);
  const other = from("203.0.113.8");
  release.resolve();
  expect((await other).status).toBe(200);
  expect((await Promise.all(waiting)).every(({ status }) => status === 200)).toBe(true);
  expect((await from("203.0.113.7")).status).toBe(200);
});

test("beyond what the server can do at once it says so", async () => {
  const release = Promise.withResolvers<void>();
  const { from } = open(async () => {
    await release.promise;
    return new Response("ok");
  });
  const waiting = Array.from({ length: 1024 }, () => from("127.0.0.1"));
  const refused = await from("127.0.0.1");
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "5"]);
  release.resolve();
  await Promise.all(waiting);
});

test("a bug outside every face shows nothing of itself and is written down under a name", async () => {
  const { from, lines } = open(() => {
    throw new Error("secret of the house");
  });
  const response = await from("127.0.0.1", "/x?token=secret");
  expect([response.status, await response.text()]).toEqual([500, "Something went wrong here.\n"]);
  expect(lines.join()).toContain("secret of the house");
  expect(lines.join()).toContain(response.headers.get("x-request-id") ?? "nothing");
  expect(lines.join()).not.toContain("token");
});

test("the path is found in any address", () => {
  expect(pathOf("http://localhost/a/b?c=/d")).toBe("/a/b");
  expect(pathOf("http://localhost")).toBe("/");
  expect(pathOf("http://localhost?x")).toBe("/");
  expect(pathOf("https://a.test:1//x")).toBe("//x");
});
