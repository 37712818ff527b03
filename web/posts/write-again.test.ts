/** A form of the composer that is refused comes back whole: what it answers, quotes or changes, and for whom it is. */
import { beforeAll, expect, test } from "bun:test";
import { PUBLIC } from "../../server/core/object.ts";
import { DAY_MS } from "../../server/lib/durations.ts";
import { type TestApp, testApp } from "../../server/testing/app.ts";
import { eachEngine } from "../../server/testing/engines.ts";
import { type Person, person } from "../../server/testing/people.ts";
import { ACT, verb } from "../forms.ts";
import { GROUP_ACT, GROUP_NEW } from "../forms-groups.ts";
import { POLL } from "../forms-polls.ts";
import { PUBLISH_AT, SCHEDULED } from "../forms-site.ts";

type Fields = Readonly<Record<string, string>>;

const { fields: f } = ACT;
/** Of one answer alone there is no poll. */
const WRONG: Fields = { [POLL.choice(1)]: "one" };

eachEngine((engine) => {
  let app: TestApp;
  let alice: Person;
  let bob: Person;

  beforeAll(async () => {
    app = await testApp(engine);
    alice = await person(app, "alice", "admin");
    bob = await person(app, "bob");
  });

  const create = (who: Person, fields: Fields) =>
    who.submit(ACT.path, { [f.type]: verb("Create"), ...fields });

  /** What the composer of a page would send, had nobody typed anything; the search box has no such form. */
  function composerIn(page: string): Record<string, string> {
    const [form = ""] = /<form class="composer[\s\S]*?<\/form>/.exec(page) ?? [];
    const sent: Record<string, string> = {};
    for (const [input] of form.matchAll(/<input[^>]*>/g)) {
      const name = /name="([^"]*)"/.exec(input)?.[1];
      const isSent = !/type="(?:checkbox|file)"/.test(input) || /\schecked/.test(input);
      if (name && isSent) sent[name] = /value="([^"]*)"/.exec(input)?.[1] ?? "";
    }
    for (const [, name = "", options = ""] of form.matchAll(
      /<select[^>]*name="([^"]*)"[^>]*>([\s\S]*?)<\/select>/g,
    )) {
      const chosen = /<option[^>]*selected[^>]*>/.exec(options) ?? /<option[^>]*>/.exec(options);
      sent[name] = /value="([^"]*)"/.exec(chosen?.[0] ?? "")?.[1] ?? "";
    }
    sent[f.content] = /<textarea[^>]*name="content"[^>]*>([^<]*)</.exec(form)?.[1] ?? "";
    delete sent.csrf;
    return sent;
  }

  /** Sends what is wrong, mends it on the page that comes back, and sends that. */
  async function mended(who: Person, fields: Fields) {
    const refused = await create(who, { ...fields, ...WRONG });
    expect(refused.status).toBe(422);
    const again = composerIn(await refused.text());
    expect(again[f.content]).toBe(fields[f.content]);
    const posted = await who.submit(ACT.path, { ...again, [POLL.choice(1)]: "" });
    expect(posted.status).toBe(303);
    return { again, path: posted.headers.get("location") ?? "" };
  }

  const postAt = async (who: Person, path: string) => {
    const view = await who.sees(app.opened.addresses.object(Number(path.split("/").at(-1))));
    if (view === null) throw new Error(`${who.name} sees nothing at ${path}`);
    return view;
  };

  let counter = 0;
  /** A private group of Alice's with Bob in it, and what she said there. */
  async function privateGroup() {
    const name = `staff${++counter}`;
    const { fields: g } = GROUP_NEW;
    await alice.submit(GROUP_NEW.path, {
      [g.name]: name,
      [g.displayName]: "Staff",
      [g.access]: "private",
      [g.joining]: "request",
      [g.posting]: "members",
    });
    const iri = `${app.origin}/users/${name}`;
    const act = (who: Person, action: string, more: Fields = {}) =>
      who.submit(GROUP_ACT.path, {
        [GROUP_ACT.fields.group]: iri,
        [GROUP_ACT.fields.action]: action,
        ...more,
      });
    const about = { [GROUP_ACT.fields.person]: bob.iri };
    await act(bob, GROUP_ACT.actions.join);
    await act(alice, GROUP_ACT.actions.letIn, about);
    await create(alice, { [f.content]: "A secret topic", [f.group]: iri });
    const page = await (await bob.page(`/@${name}`)).text();
    const path = /class="card-when"[\s\S]*?href="(\/@[^"]+)"/.exec(page)?.[1] ?? "";
    const topic = await postAt(bob, path);
    return { name, iri, topic, expel: () => act(alice, GROUP_ACT.actions.remove, about) };
  }

  test("a reply in a private group stays a reply, and in the group", async () => {
    const { topic } = await privateGroup();
    const reply = { [f.content]: "Confidential", [f.inReplyTo]: topic.iri };
    const { again, path } = await mended(bob, reply);
    expect(again).not.toHaveProperty(f.visibility);
    const posted = await postAt(bob, path);
    expect(posted.inReplyTo?.iri).toBe(topic.iri);
    expect(posted.visibility).toBe("direct");
    expect((await app.ask(path)).status).toBe(404);
  });

  test("a post for a private group stays in the group", async () => {
    const { iri } = await privateGroup();
    const { again } = await mended(bob, { [f.content]: "For us", [f.group]: iri });
    expect(again[f.group]).toBe(iri);
    expect(again).not.toHaveProperty(f.visibility);
  });

  test("a reply whose writer was sent away meanwhile is kept from everybody else", async () => {
    const { topic, expel } = await privateGroup();
    await expel();
    const refused = await create(bob, { [f.content]: "Too late", [f.inReplyTo]: topic.iri });
    expect(refused.status).toBe(404);
    const again = composerIn(await refused.text());
    expect(again).toMatchObject({ [f.content]: "Too late", [f.visibility]: "direct" });
    expect(again).not.toHaveProperty(f.inReplyTo);
  });

  test("what was for a group that is gone is for nobody else", async () => {
    const gone = `${app.origin}/users/nobody`;
    const refused = await create(bob, { [f.content]: "For us alone", [f.group]: gone });
    expect(refused.status).toBe(404);
    expect(composerIn(await refused.text())[f.visibility]).toBe("direct");
  });

  test("the new words for a post that is gone are kept from everybody", async () => {
    const gone = await bob.note("To be taken away", { to: [PUBLIC] });
    await bob.submit(ACT.path, { [f.type]: verb("Delete"), [f.object]: gone });
    const refused = await bob.submit(ACT.path, {
      [f.type]: verb("Update"),
      [f.object]: gone,
      [f.content]: "Better words",
    });
    expect(composerIn(await refused.text())).toMatchObject({
      [f.content]: "Better words",
      [f.visibility]: "direct",
    });
  });

  test.each([
    ["public", { to: [PUBLIC] }],
    ["direct", {}],
  ] as const)("a reply to what is %s stays a reply", async (visibility, audience) => {
    const parent = await alice.note("Well?", { ...audience, cc: [bob.iri] });
    const { again, path } = await mended(bob, { [f.content]: "@alice Well", [f.inReplyTo]: parent });
    expect(again).toMatchObject({ [f.inReplyTo]: parent, [f.visibility]: visibility });
    const posted = await postAt(bob, path);
    expect([posted.inReplyTo?.iri, posted.visibility]).toEqual([parent, visibility]);
  });

  test("for whom the writer chose it to be stays, also where that is more than the answered post", async () => {
    const parent = await alice.note("Well?", { to: [bob.iri] });
    const { again } = await mended(bob, {
      [f.content]: "@alice Well",
      [f.inReplyTo]: parent,
      [f.visibility]: "followers",
    });
    expect(again[f.visibility]).toBe("followers");
  });

  test("a quote stays a quote, and ends where it was to end", async () => {
    const quoted = await alice.note("A saying", { to: [PUBLIC] });
    const { again } = await mended(bob, { [f.content]: "Look", [f.quote]: quoted, [f.return]: "/bookmarks" });
    expect(again).toMatchObject({ [f.quote]: quoted, [f.return]: "/bookmarks" });
  });

  test("a reply that does not say for whom it is, is for those of the answered post", async () => {
    const parent = await alice.note("Between us", { to: [bob.iri] });
    const posted = await create(bob, { [f.content]: "@alice Yes", [f.inReplyTo]: parent });
    const view = await postAt(bob, posted.headers.get("location") ?? "");
    expect(view.visibility).toBe("direct");
  });

  test("a reply for later tells programs what it answers and for whom it is", async () => {
    const { topic } = await privateGroup();
    const later = new Date(app.clock.now() + DAY_MS).toISOString().slice(0, 16);
    const kept = await create(bob, { [f.content]: "Later", [f.inReplyTo]: topic.iri, [PUBLISH_AT]: later });
    expect(kept.headers.get("location")).toBe(SCHEDULED.path);
    const asked = await app.ask("/api/v1/scheduled_statuses", { headers: { authorization: bob.bearer } });
    const [status] = (await asked.json()) as { params: object }[];
    expect(status?.params).toMatchObject({ visibility: "direct", in_reply_to_id: topic.key });
  });
});
