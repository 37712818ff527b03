/** What the administration pages show of the machine room: queue, peers, disk, backup, warnings. */
import { statfs } from "node:fs/promises";
import type { Operations } from "../web/operations.ts";
import type { PeerRow } from "../web/pages/admin/peers.ts";
import { countLocal, countPeers } from "./federation/store.ts";
import { countJobs, discard, findFailed, retryNow } from "./jobs/store.ts";
import type { Now } from "./lib/clock.ts";
import { fromIso } from "./lib/clock.ts";
import { DAY_MS } from "./lib/durations.ts";
import { timeOfKey } from "./lib/id.ts";
import type { Log } from "./lib/log.ts";
import type { PictureCache } from "./media/cache.ts";
import type { Opened } from "./open.ts";
import type { Queries } from "./queries/queries.ts";
import type { PeerView } from "./queries/view.ts";
import type { Config } from "./settings.ts";

const FAILED_SHOWN = 50;
const STATES = { fine: "fine", failing: "slow", paused: "dead", gone: "gone", held: "held" } as const;

export function createOperations(deps: {
  opened: Opened;
  queries: Queries;
  config: Config;
  log: Log;
  now: Now;
  startedMs: number;
  backup: Operations["backup"];
  pictures: PictureCache;
}): Operations {
  const { db } = deps.opened;
  const { now } = deps;

  return {
    startedMs: deps.startedMs,
    backup: deps.backup,

    async media() {
      const [figures, disk] = await Promise.all([
        deps.pictures.figures(),
        statfs(deps.config.dataDir).catch(() => null),
      ]);
      return { ...figures, freeDiskBytes: disk && disk.bavail * disk.bsize };
    },

    clearMedia: deps.pictures.clear,

    async figures() {
      const nowMs = now();
      const [local, peers, jobs, disk, backup, databaseBytes] = await Promise.all([
        countLocal(db, [nowMs - 30 * DAY_MS, nowMs - 180 * DAY_MS]),
        countPeers(db),
        countJobs(db),
        statfs(deps.config.dataDir).catch(() => null),
        deps.backup(),
        db.sizeBytes(),
      ]);
      // What only waits for its time is not late.
      const due = jobs.filter(({ kind }) => kind !== "schedule" && kind !== "rest");
      const oldest = due.flatMap((kind) => (kind.oldest === null ? [] : [timeOfKey(kind.oldest)]));
      return {
        people: local.people,
        activePeople: local.activeMonth,
        posts: local.posts,
        peers: peers.known,
        peersFailing: peers.failing,
        jobsWaiting: due.reduce((sum, { waiting }) => sum + waiting, 0),
        oldestJobMs: oldest.length === 0 ? null : Math.min(...oldest),
        databaseBytes,
        freeDiskBytes: disk && disk.bavail * disk.bsize,
        lastBackupMs: backup.lastCopyMs ?? backup.lastFullMs,
      };
    },

    async jobs() {
      const [kinds, failed] = await Promise.all([countJobs(db), findFailed(db, { limit: FAILED_SHOWN })]);
      return {
        kinds: kinds.map(({ oldest, ...kind }) => ({
          ...kind,
          oldestMs: oldest === null ? null : timeOfKey(oldest),
        })),
        failed: failed.map((job) => ({
          id: String(job.key),
          kind: job.kind,
          subject: job.lane,
          error: job.lastError ?? "",
          tries: job.tries,
          timeMs: timeOfKey(job.key),
        })),
      };
    },

    async retryJob(key) {
      await db.batch([retryNow(key, now())]);
    },

    async discardJob(key) {
      await db.batch([discard(key)]);
    },

    async peers(after, isTroubled) {
      const { peers, next } = await deps.queries.peers(after ?? undefined, isTroubled);
      return { next, rows: peers.map(peerRow) };
    },

    async peer(host) {
      const peer = await deps.queries.peer(host);
      return peer && peerRow(peer);
    },

    warnings: () =>
      deps.log.lastWarnings().map(({ time, level, message, ...detail }) => ({
        level: level === "error" ? "error" : "warn",
        timeMs: fromIso(time) ?? 0,
        message,
        detail: Object.entries(detail)
          .map(([name, value]) => `${name}=${String(value)}`)
          .join(" "),
      })),
  };
}

const peerRow = ({ state, pausedUntilMs, arrivedMs, ...peer }: PeerView): PeerRow => ({
  ...peer,
  software: null,
  state: STATES[state],
  lastArrivedMs: arrivedMs,
  nextTryMs: pausedUntilMs,
});
