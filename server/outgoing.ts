/** The one way out to other servers, as the settings want it. */

import type { Now } from "./lib/clock.ts";
import { createFetch, type Fetch } from "./lib/fetch.ts";
import { rememberAddresses, systemResolve } from "./lib/resolve.ts";
import type { Config } from "./settings.ts";
import { fullVersion } from "./version.ts";

/** `insideHosts` may be reached although they are inside a private network. */
export async function outgoing(
  config: Config,
  now: Now,
  insideHosts: readonly string[] = [],
): Promise<Fetch> {
  const extraCa = config.extraCaFile === null ? null : await Bun.file(config.extraCaFile).text();
  return createFetch({
    resolve: rememberAddresses({ now, resolve: systemResolve }),
    userAgent: `commons/${fullVersion} (+${config.origin})`,
    allowPrivate: config.insecureFederation,
    insideHosts,
    ...(extraCa === null ? {} : { extraCa }),
  });
}
