/** What apps do with people: follow them on terms, block, mute, note, recommend, let in, put into lists; and with tags. */
import { beforeAll, describe, expect, test } from "bun:test";
import { PUBLIC } from "../../core/object.ts";
import { DAY_MS, HOUR_MS } from "../../lib/durations.ts";
import type { Json } from "../../lib/json.ts";
import { type TestApp, testApp } from "../../testing/app.ts";
import { eachEngine } from "../../testing/engines.ts";
import { mastodonSchema } from "../../testing/mastodon.ts";
import { type Person, person } from "../../testing/people.ts";

const schema = mastodonSchema();

eachEngine((engine) => {
  let app: TestApp;
  let alice: Person;
  let bob: Person;
  let carol: Person;
  let count = 0;

  beforeAll(async () => {
    app = await testApp(engine);
    await person(app, "warden", "admin");
  });

  /** People nobody has met, so that tests share an app. */
  async function newPeople(): Promise<void> {
    count++;
    alice = await person(app, `alice${count}`);
    bob = await person(app, `bob${count}`);
    carol = await person(app, `carol${count}`);
  }

  // biome-ignore lint/suspicious/noExplicitAny: an answer is read as its test expects it.
  type Read = any;

  /** The answer's status, body and links; a good answer is held against the schema. */
  async function ask(who: Person | null, method: string, path: string, body?: object, scope?: string) {
    const authorization =
      who === null ? {} : { authorization: scope ? await who.tokenFor(scope) : who.bearer };
    const response = await app.ask(path, {
      method,
      headers: { ...authorization, ...(body ? { "content-type": "application/json" } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const json = (await response.json()) as Json;
    if (response.ok && schema !== null && !NOT_IN_SCHEMA.test(path))
      expect(schema.faults(method, path, response.status, json)).toEqual([]);
    return { status: response.status, body: json as Read, link: response.headers.get("link") };
  }

  /** Named here: other servers' words for what Mastodon has on its own pages alone. */
  const NOT_IN_SCHEMA = /accounts\/(aliases|move)$/;

  const says = (who: Person, content: string, more = {}) =>
    who.note(content, { to: [PUBLIC], cc: [who.followers] }, more);
  const at = (who: Person, verb: string) => `/api/v1/accounts/${who.key}/${verb}`;

  describe("people", () => {
    test("somebody is followed on terms, on others, and no more", async () => {
      await newPeople();
      const first = await ask(alice, "POST", at(bob, "follow"), { reblogs: false, languages: ["de"] });
      expect(first.body).toMatchObject({ following: true, showing_reblogs: false, languages: ["de"] });
      const second = await ask(alice, "POST", at(bob, "follow"), { notify: "true" });
      expect(second.body).toMatchObject({ showing_reblogs: false, notifying: true, languages: ["de"] });
      const third = await ask(alice, "POST", at(bob, "follow"), { reblogs: true, languages: [] });
      expect(third.body).toMatchObject({ showing_reblogs: true, notifying: true, languages: null });
      expect((await ask(bob, "GET", at(alice, "").replace(/\/$/, ""))).status).toBe(200);
      const over = await ask(alice, "POST", at(bob, "unfollow"));
      expect(over.body).toMatchObject({ following: false, showing_reblogs: false, notifying: false });
      expect((await ask(alice, "POST", at(bob, "unfollow"))).status).toBe(200);
      expect((await ask(alice, "POST", at(bob, "follow"), { languages: ["?"] })).status).toBe(422);
      expect((await ask(alice, "POST", "/api/v1/accounts/1/follow")).status).toBe(404);
      expect((await ask(alice, "POST", at(bob, "follow"), {}, "read")).status).toBe(403);
      expect((await ask(null, "POST", at(bob, "follow"))).status).toBe(401);
    });

    test("somebody who asks to follow is let in, or not, and is let go again", async () => {
      await newPeople();
      const locked = await ask(alice, "PATCH", "/api/v1/accounts/update_credentials", { locked: true });
      expect(locked.body).toMatchObject({ locked: true });
      expect((await ask(bob, "POST", at(alice, "follow"))).body).toMatchObject({ requested: true });
      await ask(carol, "POST", at(alice, "follow"));
      const asked = await ask(alice, "GET", "/api/v1/follow_requests?limit=1");
      expect(asked.body.map(({ id }: Read) => id)).toEqual([String(carol.key)]);
      expect(asked.link).toContain("max_id=");
      const next = await ask(
        alice,
        "GET",
        new URL(asked.link?.match(/<([^>]+)>; rel="next"/)?.[1] ?? "").href.replace(app.origin, ""),
      );
      expect(next.body.map(({ id }: Read) => id)).toEqual([String(bob.key)]);
      const let_in = await ask(alice, "POST", `/api/v1/follow_requests/${bob.key}/authorize`);
      expect(let_in.body).toMatchObject({ followed_by: true, requested_by: false });
      await ask(alice, "POST", `/api/v1/follow_requests/${carol.key}/reject`);
      expect((await ask(alice, "GET", "/api/v1/follow_requests")).body).toEqual([]);
      expect((await ask(alice, "POST", `/api/v1/follow_requests/${carol.key}/reject`)).status).toBe(404);
      // Nobody is asked any longer what was answered: who was let in follows, who was sent away is not spoken of.
      const told = await ask(alice, "GET", "/api/v1/notifications?types[]=follow&types[]=follow_request");
      expect(told.body.map(({ type, account }: Read) => [type, account.id])).toEqual([
        ["follow", String(bob.key)],
      ]);
      const gone = await ask(alice, "POST", at(bob, "remove_from_followers"));
      expect(gone.body).toMatchObject({ followed_by: false });
      expect(await bob.knows(alice.iri)).toMatchObject({ following: "no" });
    });

    test("somebody is blocked and muted, and taken back", async () => {
      await newPeople();
      expect((await ask(alice, "POST", at(bob, "block"))).body).toMatchObject({ blocking: true });
      expect((await ask(alice, "POST", at(bob, "block"))).body).toMatchObject({ blocking: true });
      const seen = await ask(bob, "GET", `/api/v1/accounts/relationships?id[]=${alice.key}`);
      expect(seen.body[0]).toMatchObject({ blocked_by: true });
      expect((await ask(alice, "GET", "/api/v1/blocks")).body).toMatchObject([{ id: String(bob.key) }]);
      expect((await ask(alice, "POST", at(bob, "unblock"))).body).toMatchObject({ blocking: false });
      const muted = await ask(alice, "POST", at(carol, "mute"), { notifications: false, duration: 3600 });
      const ends = new Date(app.clock.now() + HOUR_MS).toISOString();
      expect(muted.body).toMatchObject({
        muting: true,
        muting_notifications: false,
        muting_expires_at: ends,
      });
      const list = await ask(alice, "GET", "/api/v1/mutes");
      expect(list.body).toMatchObject([{ id: String(carol.key), mute_expires_at: ends }]);
      const again = await ask(alice, "POST", at(carol, "mute"));
      expect(again.body).toMatchObject({ muting_notifications: true, muting_expires_at: null });
      expect((await ask(alice, "POST", at(carol, "unmute"))).body).toMatchObject({ muting: false });
    });

    test("muting for longer than there is time lasts as long as anybody means, and leaves the lists readable", async () => {
      await newPeople();
      await ask(alice, "POST", at(carol, "mute"), { duration: Number.MAX_SAFE_INTEGER });
      const list = await ask(alice, "GET", "/api/v1/mutes");
      expect(list.body).toMatchObject([{ id: String(carol.key) }]);
      const ends = Date.parse(list.body[0].mute_expires_at);
      expect((ends - app.clock.now()) / (366 * DAY_MS)).toBeCloseTo(10);
      const path = `/api/v1/accounts/relationships?id[]=${carol.key}`;
      expect((await ask(alice, "GET", path)).body).toMatchObject([{ muting: true }]);
    });

    test("whoever is blocked can block, mute and report in turn, and nothing else", async () => {
      await newPeople();
      await ask(alice, "POST", at(bob, "mute"));
      await ask(bob, "POST", at(alice, "block"));
      expect((await ask(alice, "POST", at(bob, "unmute"))).body).toMatchObject({ muting: false });
      expect((await ask(alice, "POST", at(bob, "mute"))).body).toMatchObject({ muting: true });
      expect((await ask(alice, "POST", at(bob, "block"))).body).toMatchObject({ blocking: true });
      expect((await ask(alice, "POST", at(bob, "unblock"))).body).toMatchObject({ blocking: false });
      const report = { account_id: String(bob.key), comment: "He threatens me." };
      expect((await ask(alice, "POST", "/api/v1/reports", report)).status).toBe(200);
      expect((await ask(alice, "POST", at(bob, "pin"))).status).not.toBe(200);
      expect((await ask(alice, "POST", at(bob, "follow"))).status).toBe(403);
    });

    test.each(["follow", "block", "mute"])("nobody can %s themselves", async (verb) => {
      await newPeople();
      await says(alice, "still there");
      const refused = await ask(alice, "POST", at(alice, verb));
      expect(refused.status).toBe(403);
      expect(refused.body.error).toContain(`nobody can ${verb} themselves`);
      expect((await ask(alice, "GET", "/api/v1/mutes")).body).toEqual([]);
      expect(await alice.home()).toEqual(["still there"]);
    });

    test("a note about somebody is for one's own eyes, and recommended are only those who are followed", async () => {
      await newPeople();
      const noted = await ask(alice, "POST", at(bob, "note"), { comment: "from the staff room" });
      expect(noted.body).toMatchObject({ note: "from the staff room" });
      expect((await alice.knows(bob.iri)).remark).toBe("from the staff room");
      expect((await carol.knows(bob.iri)).remark).toBe("");
      expect((await ask(alice, "POST", at(bob, "note"), { comment: "x".repeat(2001) })).status).toBe(422);
      expect((await ask(alice, "POST", at(bob, "note"))).body).toMatchObject({ note: "" });
      expect((await ask(alice, "POST", at(bob, "endorse"))).status).toBe(403);
      await ask(alice, "POST", at(bob, "follow"));
      expect((await ask(alice, "POST", at(bob, "pin"))).body).toMatchObject({ endorsed: true });
      expect((await ask(alice, "GET", "/api/v1/endorsements")).body).toMatchObject([{ id: String(bob.key) }]);
      expect((await ask(carol, "GET", at(alice, "endorsements"))).body).toMatchObject([
        { id: String(bob.key) },
      ]);
      expect((await ask(alice, "POST", at(bob, "unendorse"))).body).toMatchObject({ endorsed: false });
    });

    test("servers are left alone by name, and no longer", async () => {
      await newPeople();
      for (const domain of ["noisy.example", "Loud.Example"])
        expect((await ask(alice, "POST", "/api/v1/domain_blocks", { domain })).body).toEqual({});
      const some = await ask(alice, "GET", "/api/v1/domain_blocks?limit=1");
      expect(some.body).toHaveLength(1);
      const next = some.link?.match(/<([^>]+)>; rel="next"/)?.[1] ?? "";
      const others = await ask(alice, "GET", next.replace(app.origin, ""));
      expect([...some.body, ...others.body].toSorted()).toEqual(["loud.example", "noisy.example"]);
      expect((await ask(alice, "DELETE", "/api/v1/domain_blocks", { domain: "noisy.example" })).status).toBe(
        200,
      );
      expect((await ask(alice, "DELETE", "/api/v1/domain_blocks?domain=loud.example")).status).toBe(200);
      expect((await ask(alice, "GET", "/api/v1/domain_blocks")).body).toEqual([]);
      for (const domain of ["", "nonsense", "pub.test"])
        expect((await ask(alice, "POST", "/api/v1/domain_blocks", { domain })).status).toBe(422);
    });

    test("people are suggested who know friends, and are not suggested again once dismissed", async () => {
      await newPeople();
      await ask(alice, "POST", at(bob, "follow"));
      await ask(bob, "POST", at(carol, "follow"));
      await ask(carol, "POST", at(bob, "follow"));
      const found = await ask(alice, "GET", "/api/v2/suggestions?limit=1");
      expect(found.body).toMatchObject([
        { sources: ["friends_of_friends"], account: { id: String(carol.key) } },
      ]);
      const old = await ask(alice, "GET", "/api/v1/suggestions?limit=1");
      expect(old.body).toMatchObject([{ id: String(carol.key) }]);
      const familiar = await ask(
        alice,
        "GET",
        `/api/v1/accounts/familiar_followers?id[]=${carol.key}&id[]=${bob.key}`,
      );
      expect(familiar.body).toMatchObject([
        { id: String(carol.key), accounts: [{ id: String(bob.key) }] },
        { id: String(bob.key), accounts: [] },
      ]);
      await ask(bob, "PATCH", "/api/v1/accounts/update_credentials", { hide_collections: true });
      const hidden = await ask(alice, "GET", `/api/v1/accounts/familiar_followers?id=${carol.key}`);
      expect(hidden.body).toEqual([{ id: String(carol.key), accounts: [] }]);
      expect((await ask(alice, "DELETE", `/api/v1/suggestions/${carol.key}`)).body).toEqual({});
      const left = await ask(alice, "GET", "/api/v2/suggestions");
      expect(left.body.map(({ account }: Read) => account.id)).not.toContain(String(carol.key));
    });

    test("the directory lists who wrote or came lately, and nobody who does not want to be found", async () => {
      await newPeople();
      await says(alice, "hello");
      await says(bob, "hello");
      await ask(carol, "PATCH", "/api/v1/accounts/update_credentials", { discoverable: false });
      await says(carol, "hidden");
      expect((await ask(null, "GET", "/api/v1/directory")).status).toBe(401);
      const active = await ask(alice, "GET", "/api/v1/directory?local=true&limit=2");
      expect(active.body.map(({ id }: Read) => id)).toEqual([String(bob.key), String(alice.key)]);
      const second = await ask(alice, "GET", "/api/v1/directory?local=true&limit=1&offset=1");
      expect(second.body.map(({ id }: Read) => id)).toEqual([String(alice.key)]);
      const newest = await ask(alice, "GET", "/api/v1/directory?local=true&order=new&limit=2");
      expect(newest.body.map(({ id }: Read) => id)).toEqual([String(bob.key), String(alice.key)]);
      expect((await ask(alice, "GET", "/api/v1/directory?order=new")).body.length).toBeGreaterThan(1);
      expect((await ask(alice, "GET", "/api/v1/directory")).body[0].id).toBe(String(bob.key));
    });
  });

  describe("lists", () => {
    test("a list is made, changed, filled, read, emptied and deleted", async () => {
      await newPeople();
      await ask(alice, "POST", at(bob, "follow"));
      const made = await ask(alice, "POST", "/api/v1/lists", { title: "Staff room" });
      expect(made.body).toMatchObject({ title: "Staff room", replies_policy: "list", exclusive: false });
      const path = `/api/v1/lists/${made.body.id}`;
      const changed = await ask(alice, "PUT", path, {
        title: "Staff",
        replies_policy: "none",
        exclusive: true,
      });
      expect(changed.body).toEqual({ ...made.body, title: "Staff", replies_policy: "none", exclusive: true });
      expect((await ask(alice, "PUT", path, { title: "Teachers" })).body).toMatchObject({ exclusive: true });
      expect((await ask(alice, "GET", "/api/v1/lists")).body).toHaveLength(1);
      const ids = { account_ids: [String(bob.key)] };
      expect((await ask(alice, "POST", `${path}/accounts`, ids)).body).toEqual({});
      expect((await ask(alice, "POST", `${path}/accounts`, ids)).body).toEqual({});
      expect(
        (await ask(alice, "POST", `${path}/accounts`, { account_ids: [String(carol.key)] })).status,
      ).toBe(403);
      for (const query of ["", "?limit=0", "?limit=5"])
        expect((await ask(alice, "GET", `${path}/accounts${query}`)).body).toMatchObject([
          { id: String(bob.key) },
        ]);
      expect((await ask(alice, "GET", at(bob, "lists"))).body).toMatchObject([{ title: "Teachers" }]);
      await says(bob, "minutes of the meeting");
      const timeline = await ask(alice, "GET", `/api/v1/timelines/list/${made.body.id}?limit=20`);
      expect(timeline.body).toMatchObject([{ content: expect.stringContaining("minutes of the meeting") }]);
      expect(timeline.link).toContain("min_id=");
      expect((await ask(alice, "GET", "/api/v1/timelines/home")).body).toEqual([]);
      expect((await ask(alice, "DELETE", `${path}/accounts`, ids)).body).toEqual({});
      expect((await ask(alice, "GET", `${path}/accounts`)).body).toEqual([]);
      expect((await ask(alice, "DELETE", path)).body).toEqual({});
      for (const [method, where] of [
        ["GET", path],
        ["DELETE", path],
        ["GET", `/api/v1/timelines/list/${made.body.id}`],
      ] as const)
        expect((await ask(alice, method, where)).status).toBe(404);
    });

    test("somebody else's list is not there, and what is no list is refused", async () => {
      await newPeople();
      const { body } = await ask(alice, "POST", "/api/v1/lists", { title: "Mine" });
      for (const [method, path] of [
        ["GET", `/api/v1/lists/${body.id}`],
        ["PUT", `/api/v1/lists/${body.id}`],
        ["DELETE", `/api/v1/lists/${body.id}`],
        ["GET", `/api/v1/lists/${body.id}/accounts`],
        ["GET", `/api/v1/timelines/list/${body.id}`],
        ["GET", "/api/v1/lists/nonsense"],
      ] as const)
        expect((await ask(bob, method, path, method === "PUT" ? { title: "x" } : undefined)).status).toBe(
          404,
        );
      for (const said of [{}, { title: " " }, { title: "x", replies_policy: "all" }])
        expect((await ask(alice, "POST", "/api/v1/lists", said)).status).toBe(422);
    });
  });

  describe("tags", () => {
    test("a tag is followed and shown on a page, whoever writes it how", async () => {
      await newPeople();
      const name = `Schule${count}`;
      const hashtag = {
        tag: [{ type: "Hashtag", name: `#${name}`, href: app.opened.addresses.tag(name.toLowerCase()) }],
      };
      await says(bob, "once", hashtag);
      await says(alice, "twice", hashtag);
      const before = await ask(alice, "GET", `/api/v1/tags/${name}`);
      expect(before.body).toMatchObject({ name: name.toLowerCase(), following: false });
      expect(before.body.history[0]).toMatchObject({ uses: "2", accounts: "2" });
      expect((await ask(null, "GET", `/api/v1/tags/${name}`)).body.following).toBeUndefined();
      expect((await ask(alice, "POST", `/api/v1/tags/${name}/follow`)).body).toMatchObject({
        following: true,
      });
      expect((await ask(alice, "POST", `/api/v1/tags/${name}/follow`)).body).toMatchObject({
        following: true,
      });
      const followed = await ask(alice, "GET", "/api/v1/followed_tags?limit=200");
      expect(followed.body).toMatchObject([{ name: name.toLowerCase(), following: true }]);
      expect((await ask(alice, "POST", `/api/v1/tags/${name}/unfollow`)).body).toMatchObject({
        following: false,
      });
      const hinted = await ask(alice, "GET", "/api/v1/featured_tags/suggestions");
      expect(hinted.body).toMatchObject([{ name: name.toLowerCase() }]);
      const shown = await ask(alice, "POST", "/api/v1/featured_tags", { name: `#${name}` });
      expect(shown.body).toMatchObject({ name: name.toLowerCase(), statuses_count: "1" });
      expect((await ask(alice, "GET", "/api/v1/featured_tags")).body).toEqual([shown.body]);
      expect((await ask(null, "GET", at(alice, "featured_tags"))).body).toEqual([shown.body]);
      expect((await ask(alice, "DELETE", `/api/v1/featured_tags/${shown.body.id}`)).body).toEqual({});
      expect((await ask(alice, "DELETE", `/api/v1/featured_tags/${shown.body.id}`)).status).toBe(404);
      expect((await ask(alice, "POST", `/api/v1/tags/${name}/feature`)).body).toMatchObject({
        featuring: true,
      });
      expect((await ask(alice, "POST", `/api/v1/tags/${name}/unfeature`)).body).toMatchObject({
        featuring: false,
      });
      expect((await ask(alice, "POST", "/api/v1/featured_tags", { name: "two words" })).status).toBe(422);
      expect((await ask(alice, "GET", "/api/v1/tags/two%20words")).status).toBe(404);
    });
  });

  test("nothing of all this is an error of ours", () => {
    expect(app.warnings()).toEqual([]);
  });
});
