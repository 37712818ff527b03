/** A few cores that know each other without a network, for tests of behaviours: what one delivers the others receive. */

import { newActor } from "../core/actors.ts";
import { createAddresses } from "../core/addresses.ts";
import { withoutHidden } from "../core/audience.ts";
import type { Extension, Look } from "../core/behaviour.ts";
import type { Entity } from "../core/entity.ts";
import { createListeners } from "../core/listeners.ts";
import { createLook } from "../core/look.ts";
import { type AsObject, id } from "../core/object.ts";
import { type Core, createCore, type Outcome } from "../core/process.ts";
import { createRegistry } from "../core/registry.ts";
import { createResolve } from "../core/resolve.ts";
import * as store from "../core/store.ts";
import { heldClock } from "../lib/clock.ts";
import { createKeys } from "../lib/id.ts";
import { createLog } from "../lib/log.ts";
import { raw } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";
import { vocabularies } from "../vocab/index.ts";
import { pooledKeyPair } from "./key-pairs.ts";

export interface House {
  readonly origin: string;
  readonly db: Db;
  readonly core: Core;
  readonly look: Look;
  /** Makes a person; gives the key and address of the actor. */
  person(name: string): Promise<{ key: number; iri: string }>;
  /** Makes a group with these properties, which `owner` owns and is in. */
  group(
    name: string,
    owner: { key: number; iri: string },
    properties?: AsObject,
  ): Promise<{ key: number; iri: string }>;
  /** Asks the origin of what is known again. */
  refresh(iri: string): Promise<Entity | null>;
  /** The total of a collection of the thing at this address. */
  total(iri: string, collection: string): Promise<number>;
  /** Outcomes of what came in, oldest first. */
  readonly outcomes: Outcome[];
  /** Jobs that were asked for, `kind` and payload. */
  readonly jobs: { kind: string; payload: unknown }[];
}

export interface Village {
  house(origin: string): House;
  /** Carries everything that waits to where it goes, until nothing waits. */
  settle(): Promise<void>;
  readonly clock: ReturnType<typeof heldClock>;
}

/** `dbs` gives each house a fresh migrated database, `extensions` what each speaks besides the built-in vocabularies. */
export async function village(
  dbs: Readonly<Record<string, Db>>,
  extensions: Readonly<Record<string, readonly Extension[]>> = {},
): Promise<Village> {
  const clock = heldClock();
  const houses = new Map<string, House>();
  const post: { from: House; activity: number; inbox: string }[] = [];

  for (const [origin, db] of Object.entries(dbs)) houses.set(origin, createHouse(origin, db));

  function createHouse(origin: string, db: Db): House {
    const log = createLog({ now: clock.now, level: "error", form: "text", write: console.error });
    const addresses = createAddresses(origin);
    const registry = createRegistry([...vocabularies, ...(extensions[origin] ?? [])]);
    const keys = createKeys({ now: clock.now });
    const jobs: { kind: string; payload: unknown }[] = [];
    const enqueue = (job: { kind: string; payload: unknown }) => {
      jobs.push(job);
      return raw("SELECT 1 AS done");
    };
    const resolve = createResolve({
      db,
      registry,
      addresses,
      keys,
      now: clock.now,
      enqueue,
      async fetchRemote(iri) {
        const document = await documentAt(iri);
        const handle = document?.preferredUsername;
        return document && { document, handle: handle ? `${handle}@${new URL(iri).host}` : null };
      },
    });
    const look = createLook({ db, addresses, registry, fetch: resolve.fetch, refresh: resolve.refresh });
    const core = createCore({
      db,
      registry,
      addresses,
      keys,
      now: clock.now,
      look,
      listeners: createListeners(log),
      clean: (html) => html,
      enqueue,
      deliver(activity, to) {
        for (const inbox of to.flatMap(({ inboxes }) => inboxes)) post.push({ from: house, activity, inbox });
        return [];
      },
      reached: async () => [],
      acquainted: async () => [],
      policy: async () => null,
    });
    const house: House = {
      origin,
      db,
      core,
      look,
      outcomes: [],
      jobs,
      async person(name) {
        const made = await newActor(
          { addresses, keys, now: clock.now, makeKeyPair: pooledKeyPair },
          { name, displayName: name, type: "Person" },
        );
        await db.batch(made.statements);
        return made;
      },
      async group(name, owner, properties = {}) {
        const moderators = `${addresses.actor(name)}/moderators`;
        const made = await newActor(
          { addresses, keys, now: clock.now, makeKeyPair: pooledKeyPair },
          { name, displayName: name, type: "Group", properties: { attributedTo: moderators, ...properties } },
        );
        await db.batch(made.statements);
        await core.act(made.key, { type: "Add", object: owner.iri, target: `${made.iri}/owners` });
        await core.act(owner.key, { type: "Follow", object: made.iri });
        if (await look.isMember(made.key, "requests", owner.key)) {
          const asked = await look.causeOf(made.key, "requests", owner.key);
          const follow = asked === null ? null : await look.byKey(asked);
          await core.act(made.key, { type: "Accept", object: follow?.iri ?? "", to: [owner.iri] });
        }
        return made;
      },
      refresh: resolve.refresh,
      async total(iri, collection) {
        const entity = await look.find(iri);
        const totals = await store.findTotals(db, [entity?.key ?? 0], [collection]);
        return totals.get(entity?.key ?? 0)?.get(collection) ?? 0;
      },
    };
    return house;
  }

  async function documentAt(iri: string): Promise<AsObject | null> {
    const house = houses.get(new URL(iri).origin);
    const entity = await house?.look.find(iri);
    return entity?.document && entity.deletedMs === null ? entity.document : null;
  }

  async function settle(): Promise<void> {
    for (let letter = post.shift(); letter !== undefined; letter = post.shift()) {
      const activity = (await letter.from.look.byKey(letter.activity))?.document;
      const to = houses.get(new URL(letter.inbox).origin);
      if (!activity || !to) continue;
      const object = await documentAt(id(activity, "object") ?? "");
      const carried =
        object && ["Create", "Update", "Accept", "Undo"].includes(String(activity.type))
          ? { ...activity, object }
          : activity;
      const owner = await to.look.find(letter.inbox.replace(/\/inbox$/, ""));
      const outcome = await to.core.receive(withoutHidden(carried), {
        sender: id(activity, "actor") ?? "",
        recipient: owner?.key ?? null,
      });
      to.outcomes.push(outcome);
      clock.advance(1);
    }
  }

  return {
    clock,
    settle,
    house(origin) {
      const house = houses.get(origin);
      if (!house) throw new Error(`There is no house ${origin}.`);
      return house;
    },
  };
}
