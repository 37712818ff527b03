/** A secret answer is in the conversation of those who may read it, and nobody else is told that there is one more. */
import { expect, test } from "bun:test";
import { migrations } from "../../migrations/index.ts";
import { sql } from "../lib/sql.ts";
import { migrate } from "../storage/migrate.ts";
import { eachEngine } from "../testing/engines.ts";
import { readingOf } from "../testing/reading.ts";
import { village } from "../testing/village.ts";
import { PUBLIC } from "./object.ts";

const A = "https://a.test";
const B = "https://b.test";

eachEngine((engine) => {
  async function given() {
    const town = await village({ [A]: await engine.freshDb(), [B]: await engine.freshDb() });
    const [house, away] = [town.house(A), town.house(B)];
    const [alice, bob, ben] = [
      await house.person("alice"),
      await house.person("bob"),
      await away.person("ben"),
    ];
    await house.look.fetch(ben.iri);
    await away.look.fetch(alice.iri);
    const reading = readingOf(house, town.clock.now);
    const says = async (by: { key: number }, to: readonly string[], inReplyTo?: string) => {
      town.clock.advance(1);
      const note = {
        type: "Note",
        content: "<p>Hello</p>",
        to: [...to],
        ...(inReplyTo ? { inReplyTo } : {}),
      };
      return (await house.core.act(by.key, note)).object as { key: number; iri: string };
    };
    const replies = async (post: { key: number }, viewer: number | null) =>
      (await reading.views.objects([post.key], viewer)).get(post.key)?.counts.replies;
    const listed = async (post: { iri: string }) => {
      const owner = await house.look.find(post.iri);
      return owner && (await reading.collections.page(owner, "replies", null, {}))?.total;
    };
    const read = async (post: { key: number }, viewer: number | null) =>
      (await reading.threads.thread(post.key, viewer))?.replies.length;
    return { town, house, away, alice, bob, ben, reading, says, replies, listed, read };
  }

  test("what is answered to few is counted for nobody, and read by those whom it is for", async () => {
    const { house, alice, bob, reading, says, replies, listed, read } = await given();
    const post = await says(alice, [PUBLIC]);
    await says(bob, [PUBLIC], post.iri);
    const secret = await says(bob, [alice.iri], post.iri);
    await says(bob, [`${bob.iri}/followers`], post.iri);
    expect([await replies(post, null), await replies(post, alice.key), await listed(post)]).toEqual([
      1, 1, 1,
    ]);
    expect([await read(post, null), await read(post, alice.key), await read(post, bob.key)]).toEqual([
      1, 2, 3,
    ]);
    const owner = await house.look.find(post.iri);
    expect(owner && (await reading.collections.page(owner, "whispers", alice.key, {}))).toBeNull();
    await house.core.act(bob.key, { type: "Delete", object: secret.iri });
    expect([await replies(post, null), await read(post, alice.key)]).toEqual([1, 1]);
  });

  test("among those who see a secret post its answers are counted", async () => {
    const { alice, bob, says, replies } = await given();
    const post = await says(alice, [bob.iri]);
    await says(bob, [alice.iri], post.iri);
    expect(await replies(post, alice.key)).toBe(1);
  });

  test("an answer from elsewhere is counted once it is open, and no longer when it is not", async () => {
    const { town, house, away, alice, ben, says, replies } = await given();
    const post = await says(alice, [PUBLIC]);
    await away.look.fetch(post.iri);
    const note = { type: "Note", content: "<p>Psst</p>", to: [alice.iri], inReplyTo: post.iri };
    const answer = (await away.core.act(ben.key, note)).object?.iri ?? "";
    await town.settle();
    expect(await replies(post, null)).toBe(0);
    const update = (n: number, to: string) => ({
      id: `${B}/updates/${n}`,
      type: "Update",
      actor: ben.iri,
      to: [to],
      object: { ...note, id: answer, attributedTo: ben.iri, to: [to, alice.iri] },
    });
    await house.core.receive(update(1, PUBLIC), { sender: ben.iri });
    expect(await replies(post, null)).toBe(1);
    await house.core.receive(update(2, alice.iri), { sender: ben.iri });
    expect(await replies(post, null)).toBe(0);
  });

  test("what was answered before there was such a list comes into it", async () => {
    const before = migrations.filter(({ name }) => name < "0030");
    const db = await engine.freshDb(before);
    const [person, open, secret] = [1, 2, 3];
    const row = (key: number, visibility: number) =>
      sql`INSERT INTO object (key, iri, host, kind, visibility) VALUES (${key}, ${`${A}/${key}`}, 0, 'object', ${visibility})`;
    const member = (owner: number, item: number) =>
      sql`INSERT INTO member (collection, item, cause)
        VALUES ((SELECT key FROM collection WHERE owner = ${owner}), ${item}, ${item})`;
    await db.batch([
      ...[row(person, 0), row(open, 0), row(secret, 3), row(4, 0), row(5, 2), row(6, 3), row(7, 3)],
      sql`INSERT INTO collection (owner, name, total) VALUES (${open}, 'replies', 3), (${secret}, 'replies', 1)`,
      ...[member(open, 4), member(open, 5), member(open, 6), member(secret, 7)],
    ]);
    await migrate({ db, migrations, now: () => 0 });
    expect(
      await db.all(sql`SELECT c.owner, c.name, c.total, m.item, m.cause FROM collection c
        JOIN member m ON m.collection = c.key WHERE c.name = 'whispers' ORDER BY m.item`),
    ).toEqual([5, 6].map((item) => ({ owner: open, name: "whispers", total: 2, item, cause: item })));
  });
});
