/** How posts travel to servers that are slow, busy, gone or old-fashioned, and what their author sees of it. */
import { beforeAll, describe, expect, test } from "bun:test";
import { PUBLIC } from "../core/object.ts";
import { toHttpDate } from "../lib/clock.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../lib/durations.ts";
import { sql } from "../lib/sql.ts";
import { eachEngine } from "../testing/engines.ts";
import { type Fediverse, fediverse } from "../testing/fediverse.ts";
import { type Letter, post } from "../testing/letters.ts";
import { type Person, person } from "../testing/people.ts";
import { type Answer, type Stranger, type StrangerActor, stranger } from "../testing/strangers.ts";

/** Half a day, and the fifth by which chance may lengthen it. */
const LONGEST_PAUSE_MS = 15 * HOUR_MS;
const PATIENCE_MS = 60_000;

eachEngine((engine) => {
  let all: Fediverse;
  let alice: Person;
  let count = 0;

  beforeAll(async () => {
    all = await fediverse(engine, ["a.test"]);
    alice = await person(all.at("a.test"), "alice", "admin");
  }, PATIENCE_MS);

  /** A server of its own for one test, where somebody follows alice; its inboxes answer as `answer` says. */
  async function follower(
    answer: (request: Request, nth: number) => Answer = () => ({ status: 202, body: "" }),
  ) {
    const host = `s${++count}.test`;
    const there = stranger(all, host);
    const fan = await there.actor("fan");
    const follow = { id: fan.at("/follow"), type: "Follow", actor: fan.iri, object: alice.iri };
    await post(alice.app, { by: fan, body: follow });
    await all.settle();
    let nth = 0;
    for (const path of ["/inbox", "/users/fan/inbox"]) there.put(path, (request) => answer(request, ++nth));
    there.received.length = 0;
    return { host, there, fan };
  }

  const say = (text: string, more = {}) => alice.note(text, { to: [PUBLIC], cc: [alice.followers], ...more });

  /** What alice sees of the way to this host. */
  async function arrival(iri: string, host: string) {
    const seen = await alice.sees(iri);
    const arrivals = await alice.app.queries.arrivals(seen?.key ?? 0, alice.key);
    return arrivals.find((each) => each.host === host);
  }

  /** Time passes in steps, and whatever falls due is done. */
  async function pass(ms: number, stepMs = ms): Promise<void> {
    for (let passed = 0; passed < ms; passed += stepMs) {
      all.clock.advance(stepMs);
      await all.settle();
    }
  }

  /** Nobody follows alice from there any more, so that other tests have nothing to do with it. */
  async function leave({ fan }: { fan: StrangerActor }, letter: Partial<Letter> = {}): Promise<void> {
    const undo = { id: fan.at(`/undo-${++count}`), type: "Undo", actor: fan.iri, object: fan.at("/follow") };
    await post(alice.app, { by: fan, body: undo, ...letter });
    await all.settle();
  }

  const bodies = ({ received }: Stranger) =>
    received.map(({ body }) => JSON.parse(body) as { id: string; type: string });

  test("a server that fails is tried again later with the same bytes, and the author sees it", async () => {
    const fan = await follower((_, nth) => ({ status: nth <= 3 ? 500 : 202, body: "" }));
    const iri = await say("Again");
    await all.settle();
    expect(await arrival(iri, fan.host)).toMatchObject({
      state: "waiting",
      tries: 1,
      lastError: "It answered 500.",
    });
    await pass(10 * MINUTE_MS, MINUTE_MS);
    expect(await arrival(iri, fan.host)).toMatchObject({ state: "arrived", tries: 4 });
    const letters = new Set(fan.there.received.map(({ body }) => body));
    expect(fan.there.received).toHaveLength(4);
    expect(letters.size).toBe(1);
    await leave(fan);
  });

  test("a text that an app cut in the middle of an emoji arrives, and so does what follows", async () => {
    const fan = await follower();
    const broken = { name: "half \ud83d", tag: [{ type: "Hashtag", name: "#tea\udc00" }], "odd\ud800": "\0" };
    await alice.note("Broken", { to: [PUBLIC], cc: [alice.followers] }, broken);
    await say("And this one comes after it");
    await all.settle();
    const objects = fan.there.received.map(({ body }) => JSON.parse(body).object);
    expect(objects).toMatchObject([
      { content: "Broken", name: "half \ufffd", tag: [{ name: "#tea\ufffd" }], "odd\ufffd": "\ufffd" },
      { content: "And this one comes after it" },
    ]);
    await leave(fan);
  });

  test("what no letter can be made of is given up, and what follows arrives", async () => {
    const fan = await follower();
    const iri = await say("Fragile");
    const half = "\\ud800";
    await alice.app.opened.db.batch([
      sql`UPDATE object SET document = REPLACE(document, 'Fragile', ${half}) WHERE iri = ${iri}`,
    ]);
    await say("After it");
    await all.settle();
    expect(bodies(fan.there)).toMatchObject([{ object: { content: "After it" } }]);
    expect(await arrival(iri, fan.host)).toMatchObject({ state: "given-up", tries: 1 });
    await leave(fan);
  });

  test("a second server gets it meanwhile", async () => {
    const bad = await follower(() => ({ status: 503, body: "" }));
    const good = await follower();
    const iri = await say("Both");
    await all.settle();
    expect(await arrival(iri, bad.host)).toMatchObject({ state: "waiting" });
    expect(await arrival(iri, good.host)).toMatchObject({ state: "arrived", tries: 1 });
    await leave(bad);
    await leave(good);
  });

  describe("a server that asks us to wait", () => {
    test("for seconds gets nothing until then", async () => {
      const fan = await follower((_, nth) =>
        nth === 1 ? { status: 429, body: "", headers: { "retry-after": "7200" } } : { status: 202, body: "" },
      );
      const iri = await say("Slowly");
      await all.settle();
      await say("And this one waits behind it");
      await pass(110 * MINUTE_MS, 10 * MINUTE_MS);
      expect(fan.there.received).toHaveLength(1);
      expect(await arrival(iri, fan.host)).toMatchObject({ state: "waiting", lastError: "It answered 429." });
      await pass(20 * MINUTE_MS, 10 * MINUTE_MS);
      expect(await arrival(iri, fan.host)).toMatchObject({ state: "arrived", tries: 2 });
      expect(fan.there.received).toHaveLength(3);
      await leave(fan);
    });

    test("until a date gets nothing until then", async () => {
      const until = toHttpDate(all.clock.now() + 3 * HOUR_MS);
      const fan = await follower((_, nth) =>
        nth === 1 ? { status: 503, body: "", headers: { "retry-after": until } } : { status: 202, body: "" },
      );
      const iri = await say("Tomorrow");
      await all.settle();
      await pass(2 * HOUR_MS + 50 * MINUTE_MS, 10 * MINUTE_MS);
      expect(fan.there.received).toHaveLength(1);
      await pass(30 * MINUTE_MS, 10 * MINUTE_MS);
      expect(await arrival(iri, fan.host)).toMatchObject({ state: "arrived", tries: 2 });
      await leave(fan);
    });

    test("for a year is asked after a day", async () => {
      const fan = await follower((_, nth) =>
        nth === 1
          ? { status: 429, body: "", headers: { "retry-after": "31536000" } }
          : { status: 202, body: "" },
      );
      const iri = await say("Never");
      await all.settle();
      await pass(25 * HOUR_MS, HOUR_MS);
      expect(await arrival(iri, fan.host)).toMatchObject({ state: "arrived", tries: 2 });
      await leave(fan);
    });
  });

  test.each([400, 404, 405, 410, 413, 415, 501])(
    "a server that answers %d is not asked again",
    async (status) => {
      const fan = await follower(() => ({ status, body: "" }));
      const iri = await say(`Not ${status}`);
      await all.settle();
      const letters = fan.there.received.length;
      await pass(2 * DAY_MS, 6 * HOUR_MS);
      expect(await arrival(iri, fan.host)).toMatchObject({
        state: "given-up",
        tries: 1,
        lastError: `It answered ${status}.`,
      });
      expect(fan.there.received).toHaveLength(letters);
      await leave(fan);
    },
  );

  test.each([401, 403])(
    "a server that answers %d may have a wrong clock: it is believed after a day",
    async (status) => {
      const fan = await follower(() => ({ status, body: "" }));
      const iri = await say(`Perhaps ${status}`);
      await all.settle();
      await pass(HOUR_MS, 10 * MINUTE_MS);
      expect(await arrival(iri, fan.host)).toMatchObject({ state: "waiting" });
      await pass(2 * DAY_MS, HOUR_MS);
      expect(await arrival(iri, fan.host)).toMatchObject({
        state: "given-up",
        lastError: `It answered ${status}.`,
      });
      await leave(fan);
    },
  );

  test.each(["refused", "silent"] as const)(
    "a server whose connections are %s gets everything when it is back",
    async (trouble) => {
      const fan = await follower();
      all.trouble(fan.host, trouble);
      const first = await say("One");
      await all.settle();
      expect(await arrival(first, fan.host)).toMatchObject({ state: "waiting", tries: 1 });
      await pass(6 * HOUR_MS, 10 * MINUTE_MS);
      const second = await say("Two");
      await all.settle();
      all.trouble(fan.host, null);
      await pass(LONGEST_PAUSE_MS, HOUR_MS);
      for (const iri of [first, second])
        expect(await arrival(iri, fan.host)).toMatchObject({ state: "arrived" });
      expect(fan.there.received).toHaveLength(2);
      await leave(fan);
    },
  );

  test("a dead server is asked by one letter at a time, however many wait", async () => {
    const fan = await follower();
    all.trouble(fan.host, "refused");
    for (let i = 0; i < 20; i++) await say(`Waiting ${i}`);
    await all.settle();
    await pass(12 * HOUR_MS, 10 * MINUTE_MS);
    const tries = all.sent.filter(({ to, method }) => to === fan.host && method === "POST");
    // Twenty letters on their own would have been tried more than two hundred times.
    expect(tries.length).toBeLessThan(30);
    all.trouble(fan.host, null);
    await pass(80 * MINUTE_MS, 10 * MINUTE_MS);
    expect(fan.there.received.length).toBeGreaterThan(0);
    await pass(LONGEST_PAUSE_MS, HOUR_MS);
    expect(fan.there.received).toHaveLength(20);
    expect(new Set(bodies(fan.there).map(({ id }) => id)).size).toBe(20);
    await leave(fan);
  });

  test("a server that stays dead is given up after fifteen days, not after fourteen", async () => {
    const fan = await follower();
    all.trouble(fan.host, "refused");
    const iri = await say("Farewell");
    await all.settle();
    await pass(14 * DAY_MS, 6 * HOUR_MS);
    expect(await arrival(iri, fan.host)).toMatchObject({ state: "waiting" });
    await pass(2 * DAY_MS, 6 * HOUR_MS);
    const { state, tries = 0 } = (await arrival(iri, fan.host)) ?? {};
    expect(state).toBe("given-up");
    expect(tries).toBeGreaterThan(25);
    const before = all.sent.length;
    await pass(5 * DAY_MS, 12 * HOUR_MS);
    expect(all.sent.slice(before).filter(({ to }) => to === fan.host)).toEqual([]);
    all.trouble(fan.host, null);
    await leave(fan);
  });

  test("what was deleted before it could be delivered is not delivered", async () => {
    const fan = await follower();
    all.trouble(fan.host, "refused");
    const iri = await say("Regretted");
    await all.settle();
    await alice.act({ type: "Delete", object: iri });
    all.trouble(fan.host, null);
    await pass(HOUR_MS, 5 * MINUTE_MS);
    expect(bodies(fan.there).map(({ type }) => type)).toEqual(["Delete"]);
    expect(fan.there.received.some(({ body }) => body.includes("Regretted"))).toBe(false);
    await leave(fan);
  });

  describe("a server that only reads RFC 9421", () => {
    const readsNew = (request: Request): Answer => ({
      status: request.headers.has("signature-input") ? 202 : 401,
      body: "",
    });

    test("is knocked at twice, once, and is remembered", async () => {
      const fan = await follower(readsNew);
      const iri = await say("Knock");
      await all.settle();
      expect(await arrival(iri, fan.host)).toMatchObject({ state: "arrived", tries: 1 });
      expect(fan.there.received.map(({ headers }) => headers.has("signature-input"))).toEqual([false, true]);
      await say("Again");
      await all.settle();
      expect(fan.there.received.map(({ headers }) => headers.has("signature-input"))).toEqual([
        false,
        true,
        true,
      ]);
      await leave(fan);
    });

    test("is not knocked at twice where it signs so itself", async () => {
      const fan = await follower(readsNew);
      await post(alice.app, {
        by: fan.fan,
        scheme: "rfc9421",
        body: { id: fan.fan.at("/view"), type: "View", actor: fan.fan.iri, object: alice.iri },
      });
      await say("Once");
      await all.settle();
      expect(fan.there.received.map(({ headers }) => headers.has("signature-input"))).toEqual([true]);
      await leave(fan, { scheme: "rfc9421" });
    });
  });

  test("many people of one server get one letter, at its shared inbox", async () => {
    const fan = await follower();
    for (const name of ["second", "third"]) {
      const more = await fan.there.actor(name);
      await post(alice.app, {
        by: more,
        body: { id: more.at(`/follow-${name}`), type: "Follow", actor: more.iri, object: alice.iri },
      });
    }
    await all.settle();
    fan.there.received.length = 0;
    await say("To all of you");
    await all.settle();
    expect(fan.there.received.map(({ path }) => path)).toEqual(["/inbox"]);
    await leave(fan);
  });

  test("a hidden recipient gets a letter of their own, in which they are not named", async () => {
    const fan = await follower();
    await alice.act({
      type: "Create",
      to: [alice.iri],
      object: { type: "Note", content: "Psst", to: [alice.iri], bcc: [fan.fan.iri] },
    });
    await all.settle();
    expect(fan.there.received.map(({ path }) => path)).toEqual(["/users/fan/inbox"]);
    expect(fan.there.received[0]?.body).toContain("Psst");
    expect(fan.there.received[0]?.body).not.toContain(fan.fan.iri);
    await leave(fan);
  });

  test("nothing of all that is an error of ours", () => {
    expect(alice.app.warnings().filter(({ level }) => level === "error")).toEqual([]);
  });
});
