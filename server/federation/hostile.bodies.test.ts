/** Hostile input: bodies that are no activity, too much of one, or too slow. */
import { expect, test } from "bun:test";
import { tmpdir } from "node:os";
import { type AsObject, PUBLIC } from "../core/object.ts";
import { createEdge, MAX_BODY_BYTES } from "../http/edge.ts";
import { MAX_ARRAY_LENGTH } from "../jsonld/plain.ts";
import type { JsonObject } from "../lib/json.ts";
import { errorsOf, type HostileCase, hostile, type World } from "../testing/hostile.ts";
import { deliver, type Letter, post, sealed } from "../testing/letters.ts";

type Body = Letter["body"];

/** Well signed, whatever it is. */
const raw =
  (body: Body | ((world: World) => Body), letter: Partial<Letter> = {}) =>
  (world: World) =>
    post(world.app, { by: world.mallory, body: typeof body === "function" ? body(world) : body, ...letter });

const refused = (name: string, body: Body | ((world: World) => Body)): HostileCase => ({
  name,
  status: 400,
  send: raw(body),
});

/** A Like of mallory's as text, with something in front of its closing brace. */
const likeWith = (more: string) => (world: World) =>
  `${JSON.stringify(world.activity(world.mallory, { type: "Like", object: world.open })).slice(0, -1)}${more}}`;

const nested = (depth: number, open = "[", close = "]") => `${open.repeat(depth)}${close.repeat(depth)}`;

const bodies: readonly HostileCase[] = [
  { name: "an empty body is refused", status: [400, 401], send: raw("") },
  refused("white space is refused", "  \n"),
  refused("null is refused", "null"),
  refused("true is refused", "true"),
  refused("a number is refused", "42"),
  refused("a text is refused", '"https://mallory.test/activities/1"'),
  refused("a list is refused", "[]"),
  refused("a list of activities is refused", (w) => `[${likeWith("")(w)}]`),
  refused("an empty object is refused", "{}"),
  refused("half an activity is refused", (w) => likeWith("")(w).slice(0, -2)),
  refused("an activity with something behind it is refused", (w) => `${likeWith("")(w)}{}`),
  refused("two activities are refused", (w) => `${likeWith("")(w)}\n${likeWith("")(w)}`),
  refused("comments are refused", (w) => `/* hello */${likeWith("")(w)}`),
  refused("single quotes are refused", "{'id':'x'}"),
  refused("NaN is refused", likeWith(',"x":NaN')),
  refused("a form is refused", "id=1&actor=2"),
  refused(
    "XML is refused",
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]><x>&y;</x>',
  ),
  refused("UTF-16 is refused", (w) => new Uint8Array(Buffer.from(likeWith("")(w), "utf16le"))),
  refused(
    "bytes that are no UTF-8 are refused",
    new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]),
  ),
  refused("an overlong encoding of a slash is refused", new Uint8Array([0x22, 0xc0, 0xaf, 0x22])),
  refused("NUL bytes are refused", new Uint8Array(1000)),
  refused("an activity nested 65 deep is refused", likeWith(`,"tag":${nested(65)}`)),
  refused("an activity nested a hundred thousand deep is refused", likeWith(`,"tag":${nested(100_000)}`)),
  refused(
    "an activity in objects a hundred thousand deep is refused",
    likeWith(`,"tag":${nested(100_000, '{"a":', "}").replace("{}", "{}").replace(/:\}/, ":1}")}`),
  ),
  {
    name: "an activity whose actor is given twice is that of the last, whose key it is not",
    status: 403,
    send: raw((w) => likeWith(`,"actor":"${w.mule.iri}"`)(w)),
  },
  {
    name: "an activity whose id is given twice is that of the last, which is not its own",
    status: 202,
    send: raw(likeWith(',"id":"https://honest.test/activities/5"')),
  },
];

