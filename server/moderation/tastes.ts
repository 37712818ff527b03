/** What each person here does not want to read: filters and servers, kept in memory for those who are reading. */
import { hostKey } from "../core/store.ts";
import { holdActor } from "../core/store-writes.ts";
import { createAnswers } from "../lib/answers.ts";
import type { Now } from "../lib/clock.ts";
import type { Keys } from "../lib/id.ts";
import { isJsonObject, parseJson } from "../lib/json.ts";
import { Problem } from "../lib/problem.ts";
import { expecting } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";
import {
  FILTER_ACTIONS,
  FILTER_CONTEXTS,
  type Filter,
  type FilterContext,
  type FilterObject,
  type FilterPhrase,
  MAX_FILTERS,
  MAX_OBJECTS,
  MAX_PHRASE,
  MAX_PHRASES,
  MAX_TITLE,
} from "./filter.ts";
import { type Phrase, type Sought, seek } from "./matching.ts";
import { type NoticePolicy, OPEN_POLICY } from "./notice-policy.ts";
import * as store from "./store-filters.ts";
import { findPolicy, putPolicy, putSender } from "./store-notice-policy.ts";

/** People who read at one time; about 5 MB where each has many filters. */
const MAX_KEPT = 2_000;
/** Whoever avoids more servers had better be on another one. */
const MAX_HOSTS = 500;
const CHANNEL = "tastes";

export interface Sifter extends Pick<Filter, "key" | "title" | "action" | "expiresMs"> {
  readonly contexts: ReadonlySet<FilterContext>;
  readonly sought: readonly (Sought & { readonly text: string })[];
  /** Keys of the things that it names. */
  readonly objects: ReadonlySet<number>;
}

export interface Taste {
  readonly sifters: readonly Sifter[];
  /** Numbers of the servers of which nothing is shown. */
  readonly hosts: ReadonlySet<number>;
  readonly hostNames: ReadonlySet<string>;
  readonly policy: NoticePolicy;
}

/** What is new in it has no key yet. */
export interface NewFilter extends Omit<Filter, "key" | "phrases" | "objects"> {
  readonly phrases: readonly (Phrase & { readonly key?: number })[];
  readonly objects?: readonly { readonly key?: number; readonly object: number }[];
  /** Programs make a filter first and say later what it is to find. */
  readonly mayBeEmpty?: boolean;
}

export interface AvoidedHost {
  readonly host: number;
  readonly name: string;
  readonly sinceMs: number;
}

export interface Tastes {
  /** Null for whoever takes everything, which is nearly everybody. */
  of(actor: number): Promise<Taste | null>;
  filters(actor: number): Promise<readonly Filter[]>;
  /** A new one, or (`key`) another version of one. @throws Problem `invalid` at the field, `not-found`. */
  saveFilter(actor: number, filter: NewFilter, key?: number): Promise<Filter>;
  /** Another version of one that is still as it was read. @throws Problem `invalid`, `not-found`, `conflict`. */
  changeFilter(actor: number, before: Filter, filter: NewFilter): Promise<Filter>;
  removeFilter(actor: number, key: number): Promise<void>;
  hosts(actor: number): Promise<readonly AvoidedHost[]>;
  /** `name` in normal form. Gives its number. */
  avoid(actor: number, name: string): Promise<number>;
  stopAvoiding(actor: number, host: number): Promise<void>;
  policy(actor: number): Promise<NoticePolicy>;
  /** What is not said stays as it is. */
  setPolicy(actor: number, policy: Partial<NoticePolicy>): Promise<void>;
  /** These senders are heard from now on, or what they sent up to this notice is put aside. */
  decide(
    actor: number,
    senders: readonly number[],
    state: "accepted" | "dismissed",
    upTo: number,
  ): Promise<void>;
  stop(): void;
}

export async function createTastes(deps: { db: Db; keys: Keys; now: Now }): Promise<Tastes> {
  const { db, keys, now } = deps;
  const kept = createAnswers<Taste | null>(MAX_KEPT);
  const stop = await db.listen(CHANNEL, kept.delete, kept.clear);

  async function load(actor: number): Promise<Taste | null> {
    const [filters, hosts, policy] = await Promise.all([
      readFilters(actor),
      store.findAvoidedHosts(db, actor, MAX_HOSTS),
      findPolicy(db, actor),
    ]);
    if (filters.length + hosts.length === 0 && policy === null) return null;
    return {
      policy: policy ?? OPEN_POLICY,
      sifters: filters.map(sifterOf),
      hosts: new Set(hosts.map(({ host }) => host)),
      hostNames: new Set(hosts.map(({ name }) => name)),
    };
  }

  const readFilters = async (actor: number): Promise<Filter[]> =>
    (await store.findFilters(db, actor, MAX_FILTERS)).map(toFilter);

  function forget(actor: number): void {
    kept.delete(String(actor));
    db.notify(CHANNEL, String(actor));
  }

  return {
    of: (actor) => kept.get(String(actor), () => load(actor)),
    filters: readFilters,
    async saveFilter(actor, filter, key) {
      const row = rowOf(checked(filter, now()), key ?? keys.next(), keys);
      if (key !== undefined) {
        await db.batch([expecting(1, store.updateFilter(actor, row), noFilter)]);
      } else {
        await db.batch([
          holdActor(actor),
          store.insertFilter(actor, row),
          expecting(1, store.isWithinFilters(actor, row.key, MAX_FILTERS), tooManyFilters),
        ]);
      }
      forget(actor);
      return toFilter(row);
    },
    async changeFilter(actor, before, filter) {
      const known = await store.findFilter(db, actor, before.key);
      if (known === null) throw noFilter();
      if (JSON.stringify(toFilter(known)) !== JSON.stringify(before)) throw hasChanged();
      const row = rowOf(checked(filter, now()), before.key, keys);
      await db.batch([expecting(1, store.replaceFilter(actor, known, row), hasChanged)]);
      forget(actor);
      return toFilter(row);
    },
    async removeFilter(actor, key) {
      await db.batch([expecting(1, store.deleteFilter(actor, key), noFilter)]);
      forget(actor);
    },
    hosts: async (actor) =>
      (await store.findAvoidedHosts(db, actor, MAX_HOSTS)).map(({ since, ...host }) => ({
        ...host,
        sinceMs: since,
      })),
    async avoid(actor, name) {
      const host = await hostKey(db, name);
      await db.batch([
        holdActor(actor),
        store.insertAvoidedHost(actor, host, now()),
        expecting(1, store.isWithinAvoided(actor, host, MAX_HOSTS), tooManyHosts),
      ]);
      forget(actor);
      return host;
    },
    async stopAvoiding(actor, host) {
      await db.batch([store.deleteAvoidedHost(actor, host)]);
      forget(actor);
    },
    policy: async (actor) => (await findPolicy(db, actor)) ?? OPEN_POLICY,
    async setPolicy(actor, policy) {
      await db.batch([putPolicy(actor, policy, OPEN_POLICY)]);
      forget(actor);
    },
    async decide(actor, senders, state, upTo) {
      await db.batch(senders.map((sender) => putSender(actor, sender, state, upTo)));
    },
    stop,
  };
}

