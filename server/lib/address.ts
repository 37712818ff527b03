/** Which IP addresses the network may make us connect to: only those that mean the same machine to everybody. */
import { isIP } from "node:net";
import ipaddr from "ipaddr.js";

/** 2000::/3 is all of IPv6 that is handed out to the public (RFC 4291 §2.4, IANA IPv6 address space). */
const GLOBAL_MASK = 0xe000;
const GLOBAL_PREFIX = 0x2000;

/**
 * Whether a canonical IPv4 or IPv6 address (no port, no brackets) is public. False for every special-use range
 * (IANA special-purpose registries), for IPv6 that carries IPv4 inside (mapped, compatible, NAT64, 6to4, Teredo)
 * whatever that may be, and for any text that is no address or has more than one reading (`127.1`, `010.0.0.1`).
 */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return ipaddr.IPv4.parse(address).range() === "unicast";
  if (family !== 6 || address.includes("%")) return false;
  const parsed = ipaddr.IPv6.parse(address);
  return ((parsed.parts[0] ?? 0) & GLOBAL_MASK) === GLOBAL_PREFIX && parsed.range() === "unicast";
}

/** What sites use for machines of their own (RFC 1918, RFC 4193, RFC 6598), and this machine itself. */
const INSIDE_RANGES: ReadonlySet<string> = new Set(["private", "uniqueLocal", "carrierGradeNat", "loopback"]);

/**
 * Whether a canonical address is one of a site's own machines. False for link-local addresses, where clouds keep
 * their secrets (169.254.169.254), and for everything else that is not public.
 */
export const isInsideAddress = (address: string): boolean =>
  isIP(address) !== 0 && !address.includes("%") && INSIDE_RANGES.has(ipaddr.parse(address).range());

/** The address that a URL's host spells out (`[::1]` gives `::1`), or null where the host is a name. */
export function addressInHost(hostname: string): string | null {
  const bare = hostname.startsWith("[") ? hostname.slice(1, -1) : hostname;
  return isIP(bare) === 0 ? null : bare;
}
