/** Ends what is open by access that is over and of which no word came: between nodes a word can be lost. */
import type { Role } from "../accounts/account.ts";
import type { Now } from "../lib/clock.ts";
import type { Log } from "../lib/log.ts";
import type { Db } from "../storage/db.ts";
import { findActiveAccounts, findOpenConsents, findOpenSessions } from "./store-access.ts";

/** What is lost is rare, and a look takes one statement for five hundred who listen. */
const EVERY_MS = 5 * 60_000;

/** By what access somebody listens; null for what is open to all. */
export interface Reviewed {
  readonly access: {
    readonly account: number;
    readonly session: number | null;
    readonly consent: number | null;
  } | null;
  end(): void;
}

/** Which roles need a second factor; what else changes with the settings is of no matter. */
export interface SecondFactorRule {
  requiring(): readonly Role[];
  /** Calls back after every change of a setting; gives how to stop. */
  onChange(heard: () => void): () => void;
}

/** Looks now and then, and as soon as more people need a second factor; gives how to stop. */
export function startReviews(deps: {
  readonly db: Db;
  readonly now: Now;
  readonly log: Log;
  readonly ears: Iterable<Reviewed>;
  readonly rule: SecondFactorRule;
}): () => void {
  const { db, now, log, ears, rule } = deps;
  const look = (): void => {
    endOver(db, ears, now(), rule.requiring()).catch((error) =>
      log.error("Whether those who listen still may could not be asked", error),
    );
  };
  let before = rule.requiring().length;
  const stopListening = rule.onChange(() => {
    const { length } = rule.requiring();
    if (length > before) look();
    before = length;
  });
  const timer = setInterval(look, EVERY_MS);
  timer.unref();
  return () => {
    stopListening();
    clearInterval(timer);
  };
}

/** Ends those whose account is closed, whose consent was withdrawn, whose session is over, or who lack a second factor. */
export async function endOver(
  db: Db,
  ears: Iterable<Reviewed>,
  nowMs: number,
  requiring: readonly Role[],
): Promise<void> {
  const all = [...ears].flatMap((ear) => (ear.access === null ? [] : { ear, access: ear.access }));
  const keysOf = (of: (access: NonNullable<Reviewed["access"]>) => number | null) => [
    ...new Set(all.flatMap(({ access }) => of(access) ?? [])),
  ];
  const [accounts, consents, sessions] = await Promise.all([
    findActiveAccounts(
      db,
      keysOf(({ account }) => account),
    ),
    findOpenConsents(
      db,
      keysOf(({ consent }) => consent),
      requiring,
    ),
    findOpenSessions(
      db,
      keysOf(({ session }) => session),
      nowMs,
      requiring,
    ),
  ]);
  for (const { ear, access } of all) {
    const { account, consent, session } = access;
    const isGood =
      accounts.has(account) &&
      (consent === null || consents.has(consent)) &&
      (session === null || sessions.has(session));
    if (!isGood) ear.end();
  }
}
