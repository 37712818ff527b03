/** The hall of signing in with accounts held elsewhere: joins it to accounts, federation and the settings. */
import type { Federation } from "./federate.ts";
import { guardFetch } from "./federation/guard.ts";
import type { Now } from "./lib/clock.ts";
import type { Fetch } from "./lib/fetch.ts";
import type { Log } from "./lib/log.ts";
import { record } from "./moderation/audit.ts";
import { createElsewhere, type Elsewhere } from "./oauth/client/elsewhere.ts";
import type { Opened } from "./open.ts";
import type { Config } from "./settings.ts";

export function openElsewhere(deps: {
  opened: Opened;
  federation: Federation;
  config: Config;
  fetch: Fetch;
  now: Now;
  log: Log;
}): Elsewhere {
  const { opened, federation, config, fetch, now, log } = deps;
  const { db, keys, accounts, gate } = opened;
  const { get } = accounts.settings;
  return createElsewhere({
    db,
    now,
    keys,
    log,
    fetch,
    federatedFetch: guardFetch(fetch, gate.refusal),
    steps: accounts.steps,
    identities: accounts.identities,
    record: (act) => record(keys, act),
    origin: config.origin,
    isInsecure: config.insecureFederation,
    siteName: () => get("siteName"),
    takesServers: () => get("fediverseSignIn") === "on" && get("federation") !== "closed",
    actorOf: federation.webfinger.actorOf,
  });
}
