/** What comes of limiting or blocking a server for people here, by whether they follow anybody there. */
import { expect, test } from "bun:test";
import { PUBLIC } from "../core/object.ts";
import { appOf } from "../testing/app-client.ts";
import { onSqlite } from "../testing/engines.ts";
import { fediverse } from "../testing/fediverse.ts";
import { post } from "../testing/letters.ts";
import { type Person, person } from "../testing/people.ts";
import { stranger } from "../testing/strangers.ts";

const PATIENCE_MS = 60_000;

onSqlite((engine) => {
  test(
    "answers and notices from a limited server reach those who follow its people, and nobody else",
    async () => {
      const all = await fediverse(engine, ["a.test"]);
      const app = all.at("a.test");
      const [alice, carol] = [await person(app, "alice", "admin"), await person(app, "carol")];
      const server = stranger(all, "loud.test");
      const mallory = await server.actor("mallory");
      const { look } = app.federation;
      const keyOf = async (iri: string) => (await look.fetch(iri))?.key ?? 0;
      await keyOf(mallory.iri);
      const asked = await alice.act({ type: "Follow", object: mallory.iri });
      const accept = {
        id: mallory.at("/accept"),
        type: "Accept",
        actor: mallory.iri,
        object: asked.activity.id ?? "",
      };
      await post(app, { by: mallory, body: accept });
      await all.settle();
      const limit = async (isLimited: boolean) => {
        const rule = {
          domain: "loud.test",
          level: "limit" as const,
          noMedia: false,
          noReports: false,
          publicComment: "",
          privateComment: "",
          list: null,
        };
        await app.opened.domains.change(
          null,
          isLimited ? { put: [rule], remove: [] } : { put: [], remove: ["loud.test"] },
        );
      };
      let serial = 0;
      const reach = async (who: Person) => {
        const parent = await who.note("Who plays?", { to: [PUBLIC] });
        const at = mallory.at(`/notes/${++serial}`);
        const audience = { to: [PUBLIC], cc: [who.iri] };
        const object = {
          id: at,
          type: "Note",
          attributedTo: mallory.iri,
          content: `<p>I do ${serial}</p>`,
          inReplyTo: parent,
          ...audience,
        };
        const body = { id: `${at}/create`, type: "Create", actor: mallory.iri, ...audience, object };
        await post(app, { by: mallory, body });
        await all.settle();
        const [newest] = (await app.queries.notices(who.key, { limit: 1 })).items;
        return {
          isTold: newest?.object?.contentHtml.includes(`I do ${serial}`) === true,
          isCounted: (await app.queries.unreadNotices(who.key)) > 0,
          answers: (await app.queries.thread(await keyOf(parent), who.key)).replies.length,
        };
      };
      await limit(true);
      expect(await reach(carol)).toEqual({ isTold: false, isCounted: false, answers: 0 });
      expect(await reach(alice)).toEqual({ isTold: true, isCounted: true, answers: 1 });
      await limit(false);
      expect(await reach(carol)).toEqual({ isTold: true, isCounted: true, answers: 1 });
    },
    PATIENCE_MS,
  );

  test(
    "whose followings end with a block is told once, by which server and how many",
    async () => {
      const all = await fediverse(engine, ["a.test"]);
      const app = all.at("a.test");
      const [alice, carol] = [await person(app, "alice", "admin"), await person(app, "carol")];
      const server = stranger(all, "gone.test");
      const people = [await server.actor("one"), await server.actor("two")];
      for (const { iri, at } of people) {
        await app.federation.look.fetch(iri);
        const asked = await alice.act({ type: "Follow", object: iri });
        const by = people.find((each) => each.iri === iri);
        const accept = { id: at("/accept"), type: "Accept", actor: iri, object: asked.activity.id ?? "" };
        if (by) await post(app, { by, body: { ...accept, id: `${iri}/accept` } });
      }
      await all.settle();
      const rule = app.opened.domains.parse({ domain: "gone.test", level: "block" });
      await app.opened.domains.change(alice.key, { put: [{ ...rule, list: null }], remove: [] });
      await all.settle();
      const api = await appOf(alice);
      const told = await api.get("/api/v1/notifications?types[]=severed_relationships");
      expect(told).toMatchObject([
        {
          type: "severed_relationships",
          account: { acct: "alice" },
          event: { type: "domain_block", target_name: "gone.test", following_count: 2, followers_count: 0 },
        },
      ]);
      expect(await (await alice.page("/notices")).text()).toContain("another server was blocked here");
      expect(await (await appOf(carol)).get("/api/v1/notifications")).toEqual([]);
    },
    PATIENCE_MS,
  );
});
