/** Hostile input: Updates by others and out of turn, things said twice, and polls that are stuffed. */
import { expect, test } from "bun:test";
import type { AsObject } from "../core/object.ts";
import type { JsonObject } from "../lib/json.ts";
import { type HostileCase, hostile, type World } from "../testing/hostile.ts";
import { dropped, mallory, mule, OPEN_TO_ALL } from "../testing/hostile-activities.ts";
import { post } from "../testing/letters.ts";
import type { StrangerActor } from "../testing/strangers.ts";

const edited = (id: string, more: AsObject = {}): JsonObject =>
  ({ type: "Note", id, content: "Forged", ...OPEN_TO_ALL, ...more }) as JsonObject;

const updates: readonly HostileCase[] = [
  dropped("an Update of alice's post by mallory is dropped", mallory, (w) => ({
    type: "Update",
    object: edited(w.open, { attributedTo: w.alice.iri }),
  })),
  dropped("an Update of alice's post in mallory's own name is dropped", mallory, (w) => ({
    type: "Update",
    object: edited(w.open, { attributedTo: w.mallory.iri }),
  })),
  dropped("an Update of alice herself by mallory is dropped", mallory, (w) => ({
    type: "Update",
    object: { type: "Person", id: w.alice.iri, name: "Forged", inbox: w.mallory.at("/inbox") },
  })),
  dropped("an Update of a post of another server is dropped (Hollo 0.8.5)", mallory, (w) => ({
    type: "Update",
    object: edited(w.victors, { attributedTo: w.victor.iri }),
  })),
  dropped("an Update of an actor of another server is dropped", mallory, (w) => ({
    type: "Update",
    object: { ...w.victor.document, name: "Forged" },
  })),
  dropped("an Update of a neighbour's post is dropped (Mitra 2.18)", mule, (w) => ({
    type: "Update",
    object: edited(w.mallorys, { attributedTo: w.mallory.iri }),
  })),
  dropped("an Update of a neighbour's post in one's own name is dropped", mule, (w) => ({
    type: "Update",
    object: edited(w.mallorys, { attributedTo: w.mule.iri }),
  })),
  dropped("an Update of a neighbour is dropped", mule, (w) => ({
    type: "Update",
    object: { ...w.mallory.document, name: "Forged" },
  })),
  dropped("an Update that only names another's post is dropped", mallory, (w) => ({
    type: "Update",
    object: w.victors,
  })),
  dropped("an Update of a post that nobody here knows is dropped", mallory, (w) => ({
    type: "Update",
    object: edited(w.mallory.at("/notes/unknown"), { attributedTo: w.mallory.iri }),
  })),
  dropped(
    "an older Update after a newer version is dropped",
    mallory,
    (w) => ({
      type: "Update",
      object: edited(w.mallorys, { attributedTo: w.mallory.iri, updated: "2020-01-01T00:00:00Z" }),
    }),
    {
      given: async (w) => {
        const newer = {
          ...edited(w.mallorys),
          content: "Newer",
          attributedTo: w.mallory.iri,
          updated: "2023-11-14T22:13:00Z",
        };
        await w.post(w.mallory, { type: "Update", object: newer });
      },
    },
  ),
  dropped("an Update that makes a person of a post is dropped", mallory, (w) => ({
    type: "Update",
    object: { ...w.mallory.document, id: w.mallorys, attributedTo: w.mallory.iri },
  })),
  dropped("an Update that makes a Follow of a post is dropped", mallory, (w) => ({
    type: "Update",
    object: {
      id: w.mallorys,
      type: "Follow",
      actor: w.mallory.iri,
      attributedTo: w.mallory.iri,
      object: w.alice.iri,
    },
  })),
  dropped("an Update of a poll of victor's with other results is dropped", mallory, (w) => ({
    type: "Update",
    object: {
      id: w.victorsPoll,
      type: "Question",
      attributedTo: w.victor.iri,
      oneOf: [{ type: "Note", name: "No", replies: { type: "Collection", totalItems: 1000 } }],
    },
  })),
  dropped("an Update of a poll of alice's with other results is dropped", mallory, (w) => ({
    type: "Update",
    object: {
      id: w.poll,
      type: "Question",
      attributedTo: w.alice.iri,
      oneOf: [{ type: "Note", name: "Yes", replies: { type: "Collection", totalItems: 1000 } }],
    },
  })),
  dropped(
    "an Update that gives one's post away is not believed",
    mallory,
    (w) => ({
      type: "Update",
      object: edited(w.mallorys, { attributedTo: w.victor.iri, updated: "2023-11-14T22:13:10Z" }),
    }),
    {
      // It is asked of its origin instead, which says what it says.
      allows: (line) => !line.includes("victor") && !line.includes("Forged"),
    },
  ),
];

