/** Hostile input: clients that do what they were not let, or what is another's (AP §6). */
import { expect, test } from "bun:test";
import { type AsObject, PUBLIC } from "../core/object.ts";
import { ACTIVITY_JSON } from "../http/negotiate.ts";
import type { JsonObject } from "../lib/json.ts";
import { type HostileCase, hostile, type World } from "../testing/hostile.ts";
import { activityOf, byEve, isLastUse } from "../testing/hostile-activities.ts";
import { documentAt, jsonOf } from "../testing/people.ts";

const NOTE = { type: "Note", content: "x", to: [PUBLIC] };

/** Something posted to an outbox with these headers. */
const to =
  (
    path: string,
    headers: (world: World) => Record<string, string> | Promise<Record<string, string>>,
    body: unknown = NOTE,
  ) =>
  async (world: World): Promise<Response> =>
    world.app.ask(path, {
      method: "POST",
      headers: { "content-type": ACTIVITY_JSON, ...(await headers(world)) },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });

const withScope = (scope: string, path = "/users/eve/outbox") =>
  to(path, async (world) => ({ authorization: await world.eve.tokenFor(scope) }));

const makesTokens = (line: string) => isLastUse(line) || /^\+ oauth_/.test(line);

const doors = (
  [
    { name: "an outbox without a token is closed", status: 401, send: to("/users/eve/outbox", () => ({})) },
    {
      name: "a token that is none opens nothing",
      status: 401,
      send: to("/users/eve/outbox", () => ({ authorization: "Bearer none" })),
    },
    {
      name: "a token in the address opens nothing",
      status: 401,
      send: (world) => to(`/users/eve/outbox?access_token=${world.eve.bearer.slice(7)}`, () => ({}))(world),
    },
    {
      name: "a password opens nothing",
      status: 401,
      send: to("/users/eve/outbox", () => ({ authorization: `Basic ${btoa("eve:correct horse battery")}` })),
    },
    {
      name: "eve's token does not open alice's outbox",
      status: 403,
      send: to("/users/alice/outbox", (w) => ({ authorization: w.eve.bearer })),
    },
    {
      name: "an admin's token does not open alice's outbox",
      status: 403,
      send: to("/users/alice/outbox", (w) => ({ authorization: w.bob.bearer })),
    },
    {
      name: "a token does not open the server's own outbox",
      status: 403,
      send: to("/users/commons/outbox", (w) => ({ authorization: w.bob.bearer })),
    },
    {
      name: "a token does not open the outbox of nobody",
      status: [403, 404],
      send: to("/users/nobody/outbox", (w) => ({ authorization: w.eve.bearer })),
    },
    ...["read", "profile", "read:outbox", "write:statuses", "write:media", "push"].map(
      (scope): HostileCase => ({
        name: `a token for ${scope} alone does not open the outbox`,
        status: 403,
        send: withScope(scope),
        allows: makesTokens,
      }),
    ),
    {
      name: "a token for write alone does not open the inbox",
      status: 403,
      allows: makesTokens,
      send: async (w) =>
        w.app.ask("/users/eve/inbox", {
          headers: { accept: ACTIVITY_JSON, authorization: await w.eve.tokenFor("write") },
        }),
    },
    {
      name: "a token for writing does not open the proxy",
      status: 403,
      allows: makesTokens,
      send: async (w) =>
        w.app.ask("/api/c2s/proxy", {
          method: "POST",
          headers: { authorization: await w.eve.tokenFor("write") },
          body: "id=x",
        }),
    },
    {
      name: "an inbox without a token is closed",
      status: 401,
      send: (w) => w.app.ask("/users/alice/inbox", { headers: { accept: ACTIVITY_JSON } }),
    },
    {
      name: "alice's inbox is closed to eve",
      status: 403,
      send: (w) => w.eve.read("/users/alice/inbox?page=1"),
    },
    {
      name: "alice's inbox is closed to an admin",
      status: 403,
      send: (w) => w.bob.read("/users/alice/inbox?page=1"),
    },
    {
      name: "another site's page cannot post with eve's cookie",
      status: 403,
      send: to("/users/eve/outbox", (w) => ({
        cookie: w.eve.cookie,
        "sec-fetch-site": "cross-site",
        origin: "https://mallory.test",
      })),
    },
    {
      name: "a page that does not say where it is from cannot post with eve's cookie",
      status: 403,
      send: to("/users/eve/outbox", (w) => ({ cookie: w.eve.cookie })),
    },
    {
      name: "a form of another site cannot post with eve's cookie",
      status: 403,
      send: (w) =>
        w.app.ask("/act", {
          method: "POST",
          headers: {
            cookie: w.eve.cookie,
            "sec-fetch-site": "cross-site",
            "content-type": "application/x-www-form-urlencoded",
          },
          body: new URLSearchParams({ type: "Like", object: w.open }).toString(),
        }),
    },
    {
      name: "a form without its token is refused",
      status: 403,
      send: (w) =>
        w.app.ask("/act", {
          method: "POST",
          headers: {
            cookie: w.eve.cookie,
            "sec-fetch-site": "same-origin",
            "content-type": "application/x-www-form-urlencoded",
          },
          body: new URLSearchParams({ type: "Like", object: w.open, csrf: "guess" }).toString(),
        }),
    },
  ] as readonly HostileCase[]
).map((each) => ({ allows: isLastUse, ...each }));

