/** Power cuts: both servers die ten times in the middle of things, and a disk is full; nothing accepted is lost or doubled. */
import { Database } from "bun:sqlite";
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { join, resolve } from "node:path";
import { type Client, client, PUBLIC, signInByForm, submit } from "./client.ts";
import { cleanUp, newFolder, type Running, runCommons, startCommons } from "./program.ts";

const PASSWORD = "correct horse battery staple";
const env = { COMMONS_INSECURE_FEDERATION: "1" };
/** 500 posts on each side: 500 deliveries out and 500 activities in for both. */
const AUTHORS = ["ann", "ben", "cyd", "dan", "eve"] as const;
const POSTS_EACH = 100;
const KILLS = 10;
/** The kill of one server before which its disk is full, for a few dozen commits and then for so many posts of people there. */
const FULL_BEFORE = 5;
const LITTLE_ROOM_BYTES = 400_000;
const REFUSED = 20;

interface Side {
  server: Running;
  readonly dataDir: string;
  readonly authors: readonly Client[];
  readonly accepted: Set<string>;
  /** Sent when the server died: it may have been taken or not. */
  readonly unknown: Set<string>;
  /** Called with each post that is accepted. */
  told: () => void;
  /** Posts that were refused for want of room. */
  readonly refused: Set<string>;
}

/** A sequence that looks random and is the same in every run (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

async function resident(server: Running, name: string): Promise<Client> {
  const at = { dataDir: server.dataDir, stdin: `${PASSWORD}\n` };
  await runCommons(["user", "create", name, "--admin", "--password-file", "-"], at);
  const { stdout } = await runCommons(["token", "create", "--user", name, "--scopes", "read write"], at);
  return client(server.origin, name, stdout.trim());
}

async function side(): Promise<Side> {
  const dataDir = newFolder();
  const server = await startCommons({ dataDir, env });
  const authors: Client[] = [];
  for (const name of AUTHORS) authors.push(await resident(server, name));
  return {
    server,
    dataDir,
    authors,
    accepted: new Set(),
    unknown: new Set(),
    told: () => {},
    refused: new Set(),
  };
}

/** Posts until the server has said yes to every one; what was cut off is left alone and another is written. */
async function write(where: Side, author: Client, name: string): Promise<void> {
  for (let taken = 0, n = 0; taken < POSTS_EACH; n++) {
    const content = `${where.server.origin} ${name} ${n}`;
    const note = { type: "Note", content, to: [PUBLIC], cc: [`${author.actor}/followers`] };
    try {
      const { status } = await author.post(note);
      if (status === 201) {
        where.accepted.add(content);
        where.told();
        taken++;
      } else {
        if (status === 507) where.refused.add(content);
        await Bun.sleep(50);
      }
    } catch {
      // @NOTE The server was killed while it answered, or is not there yet again.
      where.unknown.add(content);
      await Bun.sleep(50);
    }
  }
}

/** Resolves once so many posts are accepted there. */
async function reaches(where: Side, posts: number): Promise<void> {
  if (where.accepted.size >= posts) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  where.told = () => {
    if (where.accepted.size >= posts) resolve();
  };
  await promise;
}

/**
 * Starts the program with a file system that gives its files no more than so many bytes: whoever writes on is told
 * that there is no room (RLIMIT_FSIZE, whose signal is ignored).
 */
const withRoomFor = (bytes: number): readonly string[] => [
  "/bin/sh",
  "-c",
  `trap '' XFSZ; ulimit -f ${Math.floor(bytes / 512)}; exec "$0" "$@"`,
  resolve(process.env.TEST_BINARY ?? "dist/commons"),
];

async function killAndRestart(where: Side): Promise<void> {
  await where.server.kill();
  where.server = await startCommons({ dataDir: where.dataDir, env });
}

