/** A conversation is shown as a tree that ends, from its first word to its last answer. */
import { expect, test } from "bun:test";
import { PUBLIC } from "../core/object.ts";
import { addMember, ensureCollection } from "../core/store-writes.ts";
import { eachEngine } from "../testing/engines.ts";
import { readingOf } from "../testing/reading.ts";
import { village } from "../testing/village.ts";
import { REACHES } from "./thread.ts";
import type { ReplyNode } from "./view.ts";

const A = "https://a.test";

eachEngine((engine) => {
  async function given() {
    const town = await village({ [A]: await engine.freshDb() });
    const house = town.house(A);
    const alice = await house.person("alice");
    const reading = readingOf(house, town.clock.now);
    async function says(content: string, inReplyTo?: string, by = alice.key) {
      town.clock.advance(1);
      const { object } = await house.core.act(by, {
        type: "Note",
        content,
        to: [PUBLIC],
        ...(inReplyTo === undefined ? {} : { inReplyTo }),
      });
      return object as { key: number; iri: string };
    }
    return { town, house, alice, reading, says };
  }

  /** `a(b c(d))` */
  const drawn = (nodes: readonly ReplyNode[]): string =>
    nodes
      .map(({ view, replies }) => view.contentHtml + (replies.length > 0 ? `(${drawn(replies)})` : ""))
      .join(" ");

  test("ancestors come first to last, replies oldest first, each below what it answers", async () => {
    const { reading, says } = await given();
    const a = await says("a");
    const b = await says("b", a.iri);
    const c = await says("c", b.iri);
    const d = await says("d", b.iri);
    await says("e", c.iri);
    await says("f", d.iri);
    await says("g", c.iri);
    const thread = await reading.threads.thread(b.key, null);
    expect(thread?.ancestors.map(({ contentHtml }) => contentHtml)).toEqual(["a"]);
    expect(thread?.view.contentHtml).toBe("b");
    expect(drawn(thread?.replies ?? [])).toBe("c(e g) d(f)");
    expect(thread?.more).toBeNull();
  });

  test("a conversation that is endless is cut in both directions", async () => {
    const { reading, says } = await given();
    const { ancestors, levels } = REACHES.page;
    let last = await says("0");
    const all = [last];
    for (let i = 1; i <= ancestors + 5; i++) {
      last = await says(String(i), last.iri);
      all.push(last);
    }
    const up = await reading.threads.thread(last.key, null);
    expect(up?.ancestors).toHaveLength(ancestors);
    expect(up?.ancestors.at(-1)?.contentHtml).toBe(String(ancestors + 4));
    const down = await reading.threads.thread(all[0]?.key ?? 0, null);
    expect(drawn(down?.replies ?? []).split("(")).toHaveLength(levels);
  });

  test("a conversation is read whole where that is asked for", async () => {
    const { reading, says } = await given();
    const root = await says("root");
    let last = root;
    for (let i = 0; i < 60; i++) last = await says("deep", last.iri);
    for (let i = 0; i < 300; i++) await says("wide", root.iri);
    const down = await reading.threads.thread(root.key, null, { reach: "whole" });
    const count = (nodes: readonly ReplyNode[]): number =>
      nodes.reduce((sum, { replies }) => sum + 1 + count(replies), 0);
    expect(count(down?.replies ?? [])).toBe(360);
    const up = await reading.threads.thread(last.key, null, { reach: "whole" });
    expect(up?.ancestors[0]?.key).toBe(root.key);
    expect(up?.ancestors).toHaveLength(60);
  });

  test("a crowd below one post is shown in part, and every part leads to the next", async () => {
    const { house, alice, reading, says } = await given();
    const bob = await house.person("bob");
    const { below } = REACHES.page;
    const root = await says("root");
    for (let i = 0; i < below * 2 + 3; i++) await says(String(i), root.iri, bob.key);
    const texts = (nodes: readonly ReplyNode[] = []) => nodes.map(({ view }) => view.contentHtml);
    const read: string[] = [];
    let after = 0;
    for (let part = 0; part < 3; part++) {
      const thread = await reading.threads.thread(root.key, alice.key, { after });
      read.push(...texts(thread?.replies));
      after = thread?.more ?? 0;
    }
    expect(after).toBe(0);
    expect(read).toEqual(Array.from({ length: below * 2 + 3 }, (_, i) => String(i)));
    expect(await house.total(root.iri, "replies")).toBe(below * 2 + 3);
    // Whoever has just answered looks for that, whatever else is left out.
    await says("mine", root.iri);
    expect(texts((await reading.threads.thread(root.key, alice.key))?.replies).at(-1)).toBe("mine");
    expect(texts((await reading.threads.thread(root.key, null))?.replies)).not.toContain("mine");
  });

  test.each(["blocked", "muted"])("a crowd of somebody %s leaves room for all others", async (how) => {
    const { house, alice, reading, says } = await given();
    const bob = await house.person("bob");
    const root = await says("root");
    for (let i = 0; i < REACHES.page.below + 2; i++) await says("noise", root.iri, bob.key);
    const other = await says("other", root.iri);
    for (let i = 0; i < REACHES.page.each + 2; i++) await says("noise", other.iri, bob.key);
    await says("word", other.iri);
    await house.core.act(
      alice.key,
      how === "blocked"
        ? { type: "Block", object: bob.iri }
        : { type: "Add", object: bob.iri, target: `${alice.iri}/muted` },
    );
    const thread = await reading.threads.thread(root.key, alice.key);
    expect(drawn(thread?.replies ?? [])).toBe("other(word)");
    expect(thread?.more).toBeNull();
  });

  test("things that answer each other in a circle are shown once", async () => {
    const { house, reading, says } = await given();
    const one = await says("one");
    const two = await says("two", one.iri);
    // What no honest server makes: each is a reply to the other.
    const stored = await house.look.byKey(one.key);
    const document = JSON.stringify({ ...stored?.document, id: undefined, inReplyTo: two.iri });
    await house.db.batch([
      ensureCollection(two.key, "replies"),
      ...addMember(two.key, "replies", one.key, one.key),
      { text: "UPDATE object SET document = $1 WHERE key = $2", values: [document, one.key] },
    ]);
    const thread = await reading.threads.thread(one.key, null);
    expect(thread?.ancestors.map(({ contentHtml }) => contentHtml)).toEqual(["two"]);
    expect(drawn(thread?.replies ?? [])).toBe("two");
  });

  test("what was deleted stays as a gap between what came before and after", async () => {
    const { house, alice, reading, says } = await given();
    const a = await says("a");
    const b = await says("b", a.iri);
    const c = await says("c", b.iri);
    await house.core.act(alice.key, { type: "Delete", object: b.iri });
    const thread = await reading.threads.thread(c.key, null);
    expect(thread?.ancestors.map(({ isDeleted }) => isDeleted)).toEqual([true]);
    const gone = await reading.threads.thread(b.key, null);
    expect(gone?.view.isDeleted).toBe(true);
    expect(drawn(gone?.replies ?? [])).toBe("c");
  });

  test("replies of those whom the viewer has muted are left out, with what is below them", async () => {
    const { house, alice, reading, says } = await given();
    const bob = await house.person("bob");
    const root = await says("root");
    const noise = await says("noise", root.iri, bob.key);
    await says("answer", noise.iri);
    await says("other", root.iri);
    await house.core.act(alice.key, { type: "Add", object: bob.iri, target: `${alice.iri}/muted` });
    expect(drawn((await reading.threads.thread(root.key, alice.key))?.replies ?? [])).toBe("other");
    expect(drawn((await reading.threads.thread(root.key, null))?.replies ?? [])).toBe("noise(answer) other");
  });

  test.each(["blocked", "muted"])(
    "what somebody %s wrote stands not above what answers it either",
    async (how) => {
      const { house, alice, reading, says } = await given();
      const [bob, carol] = [await house.person("bob"), await house.person("carol")];
      const root = await says("root");
      const noise = await says("noise", root.iri, bob.key);
      const answer = await says("answer", noise.iri, carol.key);
      await house.core.act(
        alice.key,
        how === "blocked"
          ? { type: "Block", object: bob.iri }
          : { type: "Add", object: bob.iri, target: `${alice.iri}/muted` },
      );
      const above = async (viewer: number | null) =>
        (await reading.threads.thread(answer.key, viewer))?.ancestors.map(({ contentHtml }) => contentHtml);
      expect(await above(alice.key)).toEqual(["root"]);
      expect(await above(carol.key)).toEqual(["root", "noise"]);
      // What is opened on purpose is shown.
      expect((await reading.threads.thread(noise.key, alice.key))?.view.contentHtml).toBe("noise");
    },
  );
});