/** An activity that is sent before, and (the very same) again. */
const twice = (
  name: string,
  by: (world: World) => StrangerActor,
  activity: (world: World) => AsObject,
  between?: (world: World, first: JsonObject) => Promise<unknown>,
): HostileCase => {
  let first: JsonObject = {};
  return {
    name,
    status: 202,
    async given(world) {
      first = world.activity(by(world), activity(world));
      await post(world.app, { by: by(world), body: first });
      await world.fediverse.settle();
      await between?.(world, first);
    },
    send: (world) => post(world.app, { by: by(world), body: first }),
  };
};

const note = (world: World, path: string, more: AsObject = {}): JsonObject =>
  ({
    type: "Note",
    id: world.mallory.at(path),
    attributedTo: world.mallory.iri,
    content: "Once",
    ...OPEN_TO_ALL,
    ...more,
  }) as JsonObject;

const replays: readonly HostileCase[] = [
  twice("a Like that comes again counts once", mule, (w) => ({ type: "Like", object: w.open })),
  twice("a post that comes again is there once", mallory, (w) => ({
    type: "Create",
    object: note(w, "/notes/again"),
  })),
  twice(
    "a Like that comes again after it was undone stays undone",
    mule,
    (w) => ({ type: "Like", object: w.victors }),
    (w, like) => w.post(w.mule, { type: "Undo", object: String(like.id) }),
  ),
  twice(
    "a post that comes again after it was deleted stays deleted",
    mallory,
    (w) => ({ type: "Create", object: note(w, "/notes/gone") }),
    (w) => w.post(w.mallory, { type: "Delete", object: w.mallory.at("/notes/gone") }),
  ),
  {
    name: "a deleted post that is created by another activity stays deleted",
    status: 202,
    given: async (w) => {
      await w.post(w.mallory, { type: "Create", object: note(w, "/notes/gone-2") });
      await w.fediverse.settle();
      await w.post(w.mallory, { type: "Delete", object: w.mallory.at("/notes/gone-2") });
    },
    send: (w) => w.post(w.mallory, { type: "Create", object: note(w, "/notes/gone-2") }),
  },
  {
    name: "a known post that is created by another activity is not shown again",
    status: 202,
    send: (w) =>
      w.post(w.mallory, {
        type: "Create",
        ...OPEN_TO_ALL,
        object: { ...note(w, "/notes/1"), content: "Other" },
      }),
  },
  {
    name: "another activity under an id that was used is dropped",
    status: 202,
    given: (w) => w.post(w.mallory, { type: "View", object: w.open, id: w.mallory.at("/activities/used") }),
    send: (w) => w.post(w.mallory, { type: "Dislike", object: w.open, id: w.mallory.at("/activities/used") }),
  },
  {
    name: "a second Like of one post by one person counts once",
    status: 202,
    given: (w) => w.post(w.mallory, { type: "Like", object: w.open }),
    send: (w) => w.post(w.mallory, { type: "Like", object: w.open }),
  },
  {
    name: "a letter to the shared inbox that comes to alice's too is there once",
    status: 202,
    given: (w) =>
      w.post(w.mallory, {
        type: "Create",
        id: w.mallory.at("/activities/both"),
        object: note(w, "/notes/both"),
        to: [w.alice.iri],
      }),
    send: (w) =>
      w.post(
        w.mallory,
        {
          type: "Create",
          id: w.mallory.at("/activities/both"),
          object: note(w, "/notes/both"),
          to: [w.alice.iri],
        },
        { path: "/users/alice/inbox" },
      ),
  },
  twice("a Follow that comes again asks once", mallory, (w) => ({ type: "Follow", object: w.eve.iri })),
];

