/** The SQL of what begins in one request and ends in another of the same browser. */
import { type Sql, sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";

export interface StepRow {
  readonly account: number | null;
  /** JSON. */
  readonly data: string;
}

/** One that is not over, and was not tried so often. */
export const findStep = (
  db: Db,
  step: { readonly purpose: string; readonly hash: string; readonly nowMs: number },
): Promise<StepRow | null> =>
  db.one<StepRow>(sql`SELECT account, data FROM sign_in_step
    WHERE hash = ${step.hash} AND purpose = ${step.purpose} AND expires > ${step.nowMs}`);

export const insertStep = (step: {
  readonly purpose: string;
  readonly hash: string;
  readonly account: number | null;
  readonly data: string;
  readonly createdMs: number;
  readonly expiresMs: number;
}): Sql => sql`
  INSERT INTO sign_in_step (hash, purpose, account, data, created, expires)
  VALUES (${step.hash}, ${step.purpose}, ${step.account}, ${step.data}, ${step.createdMs}, ${step.expiresMs})`;

/** Touches one row, once. */
export const deleteStep = (purpose: string, hash: string, nowMs: number): Sql => sql`
  DELETE FROM sign_in_step WHERE hash = ${hash} AND purpose = ${purpose} AND expires > ${nowMs}
  RETURNING account, data`;

/** Touches one row while there are tries left. */
export const tryStep = (purpose: string, hash: string, nowMs: number, maxTries: number): Sql => sql`
  UPDATE sign_in_step SET tries = tries + 1
  WHERE hash = ${hash} AND purpose = ${purpose} AND expires > ${nowMs} AND tries < ${maxTries}
  RETURNING account, data`;

export const deleteSteps = (account: number): Sql => sql`DELETE FROM sign_in_step WHERE account = ${account}`;

export const sweepSteps = (nowMs: number): Sql => sql`DELETE FROM sign_in_step WHERE expires <= ${nowMs}`;
