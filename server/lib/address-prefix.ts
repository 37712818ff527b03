/** Whom limits are counted for: the network that an address belongs to, since one customer has a whole /64. */
import ipaddr from "ipaddr.js";

/** Groups of 16 bits in a /64. */
const PREFIX_GROUPS = 4;

/**
 * `203.0.113.7` for IPv4 (also when mapped into IPv6), `2001:db8:1:2::/64` for IPv6.
 * What is no address (a socket in the file system) is returned as it is.
 */
export function addressPrefix(address: string): string {
  if (!address.includes(":") || !ipaddr.isValid(address)) return address;
  const parsed = ipaddr.parse(address);
  if (parsed instanceof ipaddr.IPv4) return parsed.toString();
  if (parsed.isIPv4MappedAddress()) return parsed.toIPv4Address().toString();
  const groups = parsed.parts.slice(0, PREFIX_GROUPS).map((group) => group.toString(16));
  return `${groups.join(":")}::/64`;
}

/** Also as a prefix, where `::1` has become its network. */
export const isThisMachine = (address: string): boolean =>
  address === "::1" || address === "0:0:0:0::/64" || address.startsWith("127.");
