/** What this server tells of itself: discovery, documents and pages at one address, and to whom it gives what. */
import { beforeAll, describe, expect, test } from "bun:test";
import { PUBLIC } from "../core/object.ts";
import { ACTIVITY_JSON, LD_JSON } from "../http/negotiate.ts";
import type { JsonObject } from "../lib/json.ts";
import { onSqlite } from "../testing/engines.ts";
import { type Fediverse, fediverse } from "../testing/fediverse.ts";
import { post } from "../testing/letters.ts";
import { documentAt, jsonOf, type Person, person } from "../testing/people.ts";
import { type StrangerActor, stranger } from "../testing/strangers.ts";

const PATIENCE_MS = 60_000;

onSqlite((engine) => {
  let all: Fediverse;
  let alice: Person;
  let fan: StrangerActor;
  let other: StrangerActor;

  beforeAll(async () => {
    all = await fediverse(engine, ["a.test"]);
    alice = await person(all.at("a.test"), "alice", "admin");
    const there = stranger(all, "there.test");
    [fan, other] = [await there.actor("fan"), await there.actor("other")];
    await post(alice.app, {
      by: fan,
      body: { id: fan.at("/follow"), type: "Follow", actor: fan.iri, object: alice.iri },
    });
    await all.settle();
  }, PATIENCE_MS);

  const ask = (path: string, accept: string) => alice.app.ask(path, { headers: { accept } });
  const signedGet = (by: StrangerActor, path: string, scheme: "cavage" | "rfc9421" = "cavage") =>
    post(alice.app, {
      by,
      body: "",
      path,
      method: "GET",
      scheme,
      headers: { accept: ACTIVITY_JSON },
      covered: scheme === "cavage" ? ["(request-target)", "host", "date"] : ["@method", "@target-uri"],
    });

  describe("discovery", () => {
    test("WebFinger leads from the name to the actor and back", async () => {
      const answer = await ask("/.well-known/webfinger?resource=acct:alice@a.test", "application/jrd+json");
      expect(answer.headers.get("content-type")).toContain("application/jrd+json");
      expect(answer.headers.get("access-control-allow-origin")).toBe("*");
      const jrd = (await jsonOf(answer)) as { subject: string; aliases: string[]; links: JsonObject[] };
      expect(jrd.subject).toBe("acct:alice@a.test");
      expect(jrd.aliases).toEqual(["https://a.test/@alice", alice.iri]);
      expect(jrd.links).toContainEqual({ rel: "self", type: ACTIVITY_JSON, href: alice.iri });
      expect(jrd.links.find(({ rel }) => String(rel).endsWith("/subscribe"))?.template).toBe(
        "https://a.test/authorize_interaction?uri={uri}",
      );
    });

    test("WebFinger takes schemes and hosts in capitals, and nothing but addresses", async () => {
      const status = async (resource: string) =>
        (await ask(`/.well-known/webfinger?resource=${encodeURIComponent(resource)}`, "*/*")).status;
      for (const same of [
        "ACCT:Alice@A.TEST",
        "HTTPS://A.test/users/alice",
        "Https://a.test/@Alice",
        "HTTPS://A.TEST",
      ])
        expect([same, await status(same)]).toEqual([same, 200]);
      for (const other of ["alice@a.test", "acct:alice@a.test.evil", "https://a.test.evil/users/alice"])
        expect([other, await status(other)]).toEqual([other, 404]);
    });

    test("WebFinger of the server leads to the actor that stands for it", async () => {
      for (const resource of ["https://a.test", "https://a.test/", "acct:a.test@a.test"]) {
        const jrd = await jsonOf(
          await ask(`/.well-known/webfinger?resource=${encodeURIComponent(resource)}`, "application/json"),
        );
        expect(jrd.aliases).toContain("https://a.test/users/commons");
      }
      const actor = await jsonOf(await documentAt(alice.app, "https://a.test/users/commons"));
      expect(actor).toMatchObject({ type: "Application", preferredUsername: "commons" });
    });

    test("NodeInfo 2.1 is found and tells no more than numbers", async () => {
      await alice.note("Counted", { to: [PUBLIC] });
      const links = (await jsonOf(await ask("/.well-known/nodeinfo", "application/json"))) as {
        links: { rel: string; href: string }[];
      };
      const link = links.links.find(({ rel }) => rel.endsWith("/ns/schema/2.1"));
      const answer = await ask(new URL(link?.href ?? "").pathname, "application/json");
      expect(answer.headers.get("content-type")).toContain(
        "http://nodeinfo.diaspora.software/ns/schema/2.1#",
      );
      const info = await jsonOf(answer);
      expect(info).toMatchObject({
        version: "2.1",
        protocols: ["activitypub"],
        software: { name: "commons" },
        usage: { users: { total: 1 } },
      });
      expect(JSON.stringify(info)).not.toContain("alice");
    });

    test("where the source of the program is to be had, NodeInfo 2.1, clients and visitors are told", async () => {
      const { settings } = alice.app.opened.accounts;
      const sourceUrl = "https://code.example/commons";
      expect(await (await ask("/about", "text/html")).text()).not.toContain("Get the source");
      await settings.set({ sourceUrl });
      expect(await jsonOf(await ask("/nodeinfo/2.1", "application/json"))).toMatchObject({
        software: { repository: sourceUrl },
      });
      expect(await (await ask("/nodeinfo/2.0", "application/json")).text()).not.toContain("repository");
      expect(await jsonOf(await ask("/api/v2/instance", "application/json"))).toMatchObject({
        source_url: sourceUrl,
      });
      expect(await (await ask("/about", "text/html")).text()).toContain(`href="${sourceUrl}"`);
      for (const bad of ["javascript:alert(1)", "code.example"])
        expect(settings.set({ sourceUrl: bad })).rejects.toMatchObject({ detail: { field: "sourceUrl" } });
      await settings.set({ sourceUrl: "" });
    });

    test("host-meta says where WebFinger is", async () => {
      const answer = await ask("/.well-known/host-meta", "*/*");
      expect(answer.headers.get("content-type")).toContain("application/xrd+xml");
      expect(await answer.text()).toContain('template="https://a.test/.well-known/webfinger?resource={uri}"');
    });

    test("nobody is found who is not there, or waits to be let in", async () => {
      const { accounts } = alice.app.opened;
      await accounts.create({
        name: "waiting",
        password: "correct horse battery",
        role: "member",
        state: "pending",
      });
      for (const name of ["nobody", "waiting"]) {
        expect((await ask(`/.well-known/webfinger?resource=acct:${name}@a.test`, "*/*")).status).toBe(404);
        expect((await ask(`/users/${name}`, ACTIVITY_JSON)).status).toBe(404);
      }
    });
  });

  describe("one address", () => {
    test.each([
      [ACTIVITY_JSON, ACTIVITY_JSON],
      [LD_JSON, LD_JSON],
      [`${LD_JSON}, ${ACTIVITY_JSON}`, LD_JSON],
      [`${ACTIVITY_JSON}, */*;q=0.1`, ACTIVITY_JSON],
      [`text/html;q=0.5, ${ACTIVITY_JSON}`, ACTIVITY_JSON],
    ])("gives a program that accepts %s the document", async (accept, type) => {
      for (const path of ["/users/alice", "/@alice"]) {
        const answer = await ask(path, accept);
        expect(answer.headers.get("content-type")).toBe(type);
        expect(answer.headers.get("vary")).toContain("Accept");
        expect(await jsonOf(answer)).toMatchObject({ id: alice.iri, type: "Person" });
      }
    });

    test.each([
      "text/html",
      "text/html,application/xhtml+xml,*/*;q=0.8",
      "*/*",
      `text/html, ${ACTIVITY_JSON};q=0.5`,
    ])("gives a browser that accepts %s the page", async (accept) => {
      const answer = await ask("/@alice", accept);
      expect(answer.headers.get("content-type")).toContain("text/html");
      expect((await ask("/users/alice", accept)).headers.get("location")).toBe("/@alice");
    });

    test("of a post gives both, and its page's address leads to its document", async () => {
      const iri = await alice.note("Twice", { to: [PUBLIC] });
      const page = await ask(new URL(iri).pathname, "text/html");
      const path = page.headers.get("location") ?? "";
      expect(await (await ask(path, "text/html")).text()).toContain("Twice");
      for (const where of [new URL(iri).pathname, path]) {
        expect(await jsonOf(await ask(where, ACTIVITY_JSON))).toMatchObject({
          id: iri,
          attributedTo: alice.iri,
          content: "Twice",
        });
      }
    });

    test("answers HEAD like GET, without a body but with its length", async () => {
      const headers = { accept: ACTIVITY_JSON };
      const answer = await alice.app.ask("/users/alice", { method: "HEAD", headers });
      const whole = await (await alice.app.ask("/users/alice", { headers })).bytes();
      expect(answer.headers.get("content-length")).toBe(String(whole.length));
      expect(answer.status).toBe(200);
      expect(answer.headers.get("content-type")).toBe(ACTIVITY_JSON);
      expect(await answer.text()).toBe("");
    });
  });

  test("an actor shows keys of both kinds, its boxes and lists", async () => {
    const actor = await jsonOf(await documentAt(alice.app, alice.iri));
    expect(actor).toMatchObject({
      preferredUsername: "alice",
      inbox: `${alice.iri}/inbox`,
      outbox: `${alice.iri}/outbox`,
      endpoints: { sharedInbox: "https://a.test/inbox" },
      publicKey: { id: `${alice.iri}#main-key`, owner: alice.iri },
      assertionMethod: [{ type: "Multikey", controller: alice.iri }],
    });
    for (const list of ["followers", "following", "liked", "outbox"]) {
      const answer = await jsonOf(await documentAt(alice.app, `${alice.iri}/${list}`));
      expect(answer).toMatchObject({
        id: `${alice.iri}/${list}`,
        type: "OrderedCollection",
        first: `${alice.iri}/${list}?page=1`,
      });
    }
  });

  test("an outbox is read to its end, page by page, each thing once", async () => {
    for (let i = 0; i < 45; i++) await alice.note(`Number ${i}`, { to: [PUBLIC] });
    const items: string[] = [];
    let next: string | undefined = `${alice.iri}/outbox?page=1`;
    while (next !== undefined) {
      const page: JsonObject = await jsonOf(await documentAt(alice.app, next));
      expect(page).toMatchObject({ type: "OrderedCollectionPage", partOf: `${alice.iri}/outbox` });
      items.push(...(page.orderedItems as readonly { id: string }[]).map(({ id }) => id));
      next = page.next as string | undefined;
    }
    expect(new Set(items).size).toBe(items.length);
    expect(items.length).toBeGreaterThanOrEqual(45);
    expect(await jsonOf(await documentAt(alice.app, `${alice.iri}/outbox`))).toMatchObject({
      totalItems: items.length,
    });
  });

  describe("a post for followers", () => {
    test.each(["cavage", "rfc9421"] as const)(
      "is given to a follower who signs the request by %s",
      async (scheme) => {
        const iri = await alice.note("For you", { to: [alice.followers] });
        const answer = await signedGet(fan, new URL(iri).pathname, scheme);
        expect(await jsonOf(answer)).toMatchObject({ id: iri, content: "For you" });
        expect(answer.headers.get("cache-control")).toContain("private");
      },
    );

    test("is given to nobody else: not unsigned, not by somebody else, not by a signature for another post", async () => {
      const iri = await alice.note("For you", { to: [alice.followers] });
      const { pathname } = new URL(iri);
      const open = await alice.note("For all", { to: [PUBLIC] });
      expect((await documentAt(alice.app, iri)).status).toBe(404);
      expect((await signedGet(other, pathname)).status).toBe(404);
      expect((await signedGet(other, new URL(open).pathname)).status).toBe(200);
    });

    test("is withheld from a follower who was blocked", async () => {
      const pest = await stranger(all, "pest.test").actor("pest");
      await post(alice.app, {
        by: pest,
        body: { id: pest.at("/follow"), type: "Follow", actor: pest.iri, object: alice.iri },
      });
      await all.settle();
      const iri = await alice.note("Not for pests", { to: [alice.followers] });
      const { pathname } = new URL(iri);
      expect((await signedGet(pest, pathname)).status).toBe(200);
      await alice.act({ type: "Block", object: pest.iri });
      expect((await signedGet(pest, pathname)).status).toBe(404);
    });

    test("is withheld from a follower who is suspended here, until that is taken back", async () => {
      const troll = await stranger(all, "trolls.test").actor("troll");
      await post(alice.app, {
        by: troll,
        body: { id: troll.at("/follow"), type: "Follow", actor: troll.iri, object: alice.iri },
      });
      await all.settle();
      const { activity, object } = await alice.act({
        type: "Create",
        to: [alice.followers],
        object: { type: "Note", content: "Not for trolls" },
      });
      const reads = async () => {
        const { status } = await signedGet(troll, new URL(object?.iri ?? "").pathname);
        const outbox = await signedGet(troll, "/users/alice/outbox?page=1");
        return [status, (await outbox.text()).includes(activity.id ?? "?")];
      };
      expect(await reads()).toEqual([200, true]);
      const { sanctions } = alice.app.peace;
      const actor = (await alice.app.federation.look.find(troll.iri))?.key ?? 0;
      const key = await sanctions.impose(alice.key, { kind: "suspend", actor, text: "Because" });
      expect(await reads()).toEqual([404, false]);
      await sanctions.lift(alice.key, key);
      expect(await reads()).toEqual([200, true]);
    });
  });

  test("a Follow that names nobody but its object, at the shared inbox, is in the inbox and can be answered by hand", async () => {
    await alice.act({ type: "Update", object: { id: alice.iri, manuallyApprovesFollowers: true } });
    const follow = { id: other.at("/follow-2"), type: "Follow", actor: other.iri, object: alice.iri };
    expect((await post(alice.app, { by: other, body: follow })).status).toBe(202);
    await all.settle();
    expect(await alice.notices()).toContain("follow-request other@there.test");
    const inbox = await jsonOf(await alice.read("/users/alice/inbox?page=1"));
    expect(inbox.orderedItems).toContainEqual(expect.objectContaining({ id: follow.id }));
    await alice.act({ type: "Accept", object: follow.id });
    await all.settle();
    expect(await alice.knows(other.iri)).toMatchObject({ followedBy: true });
    const letter = all.sent.findLast(({ to }) => to === "there.test");
    expect(JSON.parse(letter?.body ?? "")).toMatchObject({
      type: "Accept",
      object: { id: follow.id, type: "Follow", actor: other.iri },
    });
  });
});
