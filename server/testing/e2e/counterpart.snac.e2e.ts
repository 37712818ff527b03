/** The compiled server and snac, a server in C that signs by draft-cavage-12 alone: both directions. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type Client, type Document, PUBLIC } from "./client.ts";
import { resident, startFederating } from "./counterparts/resident.ts";
import { findSnac, type Snac, startSnac } from "./counterparts/snac.ts";
import { cleanUp } from "./program.ts";

const program = findSnac();

if (program === null) test.skip("snac is not there", () => {});
else describe("snac", () => counterpart(program));

function counterpart(program: string): void {
  let alice: Client;
  let snac: Snac;

  beforeAll(async () => {
    alice = await resident(await startFederating(), "alice");
    snac = await startSnac(program).catch(() => startSnac(program)); // Once more, on another port.
  });
  afterAll(async () => {
    await snac.stop();
    await cleanUp();
  });

  const idOf = (value: Document): string => value?.id ?? value;
  const arrivedHere = (type: string, object?: string) =>
    alice.waitFor(
      (activity) =>
        activity.type === type &&
        activity.actor === snac.iri &&
        (object === undefined || idOf(activity.object) === object),
    );
  const total = async (iri: string) => (await alice.get(iri)).body.totalItems as number;
  const write = async (content: string, more: object = {}) =>
    (await alice.act({ type: "Note", content, to: [PUBLIC], cc: [`${alice.actor}/followers`], ...more }))
      .object as Document;

  let follow: string;
  let theirFollow: string;
  test("both follow each other", async () => {
    follow = (await alice.act({ type: "Follow", object: snac.iri, to: [snac.iri] })).id;
    await arrivedHere("Accept", follow);
    await snac.run("follow", alice.actor);
    theirFollow = (await arrivedHere("Follow")).id;
    await snac.logged(`confirmed follow from ${alice.actor}`);
    expect((await alice.get(`${alice.actor}/followers?page=1`)).body.orderedItems).toEqual([snac.iri]);
    expect((await alice.get(`${alice.actor}/following?page=1`)).body.orderedItems).toEqual([snac.iri]);
  });

  let hers: Document;
  let theirs: Document;
  test("posts and replies arrive in both directions", async () => {
    hers = await write("<p>The owl</p>");
    await snac.run("note", "The pussycat");
    theirs = (await arrivedHere("Create")).object;
    expect(theirs.content).toContain("The pussycat");
    await snac.logged(`new 'Note' ${alice.actor} ${hers.id}`);
    const reply = await write("<p>went to sea</p>", { inReplyTo: theirs.id, cc: [snac.iri] });
    await snac.post("note", { content: `in a boat`, in_reply_to: hers.id });
    const back = await alice.waitFor(({ type, object }) => type === "Create" && object.inReplyTo === hers.id);
    expect((await alice.get(`${hers.id}/replies?page=1`)).body.orderedItems).toEqual([back.object.id]);
    await snac.logged(`new 'Note' ${alice.actor} ${reply.id}`);
  });

  test("likes and boosts count, and are taken back, in both directions", async () => {
    const act = (...actions: readonly string[]) =>
      actions.reduce(
        (before, action) =>
          before.then(() => snac.post("action", { action, id: hers.id, actor: alice.actor })),
        Promise.resolve(),
      );
    await act("Like", "Boost");
    const done = await Promise.all(
      ["Like", "Announce"].map((type) => alice.act({ type, object: theirs.id, to: [snac.iri] })),
    );
    await Promise.all([arrivedHere("Like", hers.id), arrivedHere("Announce", hers.id)]);
    expect([await total(`${hers.id}/likes`), await total(`${hers.id}/shares`)]).toEqual([1, 1]);
    for (const type of ["Like", "Announce"]) await snac.logged(`new '${type}' ${alice.actor} ${theirs.id}`);

    await act("Unlike", "Unboost");
    for (const { id } of done) await alice.act({ type: "Undo", object: id });
    for (const words of ["Undo 'Like'", "Unboost"]) await snac.logged(`${words} for ${theirs.id}`);
    const undone = new Set<string>();
    await alice.waitFor(
      ({ type, actor, id }) => type === "Undo" && actor === snac.iri && undone.add(id).size === 2,
    );
    expect([await total(`${hers.id}/likes`), await total(`${hers.id}/shares`)]).toEqual([0, 0]);
  });

  test("changes and deletions arrive in both directions", async () => {
    await alice.act({ type: "Update", object: { id: hers.id, content: "<p>The Owl</p>" } });
    await snac.post("note", { content: "The Pussycat", edit_id: theirs.id });
    expect((await arrivedHere("Update", theirs.id)).object.content).toContain("The Pussycat");
    await snac.logged(`updated 'Note' ${hers.id}`);
    await alice.act({ type: "Delete", object: hers.id });
    await snac.post("action", { action: "Delete", id: theirs.id, actor: snac.iri });
    expect((await arrivedHere("Delete", theirs.id)).object.type).toBe("Tombstone");
    await snac.logged(`new 'Delete' ${alice.actor} ${hers.id}`);
  });

  test("following ends in both directions", async () => {
    await alice.act({ type: "Undo", object: follow });
    await snac.run("unfollow", alice.actor);
    await snac.logged(`no longer following us ${alice.actor}`);
    await arrivedHere("Undo", theirFollow);
    expect(await total(`${alice.actor}/followers`)).toBe(0);
  });
}
