/** What the outgoing client lets through: addresses, hops, headers. No socket is opened here. */
import { describe, expect, test } from "bun:test";
import { createFetch, type Dialled, type Fetch, type FetchOptions } from "./fetch.ts";
import { isProblem } from "./problem.ts";
import { upstream } from "./upstream.ts";

const PUBLIC = "93.184.216.34";

/** A client whose names and answers are made up; `dialled` tells what it sent. */
function client(
  names: Readonly<Record<string, readonly string[]>>,
  answer: (request: Dialled) => Response | Promise<Response> = () => new Response("ok"),
  deps: Partial<Parameters<typeof createFetch>[0]> = {},
) {
  const dialled: Dialled[] = [];
  const fetch = createFetch({
    resolve: async (host) => names[host] ?? [],
    userAgent: "commons-test",
    dial: async (request) => {
      dialled.push(request);
      return answer(request);
    },
    ...deps,
  });
  return { fetch, dialled };
}

/** The reason for which the call is refused, or "answered". */
const reasonOf = (fetch: Fetch, url: string, options?: FetchOptions): Promise<string | undefined> =>
  fetch(url, options).then(
    () => "answered",
    (error) => {
      if (!isProblem(error, "upstream")) throw error;
      return error.detail.reason;
    },
  );

const redirect = (location: string, status = 302) => new Response(null, { status, headers: { location } });

test("the address that was checked is the one that is connected to, though the name now leads elsewhere", async () => {
  const answers = [[PUBLIC], ["127.0.0.1"], ["127.0.0.1"]];
  const { fetch, dialled } = client({}, () => new Response("ok"), {
    resolve: async () => answers.shift() ?? [],
  });
  expect((await fetch("https://rebind.test/")).status).toBe(200);
  expect(dialled.map(({ address }) => address)).toEqual([PUBLIC]);
  expect(await reasonOf(fetch, "https://rebind.test/")).toBe("private-address");
  expect(dialled).toHaveLength(1);
});

test("private addresses of a name are passed over, and a name with no other is refused", async () => {
  const { fetch, dialled } = client({
    "mixed.test": ["10.0.0.1", "::1", PUBLIC],
    "inside.test": ["10.0.0.1", "fd00::1", "::ffff:10.0.0.1", "169.254.169.254", "0.0.0.0"],
  });
  expect(await reasonOf(fetch, "https://mixed.test/")).toBe("answered");
  expect(dialled.map(({ address }) => address)).toEqual([PUBLIC]);
  expect(await reasonOf(fetch, "https://inside.test/")).toBe("private-address");
});

test.each([
  ["https://127.0.0.1/", "private-address"],
  ["https://[::1]/", "private-address"],
  ["https://2130706433/", "private-address"],
  ["https://[::ffff:7f00:1]/", "private-address"],
  ["https://nowhere.test/", "dns"],
  ["http://a.test/", "scheme"],
  ["https://a.test:8443/", "port"],
  ["https://a.test:22/", "port"],
  ["https://me:secret@a.test/", "url"],
  ["file:///etc/passwd", "url"],
  ["data:text/plain,x", "url"],
  ["", "url"],
])("%p is refused as %s, at first and as a redirect", async (url, reason) => {
  const { fetch, dialled } = client({ "a.test": [PUBLIC], "hop.test": [PUBLIC] }, () => redirect(url));
  expect(await reasonOf(fetch, url)).toBe(reason);
  expect(dialled).toHaveLength(0);
  if (url !== "") {
    expect(await reasonOf(fetch, "https://hop.test/")).toBe(reason);
    expect(dialled).toHaveLength(1);
  }
});

test("a redirect to a name that leads inside is refused, and nothing is sent there", async () => {
  const { fetch, dialled } = client({ "a.test": [PUBLIC], "inside.test": ["192.168.1.1"] }, () =>
    redirect("https://inside.test/admin"),
  );
  expect(await reasonOf(fetch, "https://a.test/")).toBe("private-address");
  expect(dialled.map(({ url }) => url.host)).toEqual(["a.test"]);
});

