/** What is fetched while others come to know of the same thing, on every engine. */
import { expect, test } from "bun:test";
import { type Sql, sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";
import { eachEngine } from "../testing/engines.ts";
import { village } from "../testing/village.ts";
import { PUBLIC } from "./object.ts";
import { hostKey } from "./store.ts";
import { insertAddress } from "./store-writes.ts";

const A = "https://a.test";
const B = "https://b.test";
const STUB = 1;

/** After so many questions about an address, or when something is to be written about it. */
type Moment = number | "writing";
/** Asked by whoever wants it, and by whoever fetches it. */
const FOUND_MISSING: Moment = 2;

eachEngine((engine) => {
  /** A house in whose database something happens once at a chosen moment. */
  async function interruptible() {
    const db = await engine.freshDb();
    let awaited: { moment: Moment; readonly iri: string; readonly work: () => Promise<void> } | null = null;
    async function happen(isWriting: boolean, statements: readonly Sql[]): Promise<void> {
      const due = awaited;
      if (due === null || (due.moment === "writing") !== isWriting) return;
      if (!statements.some(({ values }) => values.includes(due.iri))) return;
      if (typeof due.moment === "number" && --due.moment > 0) return;
      awaited = null;
      await due.work();
    }
    const watched: Db = {
      ...db,
      async all<T extends object>(query: Sql): Promise<T[]> {
        const rows = await db.all<T>(query);
        await happen(false, [query]);
        return rows;
      },
      async batch(statements) {
        await happen(true, statements);
        return db.batch(statements);
      },
    };
    const other = await engine.freshDb();
    const town = await village({ [A]: watched, [B]: other });
    const bob = await town.house(B).person("bob");
    const host = await hostKey(db, "b.test");
    return {
      db,
      host,
      a: town.house(A),
      b: town.house(B),
      bob,
      /** The next thing that happens at that moment. */
      at(moment: Moment, iri: string, work: () => Promise<void>) {
        awaited = { moment, iri, work };
      },
      /** The address becomes known, and nothing of it but that. */
      mentionAt(moment: Moment, iri: string) {
        const work = async () => void (await db.batch([insertAddress(STUB, iri, host)]));
        awaited = { moment, iri, work };
      },
    };
  }

  async function withAnswer() {
    const given = await interruptible();
    const { b, bob } = given;
    const note = (extra: object = {}) =>
      b.core.act(bob.key, { type: "Note", content: "<p>Hello</p>", to: [PUBLIC], ...extra });
    const parent = (await note()).object?.iri ?? "";
    const answer = (await note({ inReplyTo: parent })).object?.iri ?? "";
    await given.a.look.fetch(bob.iri);
    return { ...given, parent, answer };
  }

  test.each([FOUND_MISSING, "writing"] as const)(
    "a thing whose address becomes known while it is fetched is stored whole (%p)",
    async (moment) => {
      const { a, answer, parent, mentionAt } = await withAnswer();
      mentionAt(moment, answer);
      const found = await a.look.fetch(answer);
      expect(found).toMatchObject({ key: STUB, iri: answer, document: { content: "<p>Hello</p>" } });
      expect(await a.total(parent, "replies")).toBe(1);
    },
  );

  test.each([FOUND_MISSING, "writing"] as const)(
    "somebody whose address becomes known while they are fetched is stored whole (%p)",
    async (moment) => {
      const { a, bob, mentionAt } = await interruptible();
      mentionAt(moment, bob.iri);
      expect(await a.look.fetch(bob.iri)).toMatchObject({ key: STUB, kind: "actor" });
      const actor = await a.db.one(sql`SELECT handle FROM actor WHERE key = ${STUB}`);
      expect(actor).toEqual({ handle: "bob@b.test" });
    },
  );

  test.each([FOUND_MISSING, "writing"] as const)(
    "a thing that two fetch at once is stored by the quicker one (%p)",
    async (moment) => {
      const { a, b, bob, answer, parent, at } = await withAnswer();
      const { object } = await b.core.act(bob.key, {
        type: "Note",
        content: "<p>Again</p>",
        to: [PUBLIC],
        inReplyTo: answer,
      });
      const iri = object?.iri ?? "";
      const document = { ...(await b.look.find(iri))?.document };
      at(moment, iri, async () => {
        await a.core.receive(
          { id: `${B}/creates/1`, type: "Create", actor: bob.iri, to: [PUBLIC], object: document },
          { sender: bob.iri, recipient: null, isWanted: true },
        );
      });
      expect(await a.look.fetch(iri)).toMatchObject({ iri, document: { content: "<p>Again</p>" } });
      expect(await a.total(answer, "replies")).toBe(1);
      expect(await a.total(parent, "replies")).toBe(0);
    },
  );

  test.each([1, "writing"] as const)(
    "an activity whose address becomes known while it is judged is taken all the same (%p)",
    async (moment) => {
      const { a, bob, mentionAt } = await interruptible();
      const alice = await a.person("alice");
      const follow = { id: `${B}/follows/1`, type: "Follow", actor: bob.iri, object: alice.iri };
      mentionAt(moment, follow.id);
      const outcome = await a.core.receive(follow, { sender: bob.iri, recipient: alice.key });
      expect(outcome).toEqual({ outcome: "done", key: STUB });
      expect(await a.look.find(follow.id)).toMatchObject({ key: STUB, type: "Follow" });
      expect(await a.total(alice.iri, "followers")).toBe(1);
    },
  );

  test("a post that is named by another activity while it comes in is taken all the same", async () => {
    const { a, bob, at } = await interruptible();
    const note = { id: `${B}/notes/1`, type: "Note", content: "<p>New</p>", attributedTo: bob.iri };
    const said = { actor: bob.iri, to: [PUBLIC] };
    const from = { sender: bob.iri, isWanted: true };
    await a.look.fetch(bob.iri);
    at("writing", note.id, async () => {
      const target = `${bob.iri}/featured`;
      await a.core.receive({ id: `${B}/adds/1`, type: "Add", object: note.id, target, ...said }, from);
    });
    const create = { id: `${B}/creates/1`, type: "Create", object: note, ...said };
    expect(await a.core.receive(create, from)).toMatchObject({ outcome: "done" });
    expect((await a.look.find(note.id))?.document?.content).toBe("<p>New</p>");
    expect(await a.total(bob.iri, "posts")).toBe(1);
  });

  test.each(["Create", "Update"])(
    "a post known by its address that comes twice at once, by two of type %s, is told of once",
    async (type) => {
      const { a, bob, at, db, host } = await interruptible();
      const alice = await a.person("alice");
      const content = `<p><a href="${alice.iri}">@alice</a></p>`;
      const tag = [{ type: "Mention", href: alice.iri, name: "@alice" }];
      const to = [alice.iri];
      const note = { id: `${B}/notes/1`, type: "Note", content, attributedTo: bob.iri, to, tag };
      const said = (nth: number) => ({ id: `${B}/said/${nth}`, type, actor: bob.iri, to, object: note });
      const receive = (nth: number) => a.core.receive(said(nth), { sender: bob.iri, recipient: alice.key });
      await a.look.fetch(bob.iri);
      await db.batch([insertAddress(STUB, note.id, host)]);
      at("writing", said(1).id, async () => {
        expect(await receive(2)).toMatchObject({ outcome: "done" });
      });
      await receive(1);
      expect(await a.look.find(said(2).id)).toMatchObject({ type });
      const notices = await db.all(sql`SELECT kind FROM notice WHERE actor = ${alice.key}`);
      expect(notices).toEqual([{ kind: "mention" }]);
    },
  );
});
