/** The hall of signing in with accounts held elsewhere: joins it to accounts, federation and the settings. */
import type { Federation } from "./federate.ts";
import { guardFetch } from "./federation/guard.ts";
import type { Now } from "./lib/clock.ts";
import type { Fetch } from "./lib/fetch.ts";
import type { Log } from "./lib/log.ts";
import { record } from "./moderation/audit.ts";
import { createElsewhere, type Elsewhere } from "./oauth/client/elsewhere.ts";
import type { Opened } from "./open.ts";
import { outgoing } from "./outgoing.ts";
import type { Config } from "./settings.ts";

export async function openElsewhere(deps: {
  opened: Opened;
  federation: Federation;
  config: Config;
  /** The one way out. */
  outside: Fetch;
  /** Of a test: stands for every way out. */
  fetch?: Fetch;
  now: Now;
  log: Log;
}): Promise<Elsewhere> {
  const { opened, federation, config, outside, now, log } = deps;
  const { db, keys, accounts, gate } = opened;
  const { get } = accounts.settings;
  return createElsewhere({
    db,
    now,
    keys,
    log,
    fetch: outside,
    insideFetch: deps.fetch ?? (await outgoing(config, now, config.privateSignInHosts)),
    insideHosts: config.privateSignInHosts,
    federatedFetch: guardFetch(outside, gate.refusal),
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