const forged: readonly HostileCase[] = [
  byEve("an activity in alice's name is refused", 400, (w) => ({
    type: "Like",
    actor: w.alice.iri,
    object: w.open,
  })),
  byEve("an activity in mallory's name is refused", 400, (w) => ({
    type: "Like",
    actor: w.mallory.iri,
    object: w.open,
  })),
  byEve("a post in alice's name is refused", 400, (w) => ({ ...NOTE, attributedTo: w.alice.iri })),
  byEve("a Create of a post in alice's name is refused", 400, (w) => ({
    type: "Create",
    object: { ...NOTE, attributedTo: w.alice.iri },
  })),
  byEve("a post in eve's and alice's name is refused", 400, (w) => ({
    ...NOTE,
    attributedTo: [w.eve.iri, w.alice.iri],
  })),
  byEve("an Update of alice's post is refused", 403, (w) => ({
    type: "Update",
    object: { id: w.open, type: "Note", content: "Forged" },
  })),
  byEve("an Update of alice is refused", 403, (w) => ({
    type: "Update",
    object: { id: w.alice.iri, type: "Person", name: "Forged" },
  })),
  byEve("an Update of a post elsewhere is refused", 403, (w) => ({
    type: "Update",
    object: { id: w.victors, type: "Note", content: "Forged" },
  })),
  byEve("an Update of the server's own actor is refused", 403, (w) => ({
    type: "Update",
    object: { id: `${w.app.origin}/users/commons`, type: "Application", name: "Forged" },
  })),
  byEve("a Delete of alice's post is refused", 403, (w) => ({ type: "Delete", object: w.open })),
  byEve("a Delete of alice is refused", 403, (w) => ({ type: "Delete", object: w.alice.iri })),
  byEve("a Delete of a post elsewhere is refused", 403, (w) => ({ type: "Delete", object: w.victors })),
  byEve("an Undo of alice's Like is refused", [400, 403], async (w) => ({
    type: "Undo",
    object: await activityOf(w, "Like", w.alice.iri, w.victors),
  })),
  byEve("an Undo of victor's Like is refused", [400, 403], async (w) => ({
    type: "Undo",
    object: await activityOf(w, "Like", w.victor.iri, w.open),
  })),
  byEve("an Accept of a Follow of alice is refused", [400, 403], async (w) => ({
    type: "Accept",
    object: await activityOf(w, "Follow", w.bob.iri, w.alice.iri),
  })),
  byEve("a Reject of a Follow of alice is refused", [400, 403], async (w) => ({
    type: "Reject",
    object: await activityOf(w, "Follow", w.victor.iri, w.alice.iri),
  })),
  ...["featured", "followers", "blocked", "bookmarks", "inbox"].flatMap((list) => [
    byEve(`an Add to alice's ${list} is refused`, 403, (w) => ({
      type: "Add",
      object: w.open,
      target: `${w.alice.iri}/${list}`,
    })),
    byEve(`a Remove from alice's ${list} is refused`, 403, (w) => ({
      type: "Remove",
      object: w.bob.iri,
      target: `${w.alice.iri}/${list}`,
    })),
  ]),
  ...["followers", "following", "inbox", "outbox", "liked", "requests"].map((list) =>
    byEve(`an Add to eve's own ${list} by hand is refused`, 403, (w) => ({
      type: "Add",
      object: w.alice.iri,
      target: `${w.eve.iri}/${list}`,
    })),
  ),
  byEve("an Add to a list elsewhere is refused", 403, (w) => ({
    type: "Add",
    object: w.open,
    target: `${w.victor.iri}/featured`,
  })),
  byEve("a Move of alice is refused", 403, (w) => ({
    type: "Move",
    object: w.alice.iri,
    target: w.mallory.iri,
  })),
  byEve(
    "a Move to somebody who does not know of it is refused",
    403,
    (w) => ({
      type: "Move",
      object: w.eve.iri,
      target: w.mallory.iri,
    }),
    { mayAskAgain: true },
  ),
  byEve("a Follow of oneself is refused", 403, (w) => ({ type: "Follow", object: w.eve.iri })),
  byEve("a Block of oneself is refused", 403, (w) => ({ type: "Block", object: w.eve.iri })),
  byEve("a Create of a person is refused", 400, () => ({
    type: "Create",
    object: { type: "Person", preferredUsername: "alice", inbox: "x" },
  })),
  byEve("a bare person is refused", 400, () => ({
    type: "Person",
    preferredUsername: "alice",
    inbox: "https://pub.test/x",
  })),
  byEve("a Create of an activity is refused", 400, (w) => ({
    type: "Create",
    object: { type: "Like", actor: w.eve.iri, object: w.open },
  })),
  byEve("a Create of an address is refused", 400, (w) => ({ type: "Create", object: w.open })),
];

