/** Documents and pages, media types, cookies, proxies: what headers say. */
import { describe, expect, test } from "bun:test";
import { createCookies, readCookie } from "./cookies.ts";
import { addGuards, contentSecurityPolicy, isOpenToScripts } from "./headers.ts";
import { ACTIVITY_JSON, documentWanted, LD_JSON } from "./negotiate.ts";
import { createClientFinder } from "./proxies.ts";

const BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8";

describe("document or page", () => {
  const cases: [string | null, string | null][] = [
    [null, null],
    ["", null],
    ["*/*", null],
    ["text/html", null],
    [BROWSER, null],
    ["application/json", null],
    ["application/*", null],
    [ACTIVITY_JSON, ACTIVITY_JSON],
    ["Application/Activity+JSON; charset=utf-8", ACTIVITY_JSON],
    [LD_JSON, LD_JSON],
    ["application/ld+json", LD_JSON],
    [`application/ld+json; profile="https://example.org/a https://www.w3.org/ns/activitystreams"`, LD_JSON],
    [`application/ld+json; profile="https://example.org/other"`, null],
    [`${ACTIVITY_JSON}, ${LD_JSON}`, ACTIVITY_JSON],
    [`${LD_JSON}, ${ACTIVITY_JSON}`, LD_JSON],
    [`${ACTIVITY_JSON};q=0.5, ${LD_JSON}`, LD_JSON],
    [`${ACTIVITY_JSON}, text/html;q=0.9`, ACTIVITY_JSON],
    [`text/html, ${ACTIVITY_JSON}`, null],
    [`text/html;q=0.8, ${ACTIVITY_JSON}`, ACTIVITY_JSON],
    [`${ACTIVITY_JSON}, text/html`, ACTIVITY_JSON],
    [`${ACTIVITY_JSON};q=0.1, text/html;q=0.2`, null],
    [`${ACTIVITY_JSON};q=0`, null],
    [`${ACTIVITY_JSON};q=nonsense`, null],
    [`application/xml;x="a,${ACTIVITY_JSON},b"`, null],
  ];
  for (const [accept, wanted] of cases) {
    test(`${accept} means ${wanted ?? "the page"}`, () =>
      expect(documentWanted(accept)).toBe(wanted as never));
  }

  test("a header with thousands of ranges costs little", () => {
    expect(documentWanted(`${"a/b,".repeat(50_000)}${ACTIVITY_JSON}`)).toBeNull();
  });
});

describe("cookies", () => {
  const request = (cookie: string): Request => new Request("http://localhost/", { headers: { cookie } });

  test("have names over https that no other host can set, and plain ones over http", () => {
    const secure = createCookies({ isSecure: true });
    expect(secure.setSession("t", 60)).toBe(
      "__Host-session=t; Path=/; HttpOnly; SameSite=Lax; Max-Age=60; Secure",
    );
    expect(secure.session(request("session=evil; __Host-session=good"))).toBe("good");
    expect(secure.session(request("session=evil"))).toBeNull();
    const plain = createCookies({ isSecure: false });
    expect(plain.setForm("f")).toBe("form=f; Path=/; HttpOnly; SameSite=Lax");
    expect(plain.clearSession()).toContain("Max-Age=0");
  });

  test("are read whatever stands around them", () => {
    expect(readCookie(request(`a=1;  b = "2" ; =x; c`), "b")).toBe("2");
    expect(readCookie(request("xb=1"), "b")).toBeNull();
    expect(readCookie(request("b="), "b")).toBeNull();
    expect(readCookie(request("b=1; b=2"), "b")).toBe("1");
    expect(readCookie(new Request("http://localhost/"), "b")).toBeNull();
  });
});

