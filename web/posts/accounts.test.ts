/** Joining on the way into an app: whoever has no account yet makes one, and comes back to what the app asks. */
import { expect, test } from "bun:test";
import { testApp } from "../../server/testing/app.ts";
import { onSqlite } from "../../server/testing/engines.ts";
import { PASSWORD, person } from "../../server/testing/people.ts";

onSqlite((engine) => {
  test("who joins on the way into an app comes back to it, and nobody is led to another site", async () => {
    const app = await testApp(engine);
    await person(app, "boss", "admin");
    await app.opened.accounts.settings.set({ registration: "open" });
    const ask = (path: string, init: RequestInit = {}) =>
      app.ask(path, { ...init, headers: { accept: "text/html", origin: app.origin, ...init.headers } });
    const question = "/oauth/authorize?client_id=x&state=a%26b";
    const door = (await ask(question)).headers.get("location") ?? "";
    const link = /href="(\/sign-up\?[^"]*)"/.exec(await (await ask(door)).text())?.[1] ?? "";
    const header = await (await ask(link.replaceAll("&amp;", "&"))).text();
    for (const path of ["/sign-in", "/sign-up"])
      expect(header).toContain(`href="${path}?return=${encodeURIComponent(question)}"`);
    const page = await ask(link.replaceAll("&amp;", "&"));
    expect(page.headers.get("cross-origin-opener-policy")).toBeNull();
    const cookie = page.headers.getSetCookie()[0]?.split(";")[0] ?? "";
    const html = await page.text();
    const hidden = (name: string) =>
      new RegExp(`name="${name}" value="([^"]*)"`).exec(html)?.[1]?.replaceAll("&amp;", "&") ?? "";
    expect(hidden("return")).toBe(question);

    const join = (name: string, back: string) =>
      ask("/sign-up", {
        method: "POST",
        headers: { cookie },
        body: new URLSearchParams({ csrf: hidden("csrf"), name, password: PASSWORD, return: back }),
      });
    const joined = await join("newcomer", hidden("return"));
    expect([joined.status, joined.headers.get("location")]).toEqual([303, question]);
    const led = await join("another", "https://evil.example/");
    expect([led.status, led.headers.get("location")]).toEqual([303, "/"]);
  });
});
