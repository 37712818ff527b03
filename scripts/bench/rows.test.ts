/** The benchmark's rows are those that the road writes: whoever changes the one hears of the other. */
import { expect, test } from "bun:test";
import type { AsObject } from "../../server/core/object.ts";
import { hostKey } from "../../server/core/store.ts";
import * as write from "../../server/core/store-writes.ts";
import { updateDelivery } from "../../server/federation/store.ts";
import { createJsonld } from "../../server/jsonld/jsonld.ts";
import { keyAt } from "../../server/lib/id.ts";
import type { JsonObject } from "../../server/lib/json.ts";
import { raw } from "../../server/lib/sql.ts";
import { type TestApp, testApp } from "../../server/testing/app.ts";
import { type Engine, eachEngine } from "../../server/testing/engines.ts";
import { type Person, person } from "../../server/testing/people.ts";
import { vocabularies } from "../../server/vocab/index.ts";
import * as documents from "./documents.ts";
import { insertActor } from "./people.ts";
import { announceRows, createRows, likeRows, type Named, type Parent } from "./rows.ts";
import { ORIGIN, type PlannedPost, QUICK, remoteActor } from "./world.ts";

const BOB = remoteActor(QUICK, 1);
const BOB_KEY = 1000;
const { normalise } = createJsonld({ vocabularies });

interface House {
  readonly app: TestApp;
  readonly alice: Person;
  readonly bob: {
    readonly key: number;
    readonly iri: string;
    readonly host: number;
    readonly isLocal: false;
  };
  /** Bob as somebody who is named. */
  readonly bobNamed: Named;
  readonly aliceNamed: Named;
}

/** Alice lives here and follows Bob, who lives elsewhere and follows her. */
async function house(engine: Engine): Promise<House> {
  const app = await testApp(engine, { config: { origin: ORIGIN } });
  const alice = await person(app, "alice", "admin");
  const { db } = app.opened;
  const host = await hostKey(db, BOB.host);
  await db.batch(insertActor({ actor: BOB, key: BOB_KEY, host, publicPem: "none", nowMs: app.clock.now() }));
  await db.batch([
    write.ensureCollection(BOB_KEY, "followers"),
    ...write.addMember(BOB_KEY, "followers", alice.key, null),
    ...write.addMember(alice.key, "following", BOB_KEY, null),
  ]);
  return {
    app,
    alice,
    bob: { key: BOB_KEY, iri: BOB.iri, host, isLocal: false },
    bobNamed: { key: BOB_KEY, host, isLocal: false, followsDoer: false },
    aliceNamed: { key: alice.key, host: 0, isLocal: true, followsDoer: true },
  };
}

const DUMPS: Readonly<Record<string, string>> = {
  object: `SELECT o.iri, h.name AS host, o.kind, o.type, w.iri AS owner, s.iri AS subject, o.visibility, o.document,
    o.updated, o.deleted, o.fetched FROM object o JOIN host h ON h.key = o.host
    LEFT JOIN object w ON w.key = o.owner LEFT JOIN object s ON s.key = o.subject WHERE o.kind <> 'actor'`,
  collection: "SELECT o.iri, c.name, c.total FROM collection c JOIN object o ON o.key = c.owner",
  member: `SELECT o.iri, c.name, i.iri AS item, w.iri AS cause FROM member m JOIN collection c ON c.key = m.collection
    JOIN object o ON o.key = c.owner JOIN object i ON i.key = m.item LEFT JOIN object w ON w.key = m.cause`,
  link: `SELECT t.iri AS target, l.property, s.iri AS source FROM link l JOIN object t ON t.key = l.target
    JOIN object s ON s.key = l.source`,
  fact: "SELECT f.property, f.value, s.iri AS source FROM fact f JOIN object s ON s.key = f.source",
  notice: `SELECT a.iri AS actor, n.kind, x.iri AS activity FROM notice n JOIN object a ON a.key = n.actor
    JOIN object x ON x.key = n.activity`,
  delivery: `SELECT x.iri AS activity, h.name AS host, d.state, d.tries, d.changed FROM delivery d
    JOIN object x ON x.key = d.activity JOIN host h ON h.key = d.host`,
};

async function contentsOf({ app }: House): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const [table, query] of Object.entries(DUMPS)) {
    for (const row of await app.opened.db.all<JsonObject>(raw(query))) {
      const document = typeof row.document === "string" ? { document: sorted(JSON.parse(row.document)) } : {};
      lines.push(`${table} ${JSON.stringify({ ...row, ...document })}`);
    }
  }
  return lines.sort();
}

