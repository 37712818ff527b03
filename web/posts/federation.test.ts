/** The pages about other servers, as those who run this one use them. */
import { beforeAll, expect, test } from "bun:test";
import { type TestApp, testApp } from "../../server/testing/app.ts";
import { eachEngine } from "../../server/testing/engines.ts";
import { type Person, person } from "../../server/testing/people.ts";

eachEngine((engine) => {
  let app: TestApp;
  let ada: Person;
  let max: Person;
  let mia: Person;

  beforeAll(async () => {
    app = await testApp(engine);
    ada = await person(app, "ada", "admin");
    max = await person(app, "max", "moderator");
    mia = await person(app, "mia");
  });

  const to = (answer: Response) => answer.headers.get("location");
  const rules = async () =>
    [...(await app.opened.domains.all()).values()].map(({ domain, level }) => `${domain} ${level}`);
  const rule = (domain: string, more: Record<string, string> = {}) => ({ domain, level: "block", ...more });

  test("an admin makes a rule, finds it, and removes it; everybody reads in the record why", async () => {
    const made = await ada.submit(
      "/admin/federation/rule",
      rule("https://EVIL.test./", { noReports: "yes", publicComment: "Spam <b>", privateComment: "secret" }),
    );
    expect([made.status, to(made)]).toEqual([303, "/admin/federation"]);
    const found = await (await ada.page("/admin/federation?q=EVIL.test.&level=block")).text();
    expect(found).toContain("evil.test");
    expect(found).toContain("secret");
    expect(found).toContain("Spam &lt;b>");
    expect(await (await ada.page("/admin/federation?q=%25")).text()).toContain("No domain fits");

    const open = await (await app.ask("/about/record", { headers: { accept: "text/html" } })).text();
    expect(open).toContain("evil.test");
    expect(open).toContain("Spam &lt;b>");
    expect(open).not.toContain("secret");
    expect(open).not.toContain("ada");
    expect(await (await ada.page("/admin/record")).text()).toContain("@ada");

    const holds = await (await app.ask("/about/servers", { headers: { accept: "text/html" } })).text();
    expect(holds).toContain("evil.test");
    expect(holds).toContain("Spam &lt;b>");
    expect(holds).not.toContain("secret");
    await ada.submit("/admin/federation", { action: "remove", domain: "evil.test" });
    expect(await rules()).toEqual([]);
  });

  test("what is typed wrongly is shown again with a sentence at its place", async () => {
    for (const [fields, sentence] of [
      [rule("not a domain"), "This is not a domain"],
      [rule("pub.test"), "own domain"],
      [{ domain: "evil.test" }, "Choose what the rule does"],
      [rule("evil.test", { publicComment: "x".repeat(1001) }), "at most 1000"],
    ] as const) {
      const answer = await ada.submit("/admin/federation/rule", fields);
      expect([answer.status, (await answer.text()).includes(sentence)]).toEqual([422, true]);
    }
    expect(await rules()).toEqual([]);
  });

  test("a block that ends followings is asked for once more, with their number", async () => {
    const { core, look } = app.federation;
    const { db, keys } = app.opened;
    const { insertObject, upsertActor } = await import("../../server/core/store-writes.ts");
    const { hostKey } = await import("../../server/core/store.ts");
    const key = keys.next();
    const iri = "https://sub.evil.test/users/eve";
    await db.batch([
      insertObject({
        key,
        iri,
        host: await hostKey(db, "sub.evil.test"),
        kind: "actor",
        type: "Person",
        owner: null,
        subject: null,
        visibility: "public",
        document: { id: iri, type: "Person", inbox: `${iri}/inbox` },
        updatedMs: null,
        fetchedMs: null,
      }),
      upsertActor(key, { handle: "eve@sub.evil.test", inbox: `${iri}/inbox`, sharedInbox: null }),
    ]);
    const { activity } = await core.act(mia.key, { type: "Follow", object: iri });
    await core.receive(
      { id: `${iri}/accept`, type: "Accept", actor: iri, object: activity.id ?? "" },
      { sender: iri },
    );
    expect(await mia.knows(iri)).toMatchObject({ following: "yes" });

    const asked = await ada.submit("/admin/federation/rule", rule("evil.test"));
    const text = await asked.text();
    expect(asked.status).toBe(200);
    expect(text).toContain("1 following ends");
    expect(await rules()).toEqual([]);
    await ada.submit("/admin/federation/rule", rule("evil.test", { confirmed: "yes" }));
    expect(await rules()).toEqual(["evil.test block"]);
    await app.worker.drain();
    expect((await look.find(iri))?.key).toBe(key);
    expect(await mia.knows(iri)).toMatchObject({ following: "no" });
    expect(await (await mia.page("/settings/severed")).text()).toContain("@eve@sub.evil.test");
    expect(await (await ada.page("/settings/severed")).text()).not.toContain("@eve");
    await ada.submit("/admin/federation", { action: "remove", domain: "evil.test" });
  });

  test("a file is read in as a draft, accepted, and written again", async () => {
    const file = new File(
      ["#domain,#severity\nevil.test,suspend\nloud.test,silence\nexa***.com,suspend\n"],
      "list.csv",
    );
    const read = await ada.submit("/admin/federation/lists", { action: "read", plain: "block" }, { file });
    expect(to(read)).toStartWith("/admin/federation/draft?list=");
    const draft = await (await ada.page(to(read) ?? "")).text();
    expect(draft).toContain("loud.test");
    expect(draft).toContain("1 name is hidden in part");
    expect(await rules()).toEqual([]);
    const list = new URL(to(read) ?? "", app.origin).searchParams.get("list") ?? "";
    await ada.submit("/admin/federation/lists", { action: "accept", list });
    expect(await rules()).toEqual(["evil.test block", "loud.test limit"]);
    const saved = await ada.page("/admin/federation/export/mastodon-blocks");
    expect(saved.headers.get("content-disposition")).toContain("blocked-domains.csv");
    expect(await saved.text()).toContain("loud.test,silence,false,false,,false\n");
    expect((await ada.page("/admin/federation/export/other")).status).toBe(404);
  });

  test("a file with a fault says where, and no file is asked for one", async () => {
    const file = new File(["evil.test\nnot a domain\n"], "list.csv");
    const wrong = await ada.submit("/admin/federation/lists", { action: "read" }, { file });
    expect([wrong.status, (await wrong.text()).includes("Line 2")]).toEqual([422, true]);
    const none = await ada.submit("/admin/federation/lists", { action: "read" });
    expect([none.status, (await none.text()).includes("Choose a file")]).toEqual([422, true]);
  });

  test("the switch holds at once, and is written down", async () => {
    expect(to(await ada.submit("/admin/federation", { action: "mode", mode: "closed" }))).toBe(
      "/admin/federation",
    );
    expect(app.opened.gate.mode()).toBe("closed");
    expect((await app.ask("/.well-known/nodeinfo")).status).toBe(403);
    await ada.submit("/admin/federation", { action: "mode", mode: "open" });
    expect((await app.ask("/.well-known/nodeinfo")).status).toBe(200);
    expect(await (await ada.page("/about/record")).text()).toContain("Switch turned: closed");
    expect((await ada.submit("/admin/federation", { action: "mode", mode: "maybe" })).status).toBe(400);
  });

  test("whom this server trusts is told to nobody", async () => {
    await ada.submit("/admin/federation/rule", rule("friend.test", { level: "allow" }));
    await ada.submit("/admin/federation", { action: "remove", domain: "friend.test" });
    await ada.submit("/admin/federation/rule", rule("friend.test", { level: "allow" }));
    for (const path of ["/about/servers", "/about/record"])
      expect(await (await mia.page(path)).text()).not.toContain("friend.test");
    expect(await (await ada.page("/admin/record")).text()).toContain("friend.test");
  });

  const pages = ["", "/rule", "/lists", "/export/mastodon-blocks"].map((path) => `/admin/federation${path}`);
  test("moderators decide as well, the switch is for admins, and members and strangers see nothing of it", async () => {
    for (const path of [...pages, "/admin/record"]) {
      expect([path, (await max.page(path)).status, (await mia.page(path)).status]).toEqual([path, 200, 403]);
      expect([303, 401]).toContain((await app.ask(path, { headers: { accept: "text/html" } })).status);
    }
    const before = await rules();
    expect((await mia.submit("/admin/federation/rule", rule("x.test"))).status).toBe(403);
    expect((await mia.submit("/admin/federation/lists", { action: "read" })).status).toBe(403);
    for (const who of [max, mia])
      expect((await who.submit("/admin/federation", { action: "mode", mode: "closed" })).status).toBe(403);
    expect([await rules(), app.opened.gate.mode()]).toEqual([before, "open"]);
    expect((await max.submit("/admin/federation/rule", rule("x.test"))).status).toBe(303);
    expect(await rules()).toContain("x.test block");
  });
});
