/** Puts together what people need who move in or out: their other accounts, and the lists that they take along. */
import { join } from "node:path";
import type { Groups } from "./accounts/groups.ts";
import { createLeaving, type Leaving } from "./accounts/leaving.ts";
import type { Entity } from "./core/entity.ts";
import type { AsObject } from "./core/object.ts";
import type { Federation } from "./federate.ts";
import { type Archives, createArchives } from "./federation/archive.ts";
import { type Belongings, createBelongings } from "./federation/belongings.ts";
import { createMoving, type Moving } from "./federation/moving.ts";
import { parseHandle } from "./federation/webfinger.ts";
import type { JobKind } from "./jobs/job.ts";
import type { Now } from "./lib/clock.ts";
import { HOUR_MS } from "./lib/durations.ts";
import type { JsonObject } from "./lib/json.ts";
import type { Log } from "./lib/log.ts";
import type { Blobs } from "./media/blobs.ts";
import type { Opened } from "./open.ts";
import type { Peace } from "./peace.ts";
import type { Config } from "./settings.ts";

export interface House {
  readonly moving: Moving;
  readonly belongings: Belongings;
  readonly archives: Archives;
  readonly leaving: Leaving;
  readonly jobs: Readonly<Record<string, JobKind>>;
  /** Removes the archives of this node that are over, now and every so often: no other node sees them. */
  start(): void;
  stop(): Promise<void>;
}

/** An archive of somebody's whole life lies here no longer than that beyond its time. */
const SWEEP_EVERY_MS = HOUR_MS;

export function createHouse(deps: {
  opened: Opened;
  federation: Federation;
  peace: Peace;
  groups: Groups;
  config: Pick<Config, "dataDir">;
  now: Now;
  log: Log;
  blobs: Blobs;
  publish: (object: AsObject) => JsonObject;
}): House {
  const { opened, now, log } = deps;
  const { db, registry, addresses, queue, tastes } = opened;
  const { core, look, webfinger } = deps.federation;
  const ourHost = new URL(addresses.origin).host;

  async function find(written: string): Promise<Entity | null> {
    if (/^https?:\/\//.test(written.trim())) return look.fetch(written.trim());
    const handle = parseHandle(written);
    if (handle === null) return null;
    if (handle.host === ourHost) return look.find(addresses.actor(handle.name));
    const iri = await webfinger.actorOf(`${handle.name}@${handle.host}`);
    return iri === null ? null : look.fetch(iri);
  }

  const belongings = createBelongings({
    db,
    core,
    look,
    addresses,
    queue,
    now,
    find,
    hosts: tastes.hosts,
    avoidHost: deps.peace.avoiding.avoidHost,
  });
  const archives = createArchives({
    db,
    registry,
    look,
    queue,
    now,
    blobs: deps.blobs,
    folder: join(deps.config.dataDir, "archives"),
    publisher: deps.federation.publisher,
    publish: deps.publish,
    belongings,
  });

  let sweeping: Promise<void> = Promise.resolve();
  const sweep = (): void => {
    sweeping = sweeping
      .then(archives.sweep)
      .catch((error) => log.error("Archives that are over could not be removed", error));
  };
  let timer: ReturnType<typeof setInterval> | undefined;
  return {
    moving: createMoving({ core, look, now, find }),
    belongings,
    archives,
    leaving: createLeaving({ db, now, core, look, groups: deps.groups, people: opened.accounts.people }),
    jobs: { carry: belongings.job, archive: archives.job },
    start() {
      sweep();
      timer = setInterval(sweep, SWEEP_EVERY_MS);
      timer.unref();
    },
    async stop() {
      clearInterval(timer);
      await sweeping;
    },
  };
}
