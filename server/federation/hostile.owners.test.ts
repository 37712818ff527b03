/** Hostile input: what others do to things that are not theirs. */
import { expect, test } from "bun:test";
import { PUBLIC } from "../core/object.ts";
import { type HostileCase, hostile } from "../testing/hostile.ts";
import {
  about,
  activityOf,
  dropped,
  mallory,
  mule,
  OPEN_TO_ALL,
  onlyNoted,
} from "../testing/hostile-activities.ts";
import { post } from "../testing/letters.ts";

const deletes: readonly HostileCase[] = [
  dropped("a Delete of alice's post by mallory is dropped (Hollo 0.8.5)", mallory, (w) => ({
    type: "Delete",
    object: w.open,
  })),
  dropped("a Delete of alice herself by mallory is dropped", mallory, (w) => ({
    type: "Delete",
    object: w.alice.iri,
  })),
  dropped("a Delete of a post of another server is dropped", mallory, (w) => ({
    type: "Delete",
    object: w.victors,
  })),
  dropped("a Delete of an actor of another server is dropped", mallory, (w) => ({
    type: "Delete",
    object: w.victor.iri,
  })),
  dropped("a Delete of a neighbour's post is dropped", mule, (w) => ({ type: "Delete", object: w.mallorys })),
  dropped("a Delete of a neighbour is dropped", mule, (w) => ({ type: "Delete", object: w.mallory.iri })),
  dropped("a Delete with a Tombstone of another's post is dropped", mallory, (w) => ({
    type: "Delete",
    object: { id: w.victors, type: "Tombstone", attributedTo: w.mallory.iri },
  })),
  dropped("a Delete of what nobody here knows is dropped", mallory, (w) => ({
    type: "Delete",
    object: w.mallory.at("/notes/none"),
  })),
  dropped("a Delete of nothing is dropped", mallory, () => ({ type: "Delete" })),
  about("a Delete of a Like by somebody else is dropped", mallory, "Delete", (w) => [
    "Like",
    w.victor.iri,
    w.open,
  ]),
  about("a Delete of alice's Follow by the followed is dropped", mallory, "Delete", (w) => [
    "Follow",
    w.alice.iri,
    w.mallory.iri,
  ]),
];

const undos: readonly HostileCase[] = [
  about("an Undo of victor's Like by mallory is dropped", mallory, "Undo", (w) => [
    "Like",
    w.victor.iri,
    w.open,
  ]),
  about("an Undo of victor's Announce by mallory is dropped", mallory, "Undo", (w) => [
    "Announce",
    w.victor.iri,
    w.open,
  ]),
  about("an Undo of alice's Follow by the followed is dropped", mallory, "Undo", (w) => [
    "Follow",
    w.alice.iri,
    w.mallory.iri,
  ]),
  about(
    "an Undo of alice's Like by its object's author is dropped",
    (w) => w.victor,
    "Undo",
    (w) => ["Like", w.alice.iri, w.victors],
  ),
  about("an Undo of alice's Create by mallory is dropped", mallory, "Undo", (w) => [
    "Create",
    w.alice.iri,
    w.open,
  ]),
  about("an Undo of a neighbour's Follow is dropped", mule, "Undo", (w) => [
    "Follow",
    w.mallory.iri,
    w.alice.iri,
  ]),
  dropped("an Undo of victor's Like, told by what it says, is dropped", mallory, (w) => ({
    type: "Undo",
    object: { type: "Like", actor: w.victor.iri, object: w.open },
  })),
  dropped("an Undo of a neighbour's Follow, told by what it says, is dropped", mule, (w) => ({
    type: "Undo",
    object: { type: "Follow", actor: w.mallory.iri, object: w.alice.iri },
  })),
  dropped("an Undo of a Follow that never was is dropped", mule, (w) => ({
    type: "Undo",
    object: { type: "Follow", actor: w.mule.iri, object: w.alice.iri },
  })),
  dropped("an Undo of a post is dropped", mallory, (w) => ({ type: "Undo", object: w.open })),
  dropped("an Undo of a person is dropped", mallory, (w) => ({ type: "Undo", object: w.alice.iri })),
];

