/** Pages hear what is added to them while they are open, and only what their reader may see. */
import { afterEach, beforeAll, expect, test } from "bun:test";
import { createECDH } from "node:crypto";
import { PUBLIC } from "../server/core/object.ts";
import { type TestApp, testApp } from "../server/testing/app.ts";
import { eachEngine } from "../server/testing/engines.ts";
import { groupOf, toMembers } from "../server/testing/groups.ts";
import { type Person, person } from "../server/testing/people.ts";

interface Listening {
  /** `line {"key":"…"}`, as soon as there is one. */
  next(): Promise<string>;
  /** What is said until this is; lines of what was done before may still be under way. */
  until(said: string): Promise<string>;
  close(): Promise<void>;
}

const open: Listening[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});

async function listen(who: Person, query: string): Promise<Listening> {
  const response = await who.page(`/live${query}`);
  if (response.body === null || response.status !== 200) throw new Error(`${response.status}`);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  const listening: Listening = {
    async next() {
      for (;;) {
        const [, name, data] = /event: (\w+)\ndata: (.*)\n\n/.exec(text) ?? [];
        if (name !== undefined) {
          text = text.slice(text.indexOf("\n\n", text.indexOf("event: ")) + 2);
          return `${name} ${data}`;
        }
        const { value, done } = await reader.read();
        if (done) return "over";
        text += value;
      }
    },
    async until(wanted) {
      let said = await listening.next();
      while (said !== wanted && said.startsWith("line")) said = await listening.next();
      return said;
    },
    close: () => reader.cancel(),
  };
  open.push(listening);
  return listening;
}

