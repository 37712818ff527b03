/** Digests of an actor's followers, one for each server that they live at (FEP-8fcf). */
import { hash } from "node:crypto";
import { type Now, steady } from "../lib/clock.ts";
import { createLru } from "../lib/lru.ts";
import { originOf } from "../lib/url.ts";
import type { Db } from "../storage/db.ts";
import { countFollowers, findFollowerIris } from "./store-followers.ts";

/** Mastodon goes no further either: reading and hashing them all takes a tenth of a second by then. */
export const MAX_SYNCHRONISED = 25_000;
const DIGEST_BYTES = 32;
/** The digest of nobody. */
export const NO_FOLLOWERS = "0".repeat(2 * DIGEST_BYTES);

/** One post to a thousand servers asks a thousand times; what is a little old costs one needless question. */
const KEPT_FOR_MS = 60_000;
/** How long their number is believed: where another follows or goes, the digests are made anew after so long. */
const COUNTED_FOR_MS = 1_000;
/** Actors whose digests are kept: about 100 bytes for each of their servers. */
const MAX_ACTORS = 200;

type Digests = ReadonlyMap<string, string> | null;

export interface FollowerDigests {
  /** `origin → digest`, hexadecimal; null where there are more than `MAX_SYNCHRONISED` followers in all. */
  of(actor: number): Promise<Digests>;
}

export function createFollowerDigests(deps: { db: Db; now: Now }): FollowerDigests {
  const { db } = deps;
  const now = steady(deps.now);
  const kept = createLru<{
    readonly total: number;
    countedMs: number;
    readonly atMs: number;
    readonly digests: Digests;
  }>(MAX_ACTORS);
  /** Being looked at: the first letters of a post leave together, and one of them asks for all. */
  const asked = new Map<number, Promise<Digests>>();

  async function look(actor: number): Promise<Digests> {
    const nowMs = now();
    const known = kept.get(String(actor));
    const total = await countFollowers(db, actor);
    if (known && known.total === total && nowMs - known.atMs < KEPT_FOR_MS) {
      known.countedMs = nowMs;
      return known.digests;
    }
    const digests = total > MAX_SYNCHRONISED ? null : digestsOf(await findFollowerIris(db, actor));
    kept.set(String(actor), { total, countedMs: nowMs, atMs: nowMs, digests });
    return digests;
  }

  return {
    async of(actor) {
      const known = kept.get(String(actor));
      if (known && now() - known.countedMs < COUNTED_FOR_MS) return known.digests;
      const asking = asked.get(actor) ?? look(actor).finally(() => asked.delete(actor));
      asked.set(actor, asking);
      return asking;
    },
  };
}

/** The XOR of the SHA-256 of each address (FEP-8fcf "Partial follower collection digest"), by origin. */
export function digestsOf(iris: readonly string[]): Map<string, string> {
  const sums = new Map<string, Buffer>();
  /** Reading an address takes longer than hashing it, and most begin alike. */
  const byStart = new Map<string, Buffer | null>();
  for (const iri of iris) {
    const start = iri.slice(0, iri.indexOf("/", LONGEST_SCHEME));
    let sum = byStart.get(start);
    if (sum === undefined) {
      sum = sumOf(sums, originOf(iri));
      byStart.set(start, sum);
    }
    if (sum === null) continue;
    const digest = hash("sha256", iri, "buffer");
    for (let at = 0; at < DIGEST_BYTES; at++) sum[at] = (sum[at] ?? 0) ^ (digest[at] ?? 0);
  }
  return new Map([...sums].map(([origin, sum]) => [origin, sum.toString("hex")]));
}

/** `https://` */
const LONGEST_SCHEME = 8;

function sumOf(sums: Map<string, Buffer>, origin: string | null): Buffer | null {
  if (origin === null) return null;
  const sum = sums.get(origin) ?? Buffer.alloc(DIGEST_BYTES);
  sums.set(origin, sum);
  return sum;
}
