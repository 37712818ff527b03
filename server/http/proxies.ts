/** Who the client is, when proxies stand before us: their word counts only where the operator trusts them. */
import ipaddr from "ipaddr.js";
import { Problem } from "../lib/problem.ts";

export interface Client {
  readonly address: string;
  readonly isSecure: boolean;
}

/** A chain longer than that was written by the client. */
const MAX_HOPS = 20;

type Network = ReturnType<typeof ipaddr.parseCIDR>;

/**
 * `trusted` as addresses and networks (`10.0.0.0/8`, `::1`). Throws Problem `invalid` for anything else.
 * The function it returns takes the address of the socket's other end.
 */
export function createClientFinder(
  trusted: readonly string[],
): (peer: string, headers: Headers, isTls: boolean) => Client {
  const networks = trusted.map(parseNetwork);
  const isTrusted = (address: string): boolean => networks.length > 0 && isWithin(address, networks);

  return (peer, headers, isTls) => {
    const direct = { address: canonical(peer) ?? peer, isSecure: isTls };
    if (!isTrusted(direct.address)) return direct;
    return {
      address: furthest(direct.address, headers.get("x-forwarded-for"), isTrusted),
      isSecure: lastWord(headers.get("x-forwarded-proto"))?.toLowerCase() === "https" || isTls,
    };
  };
}

/** Walks from us outwards and stops at the first address that no trusted proxy stands behind. */
function furthest(peer: string, forwarded: string | null, isTrusted: (address: string) => boolean): string {
  let address = peer;
  for (const part of (forwarded ?? "").split(",").slice(-MAX_HOPS).reverse()) {
    const before = canonical(withoutPort(part.trim()));
    if (before === null) break;
    address = before;
    if (!isTrusted(address)) break;
  }
  return address;
}

/** The nearest proxy appends its own word. */
const lastWord = (header: string | null): string | undefined => header?.split(",").at(-1)?.trim();

/** `[2001:db8::1]:443` and `192.0.2.1:443`, as some proxies write. */
const withoutPort = (text: string): string =>
  text.replace(/^\[([^\]]+)\](?::\d+)?$/, "$1").replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, "$1");

function canonical(address: string): string | null {
  if (!ipaddr.isValid(address)) return null;
  return ipaddr.process(address).toString();
}

function isWithin(address: string, networks: readonly Network[]): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  return networks.some(
    ([base, bits]) => base.kind() === parsed.kind() && parsed.match([base, bits] as never),
  );
}

function parseNetwork(text: string): Network {
  try {
    if (text.includes("/")) return ipaddr.parseCIDR(text);
    const address = ipaddr.process(text);
    return [address, address.kind() === "ipv4" ? 32 : 128] as Network;
  } catch (cause) {
    throw new Problem(
      "invalid",
      `“${text}” is no address or network like 10.0.0.0/8. Correct the trusted proxies.`,
      { reason: "trusted-proxies" },
      { cause },
    );
  }
}
