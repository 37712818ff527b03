/** Names of people elsewhere: as their servers spell them, and on the host that their servers give names on. */
import { beforeEach, expect, test } from "bun:test";
import type { JsonObject } from "../lib/json.ts";
import { appOf } from "../testing/app-client.ts";
import { onSqlite } from "../testing/engines.ts";
import { type Fediverse, fediverse } from "../testing/fediverse.ts";
import { type Person, person } from "../testing/people.ts";
import { type Stranger, type StrangerActor, stranger } from "../testing/strangers.ts";

onSqlite((engine) => {
  let all: Fediverse;
  let alice: Person;
  let social: Stranger;
  let names: Stranger;
  let bob: StrangerActor;

  beforeEach(async () => {
    all = await fediverse(engine, ["a.test"]);
    alice = await person(all.at("a.test"), "alice", "admin");
    social = stranger(all, "social.there.test");
    names = stranger(all, "there.test");
    bob = await social.actor("bob");
  });

  const answers = (at: Stranger, acct: string, body: JsonObject | null) =>
    at.put(
      `/.well-known/webfinger?resource=${encodeURIComponent(`acct:${acct}`)}`,
      body && { type: "application/jrd+json", body },
    );
  const jrd = (subject: string, href: string): JsonObject => ({
    subject: `acct:${subject}`,
    links: [{ rel: "self", type: "application/activity+json", href }],
  });
  /** The name under which whoever lives at the address is known here. */
  async function nameOf(iri: string): Promise<string | undefined> {
    const entity = await alice.app.federation.look.fetch(iri);
    return (await alice.app.queries.actor(entity?.key ?? 0))?.handle;
  }

  test("who lives at one host and is called by another is known by the latter, and found by both", async () => {
    answers(social, "bob@social.there.test", jrd("bob@there.test", bob.iri));
    answers(names, "bob@there.test", jrd("bob@there.test", bob.iri));
    expect(await nameOf(bob.iri)).toBe("bob@there.test");
    for (const written of ["@bob@there.test", "@bob@social.there.test"]) {
      const page = await alice.page(`/search?q=${encodeURIComponent(written)}`);
      expect(await page.text()).toContain("@bob@there.test");
    }
    const status = await (await appOf(alice)).post("/api/v1/statuses", { status: "Hello @bob@there.test" });
    expect(status.mentions).toMatchObject([{ acct: "bob@there.test" }]);
  });

  test("not where that host says something else, or nothing", async () => {
    answers(social, "bob@social.there.test", jrd("admin@there.test", bob.iri));
    expect(await nameOf(bob.iri)).toBe("bob@social.there.test");
    const eve = await social.actor("eve");
    answers(social, "eve@social.there.test", jrd("boss@there.test", eve.iri));
    answers(names, "boss@there.test", jrd("boss@there.test", "https://there.test/users/boss"));
    expect(await nameOf(eve.iri)).toBe("eve@social.there.test");
    const zoe = await social.actor("zoe");
    answers(social, "zoe@social.there.test", jrd("zoe@away.test", zoe.iri));
    expect(await nameOf(zoe.iri)).toBe("zoe@social.there.test");
  });

  test("a server that tells capitals from small letters is asked for the name as it spells it", async () => {
    const news = await social.actor("NewsBot");
    expect(await nameOf(news.iri)).toBe("newsbot@social.there.test");
    const page = await alice.page(`/search?q=${encodeURIComponent("@NewsBot@social.there.test")}`);
    expect(await page.text()).toContain("newsbot@social.there.test");
  });

  test("one that writes all names small is asked for that too", async () => {
    const page = await alice.page(`/search?q=${encodeURIComponent("@Bob@social.there.test")}`);
    expect(await page.text()).toContain("@bob@social.there.test");
  });
});
