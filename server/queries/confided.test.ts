/** What is written for those addressed alone is counted in no number of posts that is shown of its author. */
import { expect, test } from "bun:test";
import { migrations } from "../../migrations/index.ts";
import { PUBLIC } from "../core/object.ts";
import { DAY_MS } from "../lib/durations.ts";
import { sql } from "../lib/sql.ts";
import { migrate } from "../storage/migrate.ts";
import { testApp } from "../testing/app.ts";
import { eachEngine } from "../testing/engines.ts";
import { fediverse } from "../testing/fediverse.ts";
import { person } from "../testing/people.ts";

eachEngine((engine) => {
  test("letters are not counted, nor do they say when somebody wrote last; everything else is and does", async () => {
    const app = await testApp(engine);
    const alice = await person(app, "alice", "admin");
    const bob = await person(app, "bob");
    const shown = async () => {
      const { statuses_count, last_status_at } = await (
        await app.ask(`/api/v1/accounts/${alice.key}`, { headers: { authorization: bob.bearer } })
      ).json();
      return [statuses_count, last_status_at];
    };
    await alice.note("For bob", { to: [bob.iri] });
    expect(await shown()).toEqual([0, null]);
    await alice.note("For all", { to: [PUBLIC] });
    const quiet = await alice.note("For all who ask", { to: [alice.followers], cc: [PUBLIC] });
    await alice.note("For followers", { to: [alice.followers] });
    await alice.act({ type: "Announce", object: quiet, to: [PUBLIC] });
    const today = new Date(app.clock.now()).toISOString().slice(0, 10);
    expect(await shown()).toEqual([4, today]);
    app.clock.advance(3 * DAY_MS);
    const letter = await alice.note("For bob again", { to: [bob.iri] });
    expect(await shown()).toEqual([4, today]);
    await alice.act({ type: "Delete", object: letter });
    expect(await shown()).toEqual([4, today]);
    await alice.act({ type: "Delete", object: quiet });
    expect((await shown())[0]).toBe(3);
    expect(await app.queries.actor(alice.key)).toMatchObject({ counts: { posts: 3 } });
  });

  test("a post from elsewhere that is edited for more, or for fewer, is counted as it is now", async () => {
    const all = await fediverse(engine, ["a.test", "b.test"]);
    const alice = await person(all.at("a.test"), "alice", "admin");
    const ben = await person(all.at("b.test"), "ben", "admin");
    const { core, look } = alice.app.federation;
    const iri = await ben.note("For alice", { to: [alice.iri] });
    await all.settle();
    const there = await look.find(ben.iri);
    const posts = async () => (await alice.app.queries.actor(there?.key ?? 0))?.counts.posts;
    expect(await posts()).toBe(0);
    const edited = async (nth: number, to: string) => {
      all.clock.advance(1_000);
      const object = { id: iri, type: "Note", attributedTo: ben.iri, content: "Hello", to: [to, alice.iri] };
      const update = { id: `${ben.iri}#${nth}`, type: "Update", actor: ben.iri, to: [alice.iri], object };
      await core.receive(update, { sender: ben.iri });
    };
    await edited(1, PUBLIC);
    expect(await posts()).toBe(1);
    await edited(2, alice.iri);
    expect(await posts()).toBe(0);
  });

  test("what was written before there was such a list comes into it", async () => {
    const db = await engine.freshDb(migrations.filter(({ name }) => name < "0032"));
    const [author, group] = [1, 2];
    const row = (
      key: number,
      kind: string,
      more: { owner?: number; subject?: number; visibility?: number },
    ) =>
      sql`INSERT INTO object (key, iri, host, kind, type, owner, subject, visibility) VALUES (${key},
        ${`https://a.test/${key}`}, 0, ${kind}, ${kind}, ${more.owner}, ${more.subject}, ${more.visibility ?? 0})`;
    const listed = (owner: number, item: number) =>
      sql`INSERT INTO member (collection, item)
        VALUES ((SELECT key FROM collection WHERE owner = ${owner}), ${item})`;
    await db.batch([
      ...[row(author, "actor", {}), row(group, "actor", {})],
      row(3, "object", { owner: author, visibility: 3 }),
      row(4, "object", { owner: author }),
      row(5, "activity", { owner: author, subject: 3, visibility: 3 }),
      row(6, "activity", { owner: author, subject: 4 }),
      row(7, "activity", { owner: group, subject: 5, visibility: 3 }),
      sql`INSERT INTO collection (owner, name, total) VALUES (${author}, 'posts', 2), (${group}, 'posts', 1)`,
      ...[listed(author, 5), listed(author, 6), listed(group, 7)],
    ]);
    await migrate({ db, migrations, now: () => 0 });
    expect(
      await db.all(sql`SELECT c.owner, c.total, m.item, m.cause FROM collection c
        JOIN member m ON m.collection = c.key WHERE c.name = 'confided'`),
    ).toEqual([{ owner: author, total: 1, item: 5, cause: null }]);
  });
});
