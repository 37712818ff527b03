/** An app of another site in a browser: what it may send and read across origins. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { closeBrowsers, hasChromium, person } from "./browser.ts";
import { cleanUp, type Running, runCommons, startCommons } from "./program.ts";

let server: Running;
let app: ReturnType<typeof Bun.serve>;
let token: string;

describe.skipIf(!hasChromium)("an app of another site", () => {
  beforeAll(async () => {
    server = await startCommons();
    const at = { dataDir: server.dataDir, stdin: "correct horse battery staple\n" };
    await runCommons(["user", "create", "alice", "--admin", "--password-file", "-"], at);
    const made = await runCommons(["token", "create", "--user", "alice", "--scopes", "read write"], at);
    token = made.stdout.trim();
    app = Bun.serve({
      port: 0,
      hostname: "localhost",
      fetch: () =>
        new Response("<!doctype html><title>app</title>", { headers: { "content-type": "text/html" } }),
    });
  });
  afterAll(async () => {
    await closeBrowsers();
    await app?.stop(true);
    await cleanUp();
  });

  test("it posts with a key, leafs by links, sees refusals for what they are, and draws pictures", async () => {
    const { page } = await person(app.url.origin);
    await page.goto(app.url.href);
    const seen = await page.evaluate(
      async ([origin = "", bearer = ""]) => {
        const ask = async (path: string, init: RequestInit = {}) => {
          const headers = { authorization: `Bearer ${bearer}`, ...init.headers };
          const response = await fetch(origin + path, { ...init, headers });
          return {
            status: response.status,
            link: response.headers.get("link"),
            body: await response.json(),
          };
        };
        const json = { "content-type": "application/json", "idempotency-key": "x" };
        const post = { method: "POST", headers: json, body: JSON.stringify({ status: "from afar" }) };
        const [first, again] = [await ask("/api/v1/statuses", post), await ask("/api/v1/statuses", post)];
        const second = await ask("/api/v1/statuses", {
          method: "POST",
          body: new URLSearchParams({ status: "another" }),
        });
        const home = await ask("/api/v1/timelines/home?limit=1");
        const refused = await ask("/api/v1/nothing", { method: "DELETE" });
        const stranger = await fetch(`${origin}/api/v1/timelines/home`);
        const nodeinfo = await fetch(`${origin}/nodeinfo/2.0`);
        const picture = document.createElement("img");
        picture.crossOrigin = "anonymous";
        picture.src = first.body.account.avatar;
        const isDrawn = await picture.decode().then(
          () => true,
          () => false,
        );
        return {
          same: first.body.id === again.body.id,
          statuses: [first.status, second.status, refused.status, stranger.status, nodeinfo.status],
          refusal: typeof refused.body.error,
          link: home.link,
          isDrawn,
        };
      },
      [server.origin, token],
    );
    expect(seen).toMatchObject({
      same: true,
      statuses: [200, 200, 404, 401, 200],
      refusal: "string",
      isDrawn: true,
    });
    expect(seen.link).toContain('rel="next"');
  });
});
