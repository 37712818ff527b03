/** NodeInfo 2.1 (FEP-f1d5): what this server is, in numbers that say nothing about anybody. */
import type { Now } from "../lib/clock.ts";
import type { Db } from "../storage/db.ts";
import { countLocal } from "./store.ts";

const DAY_MS = 24 * 60 * 60_000;
/** Crawlers ask often; the numbers may be that old. */
const FRESH_FOR_MS = 10 * 60_000;

export interface Nodeinfo {
  /** `/.well-known/nodeinfo`. */
  links(): object;
  /** `/nodeinfo/2.1`. */
  document(): Promise<object>;
}

export function createNodeinfo(deps: {
  db: Db;
  now: Now;
  origin: string;
  version: string;
  site: () => { name: string; description: string; isOpen: boolean };
}): Nodeinfo {
  let counted: { atMs: number; counts: Awaited<ReturnType<typeof countLocal>> } | null = null;

  async function counts() {
    const nowMs = deps.now();
    if (counted === null || counted.atMs + FRESH_FOR_MS <= nowMs) {
      counted = {
        atMs: nowMs,
        counts: await countLocal(deps.db, [nowMs - 30 * DAY_MS, nowMs - 180 * DAY_MS]),
      };
    }
    return counted.counts;
  }

  return {
    links: () => ({
      links: [
        { rel: "http://nodeinfo.diaspora.software/ns/schema/2.1", href: `${deps.origin}/nodeinfo/2.1` },
        { rel: "https://www.w3.org/ns/activitystreams#Application", href: `${deps.origin}/users/commons` },
      ],
    }),
    async document() {
      const { people, activeMonth, activeHalfYear, posts } = await counts();
      const { name, description, isOpen } = deps.site();
      return {
        version: "2.1",
        software: { name: "commons", version: deps.version },
        protocols: ["activitypub"],
        services: { inbound: [], outbound: [] },
        openRegistrations: isOpen,
        usage: { users: { total: people, activeMonth, activeHalfyear: activeHalfYear }, localPosts: posts },
        metadata: { nodeName: name, nodeDescription: description },
      };
    },
  };
}