test("insecure federation permits http, any port and private addresses, but no credentials", async () => {
  const { fetch, dialled } = client({ "a.test": ["10.0.0.1"] }, undefined, { allowPrivate: true });
  expect(await reasonOf(fetch, "http://a.test:3000/")).toBe("answered");
  expect(await reasonOf(fetch, "http://127.0.0.1:3000/")).toBe("answered");
  expect(await reasonOf(fetch, "http://me@a.test:3000/")).toBe("url");
  expect(dialled.map(({ headers }) => headers.get("host"))).toEqual(["a.test:3000", "127.0.0.1:3000"]);
});

describe("a host that is named as one inside", () => {
  const names = {
    "sso.test": ["10.0.0.5"],
    "sso6.test": ["fd00::5"],
    "other.test": ["10.0.0.5"],
    "cloud.test": ["169.254.169.254", "fe80::1", "0.0.0.0", "::ffff:10.0.0.5"],
  };
  const insideHosts = ["sso.test", "sso6.test", "sso.test:8443", "10.0.0.7", "cloud.test"];

  test.each([
    ["https://sso.test/", "answered"],
    ["https://SSO.test.:443/", "answered"],
    ["https://sso6.test/", "answered"],
    ["https://sso.test:8443/", "answered"],
    ["https://10.0.0.7/", "answered"],
    ["https://sso.test:8444/", "port"],
    ["https://sso6.test:8443/", "port"],
    ["https://10.0.0.8/", "private-address"],
    ["https://other.test/", "private-address"],
    ["https://x.sso.test/", "dns"],
    ["https://cloud.test/", "private-address"],
    ["http://sso.test/", "scheme"],
    ["http://10.0.0.7/", "scheme"],
  ])("makes %p %s", async (url, reason) => {
    const { fetch, dialled } = client(names, undefined, { insideHosts });
    expect(await reasonOf(fetch, url)).toBe(reason);
    expect(dialled).toHaveLength(reason === "answered" ? 1 : 0);
  });

  test("leads to no other host inside", async () => {
    const { fetch, dialled } = client(names, () => redirect("https://other.test/"), { insideHosts });
    expect(await reasonOf(fetch, "https://sso.test/")).toBe("private-address");
    expect(dialled.map(({ url }) => url.host)).toEqual(["sso.test"]);
  });
});

test("three redirects are followed and the fourth is not", async () => {
  const hops = ({ url }: Dialled) => {
    const left = Number(url.pathname.slice(1));
    return left === 0 ? new Response("end") : redirect(`/${left - 1}`, 307);
  };
  const { fetch } = client({ "a.test": [PUBLIC] }, hops);
  expect((await fetch("https://a.test/3#part")).url).toBe("https://a.test/0");
  expect(await reasonOf(fetch, "https://a.test/4")).toBe("redirects");
});

test("each hop gets headers of its own, and credentials stay with the first origin", async () => {
  const { fetch, dialled } = client({ "a.test": [PUBLIC], "b.test": [PUBLIC] }, ({ url }) =>
    url.host === "a.test" && url.pathname === "/1"
      ? redirect("/2")
      : url.host === "a.test"
        ? redirect("https://b.test/3")
        : new Response("ok"),
  );
  const answer = await fetch("https://A.test./1", {
    headers: { accept: "application/json", authorization: "Bearer x", cookie: "y=z", host: "evil.test" },
    headersFor: async (url) => ({ signature: `over ${url}` }),
  });
  expect(answer.url).toBe("https://b.test/3");
  expect(dialled.map(({ headers }) => Object.fromEntries(headers))).toEqual([
    {
      accept: "application/json",
      "accept-encoding": "gzip, br",
      authorization: "Bearer x",
      cookie: "y=z",
      host: "a.test",
      signature: "over https://a.test/1",
      "user-agent": "commons-test",
    },
    {
      accept: "application/json",
      "accept-encoding": "gzip, br",
      authorization: "Bearer x",
      cookie: "y=z",
      host: "a.test",
      signature: "over https://a.test/2",
      "user-agent": "commons-test",
    },
    {
      accept: "application/json",
      "accept-encoding": "gzip, br",
      host: "b.test",
      signature: "over https://b.test/3",
      "user-agent": "commons-test",
    },
  ]);
});

