/** The keys of actors here, ready to sign with; kept in memory because importing one costs more than using it. */
import { createAnswers } from "../lib/answers.ts";
import type { Now } from "../lib/clock.ts";
import { importPrivatePem, type KeyKind, type SignKey } from "../signatures/keys.ts";
import type { Db } from "../storage/db.ts";
import { findActorKeys } from "./store.ts";

/** Another node may have made new keys for an actor. */
const GOOD_FOR_MS = 60_000;
/** About 3 MB of imported keys: more people than that rarely post within one minute. */
const MAX_KEYS = 1_000;

export interface Signing {
  /** @throws Error where the actor has no such key, which cannot be for an actor that was made here. */
  key(actor: number, kind: KeyKind): Promise<SignKey>;
  forget(actor: number): void;
}

export function createSigning({ db, now }: { db: Db; now: Now }): Signing {
  const known = createAnswers<Map<KeyKind, SignKey>>(MAX_KEYS, { now, ms: GOOD_FOR_MS });

  async function load(actor: number): Promise<Map<KeyKind, SignKey>> {
    const rows = await findActorKeys(db, actor);
    const keys = await Promise.all(rows.map((row) => importPrivatePem(row.iri, row.private_pem)));
    return new Map(keys.map((key) => [key.kind, key]));
  }

  return {
    async key(actor, kind) {
      const keys = await known.get(String(actor), () => load(actor));
      const key = keys.get(kind);
      if (!key) throw new Error(`The actor ${actor} has no ${kind} key.`);
      return key;
    },
    forget: (actor) => known.delete(String(actor)),
  };
}
