/** Everything that reads, over one house of a village. */
import { createAddresses } from "../core/addresses.ts";
import type { Extension } from "../core/behaviour.ts";
import { createRegistry } from "../core/registry.ts";
import type { Now } from "../lib/clock.ts";
import { createLog, type Log } from "../lib/log.ts";
import { createArrivals } from "../queries/arrivals.ts";
import { createCollections } from "../queries/collection.ts";
import { createLiveReads } from "../queries/live.ts";
import { createNotices } from "../queries/notices.ts";
import { createPeople } from "../queries/people.ts";
import { PLAIN_PICTURES } from "../queries/pictures.ts";
import { createRelationships } from "../queries/relationship.ts";
import { createSieves } from "../queries/sifting.ts";
import { createThreads } from "../queries/thread.ts";
import { createTimelines } from "../queries/timeline.ts";
import { createViews } from "../queries/views.ts";
import type { Db } from "../storage/db.ts";
import { vocabularies } from "../vocab/index.ts";
import type { House } from "./village.ts";

/** `clean` leaves HTML as it is unless told otherwise: what is tested is what views do with it. */
export function readingOf(
  house: House,
  now: Now,
  options: {
    readonly extensions?: readonly Extension[];
    readonly clean?: (html: string) => string;
    /** Stands before the house's own, to listen in. */
    readonly db?: Db;
    readonly log?: Log;
  } = {},
) {
  const registry = createRegistry([...vocabularies, ...(options.extensions ?? [])]);
  const addresses = createAddresses(house.origin);
  const db = options.db ?? house.db;
  const clean = options.clean ?? ((html: string) => html);
  const views = createViews({
    db,
    registry,
    addresses,
    now,
    log: options.log ?? createLog({ now, level: "error", form: "text", write: console.error }),
    clean,
    pictures: PLAIN_PICTURES,
    language: "en",
  });
  const sieveFor = createSieves({ now });
  const notices = createNotices({ db, now, views, sieveFor, pictures: PLAIN_PICTURES });
  return {
    views,
    timelines: createTimelines({ db, registry, views, sieveFor }),
    threads: createThreads({ db, views, sieveFor }),
    people: createPeople({ db, addresses, views }),
    notices,
    live: createLiveReads({ db, now, addresses, registry, views, notices, sieveFor }),
    collections: createCollections({ db }),
    arrivals: createArrivals({ db, registry, now }),
    relationships: createRelationships({ db }),
  };
}
