/** Who of one's circle knows somebody, where everybody follows everybody. */
import { expect, test } from "bun:test";
import { savePreferences } from "../accounts/preferences.ts";
import { type Sql, sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";
import { eachEngine } from "../testing/engines.ts";
import { readingOf } from "../testing/reading.ts";
import { village } from "../testing/village.ts";
import { createCircleReads } from "./circles.ts";

const A = "https://a.test";
/** People whom the reader follows, and who follow whoever is asked about. */
const MANY = 900;
const SHOWN = 20;

eachEngine((engine) => {
  test("twenty of very many are told, and not all are read", async () => {
    const town = await village({ [A]: await engine.freshDb() });
    const { db, person } = town.house(A);
    const [reader, famous] = [await person("reader"), await person("famous")];
    const keys = Array.from({ length: MANY }, (_, n) => 1_000 + n);
    await db.batch([
      ...keys.map(
        (key): Sql =>
          sql`INSERT INTO object (key, iri, host, kind, type, document)
              VALUES (${key}, ${`${A}/users/p${key}`}, 0, 'actor', 'Person', '{}')`,
      ),
      ...[
        { owner: reader.key, name: "following" },
        { owner: famous.key, name: "followers" },
      ].flatMap(({ owner, name }) => [
        sql`INSERT INTO collection (owner, name) VALUES (${owner}, ${name}) ON CONFLICT (owner, name) DO NOTHING`,
        sql`INSERT INTO member (collection, item)
            SELECT c.key, o.key FROM collection c JOIN object o ON o.key BETWEEN ${1_000} AND ${999 + MANY}
            WHERE c.owner = ${owner} AND c.name = ${name}`,
      ]),
    ]);
    let read = 0;
    const counting: Db = {
      ...db,
      async all<R extends object>(query: Sql) {
        const rows = await db.all<R>(query);
        read = Math.max(read, rows.length);
        return rows;
      },
    };
    const { views } = readingOf(town.house(A), town.clock.now, { db: counting });
    const circles = createCircleReads({ db: counting, views });
    const familiar = async () =>
      (await circles.familiar(reader.key, [famous.key, reader.key])).get(famous.key)?.map(({ key }) => key);
    const newest = keys.toReversed();
    expect(await familiar()).toEqual(newest.slice(0, SHOWN));
    expect(read).toBeLessThan(MANY / 2);
    await db.batch([
      sql`INSERT INTO account (actor, name, role, state, created, changed)
          VALUES (${newest[0]}, 'shy', 'member', 'active', 0, 0)`,
    ]);
    await savePreferences(db, newest[0] ?? 0, { hidesCircle: true });
    expect(await familiar()).toEqual(newest.slice(1, SHOWN + 1));
  });
});
