/** Outboxes as other servers and clients read them: whole activities, in both directions, and nothing that is private. */
import { beforeAll, expect, test } from "bun:test";
import { PUBLIC } from "../core/object.ts";
import type { JsonObject } from "../lib/json.ts";
import { DEFAULT_PAGE_SIZE } from "../lib/page.ts";
import { testApp } from "../testing/app.ts";
import { onSqlite } from "../testing/engines.ts";
import { documentAt, jsonOf, type Person, person } from "../testing/people.ts";

interface OutboxPage extends JsonObject {
  readonly orderedItems: readonly (JsonObject | string)[];
}

onSqlite((engine) => {
  let alice: Person;
  let bob: Person;

  beforeAll(async () => {
    const app = await testApp(engine);
    [alice, bob] = [await person(app, "alice", "admin"), await person(app, "bob")];
  });

  const pageAt = async (address: string): Promise<OutboxPage> =>
    (await jsonOf(await documentAt(alice.app, address))) as OutboxPage;
  const outbox = (who: Person): string => `${who.iri}/outbox?page=1`;
  const typesOf = ({ orderedItems }: OutboxPage) =>
    orderedItems.map((item) => (typeof item === "string" ? "address" : item.type));

  test("a public post is there as a whole, with the context that its words need", async () => {
    const post = await bob.note("Hello #world", { to: [PUBLIC] }, { summary: "w", sensitive: true });
    const page = await pageAt(outbox(bob));
    expect(page.orderedItems[0]).toMatchObject({
      type: "Create",
      actor: bob.iri,
      object: { id: post, type: "Note", content: "Hello #world", sensitive: true },
    });
    expect(JSON.stringify(page["@context"])).toContain("sensitive");
  });

  test("a share names what it shares, and what was taken back is only named", async () => {
    const post = await alice.note("Share me", { to: [PUBLIC] });
    await bob.act({ type: "Announce", object: post, to: [PUBLIC] });
    const { activity } = await bob.act({ type: "Like", object: post, to: [PUBLIC] });
    await bob.act({ type: "Undo", object: activity.id ?? "", to: [PUBLIC] });
    const page = await pageAt(outbox(bob));
    expect(page.orderedItems.slice(0, 2)).toEqual([
      expect.stringContaining("/activities/"),
      expect.objectContaining({ type: "Announce", object: post }),
    ]);
  });

  test("what is not for everybody is in nobody's page but its author's", async () => {
    const carol = await person(alice.app, "carol");
    await carol.note("For you alone", { to: [bob.iri] });
    expect(await pageAt(outbox(carol))).toMatchObject({ orderedItems: [] });
    const own = (await jsonOf(await carol.read("/users/carol/outbox?page=1"))) as OutboxPage;
    expect(own.orderedItems).toEqual([
      expect.objectContaining({ object: expect.objectContaining({ content: "For you alone" }) }),
    ]);
    const addressed = (await jsonOf(await bob.read("/users/carol/outbox?page=1"))) as OutboxPage;
    expect(typesOf(addressed)).toEqual(["address"]);
  });

  test("what was deleted is not there any more", async () => {
    const dora = await person(alice.app, "dora");
    const post = await dora.note("Soon gone", { to: [PUBLIC] });
    await dora.act({ type: "Delete", object: post, to: [PUBLIC] });
    expect(JSON.stringify(await pageAt(outbox(dora)))).not.toContain("Soon gone");
  });

  test("pages lead back the way they led on", async () => {
    const erin = await person(alice.app, "erin");
    for (let i = 0; i < 2 * DEFAULT_PAGE_SIZE + 5; i++) {
      alice.app.clock.advance(10);
      await erin.note(`Number ${i}`, { to: [PUBLIC] });
    }
    const first = await pageAt(outbox(erin));
    expect(first.orderedItems.length).toBe(DEFAULT_PAGE_SIZE);
    expect(first.prev).toBeUndefined();
    const second = await pageAt(String(first.next));
    const third = await pageAt(String(second.next));
    expect([third.orderedItems.length, third.next]).toEqual([5, undefined as never]);
    const back = await pageAt(String(third.prev));
    expect(back.orderedItems).toEqual(second.orderedItems);
    expect((await pageAt(String(back.prev))).orderedItems).toEqual(first.orderedItems);
    expect((await pageAt(String(back.next))).orderedItems).toEqual(third.orderedItems);
    const newest = await pageAt(String((await pageAt(String(back.prev))).prev));
    expect(newest.orderedItems).toEqual([]);
    expect(newest.prev ?? newest.next).toBeUndefined();
  });

  test("nobody but its author sees by the count that a post was made which not everybody may read", async () => {
    const gwen = await person(alice.app, "gwen");
    const totals = async () => {
      const asked = [
        documentAt(alice.app, `${gwen.iri}/outbox`),
        bob.read("/users/gwen/outbox"),
        gwen.read("/users/gwen/outbox"),
      ];
      const documents = await Promise.all(asked.map(async (answer) => jsonOf(await answer)));
      return documents.map(({ totalItems }) => totalItems);
    };
    expect(await totals()).toEqual([0, 0, 0]);
    await gwen.note("For everybody", { to: [PUBLIC] });
    expect(await totals()).toEqual([1, 1, 1]);
    await gwen.note("For bob", { to: [bob.iri] });
    await gwen.note("For followers", { to: [gwen.followers] });
    expect(await totals()).toEqual([1, 1, 3]);
    await gwen.act({ type: "Follow", object: bob.iri });
    expect(await totals()).toEqual([1, 1, 4]);
    const quiet = await gwen.note("For everybody who asks", { to: [gwen.followers], cc: [PUBLIC] });
    expect(await totals()).toEqual([2, 2, 5]);
    await gwen.act({ type: "Delete", object: quiet });
    expect((await totals()).slice(0, 2)).toEqual([1, 1]);
  });

  test("its own author is told how many the pages list, whatever was done, undone and deleted", async () => {
    const hana = await person(alice.app, "hana");
    const listed = async () => {
      const { totalItems, orderedItems } = (await jsonOf(
        await hana.read("/users/hana/outbox?page=1"),
      )) as OutboxPage & { readonly totalItems: number };
      expect(totalItems).toBe(orderedItems.length);
      return totalItems;
    };
    const note = await hana.note("For everybody", { to: [PUBLIC] });
    const gone = await hana.note("For bob", { to: [bob.iri] });
    const like = await hana.act({ type: "Like", object: note });
    await hana.act({ type: "Announce", object: note, to: [PUBLIC] });
    await hana.act({ type: "Follow", object: bob.iri });
    await hana.act({ type: "Update", object: { id: note, content: "For everybody!" } });
    expect(await listed()).toBe(6);
    await hana.act({ type: "Undo", object: like.activity.id ?? "" });
    await hana.act({ type: "Delete", object: gone });
    expect(await listed()).toBeGreaterThan(3);
  });
});
