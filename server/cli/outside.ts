/** Looks at this server from outside, as another server would: does it answer, and is its clock right. */
import type { Now } from "../lib/clock.ts";
import type { Fetch } from "../lib/fetch.ts";
import { isJsonObject, type Json, parseJson } from "../lib/json.ts";
import { bad, type Finding, good, sentenceOf, warning } from "./finding.ts";

/** Peers refuse signatures whose date is minutes off; clocks kept by the network are never seconds off. */
const MAX_CLOCK_ERROR_MS = 30_000;
/** Enough for a phone line; a proxy that takes longer is not well. */
const OUTSIDE_TIMEOUT_MS = 10_000;

export interface Outside {
  /** What NodeInfo calls the software there; null where it does not tell. */
  readonly software: string | null;
  readonly status: number;
  /** How far its `Date` is ahead of our clock, in milliseconds. */
  readonly aheadMs: number | null;
}

/** Asks our own origin, as another server would; a sentence where nobody answers. */
export async function askOutside(origin: string, fetch: Fetch, now: Now): Promise<Outside | string> {
  const options = { totalMs: OUTSIDE_TIMEOUT_MS, headers: { accept: "application/json" } };
  try {
    const answer = await fetch(`${origin}/.well-known/nodeinfo`, options);
    const date = Date.parse(answer.headers.get("date") ?? "");
    const aheadMs = Number.isNaN(date) ? null : date - now();
    const document = linkIn(parseJson(new TextDecoder().decode(answer.bytes)));
    if (document === null) return { status: answer.status, aheadMs, software: null };
    const info = await fetch(new URL(document, origin).href, options);
    return {
      status: answer.status,
      aheadMs,
      software: softwareIn(parseJson(new TextDecoder().decode(info.bytes))),
    };
  } catch (error) {
    return sentenceOf(error);
  }
}

/** Whether a host of `private_sign_in_hosts` answers over https. */
export async function lookAtInside(host: string, fetch: Fetch): Promise<Finding> {
  try {
    await fetch(`https://${host}/`, { totalMs: OUTSIDE_TIMEOUT_MS, redirect: "none" });
    return good(`${host} may be inside a private network, for signing in alone; it answers.`);
  } catch (error) {
    return warning(
      `${host} may be inside a private network, for signing in alone; it does not answer: ${sentenceOf(error)}`,
      "Check private_sign_in_hosts. Where its certificate comes from your own authority, name that in extra_ca_file.",
    );
  }
}

function linkIn(json: Json | null): string | null {
  const links = isJsonObject(json) && Array.isArray(json.links) ? (json.links as readonly Json[]) : [];
  const found = links
    .filter(isJsonObject)
    .map(({ href }) => href)
    .find((href) => typeof href === "string");
  return typeof found === "string" ? found : null;
}

function softwareIn(json: Json | null): string | null {
  const software = isJsonObject(json) ? json.software : undefined;
  return isJsonObject(software) && typeof software.name === "string" ? software.name : null;
}

export function lookAtOutside(origin: string, outside: Outside | string): Finding {
  const remedy =
    "Start the server, then check the name in DNS, the certificate, and that the proxy passes everything on.";
  if (typeof outside === "string") return bad(`Nobody answers at ${origin}: ${outside}`, remedy);
  if (outside.software === "commons") return good(`${origin} answers.`);
  const says =
    outside.software === null
      ? `${origin}/.well-known/nodeinfo answers ${outside.status}, and not as this server would.`
      : `At ${origin} another program answers: ${outside.software}.`;
  return bad(says, remedy);
}

export function lookAtClock(outside: Outside | string): Finding {
  if (typeof outside === "string" || outside.aheadMs === null)
    return warning("Nothing to compare it with.", "Compare it by eye: `date -u`.");
  const seconds = Math.abs(outside.aheadMs / 1000).toFixed(0);
  if (Math.abs(outside.aheadMs) <= MAX_CLOCK_ERROR_MS) return good("It agrees with the outside.");
  return bad(
    `It is ${seconds} seconds ${outside.aheadMs > 0 ? "behind" : "ahead"}.`,
    "Let the network set it: timedatectl set-ntp true.",
  );
}
