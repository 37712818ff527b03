/** Rules about other servers hold at every door: what comes in, what goes out, and what is shown. */
import { beforeAll, describe, expect, test } from "bun:test";
import { PUBLIC } from "../core/object.ts";
import type { RuleDraft } from "../moderation/rules.ts";
import { eachEngine } from "../testing/engines.ts";
import { type Fediverse, fediverse } from "../testing/fediverse.ts";
import { deliver, post, sealed } from "../testing/letters.ts";
import { type Person, person } from "../testing/people.ts";
import { type Stranger, type StrangerActor, stranger } from "../testing/strangers.ts";

const PATIENCE_MS = 60_000;

const draft = (domain: string, more: Partial<RuleDraft> = {}): RuleDraft => ({
  domain,
  level: "block",
  noMedia: false,
  noReports: false,
  publicComment: "",
  privateComment: "",
  ...more,
});

eachEngine((engine) => {
  let all: Fediverse;
  let alice: Person;
  let servers: Record<"evil" | "friend", Stranger>;
  let mallory: StrangerActor;
  let fiona: StrangerActor;
  let serial = 0;

  /** alice lives at a.test; mallory at evil.test and fiona at friend.test write to it. */
  beforeAll(async () => {
    all = await fediverse(engine, ["a.test"]);
    alice = await person(all.at("a.test"), "alice", "admin");
    servers = { evil: stranger(all, "evil.test"), friend: stranger(all, "friend.test") };
    mallory = await servers.evil.actor("mallory");
    fiona = await servers.friend.actor("fiona");
    for (const iri of [mallory.iri, fiona.iri]) {
      await alice.app.federation.look.fetch(iri);
      await alice.act({ type: "Follow", object: iri });
    }
    await all.settle();
  }, PATIENCE_MS);

  /** A Note of this actor at a new address, which its server serves; and the Create around it. */
  function noteBy(actor: StrangerActor, more: Record<string, string> = {}) {
    const at = actor.at(`/notes/${++serial}`);
    const server = actor === mallory ? servers.evil : servers.friend;
    const note = {
      id: at,
      type: "Note",
      attributedTo: actor.iri,
      content: `<p>${actor.name} ${serial}</p>`,
      to: [PUBLIC],
      cc: [alice.iri],
      ...more,
    };
    const context = "https://www.w3.org/ns/activitystreams";
    server.put(new URL(at).pathname, { body: { "@context": context, ...note } });
    const create = {
      "@context": context,
      id: `${at}/create`,
      type: "Create",
      actor: actor.iri,
      to: [PUBLIC],
      cc: [alice.iri],
      object: note,
    };
    server.put(`${new URL(at).pathname}/create`, { body: create });
    return { iri: at, create, text: `${actor.name} ${serial}` };
  }

  const stored = async (iri: string): Promise<boolean> =>
    ((await alice.app.federation.look.find(iri))?.document ?? null) !== null;
  const readable = async (iri: string): Promise<boolean> => (await alice.sees(iri)) !== null;

  /** Each door, tried by mallory or fiona: whether it is open. */
  const doors: Record<string, (by: StrangerActor) => Promise<boolean>> = {
    async "the shared inbox"(by) {
      const { create, iri } = noteBy(by);
      const { status } = await post(alice.app, { by, body: create });
      await all.settle();
      expect(await stored(iri)).toBe(status === 202);
      return status === 202;
    },
    async "a person's inbox"(by) {
      const { status } = await post(alice.app, {
        by,
        body: noteBy(by).create,
        path: "/users/alice/inbox",
        scheme: "rfc9421",
      });
      return status === 202;
    },
    async "what another server passes on"(by) {
      const { create, iri } = noteBy(by);
      const other = await stranger(all, "carrier.test").actor("carl");
      const { status } = await post(alice.app, { by: other, body: create });
      expect([202, 403]).toContain(status);
      await all.settle();
      return stored(iri);
    },
    async "what is fetched"(by) {
      return (await alice.app.federation.look.fetch(noteBy(by).iri)) !== null;
    },
    async "what is delivered"(by) {
      const before = all.sent.length;
      await alice.note("to you", { to: [by.iri] });
      await all.settle();
      return all.sent.slice(before).some(({ to, method }) => method === "POST" && to === by.host);
    },
    async "the names of people"(by) {
      const { webfinger } = alice.app.federation;
      return (await webfinger.actorOf(`${by.name}@${by.host}`).catch(() => null)) === by.iri;
    },
    async "what a third server shares"(by) {
      const { iri } = noteBy(by);
      const carl = await stranger(all, "carrier.test").actor("carl");
      const announce = { id: carl.at(`/shares/${++serial}`), type: "Announce", actor: carl.iri, object: iri };
      await post(alice.app, { by: carl, body: { ...announce, to: [PUBLIC], cc: [alice.iri] } });
      await all.settle();
      return readable(iri);
    },
    async "a reply to something here"(by) {
      const parent = await alice.note("what do you think?", { to: [PUBLIC] });
      const { create, iri } = noteBy(by, { inReplyTo: parent });
      await post(alice.app, { by, body: create });
      await all.settle();
      const key = (await alice.app.federation.look.find(parent))?.key ?? 0;
      const { replies } = await alice.app.queries.thread(key, alice.key);
      return replies.some(({ view }) => view.iri === iri);
    },
    async "a mention"(by) {
      const tag = { type: "Mention", href: alice.iri, name: "@alice@a.test" };
      const newest = async () =>
        (await alice.app.queries.notices(alice.key, { limit: 1 })).items[0]?.key ?? 0;
      const before = await newest();
      await post(alice.app, { by, body: noteBy(by, { tag: [tag] } as never).create });
      await all.settle();
      return (await newest()) > before;
    },
    async "a search for people"(by) {
      const found = await alice.app.queries.searchPeople(by.name, alice.key, 10);
      return found.some(({ iri }) => iri === by.iri);
    },
    async "a profile"(by) {
      return (await alice.app.queries.actorByHandle(`${by.name}@${by.host}`)) !== null;
    },
    async "documents for whoever signs as them"(by) {
      const letter = await sealed(alice.app, {
        by,
        body: "",
        method: "GET",
        path: "/users/alice",
        headers: { accept: "application/activity+json" },
      });
      return (await deliver(alice.app, letter)).status === 200;
    },
  };

  async function openDoors(by: StrangerActor): Promise<string[]> {
    const open: string[] = [];
    for (const [name, isOpen] of Object.entries(doors)) if (await isOpen(by)) open.push(name);
    return open;
  }
  const every = Object.keys(doors);

  async function decide(rules: readonly RuleDraft[], mode: "open" | "partners" | "closed" = "open") {
    const { domains, accounts } = alice.app.opened;
    const before = [...(await domains.all()).keys()];
    await domains.change(null, { put: [], remove: before });
    await domains.change(null, { put: rules.map((rule) => ({ ...rule, list: null })), remove: [] });
    await domains.switchTo(null, mode, (also) => accounts.settings.set({ federation: mode }, null, also));
  }

  const table: readonly [string, readonly RuleDraft[], "open" | "partners" | "closed", string[], string[]][] =
    [
      ["no rule", [], "open", every, every],
      ["a blocked domain", [draft("evil.test")], "open", [], every],
      [
        "a blocked domain above a name that is allowed",
        [draft("example.test"), draft("evil.test", { level: "allow" })],
        "open",
        every,
        every,
      ],
      [
        "a limited domain",
        [draft("evil.test", { level: "limit" })],
        "open",
        every.filter(
          (name) => !["a search for people", "a reply to something here", "a mention"].includes(name),
        ),
        every,
      ],
      ["only other rules", [draft("evil.test", { level: "none", noMedia: true })], "open", every, every],
      [
        "partners only",
        [draft("friend.test", { level: "allow" }), draft("carrier.test", { level: "allow" })],
        "partners",
        [],
        every,
      ],
      ["closed, even to partners", [draft("friend.test", { level: "allow" })], "closed", [], []],
      ["open again", [], "open", every, every],
    ];
  for (const [name, rules, mode, forEvil, forFriend] of table) {
    test(`with ${name} every door stands as it should`, async () => {
      await decide(rules, mode);
      expect(await openDoors(mallory)).toEqual(forEvil);
      expect(await openDoors(fiona)).toEqual(forFriend);
    });
  }

  describe("what was there before a rule", () => {
    const tagged = (actor: StrangerActor, tag: string) => ({
      tag: [{ type: "Hashtag", name: tag, href: actor.at(`/tags/${tag.slice(1)}`) }],
    });
    const follow = (by: StrangerActor) => ({
      id: by.at(`/follows/${++serial}`),
      type: "Follow",
      actor: by.iri,
      object: alice.iri,
    });
    async function befriend(by: StrangerActor, server: Stranger): Promise<void> {
      await post(alice.app, { by, body: follow(by) });
      const asked = await alice.act({ type: "Follow", object: by.iri });
      const accept = {
        id: by.at(`/accepts/${++serial}`),
        type: "Accept",
        actor: by.iri,
        object: asked.activity.id ?? "",
      };
      await post(alice.app, { by, body: accept });
      await all.settle();
      expect(await alice.knows(by.iri)).toMatchObject({ following: "yes", followedBy: true });
      expect(server.host).toBe(by.host);
    }
    async function arrived(by: StrangerActor, more: object = {}): Promise<ReturnType<typeof noteBy>> {
      const note = noteBy(by, more as Record<string, string>);
      await post(alice.app, { by, body: note.create });
      await all.settle();
      return note;
    }
    const totals = async () => (await alice.app.queries.actor(alice.key))?.counts;

    test("is hidden with a block and shown again without it; followings end, are counted beforehand, and are listed", async () => {
      await decide([]);
      await befriend(mallory, servers.evil);
      await befriend(fiona, servers.friend);
      const note = await arrived(mallory);
      expect(await alice.home()).toContain(note.text);
      const { domains } = alice.app.opened;
      const put = [{ ...draft("evil.test", { publicComment: "Spam" }), list: null }];
      const cost = await domains.cost({ put, remove: [] });
      expect(cost).toEqual({ follows: 2, people: 1, servers: 1 });
      const before = await totals();
      const told: number[] = [];
      const stop = alice.app.opened.listeners.listen(({ type, actor }) => {
        if (type === "Notice") told.push(actor);
      });

      await domains.change(alice.key, { put, remove: [] });
      await all.settle();
      stop();
      expect(told).toEqual([alice.key]);
      expect(await alice.home()).not.toContain(note.text);
      expect(await alice.sees(note.iri)).toBeNull();
      const after = await totals();
      expect(after?.followers).toBe((before?.followers ?? 0) - 1);
      expect(after?.following).toBe((before?.following ?? 0) - 1);
      const severed = await domains.severed(alice.key, Number.MAX_SAFE_INTEGER, 10);
      expect(severed.items.map(({ name, direction, domain }) => [name, direction, domain]).sort()).toEqual([
        ["@mallory@evil.test", "follower", "evil.test"],
        ["@mallory@evil.test", "following", "evil.test"],
      ]);
      expect(await alice.knows(fiona.iri)).toMatchObject({ following: "yes", followedBy: true });

      await domains.change(alice.key, { put: [], remove: ["evil.test"] });
      expect(await alice.home()).toContain(note.text);
      expect(await alice.knows(mallory.iri)).toMatchObject({ following: "no", followedBy: false });
    });

    test("stays when the whole server closes for a while, followings included", async () => {
      await decide([]);
      const note = await arrived(fiona);
      await decide([], "closed");
      expect(await alice.home()).not.toContain(note.text);
      await decide([]);
      expect(await alice.home()).toContain(note.text);
      expect(await alice.knows(fiona.iri)).toMatchObject({ following: "yes", followedBy: true });
    });

    test("of a limited server is in lists only for those who follow its people, and they ask before they follow", async () => {
      await decide([draft("evil.test", { level: "limit" })]);
      const { text } = await arrived(mallory, tagged(mallory, "#chess"));
      const bob = await person(alice.app, "bob");
      const listed = async (viewer: number | null) =>
        (await alice.app.queries.hashtag("chess", viewer, { limit: 10 })).items.map(
          ({ object }) => object.contentHtml,
        );
      expect(await listed(null)).toEqual([]);
      expect(await listed(bob.key)).toEqual([]);
      await post(alice.app, { by: mallory, body: { ...follow(mallory), object: bob.iri } });
      await all.settle();
      expect(await bob.notices()).toEqual(["follow-request mallory@evil.test"]);
      await decide([]);
      expect((await listed(null)).join()).toContain(text);
    });

    test("of a server that is met for the first time under a rule is under it too", async () => {
      await decide([draft("new.test", { level: "limit" })]);
      const nora = await stranger(all, "sub.new.test").actor("nora");
      await alice.app.federation.look.fetch(nora.iri);
      const found = await alice.app.queries.searchPeople("nora", null, 10);
      expect(found).toEqual([]);
    });

    test("reports from a server whose reports are not wanted are not taken", async () => {
      const flag = () => ({
        id: mallory.at(`/flags/${++serial}`),
        type: "Flag",
        actor: mallory.iri,
        object: [alice.iri],
        content: "Bad",
      });
      const isTaken = async () => {
        const body = flag();
        await post(alice.app, { by: mallory, body });
        await all.settle();
        return stored(body.id);
      };
      await decide([draft("evil.test", { level: "none", noReports: true })]);
      expect(await isTaken()).toBe(false);
      await decide([]);
      expect(await isTaken()).toBe(true);
    });
  });

  test("what waits for a server that is blocked meanwhile is given up at once, with the reason", async () => {
    await decide([]);
    all.trouble("evil.test", "refused");
    const iri = await alice.note("hello", { to: [mallory.iri] });
    await all.settle();
    await decide([draft("evil.test")]);
    await all.settle();
    all.trouble("evil.test", null);
    const key = (await alice.app.federation.look.find(iri))?.key ?? 0;
    const items = await alice.app.queries.arrivals(key, alice.key);
    expect(items.map(({ state, lastError }) => [state, lastError])).toEqual([
      ["given-up", "This server takes nothing from evil.test and sends nothing there."],
    ]);
    await decide([]);
  });

  test("a closed server says so at its inbox, and tells strangers nothing; who lives here reads on", async () => {
    await decide([], "closed");
    const answer = await post(alice.app, { by: fiona, body: noteBy(fiona).create });
    expect([answer.status, await answer.json()]).toEqual([
      403,
      expect.objectContaining({ detail: "This server is closed: it exchanges nothing with other servers." }),
    ]);
    const paths = [
      "/.well-known/webfinger?resource=acct:alice@a.test",
      "/.well-known/nodeinfo",
      "/.well-known/host-meta",
      "/nodeinfo/2.1",
      "/users/alice",
      "/users/alice/outbox",
    ];
    const accept = "application/activity+json";
    for (const path of paths) {
      const asked = await alice.app.ask(path, { headers: { accept } });
      expect([path, asked.status]).toEqual([path, 403]);
      expect((await alice.read(path)).status).toBe(200);
    }
    await decide([]);
  });

  test("a node that shares the database follows a change of the rules and of the switch", async () => {
    const { gate, db, accounts } = alice.app.opened;
    const { createGate } = await import("../moderation/gate.ts");
    const other = await createGate({
      db,
      log: { error: () => undefined } as never,
      mode: gate.mode,
      onModeChange: accounts.settings.onChange,
    });
    const before = other.version();
    await decide([draft("evil.test")]);
    while (!other.isRefused("evil.test")) await Bun.sleep(1);
    expect(other.version()).toBeGreaterThan(before);
    other.stop();
    await decide([]);
  });
});
