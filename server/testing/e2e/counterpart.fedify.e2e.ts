/** The compiled server and a server on Fedify: everything that people do to each other, in both directions. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { HttpMessageSignaturesSpec } from "@fedify/fedify";
import type { Note as FedifyNote } from "@fedify/fedify/vocab";
import { type Client, type Document, PUBLIC } from "./client.ts";
import { type FedifyPeer, startFedify } from "./counterparts/fedify.ts";
import { type Fedify, loadFedify } from "./counterparts/fedify-library.ts";
import { resident, startFederating } from "./counterparts/resident.ts";
import { type Scheme, watchFetch } from "./counterparts/wire.ts";
import { cleanUp, type Running } from "./program.ts";

const library = await loadFedify();

if (library === null) test.skip("Fedify is not installed", () => {});
else {
  describe.each([
    ["RFC 9421", "rfc9421", "rfc9421"],
    ["draft-cavage-12", "draft-cavage-http-signatures-12", "cavage"],
  ] as const)("a server on Fedify that begins with %s", (_, firstKnock, scheme) =>
    counterpart(library, firstKnock, scheme),
  );
}

function counterpart(library: Fedify, firstKnock: HttpMessageSignaturesSpec, scheme: Scheme): void {
  const { Announce, Create, Delete, Follow, Like, Note, Tombstone, Undo, Update } = library;
  let server: Running;
  let alice: Client;
  let peer: FedifyPeer;
  let ann: string;
  let follow: string;
  let watch: ReturnType<typeof watchFetch>;

  beforeAll(async () => {
    server = await startFederating();
    alice = await resident(server, "alice");
    watch = watchFetch();
    peer = await startFedify(library, { firstKnock });
    ann = peer.iri("ann");
  });
  afterAll(async () => {
    watch.stop();
    await peer.stop();
    await cleanUp();
  });

  const total = async (iri: string) => (await alice.get(iri)).body.totalItems as number;
  const iriOf = (note: FedifyNote) => note.id?.href ?? "";
  const idOf = (value: Document): string => value?.id ?? value;
  /** What arrived at Fedify of this type, about this. */
  const taken = (type: string, object: string) =>
    peer.taken((activity) => activity.type === type && idOf(activity.object) === object);
  const arrivedHere = (type: string, object: string) =>
    alice.waitFor((activity) => activity.type === type && idOf(activity.object) === object);
  const known = async (iri: string) => {
    const response = await fetch(`${server.origin}/api/c2s/proxy`, {
      method: "POST",
      headers: { authorization: `Bearer ${alice.token}` },
      body: new URLSearchParams({ id: iri }),
    });
    return { status: response.status, body: (await response.json()) as Document };
  };
  const publicly = () => ({ to: [PUBLIC], cc: [`${alice.actor}/followers`] });
  const write = async (content: string, more: object = {}) =>
    (await alice.act({ type: "Note", content, ...publicly(), ...more })).object as Document;

  const theirFollow = () =>
    new Follow({ id: new URL(`${ann}#follow`), actor: new URL(ann), object: new URL(alice.actor) });

  test("a follow of ours is accepted", async () => {
    follow = (await alice.act({ type: "Follow", object: ann, to: [ann] })).id;
    await alice.waitFor(({ type, actor }) => type === "Accept" && actor === ann);
    expect(peer.followers("ann")).toEqual([alice.actor]);
    expect((await alice.get(`${alice.actor}/following?page=1`)).body.orderedItems).toEqual([ann]);
  });

  test("a follow of theirs is accepted", async () => {
    await peer.send("ann", [alice.actor], theirFollow());
    const { activity } = await peer.taken(({ type }) => type === "Accept");
    expect(activity.actor).toBe(alice.actor);
    expect((await alice.get(`${alice.actor}/followers?page=1`)).body.orderedItems).toEqual([ann]);
  });

  let hers: Document;
  let theirs: string;
  test("what we send is signed as they sign, and carries a proof that they find good", async () => {
    hers = await write("<p>The owl</p>");
    const arrived = await taken("Create", hers.id);
    expect(arrived.scheme).toBe(scheme);
    const loaders = {
      documentLoader: peer.context.documentLoader,
      contextLoader: peer.context.contextLoader,
    };
    const key = await library.verifyRequest(arrived.request, loaders);
    expect(key?.ownerId?.href).toBe(alice.actor);
    const create = await library.verifyObject(Create, arrived.activity, loaders);
    expect((await create?.getObject())?.content).toBe("<p>The owl</p>");
    const spoilt = { ...arrived.activity, published: "2020-01-01T00:00:00Z" };
    expect(await library.verifyObject(Create, spoilt, loaders)).toBeNull();
  });

  test("what they send arrives at the first knock", async () => {
    const note = peer.publish("ann", { content: "<p>The pussycat</p>" });
    await peer.send("ann", [alice.actor], new Create({ actor: new URL(ann), object: note, tos: note.toIds }));
    await arrivedHere("Create", iriOf(note));
    const posts = watch.sent.filter(({ method, url }) => method === "POST" && url.endsWith("/inbox"));
    expect(posts.length).toBeGreaterThan(1);
    expect(new Set(posts.map((each) => `${each.scheme} ${each.status}`))).toEqual(new Set([`${scheme} 202`]));
    theirs = iriOf(note);
  });

  test("replies find their way in both directions", async () => {
    const reply = await write("<p>went to sea</p>", { inReplyTo: theirs, cc: [ann] });
    const { activity } = await taken("Create", reply.id);
    expect(activity.object.inReplyTo).toBe(theirs);
    const note = peer.publish("ann", { content: "<p>in a boat</p>", cc: [alice.actor], replyTo: hers.id });
    await peer.send("ann", [alice.actor], new Create({ actor: new URL(ann), object: note, tos: note.toIds }));
    await arrivedHere("Create", iriOf(note));
    expect((await alice.get(`${hers.id}/replies?page=1`)).body.orderedItems).toEqual([iriOf(note)]);
  });

  test("likes and boosts count, and are taken back, in both directions", async () => {
    const to = new URL(alice.actor);
    const object = new URL(hers.id);
    const theirLike = new Like({ id: new URL(`${ann}#like`), actor: new URL(ann), object, to });
    const theirBoost = new Announce({ id: new URL(`${ann}#boost`), actor: new URL(ann), object, to });
    for (const activity of [theirLike, theirBoost]) await peer.send("ann", [alice.actor], activity);
    await arrivedHere("Like", hers.id);
    await arrivedHere("Announce", hers.id);
    expect([await total(`${hers.id}/likes`), await total(`${hers.id}/shares`)]).toEqual([1, 1]);
    for (const undone of [theirLike, theirBoost])
      await peer.send("ann", [alice.actor], new Undo({ actor: new URL(ann), object: undone, to }));
    await alice.waitFor(({ type, object }) => type === "Undo" && idOf(object) === `${ann}#boost`);
    expect([await total(`${hers.id}/likes`), await total(`${hers.id}/shares`)]).toEqual([0, 0]);

    for (const type of ["Like", "Announce"]) {
      const done = await alice.act({ type, object: theirs, to: [ann] });
      expect((await taken(type, theirs)).activity.actor).toBe(alice.actor);
      await alice.act({ type: "Undo", object: done.id });
      const undo = await library.Undo.fromJsonLd((await taken("Undo", done.id)).activity, peer.context);
      expect((await undo.getObject(peer.context))?.id?.href).toBe(done.id);
    }
  });

  test("changes and deletions arrive in both directions", async () => {
    await alice.act({ type: "Update", object: { id: hers.id, content: "<p>The Owl</p>" } });
    const update = await library.Update.fromJsonLd((await taken("Update", hers.id)).activity, peer.context);
    expect((await update.getObject(peer.context))?.content?.toString()).toBe("<p>The Owl</p>");
    await alice.act({ type: "Delete", object: hers.id });
    const gone = await library.Delete.fromJsonLd((await taken("Delete", hers.id)).activity, peer.context);
    expect(await gone.getObject(peer.context)).toBeInstanceOf(Tombstone);

    const changed = new Note({
      id: new URL(theirs),
      attribution: new URL(ann),
      to: library.PUBLIC_COLLECTION,
      content: "<p>The Pussycat</p>",
      updated: Temporal.Now.instant(),
    });
    await peer.send(
      "ann",
      [alice.actor],
      new Update({ actor: new URL(ann), object: changed, tos: changed.toIds }),
    );
    await arrivedHere("Update", theirs);
    expect((await known(theirs)).body.content).toBe("<p>The Pussycat</p>");
    const tomb = new Tombstone({ id: new URL(theirs) });
    await peer.send(
      "ann",
      [alice.actor],
      new Delete({ actor: new URL(ann), object: tomb, tos: changed.toIds }),
    );
    await arrivedHere("Delete", theirs);
    expect((await known(theirs)).status).toBe(404);
  });

  test("following ends in both directions", async () => {
    await alice.act({ type: "Undo", object: follow });
    await taken("Undo", follow);
    expect(peer.followers("ann")).toEqual([]);
    await peer.send("ann", [alice.actor], new Undo({ actor: new URL(ann), object: theirFollow() }));
    await alice.waitFor(({ type, object }) => type === "Undo" && idOf(object) === theirFollow().id?.href);
    expect(await total(`${alice.actor}/followers`)).toBe(0);
  });
}
