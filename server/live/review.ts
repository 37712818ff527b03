/** Ends what is open by access that is over and of which no word came: between nodes a word can be lost. */
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

/** Looks now and then; gives how to stop. */
export function startReviews(deps: {
  readonly db: Db;
  readonly now: Now;
  readonly log: Log;
  readonly ears: Iterable<Reviewed>;
}): () => void {
  const timer = setInterval(() => {
    endOver(deps.db, deps.ears, deps.now()).catch((error) =>
      deps.log.error("Whether those who listen still may could not be asked", error),
    );
  }, EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/** Ends those whose account is closed, whose consent was withdrawn, or whose session is over. */
export async function endOver(db: Db, ears: Iterable<Reviewed>, nowMs: number): Promise<void> {
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
    ),
    findOpenSessions(
      db,
      keysOf(({ session }) => session),
      nowMs,
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
