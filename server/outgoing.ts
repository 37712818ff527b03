/** The one way out to other servers, as the settings want it. */

import type { Now } from "./lib/clock.ts";
import { createFetch, type Fetch } from "./lib/fetch.ts";
import { Problem } from "./lib/problem.ts";
import { rememberAddresses, systemResolve } from "./lib/resolve.ts";
import type { Config } from "./settings.ts";
import { fullVersion } from "./version.ts";

/** @throws Problem `invalid` where the file holds no certificate: every connection would be made without it. */
async function authorities(path: string): Promise<string> {
  const text = await Bun.file(path).text();
  if (text.includes("-----BEGIN CERTIFICATE-----")) return text;
  throw new Problem(
    "invalid",
    `extra_ca_file names ${path}, which holds no certificate. Give it one in PEM: "-----BEGIN CERTIFICATE-----".`,
  );
}

/** `insideHosts` may be reached although they are inside a private network. */
export async function outgoing(
  config: Config,
  now: Now,
  insideHosts: readonly string[] = [],
): Promise<Fetch> {
  const extraCa = config.extraCaFile === null ? null : await authorities(config.extraCaFile);
  return createFetch({
    resolve: rememberAddresses({ now, resolve: systemResolve }),
    userAgent: `commons/${fullVersion} (+${config.origin})`,
    allowPrivate: config.insecureFederation,
    insideHosts,
    ...(extraCa === null ? {} : { extraCa }),
  });
}
