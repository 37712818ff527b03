/** Opens what every way of running the program needs: the database, the core, the people who live here. */
import { mkdir } from "node:fs/promises";
import { type Accounts, createAccounts } from "./accounts/accounts.ts";
import type { PasswordHasher } from "./accounts/hashing.ts";
import { type MakeKeyPair, type NewActor, newActor } from "./core/actors.ts";
import { createAddresses } from "./core/addresses.ts";
import { createListeners, type Listeners } from "./core/listeners.ts";
import { createNotify, type Notify } from "./core/notify.ts";
import { createRegistry, type Registry } from "./core/registry.ts";
import { findByIris, findOrigin, isUninhabited } from "./core/store.ts";
import { unmakeOnlyActor } from "./core/store-writes.ts";
import { bringForward, openDatabase } from "./database.ts";
import { promiseRotation } from "./federation/rotate.ts";
import { SERVER_ACTOR } from "./federation/routes.ts";
import { createQueue, type Queue } from "./jobs/queue.ts";
import type { Now } from "./lib/clock.ts";
import { endAll } from "./lib/ends.ts";
import type { Fetch } from "./lib/fetch.ts";
import { createKeys, type Keys } from "./lib/id.ts";
import type { Log } from "./lib/log.ts";
import { isProblem, Problem } from "./lib/problem.ts";
import { createPushSubscriptions, type PushSubscriptions } from "./live/push-subscriptions.ts";
import { record } from "./moderation/audit.ts";
import { createDomains, type Domains } from "./moderation/domains.ts";
import { createGate, type Gate } from "./moderation/gate.ts";
import { createTastes, type Tastes } from "./moderation/tastes.ts";
import { createOauth, type Oauth } from "./oauth/provider/oauth.ts";
import { createSearchFeed, type SearchFeed } from "./search/feed.ts";
import type { Config } from "./settings.ts";
import { type CustomEmojis, createEmojis } from "./site/emoji.ts";
import type { Db } from "./storage/db.ts";
import { searchIndexOf } from "./storage/search.ts";
import { besideServer } from "./telling.ts";
import { extensionsIn, loadExtensions } from "./vocab/extensions.ts";
import { vocabularies } from "./vocab/index.ts";

export interface Opened {
  readonly db: Db;
  readonly keys: Keys;
  readonly addresses: ReturnType<typeof createAddresses>;
  readonly registry: Registry;
  readonly queue: Queue;
  /** Devices of people here that are told while they sleep. */
  readonly pushSubscriptions: PushSubscriptions;
  /** Whoever streams hears through them what was committed. */
  readonly listeners: Listeners;
  readonly notify: Notify;
  readonly accounts: Accounts;
  readonly oauth: Oauth;
  /** Whether another server is let in. */
  readonly gate: Gate;
  readonly domains: Domains;
  /** What people here do not want to read. */
  readonly tastes: Tastes;
  /** Puts into the index of words what has changed. */
  readonly search: SearchFeed;
  /** Pictures of this server that stand for a shortcode. */
  readonly emoji: CustomEmojis;
  /** The statements that make an actor here. Throws nothing; a name that is taken fails their batch. */
  createActor(request: NewActor): ReturnType<typeof newActor>;
  /** Promises new keys to an actor here, by its name. @throws Problem `not-found`. */
  rotateKeys(name: string): Promise<void>;
  /** Key of the actor that stands for this server. */
  readonly serverActor: number;
  stop(): Promise<void>;
}

/** What is slow on purpose or by nature, and has a quicker stand-in in tests. */
export interface Replaceable {
  readonly hasher?: PasswordHasher;
  readonly makeKeyPair?: MakeKeyPair;
  /** Reaches other servers; commands do without, and tests give one that opens no socket. */
  readonly fetch?: Fetch;
  /** Open already, in place of the one that `config` names. */
  readonly db?: Db;
  /** For a command: what it changes, the server that may run beside it hears of. */
  readonly isBeside?: boolean;
}

export interface OpenOptions extends Replaceable {
  /** Whether this process holds the data folder (`lockFolder`): no other server is at work on an SQLite file there. */
  readonly holdsFolder?: boolean;
}

const NODE_TAKEN =
  "Another server is at work on this database under the same number. Give each its own `node`, or some of what people send is refused.";

