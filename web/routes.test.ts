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
});
