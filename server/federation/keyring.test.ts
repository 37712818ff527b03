/** Keys are remembered, renewed when they change, and not asked for more often than is decent. */
import { beforeEach, describe, expect, test } from "bun:test";
import { MINUTE_MS } from "../lib/durations.ts";
import { Problem } from "../lib/problem.ts";
import { BOB, createOtherServer, MAIN_KEY, type OtherServer } from "../testing/other-server.ts";
import { createFetchKey, type KeyFailure, type RemoteKey } from "./fetch-key.ts";
import { createKeyring } from "./keyring.ts";

let world: OtherServer;
beforeEach(async () => {
  world = await createOtherServer();
});

describe("when the key has changed", () => {
  const rotate = () => world.put(BOB, world.bobWithKey({ publicKeyPem: world.rsaNext.publicPem }));

  test("it is fetched anew, once, and the new one stored", async () => {
    await world.ask();
    world.clock.advance(MINUTE_MS);
    rotate();
    expect(await world.ask(MAIN_KEY, world.rsaNext)).toMatchObject({ outcome: "actor" });
    expect(await world.ask(MAIN_KEY, world.rsa)).toMatchObject({ outcome: "refused", status: 401 });
    expect(world.fetched).toEqual([BOB, BOB]);
    expect(world.stored.get(MAIN_KEY)?.publicPem).toBe(world.rsaNext.publicPem);
  });

  test("bad signatures cost one fetch a minute", async () => {
    await world.ask();
    world.clock.advance(MINUTE_MS);
    for (let i = 0; i < 20; i++) {
      expect(await world.ask(MAIN_KEY, world.rsaNext)).toMatchObject({ outcome: "refused", status: 401 });
    }
    expect(world.fetched).toHaveLength(2);
    world.clock.advance(MINUTE_MS);
    await world.ask(MAIN_KEY, world.rsaNext);
    expect(world.fetched).toHaveLength(3);
  });

  test("one that its actor has taken back is not believed again, not even after a restart", async () => {
    await world.ask();
    world.clock.advance(MINUTE_MS);
    world.put(BOB, { ...world.bob, publicKey: [] });
    expect(await world.ask(MAIN_KEY, world.rsaNext)).toMatchObject({ outcome: "refused", status: 401 });
    expect(await world.ask()).toMatchObject({ outcome: "refused", status: 403 });
    expect(await world.start().authenticate.request(await world.post())).toMatchObject({
      outcome: "refused",
    });
  });

  test("the actor's keys can be forgotten at once, and the store is asked", async () => {
    await world.ask();
    const { publicPem } = world.rsaNext;
    world.stored.set(MAIN_KEY, {
      iri: MAIN_KEY,
      actorIri: BOB,
      kind: "rsa",
      publicPem,
      fetchedMs: world.clock.now(),
      expiresMs: null,
    });
    world.keyring.forget(BOB);
    expect(await world.ask(MAIN_KEY, world.rsaNext)).toMatchObject({ outcome: "actor" });
    expect(world.fetched).toHaveLength(1);
  });

  test.each(["expires", "revoked"])(
    "one whose actor says when it ends (%s) is not believed after that",
    async (when) => {
      const endsMs = world.clock.now() + 60 * MINUTE_MS;
      world.put(BOB, world.bobWithKey({ [when]: new Date(endsMs).toISOString() }));
      expect(await world.ask()).toMatchObject({ outcome: "actor" });
      expect(world.stored.get(MAIN_KEY)?.expiresMs).toBe(endsMs);
      world.clock.advance(60 * MINUTE_MS - 1);
      expect(await world.ask()).toMatchObject({ outcome: "actor" });
      world.clock.advance(1);
      expect((await world.ask()).outcome).toBe("refused");
      world.documents.set(BOB, new Problem("upstream", "b.test does not answer."));
      world.clock.advance(60 * MINUTE_MS);
      expect((await world.start().authenticate.request(await world.post())).outcome).toBe("refused");
    },
  );

  test("an old one is believed for a week, and longer only while its server does not answer", async () => {
    await world.ask();
    rotate();
    world.clock.advance(7 * 24 * 60 * MINUTE_MS - 1);
    expect(await world.ask()).toMatchObject({ outcome: "actor" });
    world.documents.set(BOB, new Problem("upstream", "b.test does not answer."));
    world.clock.advance(1);
    expect(await world.ask()).toMatchObject({ outcome: "actor" });
    rotate();
    world.clock.advance(MINUTE_MS);
    expect(await world.ask()).toMatchObject({ outcome: "refused", status: 401 });
  });
});

