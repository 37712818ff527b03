/** Polls between servers: votes in, votes out, what their owner counts, and their end. */
import { beforeAll, describe, expect, test } from "bun:test";
import { type AsObject, PUBLIC } from "../core/object.ts";
import { MINUTE_MS } from "../lib/durations.ts";
import { onSqlite } from "../testing/engines.ts";
import { type Fediverse, fediverse } from "../testing/fediverse.ts";
import { post } from "../testing/letters.ts";
import { documentAt, jsonOf, type Person, person } from "../testing/people.ts";
import { type Stranger, type StrangerActor, stranger } from "../testing/strangers.ts";
import { hasVectors, readVectors } from "../testing/vectors.ts";

const PATIENCE_MS = 60_000;
const AS = "https://www.w3.org/ns/activitystreams";
const MASTODON_VOTE = "documents/mastodon/activities/mastodon-vote.json";

onSqlite((engine) => {
  let all: Fediverse;
  let alice: Person;
  let anna: Person;
  let bob: Person;
  let there: Stranger;
  let mira: StrangerActor;
  let mule: StrangerActor;

  /** alice and anna live at a.test, bob at b.test; nobody follows anybody. */
  beforeAll(async () => {
    all = await fediverse(engine, ["a.test", "b.test"]);
    alice = await person(all.at("a.test"), "alice", "admin");
    anna = await person(all.at("a.test"), "anna");
    bob = await person(all.at("b.test"), "bob", "admin");
    there = stranger(all, "there.test");
    mira = await there.actor("mira");
    mule = await there.actor("mule");
  }, PATIENCE_MS);

  const inMinutes = (minutes: number) => new Date(all.clock.now() + minutes * MINUTE_MS).toISOString();
  const notes = (names: readonly string[]) => names.map((name) => ({ type: "Note", name }));
  const passes = async (minutes: number) => {
    all.clock.advance(minutes * MINUTE_MS);
    await all.settle();
  };

  async function asks(more: AsObject = {}): Promise<string> {
    const object = { type: "Question", content: "Tea or coffee?", oneOf: notes(["Tea", "Coffee"]), ...more };
    return (await alice.act({ type: "Create", to: [PUBLIC], object })).object?.iri ?? "";
  }
  const votes = async (by: Person, poll: string, ...names: string[]) => {
    await by.app.federation.look.fetch(poll);
    const view = await by.sees(poll);
    const owner = view?.author?.iri ?? "";
    for (const name of names) {
      const object = { type: "Note", name, inReplyTo: poll, to: [owner] };
      await by.act({ type: "Create", to: [owner], object });
    }
    await all.settle();
  };
  let count = 0;
  const miraVotes = async (poll: string, name: string, more: AsObject = {}) => {
    const id = mira.at(`/votes/${++count}`);
    const object = {
      id,
      type: "Note",
      attributedTo: mira.iri,
      name,
      inReplyTo: poll,
      to: alice.iri,
      ...more,
    };
    const body = {
      "@context": AS,
      id: `${id}/activity`,
      type: "Create",
      actor: mira.iri,
      to: alice.iri,
      object,
    };
    await post(alice.app, { by: mira, body: body as never });
    await all.settle();
  };
  const result = async (by: Person, poll: string) => {
    const view = (await by.sees(poll))?.poll;
    return view && [view.voters, ...view.options.map((option) => option.votes)];
  };

  describe("of ours", () => {
    test("votes from everywhere are counted, one for each person", async () => {
      const poll = await asks();
      await votes(anna, poll, "Tea");
      await votes(bob, poll, "Coffee");
      await miraVotes(poll, "Tea");
      await miraVotes(poll, "Tea");
      await miraVotes(poll, "Coffee");
      expect(await result(alice, poll)).toEqual([3, 2, 1]);
      await expect(votes(anna, poll, "Coffee")).rejects.toThrow("voted already");
    });

    test.skipIf(!hasVectors(MASTODON_VOTE))("a vote as Mastodon really sends it counts", async () => {
      const poll = await asks({ oneOf: notes(["suya..", "Tea"]) });
      const sent = JSON.stringify(readVectors(MASTODON_VOTE))
        .replaceAll("https://mastodon.sdf.org/users/rinpatch", mira.iri)
        .replaceAll("https://testing.uguu.ltd/objects/9d300947-2dcb-445d-8978-9a3b4b84fa14", poll)
        .replaceAll("https://testing.uguu.ltd/users/rin", alice.iri);
      await post(alice.app, { by: mira, body: sent });
      await all.settle();
      expect(await result(alice, poll)).toEqual([1, 1, 0]);
    });

    test("the document tells the counts, and who voted to nobody", async () => {
      const poll = await asks();
      await votes(anna, poll, "Tea");
      const document = await jsonOf(await documentAt(alice.app, poll));
      expect(document).toMatchObject({
        votersCount: 1,
        oneOf: [
          { name: "Tea", replies: { totalItems: 1 } },
          { name: "Coffee", replies: { totalItems: 0 } },
        ],
      });
      for (const list of ["voters", "votes-0", "replies"]) {
        const page = await jsonOf(await documentAt(alice.app, `${poll}/${list}?page=1`));
        expect(page.orderedItems ?? []).toEqual([]);
      }
    });

    test("with several answers each counts once for a person", async () => {
      const poll = await asks({ oneOf: null, anyOf: notes(["Tea", "Coffee", "Water"]) } as AsObject);
      await votes(bob, poll, "Tea", "Water");
      await miraVotes(poll, "Tea");
      await miraVotes(poll, "Tea");
      expect(await result(alice, poll)).toEqual([2, 2, 0, 1]);
    });

    test("servers of those who voted are told the counts once in a while, not for each vote", async () => {
      const poll = await asks();
      await votes(bob, poll, "Coffee");
      await votes(anna, poll, "Tea");
      await miraVotes(poll, "Tea");
      const updates = () =>
        there.received
          .map(({ body }) => JSON.parse(body))
          .filter(({ type, object }) => type === "Update" && object.id === poll);
      expect(updates()).toEqual([]);
      await passes(4);
      expect(updates().map(({ object }) => object.votersCount)).toEqual([3]);
      expect(updates()[0].object.updated).toBeUndefined();
      expect(await result(bob, poll)).toEqual([3, 2, 1]);
      expect((await bob.sees(poll))?.updatedMs).toBeNull();
    });

    test("the older a poll is, the more votes wait to be told together", async () => {
      const poll = await asks({ endTime: inMinutes(60 * 24 * 7) });
      await passes(60 * 16);
      await votes(bob, poll, "Tea");
      const updates = () => all.sent.filter(({ to, body }) => to === "b.test" && body.includes(poll)).length;
      const before = updates();
      await passes(30);
      expect(updates()).toBe(before);
      await passes(31);
      expect(updates()).toBe(before + 1);
    });

    test("late votes and the author's own count for nothing", async () => {
      const poll = await asks({ endTime: inMinutes(10) });
      await expect(votes(alice, poll, "Tea")).rejects.toThrow("their own poll");
      await bob.app.federation.look.fetch(poll);
      await passes(11);
      await miraVotes(poll, "Tea");
      await expect(votes(bob, poll, "Tea")).rejects.toThrow("has ended");
      expect(await result(alice, poll)).toEqual([0, 0, 0]);
    });

    test("at its end its author, those who voted here, and the servers of others hear of it", async () => {
      const poll = await asks({ endTime: inMinutes(30) });
      await votes(anna, poll, "Tea");
      await votes(bob, poll, "Tea");
      const before = [await alice.notices(), await anna.notices(), await bob.notices()].map(
        ({ length }) => length,
      );
      await passes(31);
      expect((await alice.notices()).slice(0, 1)).toEqual(["poll alice"]);
      expect((await anna.notices()).slice(0, 1)).toEqual(["poll alice"]);
      const { items } = await anna.app.queries.notices(anna.key, { limit: 1 });
      expect(items[0]?.object?.iri).toBe(poll);
      await passes(6);
      expect((await bob.notices()).slice(0, 1)).toEqual(["poll alice@a.test"]);
      await passes(60);
      const after = [await alice.notices(), await anna.notices(), await bob.notices()].map(
        ({ length }) => length,
      );
      expect(after).toEqual(before.map((length) => length + 1));
      expect((await jsonOf(await documentAt(alice.app, poll))).closed).toBeDefined();
      expect((await bob.sees(poll))?.poll).toMatchObject({ hasEnded: true, voters: 2 });
    });

    test("a vote is in no feed, profile or conversation", async () => {
      const poll = await asks();
      await votes(anna, poll, "Tea");
      await miraVotes(poll, "Coffee");
      const view = await alice.sees(poll);
      expect(view?.counts.replies).toBe(0);
      expect((await alice.app.queries.thread(view?.key ?? 0, alice.key)).replies).toEqual([]);
      expect(await anna.home()).not.toContain("Tea");
      const { items } = await alice.app.queries.profile(
        anna.key,
        anna.key,
        { limit: 20 },
        { withReplies: true },
      );
      expect(items).toEqual([]);
    });

    test("its choices cannot be changed under the votes, its text can", async () => {
      const poll = await asks();
      await expect(
        alice.act({ type: "Update", object: { id: poll, oneOf: notes(["Tea", "War"]) } as AsObject }),
      ).rejects.toThrow("choices");
      await alice.act({ type: "Update", object: { id: poll, content: "What now?" } });
      expect((await alice.sees(poll))?.contentHtml).toContain("What now?");
    });

    test("a vote for what is not offered, or with a text, is an ordinary reply", async () => {
      const poll = await asks();
      await miraVotes(poll, "Beer", { content: "<p>Beer!</p>" });
      await miraVotes(poll, "Tea", { content: "" });
      expect(await result(alice, poll)).toEqual([1, 1, 0]);
    });
  });

  test("is asked with the form of a post, and goes out as a question", async () => {
    const form = {
      type: "Create",
      content: "When do we meet?",
      visibility: "public",
      "poll-1": "Monday",
      "poll-2": " Tuesday ",
      "poll-several": "yes",
      "poll-minutes": "60",
      return: "/write",
    };
    const answer = await alice.submit("/act", form);
    expect(answer.status).toBe(303);
    const page = await (await anna.page(answer.headers.get("location") ?? "")).text();
    expect(page).toContain('type="checkbox" name="choice" value="Tuesday"');
    const key = /\/(\d+)$/.exec(answer.headers.get("location") ?? "")?.[1];
    const document = await jsonOf(await documentAt(alice.app, `${alice.app.origin}/objects/${key}`));
    expect(document).toMatchObject({ type: "Question", anyOf: [{ name: "Monday" }, { name: "Tuesday" }] });
    expect(Date.parse(String(document.endTime))).toBe(all.clock.now() + 60 * MINUTE_MS);
    expect(document.oneOf).toBeUndefined();
  });

  describe("of others", () => {
    const choice = (name: string, totalItems: number) => ({
      type: "Note",
      name,
      replies: { type: "Collection", totalItems },
    });
    /** As each program sends it, with how many answers one may give. */
    const SHAPES: readonly [program: string, question: AsObject, several: boolean][] = [
      ["Mastodon", { oneOf: [choice("Tea", 2), choice("Coffee", 1)], votersCount: 3 }, false],
      ["Pleroma", { anyOf: [choice("Tea", 2), choice("Coffee", 1)], votersCount: 2 }, true],
      [
        "Misskey",
        {
          oneOf: [
            { ...choice("Tea", 2), _misskey_votes: 2 },
            { ...choice("Coffee", 1), _misskey_votes: 1 },
          ],
          _misskey_content: "Tea?",
        },
        false,
      ],
    ];
    async function miraAsks(name: string, more: AsObject): Promise<AsObject & { id: string }> {
      const question = {
        "@context": AS,
        id: mira.at(`/polls/${name}`),
        type: "Question",
        attributedTo: mira.iri,
        content: "<p>Tea?</p>",
        to: [PUBLIC],
        endTime: inMinutes(60),
        ...more,
      };
      there.put(`/polls/${name}`, { body: question as never });
      await alice.app.federation.look.fetch(question.id);
      return question;
    }

    test.each(SHAPES)(
      "%s: a vote goes to its author as a note that says only the choice",
      async (name, shape, several) => {
        const { id } = await miraAsks(name, shape);
        const before = there.received.length;
        const view = await alice.sees(id);
        const form = { type: "Create Vote", object: id, choice: "Tea", return: view?.path ?? "/" };
        expect((await alice.submit("/act", form)).status).toBe(303);
        await all.settle();
        const sent = there.received.slice(before).map(({ body }) => JSON.parse(body));
        expect(sent).toMatchObject([
          {
            type: "Create",
            actor: alice.iri,
            to: [mira.iri],
            object: { type: "Note", name: "Tea", inReplyTo: id },
          },
        ]);
        expect(sent[0].object.content).toBeUndefined();
        expect(sent[0].object.context).toBeUndefined();
        expect(view?.poll).toMatchObject({ isMultiple: several });
        expect((await alice.sees(id))?.poll?.options.map(({ isMine }) => isMine)).toEqual([true, false]);
      },
    );

    test("several answers given in one form are several votes", async () => {
      const { id } = await miraAsks("several", SHAPES[1]?.[1] ?? {});
      const before = there.received.length;
      const csrf = await alice.page("/");
      const token = /name="csrf" value="([^"]+)"/.exec(await csrf.text())?.[1] ?? "";
      const body = new URLSearchParams([
        ["type", "Create Vote"],
        ["object", id],
        ["choice", "Tea"],
        ["choice", "Coffee"],
        ["csrf", token],
      ]);
      const headers = { cookie: alice.cookie, "sec-fetch-site": "same-origin" };
      expect((await alice.app.ask("/act", { method: "POST", headers, body })).status).toBe(303);
      await all.settle();
      const names = there.received.slice(before).map((letter) => JSON.parse(letter.body).object.name);
      expect(names).toEqual(["Tea", "Coffee"]);
    });

    test("the counts are those that their owner tells, and nobody else", async () => {
      const question = await miraAsks("counted", SHAPES[0]?.[1] ?? {});
      const grown = { ...question, oneOf: [choice("Tea", 20), choice("Coffee", 10)], votersCount: 30 };
      const tell = async (by: StrangerActor) => {
        const id = by.at(`/updates/${++count}`);
        await post(alice.app, {
          by,
          body: { id, type: "Update", actor: by.iri, to: [PUBLIC], object: grown as never },
        });
        await all.settle();
      };
      await tell(mule);
      expect(await result(alice, question.id)).toEqual([3, 2, 1]);
      await tell(mira);
      expect(await result(alice, question.id)).toEqual([30, 20, 10]);
    });

    test("its end is told to those who voted here, with the result of its owner", async () => {
      const question = await miraAsks("ending", SHAPES[0]?.[1] ?? {});
      await votes(alice, question.id, "Tea");
      const final = {
        ...question,
        oneOf: [choice("Tea", 7), choice("Coffee", 5)],
        votersCount: 12,
        closed: question.endTime,
      };
      there.put("/polls/ending", { body: final as never });
      await passes(66);
      expect((await alice.notices()).slice(0, 1)).toEqual(["poll mira@there.test"]);
      expect(await result(alice, question.id)).toEqual([12, 7, 5]);
    });

    test("one that is closed takes no vote, whether it says when or only that", async () => {
      for (const closed of [true, "2001-01-01T00:00:00Z"]) {
        const { id } = await miraAsks(`closed-${closed}`, { ...SHAPES[0]?.[1], closed });
        await expect(votes(anna, id, "Tea")).rejects.toThrow("has ended");
      }
    });
  });
});
