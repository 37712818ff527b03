/** What goes to many hosts at once is promised in few statements. */
import { beforeEach, expect, test } from "bun:test";
import { hostKey } from "../core/store.ts";
import { insertObject } from "../core/store-writes.ts";
import { createQueue, type NewJob } from "../jobs/queue.ts";
import { heldClock } from "../lib/clock.ts";
import { createKeys } from "../lib/id.ts";
import { sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";
import { eachEngine } from "../testing/engines.ts";
import { promiseDeliveries } from "./deliver.ts";

const ACTIVITY = 1_000;
const AUTHOR = 7;

eachEngine((engine) => {
  let db: Db;
  let heard: NewJob[];
  let to: { readonly host: number; readonly name: string; readonly inboxes: readonly string[] }[];
  let promise: (isDead: (host: number) => boolean) => ReturnType<typeof promiseDeliveries>;

  beforeEach(async () => {
    db = await engine.freshDb();
    const { now } = heldClock();
    const queue = createQueue({ keys: createKeys({ now }), now });
    heard = [];
    queue.onEnqueued((jobs) => void heard.push(...jobs));
    promise = (isDead) => promiseDeliveries({ queue, now, isDead });
    to = [];
    for (let i = 0; i < 120; i++) {
      const name = `host${i}.test`;
      to.push({ host: await hostKey(db, name), name, inboxes: [`https://${name}/inbox`] });
    }
    const iri = "https://pub.test/activities/1000";
    await db.batch([
      insertObject({
        ...{ key: ACTIVITY, iri, host: 0, kind: "activity", type: "Create", owner: null, subject: null },
        ...{ visibility: "public", document: { id: iri }, updatedMs: null, fetchedMs: null },
      }),
    ]);
  });

  const states = () =>
    db.all<{ host: number; state: string; last_error: string | null }>(
      sql`SELECT host, state, last_error FROM delivery WHERE activity = ${ACTIVITY} ORDER BY host`,
    );

  test("each host gets a job in its own lane and a state, and a statement takes fifty of them", async () => {
    const statements = promise(() => false)(ACTIVITY, to, AUTHOR);
    expect(statements.length).toBe(2 * (2 + 20));
    await db.batch(statements);
    expect((await states()).map(({ host, state }) => [host, state])).toEqual(
      to.map(({ host }) => [host, "waiting"]),
    );
    expect(heard.map(({ lane, line, payload }) => ({ lane, line, payload }))).toEqual(
      to.map(({ host, name, inboxes }) => ({
        lane: name,
        line: String(AUTHOR),
        payload: { activity: ACTIVITY, host, inboxes },
      })),
    );
    expect(await db.one(sql`SELECT count(*) AS n FROM job WHERE kind = 'deliver'`)).toEqual({ n: 120 });
  });

  test("to a dead host nothing is sent, and the author can see why", async () => {
    const dead = to[60]?.host;
    await db.batch(promise((host) => host === dead)(ACTIVITY, to, AUTHOR));
    const given = (await states()).filter(({ state }) => state === "given-up");
    expect(given).toEqual([
      { host: dead ?? 0, state: "given-up", last_error: expect.stringContaining("has not answered") },
    ]);
    expect(heard.length).toBe(119);
    expect(heard.some(({ lane }) => lane === to[60]?.name)).toBe(false);
  });

  test("what goes nowhere needs no statement", () => {
    expect(promise(() => false)(ACTIVITY, [], AUTHOR)).toEqual([]);
  });
});
