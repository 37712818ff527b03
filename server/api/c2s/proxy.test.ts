/** What a client may fetch through its server. */
import { expect, test } from "bun:test";
import { PUBLIC } from "../../core/object.ts";
import { ACTIVITY_JSON } from "../../http/negotiate.ts";
import { onSqlite } from "../../testing/engines.ts";
import { fediverse } from "../../testing/fediverse.ts";
import { jsonOf, type Person, person } from "../../testing/people.ts";

onSqlite((engine) => {
  async function build() {
    const world = await fediverse(engine, ["a.test", "b.test"]);
    const alice = await person(world.at("a.test"), "alice", "admin");
    const bob = await person(world.at("b.test"), "bob", "admin");
    return { world, alice, bob };
  }
  let built: ReturnType<typeof build> | undefined;
  /** One for all tests: keys of actors take long to make. */
  const twoHouses = () => {
    built ??= build();
    return built;
  };

  const proxy = (asker: Person, id: string, authorization = asker.bearer) =>
    asker.app.ask("/api/c2s/proxy", {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded", authorization },
      body: new URLSearchParams({ id }),
    });

  test("an actor's endpoints name it", async () => {
    const { alice } = await twoHouses();
    expect(await jsonOf(await alice.read("/users/alice"))).toMatchObject({
      endpoints: {
        proxyUrl: "https://a.test/api/c2s/proxy",
        uploadMedia: "https://a.test/api/c2s/upload",
      },
    });
  });

  test("actors, objects, activities and collections elsewhere are fetched", async () => {
    const { alice, bob } = await twoHouses();
    const { activity, object } = await bob.act({ type: "Note", content: "Hi", to: [PUBLIC] });
    const iri = object?.iri ?? "";
    const answer = await proxy(alice, bob.iri);
    expect([answer.status, answer.headers.get("content-type")]).toEqual([200, ACTIVITY_JSON]);
    expect(await jsonOf(answer)).toMatchObject({ id: bob.iri, type: "Person", preferredUsername: "bob" });
    expect(await jsonOf(await proxy(alice, iri))).toMatchObject({ id: iri, content: "Hi" });
    expect(await jsonOf(await proxy(alice, String(activity.id)))).toMatchObject({
      type: "Create",
      actor: bob.iri,
    });
    expect(await jsonOf(await proxy(alice, `${bob.iri}/outbox`))).toMatchObject({
      id: `${bob.iri}/outbox`,
      type: "OrderedCollection",
    });
  });

  test("what is here is given as its reader may see it", async () => {
    const { world, alice, bob } = await twoHouses();
    const carol = await person(world.at("a.test"), "carol");
    const here = await alice.note("only carol", { to: [carol.iri] });
    const there = await bob.note("only alice", { to: [alice.iri] });
    await world.settle();
    expect((await proxy(carol, here)).status).toBe(200);
    expect((await proxy(alice, there)).status).toBe(200);
    expect((await proxy(carol, there)).status).toBe(404);
  });

  test("what is not there, not for the asker, not ActivityPub or not an address cannot be told apart from outside", async () => {
    const { world, alice, bob } = await twoHouses();
    const secret = await bob.note("only mine", { to: [bob.iri] });
    const deleted = await bob.note("gone", { to: [PUBLIC] });
    await proxy(alice, deleted);
    await bob.act({ type: "Delete", object: deleted });
    await world.settle();
    world.join("page.test", async () => new Response("<p>", { headers: { "content-type": "text/html" } }));
    world.join(
      "liar.test",
      async () =>
        new Response(JSON.stringify({ id: `${bob.iri}/followers`, type: "Collection", totalItems: 9 }), {
          headers: { "content-type": ACTIVITY_JSON },
        }),
    );
    const cases: [id: string, status: number][] = [
      [secret, 404],
      [`${bob.app.origin}/objects/1`, 404],
      [`${alice.app.origin}/objects/1`, 404],
      [`${alice.iri}/blocked`, 404],
      ["https://nobody.test/x", 404],
      ["https://page.test/", 404],
      ["https://liar.test/followers", 404],
      ["", 400],
      ["/users/bob", 400],
      ["file:///etc/passwd", 400],
      ["https://user:secret@b.test/users/bob", 400],
    ];
    for (const [id, status] of cases) expect([id, (await proxy(alice, id)).status]).toEqual([id, status]);
    expect(alice.app.warnings()).toEqual([]);
  });

  test("who of us follows somebody elsewhere is asked for nobody, however the address is written", async () => {
    const { world, alice } = await twoHouses();
    const asked: string[] = [];
    world.join("list.test", async ({ url }) => {
      asked.push(url);
      const list = { id: url, type: "OrderedCollection", orderedItems: [alice.iri] };
      return new Response(JSON.stringify(list), { headers: { "content-type": ACTIVITY_JSON } });
    });
    for (const path of [
      "followers_synchronization",
      "followers-synchronization",
      "Followers%5Fsynchronization?page=1",
      "followersSynchronisation/",
    ])
      expect([path, (await proxy(alice, `https://list.test/u/${path}`)).status]).toEqual([path, 404]);
    expect(asked).toEqual([]);
    expect((await proxy(alice, "https://list.test/u/followers")).status).toBe(200);
  });

  test("an address inside is never asked", async () => {
    const { world, alice } = await twoHouses();
    let asked = 0;
    const inside = async () => {
      asked++;
      return new Response("{}", { headers: { "content-type": ACTIVITY_JSON } });
    };
    world.join("inside.test", inside, ["127.0.0.1"]);
    for (const id of [
      "https://inside.test/x",
      "https://127.0.0.1/x",
      "https://[::1]/x",
      "http://localhost/x",
    ]) {
      expect((await proxy(alice, id)).status).toBeOneOf([400, 404]);
    }
    expect(asked).toBe(0);
  });

  test("it needs a token that may", async () => {
    const { alice, bob } = await twoHouses();
    expect((await proxy(alice, bob.iri, "")).status).toBe(401);
    expect((await proxy(alice, bob.iri, await alice.tokenFor("read:inbox write"))).status).toBe(403);
    expect((await proxy(alice, bob.iri, await alice.tokenFor("read:proxy"))).status).toBe(200);
  });
});
