/** Tells whoever is streaming what just happened, as far as they may see it: one look for all of them together. */
import { type AccessEnded, onAccessEnded } from "../accounts/access-ended.ts";
import type { Happened, Hearer, Line, LiveReads } from "../core/happened.ts";
import type { Listeners } from "../core/listeners.ts";
import type { Now } from "../lib/clock.ts";
import { isJsonObject, parseJson } from "../lib/json.ts";
import type { Log } from "../lib/log.ts";
import { Problem } from "../lib/problem.ts";
import type { Db } from "../storage/db.ts";
import type { Channel, LiveEvent, News } from "./channels.ts";
import { createKept, type Mine, type Subscription } from "./kept.ts";
import { createRelay } from "./relay.ts";
import { type SecondFactorRule, startReviews } from "./review.ts";

/** Everything that one person has open at one time: tabs, telephones, programs. */
const MAX_PER_ACCOUNT = 64;
/** All together; idle ones take a few kilobytes each. */
const MAX_EARS = 20_000;
/** Lists and tags in one window of a program with many columns. */
const MAX_CHANNELS_EACH = 64;
/** Activities that are looked at together. */
const MAX_AT_ONCE = 100;
/** Beyond this the oldest are told to nobody: programs ask for what they missed when they come back. */
const MAX_WAITING = 5_000;
/** Where `moderation/tastes.ts` says that somebody's filters are others now. */
const TASTES = "tastes";
const NEWS = "live-news";

/** Whose access it listens by; what ends one of them ends the ear. */
export interface Access {
  readonly account: number;
  readonly session: number | null;
  readonly consent: number | null;
}

/** Somebody who listens. `hear` and `end` must not throw, and `hear` does not wait. */
export interface Ear<Item, Notice> {
  readonly viewer: Hearer;
  readonly access: Access | null;
  /** `label` is what it called the channel. */
  hear(label: string, event: LiveEvent<Item, Notice>): void;
  /** Close what is open: the access is over, or words were lost, and whoever comes back asks for what was missed. */
  end(why?: "missed"): void;
}

export interface Listening {
  /** Again: nothing. @throws Problem `too-many`. */
  add(channel: Channel, label: string): void;
  remove(channel: Channel, label: string): void;
  close(): void;
}

export interface Hub<Item, Notice> {
  /** @throws Problem `too-many` where the account, or the server, has enough of them open. */
  listen(ear: Ear<Item, Notice>): Listening;
  /** On every node; to everybody where `actor` is null. */
  tell(actor: number | null, news: News): void;
  /** How many listen on this node. */
  count(): number;
  stop(): void;
}

