/** What counts as one host and one origin, however it is spelt. */
import { expect, test } from "bun:test";
import {
  hostOf,
  isPublicHostName,
  isWithinDomain,
  MAX_URL_LENGTH,
  normaliseHost,
  originOf,
  parseHttpUrl,
  portOf,
  sameOrigin,
} from "./url.ts";

test.each([
  ["https://a.test/users/x", "https://a.test"],
  ["HTTPS://A.Test./users/x", "https://a.test"],
  ["https://a.test:443", "https://a.test"],
  ["http://a.test:80/?q", "http://a.test"],
  ["https://a.test:8443/#f", "https://a.test:8443"],
  ["https://bücher.example/ü", "https://xn--bcher-kva.example"],
  ["https://XN--BCHER-KVA.example/", "https://xn--bcher-kva.example"],
  ["https://0x7f000001/", "https://127.0.0.1"],
  ["https://[0:0::1]:443/", "https://[::1]"],
])("the origin of %s is %s", (url, origin) => {
  expect(originOf(url)).toBe(origin);
});

test.each([
  null,
  42,
  "",
  "a.test",
  "//a.test/",
  "ftp://a.test/",
  "javascript:alert(1)",
  "urn:uuid:1",
  "did:key:z6Mk",
  "https://",
  "https:///a.test",
  "https:a.test",
  "https:\\\\a.test",
  "https://a.test\\@b.test/",
  "https://user@a.test/",
  "https://user:secret@a.test/",
  "https://@a.test/",
  "https://a..test/",
  "https://.a.test/",
  "https://a.test../",
  "https://*.a.test/",
  "https://ex%61mple.com/",
  "https://a.test%00.b.test/",
  "https://a.test:99999/",
  " https://a.test/",
  "https://a.test/\n",
  "https://a.te\tst/",
  "https://a.test/\u202e",
  "https://a.test/\ud800",
])("%p has no origin and nothing throws", (url) => {
  expect(originOf(url)).toBeNull();
  expect(sameOrigin(url, url)).toBe(false);
});

test("labels, hosts and URLs beyond their lengths have no origin", () => {
  expect(originOf(`https://${"a".repeat(63)}.test/`)).not.toBeNull();
  expect(originOf(`https://${"a".repeat(64)}.test/`)).toBeNull();
  expect(originOf(`https://${"a.".repeat(150)}test/`)).toBeNull();
  expect(originOf(`https://a.test/${"x".repeat(MAX_URL_LENGTH)}`)).toBeNull();
});

test.each([
  "https://a.test",
  "https://a-b.c1.2d.test/x?y#z",
  "https://a.test?q",
  "https://1.2.3.test/",
  "https://a.123/",
  "https://1.2.3.4/",
  "https://a.0x7f/",
  "https://a.b-c/",
  "https://a_b.test/",
  "https://-a.test/",
  "https://a-.test/",
  "https://ab--c.test/",
  "https://xn--a.test/",
  "https://xn--bcher-kva.example/",
  "https://localhost/",
  "https://a.test:8443/",
  "https://a.test/\u0000",
  `https://${"a".repeat(63)}.${"b".repeat(63)}.${"c".repeat(63)}.${"d".repeat(56)}.test/`,
  `https://${"a".repeat(63)}.${"b".repeat(63)}.${"c".repeat(63)}.${"d".repeat(57)}.test/`,
])("host and origin of %p are what parsing it tells", (url) => {
  expect(hostOf(url)).toBe(parseHttpUrl(url)?.host ?? null);
  expect(originOf(url)).toBe(parseHttpUrl(url)?.origin ?? null);
});

test("scheme, host and port make the origin; the path does not", () => {
  expect(sameOrigin("https://a.test/1", "https://A.test.:443/2")).toBe(true);
  expect(sameOrigin("https://a.test/1", "http://a.test/1")).toBe(false);
  expect(sameOrigin("https://a.test/1", "https://a.test:8443/1")).toBe(false);
  expect(sameOrigin("https://a.test/1", "https://b.a.test/1")).toBe(false);
});

test("a host has one normal form", () => {
  expect(normaliseHost("Example.COM.")).toBe("example.com");
  expect(normaliseHost("example.com:443")).toBe("example.com");
  expect(normaliseHost("example.com:3000")).toBe("example.com:3000");
  expect(normaliseHost("Bücher.example")).toBe("xn--bcher-kva.example");
  expect(hostOf("https://Example.com:3000/x")).toBe("example.com:3000");
});

test.each(["", "a b", "a/b", "a?b", "me@a.test", "a#b", "a..b", ".", "[::1", undefined])(
  "%p is no host",
  (host) => {
    expect(normaliseHost(host)).toBeNull();
  },
);

test("a subdomain is within its domain, a longer name that only ends alike is not", () => {
  expect(isWithinDomain("a.test", "a.test")).toBe(true);
  expect(isWithinDomain("b.a.test", "a.test")).toBe(true);
  expect(isWithinDomain("ba.test", "a.test")).toBe(false);
});

test("names of the local network and address literals are no public names", () => {
  for (const host of ["example.com", "example.com:8443", "a.b.example", "xn--bcher-kva.example"])
    expect([host, isPublicHostName(host)]).toEqual([host, true]);
  for (const host of [
    "localhost",
    "pi.local",
    "db.internal",
    "x.home.arpa",
    "abc.onion",
    "127.0.0.1",
    "127.0.0.1:80",
    "[::1]",
    "[::1]:80",
    "router",
  ])
    expect([host, isPublicHostName(host)]).toEqual([host, false]);
});

test("the port of a URL is a number even where it is not written", () => {
  const url = parseHttpUrl("https://a.test/");
  expect(url && portOf(url)).toBe(443);
  const other = parseHttpUrl("http://a.test:8080/");
  expect(other && portOf(other)).toBe(8080);
});
