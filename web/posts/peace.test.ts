/** From a report to its end, as people click it: reporting, deciding, being told, answering, and being closed out. */
import { beforeAll, describe, expect, test } from "bun:test";
import { appOf, type Loose } from "../../server/testing/app-client.ts";
import { eachEngine } from "../../server/testing/engines.ts";
import { type Fediverse, fediverse } from "../../server/testing/fediverse.ts";
import { PASSWORD, type Person, person } from "../../server/testing/people.ts";
import { words } from "../words/index.ts";

const PUBLIC = "https://www.w3.org/ns/activitystreams#Public";

eachEngine((engine) => {
  let world: Fediverse;
  let ruth: Person;
  let mod: Person;
  let alice: Person;
  let mallory: Person;

  beforeAll(async () => {
    world = await fediverse(engine, ["a.test"]);
    ruth = await person(world.at("a.test"), "ruth", "admin");
    mod = await person(world.at("a.test"), "molly", "moderator");
    alice = await person(world.at("a.test"), "alice");
    mallory = await person(world.at("a.test"), "mallory");
    await world.at("a.test").opened.accounts.settings.set({ rules: "Be kind\nNo advertising" }, null);
    const account = await world.at("a.test").opened.accounts.people.find(alice.key);
    if (account) await world.at("a.test").opened.accounts.people.setLocale(account, "de");
  });

  const app = () => world.at("a.test");
  const text = async (who: Person, path: string) => (await who.page(path)).text();
  const newest = async () => (await app().peace.reports.list({ limit: 1 })).items[0];
  /** Files a report and gives its key. */
  const filed = async (object: string, more: Record<string, string> = {}) => {
    const answer = await alice.submit("/report", {
      object,
      category: "rule",
      rule: "Be kind",
      content: "Rude",
      ...more,
    });
    expect(answer.status).toBe(303);
    await world.settle();
    return (await newest())?.key ?? 0;
  };
  const decide = async (who: Person, fields: Record<string, string>) => {
    const answer = await who.submit("/admin/sanctions", {
      action: "impose",
      actor: String(mallory.key),
      ...fields,
    });
    await world.settle();
    return answer.status;
  };
  /** Texts that the server itself sent to somebody, newest first. */
  const told = async (who: Person) => {
    const { items } = await app().queries.notices(who.key, { limit: 10 });
    return items.flatMap(({ actor, object }) =>
      actor.handle === "commons" && object ? [object.contentHtml.replace(/<[^>]+>/g, " ")] : [],
    );
  };

  test("a report asks for its kind, and shows the form again with what was typed", async () => {
    const answer = await alice.submit("/report", { object: mallory.iri, content: "kept words" });
    expect(answer.status).toBe(422);
    expect(await answer.text()).toContain("kept words");
  });

  test("the page of a report has everything on it, for the staff alone", async () => {
    const post = await mallory.note("Go <b>away</b>", { to: [PUBLIC] });
    const key = await filed(post);
    const page = await text(mod, `/admin/reports/${key}`);
    for (const part of ["Rude", "Be kind", "alice", "away", "@mallory", "What was decided before"]) {
      expect([part, page.includes(part)]).toEqual([part, true]);
    }
    expect((await alice.page(`/admin/reports/${key}`)).status).toBe(403);
    expect((await alice.submit("/admin/reports", { report: String(key), action: "take" })).status).toBe(403);
    expect(await text(mod, "/admin")).toContain("waits for you");
  });

  test("the reporter is told what came of it, in their own language, and nobody else is", async () => {
    const key = await filed(mallory.iri);
    await mod.submit("/admin/reports", { report: String(key), action: "take" });
    await mod.submit("/admin/reports", { report: String(key), action: "note", note: "Talked to her" });
    const answer = await mod.submit("/admin/reports", {
      report: String(key),
      action: "resolve",
      outcome: "She says sorry",
    });
    expect(answer.status).toBe(303);
    await world.settle();
    expect((await told(alice))[0]).toContain("She says sorry");
    expect((await told(alice))[0]).toContain("Du hast @mallory gemeldet");
    expect(await told(mallory)).toEqual([]);
    expect(await text(mod, `/admin/reports/${key}`)).toContain("Talked to her");
    expect(await text(mod, "/admin/reports?state=closed")).toContain(`/admin/reports/${key}`);
  });

  test("nobody decides about themselves or about those of their own rank or above", async () => {
    const about = (actor: Person) => ({ actor: String(actor.key), kind: "warn", text: "Stop" });
    expect(await decide(mod, about(mod))).toBe(403);
    expect(await decide(mod, about(ruth))).toBe(403);
    expect(await decide(alice, about(mallory))).toBe(403);
    expect(await decide(mod, about(mallory))).toBe(303);
    expect(await text(mod, `/admin/people/${ruth.key}`)).not.toContain('name="kind"');
    expect(await text(mod, `/admin/people/${mallory.key}`)).toContain('name="kind"');
  });

  test("the person is told, answers once, and is told again", async () => {
    expect(await decide(mod, { kind: "limit", text: "Too loud" })).toBe(303);
    expect((await told(mallory))[0]).toContain("Too loud");
    const [sanction] = await app().peace.sanctions.of(mallory.key);
    const key = String(sanction?.key);
    expect(await text(mallory, "/settings/standing")).toContain("Too loud");
    expect(
      (await mallory.submit("/settings/standing", { sanction: key, [`appeal-${key}`]: "I whispered" }))
        .status,
    ).toBe(303);
    expect(
      (await mallory.submit("/settings/standing", { sanction: key, [`appeal-${key}`]: "Again" })).status,
    ).toBe(409);
    expect(await text(mod, "/admin/reports")).toContain("I whispered");
    const answer = { action: "grant", sanction: key, [`answer-${key}`]: "You did", return: "/admin/reports" };
    expect((await mod.submit("/admin/sanctions", answer)).status).toBe(303);
    await world.settle();
    expect((await told(mallory))[0]).toContain("You did");
    expect((await app().peace.sanctions.find(sanction?.key ?? 0))?.liftedMs).not.toBeNull();
  });

  test("who decided may give in, but another of the staff says no; an admin may alone", async () => {
    const appealedBy = async (who: Person) => {
      expect(await decide(who, { kind: "warn", text: "Mind your words" })).toBe(303);
      const [sanction] = await app().peace.sanctions.of(mallory.key);
      const key = String(sanction?.key);
      await mallory.submit("/settings/standing", { sanction: key, [`appeal-${key}`]: "I did" });
      return key;
    };
    const refuses = async (who: Person, key: string) => {
      const fields = { action: "refuse", sanction: key, [`answer-${key}`]: "No", return: "/admin/reports" };
      return (await who.submit("/admin/sanctions", fields)).status;
    };
    const no = 'value="refuse"';
    const first = await appealedBy(mod);
    expect(await text(mod, "/admin/reports")).not.toContain(no);
    expect(await text(mod, "/admin/reports")).toContain(words("en").sanctions.refuseByOthers);
    expect(await refuses(mod, first)).toBe(403);
    const unsaid = await mod.submit("/admin/sanctions", {
      ...{ action: "grant", sanction: first, [`answer-${first}`]: " ", return: "/admin/reports" },
    });
    expect([unsaid.status, (await unsaid.text()).includes("Write something first.")]).toEqual([422, true]);
    expect(await text(ruth, "/admin/reports")).toContain(no);
    expect(await refuses(ruth, first)).toBe(303);
    const second = await appealedBy(ruth);
    expect(await text(mod, "/admin/reports")).toContain(no);
    expect(await refuses(ruth, second)).toBe(303);
    await world.settle();
    expect((await told(mallory))[0]).toContain("Their decision stays");
  });

  test("a decision without words is asked for again, on the page where it was made", async () => {
    const answer = await mod.submit("/admin/sanctions", {
      action: "impose",
      actor: String(mallory.key),
      kind: "warn",
      text: " ",
    });
    expect(answer.status).toBe(422);
    expect(await answer.text()).toContain("Write something first.");
  });

  test("a post is hidden from its report", async () => {
    const post = await mallory.note("Hide this", { to: [PUBLIC] });
    const report = await filed(post);
    const object = String((await app().federation.look.find(post))?.key);
    const fields = {
      kind: "hide",
      object,
      text: "Rule 1",
      report: String(report),
      return: `/admin/reports/${report}`,
    };
    expect(await decide(mod, fields)).toBe(303);
    expect((await app().federation.look.find(post))?.deletedMs).not.toBeNull();
    expect(await text(mod, `/admin/reports/${report}`)).toContain("Hide this");
  });

  describe("whoever is suspended", () => {
    /** A form of somebody without a session. */
    const posted = async (path: string, fields: Record<string, string>) => {
      const page = await app().ask(path);
      const cookie = (page.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
      const csrf = /name="csrf" value="([^"]+)"/.exec(await page.text())?.[1] ?? "";
      return app().ask(path, {
        method: "POST",
        headers: { cookie, "sec-fetch-site": "same-origin" },
        body: new URLSearchParams({ csrf, ...fields }),
      });
    };
    const answered = (fields: Record<string, string>) => posted("/appeal", fields);

    test("cannot sign in, and answers by name and password", async () => {
      expect(await decide(ruth, { kind: "suspend", text: "Enough" })).toBe(303);
      const door = await posted("/sign-in", { name: "mallory", password: PASSWORD });
      expect(door.status).toBe(401);
      expect(await door.text()).toContain('href="/appeal"');
      const stranger = await posted("/sign-in", { name: "mallory", password: "wrong" });
      expect(await stranger.text()).not.toContain('href="/appeal"');
      const wrong = await answered({ name: "mallory", password: "wrong", appeal: "x" });
      expect(wrong.status).toBe(401);
      const open = await answered({ name: "alice", password: PASSWORD, appeal: "x" });
      expect(open.status).toBe(409);
      const sent = await answered({ name: "@Mallory", password: PASSWORD, appeal: "Let me back" });
      expect(sent.status).toBe(200);
      const again = await answered({ name: "mallory", password: PASSWORD, appeal: "Twice" });
      expect(again.status).toBe(409);
      expect(await text(ruth, "/admin/reports")).toContain("Let me back");
    });

    test("stays on the page of the staff, and comes back when that is taken back", async () => {
      const page = await text(ruth, `/admin/people/${mallory.key}`);
      expect(page).toContain("@mallory");
      expect((await alice.page("/@mallory")).status).toBe(404);
      const [sanction] = await app().peace.sanctions.of(mallory.key);
      const key = String(sanction?.key);
      expect((await ruth.submit("/admin/sanctions", { action: "lift", sanction: key })).status).toBe(303);
      await world.settle();
      expect((await alice.page("/@mallory")).status).toBe(200);
    });
  });

  test("what is said about a moderator is for the others of the staff, and for no program of theirs", async () => {
    const key = await filed(mod.iri, { content: "Molly shouts" });
    const one = `/admin/reports/${key}`;
    expect(await text(ruth, one)).toContain("Molly shouts");
    expect(await text(ruth, "/admin/reports")).toContain(one);
    expect(await text(mod, "/admin/reports")).not.toContain(one);
    expect((await mod.page(one)).status).toBe(404);
    const form = { report: String(key), action: "dismiss", outcome: "Nothing" };
    expect((await mod.submit("/admin/reports", form)).status).toBe(404);
    const theirs = await appOf(mod, "admin:read admin:write");
    const listed = await theirs.get("/api/v1/admin/reports");
    expect(listed.map(({ id }: Loose) => id)).not.toContain(String(key));
    expect((await theirs.ask("GET", `/api/v1/admin/reports/${key}`)).status).toBe(404);
    expect((await theirs.ask("POST", `/api/v1/admin/reports/${key}/resolve`)).status).toBe(404);
    expect((await app().peace.reports.get(key)).state).toBe("open");
    const heard = async (who: Person) =>
      (await who.notices()).filter((line) => line === "report alice").length;
    expect(await heard(ruth)).toBe((await heard(mod)) + 1);
    expect((await ruth.submit("/admin/reports", form)).status).toBe(303);
  });

  test("everything that the staff did is written down", async () => {
    const record = await text(ruth, "/admin/record");
    for (const word of ["Measure taken", "Measure lifted", "Appeal answered", "Report"]) {
      expect([word, record.includes(word)]).toEqual([word, true]);
    }
  });

  test("an audit line is written with the act, or neither is", async () => {
    const before = await text(ruth, "/admin/record");
    expect(await decide(mod, { kind: "nonsense", text: "x" })).toBe(422);
    expect((await text(ruth, "/admin/record")).length).toBe(before.length);
  });
});
