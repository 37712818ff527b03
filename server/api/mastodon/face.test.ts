/** What holds for every endpoint: who gets in, what refusals look like, and which headers come with each answer. */
import { expect, test } from "bun:test";
import { testApp } from "../../testing/app.ts";
import { appOf, type Loose } from "../../testing/app-client.ts";
import { onSqlite } from "../../testing/engines.ts";
import { mastodonSchema } from "../../testing/mastodon.ts";
import { person } from "../../testing/people.ts";

onSqlite((engine) => {
  async function build() {
    const app = await testApp(engine);
    const alice = await person(app, "alice", "admin");
    return { app, alice, api: await appOf(alice) };
  }
  let built: ReturnType<typeof build> | undefined;
  const house = () => {
    built ??= build();
    return built;
  };

  test("a preflight is answered before anything else", async () => {
    const { app } = await house();
    for (const path of [
      "/api/v1/statuses",
      "/api/v1/nothing",
      "/oauth/token",
      "/oauth/revoke",
      "/nodeinfo/2.0",
      "/.well-known/nodeinfo",
    ]) {
      const response = await app.ask(path, { method: "OPTIONS" });
      expect([path, response.status]).toEqual([path, 204]);
      const headers = response.headers;
      expect(headers.get("access-control-allow-origin")).toBe("*");
      for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE"])
        expect(headers.get("access-control-allow-methods")).toContain(method);
      for (const name of ["Authorization", "Content-Type", "Idempotency-Key"])
        expect(headers.get("access-control-allow-headers")).toContain(name);
    }
  });

  test("every refusal is JSON that scripts of other sites may read", async () => {
    const { app, alice } = await house();
    const reading = await alice.tokenFor("read");
    const cases: [name: string, path: string, init: RequestInit, status: number][] = [
      ["unknown", "/api/v1/nothing", {}, 404],
      ["unknown version", "/api/v7/x/y/z", { method: "DELETE" }, 404],
      ["v2 media cannot be changed", "/api/v2/media/1", { method: "PUT", body: "{}" }, 404],
      ["nobody", "/api/v1/timelines/home", {}, 401],
      ["a bad token", "/api/v1/timelines/home", { headers: { authorization: "Bearer x" } }, 401],
      ["a bad token where all may read", "/api/v1/instance", { headers: { authorization: "Bearer x" } }, 401],
      ["no such id", "/api/v1/accounts/1", {}, 404],
      ["no id at all", "/api/v1/accounts/x%00", {}, 404],
      [
        "a scope that is lacking",
        "/api/v1/statuses",
        { method: "POST", headers: { authorization: reading }, body: "status=x" },
        403,
      ],
      [
        "a body that is none",
        "/api/v1/statuses",
        {
          method: "POST",
          headers: { authorization: alice.bearer, "content-type": "application/json" },
          body: "{",
        },
        422,
      ],
      [
        "a body that is too large",
        "/api/v1/statuses",
        { method: "POST", headers: { authorization: alice.bearer }, body: "x".repeat(1_000_001) },
        413,
      ],
    ];
    for (const [name, path, init, status] of cases) {
      const response = await app.ask(path, init);
      expect([name, response.status]).toEqual([name, status]);
      expect(response.headers.get("content-type")).toStartWith("application/json");
      expect(response.headers.get("access-control-allow-origin")).toBe("*");
      expect(typeof ((await response.json()) as Loose).error).toBe("string");
    }
    expect(app.warnings()).toEqual([]);
  });

  test("a browser's session is no token", async () => {
    const { app, alice } = await house();
    for (const headers of [{}, { authorization: "Basic YTpi" }, { authorization: "Bearer ?!" }]) {
      const asked = { headers: { ...headers, cookie: alice.cookie } };
      expect((await app.ask("/api/v1/timelines/home", asked)).status).toBe(401);
      expect((await app.ask("/api/v1/timelines/public", asked)).status).toBe(401);
    }
  });

  test("each answer says what is left, in the names of both standards, and scripts may read it", async () => {
    const { app, alice } = await house();
    const response = await app.ask("/api/v1/timelines/home", { headers: { authorization: alice.bearer } });
    expect(Number(response.headers.get("x-ratelimit-remaining"))).toBeGreaterThan(0);
    expect(response.headers.get("x-ratelimit-limit")).toBe(response.headers.get("ratelimit-limit"));
    expect(response.headers.get("x-ratelimit-reset")).toMatch(/^\d{4}-\d\d-\d\dT.*\.\d{3}Z$/);
    for (const name of ["Link", "X-RateLimit-Remaining", "X-Request-Id"])
      expect(response.headers.get("access-control-expose-headers")).toContain(name);
    expect(response.headers.get("cache-control")).toBe("private, no-store");
  });

  test("whoever writes too often waits, and is told how long", async () => {
    const { app } = await house();
    const bob = await person(app, "bob");
    const api = await appOf(bob);
    let last = { status: 200, body: null as Loose, headers: new Headers() };
    for (let i = 0; i < 301; i++) last = await api.ask("POST", "/api/v1/statuses", { status: "" });
    expect(last.status).toBe(429);
    expect(Number(last.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(typeof last.body.error).toBe("string");
  });

  test("what everybody wrote is for members, unless the lists are open", async () => {
    const { app, api } = await house();
    const paths = [
      "/api/v1/timelines/public?local=true",
      "/api/v1/timelines/public",
      "/api/v1/timelines/tag/x",
      "/api/v1/trends",
      "/api/v1/trends/tags",
      "/api/v1/trends/statuses",
      "/api/v1/trends/links",
    ];
    for (const path of paths) {
      expect((await app.ask(path)).status).toBe(401);
      expect(await api.get(path)).toEqual([]);
    }
    await app.opened.accounts.settings.set({ publicLists: "everyone" });
    for (const path of paths) expect((await app.ask(path)).status).toBe(200);
    await app.opened.accounts.settings.set({ publicLists: "members" });
  });

  test("the instance says everything that clients read without a check", async () => {
    const { app } = await house();
    const of = async (path: string): Promise<Loose> => (await app.ask(path)).json();
    const [v1, v2] = [await of("/api/v1/instance"), await of("/api/v2/instance")];
    for (const [path, body] of [
      ["/api/v1/instance", v1],
      ["/api/v2/instance", v2],
    ])
      expect(mastodonSchema()?.faults("GET", path, 200, body) ?? []).toEqual([]);
    expect(v1.urls.streaming_api).toBe("wss://pub.test");
    expect(v2.configuration.urls.streaming).toBe("wss://pub.test");
    expect(v2.domain).toBe("pub.test");
    expect(v2.version).toMatch(/^4\.\d+\.\d+ \(compatible; Commons /);
    expect(Number.isInteger(v2.api_versions.mastodon)).toBe(true);
    for (const limit of ["max_options", "max_characters_per_option", "min_expiration", "max_expiration"])
      expect(Number.isInteger(v2.configuration.polls[limit])).toBe(true);
    expect(typeof v2.contact.email).toBe("string");
    expect(typeof v2.thumbnail.url).toBe("string");
    expect(v2.registrations.enabled).toBe(false);
    const picture = await app.ask(new URL(v2.thumbnail.url).pathname);
    expect(picture.headers.get("content-type")).toBe("image/png");
  });

  test("rules and texts about the place are told as they are written", async () => {
    const { app } = await house();
    await app.opened.accounts.settings.set({
      rules: "Be kind.\n\nNo ads.",
      about: "**Ours**",
      privacy: "Little.",
    });
    const paths: [string, (body: Loose) => unknown, unknown][] = [
      [
        "/api/v1/instance/rules",
        (body) => body.map(({ id, text }: Loose) => [id, text]),
        [
          ["1", "Be kind."],
          ["2", "No ads."],
        ],
      ],
      ["/api/v1/instance/extended_description", (body) => body.content, "<p><strong>Ours</strong></p>"],
      ["/api/v1/instance/privacy_policy", (body) => body.content, "<p>Little.</p>"],
      ["/api/v1/instance/domain_blocks", (body) => body, []],
      ["/api/v1/instance/activity", (body) => body, []],
    ];
    for (const [path, part, expected] of paths) {
      const body = (await (await app.ask(path)).json()) as Loose;
      expect(mastodonSchema()?.faults("GET", path, 200, body) ?? []).toEqual([]);
      expect(part(body)).toEqual(expected);
    }
  });

  test("NodeInfo 2.0 is at its one address, and names the API", async () => {
    const { app } = await house();
    const body = (await (await app.ask("/nodeinfo/2.0")).json()) as Loose;
    expect(body).toMatchObject({
      version: "2.0",
      software: { name: "commons" },
      metadata: { upstream: { name: "mastodon" } },
    });
    const links = (await (await app.ask("/.well-known/nodeinfo")).json()) as Loose;
    expect(links.links.map(({ href }: Loose) => href)).toContain("https://pub.test/nodeinfo/2.0");
  });

  test("people without pictures have some all the same", async () => {
    const { app, api } = await house();
    const me = await api.get("/api/v1/accounts/verify_credentials");
    // Never null or "", and known by the name.
    for (const url of [me.avatar, me.avatar_static, me.header, me.header_static]) {
      expect(url).toEndWith("/missing.png");
      const picture = await app.ask(new URL(url).pathname);
      expect(picture.headers.get("content-type")).toBe("image/png");
      expect((await picture.bytes()).length).toBeGreaterThan(60);
    }
    expect(me.source).toMatchObject({ privacy: "public", sensitive: false, note: "", fields: [] });
    expect(me.role).toMatchObject({ permissions: "1" });
  });
});