/** Goes on with hardly any room more than its files have now, until posts of people there and letters of the other were refused. */
async function fillDisk(where: Side, other: Side): Promise<void> {
  await where.server.kill();
  const sizes = ["commons.db", "commons.db-wal"].map((name) => Bun.file(join(where.dataDir, name)).size);
  const command = withRoomFor(Math.max(...sizes) + LITTLE_ROOM_BYTES);
  where.server = await startCommons({ dataDir: where.dataDir, env, command });
  let browse: Browse | null = null;
  while (where.refused.size < REFUSED || lettersRefused(other) === 0) {
    try {
      browse ??= await signedIn(other);
      await askAgain(browse, where);
    } catch {
      // @NOTE The other was killed, or is not there yet again.
    }
    await Bun.sleep(50);
  }
}

/** Asks the other server again now, as an admin would, until nothing waits. */
async function settle(where: Side, other: Side): Promise<void> {
  const browse = await signedIn(where);
  while (waiting(where) > 0) {
    await askAgain(browse, other);
    await Bun.sleep(300);
  }
}

type Browse = Awaited<ReturnType<typeof signInByForm>>;

const signedIn = ({ server }: Side): Promise<Browse> =>
  signInByForm(server.origin, { name: AUTHORS[0], password: PASSWORD });

async function askAgain(browse: Browse, { server }: Side): Promise<void> {
  const host = new URL(server.origin).host;
  await submit(browse, "/admin/peers", "/admin/peers", { action: "retry", host });
}

function query<T>(dataDir: string, sql: string, ...values: string[]): T[] {
  const db = new Database(join(dataDir, "commons.db"), { readonly: true });
  try {
    // A server that starts after a kill puts its log in order first.
    db.run("PRAGMA busy_timeout = 10000");
    return db.query(sql).all(...values) as T[];
  } finally {
    db.close();
  }
}

const waiting = ({ dataDir }: Side): number =>
  query<{ n: number }>(
    dataDir,
    "SELECT count(*) AS n FROM job WHERE kind <> 'schedule' AND buried IS NULL",
  )[0]?.n ?? 0;

/** Letters that wait because the other had no room for them. */
const lettersRefused = ({ dataDir }: Side): number =>
  query<{ n: number }>(dataDir, "SELECT count(*) AS n FROM job WHERE last_error LIKE '%507%'")[0]?.n ?? 0;

/** How often each text is stored, on that side. */
function stored({ dataDir }: Side, origin: string): Map<string, number> {
  const rows = query<{ document: string }>(
    dataDir,
    "SELECT document FROM object WHERE type = 'Note' AND document LIKE ?",
    `%${origin} %`,
  );
  return tally(rows);
}

function tally(rows: readonly { readonly document: string }[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { document } of rows) {
    const { content } = JSON.parse(document) as { content: string };
    counts.set(content, (counts.get(content) ?? 0) + 1);
  }
  return counts;
}

/** How often each text from `origin` stands on the home page of the one there who follows its authors. */
function read({ dataDir, authors }: Side, origin: string): Map<string, number> {
  const rows = query<{ document: string }>(
    dataDir,
    `SELECT post.document FROM object reader
     JOIN collection home ON home.owner = reader.key AND home.name = 'home'
     JOIN member ON member.collection = home.key
     JOIN object entry ON entry.key = member.item
     JOIN object post ON post.key = COALESCE(entry.subject, entry.key)
     WHERE reader.iri = ? AND post.type = 'Note' AND post.document LIKE ?`,
    authors[0]?.actor ?? "",
    `%${origin} %`,
  );
  return tally(rows);
}

/** Sentences about what does not hold together in a database; none when all is well. */
function faultsIn(dataDir: string): unknown[] {
  const integrity = query<{ integrity_check: string }>(dataDir, "PRAGMA integrity_check");
  return [
    ...integrity.filter((row) => row.integrity_check !== "ok"),
    ...query(dataDir, "PRAGMA foreign_key_check"),
    ...query(
      dataDir,
      `SELECT c.owner, c.name, c.total, (SELECT count(*) FROM member m WHERE m.collection = c.key) AS rows
       FROM collection c WHERE c.name NOT IN ('home', 'inbox') AND c.total <> rows`,
    ),
    ...query(
      dataDir,
      `SELECT a.iri FROM object a LEFT JOIN object o ON o.key = a.subject
       WHERE a.type = 'Create' AND a.deleted IS NULL AND o.document IS NULL`,
    ),
    ...query(dataDir, "SELECT kind, last_error FROM job WHERE buried IS NOT NULL"),
  ];
}

