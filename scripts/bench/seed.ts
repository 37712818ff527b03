/** Fills a data folder with the benchmark's world: `bun scripts/bench/seed.ts FOLDER POSTS [--quick] [--authors local]`.
 * Called again with more posts it goes on where it ended. Not the road, but the road's own statements in large
 * batches; `rows.test.ts` compares the two.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { loadConfig } from "../../server/config.ts";
import { hostKey } from "../../server/core/store.ts";
import * as write from "../../server/core/store-writes.ts";
import { saveRemoteKey } from "../../server/federation/store.ts";
import { rememberArrival } from "../../server/federation/store-peers.ts";
import { systemNow } from "../../server/lib/clock.ts";
import { keyAt, MAX_KEY } from "../../server/lib/id.ts";
import { createLog } from "../../server/lib/log.ts";
import { raw, type Sql } from "../../server/lib/sql.ts";
import { type Opened, open } from "../../server/open.ts";
import { findNotices, moveMarker } from "../../server/queries/store-notices.ts";
import { generateKeyPair, type KeyPairPem } from "../../server/signatures/keys.ts";
import { freePort } from "../postgres.ts";
import * as documents from "./documents.ts";
import { follow, insertActor } from "./people.ts";
import { announceRows, createRows, type Doer, likeRows, type Named, type Time } from "./rows.ts";
import {
  AUTHOR,
  type Authors,
  echoKey,
  FULL,
  ORIGIN,
  type PlannedPost,
  plannedPost,
  QUICK,
  READER,
  type RemoteActor,
  random,
  remoteActor,
  type Scale,
  sinkActor,
} from "./world.ts";

/** A policy that keeps nobody's notices back. */
const EVERYBODY = {
  notFollowing: 0,
  notFollowers: 0,
  newAccounts: 0,
  privateMentions: 0,
  limitedAccounts: 0,
  newSince: MAX_KEY,
};

/** What is written beside the database: how to go on, and what the measuring processes need. */
export interface Seeded {
  readonly posts: number;
  /** Everything is in the index of words, and everybody elsewhere agrees to be found. */
  readonly isSearchable?: boolean;
  readonly sinkPort: number;
  readonly signers: readonly {
    readonly keyId: string;
    readonly privatePem: string;
    readonly actor: number;
  }[];
  readonly neighbours: readonly Resident[];
  readonly reader: Resident;
  readonly author: Resident;
}

/** Somebody here, with a browser's session and a program's token. */
export interface Resident {
  readonly key: number;
  readonly iri: string;
  readonly name: string;
  readonly cookie: string;
  /** With the scopes `read write`. */
  readonly token: string;
}

/** Some 5 000 statements in one transaction. */
const POSTS_PER_BATCH = 400;
const UNREAD = 5;
/** Keys of actors elsewhere: long before the first post. */
const FIRST_ACTOR_KEY = keyAt(Date.UTC(2023, 4, 1));
/** Everybody here follows so many people elsewhere, and everybody elsewhere is followed by somebody here. */
const FOLLOWS = 40;

/** Worlds that were seeded before searching was measured. */
const AGREED = raw(`UPDATE object SET document = '{"indexable":true,' || substr(document, 2)
  WHERE kind = 'actor' AND host <> 0 AND document NOT LIKE '%"indexable"%'`);

export const seededOf = async (folder: string): Promise<Seeded> =>
  Bun.file(join(folder, "bench.json")).json();

/** A post's key and its author as those see it who answer or like it. */
interface Placed {
  readonly key: number;
  readonly iri: string;
  readonly author: Doer & { readonly iri: string; readonly index: number };
}

if (import.meta.main) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { quick: { type: "boolean" }, authors: { type: "string", default: "mixed" } },
  });
  const [folder = "", posts = "0"] = positionals;
  await seed(folder, Number(posts), values.quick ? QUICK : FULL, values.authors as Authors);
}

