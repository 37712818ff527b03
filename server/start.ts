/** Starts the server in this process: it runs as a whole, or leaves nothing behind. */
import { type App, type AppOptions, createApp } from "./app.ts";
import { endAll } from "./lib/ends.ts";
import { lockFolder } from "./storage/sqlite/lock.ts";

/**
 * One process to one SQLite file: the worker takes over whatever jobs were being worked on, and the schema must not change
 * under another server. So the data folder is held before the database is opened.
 * Throws Problem, with everything closed that was opened, where the server cannot run.
 */
export async function startApp(options: Omit<AppOptions, "holdsFolder">): Promise<App> {
  const { config, log } = options;
  const letGo = config.databaseUrl === null ? lockFolder(config.dataDir) : () => {};
  const opened: (() => unknown)[] = [letGo];
  try {
    const app = await createApp({ ...options, holdsFolder: true });
    opened.unshift(app.stop);
    const files = app.opened.registry.extensions.flatMap(({ file }) => file ?? []);
    if (files.length > 0) log.info("Extensions are loaded", { files: files.join(", ") });
    await app.start();
    return { ...app, stop: () => endAll(opened) };
  } catch (error) {
    // Why it did not start counts, not what came of that.
    await endAll(opened).catch((second) => log.error("Not everything could be closed.", second));
    throw error;
  }
}
