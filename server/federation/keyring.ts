/** Public keys of actors elsewhere: remembered, stored, fetched when unknown, and not asked for too often. */

import { createBuckets } from "../lib/buckets.ts";
import { type Now, steady } from "../lib/clock.ts";
import { DAY_MS, HOUR_MS } from "../lib/durations.ts";
import { createLru } from "../lib/lru.ts";
import { hostOf } from "../lib/url.ts";
import { importPublicPem, type VerifyKey } from "../signatures/keys.ts";
import { type FetchKey, isKeyFailure, type KeyFailure, type RemoteKey } from "./fetch-key.ts";

/** A key that can be verified with. */
export interface KnownKey extends RemoteKey {
  readonly verifyKey: VerifyKey;
  readonly isStored: boolean;
}

export interface Keyring {
  /** The key named by a signature: from memory, from the store, or fetched. */
  find(iri: string): Promise<KnownKey | KeyFailure>;
  /** The key fetched anew because it did not verify; null where it was asked for a moment ago, or is not had. */
  findNewer(iri: string): Promise<KnownKey | null>;
  /** Stores a key once it has verified something, at the latest when its actor is known. */
  keep(key: KnownKey): Promise<void>;
  /** Forgets the actor's keys in memory, because its document has changed. */
  forget(actorIri: string): void;
}

/** About 5 MB. An inbox that hears from more actors than that in a day reads the store again. */
const MAX_KEYS = 2_000;
/** About 2 MB. */
const MAX_FAILURES = 10_000;
/** A revoked key is believed no longer than that. */
const KEY_GOOD_FOR_MS = 7 * DAY_MS;
/** How long a failure is answered from memory. Gone is for good; a peer that restarts is back in a minute. */
const FAILURE_KEPT_MS: Readonly<Record<KeyFailure["failure"], number>> = {
  gone: HOUR_MS,
  missing: 5 * 60_000,
  unclaimed: 5 * 60_000,
  unavailable: 60_000,
};
/** A key that does not verify is fetched anew at most that often. */
const REFETCH_RATE = { burst: 1, everyMs: 60_000 };
/** Fetches that fail, by host: whoever invents key ids cannot make us knock at somebody's door all day. */
const FAILING_RATE = { burst: 30, everyMs: 2_000 };
/**
 * Keys of one host that are fetched at one time, of which nobody knows yet how many fail; all that do are counted. A post
 * that many like at once: the last of them waits some seconds, and the servers of the others send again.
 */
const MAX_UNDER_WAY = 60;

export function createKeyring(deps: {
  readonly now: Now;
  readonly fetchKey: FetchKey;
  readonly findKey: (iri: string) => Promise<RemoteKey | null>;
  /** Stores the key and tells whether it could: only an actor that is known has keys in the store. */
  readonly saveKey: (key: RemoteKey) => Promise<boolean>;
  /** Removes a key from the store because its origin no longer has it. */
  readonly dropKey: (iri: string) => Promise<void>;
}): Keyring {
  const { now } = deps;
  const passed = steady(now);
  const known = createLru<KnownKey>(MAX_KEYS);
  const failures = createLru<KeyFailure & { untilMs: number }>(MAX_FAILURES);
  const refetches = createBuckets({ now, rate: REFETCH_RATE });
  const failing = createBuckets({ now, rate: FAILING_RATE });
  const running = new Map<string, Promise<KnownKey | KeyFailure>>();
  const underWay = new Map<string, number>();

  async function find(iri: string): Promise<KnownKey | KeyFailure> {
    const remembered = known.get(iri) ?? (await stored(iri));
    const isOver = remembered !== null && hasEnded(remembered);
    if (remembered && !isOver && now() - remembered.fetchedMs < KEY_GOOD_FOR_MS) return remembered;
    const failure = failures.get(iri);
    const fetched = failure && failure.untilMs > passed() ? failure : await fetchOnce(iri);
    // An old key is better than none while its server does not answer.
    if (remembered && !isOver && "failure" in fetched && fetched.failure === "unavailable") return remembered;
    return fetched;
  }

  /** Its actor said when it would. */
  const hasEnded = ({ expiresMs }: RemoteKey): boolean => expiresMs !== null && expiresMs <= now();

  async function stored(iri: string): Promise<KnownKey | null> {
    const key = await deps.findKey(iri);
    return key && remember({ ...key, verifyKey: await importPublicPem(key.publicPem), isStored: true });
  }

  function fetchOnce(iri: string): Promise<KnownKey | KeyFailure> {
    const already = running.get(iri);
    if (already) return already;
    const work = fetchLimited(iri).finally(() => running.delete(iri));
    running.set(iri, work);
    return work;
  }

  async function fetchLimited(iri: string): Promise<KnownKey | KeyFailure> {
    const host = hostOf(iri) ?? "";
    const count = underWay.get(host) ?? 0;
    if (count >= MAX_UNDER_WAY) return unavailable(`Too many keys of ${host} are being fetched.`);
    if (!failing.has(host)) return unavailable(`Too many keys of ${host} could not be fetched of late.`);
    underWay.set(host, count + 1);
    try {
      refetches.take(iri);
      const fetched = await deps.fetchKey(iri);
      return isKeyFailure(fetched) ? await failed(iri, host, fetched) : await found(iri, fetched);
    } finally {
      const left = (underWay.get(host) ?? 1) - 1;
      if (left === 0) underWay.delete(host);
      else underWay.set(host, left);
    }
  }

  async function failed(iri: string, host: string, failure: KeyFailure): Promise<KeyFailure> {
    failing.charge(host);
    failures.set(iri, { ...failure, untilMs: passed() + FAILURE_KEPT_MS[failure.failure] });
    if (failure.failure !== "unavailable") await drop(iri);
    return failure;
  }

  async function found(iri: string, key: RemoteKey): Promise<KnownKey> {
    failures.delete(iri);
    return remember({ ...key, verifyKey: await importPublicPem(key.publicPem), isStored: false });
  }

  /** Taken back by its actor: not even what we had of it is believed any longer. */
  async function drop(iri: string): Promise<void> {
    known.delete(iri);
    await deps.dropKey(iri);
  }

  function remember(key: KnownKey): KnownKey {
    known.set(key.iri, key);
    return key;
  }

  return {
    find,
    async findNewer(iri) {
      if (!refetches.take(iri).allowed) return null;
      const newer = await fetchOnce(iri);
      return "failure" in newer ? null : newer;
    },
    async keep(key) {
      if (key.isStored) return;
      const { verifyKey: _, isStored: __, ...toStore } = key;
      if (await deps.saveKey(toStore)) remember({ ...key, isStored: true });
    },
    forget(actorIri) {
      known.deleteWhere((key) => key.actorIri === actorIri);
    },
  };
}

const unavailable = (reason: string): KeyFailure => ({ failure: "unavailable", reason });
