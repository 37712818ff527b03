/** A public group at a.test with members there, at another of ours, at a Lemmy and at a Mastodon. */
import { PUBLIC } from "../core/object.ts";
import type { JsonObject } from "../lib/json.ts";
import type { Engine } from "./engines.ts";
import { fediverse } from "./fediverse.ts";
import { groupOf, lemmy, toGroup } from "./groups.ts";
import { post } from "./letters.ts";
import { type Person, person } from "./people.ts";
import { type StrangerActor, stranger } from "./strangers.ts";

const AS = "https://www.w3.org/ns/activitystreams";

/** alice owns the group `books` at a.test, arno lives there too; bob (b.test), lena (a Lemmy) and mia (a Mastodon) follow it. */
export async function groupHub(engine: Engine) {
  const all = await fediverse(engine, ["a.test", "b.test"]);
  const alice = await person(all.at("a.test"), "alice", "admin");
  const arno = await person(all.at("a.test"), "arno");
  const bob = await person(all.at("b.test"), "bob", "admin");
  const group = await groupOf(all.at("a.test"), "books", alice);
  await arno.act({ type: "Follow", object: group.iri });
  await bob.act({ type: "Follow", object: (await bob.app.federation.look.fetch(group.iri))?.iri ?? "" });
  const forum = lemmy(all, "forum.test");
  const lena = await forum.user("lena");
  await forum.send(alice.app, lena, forum.does(lena, "Follow", group.iri, { to: [group.iri] }));
  const tusk = stranger(all, "tusk.test");
  const mia = await tusk.actor("mia");
  let count = 0;

  /** As Mastodon sends it. */
  async function say(by: StrangerActor, activity: JsonObject): Promise<JsonObject> {
    const body = { "@context": AS, id: by.at(`/does/${++count}`), actor: by.iri, ...activity };
    await post(alice.app, { by, body });
    await all.settle();
    all.clock.advance(1000);
    return body;
  }
  await say(mia, { type: "Follow", object: group.iri });

  /** A Create of a status of Mastodon's, served at its address; it mentions the group unless `more` says otherwise. */
  function status(by: StrangerActor, content: string, more: JsonObject = {}) {
    const id = by.at(`/statuses/${++count}`);
    const mention = { type: "Mention", href: group.iri, name: "@books@a.test" };
    const object: JsonObject & { id: string } = {
      id,
      type: "Note",
      attributedTo: by.iri,
      content: `<p>${content}</p>`,
      published: new Date(all.clock.now()).toISOString(),
      to: [PUBLIC],
      cc: [by.followers, group.iri],
      tag: [mention],
      ...more,
    };
    tusk.put(new URL(id).pathname, { body: { "@context": AS, ...object } });
    return { type: "Create", to: object.to ?? [], cc: object.cc ?? [], object };
  }

  return {
    all,
    alice,
    arno,
    bob,
    group,
    forum,
    lena,
    mia,
    say,
    status,
    /** Posts a Note in the group and gives its address. */
    async write(by: Person, content: string, more: JsonObject = {}): Promise<string> {
      const { object } = await by.act({
        type: "Create",
        ...toGroup(group),
        object: { type: "Note", content, ...more },
      });
      await all.settle();
      all.clock.advance(1000);
      return object?.iri ?? "";
    },
    /** What the group told that host since then, oldest first. */
    toldTo: (host: string, since = 0): readonly JsonObject[] =>
      all.sent
        .slice(since)
        .filter(({ from, to, method }) => from === "a.test" && to === host && method === "POST")
        .map(({ body }) => JSON.parse(body) as JsonObject)
        .filter(({ actor, type }) => actor === group.iri && (type === "Announce" || type === "Undo")),
    /** `Announce of Create`, `Announce https://…`. */
    shapes: (activities: readonly JsonObject[]): readonly string[] =>
      activities.map(({ type, object }) =>
        typeof object === "string" ? `${type} ${object}` : `${type} of ${(object as JsonObject).type}`,
      ),
    async inGroup(who: Person, iri: string): Promise<boolean> {
      const entity = await who.app.federation.look.find(iri);
      const groups = entity === null ? [] : await who.app.federation.look.groupsOf(entity.key);
      return groups.some((each) => each.iri === group.iri);
    },
    /** How many lines with the text the person's home feed has. */
    lines: async (who: Person, text: string): Promise<number> =>
      (await who.home()).filter((line) => line.includes(text)).length,
    async totalAt(who: Person, iri: string, list: string): Promise<number | null> {
      const entity = await who.app.federation.look.find(iri);
      return entity === null ? null : who.app.federation.look.totalOf(entity.key, list);
    },
  };
}

export type GroupHub = Awaited<ReturnType<typeof groupHub>>;
