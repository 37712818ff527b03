/** Hostile input: addresses with more in them than an address, and discovery asked for odd things (RFC 7033, RFC 9110). */
import { expect, test } from "bun:test";
import { ACTIVITY_JSON } from "../http/negotiate.ts";
import { type HostileCase, hostile, type World } from "../testing/hostile.ts";
import { isLastUse } from "../testing/hostile-activities.ts";

const get =
  (path: string, accept = "text/html") =>
  (world: World) =>
    world.app.ask(path, { headers: { accept } });

/** Whatever the answer, nothing of the path becomes a header, and nothing of this machine comes back. */
const harmless: NonNullable<HostileCase["also"]> = (_, { body, headers }) => {
  expect(headers.get("x-injected")).toBeNull();
  expect(headers.getSetCookie().join()).not.toContain("injected");
  expect(headers.get("location") ?? "").not.toMatch(/[\r\n\0\\]|^\/\/|^\/@.*(?:\.\.\/|:\/\/)/);
  expect(body).not.toMatch(/root:[x*]:0:0|\[install\]|"dependencies"|PRIVATE KEY/);
};

const missing = (path: string): readonly HostileCase[] =>
  ["text/html", ACTIVITY_JSON].map((accept) => ({
    name: `${path.length > 80 ? `${path.slice(0, 60)}…` : path} is not there for ${accept}`,
    // A browser may be sent to the page of that name, where it finds nothing.
    status: [303, 400, 404, 414],
    send: get(path, accept),
    also: harmless,
  }));

const paths: readonly HostileCase[] = [
  "/@alice%0d%0ax-injected:%201",
  "/users/alice%0d%0aset-cookie:%20injected=1",
  "/users/alice%00",
  "/@alice%00/1",
  "/users/alice%2f..%2fbob",
  "/users/..%2f..%2f..%2fetc%2fpasswd",
  "/assets/..%2f..%2f..%2f..%2fetc%2fpasswd",
  "/assets/%2e%2e/%2e%2e/package.json",
  "/assets/....//....//package.json",
  "/assets/..\\..\\package.json",
  "/media/..%2f..%2fetc%2fpasswd",
  "/media/%2e%2e%2fcommons.db",
  "/commons.db",
  "/.env",
  "/.git/config",
  "/package.json",
  "/bunfig.toml",
  "/users/__proto__",
  "/users/constructor",
  "/@__proto__",
  "/@constructor/prototype",
  "/objects/__proto__",
  "/objects/-1",
  "/objects/0",
  "/objects/1e3",
  "/objects/0x10",
  "/objects/99999999999999999999999",
  "/objects/1%27%20OR%201=1--",
  "/objects/1;DROP%20TABLE%20object",
  "/objects/NaN",
  "/activities/9007199254740993",
  "/users/alice/private",
  "/users/alice/home",
  "/users/alice/blocked",
  "/users/alice/bookmarks",
  "/users/alice/muted",
  "/users/alice/requests",
  "/users/alice/read",
  "/users/al%69ce%20",
  "/%",
  "/%ff%fe",
  "/%c0%ae%c0%ae/etc/passwd",
  "/@%E2%80%AEalice",
  `/${"a".repeat(8000)}`,
  `/@${"a".repeat(5000)}`,
  `/users/${"%20".repeat(2000)}`,
  `/${"a/".repeat(2000)}`,
].flatMap(missing);

const finger = (resource: string, status: number | readonly number[] = [400, 404]): HostileCase => ({
  name: `nobody is found for ${JSON.stringify(resource.length > 80 ? `${resource.slice(0, 60)}…` : resource)}`,
  status,
  send: get(`/.well-known/webfinger?resource=${encodeURIComponent(resource)}`, "application/jrd+json"),
  also: harmless,
});

const discovery: readonly HostileCase[] = [
  {
    name: "WebFinger without a resource finds nobody",
    status: 400,
    send: get("/.well-known/webfinger"),
    also: harmless,
  },
  {
    name: "WebFinger with a resource that is badly encoded finds nobody",
    status: [400, 404],
    send: get("/.well-known/webfinger?resource=%E0%A4%A"),
    also: harmless,
  },
  ...[
    "",
    "alice",
    "acct:",
    "acct:@",
    "acct:alice",
    "acct:@pub.test",
    "acct:alice@",
    "acct:alice@other.test",
    "acct:alice@pub.test.other.test",
    "acct:alice@other.test@pub.test",
    "acct:alice@pub.test@other.test",
    "acct:alice@sub.pub.test",
    "acct:alice@pub.test:8443",
    "acct:alice@pub.test/../bob",
    "acct:alice bob@pub.test",
    "acct:alice\r\nx-injected: 1@pub.test",
    "acct:alice\u0000@pub.test",
    "acct:../../etc/passwd@pub.test",
    "acct:__proto__@pub.test",
    "acct:constructor@pub.test",
    "acct:*@pub.test",
    "acct:%@pub.test",
    "acct:' OR 1=1--@pub.test",
    `acct:${"a".repeat(5000)}@pub.test`,
    "mailto:alice@pub.test",
    "javascript:alert(1)",
    "https://other.test/users/alice",
    "https://pub.test.other.test/users/alice",
    "https://pub.test@other.test/users/alice",
    "http://pub.test/users/alice",
    "https://pub.test:8443/users/alice",
    "https://pub.test/users/alice/inbox",
    "https://pub.test/users/alice/../bob",
    "https://pub.test/users/alice?x",
    "https://pub.test/objects/1",
  ].map((resource) => finger(resource)),
];

