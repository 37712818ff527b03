/** Every address that is mounted, and the scope that a program needs to use it: none is forgotten, and none asks for more. */
import { beforeAll, expect, test } from "bun:test";
import { allows, SCOPES } from "./oauth/provider/scopes.ts";
import { type TestApp, testApp } from "./testing/app.ts";
import { onSqlite } from "./testing/engines.ts";
import { NEEDED, OPEN, OTHERWISE, type Route, routesIn } from "./testing/mounted.ts";
import { type Person, person } from "./testing/people.ts";
import { hasVectors, readVectors } from "./testing/vectors.ts";

/** The published table names a scope for writing where people are only read, and the other way round. */
const MISPRINTED: ReadonlySet<string> = new Set([
  "GET /api/v2/notifications/:group_key/accounts",
  "DELETE /api/v1/suggestions/:id",
]);

const nameOf = ({ method, path }: Route): string => `${method} ${path}`;
const isPage = ({ path }: Route): boolean =>
  !/^\/(?:api\/|oauth\/(?!authorize)|\.well-known\/|nodeinfo\/|livez|readyz|inbox$|users\/:name\/(?:in|out)box$)/.test(
    path,
  );
const REFUSED: readonly number[] = [401, 403];

onSqlite((engine) => {
  let app: TestApp;
  let boss: Person;
  beforeAll(async () => {
    app = await testApp(engine);
    boss = await person(app, "boss", "admin");
    await app.opened.accounts.settings.set({ publicLists: "everyone" });
  });

  /** The status of an answer; nothing is read, so that streams end. */
  async function ask({ method, path }: Route, authorization?: string): Promise<number> {
    const address = path.replace(":name", "boss").replace(/:\w+/g, "1");
    const response = await app.ask(address, {
      method,
      headers: authorization === undefined ? {} : { authorization },
    });
    await response.body?.cancel();
    return response.status;
  }

  const tables = (): readonly Route[] => [
    ...Object.values(NEEDED).flatMap(routesIn),
    ...routesIn(OPEN),
    ...routesIn(OTHERWISE),
  ];

  test("the tables here name everything that is mounted, once, and nothing else", () => {
    const mounted = app.routes.filter((route) => !isPage(route)).map(nameOf);
    expect(tables().map(nameOf).toSorted()).toEqual([...new Set(mounted)].toSorted());
  });

  for (const [scope, text] of Object.entries(NEEDED)) {
    test(`${scope} opens what it is for, and nobody comes in without it`, async () => {
      const alone = await boss.tokenFor(scope);
      const others = await boss.tokenFor(SCOPES.filter((other) => !allows([other], scope)).join(" "));
      for (const route of routesIn(text)) {
        const name = nameOf(route);
        expect([name, "no token", await ask(route)]).toEqual([name, "no token", 401]);
        expect([name, "all other scopes", REFUSED.includes(await ask(route, others))]).toEqual([
          name,
          "all other scopes",
          true,
        ]);
        const status = await ask(route, alone);
        expect([name, status, REFUSED.includes(status) || status >= 500]).toEqual([name, status, false]);
      }
    });
  }

  test("what is for everybody asks nobody for a token", async () => {
    for (const route of routesIn(OPEN)) {
      const status = await ask(route);
      expect([nameOf(route), status, REFUSED.includes(status) || status >= 500]).toEqual([
        nameOf(route),
        status,
        false,
      ]);
    }
  });

  test("what proves itself in another way refuses those who prove nothing", async () => {
    for (const route of routesIn(OTHERWISE).filter(({ path }) => path !== "/oauth/register")) {
      const status = await ask(route);
      expect([nameOf(route), status >= 400 && status < 500]).toEqual([nameOf(route), true]);
    }
  });

  test("a token does nothing on pages: they are for sessions", async () => {
    const everything = await boss.tokenFor(SCOPES.join(" "));
    for (const route of app.routes.filter(isPage)) {
      const [without, withToken] = [await ask(route), await ask(route, everything)];
      expect([nameOf(route), withToken]).toEqual([nameOf(route), without]);
      if (route.method === "POST") expect([nameOf(route), withToken]).toEqual([nameOf(route), 403]);
    }
    expect(app.warnings()).toEqual([]);
  });

  test("a token that is enough at Mastodon is enough here", () => {
    const file = "schemas/mastodon-openapi/schema.json";
    if (!hasVectors(file)) return;
    const { paths } = readVectors<{
      paths: Record<string, Record<string, { security?: { OAuth2?: string[] }[] }>>;
    }>(file);
    const published = new Map(
      Object.entries(paths).flatMap(([path, operations]) =>
        Object.entries(operations).map(([method, { security }]) => [
          `${method.toUpperCase()} ${path.replace(/\{\w+\}/g, ":")}`,
          security?.[0]?.OAuth2 ?? [],
        ]),
      ),
    );
    for (const [scope, text] of Object.entries(NEEDED)) {
      for (const route of routesIn(text).filter((each) => !MISPRINTED.has(nameOf(each)))) {
        const theirs = published.get(nameOf(route).replace(/:\w+/g, ":")) ?? [];
        const isEnough = theirs.length === 0 || theirs.some((given) => allows([given], scope));
        expect([nameOf(route), theirs, isEnough]).toEqual([nameOf(route), theirs, true]);
      }
    }
  });
});