async function seed(folder: string, posts: number, scale: Scale, authors: Authors): Promise<void> {
  const { config } = loadConfig({
    flags: { data_dir: folder, origin: ORIGIN, insecure_federation: "true" },
    env: {},
    cwd: folder,
  });
  const log = createLog({ now: systemNow, level: "error", form: "text", write: console.error });
  const opened = await open(config, log, systemNow);
  const file = join(folder, "bench.json");
  const before = existsSync(file) ? await seededOf(folder) : await makePeople(opened, scale);
  await makePosts(opened, scale, before, posts, authors);
  await markRead(opened, before);
  await opened.db.batch([AGREED]);
  await opened.search.drain();
  await Bun.write(file, JSON.stringify({ ...before, posts, isSearchable: true }));
  await opened.stop();
}

async function makePeople(opened: Opened, scale: Scale): Promise<Seeded> {
  const { db, accounts, oauth, addresses } = opened;
  const resident = async (name: string, role: "admin" | "member"): Promise<Resident> => {
    const account = await accounts.create({ name, role, state: "active", password: null });
    const { token } = await accounts.sessions.create(account.key, {
      addressPrefix: "127.0.0.1",
      agent: "bench",
    });
    return {
      key: account.key,
      iri: addresses.actor(name),
      name,
      cookie: `session=${token}`,
      token: await oauth.tokens.create({ account, scope: "read write" }),
    };
  };
  const reader = await resident(READER, "admin");
  const author = await resident(AUTHOR, "member");
  const neighbours: Resident[] = [];
  for (let i = 0; i < scale.neighbours; i++) neighbours.push(await resident(`neighbour${i}`, "member"));
  const hosts = new Map<string, number>();
  const hostOf = async (name: string) => {
    const known = hosts.get(name) ?? (await hostKey(db, name));
    hosts.set(name, known);
    return known;
  };
  const pairs = await Promise.all(Array.from({ length: scale.signers }, () => generateKeyPair("rsa")));
  const followSeed = random(4);
  let cause = FIRST_ACTOR_KEY + scale.remoteActors + scale.sinks + 10;

  for (let i = 0; i < scale.remoteActors; i++) {
    const actor = remoteActor(scale, i);
    const key = FIRST_ACTOR_KEY + i;
    const pem = (pairs[i] ?? (pairs[0] as KeyPairPem)).publicPem;
    const statements: Sql[] = [
      ...insertActor({ actor, key, host: await hostOf(actor.host), publicPem: pem, nowMs: systemNow() }),
      write.ensureCollection(key, "posts"),
    ];
    const followers = new Set([i % neighbours.length]);
    if (followSeed() < (FOLLOWS * neighbours.length) / scale.remoteActors - 1)
      followers.add(Math.floor(followSeed() * neighbours.length));
    for (const index of followers) {
      const neighbour = neighbours[index];
      if (neighbour) statements.push(...follow({ ...neighbour, host: 0 }, { key, iri: actor.iri }, cause++));
    }
    if (i < scale.readerFollows)
      statements.push(...follow({ ...reader, host: 0 }, { key, iri: actor.iri }, cause++));
    await db.batch(statements);
  }
  for (const neighbour of neighbours) await db.batch(follow({ ...reader, host: 0 }, neighbour, cause++));

  const sinkPort = await freePort();
  for (let i = 0; i < scale.sinks; i++) {
    const actor = sinkActor(i, sinkPort);
    const key = FIRST_ACTOR_KEY + scale.remoteActors + i;
    const host = await hostOf(actor.host);
    await db.batch([
      ...insertActor({ actor, key, host, publicPem: pairs[0]?.publicPem ?? "", nowMs: systemNow() }),
      ...follow({ key, iri: actor.iri, host }, author, cause++),
    ]);
  }
  await db.batch([...hosts.values()].map((host) => rememberArrival(host, systemNow())));

  const signers = pairs.map(({ privatePem }, i) => ({
    keyId: `${remoteActor(scale, i).iri}#main-key`,
    privatePem,
    actor: i,
  }));
  await db.batch(
    pairs.map(({ publicPem }, i) =>
      saveRemoteKey({
        iri: `${remoteActor(scale, i).iri}#main-key`,
        actorIri: remoteActor(scale, i).iri,
        kind: "rsa",
        publicPem,
        expiresMs: null,
        fetchedMs: systemNow(),
      }),
    ),
  );
  return { posts: 0, sinkPort, signers, neighbours, reader, author };
}

