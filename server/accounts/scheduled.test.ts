/** How many posts may wait: held to also by those who put off many at once, on several nodes. */
import { beforeEach, expect, test } from "bun:test";
import { LOCAL_HOST } from "../core/entity.ts";
import { insertAddress } from "../core/store-writes.ts";
import { createQueue } from "../jobs/queue.ts";
import { heldClock } from "../lib/clock.ts";
import { DAY_MS } from "../lib/durations.ts";
import { createKeys } from "../lib/id.ts";
import { sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";
import { eachEngine } from "../testing/engines.ts";
import { createScheduled, MAX_A_DAY, MAX_WAITING, type ScheduledPosts } from "./scheduled.ts";

const ALICE = 1;
const BOB = 2;

eachEngine((engine) => {
  let db: Db;
  let nodes: readonly ScheduledPosts[];
  const clock = heldClock();
  const onDay = (day: number) => (Math.floor(clock.now() / DAY_MS) + day) * DAY_MS;

  beforeEach(async () => {
    db = await engine.freshDb();
    await db.batch([ALICE, BOB].map((key) => insertAddress(key, `https://a.test/${key}`, LOCAL_HOST)));
    nodes = [db, await engine.sibling(db)].map((each, node) => {
      const keys = createKeys({ now: clock.now, node });
      return createScheduled({
        db: each,
        keys,
        now: clock.now,
        queue: createQueue({ keys, now: clock.now }),
        core: { act: async () => expect.unreachable("nothing is due") },
        keeps: () => [],
        isActive: async () => true,
      });
    });
  });

  /** What became of each, asked of the nodes in turn and all at once. */
  async function atOnce(many: number, ask: (node: ScheduledPosts, i: number) => Promise<unknown>) {
    const works = Array.from({ length: many }, (_, i) => ask(nodes[i % nodes.length] as ScheduledPosts, i));
    const outcomes = await Promise.allSettled(works);
    const refused = outcomes.flatMap((outcome) =>
      outcome.status === "rejected" ? [outcome.reason.code] : [],
    );
    return { done: many - refused.length, codes: [...new Set(refused)] };
  }

  const post = (dueMs: number) => ({ dueMs, draft: { type: "Create" }, asked: {} });

  async function count(actor: number, table: "scheduled" | "job" = "scheduled"): Promise<number> {
    const rows =
      table === "job"
        ? await db.all(sql`SELECT key FROM job WHERE kind = 'scheduled'`)
        : await db.all(sql`SELECT key FROM scheduled WHERE actor = ${actor}`);
    return rows.length;
  }

  test("of more than a day takes, as many are kept, and of others as many again", async () => {
    expect(await atOnce(MAX_A_DAY + 15, (node) => node.add(ALICE, post(onDay(2))))).toEqual({
      done: MAX_A_DAY,
      codes: ["too-many"],
    });
    expect(await count(ALICE)).toBe(MAX_A_DAY);
    expect(await count(ALICE, "job")).toBe(MAX_A_DAY);
    await nodes[0]?.add(ALICE, post(onDay(3)));
    await nodes[0]?.add(BOB, post(onDay(2)));
  });

  test("of more than may wait in all, as many are kept", async () => {
    const days = Math.ceil(MAX_WAITING / (MAX_A_DAY - 1));
    const asked = await atOnce(days * (MAX_A_DAY - 1), (node, i) =>
      node.add(ALICE, post(onDay(2 + (i % days)))),
    );
    expect(asked).toEqual({ done: MAX_WAITING, codes: ["too-many"] });
    expect(await count(ALICE)).toBe(MAX_WAITING);
  });

  test("posts that are put off to one day at once come there as far as it takes them", async () => {
    const made: number[] = [];
    for (let i = 0; i < MAX_A_DAY + 5; i++) {
      const kept = await nodes[0]?.add(ALICE, post(onDay(2 + (i % 2))));
      made.push(kept?.key ?? 0);
    }
    const moved = await atOnce(made.length, (node, i) => node.move(ALICE, made[i] ?? 0, onDay(5)));
    expect(moved).toEqual({ done: MAX_A_DAY, codes: ["too-many"] });
    const again = await atOnce(made.length, (node, i) => node.move(ALICE, made[i] ?? 0, onDay(5) + 60_000));
    expect(again).toEqual({ done: MAX_A_DAY, codes: ["too-many"] });
    expect(await count(ALICE)).toBe(made.length);
  });

  test("what joins the batch is not written where the post is not kept", async () => {
    const also = (key: number) => [insertAddress(key, `https://a.test/also/${key}`, LOCAL_HOST)];
    await atOnce(MAX_A_DAY + 5, (node) => node.add(ALICE, post(onDay(2)), also));
    const joined = await db.all(
      sql`SELECT o.key FROM object o LEFT JOIN scheduled s ON s.key = o.key WHERE o.iri LIKE ${"%/also/%"} ORDER BY s.key`,
    );
    expect(joined).toHaveLength(MAX_A_DAY);
  });
});
