/** Nobody makes this server knock at other servers, or write, as often as they like. */
import { expect, test } from "bun:test";
import { testApp } from "../server/testing/app.ts";
import { onSqlite } from "../server/testing/engines.ts";
import { person } from "../server/testing/people.ts";
import { WEB_RATES } from "./face.ts";

onSqlite((engine) => {
  test("looking for people elsewhere is possible so often, then with time in between; what is known stays free", async () => {
    const app = await testApp(engine);
    const alice = await person(app, "alice", "admin");
    const { burst, everyMs } = WEB_RATES["look-elsewhere"];
    for (let n = 0; n < burst; n++) {
      expect((await alice.page(`/search?q=nobody${n}@elsewhere.test`)).status).toBe(200);
    }
    const refused = await alice.page("/search?q=onemore@elsewhere.test");
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
    expect((await alice.page("/search?q=@alice@pub.test")).status).toBe(200);
    app.clock.advance(everyMs);
    expect((await alice.page("/search?q=onemore@elsewhere.test")).status).toBe(200);
  });
});
