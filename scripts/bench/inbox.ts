/** Signed activities through the inbox: a process signs them beforehand as many actors, then sends them as fast as they
 * are taken. What counts is when the last of them is applied, not when it was promised to be.
 */
import { systemNow } from "../../server/lib/clock.ts";
import { keyAt } from "../../server/lib/id.ts";
import { importPrivatePem } from "../../server/signatures/keys.ts";
import { signRequest } from "../../server/signatures/sign.ts";
import { drive, requestBytes } from "./client.ts";
import { echo, remoteCreate, remotePostIri } from "./documents.ts";
import { watch } from "./progress.ts";
import { type Seeded, seededOf } from "./seed.ts";
import type { Served } from "./server.ts";
import {
  FULL,
  ORIGIN,
  type PlannedPost,
  plannedPost,
  QUICK,
  type RemoteActor,
  remoteActor,
  type Scale,
} from "./world.ts";

export interface InboxResult {
  readonly activities: number;
  readonly actors: number;
  /** Answered with 202, a second. */
  readonly acceptedPerSecond: number;
  /** Stored with all that they cause, a second, from the first request on. */
  readonly appliedPerSecond: number;
}

/** Requests under way at once, as many peers would have them. */
const CONNECTIONS = 64;
/** Of ten activities so many are posts; the rest are likes and shares of what is here. */
const POSTS_OF_TEN = 7;
/** Some of the likes are refused, because the world has the same already. */
const STORED = 0.98;

interface Sent {
  readonly elapsedMs: number;
  readonly statuses: Readonly<Record<string, number>>;
}

/** `between` is measured before each round, in the same minutes. */
export async function measureInbox(
  server: Served,
  folder: string,
  plan: { readonly activities: number; readonly rounds: number; readonly quick: boolean },
  between: () => Promise<void>,
): Promise<InboxResult> {
  const { activities, rounds, quick } = plan;
  const progress = watch(folder);
  const before = progress.activities();
  const { actors, send, stop } = await startGenerator(server, folder, activities, quick);
  let acceptedMs = 0;
  let appliedMs = 0;
  for (let round = 0; round < rounds; round++) {
    await between();
    const started = performance.now();
    const { elapsedMs, statuses } = await send(activities / rounds);
    const refused = Object.keys(statuses).filter((status) => status !== "202");
    if (refused.length > 0) throw new Error(`The inbox answered ${JSON.stringify(statuses)}.`);
    await progress.until(() => progress.waiting("receive") === 0);
    acceptedMs += elapsedMs;
    appliedMs += performance.now() - started;
  }
  stop();
  const applied = progress.activities() - before;
  progress.close();
  if (applied < activities * STORED)
    throw new Error(`Of ${activities} activities only ${applied} were stored.`);
  return {
    activities,
    actors,
    acceptedPerSecond: activities / (acceptedMs / 1000),
    appliedPerSecond: activities / (appliedMs / 1000),
  };
}

/** Starts the generator and waits until it has signed everything. */
async function startGenerator(server: Served, folder: string, activities: number, quick: boolean) {
  let heard = Promise.withResolvers<Sent | null>();
  const child = Bun.spawn(
    [
      process.execPath,
      import.meta.path,
      folder,
      String(server.port),
      String(activities),
      quick ? "quick" : "full",
    ],
    { stdio: ["ignore", "inherit", "inherit"], ipc: (message: Sent | null) => heard.resolve(message) },
  );
  await heard.promise;
  return {
    actors: (await seededOf(folder)).signers.length,
    async send(count: number): Promise<Sent> {
      heard = Promise.withResolvers();
      child.send(count);
      return (await heard.promise) ?? { elapsedMs: 0, statuses: {} };
    },
    stop: () => child.kill(),
  };
}

/** The generator: says so when everything is signed, then sends as many as it is told and says how it went. */
if (import.meta.main) {
  const [folder = "", port = "0", activities = "0", size] = process.argv.slice(2);
  const letters = await signed(await seededOf(folder), size === "quick" ? QUICK : FULL, Number(activities));
  let at = 0;
  process.on("message", async (count: number) => {
    const end = at + count;
    const next = () => (at < end ? (letters[at++] ?? null) : null);
    const { elapsedMs, statuses } = await drive({ port: Number(port) }, CONNECTIONS, next);
    process.send?.({ elapsedMs, statuses });
  });
  process.send?.(null);
}

async function signed(seeded: Seeded, scale: Scale, count: number): Promise<readonly Uint8Array[]> {
  const { host } = new URL(ORIGIN);
  const keys = await Promise.all(
    seeded.signers.map(({ keyId, privatePem }) => importPrivatePem(keyId, privatePem)),
  );
  const letters: Uint8Array[] = [];
  for (let from = 0; from < count; from += CONNECTIONS) {
    const part = Array.from({ length: Math.min(CONNECTIONS, count - from) }, async (_, i) => {
      const index = from + i;
      const key = keys[index % keys.length];
      if (!key) throw new Error("Nobody signs.");
      const body = new TextEncoder().encode(JSON.stringify(activityOf(seeded, scale, index)));
      const headers = new Headers({ "content-type": "application/activity+json" });
      const url = `${ORIGIN}/inbox`;
      const request = {
        method: "POST",
        url,
        headers,
        body,
        key,
        scheme: "cavage",
        nowMs: systemNow(),
      } as const;
      const added = await signRequest(request);
      return requestBytes({
        method: "POST",
        path: "/inbox",
        host,
        headers: { "content-type": "application/activity+json", ...added },
        body,
      });
    });
    letters.push(...(await Promise.all(part)));
  }
  return letters;
}

/**
 * The activity with this number, by the actor whose turn it is; or by a stranger, who names the reader in posts, because
 * nobody here follows them.
 */
export function activityOf(seeded: Seeded, scale: Scale, index: number, stranger: RemoteActor | null = null) {
  const actor = stranger ?? remoteActor(scale, index % seeded.signers.length);
  const parentAuthor = stranger === null ? null : seeded.reader.iri;
  // Peers stamp in whole seconds.
  const publishedMs = (Math.floor(systemNow() / 1000) - index) * 1000;
  const key = keyAt(publishedMs);
  const planned = plannedPost(scale, seeded.posts + index, "remote");
  const post: PlannedPost = { ...planned, author: actor.index, publishedMs, key, answers: null };
  if (index % 10 < POSTS_OF_TEN) return remoteCreate(actor, post, { parentIri: null, parentAuthor });
  // So that nobody likes the same post twice.
  const shifted = index + Math.floor(index / seeded.signers.length);
  const about = plannedPost(scale, seeded.posts - 1 - (shifted % Math.min(1000, seeded.posts)));
  const author = remoteActor(scale, about.author);
  const iri = about.isLocal ? `${ORIGIN}/objects/${about.key}` : remotePostIri(author, about);
  const owner = about.isLocal ? (seeded.neighbours[about.author]?.iri ?? seeded.reader.iri) : author.iri;
  return echo(index % 10 === 9 ? "Announce" : "Like", actor, key, iri, owner);
}
