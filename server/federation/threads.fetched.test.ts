/** Conversations of other servers as they are looked for from here, in the shapes that servers give them. */
import { beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { PUBLIC } from "../core/object.ts";
import { HOUR_MS } from "../lib/durations.ts";
import type { JsonObject } from "../lib/json.ts";
import { onSqlite } from "../testing/engines.ts";
import { post } from "../testing/letters.ts";
import { replyTo, type Talk, talk } from "../testing/talk.ts";

const PATIENCE_MS = 60_000;

onSqlite((engine) => {
  let world: Talk;
  let { all, app, alice, there, mira, noam, at, path, put, says, arrives, opens, texts, isHere } = {} as Talk;

  beforeAll(async () => {
    world = await talk(engine);
    ({ all, app, alice, there, mira, noam, at, path, put, says, arrives, opens, texts, isHere } = world);
  }, PATIENCE_MS);

  beforeEach(() => world.begin());

  describe("the shapes of servers", () => {
    test("Mastodon 4.7: the context is a collection of addresses in pages", async () => {
      const context = at(mira, "/contexts/1");
      const root = says(mira, "root", { context, replies: at(mira, "/notes/root/replies") });
      const near = says(mira, "near", { context, ...replyTo(root) });
      const far = says(noam, "far", { context, ...replyTo(near) });
      put(mira, "/contexts/1", {
        id: context,
        type: "Collection",
        first: {
          id: `${context}/items`,
          type: "CollectionPage",
          partOf: context,
          items: [root.id, near.id],
          next: `${context}/items?page=2`,
        },
      });
      put(mira, "/contexts/1/items", {
        id: `${context}/items?page=2`,
        type: "CollectionPage",
        partOf: context,
        items: [far.id],
      });
      const key = await arrives(root);
      await opens(key);
      expect(await texts(key)).toEqual(["near", "far"]);
      expect(there.asked).not.toContain(path("/notes/root/replies"));
    });

    test("Mastodon before: the first page of replies is embedded, the next leads on", async () => {
      const replies = at(mira, "/notes/root/replies");
      const root = says(mira, "root", {
        replies: {
          id: replies,
          type: "Collection",
          first: {
            type: "CollectionPage",
            partOf: replies,
            next: `${replies}?page=true`,
            items: [at(mira, "/notes/own")],
          },
        },
      });
      put(mira, "/notes/root/replies", { ...(root.replies as JsonObject) });
      put(mira, `/notes/root/replies?page=true`, {
        id: `${replies}?page=true`,
        type: "CollectionPage",
        partOf: replies,
        items: [at(noam, "/notes/other")],
      });
      says(mira, "own", replyTo(root));
      const other = says(noam, "other", { ...replyTo(root), replies: at(noam, "/notes/other/replies") });
      const deep = says(mira, "deep", replyTo(other));
      put(noam, "/notes/other/replies", {
        id: at(noam, "/notes/other/replies"),
        type: "Collection",
        items: [deep.id],
      });
      const key = await arrives(root);
      await opens(key);
      expect((await texts(key)).toSorted()).toEqual(["deep", "other", "own"]);
    });

    test("Lemmy: a page of a community with its context, and comments below", async () => {
      const context = at(mira, "/post/1/context");
      const page = says(mira, "page", { type: "Page", name: "A link", context });
      const comment = says(noam, "comment", { context, ...replyTo(page) });
      put(mira, "/post/1/context", {
        id: context,
        type: "OrderedCollection",
        orderedItems: [page.id, comment.id],
      });
      const key = await arrives(page);
      await opens(key);
      expect(await texts(key)).toEqual(["comment"]);
    });

    test("NodeBB: the topic is the context, in ordered pages", async () => {
      const context = at(mira, "/topic/7");
      const root = says(mira, "root", { context });
      const answer = says(noam, "answer", { context, ...replyTo(root) });
      put(mira, "/topic/7", {
        id: context,
        type: "OrderedCollection",
        totalItems: 2,
        first: `${context}?page=1`,
      });
      put(mira, `/topic/7?page=1`, {
        id: `${context}?page=1`,
        type: "OrderedCollectionPage",
        partOf: context,
        orderedItems: [root.id, answer.id],
      });
      const key = await arrives(root);
      await opens(key);
      expect(await texts(key)).toEqual(["answer"]);
    });

    test("WordPress: replies as a collection with a page of comments", async () => {
      const replies = at(mira, "/posts/1/replies");
      const root = says(mira, "article", { type: "Article", name: "News", replies });
      const comment = says(mira, "comment", replyTo(root));
      put(mira, "/posts/1/replies", { id: replies, type: "Collection", first: `${replies}?page=1` });
      put(mira, `/posts/1/replies?page=1`, {
        id: `${replies}?page=1`,
        type: "CollectionPage",
        partOf: replies,
        items: [comment.id],
      });
      const key = await arrives(root);
      await opens(key);
      expect(await texts(key)).toEqual(["comment"]);
    });

    test("PeerTube: what is said below a film is its comments", async () => {
      const comments = at(mira, "/videos/1/comments");
      const film = says(mira, "film", { type: "Video", name: "A film", comments });
      const comment = says(noam, "comment", replyTo(film));
      put(mira, "/videos/1/comments", {
        id: comments,
        type: "OrderedCollection",
        first: {
          id: `${comments}?page=1`,
          type: "OrderedCollectionPage",
          partOf: comments,
          orderedItems: [comment.id],
        },
      });
      const key = await arrives(film);
      await opens(key);
      expect(await texts(key)).toEqual(["comment"]);
    });

    test("Mitra: entries are the activities that made them; they are asked for at their own address", async () => {
      const context = at(mira, "/collections/conversations/1");
      const root = says(mira, "root", { context });
      const answer = says(noam, "answer", { context, ...replyTo(root) });
      const forged = { ...answer, content: "Forged" };
      put(mira, "/collections/conversations/1", {
        id: context,
        type: "OrderedCollection",
        orderedItems: [
          { id: at(mira, "/activities/1"), type: "Create", actor: mira.iri, object: root.id },
          { id: at(noam, "/activities/2"), type: "Create", actor: noam.iri, object: forged },
        ] as never,
      });
      const key = await arrives(root);
      await opens(key);
      expect(await texts(key)).toEqual(["answer"]);
    });

    test("Hubzilla, Forte (FEP-171b): entries are what its owner let in, around the activities that made them", async () => {
      const context = at(mira, "/conversation/1");
      const root = says(mira, "root", { context });
      const answer = says(noam, "answer", replyTo(root));
      const deeper = says(mira, "deeper", replyTo(answer));
      const letIn = (by: typeof mira, type: string, object: JsonObject | string, n: number) => ({
        id: at(mira, `/add/${n}`),
        type: "Add",
        actor: mira.iri,
        target: { id: context, type: "OrderedCollection", attributedTo: mira.iri },
        object: { id: at(by, `/${type}/${n}`), type, actor: by.iri, object },
      });
      put(mira, "/conversation/1", {
        id: context,
        type: "OrderedCollection",
        orderedItems: [
          letIn(mira, "Create", root as JsonObject, 1),
          letIn(noam, "Like", root.id, 2),
          letIn(noam, "Create", answer as JsonObject, 3),
          letIn(mira, "Create", deeper as JsonObject, 4),
        ] as never,
      });
      const key = await arrives(root);
      await opens(key);
      expect(await texts(key)).toEqual(["answer", "deeper"]);
    });
  });

  describe("what is asked, and when", () => {
    test("whatever answers something unknown brings along what it answers, up to the beginning", async () => {
      const root = says(mira, "root");
      const middle = says(noam, "middle", replyTo(root));
      const last = says(mira, "last", {
        ...replyTo(middle),
        tag: [{ type: "Mention", href: alice.iri }],
        cc: [alice.iri],
      });
      await post(app, {
        by: mira,
        path: "/users/alice/inbox",
        body: {
          id: at(mira, "/activities/1"),
          type: "Create",
          actor: mira.iri,
          to: [PUBLIC],
          cc: [alice.iri],
          object: last as never,
        },
      });
      await all.settle();
      const key = (await app.federation.look.find(last.id))?.key ?? 0;
      expect(await texts(key)).toEqual(["^root", "^middle"]);
    });

    test("opening a reply shows the whole conversation around it", async () => {
      const root = says(mira, "root", { replies: at(mira, "/notes/root/replies") });
      const one = says(mira, "one", replyTo(root));
      const two = says(noam, "two", replyTo(root));
      put(mira, "/notes/root/replies", {
        id: at(mira, "/notes/root/replies"),
        type: "Collection",
        items: [one.id, two.id],
      });
      const key = await arrives(one);
      await opens(key);
      expect(await texts(key)).toEqual(["^root"]);
      expect(await texts((await app.federation.look.find(root.id))?.key ?? 0)).toContain("two");
    });

    test("replies to a post of ours on other servers are found by their replies", async () => {
      const mine = await alice.note("Mine", { to: [PUBLIC] });
      const known = says(mira, "known", { inReplyTo: mine, replies: at(mira, "/notes/known/replies") });
      const unknown = says(noam, "unknown", replyTo(known));
      put(mira, "/notes/known/replies", {
        id: at(mira, "/notes/known/replies"),
        type: "Collection",
        items: [unknown.id],
      });
      await arrives(known);
      const key = (await app.federation.look.find(mine))?.key ?? 0;
      await opens(key);
      expect(await texts(key)).toEqual(["known", "unknown"]);
    });

    test("what is found is counted, fills no feed and tells nobody", async () => {
      await alice.act({ type: "Follow", object: mira.iri });
      const mine = await alice.note("Ours", { to: [PUBLIC] });
      const root = says(mira, "root", { inReplyTo: mine, replies: at(mira, "/notes/root/replies") });
      const found = says(mira, "found", {
        ...replyTo(root),
        tag: [{ type: "Mention", href: alice.iri }],
        cc: [alice.iri],
      });
      put(mira, "/notes/root/replies", {
        id: at(mira, "/notes/root/replies"),
        type: "Collection",
        items: [found.id],
      });
      const [feed, notices] = [await alice.home(), await alice.notices()];
      const key = await arrives(root);
      await opens(key);
      expect((await alice.sees(root.id))?.counts.replies).toBe(1);
      expect(await alice.home()).toEqual(feed);
      expect(await alice.notices()).toEqual(notices);
    });

    test("what is deleted after it was found leaves the list and is uncounted", async () => {
      const root = says(mira, "root", { replies: at(mira, "/notes/root/replies") });
      const found = says(mira, "found", replyTo(root));
      put(mira, "/notes/root/replies", {
        id: at(mira, "/notes/root/replies"),
        type: "Collection",
        items: [found.id],
      });
      await opens(await arrives(root));
      expect((await alice.sees(root.id))?.counts.replies).toBe(1);
      await post(app, {
        by: mira,
        body: { id: at(mira, "/deletes/1"), type: "Delete", actor: mira.iri, to: [PUBLIC], object: found.id },
      });
      await all.settle();
      expect((await alice.sees(root.id))?.counts.replies).toBe(0);
    });

    test("a conversation is looked at again only when it is older by a good part of its age", async () => {
      const replies = at(mira, "/notes/root/replies");
      const root = says(mira, "root", { replies, published: new Date(all.clock.now()).toISOString() });
      put(mira, "/notes/root/replies", { id: replies, type: "Collection", items: [] });
      const key = await arrives(root);
      const looks = () => there.asked.filter((asked) => asked === path("/notes/root/replies")).length;
      await opens(key);
      await opens(key);
      expect(looks()).toBe(1);
      all.clock.advance(HOUR_MS);
      await opens(key);
      expect(looks()).toBe(2);
      all.clock.advance(60_000);
      await opens(key);
      expect(looks()).toBe(2);
    });

    test("a visitor who is not signed in sends us nowhere", async () => {
      const root = says(mira, "root", { replies: at(mira, "/notes/root/replies") });
      const view = await app.queries.object(await arrives(root), null);
      there.asked.length = 0;
      expect((await app.ask(view?.path ?? "", { headers: { accept: "text/html" } })).status).toBe(200);
      await all.settle();
      expect(there.asked).toEqual([]);
    });

    test("of what is not for everybody nothing is asked", async () => {
      const secret = says(mira, "secret", { to: [alice.iri], replies: at(mira, "/notes/secret/replies") });
      const body = {
        id: at(mira, "/activities/2"),
        type: "Create",
        actor: mira.iri,
        to: [alice.iri],
        object: secret as never,
      };
      await post(app, { by: mira, body, path: "/users/alice/inbox" });
      await all.settle();
      const key = (await app.federation.look.find(secret.id))?.key ?? 0;
      there.asked.length = 0;
      await opens(key);
      expect(there.asked).toEqual([]);
    });

    test("a post for followers that a list names is not taken", async () => {
      const replies = at(mira, "/notes/root/replies");
      const root = says(mira, "root", { replies });
      const closed = says(mira, "closed", { ...replyTo(root), to: [mira.followers] });
      put(mira, "/notes/root/replies", { id: replies, type: "Collection", items: [closed.id] });
      await opens(await arrives(root));
      expect(await isHere(closed.id)).toBe(false);
    });
  });
});