test("a POST does not follow redirects, nor does who asks for the redirect itself", async () => {
  const { fetch, dialled } = client({ "a.test": [PUBLIC] }, () => redirect("/elsewhere", 308));
  expect((await fetch("https://a.test/inbox", { method: "POST", body: "{}" })).status).toBe(308);
  expect((await fetch("https://a.test/", { redirect: "none" })).headers.get("location")).toBe("/elsewhere");
  expect(dialled).toHaveLength(2);
});

test("a redirect without a location is an answer like any other", async () => {
  const { fetch } = client({ "a.test": [PUBLIC] }, () => new Response("choose", { status: 302 }));
  expect((await fetch("https://a.test/")).status).toBe(302);
});

test.each([
  ["GET", "refused", "answered", 2],
  ["POST", "refused", "answered", 2],
  ["GET", "reset", "answered", 2],
  ["POST", "reset", "reset", 1],
  ["GET", "tls", "tls", 1],
] as const)("after a first address where a %s ends as %s it is %s", async (method, reason, end, dials) => {
  const { fetch, dialled } = client({ "a.test": ["93.184.216.34", "93.184.216.35"] }, ({ url, address }) => {
    if (address.endsWith("34")) throw upstream(reason, url.href);
    return new Response("ok");
  });
  expect(await reasonOf(fetch, "https://a.test/", { method })).toBe(end);
  expect(dialled).toHaveLength(dials);
});

test("a name with a hundred dead addresses costs four tries", async () => {
  const many = Array.from({ length: 100 }, (_, i) => `93.184.216.${i}`);
  const { fetch, dialled } = client({ "a.test": many }, ({ url }) => {
    throw upstream("refused", url.href);
  });
  expect(await reasonOf(fetch, "https://a.test/")).toBe("refused");
  expect(dialled).toHaveLength(4);
});

test("one host gets only so many requests at once, and who waits too long was never sent", async () => {
  const open: (() => void)[] = [];
  const held = () => new Promise<Response>((resolve) => open.push(() => resolve(new Response("ok"))));
  const { fetch, dialled } = client({ "a.test": [PUBLIC], "b.test": [PUBLIC] }, held, {
    limits: { perHost: 2 },
  });
  const calls = ["a", "a", "a", "b"].map((name) => reasonOf(fetch, `https://${name}.test/`));
  const hurried = reasonOf(fetch, "https://a.test/hurried", { totalMs: 1 });
  expect(await hurried).toBe("busy");
  expect(dialled.map(({ url }) => url.host).sort()).toEqual(["a.test", "a.test", "b.test"]);
  while (open.length > 0) {
    open.pop()?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(await Promise.all(calls)).toEqual(["answered", "answered", "answered", "answered"]);
  expect(dialled).toHaveLength(4);
});

test("a resolver that fails or keeps silent is a name that leads nowhere", async () => {
  const failing = client({}, undefined, { resolve: () => Promise.reject(new Error("SERVFAIL")) });
  expect(await reasonOf(failing.fetch, "https://a.test/")).toBe("dns");
  const silent = client({}, undefined, { resolve: () => new Promise(() => {}), limits: { connectMs: 1 } });
  expect(await reasonOf(silent.fetch, "https://a.test/")).toBe("dns");
});

test("the caller may stop, and gets back its own reason", async () => {
  const { fetch } = client(
    { "a.test": [PUBLIC] },
    ({ signal }) =>
      new Promise((_, reject) =>
        signal.addEventListener("abort", () => reject(signal.reason), { once: true }),
      ),
  );
  const controller = new AbortController();
  const call = fetch("https://a.test/", { signal: controller.signal });
  controller.abort(new Error("shutting down"));
  await expect(call).rejects.toThrow("shutting down");
  await expect(fetch("https://a.test/", { signal: controller.signal })).rejects.toThrow("shutting down");
});
