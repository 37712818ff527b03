/** Settings as the whole app saves them: devices are signed out, and forms prove whose they are. */
import { expect, test } from "bun:test";
import { testApp } from "../../server/testing/app.ts";
import { onSqlite } from "../../server/testing/engines.ts";
import { person } from "../../server/testing/people.ts";
import { APPS, SESSIONS } from "../forms.ts";

onSqlite((engine) => {
  test("all other devices are signed out at once, and this one stays", async () => {
    const app = await testApp(engine);
    const alice = await person(app, "alice", "admin");
    const phones = await Promise.all(
      [1, 2].map(() => app.opened.accounts.sessions.create(alice.key, { addressPrefix: "x", agent: "" })),
    );
    const done = await alice.submit(SESSIONS.path, { [SESSIONS.fields.session]: "others" });
    expect(done.status).toBe(303);
    for (const { token } of phones) expect(await app.opened.accounts.sessions.find(token)).toBeNull();
    expect((await alice.page(SESSIONS.path)).status).toBe(200);
  });

  test("a device of somebody else is not theirs to sign out", async () => {
    const app = await testApp(engine);
    const alice = await person(app, "alice", "admin");
    const bob = await person(app, "bob");
    const [device] = await app.opened.accounts.sessions.list(bob.key);
    const refused = await alice.submit(SESSIONS.path, { [SESSIONS.fields.session]: String(device?.key) });
    expect(refused.status).toBe(404);
    expect((await bob.page(SESSIONS.path)).status).toBe(200);
  });

  test("an app that was let in is listed with what it may do, and shut out it can do nothing more", async () => {
    const app = await testApp(engine);
    const alice = await person(app, "alice", "admin");
    const bob = await person(app, "bob");
    const bearer = await alice.tokenFor("read:statuses write:media");
    const token = bearer.replace("Bearer ", "");
    const [newest] = await app.opened.oauth.revocation.list(alice.key);
    const page = await (await alice.page(APPS.path)).text();
    for (const words of [
      newest?.clientName ?? "-",
      "see posts that you can see",
      "upload pictures",
      "never used",
    ]) {
      expect(page).toContain(words);
    }
    const fields = { [APPS.fields.app]: String(newest?.key) };
    expect(page).toContain(`name="app" value="${newest?.key}"`);
    expect((await bob.submit(APPS.path, fields)).status).toBe(404);
    expect(await app.opened.oauth.tokens.find(token)).not.toBeNull();
    expect((await alice.submit(APPS.path, fields)).status).toBe(303);
    expect(await app.opened.oauth.tokens.find(token)).toBeNull();
    expect(await (await alice.page(APPS.path)).text()).not.toContain("see posts that you can see");
  });
});
