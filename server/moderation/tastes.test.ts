/** What a person does not want to read: no more of it than is looked through for each page. */
import { expect, test } from "bun:test";
import { createKeys } from "../lib/id.ts";
import { eachEngine } from "../testing/engines.ts";
import { village } from "../testing/village.ts";
import { MAX_FILTERS } from "./filter.ts";
import { insertAvoidedHost } from "./store-filters.ts";
import { createTastes } from "./tastes.ts";

const A = "https://a.test";
const MAX_HOSTS = 500;

eachEngine((engine) => {
  async function given() {
    const town = await village({ [A]: await engine.freshDb() });
    const { db, person } = town.house(A);
    const { now } = town.clock;
    const tastes = await createTastes({ db, keys: createKeys({ now }), now });
    return { db, tastes, alice: (await person("alice")).key };
  }
  const done = (outcomes: readonly PromiseSettledResult<unknown>[]) =>
    outcomes.filter(({ status }) => status === "fulfilled").length;

  test("of more filters made at one moment than there may be the first alone are made", async () => {
    const { tastes, alice } = await given();
    const filter = (n: number) => ({
      title: `No. ${n}`,
      phrases: [{ text: "owls", isWhole: true }],
      contexts: ["home"] as const,
      action: "warn" as const,
      expiresMs: null,
    });
    const outcomes = await Promise.allSettled(
      Array.from({ length: MAX_FILTERS + 5 }, (_, n) => tastes.saveFilter(alice, filter(n))),
    );
    expect(done(outcomes)).toBe(MAX_FILTERS);
    expect(await tastes.filters(alice)).toHaveLength(MAX_FILTERS);
  });

  test("of more servers blocked at one moment than may be the first alone are blocked; one that is stays", async () => {
    const { db, tastes, alice } = await given();
    const hosts = Array.from({ length: MAX_HOSTS - 2 }, (_, n) => n + 100);
    await db.batch(
      hosts.flatMap((host) => [
        { text: "INSERT INTO host (key, name) VALUES ($1, $2)", values: [host, `${host}.test`] },
        insertAvoidedHost(alice, host, 0),
      ]),
    );
    const names = ["p.test", "q.test", "r.test", "s.test"];
    // Numbers are given out beside those above.
    await db.batch(
      names.map((name, n) => ({
        text: "INSERT INTO host (key, name) VALUES ($1, $2)",
        values: [n + 10, name],
      })),
    );
    const outcomes = await Promise.allSettled(names.map((name) => tastes.avoid(alice, name)));
    expect(done(outcomes)).toBe(2);
    expect(await tastes.hosts(alice)).toHaveLength(MAX_HOSTS);
    expect(await tastes.avoid(alice, "100.test")).toBe(100);
  });
});