describe("proxies", () => {
  const headers = (forwarded: string, proto = "https"): Headers =>
    new Headers({ "x-forwarded-for": forwarded, "x-forwarded-proto": proto });

  test("are not believed unless they are trusted", () => {
    const find = createClientFinder([]);
    expect(find("203.0.113.9", headers("10.0.0.1"), false)).toEqual({
      address: "203.0.113.9",
      isSecure: false,
    });
  });

  test("the client is the first address from our side that is not a trusted proxy", () => {
    const find = createClientFinder(["127.0.0.1", "10.0.0.0/8", "2001:db8::/32"]);
    const addressOf = (peer: string, forwarded: string): string =>
      find(peer, headers(forwarded), false).address;
    expect(addressOf("127.0.0.1", "198.51.100.7")).toBe("198.51.100.7");
    expect(addressOf("::ffff:127.0.0.1", "198.51.100.7")).toBe("198.51.100.7");
    expect(addressOf("127.0.0.1", "1.2.3.4, 198.51.100.7, 10.1.1.1")).toBe("198.51.100.7");
    expect(addressOf("198.51.100.7", "1.2.3.4")).toBe("198.51.100.7");
    expect(addressOf("127.0.0.1", "1.2.3.4, nonsense")).toBe("127.0.0.1");
    expect(addressOf("127.0.0.1", "")).toBe("127.0.0.1");
    expect(addressOf("2001:db8::1", "[2001:db9::7]:443")).toBe("2001:db9::7");
    expect(addressOf("10.0.0.1", "198.51.100.7:1234")).toBe("198.51.100.7");
    expect(addressOf("10.0.0.1", Array(500).fill("10.0.0.2").join(","))).toBe("10.0.0.2");
  });

  test("the nearest proxy says whether it was https", () => {
    const find = createClientFinder(["127.0.0.1"]);
    expect(find("127.0.0.1", headers("1.2.3.4", "http, https"), false).isSecure).toBe(true);
    expect(find("127.0.0.1", headers("1.2.3.4", "https, http"), false).isSecure).toBe(false);
    expect(find("1.2.3.4", new Headers(), true).isSecure).toBe(true);
  });

  test("a mistaken setting is named", () => {
    for (const bad of ["proxy.example", "10.0.0.0/99", ""]) {
      expect(() => createClientFinder([bad])).toThrow(/trusted proxies/);
    }
  });
});

describe("guards", () => {
  const guarded = (type: string, isSecure: boolean, more: Record<string, string> = {}): Headers => {
    const headers = new Headers({ "content-type": type, ...more });
    addGuards(headers, { isSecure });
    return headers;
  };

  test("a page runs nothing inline, and frames and forms stay here", () => {
    const policy = guarded("text/html; charset=utf-8", true).get("content-security-policy");
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("form-action 'self';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain("unsafe");
    const more = contentSecurityPolicy({
      scripts: ["sha256-abc"],
      media: ["https:"],
      formTargets: ["myapp:"],
    });
    expect(more).toContain("script-src 'self' 'sha256-abc';");
    expect(more).toContain("img-src 'self' https: data: blob:;");
    expect(more).toContain("form-action 'self' myapp:;");
  });

  test("what is no page is shown by no browser as one", () => {
    const headers = guarded("application/json", false);
    expect(headers.get("content-security-policy")).toContain("sandbox");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("strict-transport-security")).toBeNull();
    expect(guarded("application/json", true).get("strict-transport-security")).toBe("max-age=31536000");
  });

  test("what a handler set stays", () => {
    const headers = guarded("text/html", true, {
      "content-security-policy": "x",
      "referrer-policy": "origin",
    });
    expect([headers.get("content-security-policy"), headers.get("referrer-policy")]).toEqual(["x", "origin"]);
  });

  test("scripts of other sites may call interfaces, never pages", () => {
    for (const path of [
      "/api/v1/instance",
      "/oauth/token",
      "/.well-known/webfinger",
      "/users/alice",
      "/inbox",
    ]) {
      expect([path, isOpenToScripts(path)]).toEqual([path, true]);
    }
    for (const path of [
      "/",
      "/@alice",
      "/oauth/authorize",
      "/sign-in",
      "/act",
      "/settings",
      "/admin/people",
    ]) {
      expect([path, isOpenToScripts(path)]).toEqual([path, false]);
    }
  });
});
