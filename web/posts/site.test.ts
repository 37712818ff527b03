/** Posts for later, announcements, emoji and trends, as a browser sends and shows them. */

import { expect, test } from "bun:test";
import { failScheduled } from "../../server/accounts/store-scheduled.ts";
import { PUBLIC } from "../../server/core/object.ts";
import { DAY_MS } from "../../server/lib/durations.ts";
import { testApp } from "../../server/testing/app.ts";
import { onSqlite } from "../../server/testing/engines.ts";
import { type Person, person } from "../../server/testing/people.ts";
import { ACT } from "../forms.ts";
import {
  ADMIN_ANNOUNCEMENTS,
  ADMIN_EMOJI,
  ADMIN_TRENDS,
  ANNOUNCEMENTS,
  EMOJI_LIST,
  NOTICE_POLICY,
  PUBLISH_AT,
  SCHEDULED,
  zoneOf,
} from "../forms-site.ts";

/** One red pixel. */
const PIXEL =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==";

onSqlite((engine) => {
  async function build() {
    const app = await testApp(engine);
    const ada = await person(app, "ada", "admin");
    const bob = await person(app, "bob");
    return { app, ada, bob };
  }
  let built: ReturnType<typeof build> | undefined;
  const house = () => {
    built ??= build();
    return built;
  };
  const show = async (who: Person, path: string) => (await who.page(path)).text();
  /** On a clock that is two hours ahead of UTC. */
  const at = async (ms: number) => {
    const there = (await house()).app.clock.now() + ms + 2 * 3600_000;
    return { [PUBLISH_AT]: new Date(there).toISOString().slice(0, 16), [zoneOf(PUBLISH_AT)]: "-120" };
  };
  const write = async (who: Person, content: string, when: Record<string, string>) =>
    who.submit(ACT.path, { [ACT.fields.type]: "Create", [ACT.fields.content]: content, ...when });

  test("a post that is put off waits on its page, is moved, and is published on the writer's own clock", async () => {
    const { app, bob } = await house();
    const kept = await write(bob, "See you tomorrow", await at(DAY_MS));
    expect([kept.status, kept.headers.get("location")]).toEqual([303, SCHEDULED.path]);
    const page = await show(bob, SCHEDULED.path);
    expect(page).toContain("See you tomorrow");
    const post = /name="post" value="(\d+)"/.exec(page)?.[1] ?? "";
    await bob.submit(SCHEDULED.path, {
      [SCHEDULED.fields.action]: SCHEDULED.actions.move,
      [SCHEDULED.fields.post]: post,
      ...(await at(2 * DAY_MS)),
    });
    app.clock.advance(DAY_MS + 60_000);
    await app.worker.drain();
    expect(await bob.home()).toEqual([]);
    app.clock.advance(DAY_MS);
    await app.worker.drain();
    expect(await bob.home()).toEqual(["See you tomorrow"]);
    expect(await show(bob, SCHEDULED.path)).toContain("No post is waiting");
  });

  test("what waits is listed in the order in which it is due, page by page", async () => {
    const { app } = await house();
    const fay = await person(app, "fay");
    const days = Array.from({ length: 23 }, (_, day) => day + 1);
    for (const day of [...days.slice(2), 2, 1]) await write(fay, `Lesson ${day}.`, await at(day * DAY_MS));
    const listed = (page: string) => [...page.matchAll(/Lesson (\d+)\./g)].map(([, day]) => Number(day));
    const first = await show(fay, SCHEDULED.path);
    expect(listed(first)).toEqual(days.slice(0, 20));
    const more = /href="(\/scheduled\?[^"]*)" rel="next"/.exec(first)?.[1] ?? "";
    const second = await show(fay, more);
    expect([listed(second), second.includes("That is everything.")]).toEqual([days.slice(20), true]);
    expect(await show(fay, `${SCHEDULED.path}?after=9999999999999-1`)).not.toContain("No post is waiting");
  });

  test("what could not be published is said at home until it is put off again or given up", async () => {
    const { app } = await house();
    const gus = await person(app, "gus");
    const said = "could not be published";
    for (const text of ["One", "Two"]) await write(gus, text, await at(DAY_MS));
    expect(await show(gus, "/")).not.toContain(said);
    const keys = [...(await show(gus, SCHEDULED.path)).matchAll(/id="when-(\d+)"/g)].map(([, key]) =>
      Number(key),
    );
    await app.opened.db.batch(keys.map((key) => failScheduled(key, "The account is closed.")));
    const home = await show(gus, "/");
    expect(home).toContain(`2 posts that you wrote for later ${said}.`);
    expect(home).toContain(`href="${SCHEDULED.path}"`);
    const [one, two] = keys.map((key) => ({ [SCHEDULED.fields.post]: String(key) }));
    const { action } = SCHEDULED.fields;
    await gus.submit(SCHEDULED.path, { [action]: SCHEDULED.actions.move, ...one, ...(await at(2 * DAY_MS)) });
    expect(await show(gus, "/")).toContain(`1 post that you wrote for later ${said}.`);
    await gus.submit(SCHEDULED.path, { [action]: SCHEDULED.actions.cancel, ...two });
    expect(await show(gus, "/")).not.toContain(said);
  });

  test("a time that is too soon, or none, is said at its field with all that was typed", async () => {
    const { bob } = await house();
    const soon = await write(bob, "Hurry up", await at(60_000));
    const page = await soon.text();
    expect([soon.status, page.includes("five minutes"), page.includes("Hurry up")]).toEqual([
      422,
      true,
      true,
    ]);
    const never = await write(bob, "Never", { [PUBLISH_AT]: "tomorrow" });
    expect([never.status, (await never.text()).includes("Choose a day")]).toEqual([422, true]);
    await write(bob, "Perhaps", await at(DAY_MS));
    const post = /name="post" value="(\d+)"/.exec(await show(bob, SCHEDULED.path))?.[1] ?? "";
    const move = { [SCHEDULED.fields.action]: SCHEDULED.actions.move, [SCHEDULED.fields.post]: post };
    const moved = await bob.submit(SCHEDULED.path, { ...move, ...(await at(0)) });
    expect([moved.status, (await moved.text()).includes("five minutes")]).toEqual([422, true]);
    await bob.submit(SCHEDULED.path, {
      [SCHEDULED.fields.action]: SCHEDULED.actions.cancel,
      [SCHEDULED.fields.post]: post,
    });
    expect(await show(bob, SCHEDULED.path)).not.toContain("Perhaps");
  });

  test("nothing is announced until a time that is over, but what was over may be changed", async () => {
    const { app, ada } = await house();
    const { path, fields, actions } = ADMIN_ANNOUNCEMENTS;
    const announce = (ends: number, more: Record<string, string> = {}) =>
      ada.submit(path, {
        [fields.action]: actions.save,
        [fields.text]: "School is closed",
        [fields.ends]: new Date(ends).toISOString().slice(0, 16),
        ...more,
      });
    const refused = await announce(app.clock.now() - DAY_MS);
    expect(refused.status).toBe(422);
    expect(await refused.text()).toContain("Choose a time to come.");
    expect(await show(ada, path)).toContain("Nothing is announced");
    const end = app.clock.now() + DAY_MS;
    expect((await announce(end)).status).toBe(303);
    app.clock.advance(2 * DAY_MS);
    const [, key = ""] = /announcement=(\d+)/.exec(await show(ada, path)) ?? [];
    const again = { [fields.announcement]: key, [fields.text]: "School was closed" };
    expect((await announce(end, again)).status).toBe(303);
    expect((await announce(end + 60_000, again)).status).toBe(422);
    await ada.submit(path, { [fields.action]: actions.remove, [fields.announcement]: key });
  });

  test("an announcement stands on top of home until it is put aside", async () => {
    const { ada, bob } = await house();
    const { path, fields, actions } = ADMIN_ANNOUNCEMENTS;
    const saved = await ada.submit(path, {
      [fields.action]: actions.save,
      [fields.text]: "No school on **Friday**",
    });
    expect(saved.status).toBe(303);
    const home = await show(bob, "/");
    expect(home).toContain("<strong>Friday</strong>");
    const key = /name="announcement" value="(\d+)"/.exec(home)?.[1] ?? "";
    await bob.submit(ANNOUNCEMENTS.path, { [ANNOUNCEMENTS.fields.announcement]: key });
    expect(await show(bob, "/")).not.toContain("<strong>Friday</strong>");
    expect(await show(ada, "/")).toContain("<strong>Friday</strong>");
    const edit = await show(ada, `${path}?${fields.announcement}=${key}`);
    expect(edit).toContain("Change the announcement");
    const wrong = await ada.submit(path, {
      [fields.action]: actions.save,
      [fields.announcement]: key,
      [fields.text]: " ",
    });
    expect([wrong.status, (await wrong.text()).includes("Write something first.")]).toEqual([422, true]);
    await ada.submit(path, { [fields.action]: actions.remove, [fields.announcement]: key });
    expect(await show(ada, path)).toContain("Nothing is announced");
  });

  test("an emoji is made of a picture, offered or not, and taken away", async () => {
    const { app, ada, bob } = await house();
    const { path, fields, actions } = ADMIN_EMOJI;
    const add = { [fields.action]: actions.add, [fields.shortcode]: ":owl:", [fields.category]: "Birds" };
    const picture = new File([Buffer.from(PIXEL, "base64")], "owl.png", { type: "image/png" });
    const none = await ada.submit(path, add, {});
    expect([none.status, (await none.text()).includes("Choose a picture first.")]).toEqual([422, true]);
    expect((await ada.submit(path, add, { [fields.picture]: picture })).status).toBe(303);
    expect(app.opened.emoji.all()).toMatchObject([{ shortcode: "owl", category: "Birds", isOffered: true }]);
    const again = await ada.submit(path, add, { [fields.picture]: picture });
    expect(again.status).toBe(409);
    const text = new File(["hello"], "owl.txt", { type: "text/plain" });
    const noPicture = await ada.submit(
      path,
      { ...add, [fields.shortcode]: "cat" },
      { [fields.picture]: text },
    );
    expect(noPicture.status).toBe(422);
    await write(bob, "Good night :owl:", {});
    expect(await show(bob, EMOJI_LIST)).toContain(":owl:");
    expect(await show(bob, "/")).toContain('alt=":owl:"');
    const key = String(app.opened.emoji.find("owl")?.key);
    await ada.submit(path, { [fields.action]: actions.change, [fields.emoji]: key, [fields.category]: "" });
    expect(app.opened.emoji.find("owl")).toMatchObject({ category: "", isOffered: false });
    await ada.submit(path, { [fields.action]: actions.remove, [fields.emoji]: key });
    expect(await show(ada, path)).toContain("No emoji of your own");
    expect(await show(bob, "/")).toContain('alt=":owl:"');
  });

  test("what is talked about is shown to the staff, who can hide it and show it again", async () => {
    const { app, ada, bob } = await house();
    for (const who of [ada, bob]) await write(who, "I like #Biology", {});
    await app.queries.countTrends();
    const { path, fields, actions } = ADMIN_TRENDS;
    expect(await show(ada, path)).toContain("#biology");
    const about = { [fields.kind]: "tag", [fields.name]: "biology" };
    await ada.submit(path, { ...about, [fields.action]: actions.hide });
    expect(await app.queries.trendingTags()).toEqual([]);
    expect(await show(ada, path)).toContain("not shown");
    await ada.submit(path, { ...about, [fields.action]: actions.show });
    expect((await app.queries.trendingTags()).map(({ name }) => name)).toEqual(["biology"]);
  });

  test("whoever is kept back waits on a page of settings, and is heard or put aside", async () => {
    const { ada, bob } = await house();
    const { path, fields, actions } = NOTICE_POLICY;
    await bob.submit(path, { [fields.action]: actions.save, [fields.aspect("notFollowing")]: "filter" });
    await ada.act({ type: "Follow", object: bob.iri });
    expect(await bob.notices()).toEqual([]);
    const page = await show(bob, path);
    expect(page).toContain("Tell me from now on");
    const sender = String(ada.key);
    await bob.submit(path, { [fields.action]: actions.dismiss, [fields.sender]: sender });
    expect(await show(bob, path)).toContain("Nobody is waiting.");
    expect(await bob.notices()).toEqual([]);
    const post = await bob.note("hello", { to: [PUBLIC] });
    await ada.act({ type: "Like", object: post });
    expect(await show(bob, path)).toContain("Tell me from now on");
    await bob.submit(path, { [fields.action]: actions.save, [fields.aspect("notFollowing")]: "accept" });
    expect(await bob.notices()).toEqual(["like ada", "follow ada"]);
  });

  test("pages and forms of the staff are for the staff", async () => {
    const { bob } = await house();
    for (const { path } of [ADMIN_ANNOUNCEMENTS, ADMIN_EMOJI, ADMIN_TRENDS]) {
      expect((await bob.page(path)).status).toBe(403);
      expect((await bob.submit(path, {})).status).toBe(403);
    }
  });
});
