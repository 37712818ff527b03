/** Authors see where their posts have arrived; those who run the server see how others are doing. */
import { expect, test } from "bun:test";
import { PUBLIC } from "../core/object.ts";
import { eachEngine } from "../testing/engines.ts";
import { readingOf } from "../testing/reading.ts";
import { village } from "../testing/village.ts";
import { MAX_ARRIVALS } from "./arrivals.ts";

const A = "https://a.test";

eachEngine((engine) => {
  async function given() {
    const town = await village({ [A]: await engine.freshDb() });
    const a = town.house(A);
    const alice = await a.person("alice");
    const { key, object } = await a.core.act(alice.key, { type: "Note", content: "x", to: [PUBLIC] });
    const nowMs = town.clock.now();
    // Deliveries are federation's rows; here they are only read.
    await a.db.batch([
      ...["fine.test", "slow.test", "dead.test"].map((name, i) => ({
        text: "INSERT INTO host (key, name) VALUES ($1, $2)",
        values: [i + 1, name],
      })),
      ...(
        [
          [1, "arrived", 0, null],
          [2, "waiting", 3, "timed out"],
          [3, "given-up", 40, "no such host"],
        ] as const
      ).map(([host, state, tries, error]) => ({
        text: "INSERT INTO delivery (activity, host, state, tries, changed, last_error) VALUES ($1, $2, $3, $4, $5, $6)",
        values: [key, host, state, tries, nowMs, error],
      })),
      ...(
        [
          [1, null, null],
          [2, nowMs - 5, null],
          [3, nowMs - 9, nowMs + 9],
        ] as const
      ).map(([host, since, until]) => ({
        text: "INSERT INTO peer (host, failing_since, paused_until) VALUES ($1, $2, $3)",
        values: [host, since, until],
      })),
    ]);
    return {
      db: a.db,
      alice,
      activity: key,
      object: object?.key ?? 0,
      nowMs,
      ...readingOf(a, town.clock.now),
    };
  }

  test("the author is told of each server, trouble first; everybody else of none", async () => {
    const { arrivals, alice, object, nowMs } = await given();
    expect(await arrivals.arrivals(object, alice.key)).toEqual([
      { host: "dead.test", state: "given-up", tries: 40, lastError: "no such host", timeMs: nowMs },
      { host: "slow.test", state: "waiting", tries: 3, lastError: "timed out", timeMs: nowMs },
      { host: "fine.test", state: "arrived", tries: 0, lastError: null, timeMs: nowMs },
    ]);
    expect(await arrivals.arrivals(object, alice.key + 1)).toEqual([]);
    expect(await arrivals.arrivalCounts(object, alice.key)).toEqual({ all: 3, arrived: 1 });
    expect(await arrivals.arrivalCounts(object, alice.key + 1)).toEqual({ all: 0, arrived: 0 });
  });

  test("of very many servers those in trouble are shown, and all are counted", async () => {
    const { arrivals, alice, activity, db, object, nowMs } = await given();
    const many = Array.from({ length: MAX_ARRIVALS + 50 }, (_, i) => i + 10);
    await db.batch(
      many.flatMap((key) => [
        { text: "INSERT INTO host (key, name) VALUES ($1, $2)", values: [key, `a${key}.test`] },
        {
          text: "INSERT INTO delivery (activity, host, state, changed) VALUES ($1, $2, $3, $4)",
          values: [activity, key, key === many.at(-1) ? "given-up" : "arrived", nowMs],
        },
      ]),
    );
    const shown = await arrivals.arrivals(object, alice.key);
    expect(shown).toHaveLength(MAX_ARRIVALS);
    expect(shown.slice(0, 3).map(({ host }) => host)).toEqual([
      `a${many.at(-1)}.test`,
      "dead.test",
      "slow.test",
    ]);
    const all = many.length + 3;
    expect(await arrivals.arrivalCounts(object, alice.key)).toEqual({ all, arrived: all - 3 });
  });

  test("servers are listed by name with their state and what waits for them", async () => {
    const { arrivals } = await given();
    const { peers, next } = await arrivals.peers();
    expect(peers.map(({ host, state, waiting }) => [host, state, waiting])).toEqual([
      ["dead.test", "paused", 0],
      ["fine.test", "fine", 0],
      ["slow.test", "failing", 1],
    ]);
    expect(next).toBeNull();
    expect((await arrivals.peers("fine.test")).peers.map(({ host }) => host)).toEqual(["slow.test"]);
    expect(await arrivals.failing()).toBe(2);
    const inTrouble = await arrivals.peers("", true);
    expect(inTrouble.peers.map(({ host }) => host)).toEqual(["dead.test", "slow.test"]);
  });

  test.each([
    ["held", "held", "fine.test"],
    ["dead", "gone", "slow.test"],
  ])("a server that is marked as %s is %s, and can be looked at by itself", async (column, state, host) => {
    const { arrivals, db, nowMs } = await given();
    await db.batch([
      {
        text: `UPDATE peer SET ${column} = $1 WHERE host IN (SELECT key FROM host WHERE name = $2)`,
        values: [nowMs, host],
      },
    ]);
    expect(await arrivals.peer(host)).toMatchObject({ host, state });
    expect(await arrivals.peer("unknown.test")).toBeNull();
  });
});