const answers: readonly HostileCase[] = [
  about("an Accept of alice's Follow by somebody else is dropped", mule, "Accept", (w) => [
    "Follow",
    w.alice.iri,
    w.victor.iri,
  ]),
  about("a Reject of alice's Follow by somebody else is dropped", mallory, "Reject", (w) => [
    "Follow",
    w.alice.iri,
    w.victor.iri,
  ]),
  about("a Reject of alice's Follow by a neighbour of the followed is dropped", mule, "Reject", (w) => [
    "Follow",
    w.alice.iri,
    w.mallory.iri,
  ]),
  about("a Reject of bob's Follow of alice by mallory is dropped", mallory, "Reject", (w) => [
    "Follow",
    w.bob.iri,
    w.alice.iri,
  ]),
  about("an Accept of one's own Follow is dropped", mallory, "Accept", (w) => [
    "Follow",
    w.mallory.iri,
    w.alice.iri,
  ]),
  dropped("an Accept of a Follow that alice never sent is dropped", mule, (w) => ({
    type: "Accept",
    object: { type: "Follow", actor: w.alice.iri, object: w.mule.iri },
  })),
  dropped("an Accept of a Follow with an id of ours that was never given is dropped", mule, (w) => ({
    type: "Accept",
    object: { id: `${w.app.origin}/activities/77`, type: "Follow", actor: w.alice.iri, object: w.mule.iri },
  })),
  dropped("an Accept of a Follow with an id of one's own is dropped", mule, (w) => ({
    type: "Accept",
    object: { id: w.mule.at("/follow"), type: "Follow", object: w.mule.iri },
  })),
  onlyNoted("an Accept of a post that calls it a Follow makes nobody a follower", mule, (w) => ({
    type: "Accept",
    object: { id: w.open, type: "Follow", actor: w.alice.iri, object: w.mule.iri },
  })),
  onlyNoted("an Accept of a post does nothing", mallory, (w) => ({ type: "Accept", object: w.open })),
  onlyNoted("an Accept of an Invite that never was does nothing", mallory, (w) => ({
    type: "Accept",
    object: { type: "Invite", actor: w.alice.iri, object: w.open, target: w.mallory.iri },
  })),
  {
    name: "an Accept of an invitation to somebody else is dropped",
    status: 202,
    given: (w) => w.alice.act({ type: "Invite", object: w.open, target: w.bob.iri, to: [PUBLIC] }),
    send: async (w) =>
      w.post(w.mallory, { type: "Accept", object: await activityOf(w, "Invite", w.alice.iri, w.open) }),
  },
  {
    name: "an Accept of an invitation by somebody who may not invite is dropped",
    status: 202,
    given: (w) =>
      w.post(w.mallory, { type: "Invite", object: w.open, target: w.mule.iri, to: [w.mule.iri, PUBLIC] }),
    send: async (w) =>
      w.post(w.mule, { type: "Accept", object: await activityOf(w, "Invite", w.mallory.iri, w.open) }),
  },
];

const lists: readonly HostileCase[] = [
  "featured",
  "followers",
  "following",
  "blocked",
  "inbox",
  "outbox",
  "bookmarks",
].flatMap((list) =>
  (["Add", "Remove"] as const).map((type) =>
    dropped(
      `${type === "Add" ? "an Add to" : "a Remove from"} alice's ${list} by mallory is dropped`,
      mallory,
      (w) => ({
        type,
        object: w.mallorys,
        target: `${w.alice.iri}/${list}`,
      }),
    ),
  ),
);

const moves: readonly HostileCase[] = [
  dropped(
    "a Move of another actor is dropped",
    mallory,
    (w) => ({
      type: "Move",
      object: w.victor.iri,
      target: w.mallory.iri,
    }),
    { mayAskAgain: true },
  ),
  dropped(
    "a Move of a neighbour is dropped",
    mule,
    (w) => ({
      type: "Move",
      object: w.mallory.iri,
      target: w.mule.iri,
    }),
    { mayAskAgain: true },
  ),
  dropped("a Move of alice is dropped", mallory, (w) => ({
    type: "Move",
    object: w.alice.iri,
    target: w.mallory.iri,
  })),
  dropped(
    "a Move to somebody who does not know of it is dropped",
    mallory,
    (w) => ({
      type: "Move",
      object: w.mallory.iri,
      target: w.victor.iri,
    }),
    { mayAskAgain: true },
  ),
  dropped("a Move to somebody here who does not know of it is dropped", mallory, (w) => ({
    type: "Move",
    object: w.mallory.iri,
    target: w.eve.iri,
  })),
  dropped("a Move to a private address is dropped", mallory, (w) => ({
    type: "Move",
    object: w.mallory.iri,
    target: "https://10.0.0.1/users/x",
  })),
];

