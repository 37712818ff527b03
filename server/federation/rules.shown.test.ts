/** What is stored of a server that is blocked is shown nowhere, and everywhere again once it is not. */
import { beforeAll, expect, test } from "bun:test";
import { PUBLIC } from "../core/object.ts";
import { ACTIVITY_JSON } from "../http/negotiate.ts";
import { onSqlite } from "../testing/engines.ts";
import { type Fediverse, fediverse } from "../testing/fediverse.ts";
import { post } from "../testing/letters.ts";
import { jsonOf, type Person, person } from "../testing/people.ts";
import { type StrangerActor, stranger } from "../testing/strangers.ts";

const PATIENCE_MS = 60_000;

onSqlite((engine) => {
  let all: Fediverse;
  let alice: Person;
  let mallory: StrangerActor;
  let parent: string;
  let note: string;

  /** mallory at sub.evil.test and alice follow each other; each has answered, liked and shared what the other wrote. */
  beforeAll(async () => {
    all = await fediverse(engine, ["a.test"]);
    alice = await person(all.at("a.test"), "alice", "admin");
    mallory = await stranger(all, "sub.evil.test").actor("mallory");
    note = mallory.at("/notes/1");
    parent = await alice.note("what do you think?", { to: [PUBLIC], cc: [alice.followers] });
    const openly = { to: [PUBLIC], cc: [alice.iri] };
    const follow = await alice.act({ type: "Follow", object: mallory.iri });
    const object = {
      id: note,
      type: "Note",
      attributedTo: mallory.iri,
      content: "<p>evil words</p>",
      inReplyTo: parent,
      tag: [
        { type: "Hashtag", name: "#chess", href: mallory.at("/tags/chess") },
        { type: "Mention", href: alice.iri, name: "@alice@a.test" },
      ],
      ...openly,
    };
    const sent = [
      { type: "Accept", object: follow.activity.id ?? "" },
      { type: "Follow", object: alice.iri },
      { type: "Create", object, ...openly },
      { type: "Create", object: { ...object, id: mallory.at("/notes/2"), inReplyTo: null }, ...openly },
      { type: "Like", object: parent, ...openly },
      { type: "Announce", object: parent, ...openly },
    ];
    for (const [i, activity] of sent.entries()) {
      await post(alice.app, {
        by: mallory,
        body: { id: mallory.at(`/acts/${i}`), actor: mallory.iri, ...activity },
      });
      await all.settle();
    }
    await alice.act({ type: "Like", object: note });
    await alice.act({ type: "Announce", object: note, to: [PUBLIC], cc: [alice.followers] });
    await alice.act({ type: "Add", object: note, target: `${alice.iri}/bookmarks` });
    await all.settle();
  }, PATIENCE_MS);

  /** Whether mallory or the note is in what is asked for. */
  const isIn = (found: unknown): boolean => /sub\.evil\.test|evil words/.test(JSON.stringify(found) ?? "");
  const page = { limit: 20 };
  const keyOf = async (iri: string) => (await alice.app.federation.look.find(iri))?.key ?? 0;
  const q = () => alice.app.queries;
  const places: Record<string, () => Promise<unknown>> = {
    "the home feed": () => q().home(alice.key, page),
    "public posts": () => q().everywhere(alice.key, page),
    "public posts for strangers": () => q().everywhere(null, page),
    "a tag": () => q().hashtag("chess", null, page),
    bookmarks: () => q().bookmarks(alice.key, page),
    notices: () => q().notices(alice.key, page),
    "a conversation": async () => q().thread(await keyOf(parent), alice.key),
    "the thing itself": async () => q().object(await keyOf(note), alice.key),
    "its page": async () => (await alice.page(`/@mallory@sub.evil.test/${await keyOf(note)}`)).text(),
    "a profile": async () => q().actor(await keyOf(mallory.iri)),
    "what somebody wrote": async () =>
      q().profile(await keyOf(mallory.iri), alice.key, page, { withReplies: true }),
    "what somebody here shared": () => q().profile(alice.key, null, page, { withReplies: true }),
    "people who follow": () => q().people(alice.key, "followers", page),
    "people who are followed": () => q().people(alice.key, "following", page),
    "a search by name": () => q().searchPeople("mallory", alice.key, 10),
    "the document of a list of replies": async () =>
      jsonOf(await alice.read(`${new URL(parent).pathname}/replies?page=1`)),
    "the document of a list of likes": async () =>
      jsonOf(await alice.read(`${new URL(parent).pathname}/likes?page=1`)),
    "the document of followers": async () => jsonOf(await alice.read("/users/alice/followers?page=1")),
    "a person's own inbox": async () => jsonOf(await alice.read("/users/alice/inbox?page=1")),
    "the document for strangers": async () =>
      (
        await alice.app.ask(`${new URL(parent).pathname}/replies?page=1`, {
          headers: { accept: ACTIVITY_JSON },
        })
      ).text(),
  };

  const shown = async (): Promise<string[]> => {
    const found: string[] = [];
    for (const [name, look] of Object.entries(places)) if (isIn(await look())) found.push(name);
    return found;
  };

  test("it is shown in all of these places, in none while it is blocked, and again afterwards", async () => {
    const { domains } = alice.app.opened;
    const before = await shown();
    expect(before).toEqual(Object.keys(places));
    const rule = domains.parse({ domain: "evil.test", level: "block" });
    await domains.change(alice.key, { put: [{ ...rule, list: null }], remove: [] });
    expect(await shown()).toEqual([]);
    await alice.app.worker.drain();
    expect(await shown()).toEqual([]);
    await domains.change(alice.key, { put: [], remove: ["evil.test"] });
    const ended = ["people who follow", "people who are followed", "the document of followers"];
    expect(await shown()).toEqual(before.filter((name) => !ended.includes(name)));
  });
});
