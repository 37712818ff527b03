/** Codes on paper: how they are made, typed and kept. */
import { newCode, sha256 } from "../lib/secret.ts";
import type { Sql } from "../lib/sql.ts";
import { deleteRecoveryCodes, insertRecoveryCode } from "./store-factors.ts";

/** As many as other services print on one sheet. */
const CODES = 10;
/** 59 bits each, so that a plain hash of one is safe to store, and that nobody guesses one. */
const CODE_LENGTH = 12;

/** Codes on paper, and the statements that put them in the place of those before. */
export interface Sheet {
  readonly statements: readonly Sql[];
  readonly codes: readonly string[];
}

export function newSheet(account: number): Sheet {
  const codes = Array.from({ length: CODES }, () => newCode(CODE_LENGTH));
  return {
    codes: codes.map((code) => code.replace(/(.{4})(?=.)/g, "$1-")),
    statements: [
      deleteRecoveryCodes(account),
      ...codes.map((code) => insertRecoveryCode(account, hashOf(account, code))),
    ],
  };
}

/** As shown on a telephone (`123 456`) or on paper (`abcd-efgh-jkmn`). */
export const plainCode = (typed: string): string => typed.toLowerCase().replace(/[\s-]+/g, "");

/** By its length, whether it is one of paper and not one of an app. */
export const isOfPaper = (code: string): boolean => code.length === CODE_LENGTH;

/** With the account, so that one table of hashes is good for one account. */
export const hashOf = (account: number, code: string): string => sha256(`${account} ${code}`);
