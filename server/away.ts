/** Puts together how media of other servers are shown: who signs their addresses, who fetches them, where they lie. */
import { join } from "node:path";
import { guardFetch } from "./federation/guard.ts";
import { findActorKeys } from "./federation/store.ts";
import type { Now } from "./lib/clock.ts";
import { HOUR_MS } from "./lib/durations.ts";
import type { Fetch } from "./lib/fetch.ts";
import type { Log } from "./lib/log.ts";
import { hmac } from "./lib/secret.ts";
import { type AwayMedia, createAwayMedia } from "./media/away.ts";
import { createAwayAddresses } from "./media/away-address.ts";
import { createPictureCache, type PictureCache } from "./media/cache.ts";
import { createDiskBlobs } from "./media/disk.ts";
import type { Opened } from "./open.ts";
import type { Pictures } from "./queries/pictures.ts";
import type { Config } from "./settings.ts";

/** Pictures that were fetched meanwhile may be over a quota that was made smaller on another node. */
const PRUNE_EVERY_MS = HOUR_MS;
const BYTES_PER_MEGABYTE = 1_000_000;

/** What the rules about other servers say of their media. */
export interface MediaRules {
  takesMedia(host: string): boolean;
  /** Another one whenever the rules change. */
  version(): number;
}

export interface Away {
  readonly media: AwayMedia;
  readonly cache: PictureCache;
  readonly pictures: Pictures;
  /** Begins to clear up what a crash left, and to keep to the quota; nothing new is kept before that is done. */
  start(): void;
  stop(): Promise<void>;
}

export async function createAway(deps: {
  readonly opened: Opened;
  readonly config: Config;
  readonly fetch: Fetch;
  readonly now: Now;
  readonly log: Log;
  readonly rules: MediaRules;
}): Promise<Away> {
  const { opened, config, now, log, rules } = deps;
  // On every hop: a redirect must not lead to a server that is refused.
  const fetch = guardFetch(deps.fetch, opened.gate.refusal);
  const { addresses } = opened;
  const { settings } = opened.accounts;
  const away = createAwayAddresses(await secretOf(opened));
  const isOn = () => settings.get("remoteMedia") === "shown";
  const cache = createPictureCacheOf({ opened, config, now });
  const media = createAwayMedia({
    fetch,
    now,
    addresses: away,
    cache,
    isShown: (host) => isOn() && rules.takesMedia(host),
    failed: (error) => log.error("A picture of another server could not be kept", error),
  });
  const pictures: Pictures = {
    version: () => `${settings.get("remoteMedia")} ${rules.version()}`,
    shown(url, kind, host, of = 0) {
      if (addresses.isOurs(url)) return url;
      // What is not encrypted is not fetched.
      if (url.startsWith("http:") && !config.insecureFederation) return null;
      if (!isOn() || (host !== null && !rules.takesMedia(host))) return null;
      return away.pathFor(url, kind, of);
    },
  };

  let before: Promise<unknown> = Promise.resolve();
  const prune = (): Promise<void> => {
    const done = before.then(async () => {
      const { files } = await cache.prune();
      if (files > 0) log.info("Pictures of other servers were dropped to keep to the quota", { files });
    });
    before = done.catch((error) => log.error("Pictures of other servers could not be looked after", error));
    return done;
  };
  const forgetChanges = settings.onChange(() => void prune().catch(() => undefined));
  let timer: ReturnType<typeof setInterval> | undefined;
  return {
    media,
    cache,
    pictures,
    start() {
      void prune().catch(() => undefined);
      timer = setInterval(() => void prune().catch(() => undefined), PRUNE_EVERY_MS);
      timer.unref();
    },
    async stop() {
      forgetChanges();
      clearInterval(timer);
      await media.settled();
      await before;
    },
  };
}

/** Also for the command line, beside a server that is running. */
export function createPictureCacheOf(deps: {
  readonly opened: Opened;
  readonly config: Pick<Config, "dataDir" | "node">;
  readonly now: Now;
}): PictureCache {
  const { opened, config, now } = deps;
  const { settings } = opened.accounts;
  return createPictureCache({
    db: opened.db,
    blobs: createDiskBlobs(join(config.dataDir, "remote-media")),
    now,
    node: config.node,
    quotaBytes: () =>
      settings.get("remoteMedia") === "shown" ? settings.get("remoteMediaMegabytes") * BYTES_PER_MEGABYTE : 0,
  });
}

/** From a key that is there on every node and after every restart, and that nobody else has. */
async function secretOf({ db, serverActor }: Opened): Promise<string> {
  const key = (await findActorKeys(db, serverActor)).find(({ kind }) => kind === "rsa");
  if (!key) throw new Error("The actor of this server has no key.");
  return hmac(key.private_pem, "addresses of media elsewhere");
}
