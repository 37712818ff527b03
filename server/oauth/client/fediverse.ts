/** Servers of the Fediverse by their names: registers there once a day, and asks who somebody is. */
import type { Buckets } from "../../lib/buckets.ts";
import type { Now } from "../../lib/clock.ts";
import { HOUR_MS } from "../../lib/durations.ts";
import type { Fetch } from "../../lib/fetch.ts";
import type { Keys } from "../../lib/id.ts";
import { isJsonObject, type JsonObject, parseJson } from "../../lib/json.ts";
import { isProblem, Problem } from "../../lib/problem.ts";
import { hostOf, isPublicHostName, normaliseHost, parseHttpUrl, sameOrigin } from "../../lib/url.ts";
import type { Db } from "../../storage/db.ts";
import { deleteRemoteClient, findRemoteClient, insertRemoteClient, type RemoteClient } from "./store.ts";
import { type Answer, plainToken, readJson } from "./verify.ts";
import { credentialsFor, type Place, type Wire } from "./wire.ts";

/** Mastodon forgets programs that nobody holds a token of after a day, and tells nobody. */
export const CLIENT_GOOD_MS = 12 * HOUR_MS;
/** The least that shows who somebody is, on every version of Mastodon and here. */
const SCOPE = "read:accounts";
/** Metadata and registrations have some kilobytes. */
const MAX_ANSWER_BYTES = 128 * 1024;
const ANSWER_MS = 10_000;

export interface Fediverse {
  /**
   * What we are called there, registered if need be. `server` is a host, a handle or an address, as typed.
   * Throws Problem `invalid` at field `server`, `too-many`, `upstream`.
   */
  clientFor(server: string, network: string): Promise<RemoteClient>;
  place(client: RemoteClient): Place;
  /** Who came back: the account's own address there, checked on that server. Throws; see `wire.asking`. */
  identify(
    answer: Answer,
    client: RemoteClient,
  ): Promise<{ readonly iri: string; readonly account: FediverseAccount }>;
  /** It does not know us any more. */
  forget(client: RemoteClient): Promise<void>;
}

export interface FediverseAccount {
  readonly username: string;
  readonly displayName: string;
  readonly handle: string;
}

