/** Limits that several requests come up to at one moment hold as they do for one after the other, on every engine. */
import { beforeAll, describe, expect, test } from "bun:test";
import { MAX_PENDING } from "./accounts/sign-up.ts";
import { createDomainParts } from "./domains.ts";
import { createGrouping } from "./grouping.ts";
import type { Job } from "./jobs/job.ts";
import type { Sql } from "./lib/sql.ts";
import { upstream } from "./lib/upstream.ts";
import { record } from "./moderation/audit.ts";
import { insertReport } from "./moderation/store-reports.ts";
import { createProviders } from "./oauth/client/providers.ts";
import { MAX_ANNOUNCEMENTS } from "./site/announcements.ts";
import { MAX_EMOJI } from "./site/emoji.ts";
import { insertEmoji } from "./site/store-emoji.ts";
import { type TestApp, testApp } from "./testing/app.ts";
import { eachEngine } from "./testing/engines.ts";
import { type Person, person } from "./testing/people.ts";

/** So many come at once where there is room for one. */
const AT_ONCE = 4;

eachEngine((engine) => {
  let app: TestApp;
  let alice: Person;
  let admin: NonNullable<Awaited<ReturnType<TestApp["opened"]["accounts"]["people"]["find"]>>>;

  beforeAll(async () => {
    app = await testApp(engine);
    alice = await person(app, "alice", "admin");
    const found = await app.opened.accounts.people.find(alice.key);
    if (found === null) throw new Error("alice has no account.");
    admin = found;
  });

  /** Fills up to the last place, and lets several want it at once: one gets it. */
  async function comeUpTo(most: number, add: (nth: number) => Promise<unknown>): Promise<void> {
    for (let nth = 1; nth < most; nth++) await add(nth);
    const outcomes = await Promise.allSettled(
      Array.from({ length: AT_ONCE }, (_, extra) => add(most + extra)),
    );
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  }

  describe("there is room for no more", () => {
    test("links into a group", async () => {
      const { groups, groupLinks } = createGrouping({ ...app, now: app.clock.now });
      const group = await groups.create(admin, { name: "owls", displayName: "Owls" });
      await comeUpTo(50, () => groupLinks.make(alice.key, group.key, { uses: 1, days: 1 }));
      await expect(groupLinks.make(alice.key, group.key, { uses: 1, days: 1 })).rejects.toThrow(
        "There are 50 open links already.",
      );
    });

    test("accounts elsewhere of one person", async () => {
      const { identities } = app.opened.accounts;
      const named = (nth: number) =>
        ({ kind: "fediverse", issuer: "https://b.test", subject: `s-${nth}` }) as const;
      await comeUpTo(20, (nth) => identities.link(admin, { ...named(nth), place: "b.test", label: "alice" }));
    });

    test("lists of rules", async () => {
      const { lists } = createDomainParts({
        ...app,
        now: app.clock.now,
        fetch: async (url) => {
          throw upstream("refused", url);
        },
      });
      const url = (nth: number) => `https://lists.test/${nth}.csv`;
      await comeUpTo(50, (nth) =>
        lists.subscribe(alice.key, { url: url(nth), plain: "block", acceptsItself: false }),
      );
    });

    test("places to sign in with", async () => {
      const { db, keys } = app.opened;
      const providers = createProviders({
        db,
        keys,
        now: app.clock.now,
        record: (act) => record(keys, act),
        discover: { place: async ({ issuer }) => ({ as: { issuer } }) as never },
        isInsecure: false,
      });
      await comeUpTo(20, (nth) =>
        providers.save(admin, null, {
          kind: "oidc",
          name: `School ${nth}`,
          issuer: `https://school${nth}.test`,
          clientId: "pub",
          clientSecret: "",
          scope: "",
          authorizationEndpoint: "",
          tokenEndpoint: "",
          userinfoEndpoint: "",
          subjectName: "",
          admits: "mode",
          domains: "",
        }),
      );
    });

    test("relays", async () => {
      await comeUpTo(20, (nth) => app.federation.relays.add(`https://relay${nth}.test/inbox`, alice.key));
    });

    test("announcements", async () => {
      const announcement = { startsMs: null, endsMs: null, isAllDay: false };
      await comeUpTo(MAX_ANNOUNCEMENTS, (nth) =>
        app.offering.announcements.save(alice.key, { ...announcement, text: `Number ${nth}` }),
      );
    });

    test("emoji", async () => {
      const { db, keys, emoji } = app.opened;
      const row = (shortcode: string) => ({ key: keys.next(), shortcode, category: "", path: "/x.png" });
      const known = Array.from({ length: MAX_EMOJI - 1 }, (_, nth) =>
        insertEmoji({ ...row(`known${nth}`), media_type: "image/png", offered: 1, changed: 1 }),
      );
      await db.batch(known);
      const url = `${app.origin}/x.png`;
      await comeUpTo(1, (nth) =>
        emoji.add(alice.key, { shortcode: `new${nth}`, category: "", url, mediaType: "image/png" }),
      );
    });

    test("notes of one report", async () => {
      const { db, keys } = app.opened;
      const key = keys.next();
      await db.batch([insertReport({ key, about: alice.key, place: null, category: "other", nowMs: 1 })]);
      await comeUpTo(200, (nth) => app.peace.reports.note(alice.key, key, `Number ${nth}`));
    });

    test("people who wait to be let in", async () => {
      const { accounts } = app.opened;
      await accounts.settings.set({ registration: "approval" });
      await comeUpTo(MAX_PENDING, (nth) =>
        accounts.signUp(
          { name: `zoe${nth}`, password: "correct horse battery", reason: "Owls" },
          { addressPrefix: `192.0.2.${nth}`, agent: "" },
        ),
      );
    });
  });

  test("two reports about one person that two nodes file at once are one matter", async () => {
    const { db } = app.opened;
    const rude = await person(app, "rude");
    const ann = await person(app, "ann");
    const [first, second] = [await ann.act(flag(rude)), await alice.act(flag(rude))];
    const file = async ({ key }: { key: number }, reporter: Person) => {
      const payload = { activity: key, reporter: reporter.key, objects: [rude.iri], comment: "Rude" };
      return app.peace.reports.job.run({ payload } as unknown as Job, new AbortController().signal);
    };
    const worked = await Promise.all([file(first, ann), file(second, alice)]);
    const filed = await Promise.allSettled(worked.map((statements) => db.batch(statements as Sql[])));
    expect(filed.filter(({ status }) => status === "rejected")).toHaveLength(1);
    // Whoever was outrun comes again, as a job; the other has nothing left to do.
    for (const again of [() => file(first, ann), () => file(second, alice)])
      await db.batch((await again()) as Sql[]);
    const { items } = await app.peace.reports.list({ about: rude.key, limit: 10 });
    expect(items).toMatchObject([{ complaints: 2 }]);
  });

  const flag = ({ iri }: Person) => ({ type: "Flag", object: iri, content: "Rude" });

  describe("the last one stays", () => {
    /** Of several who leave each other nothing one is refused. */
    async function oneIsRefused(deeds: readonly Promise<unknown>[]): Promise<void> {
      const outcomes = await Promise.allSettled(deeds);
      expect(outcomes.filter(({ status }) => status === "rejected")).toHaveLength(1);
    }

    test("admin, where two take the role from each other", async () => {
      const { people } = app.opened.accounts;
      const ben = await person(app, "ben", "admin");
      const other = await people.getByName("ben");
      await oneIsRefused([people.setRole(other, admin, "member"), people.setRole(admin, other, "member")]);
      await people.setRole(null, admin, "admin");
      await people.setRole(null, other, "admin");
      await oneIsRefused([people.disable(null, admin), people.disable(null, other)]);
      expect((await people.find(ben.key))?.state === (await people.find(alice.key))?.state).toBe(false);
    });

    test("way in, where both are taken away", async () => {
      const { identities, passwords, people } = app.opened.accounts;
      const zoe = await person(app, "zoe");
      const account = await people.getByName("zoe");
      const at = (issuer: string) => ({ kind: "fediverse", issuer, subject: "zoe", place: issuer }) as const;
      for (const issuer of ["https://c.test", "https://d.test"])
        await identities.link(account, { ...at(issuer), label: "zoe" });
      await passwords.remove(account, 0);
      const both = await identities.list(zoe.key);
      await oneIsRefused(both.map(({ key }) => identities.unlink(account, key, 0)));
      expect(await identities.list(zoe.key)).toHaveLength(1);
    });
  });
});
