/** Lists of rules that others keep. */

import { beforeEach, describe, expect, test } from "bun:test";
import { createQueue } from "../jobs/queue.ts";
import { heldClock } from "../lib/clock.ts";
import type { Fetch } from "../lib/fetch.ts";
import { createKeys } from "../lib/id.ts";
import { isProblem } from "../lib/problem.ts";
import { upstream } from "../lib/upstream.ts";
import { eachEngine } from "../testing/engines.ts";
import { createDomains, type Domains } from "./domains.ts";
import { createGate } from "./gate.ts";
import { createLists, type Lists } from "./lists.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const URL = "https://lists.test/blocks.csv";

eachEngine((engine) => {
  let domains: Domains;
  let lists: Lists;
  /** What the list's address answers; null where nobody does. */
  let answer: { status?: number; etag?: string; text: string } | null;
  const asked: (string | null)[] = [];

  beforeEach(async () => {
    const db = await engine.freshDb();
    const { now } = heldClock();
    const keys = createKeys({ now });
    const queue = createQueue({ keys, now });
    const log = { error: () => undefined } as never;
    const gate = await createGate({ db, log, mode: () => "open", onModeChange: () => () => undefined });
    domains = createDomains({
      db,
      keys,
      now,
      gate,
      sever: (hosts) => queue.enqueue({ kind: "sever", payload: { hosts } }),
      ourHost: "a.test",
    });
    const fetch: Fetch = async (url, options) => {
      const etag = options?.headers?.["if-none-match"] ?? null;
      asked.push(etag);
      if (answer === null) throw upstream("timeout", url);
      const isSame = etag !== null && etag === answer.etag;
      return {
        status: isSame ? 304 : (answer.status ?? 200),
        headers: new Headers(answer.etag ? { etag: answer.etag } : {}),
        url,
        bytes: bytes(isSame ? "" : answer.text),
      };
    };
    lists = createLists({
      db,
      keys,
      now,
      domains,
      fetch,
      enqueue: (list) => queue.enqueue({ kind: "domain-list", payload: { list } }),
    });
    asked.length = 0;
  });

  const rules = async () =>
    [...(await domains.all()).values()].map(({ domain, level }) => `${domain} ${level}`);
  const put = (domain: string, level: "allow" | "limit" | "block") =>
    domains.change(null, { put: [{ ...domains.parse({ domain, level }), list: null }], remove: [] });
  const brief = async (key: number) => {
    const draft = await lists.draft(key);
    return (
      draft && {
        added: draft.added.map(({ domain }) => domain),
        changed: draft.changed.map(({ before, after }) => `${before.domain} ${before.level} ${after.level}`),
        removed: draft.removed.map(({ domain }) => domain),
        kept: draft.kept.map(({ domain }) => domain),
      }
    );
  };

  describe("a file that is read in", () => {
    const read = (text: string) =>
      lists.read(null, { name: "blocks.csv", bytes: bytes(text), plain: "block" });
    test("changes nothing until it is accepted, and then all of it at once", async () => {
      await put("loud.test", "limit");
      await put("ours.test", "block");
      const key = await read("loud.test,suspend\nnew.test,suspend\nexa***.com,suspend\n");
      expect(await rules()).toEqual(["loud.test limit", "ours.test block"]);
      expect(await brief(key)).toEqual({
        added: ["new.test"],
        changed: ["loud.test limit block"],
        removed: [],
        kept: [],
      });
      expect((await lists.draft(key))?.obfuscated).toBe(1);
      await lists.accept(null, key);
      expect(await rules()).toEqual(["loud.test block", "new.test block", "ours.test block"]);
      expect(await lists.all()).toEqual([]);
    });
    test("is forgotten when it is not wanted", async () => {
      const key = await read("new.test");
      await lists.discard(key);
      expect([await rules(), await lists.all()]).toEqual([[], []]);
    });
    test("leaves nothing behind where a line is wrong", async () => {
      await expect(read("new.test\nnot a domain\n")).rejects.toThrow("Line 2");
      expect(await lists.all()).toEqual([]);
    });
  });

  describe("a subscription", () => {
    const subscribe = (acceptsItself = false) =>
      lists.subscribe(null, { url: URL, plain: "block", acceptsItself });
    test("brings a draft, follows the list in both directions, and leaves what others decided alone", async () => {
      await put("loud.test", "limit");
      answer = { etag: '"1"', text: "evil.test\nworse.test\nloud.test\na.test\n" };
      const key = await subscribe();
      await lists.refresh(key);
      expect(await brief(key)).toEqual({
        added: ["evil.test", "worse.test"],
        changed: [],
        removed: [],
        kept: ["loud.test"],
      });
      await lists.accept(null, key);
      expect(await rules()).toEqual(["evil.test block", "loud.test limit", "worse.test block"]);

      answer = { etag: '"2"', text: "worse.test,silence\nthird.test\n" };
      await lists.refreshAll();
      expect(await brief(key)).toEqual({
        added: ["third.test"],
        changed: ["worse.test block limit"],
        removed: ["evil.test"],
        kept: [],
      });
      answer = { etag: '"3"', text: "#domain,#severity\nworse.test,silence\n" };
      await lists.refreshAll();
      expect(await brief(key)).toEqual({
        added: [],
        changed: ["worse.test block limit"],
        removed: ["evil.test"],
        kept: [],
      });
      await lists.accept(null, key);
      expect(await rules()).toEqual(["loud.test limit", "worse.test limit"]);
      expect(asked).toEqual([null, '"1"', '"2"']);
    });
    test("is not read again while it is the same", async () => {
      answer = { etag: '"1"', text: "evil.test" };
      const key = await subscribe();
      await lists.refresh(key);
      await lists.refresh(key);
      expect(asked).toEqual([null, '"1"']);
      expect((await brief(key))?.added).toEqual(["evil.test"]);
    });
    test("accepts by itself where that is wanted", async () => {
      answer = { text: "evil.test" };
      const key = await subscribe(true);
      await lists.refresh(key);
      expect([await rules(), await brief(key)]).toEqual([["evil.test block"], null]);
    });
    const bad: readonly [string, typeof answer, string][] = [
      ["does not answer", null, "took too long"],
      ["is gone", { status: 404, text: "" }, "answered 404"],
      ["has become a page", { text: "<html>" }, "Line 1"],
      ["is empty", { text: "" }, "names no domain"],
    ];
    for (const [name, wrong, sentence] of bad) {
      test(`that ${name} says so, and changes no rule`, async () => {
        answer = { text: "evil.test" };
        const key = await subscribe(true);
        await lists.refresh(key);
        answer = wrong;
        await lists.refresh(key);
        expect(await rules()).toEqual(["evil.test block"]);
        expect((await lists.all())[0]?.failed).toContain(sentence);
      });
    }
    test("that is given up leaves its rules as ours", async () => {
      answer = { text: "evil.test" };
      const key = await subscribe(true);
      await lists.refresh(key);
      await lists.remove(null, key);
      expect([await rules(), await lists.all()]).toEqual([["evil.test block"], []]);
      expect((await domains.find("evil.test"))?.list).toBeNull();
    });
    test("is one, however often it is asked for; and an address is an address", async () => {
      await subscribe();
      for (const [url, code] of [
        [URL, "conflict"],
        ["ftp://x.test", "invalid"],
      ] as const) {
        const error = await lists
          .subscribe(null, { url, plain: "block", acceptsItself: false })
          .catch((error) => error);
        expect(isProblem(error, code)).toBe(true);
      }
    });
  });
});
