/** Archives of people where several nodes share one database, and each has a data folder of its own. */
import { expect, test } from "bun:test";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Job } from "./jobs/job.ts";
import { DAY_MS } from "./lib/durations.ts";
import type { JsonObject } from "./lib/json.ts";
import { createLog } from "./lib/log.ts";
import { createHouse } from "./moving.ts";
import { testApp } from "./testing/app.ts";
import { eachEngine } from "./testing/engines.ts";
import { person } from "./testing/people.ts";

eachEngine((engine) => {
  /** Two nodes of one server, and somebody whose archive the first one has made. */
  async function build() {
    const app = await testApp(engine);
    const alice = await person(app, "alice", "admin");
    const folder = await mkdtemp(join(tmpdir(), "commons-nodes-"));
    engine.whenDone(() => rm(folder, { recursive: true }));
    const now = app.clock.now;
    const houseIn = (dataDir: string) =>
      createHouse({
        opened: app.opened,
        federation: app.federation,
        peace: app.peace,
        groups: app.groups,
        config: { dataDir },
        now,
        log: createLog({ now, level: "error", form: "json", write: () => undefined }),
        blobs: app.filing.blobs,
        publish: (object) => object as JsonObject,
      });
    const [first, second] = [join(folder, "first"), join(folder, "second")];
    const nodes = { first: houseIn(first), second: houseIn(second) };
    const payload = { actor: alice.key };
    const job: Job = { key: 1, kind: "archive", lane: "", line: null, payload, tries: 0, claim: 1 };
    await nodes.first.archives.job.run(job, new AbortController().signal);
    const archives = () => readdir(join(first, "archives"));
    return { app, alice, nodes, archives, houseIn, first };
  }

  test("each node removes the archives that lie in its own folder, a week after they were made", async () => {
    const { app, nodes, archives } = await build();
    const [made = ""] = await archives();
    app.clock.advance(6 * DAY_MS);
    nodes.first.start();
    await nodes.first.stop();
    expect(await archives()).toEqual([made]);
    app.clock.advance(2 * DAY_MS);
    nodes.second.start();
    await nodes.second.stop();
    expect(await archives()).toEqual([made]);
    nodes.first.start();
    await nodes.first.stop();
    expect(await archives()).toEqual([]);
  });

  test("an archive is found by every node that has the folder in common with the one that made it", async () => {
    const { alice, nodes, houseIn, first } = await build();
    expect(await nodes.second.archives.find(alice.key)).toBeNull();
    const third = houseIn(first);
    expect((await third.archives.state(alice.key)).file?.sizeBytes).toBeGreaterThan(0);
    expect((await third.archives.find(alice.key))?.size).toBeGreaterThan(0);
  });
});