const envelopes: readonly HostileCase[] = [
  ...[
    "text/plain",
    "text/html",
    "application/xml",
    "multipart/form-data; boundary=x",
    "application/x-www-form-urlencoded",
    "application/jsonp",
    "",
  ].map(
    (type): HostileCase => ({
      name: `a body of type "${type}" is refused`,
      status: [400, 415],
      send: raw(likeWith(""), { headers: { "content-type": type } }),
    }),
  ),
  {
    name: "a compressed body is refused",
    status: [400, 415],
    send: raw((w) => Bun.gzipSync(likeWith("")(w)), { headers: { "content-encoding": "gzip" } }),
  },
  {
    name: "a body above the limit is refused",
    status: 413,
    send: raw(likeWith(`,"x":"${"x".repeat(MAX_BODY_BYTES)}"`)),
  },
  {
    name: "a body that says to be above the limit is refused unread",
    status: 413,
    send: raw(likeWith(""), { headers: { "content-length": "99999999999" } }),
  },
  {
    name: "a body without an end is refused at the limit",
    status: 413,
    async send(world) {
      const request = await sealed(world.app, { by: world.mallory, body: likeWith("")(world) });
      const body = new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(65_536)) });
      return world.app.ask("/inbox", { method: "POST", headers: request.headers, body });
    },
  },
  {
    name: "a body that never comes is not waited for",
    status: 408,
    async send({ app, mallory, ...world }) {
      const request = await sealed(app, { by: mallory, body: likeWith("")({ app, mallory, ...world }) });
      const edge = createEdge({
        handle: app.edge,
        now: app.clock.now,
        log: { error: () => undefined } as never,
        takesFiles: () => false,
        maxUploadBytes: 0,
        spoolFolder: tmpdir(),
        isSecure: true,
        bodyDeadlineMs: 1,
      });
      const body = new ReadableStream({ pull: () => new Promise<void>(() => undefined) });
      return edge(new Request(`${app.origin}/inbox`, { method: "POST", headers: request.headers, body }));
    },
  },
  ...["GET", "PUT", "PATCH", "DELETE"].map(
    (method): HostileCase => ({
      name: `${method} of an inbox without a name is refused`,
      status: [401, 403, 404, 405],
      async send(world) {
        const request = await sealed(world.app, { by: world.mallory, body: likeWith("")(world), method });
        return deliver(world.app, request);
      },
    }),
  ),
  {
    name: "the inbox of nobody is not there",
    status: 404,
    send: raw(likeWith(""), { path: "/users/nobody/inbox" }),
  },
  {
    name: "the inbox of a path is not there",
    status: 404,
    send: raw(likeWith(""), { path: "/users/..%2falice/inbox" }),
  },
  {
    name: "the inbox below an inbox is not there",
    status: 404,
    send: raw(likeWith(""), { path: "/users/alice/inbox/inbox" }),
  },
];

/** Something odd of mallory's that may be kept as what it is; it must not fail, nor touch what is alice's. */
const odd = (name: string, activity: (world: World) => AsObject): HostileCase => ({
  name,
  status: 202,
  send: (world) => world.post(world.mallory, activity(world)),
  allows: (line) =>
    !line.includes("Open to all") &&
    !line.includes("For bob alone") &&
    !/^. (?:account|session|setting)/.test(line),
  also: () => expect(Reflect.get({}, "polluted")).toBeUndefined(),
});

/** More than any server has to read. */
const tooMuch = (name: string, activity: (world: World) => AsObject): HostileCase => ({
  name,
  status: 400,
  send: (world) => world.post(world.mallory, activity(world)),
});

let count = 0;
const note = (world: World, more: AsObject): AsObject => ({
  type: "Create",
  to: [PUBLIC],
  cc: [world.mallory.followers],
  object: {
    id: world.mallory.at(`/notes/odd-${++count}`),
    type: "Note",
    attributedTo: world.mallory.iri,
    to: [PUBLIC],
    content: "odd",
    ...more,
  } as JsonObject,
});
const many = (times: number, make: (i: number) => unknown) =>
  Array.from({ length: times }, (_, i) => make(i)) as never;
const polluting = JSON.parse(
  '{"__proto__":{"polluted":1,"type":"Delete"},"constructor":{"prototype":{"polluted":1}},"prototype":{"polluted":1}}',
) as AsObject;

