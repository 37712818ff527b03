/** Signing in with an account held elsewhere: sends people there, and knows them when they come back. */
import type { Identities } from "../../accounts/identities.ts";
import { isWithinDomains } from "../../accounts/sign-up.ts";
import type { RecordStaffAct } from "../../accounts/staff-act.ts";
import type { Steps } from "../../accounts/steps.ts";
import { createBuckets } from "../../lib/buckets.ts";
import type { Now } from "../../lib/clock.ts";
import type { Fetch } from "../../lib/fetch.ts";
import type { Keys } from "../../lib/id.ts";
import type { Log } from "../../lib/log.ts";
import { Problem } from "../../lib/problem.ts";
import type { Sql } from "../../lib/sql.ts";
import type { Db } from "../../storage/db.ts";
import { createDiscover } from "./discover.ts";
import { CLIENT_GOOD_MS, createFediverse } from "./fediverse.ts";
import { createFinish, type Returned } from "./finish.ts";
import { createProviders, type Providers } from "./providers.ts";
import { createStart, type Setting, tellsWhen } from "./start.ts";
import { sweepRemoteClients } from "./store.ts";
import { createWire, createWires } from "./wire.ts";

/** Servers that one network may have us ask: a class that signs in, each with another one. */
const ASKED_BY_NETWORK = { burst: 20, everyMs: 10_000 };
/** How often one server is asked to register us, whoever wants it. */
const ASKED_OF_HOST = { burst: 3, everyMs: 5 * 60_000 };

/** A place that the admin named. */
export interface PlaceName {
  readonly key: number;
  readonly name: string;
}

export interface Elsewhere {
  readonly providers: Providers;
  /** What can be chosen on the page for signing in. */
  places(): Promise<readonly PlaceName[]>;
  /** Those with which this account can show once more who it is: linked, and able to say when somebody signed in. */
  placesOf(account: number): Promise<readonly PlaceName[]>;
  /** Hosts of a private network that may be such places. */
  readonly insideHosts: readonly string[];
  /** Whether people may name a server of the Fediverse. */
  takesServers(): boolean;
  /** Where to send the browser. Throws Problem `invalid`, `too-many`, `upstream`, `forbidden`. */
  start(setting: Setting): Promise<string>;
  /** Who came back. Throws Problem `gone`, `forbidden` (they said no), `upstream`. */
  finish(from: string, params: URLSearchParams, binding: string): Promise<Returned>;
  /** Statements that remove what is over; run them now and then. */
  sweep(): readonly Sql[];
}

export function createElsewhere(deps: {
  db: Db;
  now: Now;
  keys: Keys;
  log: Log;
  /** For places that the admin named. */
  fetch: Fetch;
  /** The same, which reaches `insideHosts` too; for those places among them alone. */
  insideFetch: Fetch;
  /** Hosts of a private network, in `normaliseHost` form, that the operator named. */
  insideHosts: readonly string[];
  /** The same, which asks the rules for other servers before each request. */
  federatedFetch: Fetch;
  steps: Steps;
  identities: Pick<Identities, "list">;
  record: RecordStaffAct;
  /** Scheme and host of this server. */
  origin: string;
  isInsecure: boolean;
  siteName: () => string;
  takesServers: () => boolean;
  actorOf: (handle: string) => Promise<string | null>;
}): Elsewhere {
  const { db, now, keys, log, steps, origin, isInsecure, takesServers } = deps;
  const { insideHosts } = deps;
  const wireFor = createWires({
    fetch: deps.fetch,
    insideFetch: deps.insideFetch,
    insideHosts,
    log,
    isInsecure,
  });
  const discover = createDiscover({ wireFor, now, isInsecure });
  const providers = createProviders({ db, now, keys, record: deps.record, discover, isInsecure });
  const redirectUri = (from: string): string => `${origin}/sign-in/back/${encodeURIComponent(from)}`;
  const federatedWire = createWire({ fetch: deps.federatedFetch, log, isInsecure });
  const fediverse = createFediverse({
    db,
    now,
    keys,
    fetch: deps.federatedFetch,
    wire: federatedWire,
    isInsecure,
    ourHost: new URL(origin).host,
    siteName: deps.siteName,
    website: origin,
    redirectUri,
    actorOf: deps.actorOf,
    limits: {
      byHost: createBuckets({ now, rate: ASKED_OF_HOST }),
      byNetwork: createBuckets({ now, rate: ASKED_BY_NETWORK }),
    },
  });
  const start = createStart({ now, steps, discover, fediverse, providers, redirectUri });
  const finish = createFinish({
    db,
    now,
    steps,
    discover,
    fediverse,
    providers,
    wireFor,
    federatedWire,
    redirectUri,
  });
  const named = async (): Promise<readonly PlaceName[]> =>
    (await providers.list()).map(({ key, name }) => ({ key, name }));
  return {
    providers,
    places: named,
    async placesOf(account) {
      const [all, linked] = await Promise.all([providers.list(), deps.identities.list(account)]);
      return all
        .filter(({ kind, issuer }) => linked.some((known) => known.kind === kind && known.issuer === issuer))
        .filter(({ kind }) => tellsWhen(kind))
        .map(({ key, name }) => ({ key, name }));
    },
    insideHosts,
    takesServers,
    async start(setting) {
      if (setting.to.kind === "server" && !takesServers()) {
        throw new Problem(
          "forbidden",
          "Accounts of other servers are not good here. Ask those who run this one.",
        );
      }
      return start(setting);
    },
    finish,
    sweep: () => [sweepRemoteClients(now() - 2 * CLIENT_GOOD_MS)],
  };
}

/** Whether a place lets somebody in at once, whom the rules for joining would let wait or send away. */
export function admittedBy(
  provider: { readonly admits: string; readonly domains: readonly string[] } | null,
  verifiedEmail: string | null,
): boolean {
  if (provider?.admits === "everyone") return true;
  return (
    provider?.admits === "domains" &&
    verifiedEmail !== null &&
    isWithinDomains(verifiedEmail, provider.domains)
  );
}
