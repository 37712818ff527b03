/** Opens the program for the time of one command, and closes it whatever happens. */
import { systemNow } from "../lib/clock.ts";
import { createLog } from "../lib/log.ts";
import type { Config } from "../settings.ts";
import type { Call } from "./command.ts";
import { makeDataFolder, refuseForRoot } from "./data-folder.ts";
import { withOwnOrigin } from "./own-origin.ts";
import type { OpenedApp, Parts } from "./parts.ts";

/** Warnings go to standard error, so that answers stay clean for scripts. */
export async function withApp<T>(
  parts: Parts,
  call: Call,
  use: (app: OpenedApp, config: Config) => Promise<T>,
): Promise<T> {
  const loaded = call.load();
  makeDataFolder(loaded.config.dataDir);
  refuseForRoot(loaded.config.dataDir);
  const config = await withOwnOrigin(loaded);
  const log = createLog({ now: systemNow, level: "warn", form: "text", write: call.complain });
  const app = await parts.open(config, log);
  try {
    return await use(app, config);
  } finally {
    await app.stop();
  }
}
