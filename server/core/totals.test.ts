/** How many are in a list is kept beside it: it stays true whoever takes out of it at once. */
import { beforeEach, expect, test } from "bun:test";
import { type Sql, sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";
import { eachEngine } from "../testing/engines.ts";
import { LOCAL_HOST } from "./entity.ts";
import { ITEMS, insertList, LISTED, moveCause, removeList } from "./store-lanes.ts";
import { recount } from "./store-totals.ts";
import {
  addMember,
  addToLane,
  dropMember,
  emptyLists,
  ensureCollection,
  insertAddress,
  releaseCause,
  releaseCauses,
} from "./store-writes.ts";

/** Whether two meet is left to chance: of so many rounds most did, before anybody waited for anybody. */
const ROUNDS = 30;

const ALICE = 1;
const BOB = 2;
const CAROL = 3;
const FOLLOW = 4;
const OTHER_FOLLOW = 5;
const LIST = 6;

eachEngine((engine) => {
  let nodes: readonly [Db, Db];

  beforeEach(async () => {
    const db = await engine.freshDb();
    nodes = [db, await engine.sibling(db)];
    const keys = [ALICE, BOB, CAROL, FOLLOW, OTHER_FOLLOW, LIST];
    await db.batch(keys.map((key) => insertAddress(key, `https://a.test/${key}`, LOCAL_HOST)));
  });

  const add = (owner: number, name: string, item: number, cause: number): readonly Sql[] => [
    ensureCollection(owner, name),
    ...addMember(owner, name, item, cause),
  ];

  const befriend = (): readonly Sql[] => [
    ...add(ALICE, "followers", BOB, FOLLOW),
    ...add(BOB, "following", ALICE, FOLLOW),
    ...add(ALICE, "followers", CAROL, OTHER_FOLLOW),
  ];

  /** Each batch from both nodes at once, `ROUNDS` times; afterwards what the totals say that is not so. */
  async function wrongAfter(
    before: () => readonly Sql[],
    batches: readonly (() => readonly Sql[])[],
  ): Promise<object[]> {
    const [db] = nodes;
    const wrong: object[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      await db.batch(before());
      await Promise.all(nodes.flatMap((node) => batches.map((batch) => node.batch(batch()))));
      wrong.push(
        ...(await db.all(sql`SELECT * FROM (SELECT owner, name, total,
            (SELECT count(*) FROM member WHERE collection = collection.key) AS members FROM collection) c
          WHERE total <> members AND name <> 'home'`)),
      );
    }
    return wrong;
  }

  test("a following that both sides end at once is taken from the totals once", async () => {
    const wrong = await wrongAfter(befriend, [
      () => releaseCause(FOLLOW),
      () => [...dropMember(ALICE, "followers", BOB), ...dropMember(BOB, "following", ALICE)],
    ]);
    expect(wrong).toEqual([]);
  });

  test("followings that a rule ends are taken from the totals once, also where one of them ends by itself", async () => {
    const wrong = await wrongAfter(befriend, [
      () => releaseCauses([FOLLOW, OTHER_FOLLOW]),
      () => releaseCause(OTHER_FOLLOW),
    ]);
    expect(wrong).toEqual([]);
  });

  test("whoever follows anew while they unfollow is counted if they are there", async () => {
    const wrong = await wrongAfter(befriend, [
      () => [...moveCause(FOLLOW, OTHER_FOLLOW), ...add(ALICE, "followers", BOB, OTHER_FOLLOW)],
      () => releaseCause(FOLLOW),
    ]);
    expect(wrong).toEqual([]);
  });

  test("the lists of somebody who is gone are empty, or hold who came since", async () => {
    const wrong = await wrongAfter(befriend, [
      () => emptyLists(ALICE),
      () => add(ALICE, "followers", BOB, FOLLOW),
      () => releaseCause(OTHER_FOLLOW),
    ]);
    expect(wrong).toEqual([]);
  });

  test("a total that is wrong is put right, of however many; feeds are not counted", async () => {
    const [db] = nodes;
    await db.batch([
      ...befriend(),
      ensureCollection(ALICE, "home"),
      addToLane(ALICE, "home", FOLLOW),
      ...Array.from({ length: 2_500 }, (_, i) => ensureCollection(CAROL, `list ${i}`)),
      sql`UPDATE collection SET total = -1 WHERE name IN ('followers', 'list 0', 'list 2499')`,
    ]);
    expect(await recount(db)).toBe(3);
    expect(await recount(db)).toBe(0);
    expect(await db.all(sql`SELECT name, total FROM collection WHERE total <> 0 ORDER BY name`)).toEqual([
      { name: "followers", total: 2 },
      { name: "following", total: 1 },
    ]);
    expect(await db.one(sql`SELECT total FROM collection WHERE name = 'home'`)).toEqual({ total: 0 });
  });

  test("a list of people that is removed twice leaves those it held once", async () => {
    const wrong = await wrongAfter(
      () => [
        ...removeList(LIST),
        ...insertList({ key: LIST, owner: ALICE, isExclusive: false, replies: "none" }),
        ...[BOB, CAROL].flatMap((person) => [
          ...add(LIST, ITEMS, person, FOLLOW),
          ...add(person, LISTED, LIST, FOLLOW),
        ]),
      ],
      [() => removeList(LIST), () => [...dropMember(LIST, ITEMS, BOB), ...dropMember(BOB, LISTED, LIST)]],
    );
    expect(wrong).toEqual([]);
  });
});