eachEngine((engine) => {
  let app: TestApp;
  let alice: Person;
  let bob: Person;

  beforeAll(async () => {
    app = await testApp(engine);
    alice = await person(app, "alice", "admin");
    bob = await person(app, "bob");
    await bob.act({ type: "Follow", object: alice.iri, to: [alice.iri] });
  });

  const keyOf = async (iri: string) => String((await app.federation.look.find(iri))?.key);
  const post = (who: Person, content: string, more: object = {}) =>
    who.note(content, { to: [PUBLIC], cc: [who.followers] }, more as never);

  test("a page that is none is told what is unread, whatever it calls itself", async () => {
    const page = await listen(bob, "?on=constructor&since=1");
    expect(await page.next()).toStartWith("unread ");
  });

  test("home, public lists, tags and threads each hear of what belongs to them", async () => {
    const first = await post(alice, "<p>first</p>");
    const places = ["?on=home", "?on=here", "?on=tag&name=Maths", `?on=thread&key=${await keyOf(first)}`];
    const [home, here, tag, thread] = await Promise.all(places.map((place) => listen(bob, place)));
    const tagged = await post(alice, "<p>#maths</p>", {
      tag: [{ type: "Hashtag", name: "#maths", href: `${app.origin}/tags/maths` }],
    });
    const answer = await post(alice, "<p>an answer</p>", { inReplyTo: first });
    const line = async (iri: string) => `line ${JSON.stringify({ key: await keyOf(iri) })}`;
    expect(await home?.until(await line(tagged))).toBe(await line(tagged));
    expect(await home?.next()).toBe(await line(answer));
    expect(await here?.until(await line(tagged))).toBe(await line(tagged));
    expect(await tag?.next()).toBe(await line(tagged));
    expect(await thread?.next()).toBe(await line(answer));
    await alice.act({ type: "Delete", object: tagged, to: [PUBLIC] });
    expect(await tag?.next()).toBe(`gone ${JSON.stringify({ key: await keyOf(tagged) })}`);
  });

  test("the number of new notices is told, in the reader's words, and is none once they are read", async () => {
    const page = await listen(alice, "?on=notices");
    const iri = await post(alice, "<p>to like</p>");
    await bob.act({ type: "Like", object: iri, to: [alice.iri] });
    const told = JSON.parse((await page.next()).replace("unread ", ""));
    expect(told).toEqual({ count: 2, isNew: true, label: "2 new notices" });
    await alice.submit("/notices", { upTo: String(Number.MAX_SAFE_INTEGER) });
    expect(JSON.parse((await page.next()).replace("unread ", ""))).toMatchObject({ count: 0, isNew: false });
  });

  test("after a break a page is told what it missed", async () => {
    const known = await post(alice, "<p>known</p>");
    const missed = await post(alice, "<p>missed</p>");
    const page = await listen(bob, `?on=home&since=${await keyOf(known)}`);
    const lines: string[] = [];
    for (let said = await page.next(); !said.startsWith("unread"); said = await page.next()) lines.push(said);
    expect(lines).toContain(`line ${JSON.stringify({ key: await keyOf(missed) })}`);
    expect(lines.length).toBeLessThanOrEqual(2);
  });

  test("of a private group its members alone hear, also of what is gone", async () => {
    const group = await groupOf(app, "circle", alice, { access: "private" });
    const place = `?on=group&key=${group.key}`;
    const [hers, his] = await Promise.all([alice, bob].map((who) => listen(who, place)));
    const secret = await alice.note("<p>secret</p>", toMembers(group));
    const key = JSON.stringify({ key: await keyOf(secret) });
    await alice.act({ type: "Delete", object: secret, to: [group.iri] });
    expect([await hers?.next(), await hers?.next()].toSorted()).toEqual([`gone ${key}`, `line ${key}`]);
    await alice.act({ type: "Like", object: await post(bob, "<p>open</p>"), to: [bob.iri] });
    expect(await his?.next()).toStartWith("unread");
  });

  test("visitors and pages of other sites hear nothing, and signing out hangs up", async () => {
    expect((await app.ask("/live?on=here")).status).toBe(401);
    const headers = { cookie: bob.cookie, "sec-fetch-site": "cross-site" };
    expect((await app.ask("/live?on=here", { headers })).status).toBe(401);
    const page = await listen(bob, "?on=home");
    await bob.submit("/sign-out", {});
    expect(await page.until("over")).toBe("over");
  });

  test("a browser is told of notices from when it asks until it asks no more", async () => {
    const erin = await person(app, "erin");
    const page = await (await erin.page("/settings/sessions")).text();
    const key = /data-island="push"[^>]*data-key="([\w-]{87})"/.exec(page)?.[1];
    expect(key).toBeString();
    const device = createECDH("prime256v1");
    device.generateKeys();
    const fields = {
      endpoint: "https://push.test/1",
      p256dh: device.getPublicKey().toString("base64url"),
      auth: Buffer.alloc(16, 1).toString("base64url"),
    };
    const promised = async () => {
      await alice.act({ type: "Follow", object: erin.iri, to: [erin.iri] });
      await alice.act({
        type: "Undo",
        object: { type: "Follow", object: erin.iri } as never,
        to: [erin.iri],
      });
      return app.opened.db.all({ text: "SELECT key FROM job WHERE kind = 'push'", values: [] });
    };
    expect((await erin.submit("/push", { endpoint: "https://push.test/1" })).status).toBe(400);
    expect((await erin.submit("/push", fields)).status).toBe(200);
    expect(await promised()).toHaveLength(1);
    expect((await erin.submit("/push", {})).status).toBe(200);
    expect(await promised()).toHaveLength(1);
    const stranger = await app.ask("/push", { method: "POST", body: new URLSearchParams(fields) });
    expect(stranger.status).toBe(403);
    const script = await app.ask("/push-worker.js");
    expect(script.headers.get("content-type")).toStartWith("text/javascript");
    expect(script.headers.get("content-security-policy")).toBe("default-src 'none'");
    expect(await script.text()).not.toContain("export");
  });

  test("a list is heard by its owner alone", async () => {
    const [frank, gina] = [await person(app, "frank"), await person(app, "gina")];
    await frank.act({ type: "Follow", object: alice.iri, to: [alice.iri] });
    const headers = { authorization: frank.bearer, "content-type": "application/json" };
    const ask = async (path: string, body: object) =>
      (await app.ask(`/api/v1/lists${path}`, { method: "POST", headers, body: JSON.stringify(body) })).json();
    const { id } = (await ask("", { title: "Colleagues" })) as { id: string };
    await ask(`/${id}/accounts`, { account_ids: [String(alice.key)] });
    expect(await (await frank.page(`/lists/${id}`)).text()).toContain(`/live?on=list&amp;key=${id}`);
    const [own, other] = [
      await listen(frank, `?on=list&key=${id}`),
      await listen(gina, `?on=list&key=${id}`),
    ];
    const said = `line ${JSON.stringify({ key: await keyOf(await post(alice, "<p>to my list</p>")) })}`;
    expect(await own.until(said)).toBe(said);
    await alice.act({ type: "Follow", object: gina.iri, to: [gina.iri] });
    expect(await other.next()).toStartWith("unread");
  });

  test("only signed-in readers get the button, and only where others add to the page", async () => {
    const carol = await person(app, "carol");
    const address = async (path: string) =>
      /data-island="live" data-address="([^"]*)"/.exec(await (await carol.page(path)).text())?.[1];
    expect(await address("/")).toBe("/live?on=home");
    expect(await address("/?before=1")).toBe("/live");
    expect(await address("/tags/maths")).toBe("/live?on=tag&amp;name=maths");
    expect(await address("/notices")).toBe("/live?on=notices");
    expect(await address("/settings/profile")).toBe("/live");
    expect(await (await app.ask("/about")).text()).not.toContain('data-island="live"');
  });
});
