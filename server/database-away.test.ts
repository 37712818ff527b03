/** A database that is away for a moment: nobody is signed out or refused for good, and what waits is done later. */
import { beforeAll, expect, test } from "bun:test";
import { Problem } from "./lib/problem.ts";
import type { Sql } from "./lib/sql.ts";
import type { Db } from "./storage/db.ts";
import { busy } from "./storage/refused.ts";
import { type TestApp, testApp } from "./testing/app.ts";
import { eachEngine } from "./testing/engines.ts";
import { type Person, person } from "./testing/people.ts";

/** Whatever is asked of it meanwhile fails, as it does while PostgreSQL starts again. */
async function whileAway(db: Db, work: () => Promise<void>): Promise<void> {
  const there = { ...db };
  const fail = () => Promise.reject(busy(new Error("starting up")));
  Object.assign(db, { all: fail, one: fail, patiently: fail, batch: fail, sizeBytes: fail });
  try {
    await work();
  } finally {
    Object.assign(db, there);
  }
}

/** Batches with such a statement fail, as often as it is said. */
function refusing(db: Db, beginning: string, times: number): void {
  const { batch } = db;
  let left = times;
  Object.assign(db, {
    batch(statements: readonly Sql[]) {
      const isMeant = statements.some(({ text }) => text.trim().startsWith(beginning));
      return isMeant && left-- > 0 ? Promise.reject(busy(new Error("locked"))) : batch(statements);
    },
  });
}

eachEngine((engine) => {
  let app: TestApp;
  let ada: Person;
  beforeAll(async () => {
    app = await testApp(engine);
    ada = await person(app, "ada", "admin");
  });

  test("whoever is signed in is not sent to sign in again, and told that the server is at fault", async () => {
    await whileAway(app.opened.db, async () => {
      for (const path of ["/", "/notices", "/settings"]) {
        const page = await ada.page(path);
        expect([path, page.status]).toEqual([path, 503]);
        expect(page.headers.get("retry-after")).toBe("1");
        const text = await page.text();
        expect(text).toContain("This server cannot answer at the moment");
        expect(text).not.toContain("The database");
      }
      const sent = await ada.submit("/act", { type: "Note", content: "Hello" });
      expect([sent.status, sent.headers.get("location")]).toEqual([503, null]);
      expect((await ada.page("/live?on=home")).status).toBe(503);
    });
    expect((await ada.page("/notices")).status).toBe(200);
  });

  test("programs, other servers and whoever watches over it are told to come back", async () => {
    const token = new URLSearchParams({ grant_type: "refresh_token", refresh_token: "x", client_id: "y" });
    await whileAway(app.opened.db, async () => {
      expect((await ada.read("/users/ada")).status).toBe(503);
      const home = { headers: { authorization: ada.bearer } };
      expect((await app.ask("/api/v1/timelines/home", home)).status).toBe(503);
      const refreshed = await app.ask("/oauth/token", { method: "POST", body: token });
      expect(refreshed.status).toBe(503);
      expect(await refreshed.json()).toMatchObject({ error: "temporarily_unavailable" });
      expect((await app.ask("/readyz")).status).toBe(503);
      expect((await app.ask("/livez")).status).toBe(200);
    });
    expect(app.warnings()).toEqual([]);
  });

  test("a post that waits for its time is published when the database is there again", async () => {
    const { scheduled } = app.offering;
    const draft = { type: "Create", object: { type: "Note", content: "Good morning" } };
    const dueMs = app.clock.now() + 10 * 60_000;
    const { key } = await scheduled.add(ada.key, { dueMs, draft, asked: {} });
    refusing(app.opened.db, "DELETE FROM scheduled", 1);
    app.clock.advance(10 * 60_000);
    await app.worker.drain();
    expect((await scheduled.get(ada.key, key)).failed).toBeNull();
    app.clock.advance(10 * 60_000);
    await app.worker.drain();
    await expect(scheduled.get(ada.key, key)).rejects.toBeInstanceOf(Problem);
  });
});
