/** Follower synchronisation (FEP-8fcf): two lists that have drifted apart become one again, and nobody else learns of it. */
import { beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { PUBLIC } from "../core/object.ts";
import { dropMember, ensureCollection } from "../core/store-writes.ts";
import { ACTIVITY_JSON } from "../http/negotiate.ts";
import { HOUR_MS } from "../lib/durations.ts";
import type { JsonObject } from "../lib/json.ts";
import type { Db } from "../storage/db.ts";
import { eachEngine } from "../testing/engines.ts";
import { type Fediverse, fediverse } from "../testing/fediverse.ts";
import { deliver, post, sealed } from "../testing/letters.ts";
import { jsonOf, type Person, person } from "../testing/people.ts";
import { alike, type Stranger, type StrangerActor, stranger } from "../testing/strangers.ts";
import { createFollowerDigests, digestsOf, NO_FOLLOWERS } from "./follower-digests.ts";

const PATIENCE_MS = 60_000;
const HEADER = "collection-synchronization";
const digestOf = (iris: readonly string[]) => digestsOf(iris).get("https://a.test") ?? NO_FOLLOWERS;

test("the digest is that of FEP-8fcf's example", () => {
  const followers = [
    "https://example.org/users/2",
    "https://testing.example.org/users/1",
    "https://next.example.org/users/foo",
    "https://testing.example.org/users/2",
  ];
  expect(digestsOf(followers).get("https://testing.example.org")).toBe(
    "c33f48cd341ef046a206b8a72ec97af65079f9a3a9b90eef79c5920dce45c61f",
  );
});

eachEngine((engine) => {
  let all: Fediverse;
  let alice: Person;
  let bob: Person;
  let carol: Person;
  let nearby: Stranger;
  let fan: StrangerActor;

  /** alice lives at a.test and is followed by bob and carol at b.test. */
  beforeAll(async () => {
    all = await fediverse(engine, ["a.test", "b.test"]);
    alice = await person(all.at("a.test"), "alice", "admin");
    bob = await person(all.at("b.test"), "bob", "admin");
    carol = await person(all.at("b.test"), "carol");
    nearby = stranger(all, "there.test");
    fan = await nearby.actor("fan");
    for (const follower of [bob, carol]) await follower.act({ type: "Follow", object: alice.iri });
    await all.settle();
  }, PATIENCE_MS);

  const later = async () => {
    all.clock.advance(2 * HOUR_MS);
    await all.settle();
  };
  const following = async (who: Person, iri: string) => (await who.knows(iri)).following;
  const drop = async (at: Person, owner: string, list: string, item: string) => {
    const { db } = at.app.opened;
    const rows = await at.app.federation.look.findMany([owner, item]);
    const [of, whom] = [owner, item].map((iri) => rows.get(iri)?.key ?? 0);
    await db.batch([ensureCollection(of ?? 0, list), ...dropMember(of ?? 0, list, whom ?? 0)]);
  };

  describe("between two of ours", () => {
    test("what is for followers says whom of theirs we count, and lists that agree lead to no question", async () => {
      await alice.note("for followers", { to: [alice.followers] });
      await all.settle();
      const letter = all.sent.findLast(({ to, method }) => to === "b.test" && method === "POST");
      expect(letter?.headers.get(HEADER)).toBe(
        `collectionId="${alice.followers}", url="${alice.iri}/followers-synchronization", ` +
          `digest="${digestsOf([bob.iri, carol.iri]).get("https://b.test")}"`,
      );
      expect(letter?.headers.get("signature-input") ?? letter?.headers.get("signature")).toContain(HEADER);
      await later();
      expect(all.sent.some(({ path }) => path.includes("synchronization"))).toBe(false);
    });

    test("what is for one person alone does not", async () => {
      await alice.note("for bob", { to: [bob.iri] });
      await all.settle();
      expect(all.sent.findLast(({ to }) => to === "b.test")?.headers.has(HEADER)).toBe(false);
    });

    test("the letters of a post, which leave together, ask for its author's followers once", async () => {
      const { db } = alice.app.opened;
      const author = await alice.app.federation.look.find(alice.iri);
      let asked = 0;
      const counting: Db = {
        ...db,
        all(query) {
          asked++;
          return db.all(query);
        },
      };
      const digests = createFollowerDigests({ db: counting, now: all.clock.now });
      const told = await Promise.all(Array.from({ length: 64 }, () => digests.of(author?.key ?? 0)));
      expect(new Set(told.map((each) => each?.get("https://b.test")))).toEqual(
        new Set([digestsOf([bob.iri, carol.iri]).get("https://b.test")]),
      );
      expect(asked).toBe(1);
    });

    test("a follower whom the followed has lost follows no longer", async () => {
      await drop(alice, alice.iri, "followers", carol.iri);
      await later();
      await alice.note("who is there?", { to: [PUBLIC], cc: [alice.followers] });
      await all.settle();
      await later();
      expect([await following(bob, alice.iri), await following(carol, alice.iri)]).toEqual(["yes", "no"]);
    });

    test("a follower whom the follower's server has lost is let go", async () => {
      await carol.act({ type: "Follow", object: alice.iri });
      await all.settle();
      await drop(carol, alice.iri, "followers", carol.iri);
      await drop(carol, carol.iri, "following", alice.iri);
      await later();
      await alice.note("and now?", { to: [PUBLIC], cc: [alice.followers] });
      await all.settle();
      await later();
      expect(await alice.knows(carol.iri)).toMatchObject({ followedBy: false });
      expect(await alice.knows(bob.iri)).toMatchObject({ followedBy: true });
    });
  });

  describe("the partial list", () => {
    const path = "/users/alice/followers-synchronization";

    test("is given to the server whose people are in it, as long as it signs", async () => {
      const nosy = alike(fan, nearby, "nosy");
      await post(alice.app, {
        by: fan,
        body: { id: fan.at("/f"), type: "Follow", actor: fan.iri, object: alice.iri, to: [alice.iri] },
      });
      await all.settle();
      const asked = await sealed(alice.app, {
        by: nosy,
        body: "",
        method: "GET",
        path,
        covered: GET_COVERED,
      });
      asked.headers.set("accept", ACTIVITY_JSON);
      const answer = await deliver(alice.app, asked);
      expect(await jsonOf(answer)).toMatchObject({ totalItems: 1, orderedItems: [fan.iri] });
      expect(answer.headers.get("cache-control")).toBe("private, no-store");
    });

    test("is given to nobody who does not sign, and to no program of its owner", async () => {
      const accept = { accept: ACTIVITY_JSON };
      expect((await alice.app.ask(path, { headers: accept })).status).toBe(401);
      expect((await alice.read(path)).status).toBe(401);
      expect(
        (await alice.app.ask("/users/nobody/followers-synchronization", { headers: accept })).status,
      ).toBe(404);
    });
  });

  describe("a stranger's header", () => {
    let there: Stranger;
    let zoe: StrangerActor;
    let count = 0;

    /** zoe at zoe.test is followed by alice. */
    beforeEach(async () => {
      there = stranger(all, `zoe${++count}.test`);
      zoe = alike(fan, there, "zoe");
      const { activity } = await alice.act({ type: "Follow", object: zoe.iri });
      await all.settle();
      await say({ type: "Accept", object: activity.id ?? "" });
      there.asked.length = 0;
    });

    const say = async (
      activity: JsonObject,
      headers: Record<string, string> = {},
      covered?: readonly string[],
    ) => {
      const answer = await post(alice.app, {
        by: zoe,
        headers,
        body: { id: zoe.at(`/activities/${++count}`), actor: zoe.iri, ...activity },
        ...(covered ? { covered } : {}),
      });
      await all.settle();
      return answer.status;
    };
    const note = () => ({
      type: "Create",
      to: [zoe.followers],
      object: {
        id: zoe.at(`/notes/${++count}`),
        type: "Note",
        attributedTo: zoe.iri,
        content: "Hello",
        to: [zoe.followers],
      },
    });
    const header = (changes: Record<string, string> = {}) => ({
      [HEADER]: Object.entries({
        collectionId: zoe.followers,
        url: `${zoe.iri}/sync`,
        digest: NO_FOLLOWERS,
        ...changes,
      })
        .map(([name, value]) => `${name}="${value}"`)
        .join(", "),
    });
    const list = (items: readonly string[], more: JsonObject = {}) =>
      there.put("/users/zoe/sync", {
        body: { type: "OrderedCollection", id: `${zoe.iri}/sync`, orderedItems: items, ...more },
      });

    test("is taken as it comes from Mastodon: whoever is not listed follows no longer", async () => {
      list([]);
      expect(await say(note(), header())).toBe(202);
      expect(there.asked).toEqual([]);
      await later();
      expect(there.asked).toContain("/users/zoe/sync");
      expect(await following(alice, zoe.iri)).toBe("no");
      expect(there.received.some(({ body }) => JSON.parse(body).type === "Undo")).toBe(true);
    });

    test("tells that a request was granted, where the answer was lost", async () => {
      const dora = await person(alice.app, `dora${count}`);
      await dora.act({ type: "Follow", object: zoe.iri });
      await all.settle();
      list([alice.iri, dora.iri]);
      await say(note(), header({ digest: digestOf([alice.iri, dora.iri]) }));
      await later();
      expect(await following(dora, zoe.iri)).toBe("yes");
      expect(await following(alice, zoe.iri)).toBe("yes");
    });

    test("that lists people here who never followed is told so, once an hour at most", async () => {
      const emil = await person(alice.app, `emil${count}`);
      const others = ["https://a.test/users/nobody", "https://elsewhere.test/users/x", `${alice.iri}/outbox`];
      list([alice.iri, emil.iri, bob.iri, ...others]);
      for (let times = 0; times < 3; times++) await say(note(), header());
      all.clock.advance(10 * 60_000);
      await all.settle();
      await say(note(), header());
      await all.settle();
      expect(there.asked.filter((path) => path === "/users/zoe/sync")).toHaveLength(1);
      const told = there.received.map(({ body }) => JSON.parse(body)).filter(({ type }) => type === "Undo");
      expect(told).toHaveLength(1);
      expect(told[0]).toMatchObject({
        actor: emil.iri,
        object: { type: "Follow", actor: emil.iri, object: zoe.iri },
      });
      expect(told[0].proof).toMatchObject({ cryptosuite: "eddsa-jcs-2022" });
      expect(await following(alice, zoe.iri)).toBe("yes");
    });

    test.each([
      ["the collection is somebody else's", { collectionId: "https://b.test/users/bob/followers" }],
      ["the list is at another server", { url: "https://b.test/users/bob/followers-synchronization" }],
      ["the digest is none", { digest: "0" }],
      ["the digest agrees", { digest: digestOf(["https://a.test/users/alice"]) }],
    ])("is passed over where %s", async (_, changes) => {
      list([]);
      expect(await say(note(), header(changes))).toBe(202);
      await later();
      expect([there.asked, await following(alice, zoe.iri)]).toEqual([[], "yes"]);
    });

    test("is passed over where the signature does not cover it", async () => {
      list([]);
      await say(note(), header(), ["(request-target)", "host", "date", "digest"]);
      await later();
      expect([there.asked, await following(alice, zoe.iri)]).toEqual([[], "yes"]);
    });

    test.each([
      ["no list", { status: 404, body: "" }],
      ["something else", { body: { type: "Note", id: "x" } }],
      [
        "a list without an end",
        { body: { type: "OrderedCollection", first: "/users/zoe/sync", next: "https://b.test/x" } },
      ],
      [
        "more names than are counted",
        { body: { type: "OrderedCollection", orderedItems: Array(25_001).fill("https://a.test/users/x") } },
      ],
    ])("changes nothing where it leads to %s", async (_, answer) => {
      there.put("/users/zoe/sync", answer);
      await say(note(), header());
      await later();
      expect(there.asked).toContain("/users/zoe/sync");
      expect(await following(alice, zoe.iri)).toBe("yes");
    });

    test("is asked again later where the server fails, and pages are read to the end", async () => {
      there.put("/users/zoe/sync", { status: 503, body: "" });
      await say(note(), header());
      all.clock.advance(2 * 60_000);
      await all.settle();
      expect(await following(alice, zoe.iri)).toBe("yes");
      const page = (n: number) => `${zoe.iri}/sync?page=${n}`;
      list([], { orderedItems: null, first: page(1) });
      there.put("/users/zoe/sync?page=1", {
        body: { type: "OrderedCollectionPage", orderedItems: [], next: page(2) },
      });
      there.put("/users/zoe/sync?page=2", {
        body: { type: "OrderedCollectionPage", orderedItems: [alice.iri] },
      });
      await later();
      expect(there.asked).toContain("/users/zoe/sync?page=2");
      expect(await following(alice, zoe.iri)).toBe("yes");
    });
  });
});

const GET_COVERED = ["(request-target)", "host", "date"];
