/** The commands about other servers. */

import { afterAll, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createQueue } from "../jobs/queue.ts";
import { heldClock } from "../lib/clock.ts";
import { createKeys } from "../lib/id.ts";
import { createDomains } from "../moderation/domains.ts";
import { createGate } from "../moderation/gate.ts";
import { eachEngine } from "../testing/engines.ts";
import { runCommandLine } from "./index.ts";
import type { OpenedApp } from "./parts.ts";

const folder = mkdtempSync(join(tmpdir(), "commons-cli-"));
afterAll(() => rmSync(folder, { recursive: true }));

eachEngine(
  (engine) => {
    let app: OpenedApp;
    let said: string[];

    beforeEach(async () => {
      const db = await engine.freshDb();
      const { now } = heldClock();
      const keys = createKeys({ now });
      const queue = createQueue({ keys, now });
      const log = { error: () => undefined } as never;
      const gate = await createGate({ db, log, mode: () => "open", onModeChange: () => () => undefined });
      const domains = createDomains({
        db,
        keys,
        now,
        gate,
        sever: (hosts) => queue.enqueue({ kind: "sever", payload: { hosts } }),
        ourHost: "a.test",
      });
      app = { domains, stop: async () => undefined } as unknown as OpenedApp;
      said = [];
    });

    const run = (...argv: string[]) =>
      runCommandLine(
        argv,
        {
          env: { COMMONS_DATA_DIR: join(folder, "data") },
          cwd: folder,
          isTerminal: false,
          print: (line) => said.push(line),
          complain: (line) => said.push(line),
        },
        { open: async () => app, start: async () => ({ ...app, releaseMemory() {} }) },
      );
    const lines = async (...argv: string[]) => {
      said.length = 0;
      await run(...argv);
      return said.map((line) => line.replace(/ +/g, " ").trim());
    };

    test("that there is no rule is said beside the list", async () => {
      expect(await lines("domain", "list")).toEqual(["There is no rule for any server yet."]);
      expect(await run("domain", "block", "evil.test")).toBe(0);
      expect(await lines("domain", "list", "--level", "allow")).toEqual(['No rule is "allow".']);
      expect(await lines("domain", "list", "--level", "allow", "--json")).toEqual([]);
    });

    test("rules are made, listed, narrowed and removed", async () => {
      expect(await run("domain", "block", "EVIL.test.", "--comment", "Spam", "--no-reports")).toBe(0);
      expect(await run("domain", "limit", "loud.test", "--no-media")).toBe(0);
      expect(await run("domain", "allow", "good.evil.test")).toBe(0);
      expect(await lines("domain", "list")).toEqual([
        "block evil.test no reports; Spam",
        "allow good.evil.test",
        "limit loud.test no media",
      ]);
      expect(await lines("domain", "list", "--level", "limit")).toEqual(["limit loud.test no media"]);
      expect(await run("domain", "remove", "loud.test")).toBe(0);
      expect(await lines("domain", "list", "--json")).toHaveLength(2);
    });

    test.each([
      [["block", "not a domain"], "This is not a domain"],
      [["block", "a.test"], "own domain"],
      [["remove", "other.test"], "There is no rule for other.test"],
      [["list", "--level", "maybe"], "Use one of allow, none, limit, block"],
      [["import", "missing.csv"], "cannot be read"],
      [["export", "--form", "other"], "Use one of mastodon-blocks"],
    ])("%j says what is wrong, and gives 1", async (argv, sentence) => {
      expect(await run("domain", ...argv)).toBe(1);
      expect(said.join()).toContain(sentence);
    });

    test("a file is read in whole or not at all, and printed again", async () => {
      const good = join(folder, "good.csv");
      const bad = join(folder, "bad.csv");
      await Bun.write(good, "#domain,#severity\nevil.test,suspend\na.test,suspend\nexa***.com,suspend\n");
      await Bun.write(bad, "#domain,#severity\nworse.test,suspend\nx,maybe\n");
      expect(await run("domain", "import", bad)).toBe(1);
      expect((await lines("domain", "import", good))[0]).toContain(
        "1 rules are in force. 1 names are hidden",
      );
      expect((await lines("domain", "export")).join("\n")).toContain("evil.test,suspend,false,false,,false");
    });
  },
  ["sqlite"],
);
