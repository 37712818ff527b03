/** Names to addresses: one look-up for all who ask at the same time, remembered for half a minute. */
import { lookup } from "node:dns/promises";
import { type Now, steady } from "./clock.ts";

/** All addresses of a host name, IPv4 first; none where the name does not exist. Rejects when nobody can tell. */
export type Resolve = (host: string) => Promise<readonly string[]>;

/** As long as the system's own cache: short enough for servers that move. */
const REMEMBERED_MS = 30_000;
/** Several times the hosts that one delivery reaches at once; bounds what strangers can make us remember. */
const MAX_REMEMBERED = 2_000;
const UNKNOWN_NAME = new Set(["ENOTFOUND", "ENODATA", "EAI_NONAME", "EAI_NODATA"]);

/**
 * @NOTE The answer may differ from one look-up to the next, so the address that is checked must be the one that is
 * connected to. IPv4 comes first because a broken IPv6 route is common and costs a whole timeout.
 */
export const systemResolve: Resolve = async (host) => {
  try {
    const found = await lookup(host, { all: true });
    return found.sort((one, other) => one.family - other.family).map(({ address }) => address);
  } catch (error) {
    if (error instanceof Error && UNKNOWN_NAME.has(String((error as { code?: unknown }).code))) return [];
    throw error;
  }
};

/** Remembers what `resolve` found. Failures and unknown names are not remembered. */
export function rememberAddresses(deps: { readonly now: Now; readonly resolve: Resolve }): Resolve {
  const remembered = new Map<
    string,
    { readonly untilMs: number; readonly found: Promise<readonly string[]> }
  >();

  const now = steady(deps.now);
  return async (host) => {
    const known = remembered.get(host);
    if (known !== undefined && known.untilMs > now()) return known.found;
    const entry = { untilMs: now() + REMEMBERED_MS, found: deps.resolve(host) };
    remembered.delete(host);
    remembered.set(host, entry);
    const oldest = remembered.size > MAX_REMEMBERED ? remembered.keys().next().value : undefined;
    if (oldest !== undefined) remembered.delete(oldest);
    const forget = (): void => {
      if (remembered.get(host) === entry) remembered.delete(host);
    };
    entry.found.then((addresses) => addresses.length === 0 && forget(), forget);
    return entry.found;
  };
}
