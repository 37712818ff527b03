/** Reports about what is said in a group: seen and closed by those who keep its peace, who are not told who spoke up. */
import { beforeAll, expect, test } from "bun:test";
import { type TestApp, testApp } from "../../server/testing/app.ts";
import { eachEngine } from "../../server/testing/engines.ts";
import { type Person, person } from "../../server/testing/people.ts";
import { ACT } from "../forms.ts";
import { GROUP_NEW } from "../forms-groups.ts";

eachEngine((engine) => {
  let app: TestApp;
  let tina: Person;
  let reporter: Person;
  let mallory: Person;
  let ruth: Person;
  let post = "";
  let key = 0;
  const group = () => `${app.origin}/users/biology`;

  beforeAll(async () => {
    app = await testApp(engine);
    ruth = await person(app, "ruth", "admin");
    tina = await person(app, "tina", "teacher");
    reporter = await person(app, "quentin");
    mallory = await person(app, "mallory");
    const { fields: f } = GROUP_NEW;
    await tina.submit(GROUP_NEW.path, {
      [f.name]: "biology",
      [f.displayName]: "Biology",
      [f.access]: "private",
      [f.joining]: "open",
      [f.posting]: "members",
    });
    for (const who of [reporter, mallory]) await who.act({ type: "Follow", object: group() });
    const written = await mallory.submit(ACT.path, {
      type: "Create",
      content: "Nasty words",
      group: group(),
    });
    expect(written.status).toBe(303);
    const { items } = await app.queries.groupFeed(
      (await app.federation.look.find(group()))?.key ?? 0,
      reporter.key,
      { limit: 5 },
      "newest",
    );
    post = items[0]?.object.iri ?? "";
    const answer = await reporter.submit("/report", {
      object: post,
      category: "other",
      content: "This hurts",
    });
    expect(answer.status).toBe(303);
    await app.worker.drain();
    key = (await app.peace.reports.list({ limit: 1 })).items[0]?.key ?? 0;
  });

  const close = (who: Person, action = "resolve") =>
    who.submit("/groups/reports", {
      group: group(),
      report: String(key),
      action,
      [`outcome-${key}`]: "Talked",
    });

  test("a teacher sees what is reported in her own group, and not by whom", async () => {
    const page = await (await tina.page("/@biology/reports")).text();
    expect(page).toContain("Nasty words");
    expect(page).toContain("This hurts");
    expect(page).toContain("mallory");
    expect(page).not.toContain("quentin");
  });

  test("nobody else sees it, and the teacher sees no others", async () => {
    for (const who of [reporter, mallory]) expect((await who.page("/@biology/reports")).status).toBe(403);
    expect((await tina.page("/admin/reports")).status).toBe(403);
    expect((await tina.page(`/admin/reports/${key}`)).status).toBe(403);
    expect((await close(mallory)).status).toBe(403);
    await reporter.submit("/report", { object: tina.iri, category: "other", content: "Marks" });
    await app.worker.drain();
    expect(await (await tina.page("/@biology/reports")).text()).not.toContain("Marks");
    const other = (await app.peace.reports.list({ limit: 1 })).items[0]?.key ?? 0;
    const stolen = { group: group(), report: String(other), action: "dismiss" };
    expect((await tina.submit("/groups/reports", stolen)).status).toBe(404);
  });

  test("of a report that names what was said outside of the group as well, she sees nothing; the staff see all of it", async () => {
    const letter = await mallory.note("Our little secret", { to: [reporter.iri] });
    await reporter.act({ type: "Flag", object: [post, letter], content: "And in letters" });
    await app.worker.drain();
    const page = await (await tina.page("/@biology/reports")).text();
    for (const words of ["Our little secret", "And in letters"]) expect(page).not.toContain(words);
    const newest = (await app.peace.reports.list({ limit: 1 })).items[0];
    expect(newest?.place).toBeNull();
    const file = await (await ruth.page(`/admin/reports/${newest?.key}`)).text();
    for (const words of ["Our little secret", "And in letters", "Nasty words"]) expect(file).toContain(words);
  });

  test("what is said about herself she neither reads nor closes, but the other one does who keeps the peace", async () => {
    const at = (await app.federation.look.find(group()))?.key ?? 0;
    await app.groups.setRole(tina.key, at, reporter.key, "moderator");
    const audience = { to: [`${group()}/members`], audience: [group()] };
    const { object } = await tina.act({
      type: "Create",
      ...audience,
      object: { type: "Note", content: "You are dumb" },
    });
    await mallory.act({ type: "Flag", object: object?.iri ?? "", content: "She said so to me" });
    await app.worker.drain();
    const [newest] = (await app.peace.reports.list({ limit: 1 })).items;
    expect(newest).toMatchObject({ place: at, about: tina.key });
    const reads = async (who: Person) =>
      (await (await who.page("/@biology/reports")).text()).includes("She said so to me");
    expect([await reads(tina), await reads(reporter)]).toEqual([false, true]);
    const form = { group: group(), report: String(newest?.key), action: "dismiss" };
    expect((await tina.submit("/groups/reports", form)).status).toBe(404);
    expect((await reporter.submit("/groups/reports", form)).status).toBe(303);
    await app.groups.setRole(tina.key, at, reporter.key, "member");
  });

  test("she closes it, and the reporter is told", async () => {
    expect((await close(tina)).status).toBe(303);
    await app.worker.drain();
    expect((await app.peace.reports.get(key)).state).toBe("resolved");
    expect(await reporter.notices()).toContain("mention commons");
    expect(await (await tina.page("/@biology/reports")).text()).not.toContain("Nasty words");
  });
});
