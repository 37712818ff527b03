/** The server on real sockets: proxies, bounds, TLS, WebSockets, and stopping. */
import { afterAll, afterEach, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemNow } from "../lib/clock.ts";
import { createLog } from "../lib/log.ts";
import { isProblem, type Problem } from "../lib/problem.ts";
import { connectionOf } from "./connection.ts";
import { createEdge, type EdgeDeps } from "./edge.ts";
import { createServer, type RunningServer, type ServerOptions } from "./server.ts";

const folder = mkdtempSync(join(tmpdir(), "commons-http-"));
afterAll(() => rmSync(folder, { recursive: true }));

const running: RunningServer[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop()));
});

function open(
  handle: EdgeDeps["handle"],
  more: Partial<ServerOptions> = {},
  edgeMore: Partial<EdgeDeps> = {},
): { port: number; lines: string[]; server: RunningServer } {
  const lines: string[] = [];
  const log = createLog({ now: systemNow, level: "warn", form: "text", write: (line) => lines.push(line) });
  const edge = createEdge({
    handle,
    now: systemNow,
    log,
    takesFiles: (path) => path === "/upload",
    maxUploadBytes: 3_000_000,
    spoolFolder: tmpdir(),
    isSecure: false,
    ...edgeMore,
  });
  const server = createServer({
    edge,
    log,
    host: "127.0.0.1",
    port: 0,
    maxUploadBytes: 3_000_000,
    trustedProxies: [],
    tlsCertFile: null,
    tlsKeyFile: null,
    ...more,
  });
  running.push(server);
  return { port: server.port, lines, server };
}

/** Everything that comes back for these bytes, until the other side closes or `until` is seen. */
function raw(port: number, bytes: string, until = "\r\n\r\n"): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  let answer = "";
  const socket = connect(port, "127.0.0.1", () => socket.write(bytes));
  socket.on("data", (data) => {
    answer += data;
    if (answer.includes(until)) socket.destroy();
  });
  socket.on("error", () => {});
  socket.on("close", () => resolve(answer));
  return promise;
}

const whoami = (request: Request): Response => {
  const { address, addressPrefix, isSecure } = connectionOf(request);
  return Response.json({ address, addressPrefix, isSecure });
};
const forwarded = { "x-forwarded-for": "2001:db8:1:2::7", "x-forwarded-proto": "https" };

test("forwarded headers count only from a trusted proxy, and one that is not is told of once", async () => {
  const plain = open(whoami);
  const direct = { address: "127.0.0.1", addressPrefix: "127.0.0.1", isSecure: false };
  for (let i = 0; i < 2; i++) {
    const response = await fetch(`http://127.0.0.1:${plain.port}/`, { headers: forwarded });
    expect(await response.json()).toEqual(direct);
  }
  expect(plain.lines).toHaveLength(1);
  expect(plain.lines[0]).toContain("trusted_proxies");
  const behind = open(whoami, { trustedProxies: ["127.0.0.0/8"] });
  const response = await fetch(`http://127.0.0.1:${behind.port}/`, { headers: forwarded });
  expect(await response.json()).toEqual({
    address: "2001:db8:1:2::7",
    addressPrefix: "2001:db8:1:2::/64",
    isSecure: true,
  });
});

test("bodies are bounded by what is read, not by what is said", async () => {
  const { port } = open(async (request) => new Response(String((await request.text()).length)));
  const post = async (path: string, length: number): Promise<number> =>
    (await fetch(`http://127.0.0.1:${port}${path}`, { method: "POST", body: "x".repeat(length) })).status;
  expect([await post("/", 1_000_000), await post("/", 1_000_001)]).toEqual([200, 413]);
  const chunk = `${(200_000).toString(16)}\r\n${"x".repeat(200_000)}\r\n`;
  const head = "POST / HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n";
  expect(await raw(port, `${head}${chunk.repeat(4)}0\r\n\r\n`, "800000")).toStartWith("HTTP/1.1 200");
  expect(await raw(port, `${head}${chunk.repeat(6)}0\r\n\r\n`)).toStartWith("HTTP/1.1 413");
});

