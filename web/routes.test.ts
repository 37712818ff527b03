/** The pages as the whole app serves them: headers that programs and browsers rely on. */
import { expect, test } from "bun:test";
import { testApp } from "../server/testing/app.ts";
import { eachEngine } from "../server/testing/engines.ts";
import { person } from "../server/testing/people.ts";

const COOP = "cross-origin-opener-policy";

eachEngine((engine) => {
  test("a program that opens a window to ask stays in touch with it, also where it asked wrongly", async () => {
    const app = await testApp(engine);
    const alice = await person(app, "alice", "admin");
    for (const path of ["/sign-in", "/oauth/authorize", "/oauth/authorize?client_id=unknown"]) {
      expect((await app.ask(path)).headers.get(COOP)).toBeNull();
      expect((await alice.page(path)).headers.get(COOP)).toBeNull();
    }
    for (const path of ["/", "/settings", "/@alice"]) {
      expect((await alice.page(path)).headers.get(COOP)).toBe("same-origin");
    }
  });

  test("a text in several languages is shown in that of whoever reads, and so is the name of its kind", async () => {
    const app = await testApp(engine);
    const alice = await person(app, "alice", "admin");
    const { object } = await alice.act({
      type: "Create",
      to: ["https://www.w3.org/ns/activitystreams#Public"],
      object: {
        type: "Event",
        nameMap: { en: "Fair", de: "Jahrmarkt" },
        startTime: "2026-05-04T18:30:00+02:00",
      },
    });
    const pageIn = async (language: string) =>
      (
        await app.ask(`/@alice/${object?.key}`, {
          headers: { accept: "text/html", "accept-language": language },
        })
      ).text();
    const english = await pageIn("en");
    expect(english).toContain("Fair");
    expect(english).toContain("Monday, May 4, 2026");
    const german = await pageIn("de");
    expect(german).toContain("Jahrmarkt");
    expect(german).toContain("Termin");
    expect(german).toContain("Montag, 4. Mai 2026");
  });
});