let votes = 0;
const vote = (by: StrangerActor, poll: string, name: string, more: AsObject = {}): AsObject => {
  const object = {
    type: "Note",
    id: by.at(`/votes/${++votes}`),
    attributedTo: by.iri,
    inReplyTo: poll,
    name,
    ...more,
  };
  return { type: "Create", to: [poll], object };
};

/** A vote that may be kept as what it is, a text, but is not counted. */
const uncounted = (line: string) => !/"name":"(?:voters|votes-\d+)"/.test(line);

const stuffing: readonly HostileCase[] = [
  {
    ...dropped("a second vote for the same answer is not counted", mallory, (w) =>
      vote(w.mallory, w.poll, "Yes"),
    ),
    given: (w) => w.post(w.mallory, vote(w.mallory, w.poll, "Yes")),
    allows: uncounted,
  },
  {
    ...dropped("a second vote for another answer is not counted", mule, (w) => vote(w.mule, w.poll, "No")),
    given: (w) => w.post(w.mule, vote(w.mule, w.poll, "Yes")),
    allows: uncounted,
  },
  dropped("a vote after the end is not counted", mallory, (w) => vote(w.mallory, w.oldPoll, "Yes"), {
    allows: uncounted,
  }),
  dropped(
    "a vote for an answer that there is not is not counted",
    (w) => w.victor,
    (w) => vote(w.victor, w.poll, "Perhaps"),
    { allows: uncounted },
  ),
  dropped(
    "a vote for a number is not counted",
    (w) => w.victor,
    (w) => vote(w.victor, w.poll, "0"),
    { allows: uncounted },
  ),
  dropped(
    "a vote for __proto__ is not counted",
    (w) => w.victor,
    (w) => vote(w.victor, w.poll, "__proto__"),
    { allows: uncounted },
  ),
  dropped("a vote in the name of a neighbour is dropped", mallory, (w) =>
    vote(w.mallory, w.poll, "No", { attributedTo: w.mule.iri }),
  ),
  dropped("a vote in the name of somebody elsewhere is dropped", mallory, (w) =>
    vote(w.mallory, w.poll, "No", { attributedTo: w.victor.iri }),
  ),
  dropped(
    "a vote in a private poll by somebody who cannot see it is not counted",
    mule,
    (w) => vote(w.mule, privatePoll, "Yes"),
    {
      given: async (w) => {
        const oneOf = ["Yes", "No"].map((name) => ({ type: "Note", name }));
        const asked = await w.alice.act({
          type: "Create",
          to: [w.bob.iri],
          object: { type: "Question", content: "We two?", oneOf },
        });
        privatePoll = asked.object?.iri ?? "";
      },
      allows: uncounted,
    },
  ),
  dropped(
    "a vote in a poll of victor's does not change what victor says",
    mallory,
    (w) => vote(w.mallory, w.victorsPoll, "Yes"),
    {
      allows: (line) => !line.includes("Tea?"),
    },
  ),
];
let privatePoll = "";

hostile("updates, replays and polls", [...updates, ...replays, ...stuffing], (world) => {
  test("an honest vote is counted, so that the tables above can fail", async () => {
    const { app, fediverse, victor, poll } = world();
    await world().post(victor, vote(victor, poll, "No"));
    await fediverse.settle();
    const { look } = app.federation;
    const [asked, voter] = [await look.find(poll), await look.find(victor.iri)];
    expect(await look.isMember(asked?.key ?? 0, "votes-1", voter?.key ?? 0)).toBe(true);
  });

  test("what was done stays what was done, whatever an Update makes of it", async () => {
    const { app, fediverse, victor, mallory, open, poll } = world();
    const dislike = {
      id: victor.at("/dislikes/1"),
      type: "Dislike",
      actor: victor.iri,
      object: open,
      instrument: mallory.at("/notes/1"),
    };
    await world().post(victor, dislike);
    await fediverse.settle();
    const changed = { ...dislike, object: poll, instrument: poll, target: poll, summary: "changed" };
    await world().post(victor, { type: "Update", object: changed });
    await fediverse.settle();
    const { document } = (await app.federation.look.find(dislike.id)) ?? {};
    expect(document).toMatchObject({ object: open, instrument: dislike.instrument, summary: "changed" });
    expect(document).not.toHaveProperty("target");
  });
});
