/** The world that the benchmark measures in: who lives where, and what each of its posts is. The same in every run. */
import { keyAt } from "../../server/lib/id.ts";

/** How much of everything there is. */
export interface Scale {
  /** Other servers, and people on them. */
  readonly hosts: number;
  readonly remoteActors: number;
  /** People elsewhere who have a key pair that the generator signs with. */
  readonly signers: number;
  /** Servers that take deliveries: one follower on each. */
  readonly sinks: number;
  /** People here besides the reader and the author. */
  readonly neighbours: number;
  /** People elsewhere whom the reader follows. */
  readonly readerFollows: number;
  /** Stored posts at which the reads are measured; the middle one is the main table. */
  readonly posts: readonly [small: number, middle: number, large: number];
}

export const FULL: Scale = {
  hosts: 300,
  remoteActors: 2_000,
  signers: 200,
  sinks: 500,
  neighbours: 50,
  readerFollows: 400,
  posts: [10_000, 100_000, 1_000_000],
};

/** For the smoke test: everything runs, nothing is measured well. */
export const QUICK: Scale = {
  hosts: 10,
  remoteActors: 40,
  signers: 5,
  sinks: 10,
  neighbours: 3,
  readerFollows: 20,
  posts: [200, 400, 800],
};

/** What the world calls the server; requests reach it on loopback under this name. */
export const ORIGIN = "http://bench.test";
/** Follows everybody whom the timeline shows, and is who asks for the pages that need a session. */
export const READER = "reader";
/** Has a follower on every sink. */
export const AUTHOR = "author";

/** The first post of the world; one follows every `STEP_MS`, so that a million of them took most of a year. */
const FIRST_MS = Date.UTC(2025, 10, 22);
const STEP_MS = 25_000;
/** One in so many posts is by somebody here. */
const LOCAL_EVERY = 10;

/** Numbers from 0 to 1 that are the same in every run (mulberry32). */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export interface RemoteActor {
  readonly index: number;
  readonly iri: string;
  readonly host: string;
  readonly name: string;
  readonly inbox: string;
  readonly sharedInbox: string;
}

export function remoteActor(scale: Scale, index: number): RemoteActor {
  const host = `social-${index % scale.hosts}.example`;
  const name = `person${index}`;
  const iri = `https://${host}/users/${name}`;
  return { index, iri, host, name, inbox: `${iri}/inbox`, sharedInbox: `https://${host}/inbox` };
}

/** The follower on a sink: every address of 127.0.0.0/8 is this machine, so that one process can be all of them. */
export function sinkActor(index: number, port: number): RemoteActor {
  const host = `127.1.${Math.floor(index / 250)}.${(index % 250) + 1}:${port}`;
  const iri = `http://${host}/users/follower`;
  return {
    index,
    iri,
    host,
    name: "follower",
    inbox: `${iri}/inbox`,
    sharedInbox: `http://${host}/inbox`,
  };
}

/** Somebody whom nobody here has heard of, on a server of their own; served by the process that is all of them. */
export function newcomer(index: number, port: number): RemoteActor {
  const host = `127.2.${Math.floor(index / 250) % 250}.${(index % 250) + 1}:${port}`;
  const name = `new${index}`;
  const iri = `http://${host}/users/${name}`;
  return { index, iri, host, name, inbox: `${iri}/inbox`, sharedInbox: `http://${host}/inbox` };
}

/** One post of the world, before it has words. */
export interface PlannedPost {
  readonly index: number;
  readonly isLocal: boolean;
  /** Index of its author among the neighbours or among the actors elsewhere. */
  readonly author: number;
  readonly publishedMs: number;
  readonly key: number;
  readonly activityKey: number;
  /** Index of the post that it answers, or null. */
  readonly answers: number | null;
  /** Who likes and shares it, as indexes of actors elsewhere. */
  readonly likers: readonly number[];
  readonly sharers: readonly number[];
}

const REPLIES = 0.25;
/** Answers are about something recent. */
const REPLY_REACH = 400;
const MOST_LIKERS = 4;
const SHARES = 0.06;

export type Authors = "mixed" | "local" | "remote";

export function plannedPost(scale: Scale, index: number, authors: Authors = "mixed"): PlannedPost {
  const next = random(index * 7919 + 17);
  const isLocal = authors === "mixed" ? index % LOCAL_EVERY === 0 : authors === "local";
  const publishedMs = FIRST_MS + index * STEP_MS;
  const count = isLocal ? scale.neighbours : scale.remoteActors;
  const author = Math.floor(next() * count);
  const answers =
    index > 0 && next() < REPLIES ? index - 1 - Math.floor(next() * Math.min(index, REPLY_REACH)) : null;
  const isLiked = authors === "mixed" && (isLocal || next() < 0.1);
  const likers = isLiked ? several(Math.floor(next() * (MOST_LIKERS + 1)), scale.remoteActors, next) : [];
  const sharers = authors === "mixed" && next() < SHARES ? several(1, scale.remoteActors, next) : [];
  const key = keyAt(publishedMs) + Math.floor(next() * 1024);
  return { index, isLocal, author, publishedMs, key, activityKey: key + 1, answers, likers, sharers };
}

/** Keys of what follows a post: likes and shares, each with a number from 0. */
export const echoKey = (post: PlannedPost, number: number): number => post.key + 2 + number;

function several(count: number, among: number, next: () => number): readonly number[] {
  const found = new Set<number>();
  for (let i = 0; i < count; i++) found.add(Math.floor(next() * among));
  return [...found];
}
