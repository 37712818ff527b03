/** Relays of both kinds (FEP-ae0c): taking part, leaving, and how much is taken from each. */
import type { Addresses } from "../core/addresses.ts";
import { isPublic } from "../core/audience.ts";
import type { Look } from "../core/behaviour.ts";
import { LOCAL_HOST } from "../core/entity.ts";
import { type AsObject, embedded, id, PUBLIC, typeOf } from "../core/object.ts";
import type { Core } from "../core/process.ts";
import type { Deliver } from "../core/recipients.ts";
import { hostKey } from "../core/store.ts";
import { holdServer, insertObject } from "../core/store-writes.ts";
import { type Buckets, createBuckets } from "../lib/buckets.ts";
import { type Now, steady, toIso } from "../lib/clock.ts";
import { HOUR_MS } from "../lib/durations.ts";
import type { Keys } from "../lib/id.ts";
import { createLru } from "../lib/lru.ts";
import { isProblem, Problem } from "../lib/problem.ts";
import { expecting, onCommit, type Sql } from "../lib/sql.ts";
import { hostOf, parseHttpUrl, sameOrigin } from "../lib/url.ts";
import { record } from "../moderation/audit.ts";
import type { Db } from "../storage/db.ts";
import * as store from "./store-relays.ts";

/** What a small machine stores and a person could read: the relay of a whole country sends as much in a minute. */
const USUAL_PER_HOUR = 500;
/** 5 a second is what one machine takes besides its own life. */
export const MAX_PER_HOUR = 20_000;
/** More relays than that bring the same posts again. */
const MAX_RELAYS = 20;
/** The other nodes learn of a change so late. */
const KNOWN_FOR_MS = 30_000;

export interface RelayView {
  readonly key: number;
  readonly address: string;
  readonly kind: store.RelayKind;
  readonly state: store.RelayState;
  readonly perHour: number;
  readonly createdMs: number;
  /** Posts in the last full hour and the one that has begun, of this process. */
  readonly taken: number;
  readonly passedOver: number;
}

export interface Relays {
  list(): Promise<readonly RelayView[]>;
  /**
   * Asks to take part; `by` is written into the log. `address` is an inbox (`…/inbox`: Mastodon's kind) or an actor (LitePub's).
   * @throws Problem `invalid` with the field `address`, `conflict` where it is there already.
   */
  add(address: string, by: number): Promise<void>;
  /** Takes part no longer, and says so. @throws Problem `not-found`. */
  remove(key: number, by: number): Promise<void>;
  /** @throws Problem `invalid` with the field `perHour`, `not-found`. */
  setLimit(key: number, perHour: number): Promise<void>;
  /** Those that have let us in. */
  accepted(): Promise<readonly store.RelayRow[]>;
  /** The one with this actor, among those that have let us in; null otherwise. */
  of(actorIri: string): Promise<store.RelayRow | null>;
  /** Counts one post against the relay's hour; false where it brings too many. */
  mayBring(relay: store.RelayRow): boolean;
  /**
   * Statements that note what a relay answers to our Follow, null where the activity is no such answer. `isWhole`
   * where the answer concerns nobody else, because the Follow was of nobody (`as:Public`).
   */
  answered(
    activity: AsObject,
    sender: string,
  ): Promise<{ readonly statements: readonly Sql[]; readonly isWhole: boolean } | null>;
}

