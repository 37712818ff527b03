/** Programs: how they register (RFC 7591) and how they prove who they are (RFC 6749 §2.3). */
import type { Now } from "../../lib/clock.ts";
import type { Keys } from "../../lib/id.ts";
import { newToken, sameSecret, sha256 } from "../../lib/secret.ts";
import { parseHttpUrl } from "../../lib/url.ts";
import type { Db } from "../../storage/db.ts";
import { oauthProblem } from "./errors.ts";
import type { Parameters } from "./parameters.ts";
import { mayRedirectTo } from "./redirects.ts";
import { DEFAULT_CLIENT_SCOPES, parseScopes } from "./scopes.ts";
import { type AuthMethod, type Client, findClientById, insertClient } from "./store-clients.ts";

/** Metadata is written by anybody: each part has a bound. */
const MAX_REDIRECTS = 10;
const MAX_NAME_LENGTH = 100;
const MAX_WEBSITE_LENGTH = 500;
const MAX_SOFTWARE_LENGTH = 200;
const GRANT_TYPES = ["authorization_code", "refresh_token", "client_credentials"];
const AUTH_METHODS: readonly AuthMethod[] = ["client_secret_basic", "client_secret_post", "none"];

/** RFC 7591 §2, as far as it means something here. Anything may be missing or of any type. */
export interface ClientMetadata {
  readonly client_name?: unknown;
  readonly client_uri?: unknown;
  readonly redirect_uris?: unknown;
  readonly grant_types?: unknown;
  readonly response_types?: unknown;
  /** Names separated by spaces. */
  readonly scope?: unknown;
  readonly token_endpoint_auth_method?: unknown;
  readonly software_id?: unknown;
  readonly software_version?: unknown;
}

export interface RegisteredClient {
  readonly client: Client;
  /** Shown once; null for a public client. */
  readonly secret: string | null;
}

export interface Clients {
  /** Throws `invalid_redirect_uri` or `invalid_client_metadata`. */
  register(metadata: ClientMetadata): Promise<RegisteredClient>;
  find(id: string): Promise<Client | null>;
  /** Who calls the token endpoint, by HTTP Basic or parameters. Throws `invalid_client`, `invalid_request`. */
  authenticate(request: Request, parameters: Parameters): Promise<Client>;
}

export function createClients(deps: { db: Db; now: Now; keys: Keys; allowsHttp: boolean }): Clients {
  const { db, now, keys, allowsHttp } = deps;
  return {
    async register(metadata) {
      const authMethod = readAuthMethod(metadata.token_endpoint_auth_method);
      const secret = authMethod === "none" ? null : newToken();
      const grantTypes = readGrantTypes(metadata, authMethod);
      const client: Client = {
        key: keys.next(),
        id: newToken(),
        secret: secret === null ? null : sha256(secret),
        name: readText(metadata.client_name, "client_name", MAX_NAME_LENGTH) ?? "A program without a name",
        website: readWebsite(metadata.client_uri),
        redirectUris: readRedirects(metadata.redirect_uris, grantTypes, allowsHttp),
        grantTypes,
        scopes: readScopes(metadata.scope),
        authMethod,
        softwareId: readText(metadata.software_id, "software_id", MAX_SOFTWARE_LENGTH),
        softwareVersion: readText(metadata.software_version, "software_version", MAX_SOFTWARE_LENGTH),
        createdMs: now(),
      };
      await db.batch([insertClient(client)]);
      return { client, secret };
    },
    find: (id) => findClientById(db, id),
    async authenticate(request, parameters) {
      const { id, secret } = credentials(request, parameters);
      const client = await findClientById(db, id);
      const isGood =
        client !== null &&
        (client.secret === null || (secret !== null && sameSecret(client.secret, sha256(secret))));
      if (isGood) return client;
      throw oauthProblem(
        "invalid_client",
        "This program is not known here, or its secret is wrong. Register again.",
      );
    },
  };
}

/** RFC 7591 §3.2.1: everything that was registered. Times are in seconds. */
export const registrationAnswer = ({ client, secret }: RegisteredClient): Record<string, unknown> => ({
  client_id: client.id,
  client_id_issued_at: Math.floor(client.createdMs / 1000),
  ...(secret === null ? {} : { client_secret: secret, client_secret_expires_at: 0 }),
  client_name: client.name,
  ...(client.website === null ? {} : { client_uri: client.website }),
  redirect_uris: client.redirectUris,
  grant_types: client.grantTypes,
  response_types: client.grantTypes.includes("authorization_code") ? ["code"] : [],
  scope: client.scopes.join(" "),
  token_endpoint_auth_method: client.authMethod,
  ...(client.softwareId === null ? {} : { software_id: client.softwareId }),
  ...(client.softwareVersion === null ? {} : { software_version: client.softwareVersion }),
});