export async function createHub<Item extends object, Notice extends object>(deps: {
  readonly db: Db;
  readonly now: Now;
  readonly log: Log;
  readonly listeners: Listeners;
  readonly reads: LiveReads<Item, Notice>;
  readonly rule: SecondFactorRule;
}): Promise<Hub<Item, Notice>> {
  const { db, log, reads } = deps;
  const kept = createKept<Ear<Item, Notice>>();
  const ears = new Set<Ear<Item, Notice>>();
  const byAccount = new Map<number, Set<Ear<Item, Notice>>>();
  const waiting: number[] = [];
  let isWorking = false;
  let isStopped = false;

  const stops = [
    await createRelay({ db, listeners: deps.listeners, heard, missed }),
    await onAccessEnded(db, endAccess),
    startReviews({ ...deps, ears }),
    await db.listen(TASTES, (actor) =>
      toSelf(Number(actor), { name: "filters-changed", about: null, detail: null }),
    ),
    await db.listen(NEWS, (payload) => {
      const told = parseJson(payload);
      if (isJsonObject(told)) toSelf(told.actor as number | null, told.news as unknown as News);
    }),
  ];

  function heard(activities: readonly number[]): void {
    if (ears.size === 0 || isStopped) return;
    waiting.push(...activities);
    const tooMany = waiting.length - MAX_WAITING;
    if (tooMany > 0) {
      waiting.splice(0, tooMany);
      log.warn("More happens than can be told to those who listen; some of it is left out.", { tooMany });
    }
    if (!isWorking) void work();
  }

  /** Words of what happened were lost, and of whose access is over: nobody may go on as if nothing had been. */
  function missed(): void {
    if (isStopped || ears.size === 0) return;
    log.warn("Words of other nodes may have been lost, so streams are closed; programs open them again.", {
      streams: ears.size,
    });
    for (const ear of [...ears]) ear.end("missed");
  }

  async function work(): Promise<void> {
    isWorking = true;
    while (waiting.length > 0 && !isStopped) {
      try {
        await tellAll(waiting.splice(0, MAX_AT_ONCE));
      } catch (error) {
        // @NOTE It is committed, and programs that missed it find it when they read again.
        if (!isStopped) log.error("What happened could not be told to those who listen", error);
      }
    }
    isWorking = false;
  }

  async function tellAll(activities: readonly number[]): Promise<void> {
    const happened = await reads.happened(activities, kept.has("thread"));
    for (const each of happened) await tellOne(each);
    await tellNotices(activities);
  }

  async function tellOne(happened: Happened): Promise<void> {
    if (happened.object === null) return;
    switch (happened.what) {
      case "made":
      case "shared":
        await tellLine(happened, happened.object);
        return;
      case "changed":
        await tellChanged(happened, happened.object);
        return;
      case "deleted":
      case "unshared":
        await tellGone(happened, happened.object);
        return;
      default:
        return;
    }
  }

  async function tellLine(happened: Happened, object: number): Promise<void> {
    const { activity, actor, what } = happened;
    const isNew = what === "made";
    const line: Line = { at: activity, object, sharer: isNew ? null : actor, isNew };
    const homes = kept.keysOf("home");
    if (homes.length > 0)
      await give("made", line, kept.at("home", await reads.homesWith(activity, homes)), "home");
    const lists = kept.keysOf("list");
    if (lists.length > 0)
      await give("made", line, kept.at("list", await reads.listsWith(activity, lists)), "home");
    if (!isNew) return;
    await tellTalks(object);
    const own: Line = { ...line, at: object };
    await giveShown("made", own, openChannels(happened), "public");
    await giveShown("made", own, kept.at("thread", happened.ancestors), "thread");
  }

  async function tellTalks(object: number): Promise<void> {
    const people = kept.keysOf("talks");
    if (people.length === 0) return;
    for (const { person, talk } of await reads.talks(object, people)) {
      const event: LiveEvent<Item, Notice> = {
        what: "told",
        news: { name: "talk", about: talk, detail: null },
      };
      for (const { ear, label } of kept.at("talks", [person])) ear.hear(label, event);
    }
  }

  async function tellChanged(happened: Happened, object: number): Promise<void> {
    const line: Line = { at: object, object, sharer: null, isNew: false };
    const owners = [...kept.keysOf("home"), ...kept.keysOf("list")];
    const among = new Set(owners.length === 0 ? [] : await reads.homesAbout(object, owners));
    await giveShown("changed", line, [...inHomes(among), ...openChannels(happened)], "home");
    await giveShown("changed", line, kept.all("thread"), "thread");
  }

  /** A key alone says nothing, so whoever may have had it is told without being looked at. */
  async function tellGone(happened: Happened, key: number): Promise<void> {
    const owners = [...kept.keysOf("home"), ...kept.keysOf("list")];
    const among = new Set(owners.length === 0 ? [] : await reads.homesAbout(key, owners));
    const event: LiveEvent<Item, Notice> = { what: "deleted", key };
    const open =
      happened.what === "deleted" && happened.isPublic
        ? [...kept.all("public"), ...kept.all("tag"), ...kept.all("thread")]
        : [];
    const groups = happened.what === "deleted" ? kept.at("group", happened.groups) : [];
    for (const { ear, label } of [...inHomes(among), ...open, ...groups]) ear.hear(label, event);
  }

  const inHomes = (owners: ReadonlySet<number>): Subscription<Ear<Item, Notice>>[] => [
    ...kept.at("home", [...owners]),
    ...kept.at("list", [...owners]),
  ];

  /** Lists that are for everybody in which such a thing stands. */
  function openChannels({ isPublic, isReply, isLocal, hasMedia, tags, groups }: Happened) {
    const found = [...kept.at("group", groups)];
    if (!isPublic) return found;
    for (const tag of tags) {
      found.push(...kept.named({ of: "tag", tag, place: "everywhere" }));
      if (isLocal) found.push(...kept.named({ of: "tag", tag, place: "here" }));
    }
    if (isReply) return found;
    for (const place of ["everywhere", isLocal ? "here" : "elsewhere"] as const) {
      found.push(...kept.named({ of: "public", place, onlyMedia: false }));
      if (hasMedia) found.push(...kept.named({ of: "public", place, onlyMedia: true }));
    }
    return found;
  }

  /** To those of them who are shown it in lists for everybody. */
  async function giveShown(
    what: "made" | "changed",
    line: Line,
    to: readonly Subscription<Ear<Item, Notice>>[],
    context: "home" | "public" | "thread",
  ): Promise<void> {
    if (to.length === 0) return;
    const shown = await reads.shownTo(line.object, hearersOf(to));
    await give(
      what,
      line,
      to.filter(({ ear }) => shown.has(ear.viewer)),
      context,
    );
  }

  async function give(
    what: "made" | "changed",
    line: Line,
    to: readonly Subscription<Ear<Item, Notice>>[],
    context: "home" | "public" | "thread",
  ): Promise<void> {
    if (to.length === 0) return;
    const items = await reads.items(line, hearersOf(to), context);
    const events = new Map<Item, LiveEvent<Item, Notice>>();
    for (const { ear, label } of to) {
      const item = items.get(ear.viewer);
      if (item === undefined) continue;
      const event = events.get(item) ?? { what, item };
      events.set(item, event);
      ear.hear(label, event);
    }
  }

  const hearersOf = (to: readonly Subscription<Ear<Item, Notice>>[]): readonly Hearer[] => [
    ...new Set(to.map(({ ear }) => ear.viewer)),
  ];

  async function tellNotices(activities: readonly number[]): Promise<void> {
    const people = kept.keysOf("notices");
    if (people.length === 0) return;
    for (const { person, notice } of await reads.notices(activities, people)) {
      const event: LiveEvent<Item, Notice> = { what: "notice", notice };
      for (const { ear, label } of kept.at("notices", [person])) ear.hear(label, event);
    }
  }

  function toSelf(actor: number | null, news: News): void {
    const event: LiveEvent<Item, Notice> = { what: "told", news };
    for (const { ear, label } of actor === null ? kept.all("self") : kept.at("self", [actor]))
      ear.hear(label, event);
  }

  function endAccess(ended: AccessEnded): void {
    if ("account" in ended) {
      for (const ear of [...(byAccount.get(ended.account) ?? [])])
        if (ended.exceptSession === undefined || ear.access?.session !== ended.exceptSession) ear.end();
      return;
    }
    for (const ear of [...ears]) if (isOver(ear.access, ended)) ear.end();
  }

  return {
    listen(ear) {
      const account = ear.access?.account ?? null;
      const own = account === null ? null : (byAccount.get(account) ?? new Set<Ear<Item, Notice>>());
      if (ears.size >= MAX_EARS || (own !== null && own.size >= MAX_PER_ACCOUNT)) throw tooMany();
      ears.add(ear);
      if (account !== null && own !== null) byAccount.set(account, own.add(ear));
      const mine: Mine<Ear<Item, Notice>> = [];
      return {
        add(channel, label) {
          if (mine.length >= MAX_CHANNELS_EACH) throw tooMany();
          kept.add(mine, channel, { ear, label });
        },
        remove: (channel, label) => kept.remove(mine, channel, label),
        close() {
          kept.removeAll(mine);
          ears.delete(ear);
          if (account === null || own === null) return;
          own.delete(ear);
          if (own.size === 0 && byAccount.get(account) === own) byAccount.delete(account);
        },
      };
    },
    tell: (actor, news) => db.notify(NEWS, JSON.stringify({ actor, news })),
    count: () => ears.size,
    stop() {
      isStopped = true;
      for (const stop of stops) stop();
    },
  };
}

const isOver = (access: Access | null, ended: Exclude<AccessEnded, { readonly account: number }>): boolean =>
  access !== null &&
  ("session" in ended ? access.session === ended.session : access.consent === ended.consent);

const tooMany = (): Problem =>
  new Problem("too-many", "Too many streams are open. Close some of them first.", { retryAfterSeconds: 60 });
