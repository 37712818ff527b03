/** What a named place says about itself: OpenID Connect Discovery, or what the admin told. */
import { type AuthorizationServer, discoveryRequest, processDiscoveryResponse } from "oauth4webapi";
import { type Now, steady } from "../../lib/clock.ts";
import { HOUR_MS } from "../../lib/durations.ts";
import { isJsonObject } from "../../lib/json.ts";
import { createLru } from "../../lib/lru.ts";
import { isProblem, Problem } from "../../lib/problem.ts";
import { parseHttpUrl } from "../../lib/url.ts";
import type { Provider } from "./store.ts";
import { credentialsFor, type Place, REFUSED, type WireFor } from "./wire.ts";

/** Places change their addresses and algorithms rarely; new keys are found without it, by their name. */
const METADATA_MS = HOUR_MS;
/** More than one server has. */
const MAX_PLACES = 50;
/** Of an address, in a sentence. */
const MAX_SHOWN_LENGTH = 200;
/**
 * Signatures that only the place itself can make (RFC 7518 §3.1, RFC 8037). Never `none`, and never one by a secret that
 * we know too, whatever the place says it supports.
 */
const ALGORITHMS = [
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
  "EdDSA",
  "Ed25519",
];

export interface Discover {
  /** Throws Problem `upstream` where the place cannot be asked, or is not what it should be. */
  place(provider: Provider): Promise<Place>;
}

export function createDiscover(deps: {
  readonly wireFor: WireFor;
  readonly now: Now;
  /** Test networks without encryption. */
  readonly isInsecure: boolean;
}): Discover {
  const { wireFor, isInsecure } = deps;
  const now = steady(deps.now);
  // The library keeps the place's keys beside this very object, and asks for them again when one is missing.
  const known = createLru<{ readonly as: AuthorizationServer; readonly untilMs: number }>(MAX_PLACES);

  async function ask(issuer: string): Promise<AuthorizationServer> {
    const url = new URL(issuer);
    const response = await discoveryRequest(url, { algorithm: "oidc", ...wireFor(issuer).options });
    if (response.status !== 200) throw noDiscovery(url.host);
    const metadata = await processDiscoveryResponse(url, response);
    const offered = metadata.id_token_signing_alg_values_supported ?? ["RS256"];
    return {
      ...metadata,
      id_token_signing_alg_values_supported: offered.filter((name) => ALGORITHMS.includes(name)),
    };
  }

  async function metadataOf(provider: Provider): Promise<AuthorizationServer> {
    const { issuer } = provider;
    const kept = known.get(issuer);
    if (kept !== undefined && kept.untilMs > now()) return kept.as;
    const as = await wireFor(issuer)
      .asking(provider.name, () => ask(issuer))
      .catch((error) => {
        throw isProblem(error) && error.detail.reason === REFUSED ? inWords(error, issuer) : error;
      });
    for (const needed of ["authorization_endpoint", "token_endpoint", "jwks_uri"] as const) {
      const url = parseHttpUrl(as[needed]);
      if (url === null || (url.protocol !== "https:" && !isInsecure)) throw noDiscovery(new URL(issuer).host);
    }
    known.set(issuer, { as, untilMs: now() + METADATA_MS });
    return as;
  }

  return {
    async place(provider) {
      const as = provider.kind === "oidc" ? await metadataOf(provider) : told(provider);
      return { name: provider.name, as, ...credentialsFor(as, provider.clientId, provider.clientSecret) };
    },
  };
}

/** Places with addresses of their own (a Moodle, a phpBB) mostly want the secret in the body. */
const told = (provider: Provider): AuthorizationServer => ({
  issuer: provider.issuer,
  authorization_endpoint: provider.authorizationEndpoint ?? "",
  token_endpoint: provider.tokenEndpoint ?? "",
  userinfo_endpoint: provider.userinfoEndpoint ?? "",
  token_endpoint_auth_methods_supported: ["client_secret_post"],
});

/** What is wrong with what a place says of itself: for whoever wrote its address, who is an admin. */
function inWords(error: Problem, issuer: string): Problem {
  const { host } = new URL(issuer);
  const { attribute, body } = ((error.cause as Error).cause ?? {}) as Record<string, unknown>;
  const named = isJsonObject(body) && attribute === "issuer" ? parseHttpUrl(body.issuer) : null;
  if (named === null) return noDiscovery(host);
  return new Problem(
    "upstream",
    `${host} calls itself ${named.href.slice(0, MAX_SHOWN_LENGTH)}. The people who run this server have to write its address so.`,
    { reason: "other-issuer" },
  );
}

const noDiscovery = (host: string): Problem =>
  new Problem(
    "upstream",
    `${host} does not say how to sign in there. The people who run this server have to check its address.`,
    { reason: "no-discovery" },
  );