const oddities: readonly HostileCase[] = [
  odd("a Like that names __proto__ and constructor pollutes nothing", (w) => ({
    type: "Like",
    object: w.poll,
    ...polluting,
  })),
  odd("a post that names __proto__ and constructor pollutes nothing", (w) => note(w, polluting)),
  odd("a contentMap of __proto__ pollutes nothing", (w) =>
    note(w, { contentMap: polluting as never, nameMap: polluting as never }),
  ),
  ...["__proto__", "constructor", "prototype", "toString", "hasOwnProperty"].flatMap((type) => [
    odd(`an activity of the type ${type} does nothing`, (w) => ({ type, object: w.mallorys, to: [PUBLIC] })),
    odd(`a post of the type ${type} is a post`, (w) => note(w, { type })),
  ]),
  odd("an activity of several types is the first that is known", (w) => ({
    type: ["Unheard", "View", "Delete"],
    object: w.victors,
  })),
  odd("an activity of ten thousand types is one activity", (w) => ({
    type: many(10_000, (i) => `T${i}`),
    object: w.mallorys,
  })),
  odd("an activity with a type of a hundred thousand letters is one activity", (w) => ({
    type: "T".repeat(100_000),
    object: w.mallorys,
  })),
  tooMuch("a post to twenty thousand people is refused", (w) => ({
    ...note(w, {}),
    cc: many(20_000, (i) => `https://m.test/u/${i}`),
  })),
  tooMuch("a post with twenty thousand mentions is refused", (w) =>
    note(w, { tag: many(20_000, (i) => ({ type: "Mention", href: `https://m.t/${i}` })) }),
  ),
  tooMuch("a post with twenty thousand hashtags is refused", (w) =>
    note(w, { tag: many(20_000, (i) => ({ type: "Hashtag", name: `#${i}` })) }),
  ),
  tooMuch("a post with twenty thousand parents is refused", (w) =>
    note(w, { inReplyTo: many(20_000, (i) => `https://m.test/p/${i}`) }),
  ),
  tooMuch("a post with ten thousand files is refused", (w) =>
    note(w, { attachment: many(10_000, (i) => ({ type: "Image", url: `https://m.test/${i}` })) }),
  ),
  tooMuch("a poll of twenty thousand answers is refused", (w) =>
    note(w, { type: "Question", oneOf: many(20_000, (i) => ({ type: "Note", name: `${i}` })) }),
  ),
  tooMuch("a Like of twenty thousand things is refused", (_w) => ({
    type: "Like",
    object: many(20_000, (i) => `https://m.test/p/${i}`),
  })),
  odd("a post to two thousand people is one post", (w) => ({
    ...note(w, {}),
    cc: many(MAX_ARRAY_LENGTH, (i) => `https://m.test/u/${i}`),
  })),
  odd("a post with two thousand mentions is one post", (w) =>
    note(w, { tag: many(MAX_ARRAY_LENGTH, (i) => ({ type: "Mention", href: `https://m.test/${i}` })) }),
  ),
  odd("a post with two thousand parents is one post", (w) =>
    note(w, { inReplyTo: many(MAX_ARRAY_LENGTH, (i) => `https://m.test/p/${i}`) }),
  ),
  odd("a post with two thousand files is one post", (w) =>
    note(w, { attachment: many(MAX_ARRAY_LENGTH, (i) => ({ type: "Image", url: `https://m.test/${i}` })) }),
  ),
  odd("a poll of two thousand answers is one poll", (w) =>
    note(w, { type: "Question", oneOf: many(MAX_ARRAY_LENGTH, (i) => ({ type: "Note", name: `${i}` })) }),
  ),
  odd("a post of nine hundred thousand letters is one post", (w) =>
    note(w, { content: "<b>".repeat(300_000) }),
  ),
  odd("a title of nine hundred thousand letters is one title", (w) => note(w, { name: "a".repeat(900_000) })),
  odd("NUL, lone surrogates and control characters are letters like others", (w) =>
    note(w, {
      content: "\u0000\ud800\u0007\u202e",
      name: "\u0000",
      tag: [{ type: "Hashtag", name: "#\u0000\ud800" }],
    }),
  ),
  odd("numbers where texts are expected are passed over", (w) =>
    note(w, {
      content: 1,
      name: 2,
      summary: 3,
      published: 4,
      updated: 5,
      tag: 6,
      attachment: 7,
      inReplyTo: 8,
      url: 9,
      sensitive: "x",
    }),
  ),
  odd("objects where texts are expected are passed over", (w) =>
    note(w, {
      content: { a: 1 },
      name: { a: 1 },
      summary: [[]],
      published: {},
      updated: [],
      tag: { tag: [{}] },
      url: { href: { href: 1 } },
    }),
  ),
  odd("nulls everywhere are passed over", (w) =>
    note(w, {
      content: null,
      name: null,
      summary: null,
      published: null,
      tag: [null, [null]],
      attachment: [null],
      url: [null],
      contentMap: null,
    }),
  ),
  ...[
    "+275760-09-13T00:00:00Z",
    "-271821-04-20T00:00:00Z",
    "9999-99-99",
    "yesterday",
    "0000-00-00T00:00:00Z",
    "1e400",
  ].map((published) =>
    odd(`a post published ${published} is a post of some time`, (w) =>
      note(w, { published, updated: published, endTime: published }),
    ),
  ),
  odd("numbers that are too large are numbers", (w) =>
    note(w, JSON.parse('{"startIndex":1e400,"width":1e308,"votersCount":-1e308}')),
  ),
];

hostile(
  "bodies",
  [...bodies, ...envelopes, ...oddities],
  (world) => {
    test("after all that every page still answers, that of each odd post too", async () => {
      const { app, alice } = world();
      const paths = ["/", "/@alice", "/@mallory@mallory.test", "/notices", "/search?q=odd"];
      for (let number = 1; number <= count; number++) {
        const seen = await alice.sees(`https://mallory.test/notes/odd-${number}`);
        if (seen) paths.push(seen.path);
      }
      expect(paths.length).toBeGreaterThan(25);
      for (const path of paths) {
        const page = await alice.page(path);
        expect(page.status, path).toBe(200);
        expect(await page.text()).toContain("</html>");
      }
      for (const path of ["/users/alice/inbox?page=1", "/users/alice/outbox?page=1"]) {
        expect((await alice.read(path)).status, path).toBe(200);
      }
      expect(errorsOf(app)).toEqual([]);
    });
  },
  ["sqlite", "postgres"],
);
