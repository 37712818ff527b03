/** Whether another server is let in: the switch and the rules, in memory, the same on every node. */
import type { Log } from "../lib/log.ts";
import type { Db } from "../storage/db.ts";
import { follow } from "../storage/follow.ts";
import { type FederationMode, refuses, type Verdict, verdictFor } from "./rules.ts";
import { findStamp, findVerdicts } from "./store-rules.ts";

export interface Gate {
  mode(): FederationMode;
  /** Why nothing is taken from this (normalised) host, sent to it or fetched from it; null where it is welcome. */
  refusal(host: string): string | null;
  isRefused(host: string): boolean;
  /** Not in public lists, and followers from there wait for consent. */
  isLimited(host: string): boolean;
  /** Nor from a host that is refused. */
  takesMedia(host: string): boolean;
  takesReports(host: string): boolean;
  /** Grows with every change: what was made by older rules is made anew. */
  version(): number;
  /** Reads the rules again where another process (the command line beside SQLite) has changed them. */
  catchUp(): Promise<void>;
  /** After the rules were changed here: reads them, and tells the other nodes. */
  tell(): Promise<void>;
  stop(): void;
}

const CHANNEL = "domain-rules";

export async function createGate(deps: {
  db: Db;
  log: Log;
  mode: () => FederationMode;
  /** Calls back after every change of the settings; gives how to stop. */
  onModeChange: (heard: () => void) => () => void;
}): Promise<Gate> {
  const { db, log, mode } = deps;
  let rules: ReadonlyMap<string, Verdict> = new Map();
  let stamp: Awaited<ReturnType<typeof findStamp>>;
  let version = 0;

  async function read(): Promise<void> {
    stamp = await findStamp(db);
    rules = await findVerdicts(db);
    version++;
  }
  const followed = await follow({ db, log, channel: CHANNEL, read });
  const stopMode = deps.onModeChange(() => void version++);

  const isRefused = (host: string): boolean => refuses(mode(), verdictFor(rules, host));

  return {
    mode,
    isRefused,
    refusal(host) {
      if (!isRefused(host)) return null;
      switch (mode()) {
        case "closed":
          return "This server is closed: it exchanges nothing with other servers.";
        case "partners":
          return host === ""
            ? "This server exchanges things with its partners alone. Sign the request as one of them."
            : `This server exchanges things with its partners alone, and ${host} is none of them.`;
        default:
          return `This server takes nothing from ${host} and sends nothing there.`;
      }
    },
    isLimited: (host) => verdictFor(rules, host)?.level === "limit",
    takesMedia: (host) => !isRefused(host) && verdictFor(rules, host)?.noMedia !== true,
    takesReports: (host) => verdictFor(rules, host)?.noReports !== true,
    version: () => version,
    async catchUp() {
      if ((await findStamp(db)) !== stamp) await followed.again();
    },
    tell: followed.tell,
    stop() {
      stopMode();
      followed.stop();
    },
  };
}