const sorted = (document: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(document).sort(([a], [b]) => (a < b ? -1 : 1)));

const planned = (
  index: number,
  publishedMs: number,
  keys: { object: number; activity: number },
): PlannedPost => ({
  index,
  isLocal: false,
  author: 1,
  publishedMs,
  key: keys.object,
  activityKey: keys.activity,
  answers: null,
  likers: [],
  sharers: [],
});

async function received({ app }: House, document: JsonObject, recipient: number | null): Promise<void> {
  const activity = (await normalise(document)) as AsObject;
  const outcome = await app.federation.core.receive(activity, { sender: BOB.iri, recipient });
  expect(outcome.outcome).toBe("done");
}

const ALONE = { parentIri: null, parentAuthor: null };

eachEngine((engine) => {
  test("everything that the benchmark seeds is what the road writes", async () => {
    const [road, seeded] = [await house(engine), await house(engine)];
    const now = road.app.clock.now();
    // Rows say when they are from.
    const at = (n: number) => keyAt(now) + n;
    let lastKey = 5000;
    const time = { nowMs: now, newKey: () => ++lastKey };
    const seed = async (rows: readonly ReturnType<typeof raw>[]) =>
      void (await seeded.app.opened.db.batch(rows));
    const alice = { key: seeded.alice.key, iri: seeded.alice.iri, host: 0, isLocal: true };

    // Somebody here writes.
    const draft = documents.localDraft(road.alice.iri, planned(1, now, { object: 1, activity: 2 }), ALONE);
    const made = await road.app.federation.core.act(road.alice.key, draft);
    const own = planned(1, now, { object: made.object?.key ?? 0, activity: made.key });
    const ownCreate = documents.localCreate(road.alice.iri, own, ALONE);
    const ownIri = made.object?.iri ?? "";
    const ownKeys = { object: own.key, activity: own.activityKey };
    await seed(createRows(alice, ownKeys, ownCreate, { parent: null, hashtag: null }, time));

    // Somebody elsewhere writes, and answers.
    const theirs = planned(2, now, { object: at(2001), activity: at(2002) });
    const theirCreate = documents.remoteCreate(BOB, theirs, ALONE);
    await received(road, theirCreate, null);
    const theirKeys = { object: at(2001), activity: at(2002) };
    const hashtag = documents.tagOf(theirs);
    await seed(createRows(seeded.bob, theirKeys, theirCreate, { parent: null, hashtag }, time));

    const answer = planned(3, now, { object: at(3001), activity: at(3002) });
    const around = { parentIri: ownIri, parentAuthor: road.alice.iri };
    const answerCreate = documents.remoteCreate(BOB, answer, around);
    await received(road, answerCreate, null);
    const parent: Parent = { key: own.key, author: seeded.aliceNamed };
    const answerAbout = { parent, hashtag: documents.tagOf(answer) };
    await seed(
      createRows(seeded.bob, { object: at(3001), activity: at(3002) }, answerCreate, answerAbout, time),
    );

    // Somebody here answers somebody elsewhere.
    const toBob = { parentIri: documents.remotePostIri(BOB, theirs), parentAuthor: BOB.iri };
    const reply = await road.app.federation.core.act(
      road.alice.key,
      documents.localDraft(road.alice.iri, planned(4, now, ownKeys), toBob),
    );
    const replied = planned(4, now, { object: reply.object?.key ?? 0, activity: reply.key });
    await road.app.opened.db.batch([updateDelivery(reply.key, road.bob.host, "arrived", 1, null, now)]);
    const replyCreate = documents.localCreate(road.alice.iri, replied, toBob);
    const replyAbout = { parent: { key: at(2001), author: seeded.bobNamed }, hashtag: null };
    const replyKeys = { object: replied.key, activity: replied.activityKey };
    await seed(createRows(alice, replyKeys, replyCreate, replyAbout, time));

    // Somebody elsewhere likes and shares.
    const like = documents.echo("Like", BOB, at(7001), ownIri, road.alice.iri);
    await received(road, like, road.alice.key);
    await seed(likeRows(seeded.bob, at(7001), like, parent, time));
    const share = documents.echo("Announce", BOB, at(7002), ownIri, road.alice.iri);
    await received(road, share, null);
    await seed(announceRows(seeded.bob, at(7002), share, parent, time));

    expect(await contentsOf(seeded)).toEqual([...(await contentsOf(road))]);
  });
});
