/** What authors and staff can do about letters that do not arrive, through the pages that they use. */
import { beforeAll, describe, expect, test } from "bun:test";
import { DAY_MS, HOUR_MS } from "../lib/durations.ts";
import { eachEngine } from "../testing/engines.ts";
import { type Mail, mail, type Reader } from "../testing/mail.ts";
import type { Person } from "../testing/people.ts";

eachEngine((engine) => {
  let post: Mail;
  beforeAll(async () => {
    post = await mail(engine);
  }, 60_000);

  const keyOf = async (by: Person, iri: string) => String((await by.sees(iri))?.key ?? 0);
  const ask = async (by: Person, iri: string, host: string, action: string) =>
    by.submit("/deliveries", { object: await keyOf(post.alice, iri), host, action, return: "/" });
  const staff = (host: string, action: string, by = post.alice) =>
    by.submit("/admin/peers", { host, action });
  const state = (iri: string, { host }: Reader) => post.arrival(post.alice, iri, host);

  describe("an author", () => {
    test("tries a post again that waits, and it arrives at once", async () => {
      const reader = await post.reader();
      post.all.trouble(reader.host, "refused");
      const iri = await post.say(post.alice, "Now");
      await post.pass(6 * HOUR_MS, HOUR_MS);
      post.all.trouble(reader.host, null);
      const answer = await ask(post.alice, iri, reader.host, "retry");
      expect([answer.status, answer.headers.get("location")]).toEqual([303, "/#arrivals"]);
      await post.all.settle();
      expect(await state(iri, reader)).toMatchObject({ state: "arrived" });
      await post.leave(reader);
    });

    test("stops the tries of one post, and the next goes on", async () => {
      const reader = await post.reader();
      post.all.trouble(reader.host, "refused");
      const [first, second] = [await post.say(post.alice, "No"), await post.say(post.alice, "Yes")];
      await post.pass(6 * HOUR_MS, HOUR_MS);
      await ask(post.alice, first, reader.host, "give-up");
      post.all.trouble(reader.host, null);
      await post.pass(2 * HOUR_MS, HOUR_MS);
      expect(await state(first, reader)).toMatchObject({
        state: "given-up",
        lastError: "Its author let it go.",
      });
      expect(await state(second, reader)).toMatchObject({ state: "arrived" });
      expect(reader.letters()).toHaveLength(1);
      await post.leave(reader);
    });

    test("tries a post again that was given up, at those whom it was for", async () => {
      const reader = await post.reader((_, nth) => ({ status: nth <= 2 ? 413 : 202, body: "" }));
      const toAll = await post.say(post.alice, "To all");
      const direct = await post.alice.note("To you", { to: [reader.fan.iri] });
      await post.all.settle();
      for (const iri of [toAll, direct]) {
        expect(await state(iri, reader)).toMatchObject({ state: "given-up" });
        await ask(post.alice, iri, reader.host, "retry");
        await post.all.settle();
        expect(await state(iri, reader)).toMatchObject({ state: "arrived" });
      }
      expect(reader.there.received.slice(2).map(({ path }) => path)).toEqual(["/inbox", "/users/fan/inbox"]);
      await post.leave(reader);
    });

    test("can try even a server that is taken for gone", async () => {
      const reader = await post.reader();
      post.all.trouble(reader.host, "refused");
      await post.say(post.alice, "Before");
      await post.all.settle();
      await post.pass(17 * DAY_MS, 6 * HOUR_MS);
      const iri = await post.say(post.alice, "After");
      expect(await state(iri, reader)).toMatchObject({ state: "given-up" });
      post.all.trouble(reader.host, null);
      await ask(post.alice, iri, reader.host, "retry");
      await post.all.settle();
      expect(await state(iri, reader)).toMatchObject({ state: "arrived" });
      await post.leave(reader);
    });

    test("does nothing about the posts of others, nor about what has arrived", async () => {
      const reader = await post.reader((_, nth) => ({ status: nth === 1 ? 413 : 202, body: "" }));
      const [bad, good] = [await post.say(post.alice, "Bad"), await post.say(post.alice, "Good")];
      await post.all.settle();
      const before = reader.there.received.length;
      await ask(post.bob, bad, reader.host, "retry");
      await ask(post.bob, bad, reader.host, "give-up");
      await ask(post.alice, good, reader.host, "retry");
      await ask(post.alice, bad, "elsewhere.test", "retry");
      await post.all.settle();
      expect(reader.there.received).toHaveLength(before);
      await post.leave(reader);
    });
  });

  describe("staff", () => {
    test("stop deliveries to a server, whose letters wait, and go on", async () => {
      const reader = await post.reader();
      expect((await staff(reader.host, "hold")).status).toBe(303);
      const iri = await post.say(post.alice, "Wait");
      await post.pass(3 * DAY_MS, HOUR_MS);
      expect(reader.there.received).toEqual([]);
      expect(await state(iri, reader)).toMatchObject({
        state: "waiting",
        lastError: "The people who run this server have stopped deliveries to it.",
      });
      await ask(post.alice, iri, reader.host, "retry");
      await post.all.settle();
      expect(reader.there.received).toEqual([]);
      await staff(reader.host, "resume");
      await post.all.settle();
      expect(await state(iri, reader)).toMatchObject({ state: "arrived" });
      await post.leave(reader);
    });

    test("try everything that waits at once", async () => {
      const reader = await post.reader(undefined, [post.alice, post.bob]);
      post.all.trouble(reader.host, "refused");
      for (const by of [post.alice, post.bob]) await post.say(by, "Waiting");
      await post.pass(DAY_MS, HOUR_MS);
      post.all.trouble(reader.host, null);
      await staff(reader.host, "retry");
      await post.all.settle();
      expect(reader.letters()).toHaveLength(2);
      await post.leave(reader);
    });

    test("let everything go that waits, and its authors see who did", async () => {
      const reader = await post.reader();
      post.all.trouble(reader.host, "refused");
      const iri = await post.say(post.alice, "Waiting");
      await post.pass(DAY_MS, HOUR_MS);
      await staff(reader.host, "give-up");
      post.all.trouble(reader.host, null);
      await post.pass(DAY_MS, HOUR_MS);
      expect(reader.there.received).toEqual([]);
      expect(await state(iri, reader)).toMatchObject({
        state: "given-up",
        lastError: "The people who run this server let it go.",
      });
      await post.leave(reader);
    });

    test("see how each server is, and nobody else does", async () => {
      const reader = await post.reader();
      post.all.trouble(reader.host, "refused");
      await post.say(post.alice, "Waiting");
      await post.pass(DAY_MS, HOUR_MS);
      const page = await (await post.alice.page(`/admin/peers/${reader.host}`)).text();
      for (const said of [
        reader.host,
        "once an hour",
        "does not accept connections",
        "Try everything now",
        "1 letter",
      ])
        expect(page).toContain(said);
      const list = await (await post.alice.page("/admin/peers?state=trouble")).text();
      expect(list).toContain(`/admin/peers/${reader.host}`);
      expect((await post.alice.page("/admin/peers/unknown.test")).status).toBe(404);
      expect((await post.bob.page(`/admin/peers/${reader.host}`)).status).toBe(403);
      expect((await staff(reader.host, "give-up", post.bob)).status).toBe(403);
      post.all.trouble(reader.host, null);
      await post.leave(reader);
    });
  });
});
