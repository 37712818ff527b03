/** Lists of other servers that would have us ask too much: what is looked for stays within its limits. */
import { beforeAll, beforeEach, describe, expect, test } from "bun:test";
import type { AsObject } from "../core/object.ts";
import { HOUR_MS } from "../lib/durations.ts";
import { onSqlite } from "../testing/engines.ts";
import { replyTo, type Talk, talk } from "../testing/talk.ts";

const PATIENCE_MS = 60_000;
const AS = "https://www.w3.org/ns/activitystreams";

onSqlite((engine) => {
  let world: Talk;
  let {
    all,
    app,
    alice,
    there,
    elsewhere,
    mira,
    noam,
    at,
    put,
    answer,
    says,
    arrives,
    opens,
    texts,
    isHere,
  } = {} as Talk;

  beforeAll(async () => {
    world = await talk(engine);
    ({ all, app, alice, there, elsewhere, mira, noam, at, put, answer, says, arrives, opens, texts, isHere } =
      world);
  }, PATIENCE_MS);

  beforeEach(() => world.begin());

  describe("hostile lists", () => {
    /** A list that names so many addresses of another server, none of which has to do with it. */
    async function askedOf(victims: readonly string[], more: AsObject = {}): Promise<number> {
      const replies = at(mira, "/notes/root/replies");
      const root = says(mira, "root", { replies, ...more });
      put(mira, "/notes/root/replies", { id: replies, type: "Collection", items: victims });
      await opens(await arrives(root));
      return elsewhere.asked.length;
    }

    test("ten thousand addresses of somebody else's server cost them five requests", async () => {
      const victims = Array.from({ length: 2_000 }, (_, n) => says(noam, `v${n}`).id);
      expect(await askedOf(victims)).toBe(5);
      expect(await isHere(victims[0] ?? "")).toBe(false);
      const pages = Array.from({ length: 5 }, (_, n) => ({
        id: at(mira, `/pages/${n}`),
        type: "CollectionPage",
        items: victims.slice(n * 200, n * 200 + 200),
        next: at(mira, `/pages/${n + 1}`),
      }));
      for (const [n, page] of pages.entries()) put(mira, `/pages/${n}`, page);
      all.clock.advance(30 * 24 * HOUR_MS);
      elsewhere.asked.length = 0;
      const again = says(mira, "again", { replies: at(mira, "/pages/0") });
      await opens(await arrives(again));
      expect(elsewhere.asked.length).toBe(5);
    });

    test("addresses that do not exist are left alone after a few", async () => {
      expect(await askedOf(Array.from({ length: 500 }, (_, n) => at(noam, `/none/${n}`)))).toBe(5);
    });

    test("even things that do belong are asked of another server twenty times at most", async () => {
      const root = { id: at(mira, "/notes/root") };
      const answers = Array.from({ length: 60 }, (_, n) => says(noam, `a${n}`, replyTo(root)).id);
      expect(await askedOf(answers)).toBe(20);
    });

    test("a list of another server than the post's is not asked", async () => {
      const root = says(mira, "root", { replies: at(noam, "/replies"), context: at(noam, "/context") });
      await opens(await arrives(root));
      expect(elsewhere.asked).toEqual([]);
    });

    test("pages without end are left after ten, and pages in a circle after one round", async () => {
      const endless = says(mira, "endless", { replies: at(mira, "/endless") });
      let given = 0;
      answer(mira, `/endless`, () => {
        given++;
        const id = `${at(mira, "/endless")}?n=${given}`;
        return { body: { "@context": AS, id, type: "CollectionPage", items: [], next: `${id}0` } };
      });
      await opens(await arrives(endless));
      expect(given).toBe(10);
      const circle = says(mira, "circle", { replies: at(mira, "/circle/1") });
      for (const [here, next] of [
        [1, 2],
        [2, 1],
      ] as const) {
        put(mira, `/circle/${here}`, {
          id: at(mira, `/circle/${here}`),
          type: "CollectionPage",
          items: [],
          next: at(mira, `/circle/${next}`),
        });
      }
      there.asked.length = 0;
      await opens(await arrives(circle));
      expect(there.asked.filter((path) => path.includes("/circle/")).length).toBe(2);
    });

    test("posts that answer each other in a circle end", async () => {
      const one = says(mira, "one", { inReplyTo: at(mira, "/notes/two"), replies: at(mira, "/replies/one") });
      says(mira, "two", { ...replyTo(one), replies: at(mira, "/replies/two") });
      put(mira, "/replies/one", {
        id: at(mira, "/replies/one"),
        type: "Collection",
        items: [at(mira, "/notes/two")],
      });
      put(mira, "/replies/two", { id: at(mira, "/replies/two"), type: "Collection", items: [one.id] });
      await opens(await arrives(one));
      expect(there.asked.length).toBeLessThan(8);
    });

    test("one look brings a hundred things and no more", async () => {
      const root = { id: at(mira, "/notes/root") };
      const answers = Array.from({ length: 150 }, (_, n) => says(mira, `b${n}`, replyTo(root)).id);
      await askedOf(answers);
      expect((await alice.sees(root.id))?.counts.replies).toBe(100);
    });

    test("what is no list, too long a list or no JSON leaves everything as it is", async () => {
      for (const [name, given] of [
        [
          "note",
          {
            body: { "@context": AS, id: at(mira, "/bad/note"), type: "Note", items: [at(mira, "/notes/x")] },
          },
        ],
        [
          "long",
          {
            body: {
              "@context": AS,
              id: at(mira, "/bad/long"),
              type: "Collection",
              items: Array.from({ length: 2_001 }, (_, n) => at(mira, `/n/${n}`)),
            },
          },
        ],
        ["text", { body: "<html>", type: "text/html" }],
        ["error", { status: 500, body: "" }],
      ] as const) {
        answer(mira, `/bad/${name}`, given as never);
        const root = says(mira, name, { replies: at(mira, `/bad/${name}`) });
        const key = await arrives(root);
        await opens(key);
        expect(await texts(key)).toEqual([]);
      }
      expect(app.warnings().filter(({ level }) => level === "error")).toEqual([]);
    });

    test("a server that does not answer holds nobody up", async () => {
      const replies = at(mira, "/notes/root/replies");
      const root = says(mira, "root", { replies });
      const away = says(noam, "away", replyTo(root));
      const near = says(mira, "near", replyTo(root));
      put(mira, "/notes/root/replies", { id: replies, type: "Collection", items: [away.id, near.id] });
      all.trouble("elsewhere.test", "silent");
      const key = await arrives(root);
      await opens(key);
      all.trouble("elsewhere.test", null);
      expect(await texts(key)).toEqual(["near"]);
    });
  });
});
