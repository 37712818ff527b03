/** Who listens on is asked now and then whether they still may, in case no word of an end came. */
import { expect, test } from "bun:test";
import { DAY_MS } from "../lib/durations.ts";
import { eachEngine } from "../testing/engines.ts";
import { fromHome, residents } from "../testing/residents.ts";
import { endOver, type Reviewed } from "./review.ts";

eachEngine((engine) => {
  test("access that ended without a word ends what is open by it, and nothing else", async () => {
    const db = await engine.freshDb();
    const here = await residents(db);
    const [alice, bob, carol] = [
      await here.person("alice"),
      await here.person("bob"),
      await here.person("carol"),
    ];
    const ended: string[] = [];
    const ear = (name: string, access: Reviewed["access"]): Reviewed => ({
      access,
      end: () => void ended.push(name),
    });
    const consentOf = async (account: typeof alice): Promise<number> => {
      await here.oauth.tokens.create({ account, scope: "read" });
      return (await here.oauth.revocation.list(account.key))[0]?.key ?? 0;
    };
    const sessionOf = async (account: typeof alice): Promise<number> =>
      (await here.accounts.sessions.create(account.key, fromHome)).key;
    const byConsent = { account: alice.key, session: null, consent: await consentOf(alice) };
    const bySession = { account: alice.key, session: await sessionOf(alice), consent: null };
    const ears = [
      ear("visitor", null),
      ear("alice's app", byConsent),
      ear("alice's browser", bySession),
      ear("bob's app", { account: bob.key, session: null, consent: await consentOf(bob) }),
      ear("carol's browser", { account: carol.key, session: await sessionOf(carol), consent: null }),
    ];
    const review = () => endOver(db, ears, here.clock.now(), here.accounts.factors.requiring());
    await review();
    expect(ended).toEqual([]);
    await here.accounts.settings.set({ secondFactor: "everyone" });
    await review();
    // Tokens of the operator's are good without a second factor.
    expect(ended.splice(0)).toEqual(["alice's browser", "carol's browser"]);
    await here.accounts.settings.set({ secondFactor: "nobody" });
    await db.batch([...here.oauth.revokeTokens(alice.key)]);
    await review();
    expect(ended).toEqual(["alice's app"]);
    await here.accounts.people.disable(null, carol);
    here.clock.advance(100 * DAY_MS);
    await review();
    expect(new Set(ended)).toEqual(new Set(["alice's app", "alice's browser", "carol's browser"]));
  });
});
