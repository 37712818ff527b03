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

export async function findClientById(db: Db, id: string): Promise<Client | null> {
  const row = await db.one<ClientRow>(sql`
    SELECT key, id, secret, name, website, redirect_uris AS "redirectUris", grant_types AS "grantTypes", scope,
      auth_method AS "authMethod", software_id AS "softwareId", software_version AS "softwareVersion",
      created AS "createdMs"
    FROM oauth_client WHERE id = ${id}`);
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

/** Programs that registered before that moment and were never given anything. */
export const sweepClients = (beforeMs: number): Sql => sql`
  DELETE FROM oauth_client WHERE created < ${beforeMs}
    AND NOT EXISTS (SELECT 1 FROM oauth_grant WHERE oauth_grant.client = oauth_client.key)`;
