/** Groups through the pages: made, joined, written in, looked after and left, and closed to whoever is not in them. */
import { expect, test } from "bun:test";
import { testApp } from "../../server/testing/app.ts";
import { eachEngine } from "../../server/testing/engines.ts";
import { type Person, person } from "../../server/testing/people.ts";
import { ACT, ADMIN_SETTINGS } from "../forms.ts";
import { GROUP_ACT, GROUP_EDIT, GROUP_JOIN, GROUP_NEW, GROUPS } from "../forms-groups.ts";

const { actions: A } = GROUP_ACT;

eachEngine((engine) => {
  async function build() {
    const app = await testApp(engine);
    const alice = await person(app, "alice", "admin");
    const bob = await person(app, "bob");
    const carol = await person(app, "carol");
    return { app, alice, bob, carol };
  }
  let built: ReturnType<typeof build> | undefined;
  const house = () => {
    built ??= build();
    return built;
  };

  const open = async (who: Person, path: string) => {
    const response = await who.page(path);
    return { status: response.status, text: await response.text() };
  };
  const shown = async (who: Person, path: string) => (await open(who, path)).text;

  const has = async (who: Person, path: string, words: string) =>
    expect([words, (await shown(who, path)).includes(words)]).toEqual([words, true]);
  const lacks = async (who: Person, path: string, words: string) =>
    expect([words, (await shown(who, path)).includes(words)]).toEqual([words, false]);

  let counter = 0;
  /** A group of Alice's, made on the page. */
  async function make(wishes: Record<string, string> = {}) {
    const { app, alice } = await house();
    const name = `circle${++counter}`;
    const { fields: f } = GROUP_NEW;
    const answer = await alice.submit(GROUP_NEW.path, {
      [f.name]: name,
      [f.displayName]: "Biology",
      [f.description]: "About _cells_",
      [f.rules]: "Be kind",
      [f.access]: "public",
      [f.joining]: "open",
      [f.posting]: "members",
      ...wishes,
    });
    expect([answer.status, answer.headers.get("location")]).toEqual([303, `/@${name}`]);
    return { path: `/@${name}`, iri: `${app.origin}/users/${name}`, name };
  }

  const doIt = (who: Person, group: { iri: string }, action: string, more: Record<string, string> = {}) =>
    who.submit(GROUP_ACT.path, {
      [GROUP_ACT.fields.group]: group.iri,
      [GROUP_ACT.fields.action]: action,
      ...more,
    });
  const about = (who: Person) => ({ [GROUP_ACT.fields.person]: who.iri });
  const post = (who: Person, group: { iri: string }, content: string, more: Record<string, string> = {}) =>
    who.submit(ACT.path, {
      [ACT.fields.type]: "Create",
      [ACT.fields.content]: content,
      [ACT.fields.group]: group.iri,
      ...more,
    });
  /** The page of the newest post with these words. */
  async function pathOf(who: Person, page: string, words: string): Promise<string> {
    const text = await shown(who, page);
    const at = text.lastIndexOf('class="card-when"', text.indexOf(words));
    return /href="(\/@[^"]+)"/.exec(text.slice(at))?.[1] ?? "";
  }
  const iriOf = async (path: string) =>
    (await house()).app.opened.addresses.object(Number(path.split("/").at(-1)));

  test("a group has a page with what it is about, its rules and whoever looks after it", async () => {
    const { alice, bob, app } = await house();
    const group = await make();
    for (const text of [await shown(bob, group.path), await (await app.ask(group.path)).text()]) {
      for (const word of ["Biology", "<em>cells</em>", "Be kind", `@${group.name}@pub.test`, "1 member"])
        expect(text).toContain(word);
    }
    await has(alice, group.path, "You are an owner");
    await has(bob, GROUPS.path, "Biology");
    await has(bob, `${GROUPS.path}?q=iolo`, group.path);
    await has(bob, `${group.path}/about`, "Be kind");
  });

  test("what is wrong in the form is said at its field, and nothing typed is lost", async () => {
    const { alice } = await house();
    const { fields: f } = GROUP_NEW;
    const answer = await alice.submit(GROUP_NEW.path, { [f.name]: "bob", [f.displayName]: "My long title" });
    expect(answer.status).toBe(409);
    const text = await answer.text();
    expect(text).toContain("A person or a group has this name already");
    expect(text).toContain("My long title");
  });

  test("somebody joins, writes with a title, is answered, and all of it says in which group", async () => {
    const { alice, bob } = await house();
    const group = await make();
    await has(bob, group.path, "Members can post here");
    await doIt(bob, group, A.join);
    await has(bob, group.path, "You are a member");
    const posted = await post(bob, group, "Look at this *leaf*", { [ACT.fields.title]: "A leaf" });
    expect(posted.status).toBe(303);
    const page = await shown(alice, group.path);
    for (const word of ["A leaf", "<em>leaf</em>"]) expect(page).toContain(word);
    await has(alice, "/", `<a href="${group.path}">`);

    const path = await pathOf(alice, group.path, "A leaf");
    await alice.submit(ACT.path, {
      [ACT.fields.type]: "Create",
      [ACT.fields.content]: "An oak, I think",
      [ACT.fields.inReplyTo]: await iriOf(path),
    });
    await lacks(bob, group.path, "An oak");
    await has(bob, `${group.path}?order=replies`, "An oak");
  });

  test("ordered by activity, a conversation stands where it was spoken in last, and once", async () => {
    const { app, alice, bob } = await house();
    const group = await make();
    await doIt(bob, group, A.join);
    for (const content of ["first words", "second words", "third words"]) {
      app.clock.advance(1000);
      await post(bob, group, content);
    }
    app.clock.advance(1000);
    const path = await pathOf(alice, group.path, "first words");
    for (const content of ["one more", "and another"]) {
      app.clock.advance(1000);
      await alice.submit(ACT.path, {
        [ACT.fields.type]: "Create",
        [ACT.fields.content]: content,
        [ACT.fields.inReplyTo]: await iriOf(path),
      });
    }
    const orderOf = (text: string) =>
      [...text.matchAll(/(first|second|third) words/g)].map(([, word]) => word);
    expect(orderOf(await shown(bob, group.path))).toEqual(["third", "second", "first"]);
    expect(orderOf(await shown(bob, `${group.path}?order=active`))).toEqual(["first", "third", "second"]);
  });

  test("by request somebody waits, moderators see who, and let in or decline", async () => {
    const { alice, bob, carol } = await house();
    const group = await make({ [GROUP_NEW.fields.joining]: "request" });
    await doIt(bob, group, A.join);
    await doIt(carol, group, A.join);
    await has(bob, group.path, "Take back your request");
    await has(alice, "/notices", "wants to join Biology");
    await has(alice, GROUPS.path, "2 people wait to be let in");
    await has(alice, `${group.path}/requests`, "@carol");
    expect((await open(bob, `${group.path}/requests`)).status).toBe(403);
    await doIt(alice, group, A.letIn, about(bob));
    await doIt(alice, group, A.decline, about(carol));
    await has(bob, group.path, "You are a member");
    await has(bob, "/notices", "let you in");
    await has(carol, group.path, "Ask to join");
  });

  test("a second tap on the button leads to the group that the first has made, and to nobody else's", async () => {
    const { alice, bob } = await house();
    const { fields: f } = GROUP_NEW;
    const form = { [f.name]: "choir", [f.displayName]: "The Choir" };
    const taps = await Promise.all([alice.submit(GROUP_NEW.path, form), alice.submit(GROUP_NEW.path, form)]);
    expect(taps.map(({ headers }) => headers.get("location"))).toEqual(["/@choir", "/@choir"]);
    for (const [who, more] of [
      [bob, {}],
      [alice, { [f.displayName]: "Another Choir" }],
      [alice, { [f.name]: "alice", [f.displayName]: "alice" }],
    ] as const)
      expect((await who.submit(GROUP_NEW.path, { ...form, ...more })).status).toBe(409);
  });

  test("what is written in a private group is for its members alone, on every page", async () => {
    const { app, alice, bob, carol } = await house();
    const group = await make({
      [GROUP_NEW.fields.access]: "private",
      [GROUP_NEW.fields.joining]: "invitation",
    });
    await lacks(bob, GROUPS.path, group.path);
    await doIt(alice, group, A.invite, { [GROUP_ACT.fields.handle]: "bob" });
    await has(bob, "/notices", "invites you to join");
    await has(bob, group.path, "Accept the invitation");
    await doIt(bob, group, A.join);
    const wide = await post(bob, group, "Look at this, @carol");
    const again = await wide.text();
    expect(wide.status).toBe(403);
    for (const words of ["for its members alone; mention nobody else.", "Look at this, @carol"])
      expect([words, again.includes(words)]).toEqual([words, true]);
    await post(bob, group, "Between us: whisper #hushtag");
    const path = await pathOf(alice, group.path, "whisper");
    await has(alice, "/", "whisper");
    await has(alice, path, "whisper");
    for (const page of [
      group.path,
      path,
      `${group.path}?order=active`,
      "/@bob",
      "/tags/hushtag",
      "/",
      "/search?q=whisper",
    ]) {
      expect([page, (await shown(carol, page)).includes("Between us")]).toEqual([page, false]);
      expect([page, (await (await app.ask(page)).text()).includes("Between us")]).toEqual([page, false]);
    }
    for (const part of ["members", "record", "followers"])
      expect([part, (await open(carol, `${group.path}/${part}`)).status]).toEqual([part, 403]);
    expect((await open(bob, `${group.path}/members`)).text).toContain("@alice");
    // Nor whether somebody is in it, or how many are.
    await has(bob, "/@bob/following", group.path);
    await has(alice, "/@bob/following", group.path);
    await lacks(carol, "/@bob/following", group.path);
    await lacks(carol, group.path, "2 members");
    await has(bob, group.path, "2 members");
    const following = await app.ask("/users/bob/following?page=1", {
      headers: { accept: "application/activity+json" },
    });
    expect(await following.text()).not.toContain(`${group.iri}"`);
    expect(await (await bob.read("/users/bob/following?page=1")).text()).toContain(`${group.iri}"`);
  });

  test("moderators take out, close, pin and ban, and the record says who to those who may know", async () => {
    const { alice, bob, carol } = await house();
    const group = await make();
    for (const who of [bob, carol]) await doIt(who, group, A.join);
    await doIt(alice, group, A.makeModerator, about(bob));
    await has(bob, "/notices", "gave you a role");
    await post(carol, group, "buy my thing");
    await post(carol, group, "read me first");
    const ad = await iriOf(await pathOf(alice, group.path, "buy my thing"));
    const good = await iriOf(await pathOf(alice, group.path, "read me first"));
    await doIt(carol, group, A.removePost, { [GROUP_ACT.fields.object]: good });
    await has(carol, group.path, "read me first");
    await doIt(bob, group, A.removePost, { [GROUP_ACT.fields.object]: ad });
    await doIt(bob, group, A.pin, { [GROUP_ACT.fields.object]: good });
    await doIt(bob, group, A.lock, { [GROUP_ACT.fields.object]: good });
    const page = await shown(carol, group.path);
    expect(page).not.toContain("buy my thing");
    expect(page).toContain("Pinned");
    expect(page).toContain("Closed for replies");
    await has(carol, "/@carol", "buy my thing");
    const path = await pathOf(carol, group.path, "read me first");
    await has(carol, path, "Closed for replies");
    await has(bob, path, "Open for replies");
    const reply = await carol.submit(ACT.path, {
      [ACT.fields.type]: "Create",
      [ACT.fields.content]: "too late",
      [ACT.fields.inReplyTo]: good,
    });
    expect(reply.status).toBe(403);
    await doIt(bob, group, A.unlock, { [GROUP_ACT.fields.object]: good });
    await doIt(bob, group, A.unpin, { [GROUP_ACT.fields.object]: good });
    await lacks(carol, group.path, "Closed for replies");
    await has(bob, `${group.path}/record`, "Put back into the group");
    await doIt(bob, group, A.restorePost, { [GROUP_ACT.fields.object]: ad });
    await has(carol, group.path, "buy my thing");
    await lacks(bob, `${group.path}/record`, "Put back into the group");
    await doIt(bob, group, A.ban, { ...about(carol), [GROUP_ACT.fields.reason]: "Selling again" });
    await has(carol, group.path, "You were banned");
    await has(bob, `${group.path}/banned`, "@carol");

    const told = await shown(alice, `${group.path}/record`);
    const untold = await shown(carol, `${group.path}/record`);
    for (const record of [told, untold]) {
      for (const word of ["removed", "pinned", "closed for replies", "banned", "Selling again", "@carol"])
        expect([word, record.includes(word)]).toEqual([word, true]);
    }
    const byBob = '<a href="/@bob"><bdi>bob</bdi></a> banned';
    expect([told.includes(byBob), untold.includes(byBob)]).toEqual([true, false]);
  });

  test("what a moderator does in their own name stands in the record as well", async () => {
    const { alice, bob, carol } = await house();
    const group = await make();
    await doIt(bob, group, A.join);
    await doIt(alice, group, A.makeModerator, about(bob));
    await post(alice, group, "an odd thing");
    const object = await iriOf(await pathOf(alice, group.path, "an odd thing"));
    await bob.act({ type: "Lock", object });
    await bob.act({ type: "Delete", object, content: "Too odd" });
    const record = `${group.path}/record`;
    await has(alice, record, '<a href="/@bob"><bdi>bob</bdi></a> closed for replies');
    await has(alice, record, '<a href="/@bob"><bdi>bob</bdi></a> removed');
    await has(carol, record, "Too odd");
    await lacks(carol, record, "bob</bdi></a> removed");
  });

  test("who looks after a group speaks in its name, in a private one to its members alone", async () => {
    const { app, alice, bob, carol } = await house();
    for (const access of ["public", "private"]) {
      const group = await make({ [GROUP_NEW.fields.access]: access });
      await doIt(bob, group, A.join);
      const asGroup = { [ACT.fields.asGroup]: "yes" };
      expect((await post(bob, group, "I am the group", asGroup)).status).toBe(403);
      await post(alice, group, `The group is ${access}`, asGroup);
      await has(bob, group.path, `The group is ${access}`);
      await has(bob, "/", `The group is ${access}`);
      await has(alice, `${group.path}/record`, '<a href="/@alice"><bdi>alice</bdi></a> wrote');
      const path = await pathOf(bob, group.path, `The group is ${access}`);
      expect(path).toStartWith(`${group.path}/`);
      const text = await (await app.ask(path)).text();
      expect([access, text.includes("The group is")]).toEqual([access, access === "public"]);
      expect((await open(carol, path)).status).toBe(access === "public" ? 200 : 404);
    }
  });

  test("what could not be posted to a group can be sent to it again", async () => {
    const { alice } = await house();
    const group = await make();
    const answer = await post(alice, group, "   ", { [ACT.fields.title]: "A title" });
    expect(answer.status).toBe(422);
    const text = await answer.text();
    for (const word of ["Write something first", 'value="A title"', `name="group" value="${group.iri}"`])
      expect([word, text.includes(word)]).toEqual([word, true]);
  });

  test("who may make groups is chosen by the admin on a page, and the rest are not offered it", async () => {
    const { alice, bob } = await house();
    const choose = (value: string) =>
      alice.submit(ADMIN_SETTINGS.path, { [ADMIN_SETTINGS.fields.groupCreation]: value });
    await has(bob, GROUPS.path, "Make a group");
    await choose("teachers");
    await has(alice, ADMIN_SETTINGS.path, 'value="teachers" checked');
    await lacks(bob, GROUPS.path, "Make a group");
    expect((await open(bob, GROUP_NEW.path)).status).toBe(403);
    const answer = await bob.submit(GROUP_NEW.path, {
      [GROUP_NEW.fields.name]: "bobs_own",
      [GROUP_NEW.fields.displayName]: "X",
    });
    expect(answer.status).toBe(403);
    await choose("everyone");
  });

  test("a link brings people in, and shows nobody anything when it is over", async () => {
    const { app, alice, bob, carol } = await house();
    const group = await make({ [GROUP_NEW.fields.joining]: "invitation" });
    await doIt(alice, group, A.makeLink, { [GROUP_ACT.fields.uses]: "1", [GROUP_ACT.fields.days]: "3" });
    const code = /code=([a-z0-9]+)</.exec(await shown(alice, `${group.path}/invite`))?.[1] ?? "";
    const page = `${GROUP_JOIN.path}?code=${code}`;
    expect(await (await app.ask(page)).text()).toContain("Biology");
    await has(bob, page, "Biology");
    expect((await bob.submit(GROUP_JOIN.path, { code })).headers.get("location")).toBe(group.path);
    await has(bob, group.path, "You are a member");
    await lacks(carol, page, "Biology");
    expect((await carol.submit(GROUP_JOIN.path, { code })).status).toBe(422);
  });

  test("owners change a group and delete it, after they have typed its address", async () => {
    const { alice, bob } = await house();
    const group = await make();
    const { fields: f } = GROUP_EDIT;
    const changes = {
      [f.group]: group.iri,
      [f.displayName]: "Botany",
      [f.description]: "Plants",
      [f.rules]: "",
      [f.access]: "public",
      [f.joining]: "request",
      [f.posting]: "anyone",
    };
    expect((await bob.submit(GROUP_EDIT.path, changes)).status).toBe(403);
    expect((await open(bob, `${group.path}/settings`)).status).toBe(403);
    expect((await alice.submit(GROUP_EDIT.path, changes)).status).toBe(303);
    const text = await shown(bob, group.path);
    expect(text).toContain("Botany");
    expect(text).toContain("Ask to join");
    await has(alice, `${group.path}/settings`, ">Plants</textarea>");
    await doIt(alice, group, A.leave);
    await has(alice, group.path, "You are an owner");
    await doIt(alice, group, A.delete, { [GROUP_ACT.fields.sure]: "something" });
    expect((await open(bob, group.path)).status).toBe(200);
    await doIt(alice, group, A.delete, { [GROUP_ACT.fields.sure]: group.name });
    expect((await open(bob, group.path)).status).toBe(410);
  });
});
