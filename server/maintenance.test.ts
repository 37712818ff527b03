/** What is swept away by itself, and when. */
import { expect, test } from "bun:test";
import { findFailed } from "./jobs/store.ts";
import { DAY_MS } from "./lib/durations.ts";
import { sql } from "./lib/sql.ts";
import { GIVEN_UP_KEPT_MS } from "./maintenance.ts";
import { testApp } from "./testing/app.ts";
import { eachEngine } from "./testing/engines.ts";

eachEngine((engine) => {
  test("jobs that were given up are there for a person to look at, and go in the end", async () => {
    const app = await testApp(engine);
    const { db, queue } = app.opened;
    await db.batch([queue.enqueue({ kind: "fetch", payload: { iri: "https://b.test/gone" }, once: "gone" })]);
    // The first of them, as the start of a server makes it; each makes the next.
    await db.batch([queue.enqueue({ kind: "schedule", lane: "sweep-deliveries", payload: null })]);
    await db.batch([sql`UPDATE job SET buried = ${app.clock.now()} WHERE once = 'gone'`]);
    const failed = async () => (await findFailed(db, { limit: 10 })).map(({ kind }) => kind);
    app.clock.advance(GIVEN_UP_KEPT_MS - 2 * DAY_MS);
    await app.worker.drain();
    expect(await failed()).toEqual(["fetch"]);
    app.clock.advance(4 * DAY_MS);
    await app.worker.drain();
    expect(await failed()).toEqual([]);
  });
});