export function createFediverse(deps: {
  db: Db;
  now: Now;
  keys: Keys;
  fetch: Fetch;
  wire: Wire;
  isInsecure: boolean;
  ourHost: string;
  siteName: () => string;
  website: string;
  redirectUri: (from: string) => string;
  /** The actor's address behind a handle, by WebFinger. */
  actorOf: (handle: string) => Promise<string | null>;
  /** How often one server is asked, and how often one network may have us ask. */
  limits: { readonly byHost: Buckets; readonly byNetwork: Buckets };
}): Fediverse {
  const { db, now, keys, fetch, wire, isInsecure, limits } = deps;
  const scheme = isInsecure ? "http" : "https";

  async function ask(
    url: string,
    body?: JsonObject,
  ): Promise<{ status: number; url: string; json: unknown }> {
    const answer = await fetch(url, {
      headers: { accept: "application/json", ...(body ? { "content-type": "application/json" } : {}) },
      ...(body ? { method: "POST", body: JSON.stringify(body) } : {}),
      maxBytes: MAX_ANSWER_BYTES,
      totalMs: ANSWER_MS,
    });
    return {
      status: answer.status,
      url: answer.url,
      json: parseJson(new TextDecoder().decode(answer.bytes)),
    };
  }

  /** RFC 8414, as far as it speaks for the origin that it came from. */
  async function metadataOf(origin: string): Promise<JsonObject | null> {
    const { status, json } = await ask(`${origin}/.well-known/oauth-authorization-server`);
    return status === 200 && isJsonObject(json) && sameOrigin(json.issuer, origin) ? json : null;
  }

  /** At the server `host`, for people who named it `from`. */
  async function register(host: string, from: string): Promise<RemoteClient | null> {
    const origin = `${scheme}://${host}`;
    const metadata = await metadataOf(origin);
    const own = (name: string, fallback: string): string => {
      const url = metadata?.[name];
      return typeof url === "string" && sameOrigin(url, origin) ? url : `${origin}${fallback}`;
    };
    const client = metadata?.registration_endpoint
      ? await dynamically(own("registration_endpoint", "/oauth/register"), from)
      : await asMastodon(own("app_registration_endpoint", "/api/v1/apps"), from);
    if (client === null) return null;
    return {
      key: keys.next(),
      host: from,
      origin,
      issuer: typeof metadata?.issuer === "string" ? metadata.issuer : origin,
      ...client,
      authorizationEndpoint: own("authorization_endpoint", "/oauth/authorize"),
      tokenEndpoint: own("token_endpoint", "/oauth/token"),
      revocationEndpoint: own("revocation_endpoint", "/oauth/revoke"),
      createdMs: now(),
    };
  }

  /** RFC 7591. */
  const dynamically = (endpoint: string, from: string) =>
    registered(endpoint, {
      client_name: deps.siteName(),
      client_uri: deps.website,
      redirect_uris: [deps.redirectUri(from)],
      grant_types: ["authorization_code"],
      response_types: ["code"],
      token_endpoint_auth_method: "client_secret_post",
      scope: SCOPE,
    });

  const asMastodon = (endpoint: string, from: string) =>
    registered(endpoint, {
      client_name: deps.siteName(),
      website: deps.website,
      redirect_uris: deps.redirectUri(from),
      scopes: SCOPE,
    });

  async function registered(endpoint: string, body: JsonObject) {
    const { status, json } = await ask(endpoint, body);
    if (status < 200 || status > 299 || !isJsonObject(json) || typeof json.client_id !== "string")
      return null;
    const secret = typeof json.client_secret === "string" ? json.client_secret : null;
    return { clientId: json.client_id, clientSecret: secret };
  }

  /** Where names and pages are on different hosts, host-meta leads to the pages (RFC 6415, as Mastodon is set up). */
  async function otherHost(host: string): Promise<string | null> {
    const answer = await fetch(`${scheme}://${host}/.well-known/host-meta`, {
      maxBytes: MAX_ANSWER_BYTES,
      totalMs: ANSWER_MS,
    });
    const text = new TextDecoder().decode(answer.bytes);
    const template = /rel=["']lrdd["'][^>]{0,500}template=["']([^"'{]{1,500})/.exec(text)?.[1];
    const other = hostOf(template);
    return answer.status !== 200 || other === host ? null : other;
  }

  /** Counts that `key` is asked, or asks. */
  function take(buckets: Buckets, key: string): void {
    const { allowed, retryAfterSeconds } = buckets.take(key);
    if (allowed) return;
    throw new Problem("too-many", "That server was asked too often. Wait a little, then try again.", {
      retryAfterSeconds,
      reason: "elsewhere-limit",
    });
  }

  function hostFrom(server: string): string {
    const typed = server.trim();
    const url = parseHttpUrl(typed);
    const host = url?.host ?? normaliseHost(typed.slice(typed.lastIndexOf("@") + 1));
    const refuse = (sentence: string): Problem =>
      new Problem("invalid", sentence, { field: "server", reason: "server" });
    if (host === null || (!isInsecure && !isPublicHostName(host)))
      throw refuse("This is not the name of a server. It looks like school.example.");
    if (host === deps.ourHost) throw refuse("This server is here. Sign in with your name and password.");
    return host;
  }

  return {
    async clientFor(server, network) {
      const host = hostFrom(server);
      const known = await findRemoteClient(db, host, now() - CLIENT_GOOD_MS);
      if (known !== null) return known;
      take(limits.byNetwork, network);
      take(limits.byHost, host);
      const client = (await register(host, host)) ?? (await atOtherHost(host));
      if (client === null) throw noFediverse(host);
      await db.batch([insertRemoteClient(client)]);
      return client;
    },
    place(client) {
      const as = {
        issuer: client.issuer,
        authorization_endpoint: client.authorizationEndpoint,
        token_endpoint: client.tokenEndpoint,
        ...(client.revocationEndpoint === null ? {} : { revocation_endpoint: client.revocationEndpoint }),
        token_endpoint_auth_methods_supported: ["client_secret_post"],
      };
      return { name: client.host, as, ...credentialsFor(as, client.clientId, client.clientSecret) };
    },
    async identify(answer, client) {
      const token = await plainToken(wire, answer);
      try {
        const url = new URL(`${client.origin}/api/v1/accounts/verify_credentials`);
        const account = await readJson(wire, url, token);
        const username = String(account.username ?? "");
        // Of that server itself, and asked of it: the host that was typed may be anybody's, and lead there.
        const handle = `${username}@${new URL(client.origin).host}`;
        const iri = sameOrigin(account.uri, client.origin)
          ? String(account.uri)
          : await deps.actorOf(handle).catch(nobody);
        // An account's address is that server's own word, or it is none.
        if (username === "" || iri === null || !sameOrigin(iri, client.origin))
          throw new Error("the account has no address on that server");
        return { iri, account: { username, handle, displayName: String(account.display_name ?? "") } };
      } finally {
        await letGo(client, token);
      }
    },
    forget: async (client) => void (await db.batch([deleteRemoteClient(client.key)])),
  };

  async function atOtherHost(host: string): Promise<RemoteClient | null> {
    const other = await otherHost(host);
    if (other === null || other === deps.ourHost || (!isInsecure && !isPublicHostName(other))) return null;
    // However many names lead to it, it is asked as often as by its own.
    take(limits.byHost, other);
    return register(other, host);
  }

  /** The token has told who it is, and is good for nothing more (RFC 7009). */
  async function letGo(client: RemoteClient, token: string): Promise<void> {
    if (client.revocationEndpoint === null) return;
    const body = new URLSearchParams({
      token,
      client_id: client.clientId,
      ...(client.clientSecret === null ? {} : { client_secret: client.clientSecret }),
    });
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    try {
      await fetch(client.revocationEndpoint, {
        method: "POST",
        headers,
        body: String(body),
        totalMs: ANSWER_MS,
      });
    } catch (error) {
      // @NOTE It ends there by itself sooner or later; nobody shall wait at the door for that.
      if (!isProblem(error, "upstream")) throw error;
    }
  }
}

function nobody(error: unknown): null {
  if (isProblem(error, "upstream")) return null;
  throw error;
}

const noFediverse = (host: string): Problem =>
  new Problem("invalid", `${host} is no server whose accounts are good here. Check how it is written.`, {
    field: "server",
    reason: "no-fediverse",
  });