/** People read what happens to them: a few notices are new to everybody. */
async function markRead({ db }: Opened, { neighbours, reader, author }: Seeded): Promise<void> {
  for (const { key } of [...neighbours, reader, author]) {
    const page = { before: MAX_KEY, after: 0, limit: UNREAD + 1, order: "DESC" } as const;
    const oldest = (await findNotices(db, key, EVERYBODY, page))[UNREAD];
    if (oldest) await db.batch([moveMarker(key, "notices", oldest.key, systemNow())]);
  }
}

async function makePosts(
  { db, addresses }: Opened,
  scale: Scale,
  seeded: Seeded,
  until: number,
  authors: Authors,
): Promise<void> {
  const rows = await db.all<{ key: number; host: number }>(
    raw("SELECT key, host FROM object WHERE kind = 'actor' AND host <> 0"),
  );
  const hostOfActor = new Map(rows.map(({ key, host }) => [key, host]));
  const following = new Set(
    (
      await db.all<{ who: number; whom: number }>(
        raw(
          "SELECT c.owner AS who, m.item AS whom FROM collection c JOIN member m ON m.collection = c.key WHERE c.name = 'following'",
        ),
      )
    ).map(({ who, whom }) => `${who} ${whom}`),
  );
  const remotes = Array.from({ length: scale.remoteActors }, (_, i) => remoteActor(scale, i));
  const remote = (index: number): RemoteActor => remotes[index] ?? remoteActor(scale, index);
  const doerOf = (post: PlannedPost): Placed["author"] => {
    if (!post.isLocal) return remoteDoer(post.author);
    const neighbour = seeded.neighbours[post.author] ?? seeded.reader;
    return { ...neighbour, host: 0, isLocal: true, index: post.author };
  };
  const remoteDoer = (index: number): Placed["author"] => {
    const key = FIRST_ACTOR_KEY + index;
    return { key, iri: remote(index).iri, host: hostOfActor.get(key) ?? 0, isLocal: false, index };
  };
  const place = (post: PlannedPost): Placed => ({
    key: post.key,
    iri: post.isLocal ? addresses.object(post.key) : documents.remotePostIri(remote(post.author), post),
    author: doerOf(post),
  });
  const named = (who: Doer, doer: Doer): Named => ({
    ...who,
    followsDoer: following.has(`${who.key} ${doer.key}`),
  });

  let noticeKey = 0;
  for (let from = seeded.posts; from < until; from += POSTS_PER_BATCH) {
    const statements: Sql[] = [];
    for (let index = from; index < Math.min(until, from + POSTS_PER_BATCH); index++) {
      const post = plannedPost(scale, index, authors);
      noticeKey = post.key + 100;
      const time: Time = { nowMs: post.publishedMs + 1000, newKey: () => noticeKey++ };
      const { author, ...placed } = place(post);
      const answered = post.answers === null ? null : place(plannedPost(scale, post.answers, authors));
      const around = { parentIri: answered?.iri ?? null, parentAuthor: answered?.author.iri ?? null };
      const document = post.isLocal
        ? documents.localCreate(author.iri, post, around)
        : documents.remoteCreate(remote(post.author), post, around);
      const parent = answered && { key: answered.key, author: named(answered.author, author) };
      const hashtag = post.isLocal ? null : documents.tagOf(post);
      const keys = { object: post.key, activity: post.activityKey };
      statements.push(...createRows(author, keys, document, { parent, hashtag }, time));
      let echoes = 0;
      const about = (by: Doer) => ({ key: post.key, author: named(author, by) });
      for (const liker of post.likers) {
        const by = remoteDoer(liker);
        const key = echoKey(post, echoes++);
        const like = documents.echo("Like", remote(liker), key, placed.iri, author.iri);
        statements.push(...likeRows(by, key, like, about(by), time));
      }
      for (const sharer of post.sharers) {
        const by = remoteDoer(sharer);
        const key = echoKey(post, echoes++);
        const share = documents.echo("Announce", remote(sharer), key, placed.iri, author.iri);
        statements.push(...announceRows(by, key, share, about(by), time));
      }
    }
    await db.batch(statements);
  }
}
