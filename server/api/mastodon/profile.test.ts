/** What apps do with one's own profile: change it, take pictures away, name other accounts; and making an account. */
import { beforeAll, describe, expect, test } from "bun:test";
import type { Json, JsonObject } from "../../lib/json.ts";
import { type TestApp, testApp } from "../../testing/app.ts";
import { onSqlite } from "../../testing/engines.ts";
import { mastodonSchema } from "../../testing/mastodon.ts";
import { PASSWORD, type Person, person } from "../../testing/people.ts";

const schema = mastodonSchema();
/** A picture of one point. */
const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

onSqlite((engine) => {
  let app: TestApp;
  let alice: Person;
  let bob: Person;

  beforeAll(async () => {
    app = await testApp(engine);
    await person(app, "warden", "admin");
    alice = await person(app, "alice");
    bob = await person(app, "bob");
  });

  // biome-ignore lint/suspicious/noExplicitAny: an answer is read as its test expects it.
  type Read = any;

  /** The answer's status and body; a good answer is held against the schema. */
  async function ask(
    authorization: string | null,
    method: string,
    path: string,
    body?: FormData | JsonObject,
  ): Promise<{ status: number; body: Read }> {
    const isForm = body instanceof FormData;
    const response = await app.ask(path, {
      method,
      headers: {
        ...(authorization === null ? {} : { authorization }),
        ...(body && !isForm ? { "content-type": "application/json" } : {}),
      },
      ...(body ? { body: isForm ? body : JSON.stringify(body) } : {}),
    });
    const json = (await response.json()) as Json;
    if (response.ok && schema !== null && !/aliases|move$/.test(path))
      expect(schema.faults(method, path, response.status, json)).toEqual([]);
    return { status: response.status, body: json };
  }

  const CREDENTIALS = "/api/v1/accounts/update_credentials";

  describe("a profile", () => {
    test("is changed by a form with pictures, and shown as it was typed", async () => {
      const form = new FormData();
      form.append("display_name", "Alice A.");
      form.append("note", "Maths & music\nhttps://alice.example/");
      form.append("fields_attributes[0][name]", "Room");
      form.append("fields_attributes[0][value]", "12");
      form.append("fields_attributes[1][name]", "");
      form.append("fields_attributes[1][value]", "");
      form.append("avatar", new File([PNG], "me.png"));
      form.append("avatar_description", "My face");
      form.append("header", new File([PNG], "wide.png"));
      form.append("bot", "True");
      form.append("indexable", "on");
      form.append("attribution_domains[]", "News.example");
      const { status, body } = await ask(alice.bearer, "PATCH", CREDENTIALS, form);
      expect(status).toBe(200);
      expect(body).toMatchObject({
        display_name: "Alice A.",
        bot: true,
        indexable: true,
        fields: [{ name: "Room", value: "12" }],
        source: {
          note: "Maths & music\nhttps://alice.example/",
          fields: [{ name: "Room", value: "12" }],
          attribution_domains: ["news.example"],
        },
      });
      expect(body.note).toContain("Maths &amp; music<br");
      expect(body.avatar).not.toContain("missing");
      const whole = await ask(alice.bearer, "GET", "/api/v1/profile");
      expect(whole.body).toMatchObject({ note: body.source.note, avatar_description: "My face", bot: true });
      const actor = await app.ask("/users/alice", { headers: { accept: "application/activity+json" } });
      expect(await actor.json()).toMatchObject({ type: "Service", attributionDomains: ["news.example"] });
      expect((await ask(alice.bearer, "DELETE", "/api/v1/profile/avatar")).body.avatar).toContain("missing");
      expect((await ask(alice.bearer, "DELETE", "/api/v1/profile/header")).body.header).toContain("missing");
      app.clock.advance(1_000);
      const person = await ask(alice.bearer, "PATCH", CREDENTIALS, { bot: false });
      expect(person.body).toMatchObject({ bot: false, display_name: "Alice A." });
    });

    test("keeps how its owner posts, and hides their circle from everybody else", async () => {
      const source = { privacy: "private", sensitive: true, language: "de", quote_policy: "nobody" };
      const { body } = await ask(alice.bearer, "PATCH", CREDENTIALS, { source, hide_collections: true });
      expect(body.source).toMatchObject({ ...source, hide_collections: true });
      expect((await ask(alice.bearer, "GET", "/api/v1/preferences")).body).toMatchObject({
        "posting:default:visibility": "private",
        "posting:default:sensitive": true,
        "posting:default:language": "de",
        "posting:default:quote_policy": "nobody",
      });
      await bob.act({ type: "Follow", object: alice.iri });
      const path = `/api/v1/accounts/${alice.key}/followers`;
      expect((await ask(bob.bearer, "GET", path)).body).toEqual([]);
      expect((await ask(alice.bearer, "GET", path)).body).toHaveLength(1);
      const list = async () => {
        const answer = await app.ask("/users/alice/followers?page=1", {
          headers: { accept: "application/activity+json" },
        });
        return (await answer.json()) as JsonObject;
      };
      expect(await list()).toMatchObject({ totalItems: 1, orderedItems: [] });
      await ask(alice.bearer, "PATCH", "/api/v1/profile", { hide_collections: false });
      expect(await list()).toMatchObject({ totalItems: 1, orderedItems: [bob.iri] });
    });

    test("keeps what several requests change at one moment", async () => {
      const form = new FormData();
      form.append("avatar", new File([PNG], "me.png"));
      await ask(bob.bearer, "PATCH", CREDENTIALS, form);
      app.clock.advance(1_000);
      await Promise.all([
        ask(bob.bearer, "PATCH", CREDENTIALS, { bot: true }),
        ask(bob.bearer, "PATCH", CREDENTIALS, { display_name: "Bob B." }),
        ask(bob.bearer, "PATCH", CREDENTIALS, { avatar_description: "My face" }),
        ask(bob.bearer, "DELETE", "/api/v1/profile/avatar"),
      ]);
      const changed = await app.federation.look.find(bob.iri);
      expect(changed?.document).toMatchObject({ type: "Service", name: "Bob B." });
      expect(changed?.document?.icon).toBeUndefined();
      app.clock.advance(1_000);
      await ask(bob.bearer, "PATCH", CREDENTIALS, { bot: false });
    });

    test("takes no more than fits, and no film for a picture", async () => {
      const five = Array.from({ length: 5 }, (_, n) => ({ name: String(n), value: "x" }));
      const film = new FormData();
      film.append("avatar", new File(["no picture at all"], "me.txt"));
      for (const body of [
        { display_name: "x".repeat(61) },
        { note: "x".repeat(2001) },
        { fields_attributes: five },
        { attribution_domains: ["not a server"] },
        { source: { language: "not a language" } },
        film,
      ])
        expect((await ask(bob.bearer, "PATCH", CREDENTIALS, body)).status).toBe(422);
      expect((await ask(null, "PATCH", CREDENTIALS, { note: "x" })).status).toBe(401);
      expect((await ask(await bob.tokenFor("read"), "PATCH", CREDENTIALS, { note: "x" })).status).toBe(403);
    });

    test("names other accounts of the same person, and moves with the password alone", async () => {
      const named = await ask(bob.bearer, "PUT", "/api/v1/accounts/aliases", { alias: alice.handle });
      expect(named.body).toEqual({ aliases: ["alice"], also_known_as_uris: [alice.iri] });
      expect(
        (await ask(bob.bearer, "PUT", "/api/v1/accounts/aliases", { alias: "@nobody@pub.test" })).status,
      ).toBe(422);
      const move = { target_account: bob.handle, password: "wrong" };
      expect((await ask(alice.bearer, "POST", "/api/v1/accounts/move", move)).status).not.toBe(200);
      const moved = { moved_to_uri: bob.iri, password: PASSWORD };
      expect((await ask(alice.bearer, "POST", "/api/v1/accounts/move", moved)).body).toEqual({});
      expect((await app.queries.actor(alice.key))?.movedTo).toBe(bob.iri);
      const gone = await ask(bob.bearer, "DELETE", "/api/v1/accounts/aliases", { alias: alice.handle });
      expect(gone.body).toEqual({ aliases: [], also_known_as_uris: [] });
    });
  });

  describe("an account", () => {
    const wanted = {
      username: "dora",
      email: "dora@school.example",
      password: "correct horse battery",
      agreement: true,
      locale: "de",
    };

    async function clientToken(): Promise<string> {
      const { body } = await ask(null, "POST", "/api/v1/apps", {
        client_name: "Tusky",
        redirect_uris: "urn:ietf:wg:oauth:2.0:oob",
        scopes: "read write follow push",
      });
      const { client_id, client_secret } = body;
      const answer = await app.ask("/oauth/token", {
        method: "POST",
        body: new URLSearchParams({
          grant_type: "client_credentials",
          client_id,
          client_secret,
          scope: "read write",
        }),
      });
      return `Bearer ${((await answer.json()) as Read).access_token}`;
    }

    test("is made in an app where the server is open, and can be used at once", async () => {
      await app.opened.accounts.settings.set({ registration: "open" });
      const token = await clientToken();
      const { status, body } = await ask(token, "POST", "/api/v1/accounts", wanted);
      expect(status).toBe(200);
      const bearer = `Bearer ${body.access_token}`;
      const me = await ask(bearer, "GET", "/api/v1/accounts/verify_credentials");
      expect(me.body).toMatchObject({ username: "dora", source: { language: "de" } });
      for (const [said, field, error] of [
        [{}, "username", "ERR_TAKEN"],
        [{ username: "no spaces" }, "username", "ERR_INVALID"],
        [{ username: "admin" }, "username", "ERR_RESERVED"],
        [{ username: "emil", password: "short" }, "password", "ERR_TOO_SHORT"],
        [{ username: "emil", agreement: false }, "agreement", "ERR_ACCEPTED"],
        [{ username: "emil" }, "email", "ERR_TAKEN"],
      ] as const) {
        const refused = await ask(token, "POST", "/api/v1/accounts", { ...wanted, ...said });
        expect(refused.status).toBe(422);
        expect(refused.body.details[field]).toMatchObject([{ error }]);
      }
    });

    test("is not made in an app where everybody needs a second step", async () => {
      await app.opened.accounts.settings.set({ secondFactor: "everyone" });
      const hans = { ...wanted, username: "hans", email: "hans@school.example" };
      expect((await ask(await clientToken(), "POST", "/api/v1/accounts", hans)).status).toBe(403);
      expect(await app.opened.accounts.people.findByName("hans")).toBeNull();
      await app.opened.accounts.settings.set({ secondFactor: "teachers" });
      const admin = await app.opened.accounts.people.getByName("warden");
      const { code } = await app.opened.accounts.invitations.create(admin, { role: "teacher" });
      const invited = { ...hans, invite_code: code };
      expect((await ask(await clientToken(), "POST", "/api/v1/accounts", invited)).status).toBe(403);
      expect(await app.opened.accounts.people.findByName("hans")).toBeNull();
      await app.opened.accounts.settings.set({ secondFactor: "nobody" });
    });

    test("waits where the staff let people in, and is not made where nobody can sign up", async () => {
      const token = await clientToken();
      const frida = { ...wanted, username: "frida", email: "frida@school.example", reason: "I teach here" };
      await app.opened.accounts.settings.set({ registration: "approval" });
      const { body } = await ask(token, "POST", "/api/v1/accounts", frida);
      const bearer = `Bearer ${body.access_token}`;
      expect((await ask(bearer, "GET", "/api/v1/accounts/verify_credentials")).status).toBe(401);
      const account = await app.opened.accounts.people.getByName("frida");
      await app.opened.accounts.people.approve(null, account);
      expect((await ask(bearer, "GET", "/api/v1/accounts/verify_credentials")).status).toBe(200);
      await app.opened.accounts.settings.set({ registration: "closed" });
      const late = { ...frida, username: "gerd", email: "gerd@school.example" };
      expect((await ask(token, "POST", "/api/v1/accounts", late)).status).toBe(403);
      expect((await ask(null, "POST", "/api/v1/accounts", late)).status).toBe(401);
    });
  });

  test("nothing of all this is an error of ours", () => {
    expect(app.warnings()).toEqual([]);
  });
});
