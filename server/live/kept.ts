/** Who listens to what: subscriptions by channel. */
import { type Channel, nameOf } from "./channels.ts";

export interface Subscription<Ear> {
  readonly ear: Ear;
  /** What the ear called the channel. */
  readonly label: unknown;
}

/** A channel with those who listen to it. */
export interface Kept<Ear> {
  readonly channel: Channel;
  readonly subscriptions: Map<Ear, Subscription<Ear>>;
}

/** Channels that belong to one row: an actor, a list, a group, the beginning of a thread. */
type Keyed = "home" | "notices" | "self" | "talks" | "list" | "group" | "thread";

export interface KeptChannels<Ear> {
  /** `mine` is what one ear listens to, by name. */
  add(mine: Map<string, Kept<Ear>>, channel: Channel, subscription: Subscription<Ear>): void;
  remove(mine: Map<string, Kept<Ear>>, channel: Channel, ear: Ear): void;
  removeAll(mine: Map<string, Kept<Ear>>, ear: Ear): void;
  has(of: Channel["of"]): boolean;
  /** Rows whose channel of that kind somebody listens to. */
  keysOf(of: Keyed): number[];
  at(of: Keyed, keys: readonly number[]): Subscription<Ear>[];
  named(channel: Channel): Subscription<Ear>[];
  all(of: Channel["of"]): Subscription<Ear>[];
}

export function createKept<Ear>(): KeptChannels<Ear> {
  const kinds = new Map<Channel["of"], Map<string, Kept<Ear>>>();

  function drop(name: string, kept: Kept<Ear>, ear: Ear): void {
    kept.subscriptions.delete(ear);
    if (kept.subscriptions.size > 0) return;
    const kind = kinds.get(kept.channel.of);
    if (kind?.get(name) === kept) kind.delete(name);
    if (kind?.size === 0) kinds.delete(kept.channel.of);
  }

  const named = (name: string, of: Channel["of"]): Subscription<Ear>[] => [
    ...(kinds.get(of)?.get(name)?.subscriptions.values() ?? []),
  ];

  return {
    add(mine, channel, subscription) {
      const name = nameOf(channel);
      if (mine.has(name)) return;
      const kind = kinds.get(channel.of) ?? new Map<string, Kept<Ear>>();
      kinds.set(channel.of, kind);
      const kept = kind.get(name) ?? { channel, subscriptions: new Map() };
      kind.set(name, kept);
      kept.subscriptions.set(subscription.ear, subscription);
      mine.set(name, kept);
    },
    remove(mine, channel, ear) {
      const name = nameOf(channel);
      const kept = mine.get(name);
      if (kept === undefined) return;
      mine.delete(name);
      drop(name, kept, ear);
    },
    removeAll(mine, ear) {
      for (const [name, kept] of mine) drop(name, kept, ear);
      mine.clear();
    },
    has: (of) => kinds.has(of),
    keysOf: (of) => [...(kinds.get(of)?.values() ?? [])].map(({ channel }) => rowOf(channel)),
    at: (of, keys) => keys.flatMap((key) => named(`${of} ${key}`, of)),
    named: (channel) => named(nameOf(channel), channel.of),
    all: (of) => [...(kinds.get(of)?.values() ?? [])].flatMap((kept) => [...kept.subscriptions.values()]),
  };
}

function rowOf(channel: Channel): number {
  switch (channel.of) {
    case "home":
    case "notices":
    case "self":
    case "talks":
      return channel.actor;
    case "list":
      return channel.list;
    case "group":
      return channel.group;
    case "thread":
      return channel.root;
    default:
      return 0;
  }
}