function credentials(request: Request, parameters: Parameters): { id: string; secret: string | null } {
  const basic = /^basic +([\w+/=-]+)$/i.exec(request.headers.get("authorization")?.trim() ?? "")?.[1];
  const idInBody = parameters.get("client_id");
  if (basic === undefined) {
    if (idInBody === undefined) throw oauthProblem("invalid_client", "The parameter client_id is missing.");
    return { id: idInBody, secret: parameters.get("client_secret") ?? null };
  }
  const decoded = Buffer.from(basic, "base64").toString();
  const colon = decoded.indexOf(":");
  if (colon < 0) throw oauthProblem("invalid_client", "The Authorization header is malformed.");
  const id = formDecoded(decoded.slice(0, colon));
  // RFC 6749 §2.3: one way to authenticate in each request.
  if (parameters.has("client_secret") || (idInBody !== undefined && idInBody !== id)) {
    throw oauthProblem(
      "invalid_request",
      "Give the client's credentials once, in the header or in the body.",
    );
  }
  return { id, secret: formDecoded(decoded.slice(colon + 1)) };
}

/** RFC 6749 §2.3.1 and appendix B. */
function formDecoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    // @NOTE Many clients send it as it is; a stray percent sign then is one.
    return text;
  }
}

const badMetadata = (sentence: string): Error => oauthProblem("invalid_client_metadata", sentence);

function readAuthMethod(value: unknown): AuthMethod {
  if (value === undefined || value === null) return "client_secret_basic";
  const method = AUTH_METHODS.find((known) => known === value);
  if (method === undefined)
    throw badMetadata(`token_endpoint_auth_method is one of ${AUTH_METHODS.join(", ")}.`);
  return method;
}

function readGrantTypes(metadata: ClientMetadata, authMethod: AuthMethod): readonly string[] {
  const { grant_types: given = ["authorization_code"], response_types: responses } = metadata;
  if (!Array.isArray(given) || given.length === 0) throw badMetadata("grant_types is a list of names.");
  // RFC 7591 §2: what is not served is left out, so that clients of every server may name what they can do.
  const served = GRANT_TYPES.filter((type) => given.includes(type));
  if (served.length === 0) throw badMetadata(`grant_types has none of ${GRANT_TYPES.join(", ")}.`);
  if (authMethod === "none" && served.includes("client_credentials")) {
    throw badMetadata("client_credentials needs a client with a secret.");
  }
  if (responses !== undefined && served.includes("authorization_code")) {
    if (!Array.isArray(responses) || !responses.includes("code"))
      throw badMetadata("response_types must have code.");
  }
  return served;
}

function readRedirects(
  value: unknown,
  grantTypes: readonly string[],
  allowsHttp: boolean,
): readonly string[] {
  const uris = value === undefined || value === null ? [] : value;
  if (!Array.isArray(uris) || uris.length > MAX_REDIRECTS) {
    throw oauthProblem(
      "invalid_redirect_uri",
      `redirect_uris is a list of at most ${MAX_REDIRECTS} addresses.`,
    );
  }
  if (uris.length === 0 && grantTypes.includes("authorization_code")) {
    throw oauthProblem("invalid_redirect_uri", "redirect_uris is missing.");
  }
  for (const uri of uris) {
    if (typeof uri !== "string" || !mayRedirectTo(uri, allowsHttp)) {
      throw oauthProblem(
        "invalid_redirect_uri",
        "A redirect address begins with https:, with http: on this machine, or with a scheme of the program's own; it has no fragment.",
      );
    }
  }
  return [...new Set(uris as string[])];
}

function readScopes(value: unknown): readonly string[] {
  if (value === undefined || value === null || value === "") return DEFAULT_CLIENT_SCOPES;
  if (typeof value !== "string") throw badMetadata("scope is names separated by spaces.");
  const known = parseScopes(value);
  if (known.length === 0) throw badMetadata("scope has no name that is known here.");
  return known;
}

function readText(value: unknown, name: string, max: number): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== "string") throw badMetadata(`${name} is text.`);
  const text = value.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, " ").trim();
  if ([...text].length > max) throw badMetadata(`${name} has at most ${max} characters.`);
  return text === "" ? null : text;
}

function readWebsite(value: unknown): string | null {
  const text = readText(value, "client_uri", MAX_WEBSITE_LENGTH);
  if (text === null) return null;
  const url = parseHttpUrl(text);
  if (url === null) throw badMetadata("client_uri is an address that begins with https://.");
  return url.href;
}