describe("a form with a file", () => {
  const HEAD = '--x\r\nContent-Disposition: form-data; name="file"; filename="a.bin"\r\n\r\n';
  const END = "\r\n--x--\r\n";
  const start = () =>
    open(async (request) => {
      const answered = request.formData().then(
        async (form) => ["taken", (form.get("file") as File).size] as const,
        (error: Problem) => [error.code, error.message] as const,
      );
      return Response.json(await answered);
    });
  const formOf = (bytes: number): string => HEAD + "x".repeat(bytes) + END;
  const lines = (...more: string[]): string =>
    [
      "POST /upload HTTP/1.1",
      "Host: a.test",
      "Content-Type: multipart/form-data; boundary=x",
      ...more,
      "",
      "",
    ].join("\r\n");
  const told = (form: string): string => lines(`Content-Length: ${form.length}`) + form;
  const chunked = (form: string): string =>
    `${lines("Transfer-Encoding: chunked") + form.length.toString(16)}\r\n${form}\r\n0\r\n\r\n`;

  test.each([
    ["told", told],
    ["not told", chunked],
  ])(
    "may be as large as files may be where its length is %s, and is refused in words beyond",
    async (_, sent) => {
      const { port, lines: logged } = start();
      expect(await raw(port, sent(formOf(3_000_000)), "]")).toEndWith('["taken",3000000]');
      // Whoever sends all before reading anything, as browsers do, reads it too.
      const refused = '["too-large","At most 3 MB are taken here."]';
      for (const bytes of [3_200_000, 30_000_000])
        expect(await raw(port, sent(formOf(bytes)), "]")).toEndWith(refused);
      expect(logged).toEqual([]);
    },
  );

  test("that is larger than anybody's is not waited for", async () => {
    const { port } = start();
    expect(await raw(port, lines("Content-Length: 1000000000"))).toStartWith("HTTP/1.1 413");
  });
});

test("requests that two parsers would read differently are refused", async () => {
  const { port } = open(() => new Response("ok"));
  for (const headers of [
    "Content-Length: 5\r\nContent-Length: 6",
    "Content-Length: 5\r\nTransfer-Encoding: chunked",
    "Content-Length: -1",
  ]) {
    const answer = await raw(port, `POST / HTTP/1.1\r\nHost: a.test\r\n${headers}\r\n\r\n0\r\n\r\n`);
    expect([headers, answer.slice(0, 12)]).toEqual([headers, "HTTP/1.1 400"]);
  }
});

