/** The SQL of the passkey table. */
import { type Sql, sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";
import { otherWayIn } from "./store-identities.ts";

export interface PasskeyRow {
  readonly key: number;
  readonly account: number;
  /** In base64url, as is `publicKey` (COSE). */
  readonly credential: string;
  readonly publicKey: string;
  readonly counter: number;
  /** A JSON list. */
  readonly transports: string;
  readonly backup: "never" | "possible" | "done";
  readonly name: string;
  readonly createdMs: number;
  readonly usedMs: number | null;
}

const SELECT = sql`SELECT key, account, credential, public_key AS "publicKey", counter, transports, backup, name,
  created AS "createdMs", used AS "usedMs" FROM passkey`;

/** Oldest first. */
export const listPasskeys = (db: Db, account: number): Promise<PasskeyRow[]> =>
  db.all<PasskeyRow>(sql`${SELECT} WHERE account = ${account} ORDER BY key`);

export const findPasskey = (db: Db, credential: string): Promise<PasskeyRow | null> =>
  db.one<PasskeyRow>(sql`${SELECT} WHERE credential = ${credential}`);

/** After `holdActor`; touches no row where the account has as many as it may. */
export const insertPasskey = (passkey: Omit<PasskeyRow, "usedMs">, max: number): Sql => sql`
  INSERT INTO passkey (key, account, credential, public_key, counter, transports, backup, name, created)
  SELECT ${passkey.key}, ${passkey.account}, ${passkey.credential}, ${passkey.publicKey}, ${passkey.counter},
    ${passkey.transports}, ${passkey.backup}, ${passkey.name}, ${passkey.createdMs}
  WHERE (SELECT count(*) FROM passkey WHERE account = ${passkey.account}) < ${max}`;

/** Touches no row when the counter says that somebody else has used a copy meanwhile (WebAuthn §7.2 step 22). */
export const usePasskey = (
  key: number,
  use: { readonly counter: number; readonly backup: PasskeyRow["backup"]; readonly nowMs: number },
): Sql => sql`
  UPDATE passkey SET counter = ${use.counter}, backup = ${use.backup}, used = ${use.nowMs}
  WHERE key = ${key} AND (counter < ${use.counter} OR (counter = 0 AND ${use.counter} = 0))`;

export const renamePasskey = (account: number, key: number, name: string): Sql =>
  sql`UPDATE passkey SET name = ${name} WHERE account = ${account} AND key = ${key}`;

/** After `holdActor`; touches no row where it is the only way in. */
export const deletePasskey = (account: number, key: number): Sql => sql`
  DELETE FROM passkey WHERE account = ${account} AND key = ${key} AND ${otherWayIn(account, { passkey: key })}`;

export const deletePasskeys = (account: number): Sql => sql`DELETE FROM passkey WHERE account = ${account}`;