/** Throws Problem where a setting, an extension or the database is not in order. */
export async function open(
  config: Config,
  log: Log,
  now: Now,
  { hasher, makeKeyPair, fetch, db: given, isBeside = false, holdsFolder = false }: OpenOptions = {},
): Promise<Opened> {
  const keyMaking = makeKeyPair ? { makeKeyPair } : {};
  const extensions = await loadExtensions(extensionsIn(config.dataDir));
  const registry = createRegistry([...vocabularies, ...extensions]);
  await mkdir(config.dataDir, { recursive: true });
  const keys = createKeys({ now, node: config.node });
  const queue = createQueue({ keys, now });
  const node = { number: config.node, isTaken: () => log.warn(NODE_TAKEN, { node: config.node }) };
  const opened = given ?? (await openDatabase(config, holdsFolder ? node : undefined));
  const db = isBeside ? besideServer(opened, queue) : opened;
  try {
    const applied = await bringForward({ db, dataDir: config.dataDir, now, holdsFolder });
    if (applied.length > 0)
      log.info("The database was brought up to date", { migrations: applied.join(", ") });
    const addresses = createAddresses(config.origin);
    const oauth = createOauth({ db, now, keys, log, origin: config.origin, ...(fetch ? { fetch } : {}) });
    const createActor = (request: NewActor) => newActor({ addresses, keys, now, ...keyMaking }, request);
    const pushSubscriptions = await createPushSubscriptions({ db, now, log, enqueue: queue.enqueue });
    const listeners = createListeners(log);
    const notify = createNotify({ newKey: keys.next, listeners, noticed: pushSubscriptions.promised });
    const search = createSearchFeed({ db, index: searchIndexOf(db), registry, log });
    await search.ensure();
    const accounts = await createAccounts({
      db,
      now,
      keys,
      log,
      createActor,
      revokeTokens: oauth.revokeTokens,
      origin: config.origin,
      record: (act) => record(keys, act),
      notify,
      ...(hasher ? { hasher } : {}),
    });
    // Other nodes may be at work on PostgreSQL, under the origin that was.
    await settleOrigin(db, config.origin, holdsFolder && config.databaseUrl === null);
    const { settings } = accounts;
    const gate = await createGate({
      db,
      log,
      mode: () => settings.get("federation"),
      onModeChange: settings.onChange,
    });
    const tastes = await createTastes({ db, keys, now });
    const emoji = await createEmojis({
      db,
      log,
      keys,
      now,
      origin: config.origin,
      record: (act) => record(keys, act),
    });
    const domains = createDomains({
      db,
      keys,
      now,
      gate,
      sever: (hosts) => queue.enqueue({ kind: "sever", payload: { hosts } }),
      ourHost: new URL(config.origin).host,
    });
    await domains.reconcile();
    const serverActor = await ensureServerActor({ db, addresses, keys, now, ...keyMaking });
    return {
      db,
      keys,
      addresses,
      registry,
      queue,
      pushSubscriptions,
      listeners,
      notify,
      accounts,
      oauth,
      gate,
      domains,
      tastes,
      search,
      emoji,
      createActor,
      serverActor,
      async rotateKeys(name) {
        const iri = addresses.actor(name.toLowerCase());
        const actor = (await findByIris(db, [iri])).get(iri);
        if (actor?.kind !== "actor" || actor.deletedMs !== null)
          throw new Problem("not-found", `Nobody here is called ${name}.`);
        await db.batch([queue.enqueue(promiseRotation(actor.key))]);
      },
      stop: () =>
        endAll([
          gate.stop,
          tastes.stop,
          emoji.stop,
          accounts.stop,
          pushSubscriptions.stop,
          search.stop,
          db.stop,
        ]),
    };
  } catch (error) {
    await db.stop();
    throw error;
  }
}

/**
 * Addresses never change once given out: every follower elsewhere knows the old ones, and the keys are under them.
 * Before anybody lives here none was, so a server that starts anew (`mayMove`) takes the origin that is set now.
 */
async function settleOrigin(db: Db, origin: string, mayMove: boolean): Promise<void> {
  const before = await findOrigin(db);
  if (before === null || before === origin) return;
  if (mayMove && (await isUninhabited(db))) {
    await db.batch(unmakeOnlyActor(createAddresses(before).actor(SERVER_ACTOR)));
    return;
  }
  throw new Problem(
    "invalid",
    `The data here belongs to ${before}, and origin says ${origin}. Set origin to ${before}, or start with an empty data folder.`,
    { field: "origin" },
  );
}

/** Made at the first start: it signs what the server fetches in nobody's name. */
async function ensureServerActor(
  deps: Pick<Opened, "db" | "addresses" | "keys"> & { now: Now; makeKeyPair?: MakeKeyPair },
): Promise<number> {
  const iri = deps.addresses.actor(SERVER_ACTOR);
  const find = async () => (await findByIris(deps.db, [iri])).get(iri)?.key ?? null;
  const known = await find();
  if (known !== null) return known;
  const made = await newActor(deps, {
    name: SERVER_ACTOR,
    displayName: "Pub of the Commons",
    type: "Application",
  });
  try {
    await deps.db.batch(made.statements);
    return made.key;
  } catch (error) {
    // Another node that starts at the same time was first.
    if (!isProblem(error, "conflict")) throw error;
    return (await find()) ?? made.key;
  }
}