describe("kill -9, ten times each, and once a full disk", () => {
  let here: Side;
  let there: Side;
  beforeAll(async () => {
    [here, there] = await Promise.all([side(), side()]);
    for (const [reader, writers] of [
      [here, there],
      [there, here],
    ] as const) {
      const follower = reader.authors[0] as Client; // There are five.
      for (const author of writers.authors) {
        await follower.act({ type: "Follow", object: author.actor, to: [author.actor] });
        await follower.waitFor(({ type, actor }) => type === "Accept" && actor === author.actor);
      }
    }
  });
  afterAll(cleanUp);

  test("every post that was accepted is stored once on both sides, and counted right", async () => {
    const random = createRandom(4711);
    const writing = [here, there].flatMap((where) =>
      where.authors.map((author, n) => write(where, author, AUTHORS[n] as string)),
    );
    const posts = AUTHORS.length * POSTS_EACH;
    const killing = [here, there].map(async (where) => {
      // At another moment in each part of the posts, the last of them after the last kill: all of it while they come and go.
      const moments = Array.from({ length: KILLS }, (_, kill) => (kill + random()) / (KILLS + 1));
      for (const [kill, moment] of moments.entries()) {
        await reaches(where, Math.floor(moment * posts));
        expect(where.accepted.size).toBeLessThan(posts);
        if (where === here && kill === FULL_BEFORE) await fillDisk(where, there);
        await killAndRestart(where);
      }
    });
    await Promise.all(killing);
    await Promise.all(writing);
    await settle(here, there);
    await settle(there, here);
    await settle(here, there);

    for (const [own, other] of [
      [here, there],
      [there, here],
    ] as const) {
      expect(own.accepted.size).toBe(posts);
      const { origin } = own.server;
      const atHome = stored(own, origin);
      const away = stored(other, origin);
      const once = [...own.accepted].map((content) => [content, 1] as const);
      expect(once.filter(([content]) => atHome.get(content) !== 1)).toEqual([]);
      // Whatever is stored at home has arrived once; nothing came of posts that were never taken.
      expect([...atHome].filter(([content, times]) => times !== 1 || away.get(content) !== 1)).toEqual([]);
      expect(away.size).toBe(atHome.size);
      expect(read(other, origin)).toEqual(away);
      for (const content of atHome.keys()) {
        expect(own.accepted.has(content) || own.unknown.has(content)).toBe(true);
      }
      expect([...own.refused].filter((content) => atHome.has(content))).toEqual([]);
      expect(faultsIn(own.dataDir)).toEqual([]);
    }
    expect(here.refused.size).toBeGreaterThanOrEqual(REFUSED);
  });
});

describe("a disk without room", () => {
  afterAll(cleanUp);

  test("refuses clearly, keeps what it has, and goes on once there is room", async () => {
    const dataDir = newFolder();
    const first = await startCommons({ dataDir, env });
    const writer = await resident(first, "ann");
    const post = (text: string) => writer.post({ type: "Note", content: text, to: [PUBLIC] });
    expect((await post("before")).status).toBe(201);
    await first.stop();

    const full = await startCommons({ dataDir, env, command: withRoomFor(2_000_000) });
    const long = "x".repeat(50_000);
    let taken = 1;
    let refused = await post(`${long} 0`);
    for (let n = 1; refused.status === 201; n++) {
      taken++;
      refused = await post(`${long} ${n}`);
    }
    expect(refused.status).toBe(507);
    expect(refused.body).toMatchObject({ status: 507, title: "Insufficient storage" });
    expect((await fetch(`${full.origin}/@ann`)).status).toBe(200);
    await full.kill();

    const again = await startCommons({ dataDir, env });
    expect((await post("after")).status).toBe(201);
    expect(await again.stop()).toBe(0);
    const kept = query<{ n: number }>(dataDir, "SELECT count(*) AS n FROM object WHERE type = 'Note'");
    expect(kept[0]?.n).toBe(taken + 1);
    expect(faultsIn(dataDir)).toEqual([]);
  });
});