hostile("clients", [...doors, ...forged], (world) => {
  test("ids, times, counts and authors of a client's own are replaced by ours", async () => {
    const { app, alice, eve } = world();
    const claims = {
      id: alice.iri,
      published: "1999-01-01T00:00:00Z",
      likes: "https://mallory.test/likes",
      replies: `${alice.iri}/inbox`,
      proof: {},
    };
    const answer = await eve.send({ type: "Create", ...claims, object: { ...NOTE, ...claims } });
    expect(answer.status).toBe(201);
    expect(answer.headers.get("location")).toStartWith(`${app.origin}/activities/`);
    const made = await jsonOf(answer);
    const object = made.object as JsonObject;
    expect(object.id).toStartWith(`${app.origin}/objects/`);
    expect([made.actor, object.attributedTo]).toEqual([eve.iri, eve.iri]);
    expect(JSON.stringify(made)).not.toMatch(/1999|mallory\.test\/likes|alice\/inbox/);
  });

  test("an Update of oneself changes no name, key or box", async () => {
    const { app, alice, eve, mallory } = world();
    const before = await jsonOf(await documentAt(app, eve.iri));
    const claims: AsObject = {
      ...Object.fromEntries(
        ["inbox", "outbox", "followers", "following", "liked", "featured", "url"].map((name) => [
          name,
          `${alice.iri}/${name}`,
        ]),
      ),
      type: "Application",
      preferredUsername: "alice",
      webfinger: "alice@pub.test",
      endpoints: { sharedInbox: "https://mallory.test/inbox" },
      publicKey: mallory.document.publicKey as JsonObject,
      assertionMethod: mallory.document.assertionMethod as JsonObject,
    };
    const answer = await eve.send({ type: "Update", object: { ...claims, id: eve.iri, summary: "New" } });
    expect(answer.status).toBe(201);
    const { summary, updated, ...after } = await jsonOf(await documentAt(app, eve.iri));
    expect(summary).toBe("New");
    expect(updated).toBeString();
    const { summary: _, ...same } = before;
    expect(after).toEqual(same);
  });

  test("hidden recipients are named to nobody: not in the answer, the post, the lists or the letters", async () => {
    const { app, alice, eve, fediverse, friends, victor, bob } = world();
    const answer = await eve.send({
      type: "Create",
      bto: [alice.iri],
      object: { ...NOTE, to: [bob.iri], bcc: [victor.iri] },
    });
    const made = await answer.text();
    await fediverse.settle();
    const id = String(((JSON.parse(made) as JsonObject).object as JsonObject).id).replace(app.origin, "");
    const seen = [
      made,
      await (await bob.read(id)).text(),
      await (await alice.read("/users/alice/inbox?page=1")).text(),
      await (await eve.read("/users/eve/outbox?page=1")).text(),
      friends.received.at(-1)?.body ?? "",
    ];
    expect(friends.received.at(-1)?.path).toBe("/users/victor/inbox");
    for (const text of seen) {
      expect(text).toContain("x");
      expect(text).not.toMatch(/"bto"|"bcc"/);
    }
    expect(seen[4]).not.toContain(victor.iri);
    expect(seen[0]).not.toContain(alice.iri);
  });
});
