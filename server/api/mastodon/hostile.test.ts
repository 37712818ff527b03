/** Nonsense at every endpoint: it is refused in JSON, and nothing breaks. */
import { beforeAll, expect, test } from "bun:test";
import { type TestApp, testApp } from "../../testing/app.ts";
import { onSqlite } from "../../testing/engines.ts";
import { type Person, person } from "../../testing/people.ts";

/** In place of what a path names. */
const PARTS = [
  "0",
  "1",
  "9007199254740993",
  "-1",
  "x",
  "%00",
  "%F0%9F%94%A5",
  "..%2f..%2f",
  "a".repeat(2_000),
];
const QUERIES = [
  "",
  "?limit=-5&max_id=x&since_id[]=1&min_id=9007199254740991&types[]=&types[][x]=1",
  "?limit=99999999999&id[]=%00&id=__proto__&any[][]=1&q[x]=1&offset=-1&pinned=maybe",
  "?q=%22%22%22*%20NEAR(a)&acct=@@@&resolve=true&timeline[]=x&url=javascript:1&domain=%00",
  `?${"a[b][c][d][e][f][g]=1&".repeat(50)}`,
];
const WRONG = [null, true, -1.5, "", "\u0000\ud800", [], {}, [[[]]], { x: { y: { z: 1 } } }, "9".repeat(400)];
const NAMES = `status poll media_ids media_attributes scheduled_at title context keywords_attributes account_ids account_id
  home notifications endpoint subscription data choices languages duration comment source fields_attributes id domain
  severity name username email password agreement text emoji visibility in_reply_to_id quoted_status_id language`;

const BODIES: readonly string[] = [
  "",
  "{",
  "[]",
  ...WRONG.map((value) =>
    JSON.stringify(Object.fromEntries(NAMES.split(/\s+/).map((name) => [name, value]))),
  ),
];

onSqlite((engine) => {
  let app: TestApp;
  let alice: Person;
  let bearer: string;
  beforeAll(async () => {
    app = await testApp(engine);
    alice = await person(app, "alice", "admin");
    bearer = await alice.tokenFor("read write follow push admin:read admin:write");
  });

  /** Those of this face; a stream never ends. */
  const routes = () =>
    app.routes.filter(({ path }) => /^\/api\/v\d/.test(path) && !path.startsWith("/api/v1/streaming"));

  async function expectCalm(method: string, path: string, body?: string): Promise<void> {
    const response = await app.edge(
      new Request(`${app.origin}${path}`, {
        method,
        headers: {
          authorization: bearer,
          ...(body === undefined ? {} : { "content-type": "application/json" }),
        },
        ...(body === undefined ? {} : { body }),
      }),
    );
    const text = await response.text();
    // Its own limits may answer: what is tried is everything else.
    expect([
      method,
      path.slice(0, 200),
      body?.slice(0, 100),
      response.status < 500,
      text.slice(0, 0),
    ]).toEqual([method, path.slice(0, 200), body?.slice(0, 100), true, ""]);
    if (text !== "") expect(() => JSON.parse(text)).not.toThrow();
    app.clock.advance(1_500);
  }

  test("reading", async () => {
    const reads = routes().filter(({ method }) => method === "GET");
    expect(reads.length).toBeGreaterThan(80);
    for (const { method, path } of reads) {
      const parts = path.includes(":") ? PARTS : ["1"];
      for (const part of parts) await expectCalm(method, path.replace(/:\w+/g, part));
      for (const query of QUERIES) await expectCalm(method, path.replace(/:\w+/g, "1") + query);
    }
    expect(app.warnings()).toEqual([]);
  });

  test("writing", async () => {
    const writes = routes().filter(({ method, path }) => method !== "GET" && !/:id\/?$|\*/.test(path));
    expect(writes.length).toBeGreaterThan(80);
    for (const { method, path } of writes)
      for (const body of BODIES) await expectCalm(method, path.replace(/:\w+/g, "1"), body);
    expect(app.warnings()).toEqual([]);
  });

  test("changing and removing what is not there", async () => {
    const writes = routes().filter(({ method, path }) => method !== "GET" && path.includes(":"));
    for (const { method, path } of writes)
      for (const part of PARTS) await expectCalm(method, path.replace(/:\w+/g, part), "{}");
    expect(app.warnings()).toEqual([]);
  });
});
