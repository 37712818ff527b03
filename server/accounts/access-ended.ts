/** Tells every node that somebody's access is over, so that open streams close at once. */
import { isJsonObject, parseJson } from "../lib/json.ts";
import type { Db } from "../storage/db.ts";

/** Exactly one: everything of an account, one session, or one consent given to a program. */
export type AccessEnded =
  | { readonly account: number; readonly exceptSession?: number }
  | { readonly session: number }
  | { readonly consent: number };

const CHANNEL = "access-ended";

/** Call it after the batch that ends the access. */
export const tellAccessEnded = (db: Db, ended: AccessEnded): void =>
  db.notify(CHANNEL, JSON.stringify(ended));

/** Calls back on every node; returns how to stop. */
export const onAccessEnded = (db: Db, heard: (ended: AccessEnded) => void): Promise<() => void> =>
  db.listen(CHANNEL, (payload) => {
    const ended = parseJson(payload);
    if (isJsonObject(ended)) heard(ended as unknown as AccessEnded);
  });