describe("when the key cannot be fetched", () => {
  test("a deleted actor is told apart, and asked for once", async () => {
    world.put(BOB, null, 410);
    for (let i = 0; i < 5; i++) {
      expect(await world.ask()).toEqual({ outcome: "gone", iri: BOB, keyId: MAIN_KEY });
    }
    expect(world.fetched).toEqual([BOB]);
  });

  test.each([
    ["a server that does not answer", new Problem("upstream", "b.test took too long."), 503, 1],
    ["a server in trouble", { status: 502, finalUrl: BOB, document: null }, 503, 1],
    ["a server that wants to know us first", { status: 401, finalUrl: BOB, document: null }, 503, 1],
    ["an actor that does not exist", { status: 404, finalUrl: BOB, document: null }, 401, 5],
  ])("%s is not asked again at once", async (_, answer, status, minutes) => {
    world.documents.set(BOB, answer);
    for (let i = 0; i < 5; i++) expect(await world.ask()).toMatchObject({ outcome: "refused", status });
    expect(world.fetched).toHaveLength(1);
    world.put(BOB, world.bob);
    world.clock.advance(minutes * MINUTE_MS - 1);
    expect(await world.ask()).toMatchObject({ outcome: "refused", status });
    world.clock.advance(1);
    expect(await world.ask()).toMatchObject({ outcome: "actor" });
  });

  test("invented keys do not make us knock at one host for ever, and others stay reachable", async () => {
    for (let i = 0; i < 100; i++) await world.ask(`https://c.test/users/${i}#main-key`);
    expect(world.fetched).toHaveLength(30);
    expect(await world.ask("https://c.test/users/x#main-key")).toMatchObject({ status: 503 });
    expect(await world.ask()).toMatchObject({ outcome: "actor" });
  });

  test("a host with many actors is not held back", async () => {
    for (let i = 0; i < 100; i++) {
      const iri = `https://c.test/users/${i}`;
      const publicKey = { id: `${iri}#main-key`, owner: iri, publicKeyPem: world.rsa.publicPem };
      world.put(iri, { id: iri, type: "Person", publicKey });
      expect(await world.ask(publicKey.id)).toMatchObject({ outcome: "actor", actorIri: iri });
    }
  });

  describe("of many keys at once", () => {
    const keyOf = (i: number) => `https://c.test/users/${i}#main-key`;
    /** Our side while c.test takes its time: what it answers comes once `open` is called. */
    function slow(answer: (iri: string) => RemoteKey | KeyFailure) {
      const opened = Promise.withResolvers<void>();
      const asked: string[] = [];
      const keyring = createKeyring({
        now: world.clock.now,
        async fetchKey(iri) {
          asked.push(iri);
          await opened.promise;
          return answer(iri);
        },
        findKey: async () => null,
        saveKey: async () => true,
        dropKey: async () => undefined,
      });
      const find = (from: number, to: number) =>
        Promise.all(Array.from({ length: to - from }, (_, i) => keyring.find(keyOf(from + i))));
      return { find, asked, open: opened.resolve };
    }
    const good = (iri: string): RemoteKey => ({
      iri,
      actorIri: iri.replace("#main-key", ""),
      kind: "rsa",
      publicPem: world.rsa.publicPem,
      fetchedMs: world.clock.now(),
      expiresMs: null,
    });
    const missing = (iri: string): KeyFailure => ({ failure: "missing", reason: `${iri} does not exist.` });
    const foundIn = (keys: readonly object[]) => keys.filter((key) => !("failure" in key)).length;

    test("all that there are are found, and those of a host that has them go on being found", async () => {
      const { find, asked, open } = slow(good);
      const first = find(0, 60);
      open();
      expect(foundIn(await first)).toBe(60);
      expect(foundIn(await find(60, 120))).toBe(60);
      expect(asked).toHaveLength(120);
    });

    test("a thousand that were invented cost sixty knocks, and no other until all of them are made up for", async () => {
      const { find, asked, open } = slow(missing);
      const first = find(0, 1_000);
      open();
      expect(foundIn(await first)).toBe(0);
      expect(asked).toHaveLength(60);
      world.clock.advance(31 * 2_000 - 1);
      expect(await find(1_000, 1_001)).toMatchObject([{ failure: "unavailable" }]);
      expect(asked).toHaveLength(60);
      world.clock.advance(1);
      expect(await find(1_000, 1_002)).toMatchObject([{ failure: "missing" }, { failure: "missing" }]);
      expect(await find(1_002, 1_003)).toMatchObject([{ failure: "unavailable" }]);
    });
  });

  test("a fault of ours is not taken for one of theirs", async () => {
    const fetchDocument = async () => {
      throw new TypeError("a bug");
    };
    const keyring = createKeyring({
      now: world.clock.now,
      fetchKey: createFetchKey({ now: world.clock.now, fetchDocument }),
      findKey: async () => null,
      saveKey: async () => true,
      dropKey: async () => {},
    });
    await expect(keyring.find(MAIN_KEY)).rejects.toThrow("a bug");
  });
});