const noFilter = (): Problem => new Problem("not-found", "There is no such filter any more.");

const tooManyFilters = (): Problem =>
  new Problem("invalid", `You can have ${MAX_FILTERS} filters. Remove one first.`);

const tooManyHosts = (): Problem =>
  new Problem("invalid", `You can block ${MAX_HOSTS} servers. Unblock one first.`, { field: "domain" });

const hasChanged = (): Problem => new Problem("conflict", "This filter has changed in the meantime.");

function sifterOf(filter: Filter): Sifter {
  const { key, title, action, expiresMs } = filter;
  return {
    key,
    title,
    action,
    expiresMs,
    contexts: new Set(filter.contexts),
    objects: new Set(filter.objects.map(({ object }) => object)),
    sought: filter.phrases.flatMap((phrase) => {
      const sought = seek(phrase);
      return sought === null ? [] : { ...sought, text: phrase.text };
    }),
  };
}

function checked(filter: NewFilter, nowMs: number): NewFilter {
  const refuse = (field: string, sentence: string): never => {
    throw new Problem("invalid", sentence, { field });
  };
  const title = filter.title.replace(/\s+/g, " ").trim();
  if (title === "" || title.length > MAX_TITLE)
    refuse("title", `Give it a name of at most ${MAX_TITLE} characters.`);
  const phrases = filter.phrases.filter((phrase) => seek(phrase) !== null);
  const isEmpty = phrases.length === 0 && filter.mayBeEmpty !== true;
  if (isEmpty) refuse("phrases", "Write at least one word or phrase.");
  if (phrases.length > MAX_PHRASES) refuse("phrases", `Write at most ${MAX_PHRASES} words or phrases.`);
  if (phrases.some(({ text }) => text.length > MAX_PHRASE))
    refuse("phrases", `A phrase has at most ${MAX_PHRASE} characters.`);
  if ((filter.objects ?? []).length > MAX_OBJECTS)
    refuse("objects", `A filter names at most ${MAX_OBJECTS} things.`);
  if (filter.contexts.length === 0) refuse("contexts", "Choose where it holds.");
  if (filter.expiresMs !== null && filter.expiresMs <= nowMs) refuse("expires", "Choose a time to come.");
  return { ...filter, title, phrases };
}

/** What has a number keeps it; what is new gets one. */
const rowOf = (filter: NewFilter, key: number, keys: Keys): store.FilterRow => ({
  key,
  title: filter.title,
  phrases: JSON.stringify(
    filter.phrases.map((phrase) => ({
      key: phrase.key ?? keys.next(),
      text: phrase.text,
      isWhole: phrase.isWhole,
    })),
  ),
  objects: JSON.stringify(
    (filter.objects ?? []).map((each) => ({ key: each.key ?? keys.next(), object: each.object })),
  ),
  contexts: JSON.stringify(filter.contexts),
  action: filter.action,
  expires: filter.expiresMs,
});

const listIn = <T>(json: string): readonly T[] => {
  const parsed = parseJson(json);
  return (Array.isArray(parsed) ? parsed : []).filter(isJsonObject) as unknown as readonly T[];
};

function toFilter(row: store.FilterRow): Filter {
  const contexts = parseJson(row.contexts);
  return {
    key: row.key,
    title: row.title,
    // Phrases that were written before they had numbers of their own stand in the order in which they were written.
    phrases: listIn<FilterPhrase>(row.phrases).map((phrase, at) => ({
      ...phrase,
      key: phrase.key ?? row.key + at,
    })),
    objects: listIn<FilterObject>(row.objects),
    contexts: FILTER_CONTEXTS.filter((context) => Array.isArray(contexts) && contexts.includes(context)),
    action: FILTER_ACTIONS.find((action) => action === row.action) ?? "warn",
    expiresMs: row.expires,
  };
}