const shares: readonly HostileCase[] = [
  dropped(
    "a share of something unknown, by somebody whom nobody follows, makes us ask nobody for it",
    mule,
    (w) => ({ type: "Announce", ...OPEN_TO_ALL, object: w.victor.at("/notes/unheard-of") }),
    {
      also: ({ fediverse }) =>
        expect(fediverse.sent.filter(({ path }) => path === "/notes/unheard-of")).toEqual([]),
    },
  ),
];

const secrets: readonly HostileCase[] = [
  dropped("an answer to a private post by somebody who cannot see it is dropped", mallory, (w) => ({
    type: "Create",
    ...OPEN_TO_ALL,
    object: {
      id: w.mallory.at("/notes/guess"),
      type: "Note",
      attributedTo: w.mallory.iri,
      inReplyTo: w.direct,
      content: "I know",
      ...OPEN_TO_ALL,
    },
  })),
  dropped("a Like of a private post by somebody who cannot see it is dropped", mallory, (w) => ({
    type: "Like",
    object: w.direct,
  })),
  dropped("a Like of a post for followers by somebody who is none is dropped", mule, (w) => ({
    type: "Like",
    object: w.closed,
  })),
  dropped("an Announce of a private post is dropped", mallory, (w) => ({
    type: "Announce",
    object: w.direct,
    ...OPEN_TO_ALL,
  })),
  dropped("an Announce of a post for followers by a follower is dropped", mallory, (w) => ({
    type: "Announce",
    object: w.closed,
    ...OPEN_TO_ALL,
  })),
  dropped("a Create of a private post of alice's for oneself is dropped (CVE-2024-37903)", mallory, (w) => ({
    type: "Create",
    to: [w.mallory.iri],
    object: w.direct,
  })),
  dropped("an Update of a private post with a wider audience is dropped (CVE-2024-37903)", mallory, (w) => ({
    type: "Update",
    to: [PUBLIC],
    object: { id: w.direct, type: "Note", to: [PUBLIC, w.mallory.iri] },
  })),
  dropped("a Flag that names nothing is dropped", mallory, (w) => ({ type: "Flag", to: [w.alice.iri] })),
  dropped("a Follow of a post is dropped", mallory, (w) => ({ type: "Follow", object: w.open })),
  dropped("a Follow of nobody is dropped", mallory, (w) => ({
    type: "Follow",
    object: `${w.app.origin}/users/nobody`,
  })),
  dropped("a Follow of oneself is dropped", mallory, (w) => ({ type: "Follow", object: w.mallory.iri })),
  dropped("a Block of a post is dropped", mallory, (w) => ({ type: "Block", object: w.open })),
];

hostile("owners", [...deletes, ...undos, ...answers, ...lists, ...moves, ...shares, ...secrets], (world) => {
  test("an owner's own Update and Delete are taken, so that the tables above can fail", async () => {
    const { app, fediverse, fiends, mallory: owner } = world();
    const id = owner.at("/notes/own");
    const note = { id, type: "Note", attributedTo: owner.iri, content: "One", ...OPEN_TO_ALL };
    fiends.put("/notes/own", { body: note });
    for (const activity of [
      { type: "Create", object: note, ...OPEN_TO_ALL },
      { type: "Update", object: { ...note, content: "Two", updated: "2023-11-14T22:13:30Z" } },
    ]) {
      expect((await world().post(owner, activity)).status).toBe(202);
      await fediverse.settle();
    }
    expect((await app.federation.look.find(id))?.document?.content).toBe("Two");
    await post(app, { by: owner, body: world().activity(owner, { type: "Delete", object: id }) });
    await fediverse.settle();
    expect((await app.federation.look.find(id))?.deletedMs).not.toBeNull();
  });
});
