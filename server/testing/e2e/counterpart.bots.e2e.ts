/** The compiled server and bots of activitypub.bot: what they do by themselves, and everything that one can do to us. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type Browse, type Client, type Document, PUBLIC, signInByForm, submit } from "./client.ts";
import { type BotLibrary, type BotPeer, loadBots, startBots } from "./counterparts/activitypub-bot.ts";
import { RESIDENT_PASSWORD, resident, startFederating } from "./counterparts/resident.ts";
import { cleanUp, type Running, runCommons } from "./program.ts";

/** Counterparts take their time. */
const LOOK_AGAIN_MS = 200;

const library = await loadBots();

if (library === null) test.skip("activitypub.bot is not installed", () => {});
else describe("bots of activitypub.bot", () => counterpart(library));

function counterpart(library: BotLibrary): void {
  let server: Running;
  let alice: Client;
  let bob: Client;
  let peer: BotPeer;

  beforeAll(async () => {
    server = await startFederating();
    [alice, bob] = await Promise.all([resident(server, "alice"), resident(server, "bob")]);
    peer = await startBots(library, {
      ok: new library.OKBot("ok"),
      puppet: new library.DoNothingBot("puppet"),
      back: new library.FollowBackBot("back"),
      group: new library.GroupBot("group"),
      relay: new library.LitePubRelayServerBot("relay"),
      waves: new library.LitePubRelayServerBot("waves"),
      hub: new library.MastodonRelayServerBot("hub"),
    });
  });
  afterAll(async () => {
    await peer.stop();
    await cleanUp();
  });

  const idOf = (value: Document): string => value?.id ?? value;
  const arrivedHere = (type: string, object: string, who = alice) =>
    who.waitFor((activity) => activity.type === type && idOf(activity.object) === object);
  /** It sends posts by their address alone, so what they say is fetched, and there a moment later. */
  const shown = (type: string, object: string, words: string) =>
    alice.waitFor(
      (activity) =>
        activity.type === type &&
        idOf(activity.object) === object &&
        JSON.stringify(activity.object).includes(words),
    );
  const taken = (type: string, object: string) =>
    peer.taken((activity) => activity.type === type && idOf(activity.object) === object);
  const total = async (iri: string) => (await alice.get(iri)).body.totalItems as number;
  const follow = async (who: Client, iri: string) => {
    const { id } = await who.act({ type: "Follow", object: iri, to: [iri] });
    await who.waitFor(({ type, actor, object }) => type === "Accept" && actor === iri && idOf(object) === id);
    return id as string;
  };
  const write = async (who: Client, content: string, more: object = {}) =>
    (await who.act({ type: "Note", content, to: [PUBLIC], cc: [`${who.actor}/followers`], ...more }))
      .object as Document;

  /** Until `actor` has taken back so many things. */
  const undone = (actor: string, times: number) => {
    const seen = new Set<string>();
    return alice.waitFor(
      (activity) =>
        activity.type === "Undo" && activity.actor === actor && seen.add(activity.id).size === times,
    );
  };

  test("a follow is accepted", async () => {
    await follow(alice, peer.iri("puppet"));
    expect((await alice.get(`${alice.actor}/following?page=1`)).body.orderedItems).toEqual([
      peer.iri("puppet"),
    ]);
  });

  test("a mention is answered", async () => {
    const ok = peer.iri("ok");
    const note = await write(alice, "<p>@ok hello</p>", {
      to: [PUBLIC, ok],
      tag: [{ type: "Mention", href: ok, name: "@ok" }],
    });
    const { object } = await alice.waitFor(
      ({ type, actor, object }) => type === "Create" && actor === ok && object.content !== undefined,
    );
    expect(object).toMatchObject({ type: "Note", inReplyTo: note.id });
    expect(object.content).toContain("OK");
    expect((await alice.get(`${note.id}/replies?page=1`)).body.orderedItems).toEqual([object.id]);
  });

  test("what a bot does to a post of ours counts, and is taken back", async () => {
    const puppet = peer.as("puppet");
    const note = await write(alice, "<p>like me</p>");
    const seen = await puppet.getObject(note.id);
    await puppet.likeObject(seen);
    await puppet.announceObject(seen);
    await Promise.all([arrivedHere("Like", note.id), arrivedHere("Announce", note.id)]);
    expect([await total(`${note.id}/likes`), await total(`${note.id}/shares`)]).toEqual([1, 1]);
    await puppet.unlikeObject(seen);
    await puppet.unannounceObject(seen);
    await undone(peer.iri("puppet"), 2);
    expect([await total(`${note.id}/likes`), await total(`${note.id}/shares`)]).toEqual([0, 0]);
  });

  test("a bot writes, changes and deletes, and is answered", async () => {
    const puppet = peer.as("puppet");
    const note = await puppet.sendNote("first", { to: [PUBLIC], cc: [puppet.getFollowersId()] });
    await shown("Create", note.id, "first");
    await alice.act({ type: "Like", object: note.id });
    await taken("Like", note.id);
    const reply = await write(alice, "<p>second</p>", { inReplyTo: note.id, cc: [peer.iri("puppet")] });
    await taken("Create", reply.id);
    await puppet.updateNote(note, "third");
    await shown("Update", note.id, "third");
    await puppet.deleteNote(note);
    await shown("Delete", note.id, "Tombstone");
  });

  test("a bot follows back, and stops when it is no longer followed", async () => {
    const back = peer.iri("back");
    const id = await follow(alice, back);
    await alice.waitFor(({ type, actor }) => type === "Follow" && actor === back);
    expect((await alice.get(`${alice.actor}/followers?page=1`)).body.orderedItems).toEqual([back]);
    await peer.taken(({ type, actor }) => type === "Accept" && actor === alice.actor);
    await alice.act({ type: "Undo", object: id });
    await undone(back, 1);
    expect(await total(`${alice.actor}/followers`)).toBe(0);
  });

  test("a group gets what mentions it, and whoever follows it here sees that at once", async () => {
    const group = peer.iri("group");
    await follow(alice, group);
    const note = await write(bob, "<p>@group hello all</p>", {
      to: [PUBLIC, group],
      tag: [{ type: "Mention", href: group, name: "@group" }],
    });
    await taken("Create", note.id);
    expect((await arrivedHere("Create", note.id)).actor).toBe(bob.actor);
  });

  test("a relay of the LitePub kind announces to its followers what one of them announces to it", async () => {
    const relay = peer.iri("relay");
    await follow(alice, relay);
    await follow(bob, relay);
    await bob.waitFor(({ type, actor }) => type === "Follow" && actor === relay);
    const note = await write(bob, "<p>for all</p>");
    await bob.act({ type: "Announce", object: note.id, to: [`${relay}/followers`, relay] });
    expect((await arrivedHere("Announce", note.id)).actor).toBe(relay);
  });

  describe("this server takes part in a relay", () => {
    let browse: Browse;

    beforeAll(async () => {
      const flags = ["--origin", server.origin];
      await runCommons(["user", "promote", "alice"], { dataDir: server.dataDir, flags });
      browse = await signInByForm(server.origin, { name: "alice", password: RESIDENT_PASSWORD });
    });

    const takePart = async (address: string) => {
      await submit(browse, "/admin/relays", "/admin/relays", { action: "add", address });
      await page("/admin/relays", (html) => html.slice(html.indexOf(address)).includes("takes part"));
    };
    /** Once it is as it should be. */
    const page = async (path: string, isReady: (html: string) => boolean): Promise<string> => {
      for (;;) {
        const html = await (await browse(path)).text();
        if (isReady(html)) return html;
        await Bun.sleep(LOOK_AGAIN_MS);
      }
    };

    test("of Mastodon's kind, which lets it in and gets what is public", async () => {
      await takePart(`${peer.iri("hub")}/inbox`);
      // Nobody elsewhere follows carol: what goes there goes to the relay.
      const carol = await resident(server, "carol");
      const note = await write(carol, "<p>for the hub</p>");
      const { request } = await peer.taken(
        ({ type, object, actor }) => type === "Create" && idOf(object) === note.id && actor === carol.actor,
      );
      expect(new URL(request.url).pathname).toBe("/user/hub/inbox");
    });

    test("of LitePub's kind, which follows back, gets what is public, and shares what others wrote", async () => {
      const waves = peer.iri("waves");
      await takePart(waves);
      await peer.taken(({ type, actor }) => type === "Accept" && actor === `${server.origin}/users/commons`);
      const note = await write(bob, "<p>for the waves</p>");
      const { activity } = await taken("Announce", note.id);
      expect(activity).toMatchObject({ actor: `${server.origin}/users/commons` });
      const heard = await peer.as("puppet").sendNote("carried by waves", { to: [PUBLIC], cc: [] });
      await peer.as("waves").announceObject(heard);
      await page("/public/everywhere", (html) => html.includes("carried by waves"));
    });
  });

  test("everything that we sent was taken, signed as the bots sign once they had signed", () => {
    const told = peer.arrived().map(({ scheme, status }) => `${scheme} ${status}`);
    expect([...new Set(told)]).toEqual(["cavage 202", "rfc9421 202"]);
  });
}
