/** A server of which people here follow many is blocked. */
import { beforeEach, expect, test } from "bun:test";
import { setTerms } from "../core/store-lanes.ts";
import type { Job } from "../jobs/job.ts";
import { raw } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";
import { type TestApp, testApp } from "../testing/app.ts";
import { crowd, putInto } from "../testing/crowd.ts";
import { eachEngine } from "../testing/engines.ts";
import { type Person, person } from "../testing/people.ts";
import { severJob } from "./sever.ts";

/** More than end in one batch. */
const PEOPLE = 450;

eachEngine((engine) => {
  let app: TestApp;
  let alice: Person;
  let bob: Person;

  beforeEach(async () => {
    app = await testApp(engine);
    alice = await person(app, "alice", "admin");
    bob = await person(app, "bob");
    const people = await crowd(app.opened, "evil.test", PEOPLE);
    for (const list of ["following", "followers"]) await putInto(app.opened, alice.key, list, people);
    await putInto(app.opened, bob.key, "requested", people.slice(0, 1));
  });

  const counts = async () => (await app.queries.actor(alice.key))?.counts;
  const rule = () => ({ ...app.opened.domains.parse({ domain: "evil.test", level: "block" }), list: null });
  const block = () => app.opened.domains.change(alice.key, { put: [rule()], remove: [] });
  const ended = async () =>
    (await app.opened.domains.severed(alice.key, Number.MAX_SAFE_INTEGER, 2_000)).items;
  const told = async (who: Person) =>
    (await who.notices()).filter((notice) => notice.startsWith("severed")).length;

  /** Breaks off after one part, as with the power; nothing of the second is there. */
  async function cutOff(): Promise<void> {
    const { db, keys, notify } = app.opened;
    let batches = 0;
    const failing: Db = {
      ...db,
      batch: (statements) => (++batches > 1 ? Promise.reject(new Error("no power")) : db.batch(statements)),
    };
    const { key } = (await db.one<{ key: number }>({
      text: "SELECT key FROM job WHERE kind = 'sever'",
      values: [],
    })) ?? { key: 0 };
    const { key: host } = (await db.one<{ key: number }>({
      text: "SELECT key FROM host WHERE name = 'evil.test'",
      values: [],
    })) ?? { key: 0 };
    const job = { key, payload: { hosts: [host] } } as unknown as Job;
    await expect(
      severJob({ db: failing, keys, notify }).run(job, new AbortController().signal),
    ).rejects.toThrow("no power");
  }

  test("followings end part by part, and all of them, though the power is cut in between", async () => {
    await block();
    await cutOff();
    const part = (await ended()).length;
    expect(part).toBeGreaterThan(0);
    expect(part).toBeLessThan(2 * PEOPLE);
    expect(await told(alice)).toBe(0);
    await app.worker.drain();
    expect(await counts()).toMatchObject({ followers: 0, following: 0 });
    const all = await ended();
    expect([all.length, new Set(all.map(({ iri, direction }) => iri + direction)).size]).toEqual([
      2 * PEOPLE,
      2 * PEOPLE,
    ]);
    expect(await Promise.all([alice, bob].map(told))).toEqual([1, 0]);
  });

  test("on which terms somebody was followed ends with that", async () => {
    const { db } = app.opened;
    const iri = "https://evil.test/users/p1";
    await bob.act({ type: "Follow", object: iri });
    const followed = (await app.federation.look.find(iri))?.key ?? 0;
    await db.batch([setTerms(bob.key, followed, { shares: false, tells: false, languages: [] })]);
    await block();
    await app.worker.drain();
    expect(await db.all(raw("SELECT actor FROM follow_terms"))).toEqual([]);
  });

  test("who was blocked by mistake for a moment loses nobody", async () => {
    await block();
    await app.opened.domains.change(alice.key, { put: [], remove: ["evil.test"] });
    await app.worker.drain();
    expect(await counts()).toMatchObject({ followers: PEOPLE, following: PEOPLE });
    expect([await ended(), await told(alice)]).toEqual([[], 0]);
  });
});
