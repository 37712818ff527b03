/** Who has no password and lost the passkey comes in with a code on paper, on the pages. */
import { expect, test } from "bun:test";
import { testApp } from "../../server/testing/app.ts";
import { device } from "../../server/testing/authenticator.ts";
import { onSqlite } from "../../server/testing/engines.ts";
import { person } from "../../server/testing/people.ts";
import { visitor } from "../../server/testing/visitor.ts";

onSqlite((engine) => {
  test("a code leads from the page for signing in to the page for a new passkey, and then to where one was going", async () => {
    const app = await testApp(engine);
    await person(app, "ruth", "admin");
    const { accounts } = app.opened;
    await person(app, "alice");
    const alice = await accounts.people.getByName("alice");
    const { options, token } = await accounts.passkeys.beginNew(alice);
    const credential = await (await device(app.origin)).create(options);
    const { recovery } = await accounts.passkeys.finishNew(alice, { token, credential, name: "" }, 0);
    await accounts.passwords.remove(alice, 0);

    const browser = visitor(app);
    const door = await (await browser.open("/sign-in?return=%2Fnotices")).text();
    expect(door).toContain('href="/sign-in/recovery?return=%2Fnotices"');
    const send = (name: string, code: string) =>
      browser.submit("/sign-in/recovery?return=%2Fnotices", "/sign-in/recovery", {
        name,
        code,
        return: "/notices",
      });
    const told: string[] = [];
    for (const name of ["alice", "nobody"]) {
      const wrong = await send(name, "abcd-efgh-jkmn");
      expect([wrong.status, browser.has("__Host-session")]).toEqual([401, false]);
      const page = await wrong.text();
      expect(page).not.toContain("abcd-efgh");
      told.push(/field-problem[^>]*>([^<]*)|The name or the code is wrong[^<]*/.exec(page)?.[0] ?? "");
    }
    expect(told[0]).toContain("The name or the code is wrong");
    expect(told[1]).toBe(told[0] ?? "");

    const done = await send("alice", recovery?.[0] ?? "");
    expect(browser.ledTo(done)).toBe("/settings/sign-in?return=%2Fnotices");
    const page = await (await browser.open("/settings/sign-in?return=%2Fnotices")).text();
    expect(page).toContain("You are in. Now add a passkey");
    expect(page).toContain('name="passkey-name"');
    expect(page).toContain("9 codes are left");
    expect(await (await browser.open("/settings/sessions")).text()).toContain("with a recovery code");
  });

  test("who joins with a passkey and waits to be let in keeps a sheet as well", async () => {
    const app = await testApp(engine);
    await person(app, "ruth", "admin");
    const { accounts } = app.opened;
    await accounts.settings.set({ registration: "approval" });
    const browser = visitor(app);
    const page = "/sign-up?with=passkey";
    const asked = await browser.submit(page, "/sign-in/passkey/options", { use: "join", name: "greta" });
    const { options, token } = (await asked.json()) as Awaited<
      ReturnType<typeof accounts.passkeys.beginJoin>
    >;
    const credential = await (await device(app.origin)).create(options);
    const joined = await browser.submit(page, "/sign-up/passkey", {
      token,
      credential,
      email: "greta@school.example",
      reason: "I live next door.",
    });
    expect(browser.has("__Host-session")).toBe(false);
    const sheet = await joined.text();
    const codes = [...sheet.matchAll(/<code>([a-z0-9-]{14})<\/code>/g)].map(([, code = ""]) => code);
    expect(codes).toHaveLength(10);
    const csrf = /name="csrf" value="([^"]+)"/.exec(sheet)?.[1] ?? "";
    const given = { csrf, codes: codes.join(" ") };
    const file = await (await browser.submit("/sign-in", "/settings/sign-in/recovery.txt", given)).text();
    expect(file).toContain("https://pub.test/sign-in/recovery");
    const send = () =>
      browser.submit("/sign-in/recovery", "/sign-in/recovery", { name: "greta", code: codes[0] ?? "" });
    expect(await (await send()).text()).toContain("waits for the people who run this server");
    await accounts.people.approve(null, await accounts.people.getByName("greta"));
    expect(browser.ledTo(await send())).toBe("/settings/sign-in");
  });
});
