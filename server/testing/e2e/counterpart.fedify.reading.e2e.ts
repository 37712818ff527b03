/** What Fedify reads on the compiled server, and what the compiled server reads there: names, actors, lists, proofs. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type Client, type Document, PUBLIC } from "./client.ts";
import { type FedifyPeer, startFedify } from "./counterparts/fedify.ts";
import { type Fedify, loadFedify } from "./counterparts/fedify-library.ts";
import { resident, startFederating } from "./counterparts/resident.ts";
import { watchFetch } from "./counterparts/wire.ts";
import { cleanUp, type Running } from "./program.ts";

/** More than a page of a collection has. */
const MANY = 45;

const library = await loadFedify();

if (library === null) test.skip("Fedify is not installed", () => {});
else describe("a server on Fedify", () => counterpart(library));

function counterpart(library: Fedify): void {
  const { Collection, Create, Multikey, Note, Person } = library;
  let server: Running;
  let alice: Client;
  let peer: FedifyPeer;
  let friend: FedifyPeer;
  let watch: ReturnType<typeof watchFetch>;

  beforeAll(async () => {
    server = await startFederating();
    alice = await resident(server, "alice");
    watch = watchFetch();
    peer = await startFedify(library, { firstKnock: "rfc9421" });
    friend = await startFedify(library, { firstKnock: "rfc9421" });
  });
  afterAll(async () => {
    watch.stop();
    await Promise.all([peer.stop(), friend.stop()]);
    await cleanUp();
  });

  const hostOf = (origin: string) => new URL(origin).host;

  test("a handle and an address lead to the same actor", async () => {
    const handle = `alice@${hostOf(server.origin)}`;
    for (const asked of [`acct:${handle}`, alice.actor]) {
      const found = await peer.context.lookupWebFinger(asked);
      expect(found?.subject).toBe(`acct:${handle}`);
      expect(found?.links?.find(({ rel }) => rel === "self")?.href).toBe(alice.actor);
    }
    expect((await peer.context.lookupObject(`@${handle}`))?.id?.href).toBe(alice.actor);
    const template = (await peer.context.lookupWebFinger(alice.actor))?.links?.find(
      ({ template }) => template !== undefined,
    );
    expect(template?.template).toContain("{uri}");
  });

  test("the server tells what it is", async () => {
    // Fedify's own look-up keeps away from loopback whatever it is told.
    const { links }: Document = await (await fetch(`${server.origin}/.well-known/nodeinfo`)).json();
    const info = library.parseNodeInfo(await (await fetch(links[0].href)).json());
    expect(info?.software.name).toBe("commons");
    expect(info?.protocols).toEqual(["activitypub"]);
    expect(info?.usage.users.total).toBe(1);
  });

  test("an actor has everything that an actor needs, and both kinds of keys", async () => {
    const actor = await peer.actorAt(alice.actor);
    expect(actor).toBeInstanceOf(Person);
    expect(actor.preferredUsername?.toString()).toBe("alice");
    expect(actor.inboxId?.href).toBe(`${alice.actor}/inbox`);
    expect(actor.endpoints?.sharedInbox?.href).toBe(`${server.origin}/inbox`);
    const key = await actor.getPublicKey(peer.context);
    expect(key?.ownerId?.href).toBe(alice.actor);
    expect(key?.publicKey?.algorithm.name).toBe("RSASSA-PKCS1-v1_5");
    const keys = await Array.fromAsync(actor.getAssertionMethods(peer.context));
    expect(keys.map((each) => each instanceof Multikey && each.publicKey?.algorithm.name)).toContain(
      "Ed25519",
    );
  });

  test("a long outbox is read to its end, and what is for followers alone is read by a follower", async () => {
    const secret = await alice.act({
      type: "Note",
      content: "for friends",
      to: [`${alice.actor}/followers`],
    });
    for (let i = 1; i <= MANY; i++)
      await alice.act({
        type: "Note",
        content: `<p>${i}</p>`,
        to: [PUBLIC],
        cc: [`${alice.actor}/followers`],
      });
    const outbox = await (await peer.actorAt(alice.actor)).getOutbox(peer.context);
    if (!(outbox instanceof Collection)) throw new Error("The outbox is no collection.");
    const read: string[] = [];
    for await (const item of peer.context.traverseCollection(outbox)) {
      const note = item instanceof Create ? await item.getObject(peer.context) : null;
      read.push(note instanceof Note ? String(note.content) : String(item));
    }
    expect(read).toEqual(Array.from({ length: MANY }, (_, i) => `<p>${MANY - i}</p>`));

    const follow = new library.Follow({ actor: new URL(peer.iri("ann")), object: new URL(alice.actor) });
    await peer.send("ann", [alice.actor], follow);
    await peer.taken(({ type }) => type === "Accept");
    const asAnn = await peer.context.getDocumentLoader({ identifier: "ann" });
    const note = await peer.context.lookupObject(secret.object.id, { documentLoader: asAnn });
    expect(note).toBeInstanceOf(Note);
    expect((note as InstanceType<typeof Note>).content?.toString()).toBe("for friends");
    const asBen = await peer.context.getDocumentLoader({ identifier: "ben" });
    expect(await peer.context.lookupObject(secret.object.id, { documentLoader: asBen })).toBeNull();
    expect(await peer.context.lookupObject(secret.object.id)).toBeNull();
  });

  test("an actor that is shown to signed requests alone is followed", async () => {
    const sealed = peer.iri("sealed-sue");
    expect((await fetch(sealed, { headers: { accept: "application/activity+json" } })).status).toBe(401);
    await alice.act({ type: "Follow", object: sealed, to: [sealed] });
    await alice.waitFor(({ type, actor }) => type === "Accept" && actor === sealed);
    expect(peer.followers("sealed-sue")).toEqual([alice.actor]);
  });

  test("a mention by handle finds its way", async () => {
    const handle = `@ben@${hostOf(peer.origin)}`;
    await alice.act({
      type: "Note",
      content: `<p>${handle} hello</p>`,
      to: [PUBLIC, peer.iri("ben")],
      tag: [{ type: "Mention", href: peer.iri("ben"), name: handle }],
    });
    const { activity } = await peer.taken(({ object }) => String(object?.content).includes("hello"));
    const create = await Create.fromJsonLd(activity, peer.context);
    const note = await create.getObject(peer.context);
    const tags = await Array.fromAsync(note?.getTags(peer.context) ?? []);
    expect(tags.map((tag) => tag instanceof library.Mention && tag.href?.href)).toEqual([peer.iri("ben")]);
  });

  test("what somebody else passes on is believed by the proof of its author, and only unspoilt", async () => {
    await friend.forward("dan", alice.actor);
    await alice.act({ type: "Follow", object: peer.iri("ann"), to: [peer.iri("ann")] });
    await alice.waitFor(({ type, actor }) => type === "Accept" && actor === peer.iri("ann"));
    const note = peer.publish("ann", { content: "<p>passed on</p>" });
    const create = new Create({
      id: new URL(`${peer.origin}/nowhere/1`),
      actor: new URL(peer.iri("ann")),
      object: note,
      tos: note.toIds,
    });
    await peer.send("ann", [friend.iri("dan")], create);
    const { activity } = await friend.taken(({ id }) => id === create.id?.href);
    await alice.waitFor(({ id }) => id === create.id?.href);

    const spoilt = { ...activity, id: `${peer.origin}/nowhere/2` };
    const [rsa] = await friend.context.getActorKeyPairs("dan");
    if (!rsa) throw new Error("Nobody can sign.");
    const post = async (body: Document) => {
      const request = new Request(`${alice.actor}/inbox`, {
        method: "POST",
        headers: { "content-type": "application/activity+json" },
        body: JSON.stringify(body),
      });
      return (await fetch(await library.signRequest(request, rsa.privateKey, rsa.keyId))).status;
    };
    expect(await post(activity)).toBe(202);
    expect(await post(spoilt)).toBe(401);
  });
}
