/** Hosts in every kind of trouble: what is done, what their readers get in the end, and who is told. */
import { beforeAll, describe, expect, test } from "bun:test";
import { toHttpDate } from "../lib/clock.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../lib/durations.ts";
import { upstream } from "../lib/upstream.ts";
import { onSqlite } from "../testing/engines.ts";
import type { Trouble } from "../testing/fediverse.ts";
import { post as send } from "../testing/letters.ts";
import { type Answering, type Mail, mail, type Reader } from "../testing/mail.ts";

/** Half a day, and the fifth by which chance may lengthen it. */
const LONGEST_PAUSE_MS = 15 * HOUR_MS;
const PATIENCE_MS = 60_000;

const answering =
  (status: number, headers: Readonly<Record<string, string>> = {}): Answering =>
  () => ({ status, headers, body: "" });
const TAKEN = answering(202);
const failsWith =
  (code: string): Trouble =>
  () => {
    throw Object.assign(new Error(code), { code });
  };

onSqlite((engine) => {
  let post: Mail;
  beforeAll(async () => {
    post = await mail(engine);
  }, PATIENCE_MS);

  /** Tries to hand over a post, whether there was an answer or not. */
  const letters = (host: string) =>
    post.all.sent.filter(
      ({ to, method, body }) => to === host && method === "POST" && body.includes("Create"),
    ).length;

  /** A life sign: something that is signed, and does nothing. */
  const wave = (reader: Reader) =>
    send(post.alice.app, {
      by: reader.fan,
      body: {
        id: reader.fan.at(`/view-${Math.random()}`),
        type: "View",
        actor: reader.fan.iri,
        object: post.alice.iri,
      },
    });

  interface Case {
    readonly name: string;
    readonly answer?: Answering;
    readonly trouble?: Trouble;
    /** What the author reads an hour later. */
    readonly state: "waiting" | "given-up";
    readonly error: RegExp;
    /** Letters that went out in the first day, at most: nobody is hammered. */
    readonly most: number;
    /** Whether it arrives once the host is well again, after a day. */
    readonly arrives: boolean;
  }

  const CASES: readonly Case[] = [
    { name: "400", answer: answering(400), state: "given-up", error: /400/, most: 2, arrives: false },
    { name: "401", answer: answering(401), state: "waiting", error: /401/, most: 40, arrives: true },
    { name: "403", answer: answering(403), state: "waiting", error: /403/, most: 20, arrives: true },
    { name: "404", answer: answering(404), state: "given-up", error: /404/, most: 1, arrives: false },
    { name: "408", answer: answering(408), state: "waiting", error: /408/, most: 20, arrives: true },
    { name: "410", answer: answering(410), state: "given-up", error: /410/, most: 1, arrives: false },
    { name: "413", answer: answering(413), state: "given-up", error: /413/, most: 1, arrives: false },
    { name: "429", answer: answering(429), state: "waiting", error: /429/, most: 34, arrives: true },
    { name: "500", answer: answering(500), state: "waiting", error: /500/, most: 34, arrives: true },
    { name: "501", answer: answering(501), state: "given-up", error: /501/, most: 1, arrives: false },
    { name: "502", answer: answering(502), state: "waiting", error: /502/, most: 34, arrives: true },
    { name: "503", answer: answering(503), state: "waiting", error: /503/, most: 34, arrives: true },
    {
      name: "a redirect for good (301)",
      answer: answering(301, { location: "/elsewhere" }),
      state: "waiting",
      error: /301/,
      most: 20,
      arrives: true,
    },
    {
      name: "a redirect for now (302)",
      answer: answering(302, { location: "/elsewhere" }),
      state: "waiting",
      error: /302/,
      most: 20,
      arrives: true,
    },
    {
      name: "a redirect for now that keeps the method (307)",
      answer: answering(307, { location: "/elsewhere" }),
      state: "waiting",
      error: /307/,
      most: 20,
      arrives: true,
    },
    {
      name: "a redirect for good that keeps the method (308)",
      answer: answering(308, { location: "/elsewhere" }),
      state: "waiting",
      error: /308/,
      most: 20,
      arrives: true,
    },
    { name: "no connection", trouble: "refused", state: "waiting", error: /./, most: 34, arrives: true },
    { name: "silence", trouble: "silent", state: "waiting", error: /./, most: 34, arrives: true },
    {
      name: "a connection that breaks",
      trouble: failsWith("ECONNRESET"),
      state: "waiting",
      error: /./,
      most: 34,
      arrives: true,
    },
    {
      name: "a name that leads nowhere",
      trouble: ({ url }) => {
        throw upstream("dns", url);
      },
      state: "waiting",
      error: /leads nowhere/,
      most: 34,
      arrives: true,
    },
    {
      name: "an answer that is no HTTP",
      trouble: failsWith("HPE_INVALID_CONSTANT"),
      state: "waiting",
      error: /not HTTP/,
      most: 34,
      arrives: true,
    },
    {
      name: "a certificate of another name",
      trouble: failsWith("ERR_TLS_CERT_ALTNAME_INVALID"),
      state: "waiting",
      error: /certificate/i,
      most: 34,
      arrives: true,
    },
    {
      name: "a certificate that has expired",
      trouble: failsWith("CERT_HAS_EXPIRED"),
      state: "waiting",
      error: /certificate/i,
      most: 34,
      arrives: true,
    },
  ];

  test.each(CASES)("$name: the author hears of it, nobody is hammered", async (given) => {
    const reader = await post.reader(given.answer ?? TAKEN);
    if (given.trouble) post.all.trouble(reader.host, given.trouble);
    const iri = await post.say(post.alice, given.name);
    await post.pass(HOUR_MS, 5 * MINUTE_MS);
    const seen = await post.arrival(post.alice, iri, reader.host);
    expect(seen).toMatchObject({ state: given.state, lastError: expect.stringMatching(given.error) });
    await post.pass(22 * HOUR_MS, HOUR_MS);
    expect(letters(reader.host)).toBeLessThanOrEqual(given.most);
    expect(reader.there.received.filter(({ path }) => path === "/elsewhere")).toEqual([]);

    post.all.trouble(reader.host, null);
    reader.answer(TAKEN);
    const before = letters(reader.host);
    await post.pass(LONGEST_PAUSE_MS, HOUR_MS);
    const after = await post.arrival(post.alice, iri, reader.host);
    expect(after?.state).toBe(given.arrives ? "arrived" : "given-up");
    expect(letters(reader.host) - before).toBe(given.arrives ? 1 : 0);
    await post.leave(reader);
  });

  describe("Retry-After", () => {
    const HOUR_FROM_NOW = "an hour from now";
    const CASES: readonly { header: string; notBefore: number; until: number }[] = [
      { header: "120", notBefore: 2 * MINUTE_MS, until: 5 * MINUTE_MS },
      { header: "86400", notBefore: DAY_MS, until: DAY_MS + HOUR_MS },
      { header: "99999999", notBefore: DAY_MS, until: DAY_MS + HOUR_MS },
      { header: HOUR_FROM_NOW, notBefore: HOUR_MS, until: 2 * HOUR_MS },
      { header: "0", notBefore: 0, until: 5 * MINUTE_MS },
      { header: "-5", notBefore: 0, until: 5 * MINUTE_MS },
      { header: "1e9", notBefore: 0, until: 5 * MINUTE_MS },
      { header: "soon", notBefore: 0, until: 5 * MINUTE_MS },
      { header: "Thu, 01 Jan 1970 00:00:00 GMT", notBefore: 0, until: 5 * MINUTE_MS },
      { header: "Fri, 31 Dec 9999 23:59:59 GMT", notBefore: DAY_MS, until: DAY_MS + HOUR_MS },
    ];

    test.each(CASES)("$header is kept to, within a day", async ({ header, notBefore, until }) => {
      const written = header === HOUR_FROM_NOW ? toHttpDate(post.all.clock.now() + HOUR_MS) : header;
      const reader = await post.reader((_, nth) =>
        nth === 1
          ? { status: 429, headers: { "retry-after": written }, body: "" }
          : { status: 202, body: "" },
      );
      await post.say(post.alice, header);
      await post.all.settle();
      if (notBefore > 0) {
        await post.pass(notBefore - MINUTE_MS);
        expect(letters(reader.host)).toBe(1);
      }
      await post.pass(until - notBefore + MINUTE_MS, Math.max(MINUTE_MS, (until - notBefore) / 5));
      expect(letters(reader.host)).toBe(2);
      await post.leave(reader);
    });
  });

  test("a host that was down for days gets everything within an hour of its return, by one letter first", async () => {
    const reader = await post.reader(TAKEN, [post.alice, post.bob]);
    post.all.trouble(reader.host, "refused");
    for (let i = 0; i < 10; i++) await post.say(i % 2 ? post.alice : post.bob, `Post ${i}`);
    await post.pass(5 * DAY_MS, HOUR_MS);
    const tries = letters(reader.host);
    // One an hour, and a few at first.
    expect(tries).toBeGreaterThan(5 * 14);
    expect(tries).toBeLessThan(5 * 30);
    post.all.trouble(reader.host, null);
    await post.pass(75 * MINUTE_MS, 5 * MINUTE_MS);
    expect(reader.letters()).toHaveLength(10);
    await post.leave(reader);
  });

  test("a host that sends something is tried at once", async () => {
    const reader = await post.reader();
    post.all.trouble(reader.host, "refused");
    const iri = await post.say(post.alice, "Are you there?");
    await post.pass(3 * DAY_MS, HOUR_MS);
    post.all.trouble(reader.host, null);
    await wave(reader);
    await post.all.settle();
    expect(await post.arrival(post.alice, iri, reader.host)).toMatchObject({ state: "arrived" });
    await post.leave(reader);
  });

  test.each([
    ["refuses a letter", 403, {}],
    ["asks us to wait", 429, { "retry-after": "43200" }],
    ["asks us to wait until it is mended", 503, { "retry-after": "43200" }],
  ] as const)("a host that %s is not asked sooner because it sends something", async (_, status, headers) => {
    const reader = await post.reader(answering(status, headers));
    await post.say(post.alice, "Patience");
    await post.all.settle();
    for (let i = 0; i < 3; i++) {
      const before = letters(reader.host);
      await wave(reader);
      await post.all.settle();
      expect(letters(reader.host)).toBe(before);
      await post.pass(11 * MINUTE_MS);
    }
    reader.answer(TAKEN);
    await post.pass(LONGEST_PAUSE_MS, HOUR_MS);
    await post.leave(reader);
  });

  describe("a host that has been silent for fifteen days", () => {
    async function dead(): Promise<Reader> {
      const reader = await post.reader();
      post.all.trouble(reader.host, "refused");
      await post.say(post.alice, "Before");
      for (let day = 0; day < 16; day++) {
        await post.pass(DAY_MS, 6 * HOUR_MS);
        if (day === 14) await post.say(post.alice, "Still waiting");
      }
      return reader;
    }

    test("gets nothing new, and is asked once a day", async () => {
      const reader = await dead();
      const iri = await post.say(post.alice, "After");
      await post.all.settle();
      expect(await post.arrival(post.alice, iri, reader.host)).toMatchObject({
        state: "given-up",
        lastError: expect.stringContaining("shows life"),
      });
      const before = post.all.sent.filter(({ to }) => to === reader.host).length;
      await post.pass(10 * DAY_MS, HOUR_MS);
      const asked = post.all.sent.filter(({ to }) => to === reader.host).length - before;
      expect(asked).toBeGreaterThan(8);
      expect(asked).toBeLessThan(25);
      post.all.trouble(reader.host, null);
      await post.leave(reader);
    });

    test("is back when it answers the daily question", async () => {
      const reader = await dead();
      post.all.trouble(reader.host, null);
      reader.there.put("/users/fan", { body: reader.fan.document });
      await post.pass(26 * HOUR_MS, HOUR_MS);
      const iri = await post.say(post.alice, "Welcome back");
      await post.all.settle();
      expect(await post.arrival(post.alice, iri, reader.host)).toMatchObject({ state: "arrived" });
      await post.leave(reader);
    });

    test("is back when it sends something", async () => {
      const reader = await dead();
      post.all.trouble(reader.host, null);
      await wave(reader);
      const iri = await post.say(post.alice, "Welcome back");
      await post.all.settle();
      expect(await post.arrival(post.alice, iri, reader.host)).toMatchObject({ state: "arrived" });
      await post.leave(reader);
    });
  });

  describe("an inbox that is gone", () => {
    const moved = (reader: Reader) => ({
      ...reader.fan.document,
      inbox: `${reader.fan.iri}/new-inbox`,
      endpoints: { sharedInbox: `${reader.there.origin}/new-shared` },
      updated: "2026-11-22T00:00:00Z",
    });

    test.each([404, 410, 301, 308])("(%d) is left for the one that its actor names now", async (status) => {
      const reader = await post.reader(answering(status));
      reader.there.put("/users/fan", { body: moved(reader) });
      const iri = await post.say(post.alice, "Where are you?");
      await post.all.settle();
      expect(await post.arrival(post.alice, iri, reader.host)).toMatchObject({ state: "arrived" });
      await post.say(post.alice, "There you are");
      await post.all.settle();
      const paths = reader.there.received.map(({ path }) => path);
      expect(paths).toEqual(["/inbox", "/new-shared", "/new-shared"]);
      await post.leave(reader);
    });

    test("is asked about once an hour, however many letters there are", async () => {
      const reader = await post.reader(answering(410));
      for (let i = 0; i < 5; i++) await post.say(post.alice, `Post ${i}`);
      reader.there.asked.length = 0;
      await post.all.settle();
      expect(reader.there.asked.filter((path) => path === "/users/fan")).toHaveLength(1);
      await post.leave(reader);
    });

    test("where two actors name different new ones, nothing is sent to either by mistake", async () => {
      const reader = await post.reader(answering(404));
      const other = await reader.there.actor("other");
      await post.alice.app.federation.look.fetch(other.iri);
      reader.there.put("/users/fan", { body: moved(reader) });
      const iri = await post.say(post.alice, "Which of you?");
      await post.all.settle();
      expect(await post.arrival(post.alice, iri, reader.host)).toMatchObject({ state: "given-up" });
      expect(reader.there.received.map(({ path }) => path)).toEqual(["/inbox"]);
      await post.leave(reader);
    });

    test("and whose actor is gone too, today and tomorrow, loses its follower", async () => {
      const reader = await post.reader(answering(410));
      reader.there.put("/users/fan", { status: 410, body: "" });
      await post.say(post.alice, "Farewell");
      await post.all.settle();
      const { look } = post.alice.app.federation;
      const fan = (await look.find(reader.fan.iri))?.key ?? 0;
      expect(await look.isMember(post.alice.key, "followers", fan)).toBe(true);
      await post.pass(25 * HOUR_MS, HOUR_MS);
      expect(await look.isMember(post.alice.key, "followers", fan)).toBe(false);
      expect((await look.find(reader.fan.iri))?.deletedMs).not.toBeNull();
    });

    test("and whose actor is back the next day keeps its follower", async () => {
      const reader = await post.reader(answering(410));
      reader.there.put("/users/fan", { status: 410, body: "" });
      await post.say(post.alice, "Farewell?");
      await post.all.settle();
      reader.there.put("/users/fan", { body: reader.fan.document });
      await post.pass(25 * HOUR_MS, HOUR_MS);
      const { look } = post.alice.app.federation;
      const fan = (await look.find(reader.fan.iri))?.key ?? 0;
      expect(await look.isMember(post.alice.key, "followers", fan)).toBe(true);
      await post.leave(reader);
    });

    test("and whose actor cannot be found for a week follows nobody, and is remembered", async () => {
      const reader = await post.reader(answering(404));
      reader.there.put("/users/fan", { status: 404, body: "" });
      await post.say(post.alice, "Hello?");
      await post.all.settle();
      const { look } = post.alice.app.federation;
      const fan = (await look.find(reader.fan.iri))?.key ?? 0;
      await post.pass(6 * DAY_MS, 12 * HOUR_MS);
      expect(await look.isMember(post.alice.key, "followers", fan)).toBe(true);
      await post.pass(2 * DAY_MS, 12 * HOUR_MS);
      expect(await look.isMember(post.alice.key, "followers", fan)).toBe(false);
      expect((await look.find(reader.fan.iri))?.deletedMs).toBeNull();
    });
  });

  test("nothing of all that is an error of ours", () => {
    expect(post.alice.app.warnings().filter(({ level }) => level === "error")).toEqual([]);
  });
});
