/** The outgoing client on real sockets: certificates, slow and oversize answers, broken servers. Loopback only. */
import { afterAll, describe, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { createFetch, type FetchLimits, type FetchOptions } from "./fetch.ts";
import { isProblem } from "./problem.ts";
import type { Resolve } from "./resolve.ts";

const folder = mkdtempSync(join(tmpdir(), "commons-tls-"));
const cleanUp: (() => void)[] = [() => rmSync(folder, { recursive: true })];
afterAll(() => {
  for (const undo of cleanUp) undo();
});

const client = (resolve: Resolve, limits: Partial<FetchLimits> = {}, extraCa?: string) =>
  createFetch({
    resolve,
    userAgent: "commons-test",
    allowPrivate: true,
    limits,
    ...(extraCa === undefined ? {} : { extraCa }),
  });
const loopback = client(async () => ["127.0.0.1"]);

const reasonOf = (fetch: typeof loopback, url: string, options?: FetchOptions): Promise<string | undefined> =>
  fetch(url, options).then(
    () => "answered",
    (error) => {
      if (!isProblem(error, "upstream")) throw error;
      return error.detail.reason;
    },
  );

/** An HTTP server on a free port; gives its port. */
function serve(answer: (request: Request) => Response | Promise<Response>, hostname = "127.0.0.1"): number {
  const server = Bun.serve({ hostname, port: 0, fetch: answer });
  cleanUp.push(() => server.stop(true));
  return server.port ?? 0;
}

/** A server that says these bytes to whoever speaks, and then keeps or closes the connection. */
function serveBytes(bytes: string, then: "keep" | "close"): number {
  const server = Bun.listen({
    hostname: "127.0.0.1",
    port: 0,
    socket: {
      data(socket) {
        socket.write(bytes);
        if (then === "close") socket.end();
      },
    },
  });
  cleanUp.push(() => server.stop(true));
  return server.port;
}

test("the name goes into Host, the checked address gets the connection, and one look-up serves both", async () => {
  const port = serve((request) => new Response(`first for ${request.headers.get("host")}`));
  const other = Bun.serve({ hostname: "127.0.0.2", port, fetch: () => new Response("second") });
  cleanUp.push(() => other.stop(true));
  const answers = [["127.0.0.1"], ["127.0.0.2"]];
  let asked = 0;
  const fetch = client(async () => answers[asked++] ?? []);
  const text = async () => new TextDecoder().decode((await fetch(`http://rebind.test:${port}/`)).bytes);
  expect(await text()).toBe(`first for rebind.test:${port}`);
  expect(asked).toBe(1);
  expect(await text()).toBe("second");
});

test("a body travels both ways unchanged, and the URL is the name's", async () => {
  const port = serve(async (request) => new Response(await request.bytes(), { status: 202 }));
  const body = new Uint8Array([0, 255, 10, 13]);
  const answer = await loopback(`http://a.test:${port}/inbox?x=1`, { method: "POST", body });
  expect([answer.status, answer.url, answer.bytes]).toEqual([202, `http://a.test:${port}/inbox?x=1`, body]);
});

test("an answer without a body is an empty one", async () => {
  const port = serve((request) => new Response(request.method === "HEAD" ? "unsent" : null, { status: 200 }));
  expect((await loopback(`http://a.test:${port}/`, { method: "HEAD" })).bytes).toHaveLength(0);
  expect((await loopback(`http://a.test:${port}/`)).bytes).toHaveLength(0);
});

/** A body without a length, as servers send what they make up as they go. */
const inPieces = (bytes: Uint8Array): ReadableStream =>
  new ReadableStream({
    start(controller) {
      for (let i = 0; i < bytes.length; i += 400) controller.enqueue(bytes.subarray(i, i + 400));
      controller.close();
    },
  });

test("the redirect itself comes back, not what it leads to", async () => {
  const inside = serve(() => new Response("secret"));
  const port = serve(() => Response.redirect(`http://127.0.0.1:${inside}/`, 302));
  const answer = await loopback(`http://a.test:${port}/`, { redirect: "none" });
  expect([answer.status, answer.headers.get("location")]).toEqual([302, `http://127.0.0.1:${inside}/`]);
  const posted = await loopback(`http://a.test:${port}/`, { method: "POST", body: "x" });
  expect(posted.status).toBe(302);
});

describe("size", () => {
  const compressors = { gzip: gzipSync, br: brotliCompressSync };
  const port = serve((request) => {
    const { pathname, searchParams } = new URL(request.url);
    const size = Number(searchParams.get("size"));
    const bytes = Buffer.alloc(size, "x");
    if (pathname === "/plain") return new Response(bytes);
    if (pathname === "/chunked") return new Response(inPieces(bytes));
    const encoding = pathname.slice(1) as keyof typeof compressors;
    return new Response(compressors[encoding](bytes), { headers: { "content-encoding": encoding } });
  });

  test("a length beside chunks is not believed", async () => {
    const chunk = `2000\r\n${"x".repeat(0x2000)}\r\n`;
    const answer = `HTTP/1.1 200 OK\r\ncontent-length: 10\r\ntransfer-encoding: chunked\r\n\r\n${chunk.repeat(3)}0\r\n\r\n`;
    const url = `http://a.test:${serveBytes(answer, "keep")}/`;
    expect(await reasonOf(loopback, url, { maxBytes: 1000 })).toBe("too-large");
  });

  test.each(["plain", "chunked", "gzip", "br"])("a %s body may be as long as the limit", async (kind) => {
    const url = `http://a.test:${port}/${kind}`;
    expect((await loopback(`${url}?size=1000`, { maxBytes: 1000 })).bytes).toHaveLength(1000);
    expect(await reasonOf(loopback, `${url}?size=1001`, { maxBytes: 1000 })).toBe("too-large");
    expect(await reasonOf(loopback, `${url}?size=1048577`)).toBe("too-large");
  });

  test("a few kilobytes that swell to a hundred megabytes are dropped early", async () => {
    const bomb = gzipSync(Buffer.alloc(100_000_000));
    const port = serve(() => new Response(bomb, { headers: { "content-encoding": "gzip" } }));
    const before = process.memoryUsage().rss;
    for (let i = 0; i < 5; i++) expect(await reasonOf(loopback, `http://a.test:${port}/`)).toBe("too-large");
    expect(process.memoryUsage().rss - before).toBeLessThan(50_000_000);
  });

  test("headers without an end are dropped too", async () => {
    const port = serveBytes(`HTTP/1.1 200 OK\r\nx: ${"x".repeat(2_000_000)}`, "keep");
    expect(await reasonOf(loopback, `http://a.test:${port}/`)).toBe("too-large");
  });

  test("the connection is usable after a body was dropped", async () => {
    await reasonOf(loopback, `http://a.test:${port}/plain?size=5000`, { maxBytes: 10 });
    expect((await loopback(`http://a.test:${port}/plain?size=5`)).bytes).toHaveLength(5);
  });
});

describe("time", () => {
  const quick = client(async () => ["127.0.0.1"], { answerMs: 40, totalMs: 80 });

  test("a server that accepts and keeps silent is given up", async () => {
    const port = serveBytes("", "keep");
    expect(await reasonOf(quick, `http://a.test:${port}/`)).toBe("timeout");
  });

  test("headers and bodies that drip do not prolong the total", async () => {
    const headers = serveBytes("HTTP/1.1 200 OK\r\n", "keep");
    expect(await reasonOf(quick, `http://a.test:${headers}/`)).toBe("timeout");
    const body = serveBytes("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nx", "keep");
    expect(await reasonOf(quick, `http://a.test:${body}/`)).toBe("timeout");
    const dripping = serve(
      () =>
        new Response(
          new ReadableStream({
            async pull(controller) {
              controller.enqueue("x");
              await Bun.sleep(5);
            },
          }),
        ),
    );
    expect(await reasonOf(quick, `http://a.test:${dripping}/`)).toBe("timeout");
  });

  test("a silent address gives way to the next for a GET", async () => {
    const port = serve(() => new Response("ok"));
    const silent = Bun.listen({ hostname: "127.0.0.3", port, socket: { data() {} } });
    cleanUp.push(() => silent.stop(true));
    const fetch = client(async () => ["127.0.0.3", "127.0.0.1"], { connectMs: 40, answerMs: 60 });
    expect(await reasonOf(fetch, `http://a.test:${port}/`)).toBe("answered");
    expect(await reasonOf(fetch, `http://a.test:${port}/`, { method: "POST", body: "x" })).toBe("timeout");
  });
});

test.each([
  ["nobody listens", "refused", (): number => 1],
  ["it hangs up", "reset", () => serveBytes("", "close")],
  ["it speaks no HTTP", "protocol", () => serveBytes("220 mail.test ESMTP\r\n", "close")],
  [
    "it lies about compression",
    "protocol",
    () => serve(() => new Response("not gzip at all", { headers: { "content-encoding": "gzip" } })),
  ],
  [
    "it compresses in a way that nobody asked for",
    "protocol",
    () => serve(() => new Response("?", { headers: { "content-encoding": "gzip, gzip" } })),
  ],
  [
    "its body ends early",
    "reset",
    () => serveBytes("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nx", "close"),
  ],
] as const)("where %s the reason is %s", async (_, reason, port) => {
  expect(await reasonOf(loopback, `http://a.test:${port()}/`)).toBe(reason);
});

describe.skipIf(Bun.which("openssl") === null)("certificates", () => {
  const openssl = (...args: string[]): void => {
    const { exitCode, stderr } = Bun.spawnSync(["openssl", ...args], { cwd: folder });
    if (exitCode !== 0) throw new Error(stderr.toString());
  };
  const newKey = ["-newkey", "rsa:2048", "-nodes"];
  if (Bun.which("openssl") !== null) {
    openssl(
      "req",
      "-x509",
      ...newKey,
      "-days",
      "2",
      "-subj",
      "/CN=test-ca",
      "-keyout",
      "ca.key",
      "-out",
      "ca.pem",
    );
    openssl("req", ...newKey, "-subj", "/CN=a.test", "-keyout", "a.key", "-out", "a.csr");
    writeFileSync(join(folder, "names"), "subjectAltName=DNS:a.test");
    const signed = (days: string, out: string) => {
      const by = ["-CA", "ca.pem", "-CAkey", "ca.key", "-days", days, "-extfile", "names", "-out", out];
      openssl("x509", "-req", "-in", "a.csr", ...by);
    };
    signed("2", "a.pem");
    signed("-1", "expired.pem");
    openssl("x509", "-req", "-in", "a.csr", "-signkey", "a.key", "-extfile", "names", "-out", "self.pem");
  }
  const read = (name: string): string => readFileSync(join(folder, name), "utf8");

  test.each(["127.0.0.1", "::1"])(
    "at %s the certificate must be for the name, by a known authority",
    async (address) => {
      let requests = 0;
      const server = Bun.serve({
        hostname: address,
        port: 0,
        tls: { key: read("a.key"), cert: read("a.pem") },
        fetch: () => new Response(`${++requests}`),
      });
      cleanUp.push(() => server.stop(true));
      const resolve: Resolve = async () => [address];
      const trusting = client(resolve, {}, read("ca.pem"));
      expect(await reasonOf(trusting, `https://a.test:${server.port}/`)).toBe("answered");
      expect(await reasonOf(trusting, `https://b.test:${server.port}/`)).toBe("tls");
      expect(await reasonOf(trusting, `https://a.test:${server.port}/`)).toBe("answered");
      expect(await reasonOf(client(resolve), `https://a.test:${server.port}/`)).toBe("tls");
      expect(requests).toBe(2);
    },
  );

  test.each(["expired.pem", "self.pem"])("a certificate that is %s is none", async (cert) => {
    let requests = 0;
    const server = Bun.serve({
      hostname: "127.0.0.1",
      port: 0,
      tls: { key: read("a.key"), cert: read(cert) },
      fetch: () => new Response(`${++requests}`),
    });
    cleanUp.push(() => server.stop(true));
    const trusting = client(async () => ["127.0.0.1"], {}, read("ca.pem"));
    const post = { method: "POST", body: "{}" };
    expect(await reasonOf(trusting, `https://a.test:${server.port}/inbox`, post)).toBe("tls");
    expect(requests).toBe(0);
  });

  test("a port that speaks no TLS has no valid certificate", async () => {
    const port = serve(() => new Response("plain"));
    expect(await reasonOf(loopback, `https://a.test:${port}/`)).toBe("tls");
  });
});