export function createRelays(deps: {
  db: Db;
  core: Core;
  look: Look;
  addresses: Addresses;
  keys: Keys;
  now: Now;
  serverActor: () => number;
  /** The address of the same. */
  serverIri: string;
  /** Why nothing is sent to this host (domain rules), or null. */
  refusal: (host: string) => string | null;
  deliver: Deliver;
}): Relays {
  const { db, core, look, addresses, keys, now } = deps;
  const passed = steady(now);
  let known: { readonly atMs: number; readonly rows: readonly store.RelayRow[] } | null = null;
  const limits = createLru<{ readonly perHour: number; readonly buckets: Buckets }>(MAX_RELAYS);
  const counts = createLru<{ hour: number; taken: [number, number]; passedOver: [number, number] }>(
    MAX_RELAYS,
  );

  async function all(): Promise<readonly store.RelayRow[]> {
    if (known === null || passed() - known.atMs >= KNOWN_FOR_MS)
      known = { atMs: passed(), rows: await store.findRelays(db) };
    return known.rows;
  }

  /** Commits, and has the next question read anew. */
  async function change(statements: readonly Sql[]): Promise<void> {
    await db.batch(statements);
    known = null;
  }

  async function get(key: number): Promise<store.RelayRow> {
    const found = (await store.findRelays(db)).find((relay) => relay.key === key);
    if (!found) throw new Problem("not-found", "There is no such relay.");
    return found;
  }

  const noted = (act: "relay-add" | "relay-remove", by: number, subject: string): Sql =>
    record(keys, { by, act, subject });

  async function add(written: string, by: number): Promise<void> {
    const url = parseHttpUrl(written.trim());
    const refuse = (sentence: string) => new Problem("invalid", sentence, { field: "address" });
    if (url === null) throw refuse("Enter the address of a relay: https://relay.example/inbox");
    const address = url.href;
    if (addresses.isOurs(address)) throw refuse("This server is no relay of its own.");
    if (deps.refusal(url.host) !== null) throw refuse(`This server has nothing to do with ${url.host}.`);
    try {
      const also = noted("relay-add", by, url.host);
      await (url.pathname.endsWith("/inbox")
        ? askInbox(address, url.host, also)
        : followActor(address, also));
    } catch (error) {
      if (!isProblem(error, "conflict")) throw error;
      throw new Problem(
        "conflict",
        "This relay is in the list already.",
        { field: "address" },
        { cause: error },
      );
    }
    known = null;
  }

  const within = (key: number, added: Sql): readonly Sql[] => [
    holdServer(),
    added,
    expecting(1, store.isWithinRelays(key, MAX_RELAYS), tooManyRelays),
  ];

  const newRelay = (address: string) => ({
    key: keys.next(),
    address,
    perHour: USUAL_PER_HOUR,
    createdMs: now(),
  });

  /** Mastodon's kind: a Follow of everybody, which nobody but the server itself may ask for, sent to an inbox alone. */
  async function askInbox(address: string, hostName: string, also: Sql): Promise<void> {
    const host = { name: hostName, key: await hostKey(db, hostName) };
    const follow = own({ type: "Follow", object: PUBLIC }, null);
    const relay = {
      ...newRelay(address),
      kind: "mastodon" as const,
      inbox: address,
      host: host.key,
      actor: null,
    };
    await change([
      follow.statement,
      ...within(relay.key, store.insertRelay(relay, follow.key)),
      ...deps.deliver(
        follow.key,
        [{ host: host.key, name: host.name, inboxes: [address] }],
        deps.serverActor(),
      ),
      also,
    ]);
  }

  /** LitePub's kind: an actor that is followed, and follows back. */
  async function followActor(address: string, also: Sql): Promise<void> {
    const actor = await look.fetch(address);
    const inbox = id(actor?.document ?? {}, "inbox");
    if (actor?.kind !== "actor" || inbox === null)
      throw new Problem("invalid", "There is no relay at this address.", { field: "address" });
    const host = await hostKey(db, hostOf(inbox) ?? "");
    const relay = { ...newRelay(address), kind: "litepub" as const, inbox, host, actor: actor.key };
    const follow = { type: "Follow", object: actor.iri, to: [actor.iri] };
    await core.act(deps.serverActor(), follow, [
      ...within(relay.key, store.insertFollowedRelay(relay, deps.serverActor())),
      also,
    ]);
  }

  /** An activity of the server's own actor that has no effects here. */
  function own(activity: AsObject, subject: number | null) {
    const key = keys.next();
    const iri = addresses.activity(key);
    const statement = insertObject({
      key,
      iri,
      host: LOCAL_HOST,
      kind: "activity",
      type: typeOf(activity),
      owner: deps.serverActor(),
      subject,
      visibility: "direct",
      document: { id: iri, actor: deps.serverIri, published: toIso(now()), ...activity },
      updatedMs: null,
      fetchedMs: null,
    });
    return { key, statement };
  }

  async function remove(key: number, by: number): Promise<void> {
    const relay = await get(key);
    const leave = [store.deleteRelay(key), noted("relay-remove", by, relay.host_name)];
    if (relay.kind === "litepub") {
      const undo = {
        type: "Undo",
        object: relay.follow_iri,
        to: relay.actor_iri === null ? [] : [relay.actor_iri],
      };
      try {
        await core.act(deps.serverActor(), undo, leave);
      } catch (error) {
        // @NOTE A relay that is gone, or blocked by now, cannot be told; it leaves the list all the same.
        if (!isProblem(error)) throw error;
        await db.batch(leave);
      }
      known = null;
      return;
    }
    const undo = own({ type: "Undo" }, relay.follow);
    const to = { host: relay.host, name: relay.host_name, inboxes: [relay.inbox] };
    await change([undo.statement, ...leave, ...deps.deliver(undo.key, [to], deps.serverActor())]);
  }

  async function setLimit(key: number, perHour: number): Promise<void> {
    if (!Number.isInteger(perHour) || perHour < 0 || perHour > MAX_PER_HOUR)
      throw new Problem("invalid", `Enter a number from 0 to ${MAX_PER_HOUR}.`, { field: "perHour" });
    await get(key);
    await change([store.setRelayLimit(key, perHour)]);
  }

  function mayBring(relay: store.RelayRow): boolean {
    const { taken, passedOver } = hourOf(relay.key);
    const isTaken = relay.per_hour > 0 && bucketsOf(relay).take(String(relay.key)).allowed;
    const counted = isTaken ? taken : passedOver;
    counted[1]++;
    return isTaken;
  }

  /** An hour's worth at once, and the rest as the hour goes by. */
  function bucketsOf(relay: store.RelayRow): Buckets {
    const made = limits.get(String(relay.key));
    if (made?.perHour === relay.per_hour) return made.buckets;
    const buckets = createBuckets({
      now,
      rate: { burst: relay.per_hour, everyMs: HOUR_MS / relay.per_hour },
    });
    limits.set(String(relay.key), { perHour: relay.per_hour, buckets });
    return buckets;
  }

  /** Counts of the hour before (0) and of this one (1). */
  function hourOf(key: number) {
    const hour = Math.floor(now() / HOUR_MS);
    const was = counts.get(String(key));
    if (was?.hour === hour) return was;
    const before = (pair: [number, number] | undefined): [number, number] => [
      was?.hour === hour - 1 ? (pair?.[1] ?? 0) : 0,
      0,
    ];
    const is = { hour, taken: before(was?.taken), passedOver: before(was?.passedOver) };
    counts.set(String(key), is);
    return is;
  }

  async function answered(activity: AsObject, sender: string) {
    const type = typeOf(activity);
    if (type !== "Accept" && type !== "Reject") return null;
    const relay = (await all()).find((each) => isAnswerTo(each, activity, sender));
    const actor = relay === undefined ? null : await look.fetch(sender);
    if (relay === undefined || actor?.kind !== "actor") return null;
    const state = store.setRelayState(relay.key, type === "Accept" ? "accepted" : "refused", actor.key);
    return {
      statements: [
        onCommit(state, () => {
          known = null;
        }),
      ],
      isWhole: relay.kind === "mastodon",
    };
  }

  /** Some relays name our Follow by its id, others by what it said. */
  function isAnswerTo(relay: store.RelayRow, activity: AsObject, sender: string): boolean {
    if (relay.actor_iri !== null ? relay.actor_iri !== sender : !sameOrigin(relay.inbox, sender))
      return false;
    const object = embedded(activity, "object");
    if (id(activity, "object") === relay.follow_iri) return true;
    if (relay.kind !== "mastodon" || object === null) return false;
    return id(object, "actor") === deps.serverIri && isPublic(id(object, "object") ?? "");
  }

  const accepted = async () => (await all()).filter(({ state }) => state === "accepted");

  return {
    async list() {
      return (await store.findRelays(db)).map((relay) => {
        const { taken, passedOver } = hourOf(relay.key);
        return {
          key: relay.key,
          address: relay.address,
          kind: relay.kind,
          state: relay.state,
          perHour: relay.per_hour,
          createdMs: relay.created,
          taken: taken[0] + taken[1],
          passedOver: passedOver[0] + passedOver[1],
        };
      });
    },
    add,
    remove,
    setLimit,
    accepted,
    of: async (actorIri) => (await accepted()).find(({ actor_iri }) => actor_iri === actorIri) ?? null,
    mayBring,
    answered,
  };
}

const tooManyRelays = (): Problem =>
  new Problem("invalid", `Remove one first: ${MAX_RELAYS} relays are the most.`, { field: "address" });
