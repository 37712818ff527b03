/** Who listens to what: subscriptions by channel. */
import { type Channel, nameOf } from "./channels.ts";

export interface Subscription<Ear> {
  readonly ear: Ear;
  /** What the ear called the channel; it may listen to one channel under several names. */
  readonly label: string;
}

/** A channel with those who listen to it. */
interface Kept<Ear> {
  readonly name: string;
  readonly channel: Channel;
  readonly subscriptions: Set<Subscription<Ear>>;
}

/** What one ear listens to: mostly three channels, so that a list is looked through faster than a map is made. */
export type Mine<Ear> = { readonly kept: Kept<Ear>; readonly subscription: Subscription<Ear> }[];

/** Channels that belong to one row: an actor, a list, a group, the beginning of a thread. */
type Keyed = "home" | "notices" | "self" | "talks" | "list" | "group" | "thread";

export interface KeptChannels<Ear> {
  add(mine: Mine<Ear>, channel: Channel, subscription: Subscription<Ear>): void;
  remove(mine: Mine<Ear>, channel: Channel, label: string): void;
  removeAll(mine: Mine<Ear>): void;
  has(of: Channel["of"]): boolean;
  /** Rows whose channel of that kind somebody listens to. */
  keysOf(of: Keyed): number[];
  at(of: Keyed, keys: readonly number[]): Subscription<Ear>[];
  named(channel: Channel): Subscription<Ear>[];
  all(of: Channel["of"]): Subscription<Ear>[];
}

export function createKept<Ear>(): KeptChannels<Ear> {
  const kinds = new Map<Channel["of"], Map<string, Kept<Ear>>>();

  function drop({ name, channel, subscriptions }: Kept<Ear>, subscription: Subscription<Ear>): void {
    subscriptions.delete(subscription);
    if (subscriptions.size > 0) return;
    const kind = kinds.get(channel.of);
    if (kind?.get(name)?.subscriptions === subscriptions) kind.delete(name);
    if (kind?.size === 0) kinds.delete(channel.of);
  }

  const named = (name: string, of: Channel["of"]): Subscription<Ear>[] => [
    ...(kinds.get(of)?.get(name)?.subscriptions ?? []),
  ];

  return {
    add(mine, channel, subscription) {
      const name = nameOf(channel);
      if (placeIn(mine, name, subscription.label) >= 0) return;
      const kind = kinds.get(channel.of) ?? new Map<string, Kept<Ear>>();
      kinds.set(channel.of, kind);
      const kept = kind.get(name) ?? { name, channel, subscriptions: new Set() };
      kind.set(name, kept);
      kept.subscriptions.add(subscription);
      mine.push({ kept, subscription });
    },
    remove(mine, channel, label) {
      const place = placeIn(mine, nameOf(channel), label);
      const [found] = place < 0 ? [] : mine.splice(place, 1);
      if (found !== undefined) drop(found.kept, found.subscription);
    },
    removeAll(mine) {
      for (const { kept, subscription } of mine.splice(0)) drop(kept, subscription);
    },
    has: (of) => kinds.has(of),
    keysOf: (of) => [...(kinds.get(of)?.values() ?? [])].map(({ channel }) => rowOf(channel)),
    at: (of, keys) => keys.flatMap((key) => named(`${of} ${key}`, of)),
    named: (channel) => named(nameOf(channel), channel.of),
    all: (of) => [...(kinds.get(of)?.values() ?? [])].flatMap((kept) => [...kept.subscriptions]),
  };
}

const placeIn = <Ear>(mine: Mine<Ear>, name: string, label: string): number =>
  mine.findIndex(({ kept, subscription }) => kept.name === name && subscription.label === label);

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
