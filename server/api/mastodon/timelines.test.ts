/** Timelines and profiles as apps leaf through them: bounds, links, narrowing, and who is shown what. */
import { expect, test } from "bun:test";
import { PUBLIC } from "../../core/object.ts";
import { testApp } from "../../testing/app.ts";
import { type AppClient, appOf, type Loose } from "../../testing/app-client.ts";
import { onSqlite } from "../../testing/engines.ts";
import { type Person, person } from "../../testing/people.ts";

type Someone = Person & { readonly api: AppClient };

onSqlite((engine) => {
  async function build() {
    const app = await testApp(engine);
    await person(app, "ada", "admin");
    return app;
  }
  let built: ReturnType<typeof build> | undefined;
  const house = () => {
    built ??= build();
    return built;
  };
  let counter = 0;
  async function newcomer(): Promise<Someone> {
    const app = await house();
    app.clock.advance(1_000);
    const made = await person(app, `person${++counter}`);
    return { ...made, api: await appOf(made) };
  }
  async function write(who: Someone, status: string, more: object = {}): Promise<Loose> {
    (await house()).clock.advance(1_000);
    return who.api.post("/api/v1/statuses", { status, ...more });
  }
  const idsOf = (list: Loose): readonly string[] => list.map(({ id }: Loose) => id);

  /** Follows `rel="next"` (or prev) until there is none, as toot does. */
  async function leaf(
    who: Someone,
    path: string,
    rel: "next" | "prev" = "next",
  ): Promise<readonly string[][]> {
    const pages: string[][] = [];
    for (let at: string | null = path; at !== null && pages.length < 20; ) {
      const { body, headers, status } = await who.api.ask("GET", at);
      expect(status).toBe(200);
      if (body.length > 0) pages.push([...idsOf(body)]);
      const link = new RegExp(`<https://pub\\.test([^>]+)>; rel="${rel}"`).exec(headers.get("link") ?? "");
      at = link?.[1] ?? null;
    }
    return pages;
  }

  test("home is leafed through by links and by ids of posts, up and down, and nothing is twice or missing", async () => {
    const alice = await newcomer();
    const ids: string[] = [];
    for (let i = 0; i < 7; i++) ids.unshift((await write(alice, `${i}`)).id);
    const [one = "", two = "", three = "", four = "", five = ""] = ids;
    expect((await leaf(alice, "/api/v1/timelines/home?limit=3")).flat()).toEqual(ids);
    const home = async (query: string) => idsOf(await alice.api.get(`/api/v1/timelines/home?${query}`));
    // Clients that know no links take the id of the post at the edge (Pinafore, Tusky).
    expect(await home(`max_id=${three}&limit=2`)).toEqual([four, five]);
    expect(await home(`since_id=${three}`)).toEqual([one, two]);
    // `since_id` is the newest page above, `min_id` the page just above
    expect(await home(`since_id=${five}&limit=2`)).toEqual([one, two]);
    expect(await home(`min_id=${five}&limit=2`)).toEqual([three, four]);
    expect(await home(`max_id=${one}&since_id=${four}`)).toEqual([two, three]);
    expect(
      (await leaf(alice, `/api/v1/timelines/home?limit=2&max_id=${five}`, "prev")).flat().toSorted(),
    ).toEqual(ids.toSorted());
  });

  test("of a talk home shows what those one follows say to others one follows, to oneself and to themselves", async () => {
    const [alice, bob, carol, dora] = [
      await newcomer(),
      await newcomer(),
      await newcomer(),
      await newcomer(),
    ];
    for (const followed of [bob, carol]) await alice.api.post(`/api/v1/accounts/${followed.key}/follow`);
    await dora.api.post(`/api/v1/accounts/${bob.key}/follow`);
    const answer = async (who: Someone, to: Loose) =>
      write(who, `@${(to.account as Loose).username} sure`, { in_reply_to_id: to.id });
    const [mine, carols, doras] = [
      await write(alice, "mine"),
      await write(carol, "carol's"),
      await write(dora, "dora's"),
    ];
    const toMe = await answer(bob, mine);
    const toCarol = await answer(bob, carols);
    const toDora = await answer(bob, doras);
    const toHimself = await answer(bob, toCarol);
    expect(idsOf(await alice.api.get("/api/v1/timelines/home"))).toEqual(
      [toHimself, toCarol, toMe, carols, mine].map(({ id }) => id),
    );
    expect(idsOf(await dora.api.get("/api/v1/timelines/home"))).toEqual(
      [toHimself, toDora, doras].map(({ id }) => id),
    );
    // Whoever looks for it finds all of it.
    expect(
      idsOf(await alice.api.get(`/api/v1/accounts/${bob.key}/statuses?exclude_replies=false`)),
    ).toContain(toDora.id);
  });

  test("a share in home is bounded by the id of its wrapper", async () => {
    const [alice, bob] = [await newcomer(), await newcomer()];
    await alice.api.post(`/api/v1/accounts/${bob.key}/follow`);
    const other = await newcomer();
    const post = await write(other, "share me");
    (await house()).clock.advance(1_000);
    const wrapper = await bob.api.post(`/api/v1/statuses/${post.id}/reblog`);
    const later = await write(bob, "later");
    const home = await alice.api.get("/api/v1/timelines/home");
    expect(idsOf(home)).toEqual([later.id, wrapper.id]);
    expect(home[1].reblog.id).toBe(post.id);
    expect(idsOf(await alice.api.get(`/api/v1/timelines/home?since_id=${wrapper.id}`))).toEqual([later.id]);
    expect(idsOf(await alice.api.get(`/api/v1/timelines/home?max_id=${wrapper.id}`))).toEqual([]);
  });

  test("public lists hold what is for everybody, narrowed to media, here or elsewhere", async () => {
    const alice = await newcomer();
    const { origin } = await house();
    const plain = await write(alice, "plain");
    await write(alice, "hidden", { visibility: "unlisted" });
    const picture = await alice.act({
      type: "Create",
      to: [PUBLIC],
      object: {
        type: "Note",
        content: "seen",
        attachment: [{ type: "Image", mediaType: "image/png", url: `${origin}/a.png` }],
      },
    });
    const pictureId = String(picture.object?.key);
    const list = async (query: string) =>
      idsOf(await alice.api.get(`/api/v1/timelines/public?since_id=${Number(plain.id) - 1}&${query}`));
    expect(await list("")).toEqual([pictureId, plain.id]);
    expect(await list("local=true")).toEqual([pictureId, plain.id]);
    expect(await list("remote=true")).toEqual([]);
    expect(await list("only_media=1")).toEqual([pictureId]);
  });

  test("a tag's list takes more tags: any, all and none of them", async () => {
    const alice = await newcomer();
    const a = await write(alice, "#apples");
    const b = await write(alice, "#Bananas");
    const both = await write(alice, "#apples and #bananas");
    const list = async (query: string) => idsOf(await alice.api.get(`/api/v1/timelines/tag/${query}`));
    expect(await list("Apples")).toEqual([both.id, a.id]);
    expect(await list("apples?any[]=bananas")).toEqual([both.id, b.id, a.id]);
    expect(await list("apples?any[]=bananas&limit=2")).toEqual([both.id, b.id]);
    expect(await list(`apples?any[]=bananas&min_id=${a.id}&limit=1`)).toEqual([b.id]);
    expect(await list("apples?all[]=bananas")).toEqual([both.id]);
    expect(await list("apples?none[]=bananas")).toEqual([a.id]);
    expect(await list("nothing")).toEqual([]);
  });

  test("a tag is the same however its letters are composed: on its list, at home, on profiles and on pages", async () => {
    const [alice, bob] = [await newcomer(), await newcomer()];
    const [composed, apart] = ["École".normalize("NFC"), "École".normalize("NFD")];
    await bob.api.post(`/api/v1/tags/${encodeURIComponent(apart)}/follow`);
    const posts = [await write(alice, `one #${composed}`), await write(alice, `two #${apart}`)];
    const both = posts.map(({ id }) => id).reverse();
    for (const { tags } of posts) expect(tags).toMatchObject([{ name: composed.toLowerCase() }]);
    for (const name of [composed, apart].map(encodeURIComponent)) {
      expect(idsOf(await bob.api.get(`/api/v1/timelines/tag/${name}`))).toEqual(both);
      expect(idsOf(await bob.api.get(`/api/v1/accounts/${alice.key}/statuses?tagged=${name}`))).toEqual(both);
      expect(await bob.api.get(`/api/v1/tags/${name}`)).toMatchObject({ following: true });
      const page = await (await bob.page(`/tags/${name}`)).text();
      for (const word of ["one", "two"]) expect(page).toContain(`${word} <a`);
    }
    expect(idsOf(await bob.api.get("/api/v1/timelines/home"))).toEqual(both);
  });

  test("bookmarks and favourites are leafed through by links alone", async () => {
    const [alice, bob] = [await newcomer(), await newcomer()];
    const ids: string[] = [];
    for (let i = 0; i < 3; i++) ids.push((await write(bob, `${i}`)).id);
    for (const id of [ids[1], ids[0], ids[2]]) {
      (await house()).clock.advance(1_000);
      await alice.api.post(`/api/v1/statuses/${id}/bookmark`);
      await alice.api.post(`/api/v1/statuses/${id}/favourite`);
    }
    const expected = [ids[2] ?? "", ids[0] ?? "", ids[1] ?? ""];
    expect((await leaf(alice, "/api/v1/bookmarks?limit=1")).flat()).toEqual(expected);
    expect((await leaf(alice, "/api/v1/favourites?limit=2")).flat()).toEqual(expected);
    expect(await bob.api.get("/api/v1/bookmarks")).toEqual([]);
  });

  test("a profile's posts come with or without answers and shares, with media, or with one tag", async () => {
    const [alice, bob] = [await newcomer(), await newcomer()];
    const first = await write(alice, "first #one");
    const other = await write(bob, "other");
    const reply = await write(alice, "reply", { in_reply_to_id: other.id });
    (await house()).clock.advance(1_000);
    const share = await alice.api.post(`/api/v1/statuses/${other.id}/reblog`);
    const list = async (query: string) =>
      idsOf(await bob.api.get(`/api/v1/accounts/${alice.key}/statuses?${query}`));
    expect(await list("")).toEqual([share.id, reply.id, first.id]);
    expect(await list("exclude_replies=true")).toEqual([share.id, first.id]);
    expect(await list("exclude_reblogs=true")).toEqual([reply.id, first.id]);
    expect(await list("tagged=One")).toEqual([first.id]);
    expect(await list("only_media=true")).toEqual([]);
    expect(await list(`max_id=${reply.id}`)).toEqual([first.id]);
  });

  test("people are found by handle, several at once, with what one is to them", async () => {
    const [alice, bob] = [await newcomer(), await newcomer()];
    await alice.api.post(`/api/v1/accounts/${bob.key}/follow`);
    expect((await alice.api.get(`/api/v1/accounts/lookup?acct=${bob.name}`)).id).toBe(String(bob.key));
    expect((await alice.api.get(`/api/v1/accounts/lookup?acct=@${bob.name}@pub.test`)).id).toBe(
      String(bob.key),
    );
    expect((await alice.api.ask("GET", "/api/v1/accounts/lookup?acct=nobody")).status).toBe(404);
    const two = await alice.api.get(`/api/v1/accounts?id[]=${bob.key}&id[]=${alice.key}&id[]=1`);
    expect(idsOf(two)).toEqual([String(bob.key), String(alice.key)]);
    // `id[]=` and Pinafore's bare `id=`; one entry for each
    for (const query of [`id[]=${bob.key}&id[]=${alice.key}`, `id%5B%5D=${bob.key}&id[]=${alice.key}`]) {
      const known = await alice.api.get(`/api/v1/accounts/relationships?${query}`);
      expect(known.map(({ id, following }: Loose) => [id, following])).toEqual([
        [String(bob.key), true],
        [String(alice.key), false],
      ]);
    }
    expect(await alice.api.get(`/api/v1/accounts/relationships?id=${bob.key}`)).toHaveLength(1);
    expect(idsOf(await bob.api.get(`/api/v1/accounts/${bob.key}/followers`))).toEqual([String(alice.key)]);
    expect(idsOf(await bob.api.get(`/api/v1/accounts/${alice.key}/following`))).toEqual([String(bob.key)]);
    const seen = await alice.api.get(`/api/v1/accounts/${bob.key}`);
    expect(seen).toMatchObject({ followers_count: 1, following_count: 0, statuses_count: 0 });
  });
});
