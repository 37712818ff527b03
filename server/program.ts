/** The program: hands the command line, and the parts of the server, to the commands. */
import { runCommandLine } from "./cli/index.ts";
import type { OpenedApp, Parts } from "./cli/parts.ts";
import { environment } from "./config.ts";
import { systemNow } from "./lib/clock.ts";
import type { Log } from "./lib/log.ts";
import type { Opened } from "./open.ts";
import type { Config } from "./settings.ts";
import { sqliteOf } from "./storage/sqlite/open.ts";

// Loaded when they are needed: `commons --version` needs no server.
const parts: Parts = {
  async open(config, log) {
    const { open } = await import("./open.ts");
    const opened = await open(config, log, systemNow, { isBeside: true });
    return { ...offered(opened, config, log), stop: opened.stop };
  },
  async start(config, log) {
    const { startApp } = await import("./start.ts");
    const app = await startApp({ config, log, now: systemNow });
    return {
      ...offered(app.opened, config, log),
      releaseMemory() {
        app.queries.releaseMemory();
        sqliteOf(app.opened.db)?.releaseMemory();
      },
      stop: app.stop,
    };
  },
};

const offered = (opened: Opened, config: Config, log: Log): Omit<OpenedApp, "stop"> => ({
  accounts: opened.accounts,
  domains: opened.domains,
  createToken: opened.oauth.tokens.create,
  rotateKeys: opened.rotateKeys,
  search: opened.search,
  async prunePictures(isAll) {
    const { createPictureCacheOf } = await import("./away.ts");
    const cache = createPictureCacheOf({ opened, config, now: systemNow });
    return isAll ? cache.clear() : cache.prune();
  },
  async clearFiles() {
    const { clearFiles } = await import("./filing.ts");
    return clearFiles({ opened, config, now: systemNow });
  },
  async moveFiles() {
    const { moveFiles } = await import("./filing.ts");
    return moveFiles(config);
  },
  async withActors(use) {
    const { createApp } = await import("./app.ts");
    // Not started: it neither listens nor works, and what it promises others is done by the server that runs.
    const app = await createApp({ config, log, now: systemNow, isBeside: true });
    try {
      return await use(app);
    } finally {
      await app.stop();
    }
  },
});

process.exitCode = await runCommandLine(
  process.argv.slice(2),
  {
    env: environment(),
    cwd: process.cwd(),
    isTerminal: process.stderr.isTTY === true,
    print: (line) => console.log(line),
    complain: (line) => console.error(line),
  },
  parts,
);
