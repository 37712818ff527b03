/** What programs say about themselves (RFC 7591 §2, and Mastodon's form of it): checked, bounded, made into a client. */
import { parseHttpUrl } from "../../lib/url.ts";
import { oauthProblem } from "./errors.ts";
import { mayRedirectTo } from "./redirects.ts";
import { DEFAULT_CLIENT_SCOPES, DEFAULT_SCOPES, parseScopes } from "./scopes.ts";
import type { AuthMethod, Client } from "./store-clients.ts";

/** Metadata is written by anybody: each part has a bound. */
const MAX_REDIRECTS = 10;
const MAX_NAME_LENGTH = 100;
const MAX_WEBSITE_LENGTH = 500;
const MAX_SOFTWARE_LENGTH = 200;
export const GRANT_TYPES: readonly string[] = ["authorization_code", "refresh_token", "client_credentials"];
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

/** The parameters of Mastodon's `POST /api/v1/apps`. Anything may be missing or of any type. */
export interface AppMetadata {
  readonly client_name?: unknown;
  /** A list, or one text with an address on each line. */
  readonly redirect_uris?: unknown;
  /** Names separated by spaces. */
  readonly scopes?: unknown;
  readonly website?: unknown;
}

/** A client but for what the server gives it. */
export type Described = Omit<Client, "key" | "id" | "secret" | "createdMs">;

/** Throws `invalid_redirect_uri` or `invalid_client_metadata`. */
export function readMetadata(metadata: ClientMetadata, allowsHttp: boolean): Described {
  const authMethod = readAuthMethod(metadata.token_endpoint_auth_method);
  const grantTypes = readGrantTypes(metadata, authMethod);
  return {
    name: readText(metadata.client_name, "client_name", MAX_NAME_LENGTH) ?? "A program without a name",
    website: readWebsite(metadata.client_uri, "client_uri"),
    redirectUris: readRedirects(metadata.redirect_uris, grantTypes, allowsHttp),
    grantTypes,
    scopes: readScopes(metadata.scope, DEFAULT_CLIENT_SCOPES),
    authMethod,
    softwareId: readText(metadata.software_id, "software_id", MAX_SOFTWARE_LENGTH),
    softwareVersion: readText(metadata.software_version, "software_version", MAX_SOFTWARE_LENGTH),
  };
}

/**
 * As Mastodon reads it: always with a secret, for tokens that last, and for no more than `read` where nothing is said.
 * Throws `invalid_redirect_uri` or `invalid_client_metadata`.
 */
export function readApp(app: AppMetadata, allowsHttp: boolean): Described {
  const name = readText(app.client_name, "client_name", MAX_NAME_LENGTH);
  if (name === null) throw badMetadata("client_name is missing.");
  const grantTypes = ["authorization_code", "client_credentials"];
  const uris =
    typeof app.redirect_uris === "string"
      ? app.redirect_uris.split(/\s+/).filter((uri) => uri !== "")
      : app.redirect_uris;
  return {
    name,
    website: readWebsite(app.website, "website"),
    redirectUris: readRedirects(uris, grantTypes, allowsHttp),
    grantTypes,
    scopes: readScopes(app.scopes, DEFAULT_SCOPES),
    authMethod: "client_secret_post",
    softwareId: null,
    softwareVersion: null,
  };
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

function readScopes(value: unknown, otherwise: readonly string[]): readonly string[] {
  if (value === undefined || value === null || value === "") return otherwise;
  if (typeof value !== "string") throw badMetadata("The scopes are names separated by spaces.");
  const known = parseScopes(value);
  if (known.length === 0) throw badMetadata("None of the scopes is known here.");
  return known;
}

function readText(value: unknown, name: string, max: number): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== "string") throw badMetadata(`${name} is text.`);
  const text = value.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, " ").trim();
  if ([...text].length > max) throw badMetadata(`${name} has at most ${max} characters.`);
  return text === "" ? null : text;
}

function readWebsite(value: unknown, name: string): string | null {
  const text = readText(value, name, MAX_WEBSITE_LENGTH);
  if (text === null) return null;
  const url = parseHttpUrl(text);
  if (url === null) throw badMetadata(`${name} is an address that begins with https://.`);
  return url.href;
}