/** Where a browser is sent afterwards: only here. */
const returnsHome = (
  name: string,
  send: HostileCase["send"],
  status: HostileCase["status"] = [200, 303, 400, 403, 404, 502],
): HostileCase => ({
  name,
  status,
  send,
  allows: (line) => isLastUse(line) || /^\+ session /.test(line),
  also: (world, answer) => {
    harmless(world, answer);
    const location = answer.headers.get("location");
    if (location !== null) expect(new URL(location, world.app.origin).origin).toBe(world.app.origin);
    expect(answer.body).not.toMatch(
      /(?:href|action|content)="(?:javascript:|data:|\/\/|\/\\|https:\/\/evil)/i,
    );
  },
});

const ELSEWHERE = [
  "https://evil.test/",
  "//evil.test/",
  "/\\evil.test/",
  "\\\\evil.test",
  "/\t/evil.test/",
  "javascript:alert(1)",
  "https:evil.test",
  "/@alice\r\nx-injected: 1",
  "///evil.test",
  "/%09/evil.test",
  "data:text/html,x",
];

const redirects: readonly HostileCase[] = ELSEWHERE.flatMap((url) => [
  returnsHome(`signing in returns nobody to ${JSON.stringify(url)}`, (w) =>
    w.eve.submit("/sign-in", { name: "eve", password: "correct horse battery", return: url }),
  ),
  returnsHome(
    `the page to sign in sends nobody to ${JSON.stringify(url)}`,
    get(`/sign-in?return=${encodeURIComponent(url)}`),
  ),
  returnsHome(`a form returns nobody to ${JSON.stringify(url)}`, (w) =>
    w.eve.submit("/act", { type: "Like", object: "https://pub.test/objects/1", return: url }),
  ),
]);

const BAD_TEMPLATES = [
  "javascript:alert('{uri}')",
  "data:text/html,{uri}",
  "//mallory.test/{uri}",
  "file:///{uri}",
  "https://mallory.test/\r\nx-injected: {uri}",
  "https://pub.test@mallory.test/{uri}",
  "{uri}",
];

const remote: readonly HostileCase[] = BAD_TEMPLATES.map((template) => ({
  name: `following from elsewhere does not follow the template ${JSON.stringify(template)}`,
  status: [200, 303, 400, 403, 404, 422, 502],
  async send(w) {
    w.fiends.put("/.well-known/webfinger", {
      type: "application/jrd+json",
      body: { links: [{ rel: "http://ostatus.org/schema/1.0/subscribe", template }] },
    });
    return w.eve.submit("/remote-follow", { handle: "mallory@mallory.test", object: w.alice.iri });
  },
  allows: isLastUse,
  also(world, answer) {
    harmless(world, answer);
    const location = answer.headers.get("location");
    if (location !== null) expect(location).toMatch(/^(?:https:\/\/(?:pub|mallory)\.test\/|\/(?!\/))/);
  },
}));

const admin: readonly HostileCase[] = [
  "",
  "/people",
  "/invitations",
  "/peers",
  "/jobs",
  "/settings",
  "/backup",
  "/log",
].flatMap((page) => [
  {
    name: `/admin${page} is closed to eve`,
    status: [403, 404],
    send: (w) => w.eve.page(`/admin${page}`),
    allows: isLastUse,
  },
  { name: `/admin${page} is closed to visitors`, status: [303, 401, 403, 404], send: get(`/admin${page}`) },
  {
    name: `a form to /admin${page} is closed to eve`,
    status: [403, 404],
    send: (w) =>
      w.eve.submit(`/admin${page}`, {
        action: "promote",
        account: String(w.eve.key),
        role: "admin",
        registration: "open",
      }),
    allows: isLastUse,
  },
]);

hostile("paths", [...paths, ...discovery, ...redirects, ...remote, ...admin], (world) => {
  test("what is there is found, so that the tables above can fail", async () => {
    const { app } = world();
    for (const resource of [
      "acct:alice@pub.test",
      "acct:Alice@PUB.test",
      "https://pub.test/users/alice",
      "https://pub.test/@alice",
    ]) {
      const answer = await get(`/.well-known/webfinger?resource=${encodeURIComponent(resource)}`)(world());
      expect(answer.status, resource).toBe(200);
    }
    expect((await app.ask("/@alice")).status).toBe(200);
  });
});
