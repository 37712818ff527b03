/** The whole circle by the client protocol alone: two compiled servers, two programs, no page but the consent. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type Client, client, type Document, PUBLIC, signInByOauth } from "./client.ts";
import { cleanUp, type Running, runCommons, startCommons } from "./program.ts";

const PASSWORD = "correct horse battery staple";
const INSECURE = { COMMONS_INSECURE_FEDERATION: "1" };

let here: Running;
let there: Running;
let alice: Client;
let bob: Client;

async function resident(server: Running, name: string): Promise<void> {
  const { code, stderr } = await runCommons(["user", "create", name, "--admin", "--password-file", "-"], {
    dataDir: server.dataDir,
    flags: ["--origin", server.origin],
    stdin: `${PASSWORD}\n`,
  });
  if (code !== 0) throw new Error(stderr);
}

beforeAll(async () => {
  [here, there] = await Promise.all([startCommons({ env: INSECURE }), startCommons({ env: INSECURE })]);
  await Promise.all([resident(here, "alice"), resident(there, "bob")]);
});
afterAll(cleanUp);

describe("two servers and two programs", () => {
  test("a program registers itself, is let in with PKCE, and gets tokens that it can renew", async () => {
    const scope = "read write";
    const one = await signInByOauth(here.origin, { name: "alice", password: PASSWORD, scope });
    const two = await signInByOauth(there.origin, { name: "bob", password: PASSWORD, scope });
    const renewed: Document = await (
      await fetch(two.tokenEndpoint, {
        method: "POST",
        body: new URLSearchParams({
          grant_type: "refresh_token",
          refresh_token: two.refresh_token,
          client_id: two.clientId,
        }),
      })
    ).json();
    alice = client(here.origin, "alice", one.access_token);
    bob = client(there.origin, "bob", renewed.access_token);
    expect((await bob.get(`${bob.actor}/inbox`)).status).toBe(200);
    expect((await alice.get(`${alice.actor}/inbox`)).body.type).toBe("OrderedCollection");
  });

  test("a token that may only read posts nothing", async () => {
    const { access_token } = await signInByOauth(here.origin, {
      name: "alice",
      password: PASSWORD,
      scope: "read",
    });
    const refused = await client(here.origin, "alice", access_token).post({ type: "Note", content: "no" });
    expect(refused.status).toBe(403);
    expect(refused.body).toMatchObject({ status: 403, reason: "insufficient_scope" });
  });

  test("a follow is accepted, and both collections say so", async () => {
    await bob.act({ type: "Follow", object: alice.actor, to: [alice.actor] });
    const accept = await bob.waitFor(({ type }) => type === "Accept");
    expect(accept.actor).toBe(alice.actor);
    expect((await alice.get(`${alice.actor}/followers?page=1`)).body.orderedItems).toEqual([bob.actor]);
    expect((await bob.get(`${bob.actor}/following?page=1`)).body.orderedItems).toEqual([alice.actor]);
  });

  let note: Document;
  test("a bare object becomes a Create with ids of the server, and arrives as it was written", async () => {
    const { status, location, body } = await alice.post({
      type: "Note",
      id: "https://elsewhere.test/forged",
      content: "<p>The owl</p><script>alert(1)</script>",
      to: [PUBLIC],
      cc: [`${alice.actor}/followers`],
    });
    expect(status).toBe(201);
    expect(location).toStartWith(`${here.origin}/activities/`);
    note = body.object;
    expect(note).toMatchObject({ type: "Note", attributedTo: alice.actor, content: "<p>The owl</p>" });
    expect(note.id).toStartWith(`${here.origin}/objects/`);
    const create = await bob.waitFor(
      ({ type, object }) => type === "Create" && (object.id ?? object) === note.id,
    );
    expect(create.actor).toBe(alice.actor);
  });

  test("nothing is written in the name of somebody else", async () => {
    const forged = await alice.post({
      type: "Note",
      attributedTo: bob.actor,
      content: "forged",
      to: [PUBLIC],
    });
    expect(forged.status).toBeOneOf([400, 403]);
    expect((await alice.post({ type: "Like", actor: bob.actor, object: note.id })).status).toBeOneOf([
      400, 403,
    ]);
  });

  test("a reply, a like and a boost come back, and the object counts them", async () => {
    await bob.act({
      type: "Create",
      to: [PUBLIC],
      cc: [alice.actor],
      object: {
        type: "Note",
        content: "<p>and the pussycat</p>",
        inReplyTo: note.id,
        to: [PUBLIC],
        cc: [alice.actor],
      },
    });
    await bob.act({ type: "Like", object: note.id, to: [alice.actor] });
    await bob.act({
      type: "Announce",
      object: note.id,
      to: [PUBLIC],
      cc: [alice.actor, `${bob.actor}/followers`],
    });
    for (const type of ["Create", "Like", "Announce"])
      await alice.waitFor((activity) => activity.type === type);
    for (const name of ["replies", "likes", "shares"]) {
      expect((await alice.get(`${note.id}/${name}`)).body.totalItems).toBe(1);
    }
  });

  test("the proxy fetches an object of another server for a program", async () => {
    const response = await fetch(`${there.origin}/api/c2s/proxy`, {
      method: "POST",
      headers: { authorization: `Bearer ${bob.token}` },
      body: new URLSearchParams({ id: note.id }),
    });
    expect(((await response.json()) as Document).id).toBe(note.id);
  });

  test("an update changes only what it names, on both sides", async () => {
    await alice.act({
      type: "Update",
      object: { id: note.id, type: "Note", content: "<p>The pussycat</p>" },
      to: [PUBLIC],
    });
    await bob.waitFor(({ type, object }) => type === "Update" && (object.id ?? object) === note.id);
    const changed = (await alice.get(note.id)).body;
    expect(changed).toMatchObject({ content: "<p>The pussycat</p>", attributedTo: alice.actor });
    expect(changed.updated).toBeString();
  });

  test("unliking uncounts, deleting leaves a tombstone and takes back what it gave", async () => {
    const like = (await outbox(bob)).find(({ type }) => type === "Like");
    await bob.act({ type: "Undo", object: like.id, to: [alice.actor] });
    await alice.waitFor(({ type }) => type === "Undo");
    expect((await alice.get(`${note.id}/likes`)).body.totalItems).toBe(0);
    await alice.act({ type: "Delete", object: note.id, to: [PUBLIC], cc: [`${alice.actor}/followers`] });
    await bob.waitFor(({ type }) => type === "Delete");
    const gone = await alice.get(note.id);
    expect(gone.status).toBe(410);
    expect(gone.body).toMatchObject({ type: "Tombstone", formerType: "Note" });
  });

  test("unfollowing and blocking end it", async () => {
    const follow = (await outbox(bob)).find(({ type }) => type === "Follow");
    await bob.act({ type: "Undo", object: follow.id, to: [alice.actor] });
    await alice.waitFor(({ type, object }) => type === "Undo" && (object.id ?? object) === follow.id);
    expect((await alice.get(`${alice.actor}/followers`)).body.totalItems).toBe(0);
    await alice.act({ type: "Block", object: bob.actor });
    await bob.act({ type: "Follow", object: alice.actor, to: [alice.actor] });
    const later = await bob.act({ type: "Note", content: "still there?", to: [alice.actor] });
    await alice.act({ type: "Note", content: "for the log", to: [PUBLIC] });
    const seen = (await alice.inbox()).map(({ object }) => object?.id ?? object);
    expect(seen).not.toContain(later.object.id);
    expect((await alice.get(`${alice.actor}/followers`)).body.totalItems).toBe(0);
  });

  test("nobody reads the inbox of somebody else, or posts to their outbox", async () => {
    expect((await bob.get(`${alice.actor}/inbox`)).status).toBeOneOf([401, 403]);
    const forged = await fetch(`${here.origin}/users/alice/outbox`, {
      method: "POST",
      headers: { "content-type": "application/activity+json", authorization: `Bearer ${bob.token}` },
      body: JSON.stringify({ type: "Note", content: "forged" }),
    });
    expect(forged.status).toBe(401);
    expect(forged.headers.get("content-type")).toContain("application/problem+json");
  });
});

async function outbox(who: Client): Promise<readonly Document[]> {
  const items = (await who.get(`${who.actor}/outbox?page=1`)).body.orderedItems as (string | Document)[];
  return Promise.all(
    items.map(async (item) => (typeof item === "string" ? (await who.get(item)).body : item)),
  );
}
