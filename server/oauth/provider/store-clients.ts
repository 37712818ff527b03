/** The SQL of the oauth_client table. */
import { type Sql, sql } from "../../lib/sql.ts";
import type { Db } from "../../storage/db.ts";

export type AuthMethod = "none" | "client_secret_basic" | "client_secret_post";

export interface Client {
  readonly key: number;
  /** The public `client_id`. */
  readonly id: string;
  /** SHA-256 of the secret; null for a public client. */
  readonly secret: string | null;
  readonly name: string;
  readonly website: string | null;
  readonly redirectUris: readonly string[];
  readonly grantTypes: readonly string[];
  readonly scopes: readonly string[];
  readonly authMethod: AuthMethod;
  readonly softwareId: string | null;
  readonly softwareVersion: string | null;
  readonly createdMs: number;
}

type ClientRow = Omit<Client, "redirectUris" | "grantTypes" | "scopes"> & {
  readonly redirectUris: string;
  readonly grantTypes: string;
  readonly scope: string;
};

const COLUMNS = sql`key, id, secret, name, website, redirect_uris AS "redirectUris", grant_types AS "grantTypes", scope,
  auth_method AS "authMethod", software_id AS "softwareId", software_version AS "softwareVersion",
  created AS "createdMs"`;

export const findClientById = async (db: Db, id: string): Promise<Client | null> =>
  toClient(await db.one<ClientRow>(sql`SELECT ${COLUMNS} FROM oauth_client WHERE id = ${id}`));

/** One that is known by its document, while what was read there still counts. */
export const findFreshClient = async (db: Db, id: string, nowMs: number): Promise<Client | null> =>
  toClient(
    await db.one<ClientRow>(sql`
      SELECT ${COLUMNS} FROM oauth_client WHERE id = ${id} AND fresh_until > ${nowMs}`),
  );

function toClient(row: ClientRow | null): Client | null {
  if (!row) return null;
  const { scope, ...rest } = row;
  return {
    ...rest,
    redirectUris: JSON.parse(row.redirectUris) as string[],
    grantTypes: JSON.parse(row.grantTypes) as string[],
    scopes: scope.split(" ").filter((name) => name !== ""),
  };
}

/** Does nothing where the id is known: what the server makes for itself is made once. */
export const insertClient = (client: Client): Sql => sql`
  INSERT INTO oauth_client (key, id, secret, name, website, redirect_uris, grant_types, scope, auth_method,
    software_id, software_version, created)
  VALUES (${client.key}, ${client.id}, ${client.secret}, ${client.name}, ${client.website},
    ${JSON.stringify(client.redirectUris)}, ${JSON.stringify(client.grantTypes)}, ${client.scopes.join(" ")},
    ${client.authMethod}, ${client.softwareId}, ${client.softwareVersion}, ${client.createdMs})
  ON CONFLICT (id) DO NOTHING`;

/** What a document says now, under the key that the program had before. Leaves alone what registered. */
export const putDocumentClient = (client: Client, freshUntilMs: number): Sql => sql`
  INSERT INTO oauth_client (key, id, secret, name, website, redirect_uris, grant_types, scope, auth_method,
    software_id, software_version, created, fresh_until)
  VALUES (${client.key}, ${client.id}, NULL, ${client.name}, ${client.website},
    ${JSON.stringify(client.redirectUris)}, ${JSON.stringify(client.grantTypes)}, ${client.scopes.join(" ")},
    'none', ${client.softwareId}, ${client.softwareVersion}, ${client.createdMs}, ${freshUntilMs})
  ON CONFLICT (id) DO UPDATE SET name = excluded.name, website = excluded.website,
    redirect_uris = excluded.redirect_uris, grant_types = excluded.grant_types, scope = excluded.scope,
    software_id = excluded.software_id, software_version = excluded.software_version,
    fresh_until = excluded.fresh_until
  WHERE oauth_client.fresh_until IS NOT NULL`;

/** Programs that registered before that moment and were never given anything. */
export const sweepClients = (beforeMs: number): Sql => sql`
  DELETE FROM oauth_client WHERE created < ${beforeMs}
    AND NOT EXISTS (SELECT 1 FROM oauth_grant WHERE oauth_grant.client = oauth_client.key)`;
