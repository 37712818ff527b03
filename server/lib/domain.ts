/** Names of other servers as people write them in rules and lists, in the one form in which they are compared. */
import { normaliseHost } from "./url.ts";

/**
 * The domain that a person or a list means (`Bücher.Example.`, `@b.test`, `*.b.test`, `https://b.test:8443/about`):
 * lower case, punycode, no final dot, no port, no `*.`, because a domain stands for every name below it anyway.
 * Null where it is none. `www.` stays: it is another name. Built on `normaliseHost`, with which WebFinger, keys and
 * peers are normalised, so that no spelling escapes a rule (CVE-2023-42451).
 */
export function normaliseDomain(text: unknown): string | null {
  if (typeof text !== "string") return null;
  const bare = text
    .trim()
    .replace(/^https?:\/\//i, "")
    .replace(/\/.*$/s, "")
    .replace(/^@/, "")
    .replace(/^\*\./, "");
  const host = normaliseHost(bare);
  if (host === null) return null;
  const domain = withoutPort(host);
  return isDomain(domain) ? domain : null;
}

/** The (normalised) host itself, then every name above it, the most specific first: `a.b.test`, `b.test`, `test`. */
export function domainsAbove(host: string): readonly string[] {
  const domain = withoutPort(host);
  if (domain.startsWith("[") || isIpv4(domain)) return [domain];
  const labels = domain.split(".");
  return labels.map((_, i) => labels.slice(i).join("."));
}

/** Some lists hide most of a name (`exa***.com`); nobody can tell which server is meant. */
export const isObfuscated = (text: string): boolean => text.replace(/^\*\./, "").includes("*");

const withoutPort = (host: string): string => host.replace(/:\d+$/, "");

const isIpv4 = (domain: string): boolean => /^\d+\.\d+\.\d+\.\d+$/.test(domain);

/** A single label would be a whole top-level domain, or a name of the local network; addresses are taken as they are. */
const isDomain = (domain: string): boolean => domain.includes(".") || domain.startsWith("[");
