/** Whom an edit reaches: people whom the post did not name before, here and elsewhere. */
import { expect, test } from "bun:test";
import { PUBLIC } from "../../core/object.ts";
import { type AppClient, appOf, type Loose } from "../../testing/app-client.ts";
import { appUsers } from "../../testing/app-users.ts";
import { eachEngine } from "../../testing/engines.ts";
import { fediverse } from "../../testing/fediverse.ts";
import { groupOf, toMembers } from "../../testing/groups.ts";
import { jsonOf, person } from "../../testing/people.ts";

eachEngine((engine) => {
  const { house, newcomer, write } = appUsers(engine);

  const mentions = async (api: AppClient): Promise<string[]> =>
    (await api.get("/api/v1/notifications?types[]=mention")).map(({ status }: Loose) => status.id);

  test.each(["direct", "private", "unlisted", "public"])(
    "whoever a %s post names since it was edited may read it and is told, once",
    async (visibility) => {
      const [alice, bob, carol] = [await newcomer(), await newcomer(), await newcomer()];
      const status = await write(alice, `@${bob.name} hush`, { visibility });
      const path = `/api/v1/statuses/${status.id}`;
      const edited = await alice.api.put(path, { status: `@${bob.name} @${carol.name} hush` });
      expect(edited.mentions.map(({ acct }: Loose) => acct)).toEqual([bob.name, carol.name]);
      expect(edited.visibility).toBe(visibility);
      expect((await carol.api.get(path)).id).toBe(status.id);
      expect(await mentions(carol.api)).toEqual([status.id]);
      expect(await mentions(bob.api)).toEqual([status.id]);
      // Told already, and named still.
      await alice.api.put(path, { status: `@${carol.name} @${bob.name} hush!` });
      expect(await mentions(carol.api)).toHaveLength(1);
      // Named no longer, but what was told once is not taken back.
      await alice.api.put(path, { status: `@${bob.name} hush` });
      expect((await carol.api.get(path)).mentions).toHaveLength(1);
    },
  );

  test("a conversation takes in whom an edit names, and is no news to the others", async () => {
    const [alice, bob, carol] = [await newcomer(), await newcomer(), await newcomer()];
    const talks = async (api: AppClient): Promise<string[]> =>
      (await api.get("/api/v1/conversations")).map(
        ({ unread, accounts }: Loose) =>
          `${unread ? "new" : "read"} ${accounts
            .map(({ acct }: Loose) => acct)
            .sort()
            .join(" ")}`,
      );
    const status = await write(alice, `@${bob.name} hush`, { visibility: "direct" });
    const [talk] = await bob.api.get("/api/v1/conversations");
    await bob.api.post(`/api/v1/conversations/${talk.id}/read`);
    await alice.api.put(`/api/v1/statuses/${status.id}`, { status: `@${bob.name} @${carol.name} hush` });
    expect(await talks(carol.api)).toEqual([`new ${alice.name} ${bob.name}`]);
    expect(await talks(bob.api)).toEqual([`read ${alice.name} ${carol.name}`]);
    expect(await talks(alice.api)).toEqual([`read ${bob.name} ${carol.name}`]);
    await alice.api.delete(`/api/v1/statuses/${status.id}`);
    for (const { api } of [alice, bob, carol]) expect(await talks(api)).toEqual([]);
  });

  test("whoever is blocked by a person tells them nothing by an edit either", async () => {
    const [alice, bob] = [await newcomer(), await newcomer()];
    const status = await write(alice, "first");
    await bob.api.post(`/api/v1/accounts/${alice.key}/block`);
    await alice.api.put(`/api/v1/statuses/${status.id}`, { status: `@${bob.name} second` });
    expect(await mentions(bob.api)).toEqual([]);
  });

  test("an edit makes no post more public than it was, whatever it names", async () => {
    const [alice, bob] = [await newcomer(), await newcomer()];
    const { app } = await house();
    const secret = await alice.note("mine", { to: [alice.iri] });
    await alice.act({
      type: "Update",
      to: [PUBLIC, alice.followers],
      object: { id: secret, content: "still" },
    });
    const key = (await app.federation.look.find(secret))?.key;
    expect((await alice.api.get(`/api/v1/statuses/${key}`)).visibility).toBe("direct");
    expect((await bob.api.ask("GET", `/api/v1/statuses/${key}`)).status).toBe(404);
  });

  test("what is in a private group is shown to nobody else by an edit", async () => {
    const [alice, bob] = [await newcomer(), await newcomer()];
    const { app } = await house();
    const group = await groupOf(app, `circle${alice.key}`, alice, { access: "private" });
    const post = await alice.note("among us", toMembers(group));
    const key = (await app.federation.look.find(post))?.key;
    const refused = await alice.api.ask("PUT", `/api/v1/statuses/${key}`, { status: `@${bob.name} look` });
    expect(refused.status).toBe(403);
    expect((await bob.api.ask("GET", `/api/v1/statuses/${key}`)).status).toBe(404);
    expect((await alice.api.put(`/api/v1/statuses/${key}`, { status: "still" })).content).toContain("still");
  });

  test("an edit that names no language leaves the post in its own", async () => {
    const [alice, bob] = [await newcomer(), await newcomer()];
    const status = await write(alice, "Guten Tag", { language: "de" });
    const path = `/api/v1/statuses/${status.id}`;
    expect((await alice.api.put(path, { status: "Guten Abend" })).language).toBe("de");
    expect((await alice.api.put(path, { status: "Gute Nacht", language: "" })).language).toBe("de");
    expect((await jsonOf(await bob.read(new URL(status.uri).pathname))).contentMap).toEqual({
      de: "<p>Gute Nacht</p>",
    });
    expect((await alice.api.put(path, { status: "Good night!", language: "en" })).language).toBe("en");
  });

  test("people elsewhere whom an edit names get it and are told, whether the post was there before or not", async () => {
    const world = await fediverse(engine, ["a.test", "b.test"]);
    const alice = await person(world.at("a.test"), "alice", "admin");
    const bob = await person(world.at("b.test"), "bob", "admin");
    const brit = await person(world.at("b.test"), "brit");
    const api = await appOf(alice);
    for (const visibility of ["public", "direct"]) {
      const status = await api.post("/api/v1/statuses", { status: "first", visibility });
      await world.settle();
      world.clock.advance(5_000);
      await api.put(`/api/v1/statuses/${status.id}`, { status: "@bob@b.test second" });
      await world.settle();
      const document = await jsonOf(await alice.read(new URL(status.uri).pathname));
      expect([...[document.to].flat(), ...[document.cc ?? []].flat()]).toContain(bob.iri);
      expect((await bob.sees(status.uri))?.contentHtml).toContain("second");
      expect((await brit.sees(status.uri)) !== null).toBe(visibility === "public");
      expect(await bob.notices()).toEqual(["mention alice@a.test"]);
      world.clock.advance(5_000);
      await api.put(`/api/v1/statuses/${status.id}`, { status: "@bob@b.test @brit@b.test third" });
      await world.settle();
      expect((await brit.sees(status.uri))?.contentHtml).toContain("third");
      expect(await brit.notices()).toEqual(["mention alice@a.test"]);
      expect(await bob.notices()).toHaveLength(1);
      for (const each of [bob, brit]) await (await appOf(each)).post("/api/v1/notifications/clear");
    }
  });
});
