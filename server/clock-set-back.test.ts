/** The machine's clock is set back by days: what is kept for a while is asked for anew all the same when that is over. */
import { describe, expect, test } from "bun:test";

import { hostKey } from "./core/store.ts";
import { createHosts } from "./federation/hosts.ts";
import { createReading } from "./federation/reading.ts";
import { rememberReceived } from "./federation/store-peers.ts";
import { createAnswers } from "./lib/answers.ts";
import { heldClock, type Now } from "./lib/clock.ts";
import { DAY_MS } from "./lib/durations.ts";
import { rememberAddresses } from "./lib/resolve.ts";
import { createKeptPages } from "./queries/kept-pages.ts";
import { createTranslator } from "./site/translate.ts";
import { testApp } from "./testing/app.ts";
import { onSqlite } from "./testing/engines.ts";
import { person } from "./testing/people.ts";

/** Asks through the cache; `counted` is called where it asks behind it. */
type Cache = (now: Now, counted: () => void) => () => Promise<unknown>;

const caches: Readonly<Record<string, Cache>> = {
  "an answer": (now, counted) => {
    const answers = createAnswers(1, { now, ms: 1_000 });
    return () => answers.get("key", async () => counted());
  },
  "where a host is": (now, counted) => {
    const resolve = async () => {
      counted();
      return ["192.0.2.1"];
    };
    const find = rememberAddresses({ now, resolve });
    return () => find("a.test");
  },
  "a page": (now, counted) => {
    const pages = createKeptPages({ now, db: { version: () => 1 } });
    return () =>
      pages.keep("home", [], async () => {
        counted();
        return {};
      });
  },
  "what can be translated": (now, counted) => {
    const service = { url: "https://translate.test", key: null };
    const fetch = async (url: string) => {
      counted();
      const bytes = new TextEncoder().encode('[{"code":"en","targets":["de"]}]');
      return { status: 200, headers: new Headers(), url, bytes };
    };
    const translator = createTranslator({ now, service, fetch });
    return () => translator.languages();
  },
  "what is being read": (now, counted) => {
    const look = { byKey: async () => ({}) } as never;
    const reading = createReading({ now, look, opened: async () => counted() });
    return () => reading(1);
  },
  "what is decided about a host": (now, counted) => {
    const db = {
      one: async () => {
        counted();
        return null;
      },
    } as never;
    const hosts = createHosts({ db, now, wake: () => undefined });
    return () => hosts.standing(1);
  },
};

describe("after the clock was set back, what is kept for a while is asked for again in time", () => {
  test.each(Object.entries(caches))("%s", async (_, cache) => {
    const clock = heldClock();
    let asked = 0;
    const ask = cache(clock.now, () => asked++);
    await ask();
    clock.advance(-4 * DAY_MS);
    await ask();
    expect(asked).toBe(1);
    clock.advance(2 * DAY_MS);
    await ask();
    expect(asked).toBe(2);
  });

  onSqlite((engine) => {
    test("figures of the server", async () => {
      const app = await testApp(engine);
      await person(app, "alice", "admin");
      const read = async () => {
        const [nodeinfo, instance] = await Promise.all(
          ["/nodeinfo/2.1", "/api/v1/instance"].map(async (path) => (await app.ask(path)).json()),
        );
        return [nodeinfo.usage.users.total, instance.stats.domain_count];
      };
      const before = await read();
      await person(app, "bob");
      await hostKey(app.opened.db, "there.test");
      await app.opened.db.batch([rememberReceived("there.test", app.clock.now())]);
      app.clock.advance(-4 * DAY_MS);
      expect(await read()).toEqual(before);
      app.clock.advance(2 * DAY_MS);
      expect(await read()).toEqual(before.map((figure: number) => figure + 1));
    });
  });
});
