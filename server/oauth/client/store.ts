/** The SQL of places elsewhere: those that the admin named, and what other servers registered us as. */
import { isJsonObject, parseJson } from "../../lib/json.ts";
import { type Sql, sql } from "../../lib/sql.ts";
import type { Db } from "../../storage/db.ts";

export type ProviderKind = "oidc" | "oauth";
/** As everywhere; those with a checked address in one of `domains`; everybody whom the place knows. */
export const ADMITS = ["mode", "domains", "everyone"] as const;
export type ProviderAdmits = (typeof ADMITS)[number];

export interface Provider {
  readonly key: number;
  readonly kind: ProviderKind;
  /** As people know it, on the button. */
  readonly name: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string | null;
  /** Names separated by spaces. */
  readonly scope: string;
  /** Told by the admin where the place cannot be asked (`oauth`). */
  readonly authorizationEndpoint: string | null;
  readonly tokenEndpoint: string | null;
  readonly userinfoEndpoint: string | null;
  /** What of its answer says who somebody is (`oauth`). */
  readonly subjectName: string;
  readonly admits: ProviderAdmits;
  readonly domains: readonly string[];
  readonly createdMs: number;
  readonly changedMs: number;
}

type ProviderRow = Omit<Provider, "domains"> & { readonly domains: string };

const SELECT = sql`SELECT key, kind, name, issuer, client_id AS "clientId", client_secret AS "clientSecret", scope,
  authorization_endpoint AS "authorizationEndpoint", token_endpoint AS "tokenEndpoint",
  userinfo_endpoint AS "userinfoEndpoint", subject_name AS "subjectName", admits, domains, created AS "createdMs",
  changed AS "changedMs" FROM oauth_provider`;

function toProvider(row: ProviderRow): Provider {
  const domains = parseJson(row.domains);
  return { ...row, domains: Array.isArray(domains) ? domains.map(String) : [] };
}

/** Oldest first. */
export const listProviders = async (db: Db): Promise<readonly Provider[]> =>
  (await db.all<ProviderRow>(sql`${SELECT} ORDER BY key`)).map(toProvider);

export async function findProvider(db: Db, key: number): Promise<Provider | null> {
  const row = await db.one<ProviderRow>(sql`${SELECT} WHERE key = ${key}`);
  return row && toProvider(row);
}

export const insertProvider = (provider: Provider): Sql => sql`
  INSERT INTO oauth_provider (key, kind, name, issuer, client_id, client_secret, scope, authorization_endpoint,
    token_endpoint, userinfo_endpoint, subject_name, admits, domains, created, changed)
  VALUES (${provider.key}, ${provider.kind}, ${provider.name}, ${provider.issuer}, ${provider.clientId},
    ${provider.clientSecret}, ${provider.scope}, ${provider.authorizationEndpoint}, ${provider.tokenEndpoint},
    ${provider.userinfoEndpoint}, ${provider.subjectName}, ${provider.admits}, ${JSON.stringify(provider.domains)},
    ${provider.createdMs}, ${provider.changedMs})`;

/** Touches one row while this place is one of no more than `most`. */
export const isWithinProviders = (key: number, most: number): Sql => sql`
  UPDATE oauth_provider SET name = name WHERE key = ${key} AND (SELECT count(*) FROM oauth_provider) <= ${most}`;

export const updateProvider = (provider: Provider): Sql => sql`
  UPDATE oauth_provider SET kind = ${provider.kind}, name = ${provider.name}, issuer = ${provider.issuer},
    client_id = ${provider.clientId}, client_secret = ${provider.clientSecret}, scope = ${provider.scope},
    authorization_endpoint = ${provider.authorizationEndpoint}, token_endpoint = ${provider.tokenEndpoint},
    userinfo_endpoint = ${provider.userinfoEndpoint}, subject_name = ${provider.subjectName},
    admits = ${provider.admits}, domains = ${JSON.stringify(provider.domains)}, changed = ${provider.changedMs}
  WHERE key = ${provider.key}`;

export const deleteProvider = (key: number): Sql => sql`DELETE FROM oauth_provider WHERE key = ${key}`;

/** What another server calls us, and where its doors are. */
export interface RemoteClient {
  readonly key: number;
  readonly host: string;
  /** Where its pages are, which may be another host than the one in people's names. */
  readonly origin: string;
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string | null;
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  readonly revocationEndpoint: string | null;
  readonly createdMs: number;
}

const SELECT_REMOTE = sql`SELECT key, host, origin, issuer, client_id AS "clientId", client_secret AS "clientSecret",
  authorization_endpoint AS "authorizationEndpoint", token_endpoint AS "tokenEndpoint",
  revocation_endpoint AS "revocationEndpoint", created AS "createdMs" FROM oauth_remote_client`;

/** The newest that was registered since then. */
export const findRemoteClient = (db: Db, host: string, sinceMs: number): Promise<RemoteClient | null> =>
  db.one<RemoteClient>(
    sql`${SELECT_REMOTE} WHERE host = ${host} AND created > ${sinceMs} ORDER BY key DESC LIMIT 1`,
  );

export const getRemoteClient = (db: Db, key: number): Promise<RemoteClient | null> =>
  db.one<RemoteClient>(sql`${SELECT_REMOTE} WHERE key = ${key}`);

export const insertRemoteClient = (client: RemoteClient): Sql => sql`
  INSERT INTO oauth_remote_client (key, host, origin, issuer, client_id, client_secret, authorization_endpoint,
    token_endpoint, revocation_endpoint, created)
  VALUES (${client.key}, ${client.host}, ${client.origin}, ${client.issuer}, ${client.clientId},
    ${client.clientSecret}, ${client.authorizationEndpoint}, ${client.tokenEndpoint}, ${client.revocationEndpoint},
    ${client.createdMs})`;

export const deleteRemoteClient = (key: number): Sql =>
  sql`DELETE FROM oauth_remote_client WHERE key = ${key}`;

export const sweepRemoteClients = (beforeMs: number): Sql =>
  sql`DELETE FROM oauth_remote_client WHERE created <= ${beforeMs}`;

/** What waits in the row of a step while somebody is away. */
export interface Journey {
  readonly use: "sign-in" | "link" | "confirm";
  /** The last part of the address to come back to: key of the provider, or host of the server. */
  readonly from: string;
  /** Of the named place, or of what another server registered us as. */
  readonly provider: number | null;
  readonly remote: number | null;
  /** Something that only this browser knows, hashed. */
  readonly binding: string;
  readonly verifier: string;
  readonly nonce: string | null;
  /** When somebody set out, who has to sign in there anew, in milliseconds; null where any sign-in will do. */
  readonly freshSinceMs: number | null;
  readonly session: number | null;
  readonly returnTo: string;
  readonly invitation: string | null;
}

/** Null where the row is not of our making. */
export const readJourney = (data: unknown): Journey | null =>
  isJsonObject(data) && typeof data.from === "string"
    ? ({ freshSinceMs: null, ...data } as unknown as Journey)
    : null;
