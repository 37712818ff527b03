/** NodeInfo 2.0 and 2.1 (FEP-f1d5): what this server is, in numbers that say nothing about anybody. */
import { type Now, steady } from "../lib/clock.ts";
import { DAY_MS } from "../lib/durations.ts";
import type { Db } from "../storage/db.ts";
import { countLocal } from "./store.ts";

/** Crawlers ask often; the numbers may be that old. */
const FRESH_FOR_MS = 10 * 60_000;

export const NODEINFO_VERSIONS = ["2.0", "2.1"] as const;
export type NodeinfoVersion = (typeof NODEINFO_VERSIONS)[number];

export interface Nodeinfo {
  /** `/.well-known/nodeinfo`. */
  links(): object;
  /** `/nodeinfo/2.1`, and 2.0 for programs that know no other. */
  document(version: NodeinfoVersion): Promise<object>;
  /** People and posts that live here; some minutes old. */
  counts(): Promise<LocalCounts>;
}

export type LocalCounts = Awaited<ReturnType<typeof countLocal>>;

export function createNodeinfo(deps: {
  db: Db;
  now: Now;
  origin: string;
  version: string;
  /** `sourceUrl` is empty where nobody has said. */
  site: () => { name: string; description: string; isOpen: boolean; sourceUrl: string };
}): Nodeinfo {
  const passed = steady(deps.now);
  let counted: { atMs: number; counts: LocalCounts } | null = null;

  async function counts(): Promise<LocalCounts> {
    const nowMs = deps.now();
    const atMs = passed();
    if (counted === null || counted.atMs + FRESH_FOR_MS <= atMs) {
      counted = {
        atMs,
        counts: await countLocal(deps.db, [nowMs - 30 * DAY_MS, nowMs - 180 * DAY_MS]),
      };
    }
    return counted.counts;
  }

  return {
    counts,
    links: () => ({
      links: [
        ...NODEINFO_VERSIONS.toReversed().map((version) => ({
          rel: `http://nodeinfo.diaspora.software/ns/schema/${version}`,
          href: `${deps.origin}/nodeinfo/${version}`,
        })),
        { rel: "https://www.w3.org/ns/activitystreams#Application", href: `${deps.origin}/users/commons` },
      ],
    }),
    async document(version) {
      const { people, activeMonth, activeHalfYear, posts } = await counts();
      const { name, description, isOpen, sourceUrl } = deps.site();
      // Only 2.1 has room for it.
      const repository = version === "2.1" && sourceUrl !== "" ? { repository: sourceUrl } : {};
      return {
        version,
        software: { name: "commons", version: deps.version, ...repository },
        protocols: ["activitypub"],
        services: { inbound: [], outbound: [] },
        openRegistrations: isOpen,
        usage: { users: { total: people, activeMonth, activeHalfyear: activeHalfYear }, localPosts: posts },
        // Some programs speak only to names that they know, and to what says whose API it has.
        metadata: { nodeName: name, nodeDescription: description, upstream: { name: "mastodon" } },
      };
    },
  };
}
