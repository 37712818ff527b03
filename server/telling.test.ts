/** What a command does while a server runs is known there without anybody asking. */
import { expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AccessEnded, onAccessEnded } from "./accounts/access-ended.ts";
import { loadConfig } from "./config.ts";
import { createQueue } from "./jobs/queue.ts";
import { createKeys } from "./lib/id.ts";
import { createLog } from "./lib/log.ts";
import { type Opened, open } from "./open.ts";
import type { Db } from "./storage/db.ts";
import { openSqlite, sqliteOf } from "./storage/sqlite/open.ts";
import { besideServer, TELL, tellJob } from "./telling.ts";
import { cheapHasher, type TestApp, testApp } from "./testing/app.ts";
import { type Engine, eachEngine } from "./testing/engines.ts";
import { workshop } from "./testing/jobs.ts";
import { pooledKeyPair } from "./testing/key-pairs.ts";

const PASSWORD = "correct horse battery staple";

eachEngine(
  (engine) => {
    test("whoever is shut out by a command is shut out of what is open, too", async () => {
      const app = await testApp(engine);
      const { people } = app.opened.accounts;
      await app.opened.accounts.create({
        name: "carol",
        password: PASSWORD,
        role: "member",
        state: "active",
      });
      const carol = await people.getByName("carol");
      const ended = Promise.withResolvers<AccessEnded>();
      await onAccessEnded(app.opened.db, ended.resolve);

      const command = await commandBeside(engine, app);
      await command.accounts.people.disable(null, await command.accounts.people.getByName("carol"));
      await command.stop();
      // What was read in this very millisecond is not read again: another process' commits are heard of later.
      app.clock.advance(1);
      await app.worker.drain();

      expect(await ended.promise).toEqual({ account: carol.key });
    });

    test("what a command changes of the settings holds in the server at once", async () => {
      const app = await testApp(engine);
      const changed = Promise.withResolvers<void>();
      app.opened.accounts.settings.onChange(() => {
        if (app.opened.accounts.settings.get("siteName") === "Sunnyside") changed.resolve();
      });

      const command = await commandBeside(engine, app);
      await command.accounts.settings.set({ siteName: "Sunnyside" });
      await command.stop();
      // What was read in this very millisecond is not read again: another process' commits are heard of later.
      app.clock.advance(1);
      await app.worker.drain();
      await changed.promise;
    });

    test("a command that ends at once has told it, whatever the server writes in that millisecond", async () => {
      const db = await engine.freshDb();
      const { clock, queue, worker } = workshop(db);
      const heard = Promise.withResolvers<string>();
      await db.listen("news", heard.resolve);
      const beside = besideServer(
        await secondWay(engine, db),
        createQueue({ keys: createKeys(clock), now: clock.now }),
      );
      await db.batch(["one", "two"].map((payload) => queue.enqueue({ kind: "other", payload })));
      beside.notify("news", "told");
      await beside.stop();
      await worker({ [TELL]: tellJob(db) }).drain();
      expect(await heard.promise).toBe("told");
    });
  },
  ["sqlite-file", "postgres"],
);

/** A connection of another process. */
const secondWay = async (engine: Engine, db: Db): Promise<Db> => {
  const file = sqliteOf(db);
  return file === null ? engine.sibling(db) : openSqlite({ path: file.path });
};

/** What a command opens, on the database of `app`. */
async function commandBeside(engine: Engine, app: TestApp): Promise<Opened> {
  const { now } = app.clock;
  const folder = await mkdtemp(join(tmpdir(), "commons-command-"));
  engine.whenDone(() => rm(folder, { recursive: true, force: true }));
  const flags = { data_dir: folder, origin: app.origin, node: "1" };
  const { config } = loadConfig({ flags, env: {}, cwd: folder });
  const log = createLog({ now, level: "error", form: "json", write: () => undefined });
  const db = await secondWay(engine, app.opened.db);
  return open(config, log, now, { db, isBeside: true, hasher: cheapHasher, makeKeyPair: pooledKeyPair });
}
