/** Puts together what people need who move in or out: their other accounts, and the lists that they take along. */
import type { Entity } from "./core/entity.ts";
import type { AsObject } from "./core/object.ts";
import type { Federation } from "./federate.ts";
import { type Archives, createArchives } from "./federation/archive.ts";
import { type Belongings, createBelongings } from "./federation/belongings.ts";
import { createMoving, type Moving } from "./federation/moving.ts";
import { parseHandle } from "./federation/webfinger.ts";
import type { JobKind } from "./jobs/job.ts";
import { daily, type Task } from "./jobs/schedule.ts";
import type { Now } from "./lib/clock.ts";
import type { JsonObject } from "./lib/json.ts";
import type { Blobs } from "./media/blobs.ts";
import type { Opened } from "./open.ts";
import type { Peace } from "./peace.ts";

export interface House {
  readonly moving: Moving;
  readonly belongings: Belongings;
  readonly archives: Archives;
  readonly tasks: readonly Task[];
  readonly jobs: Readonly<Record<string, JobKind>>;
}

/** An hour when few schools are awake anywhere near. */
const QUIET_HOUR_UTC = 3;

export function createHouse(deps: {
  opened: Opened;
  federation: Federation;
  peace: Peace;
  now: Now;
  blobs: Blobs;
  publish: (object: AsObject) => JsonObject;
  /** Where archives lie until they are fetched. */
  folder: string;
}): House {
  const { opened, now } = deps;
  const { db, addresses, queue, tastes } = opened;
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
    look,
    queue,
    now,
    blobs: deps.blobs,
    folder: deps.folder,
    publisher: deps.federation.publisher,
    publish: deps.publish,
    belongings,
  });
  return {
    moving: createMoving({ core, look, now, find }),
    belongings,
    archives,
    tasks: [{ name: "sweep-archives", next: daily(QUIET_HOUR_UTC), run: archives.sweep }],
    jobs: { carry: belongings.job, archive: archives.job },
  };
}
