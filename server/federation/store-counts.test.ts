/** The numbers of NodeInfo cost as much as there are people, however much they have written. */
import { expect, test } from "bun:test";
import { migrations } from "../../migrations/index.ts";
import { systemNow } from "../lib/clock.ts";
import type { Sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";
import { migrate } from "../storage/migrate.ts";
import { openDb } from "../storage/open.ts";
import { countLocal } from "./store.ts";

test("the collections of everything that was ever liked are not gone through to count posts", async () => {
  const db = await openDb({ url: ":memory:" });
  await migrate({ db, migrations, now: systemNow });
  const asked: Sql[] = [];
  const listening: Db = {
    ...db,
    one<R extends object>(query: Sql) {
      asked.push(query);
      return db.one<R>(query);
    },
  };
  expect(await countLocal(listening, [0, 0])).toEqual({
    people: 0,
    activeMonth: 0,
    activeHalfYear: 0,
    posts: 0,
  });
  const plans = await Promise.all(
    asked.map(({ text, values }) =>
      db.all<{ detail: string }>({ text: `EXPLAIN QUERY PLAN ${text}`, values }),
    ),
  );
  const scanned = plans.flat().flatMap(({ detail }) => /^SCAN (\w+)/.exec(detail)?.[1] ?? []);
  expect(scanned.filter((table) => table !== "a" && table !== "account")).toEqual([]);
  await db.stop();
});
