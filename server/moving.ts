/** Puts together what people need who move in or out: their other accounts, and the lists that they take along. */
import type { Entity } from "./core/entity.ts";
import type { Federation } from "./federate.ts";
import { type Belongings, createBelongings } from "./federation/belongings.ts";
import { createMoving, type Moving } from "./federation/moving.ts";
import { parseHandle } from "./federation/webfinger.ts";
import type { JobKind } from "./jobs/job.ts";
import type { Now } from "./lib/clock.ts";
import type { Opened } from "./open.ts";
import type { Peace } from "./peace.ts";

export interface House {
  readonly moving: Moving;
  readonly belongings: Belongings;
  readonly jobs: Readonly<Record<string, JobKind>>;
}

export function createHouse(deps: { opened: Opened; federation: Federation; peace: Peace; now: Now }): House {
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
  return { moving: createMoving({ core, look, now, find }), belongings, jobs: { carry: belongings.job } };
}