test("a host that is none is refused, and who names none (HTTP/1.0) is answered", async () => {
  const { port, lines } = open((request) => new Response(new URL(request.url).pathname));
  for (const host of ["", "a/b", "a b", "[::1", "x@y", "a.test:99999", "%zz", "?"]) {
    const answer = await raw(port, `GET /media/1 HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    expect([host, answer.slice(0, 12)]).toEqual([host, "HTTP/1.1 400"]);
  }
  const asked = await raw(port, "GET /media/1?x=1 HTTP/1.0\r\n\r\n", "/media/1");
  expect([asked.slice(0, 12), asked.endsWith("/media/1")]).toEqual(["HTTP/1.1 200", true]);
  const sent = await raw(port, "POST /in HTTP/1.0\r\nContent-Length: 2\r\n\r\n{}", "/in");
  expect(sent.slice(0, 12)).toBe("HTTP/1.1 200");
  expect(lines).toEqual([]);
});

test("a body that stops half-way is answered and closed at the deadline", async () => {
  const { port } = open(async (request) => new Response(await request.text()), {}, { bodyDeadlineMs: 20 });
  const answer = await raw(
    port,
    "POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 100\r\n\r\nhalf",
    "never",
  );
  expect(answer).toStartWith("HTTP/1.1 408");
});

test("a WebSocket talks, its network is counted, and closing is heard", async () => {
  const closed = Promise.withResolvers<void>();
  const { port } = open((request) => {
    const isSocket = connectionOf(request).upgrade(
      {
        open: (socket) => socket.send("hello"),
        message: (socket, data) => socket.send(`you said ${data}`),
        close: () => closed.resolve(),
      },
      { "sec-websocket-protocol": "token" },
    );
    return new Response(isSocket ? null : "no socket", { status: isSocket ? 200 : 426 });
  });
  const socket = new WebSocket(`ws://127.0.0.1:${port}/`, ["token"]);
  const heard: string[] = [];
  const both = Promise.withResolvers<void>();
  socket.onmessage = ({ data }) => {
    heard.push(String(data));
    if (heard.length === 1) socket.send("hi");
    else both.resolve();
  };
  await both.promise;
  expect([heard, socket.protocol]).toEqual([["hello", "you said hi"], "token"]);
  socket.close();
  await closed.promise;
  expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(426);
});

const stream = (feed: (push: (text: string) => void) => void, closed: () => void): Response =>
  new Response(
    new ReadableStream({
      start(controller) {
        feed((text) => controller.enqueue(new TextEncoder().encode(text)));
      },
      cancel: closed,
    }),
    { headers: { "content-type": "text/event-stream" } },
  );

test("a stream ends for both sides when its reader leaves, and when the server stops", async () => {
  const ended: string[] = [];
  const left = Promise.withResolvers<void>();
  const { port, server } = open((request) => {
    connectionOf(request).keepOpen();
    const name = new URL(request.url).pathname;
    return stream(
      (push) => push(`hello ${name}`),
      () => {
        ended.push(name);
        left.resolve();
      },
    );
  });
  const first = await fetch(`http://127.0.0.1:${port}/first`);
  const reader = first.body?.getReader();
  expect(new TextDecoder().decode((await reader?.read())?.value)).toBe("hello /first");
  await reader?.cancel();
  await left.promise;
  const second = fetch(`http://127.0.0.1:${port}/second`).then((response) => response.text());
  const socketless = await fetch(`http://127.0.0.1:${port}/third`);
  await server.stop();
  expect(await second).toBe("hello /second");
  expect(await socketless.text()).toBe("hello /third");
  expect(ended.sort()).toEqual(["/first", "/second", "/third"]);
});

test("a WebSocket is closed when the server stops", async () => {
  const { port, server } = open((request) => {
    connectionOf(request).upgrade({});
    return new Response(null);
  });
  const socket = new WebSocket(`ws://127.0.0.1:${port}/`);
  await new Promise((resolve) => socket.addEventListener("open", resolve));
  const closed = new Promise<number>((resolve) =>
    socket.addEventListener("close", ({ code }) => resolve(code)),
  );
  await server.stop();
  expect(await closed).toBe(1001);
});

test("stopping finishes what was begun and refuses what is new", async () => {
  const begun = Promise.withResolvers<void>();
  const release = Promise.withResolvers<void>();
  const { port, server } = open(async () => {
    begun.resolve();
    await release.promise;
    return new Response("finished");
  });
  const first = fetch(`http://127.0.0.1:${port}/`);
  await begun.promise;
  const stopped = server.stop();
  expect(
    await fetch(`http://127.0.0.1:${port}/`).then(
      () => "answered",
      () => "refused",
    ),
  ).toBe("refused");
  release.resolve();
  expect(await (await first).text()).toBe("finished");
  await stopped;
});

/** Runs openssl in the folder of this test. */
function openssl(command: string): void {
  const made = Bun.spawnSync(["openssl", ...command.split(" ")], { cwd: folder });
  expect(made.exitCode).toBe(0);
}

/** A certificate of `localhost` and its key, as files. */
function makePair(name: string): { tlsCertFile: string; tlsKeyFile: string } {
  openssl(
    `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost -keyout ${name}.key -out ${name}.pem`,
  );
  return { tlsCertFile: join(folder, `${name}.pem`), tlsKeyFile: join(folder, `${name}.key`) };
}

test("with a certificate it serves https", async () => {
  const pair = makePair("a");
  const { port } = open(whoami, pair);
  const ca = await Bun.file(pair.tlsCertFile).text();
  const response = await fetch(`https://localhost:${port}/`, { tls: { ca } });
  expect(await response.json()).toMatchObject({ isSecure: true });
});

function sentenceOf(more: Partial<ServerOptions>): string {
  try {
    open(whoami, more);
    return "started";
  } catch (error) {
    return isProblem(error, "invalid") ? error.message : String(error);
  }
}

test("a start that cannot work says which setting is wrong", () => {
  const garbage = join(folder, "garbage.pem");
  expect(sentenceOf({ tlsCertFile: garbage })).toContain("tls_key_file");
  expect(sentenceOf({ tlsCertFile: join(folder, "missing.pem"), tlsKeyFile: garbage })).toContain(
    "tls_cert_file",
  );
  const { port } = open(whoami);
  expect(sentenceOf({ port })).toContain(`port ${port}`);
  expect(sentenceOf({ trustedProxies: ["everybody"] })).toContain("everybody");
});

test("a host that is no address of this machine is told as that, with a certificate too", () => {
  const pair = makePair("b");
  for (const more of [{}, pair])
    for (const host of ["192.0.2.7", "http://localhost", "256.1.1.1", "eth0", "nohost.", "no such", "[::1"])
      expect([host, sentenceOf({ ...more, host })]).toEqual([
        host,
        expect.stringContaining(`host is "${host}"`),
      ]);
});

test("of a certificate and a key that do not work, the file is named, and in which way", () => {
  const { tlsCertFile, tlsKeyFile } = makePair("c");
  const other = makePair("d");
  openssl("x509 -in c.pem -outform DER -out c.der");
  openssl("pkey -in c.key -aes256 -passout pass:x -out locked.key");
  writeFileSync(join(folder, "empty.pem"), "");
  writeFileSync(join(folder, "torn.key"), "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n");
  const at = (name: string) => join(folder, name);
  for (const [certificate, key, says] of [
    [
      tlsCertFile,
      other.tlsKeyFile,
      `${tlsCertFile} is the certificate of another key than ${other.tlsKeyFile}`,
    ],
    [tlsKeyFile, tlsCertFile, `${tlsKeyFile} holds no certificate`],
    [at("c.der"), tlsKeyFile, `${at("c.der")} holds no certificate`],
    [at("empty.pem"), tlsKeyFile, `${at("empty.pem")} holds no certificate`],
    [tlsCertFile, at("empty.pem"), `${at("empty.pem")} holds no private key`],
    [tlsCertFile, at("locked.key"), `${at("locked.key")} is locked with a password`],
    [tlsCertFile, at("torn.key"), `${at("torn.key")} is damaged`],
  ] as const)
    expect(sentenceOf({ tlsCertFile: certificate, tlsKeyFile: key })).toContain(says);
});
