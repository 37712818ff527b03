/** Who is suspended answers that also where there is no password to show who they are. */
import { beforeAll, expect, test } from "bun:test";
import type { TestApp } from "../../server/testing/app.ts";
import { type Device, device } from "../../server/testing/authenticator.ts";
import { onSqlite } from "../../server/testing/engines.ts";
import { type MoodleHouse, moodleHouse } from "../../server/testing/moodle-house.ts";
import { PASSWORD, person } from "../../server/testing/people.ts";
import { type Visitor, visitor } from "../../server/testing/visitor.ts";
import { APPEAL } from "../forms-peace.ts";
import { words } from "../words/index.ts";

const { standing: said } = words("en");

onSqlite((engine) => {
  let house: MoodleHouse;
  let app: TestApp;

  beforeAll(async () => {
    house = await moodleHouse(engine);
    ({ app } = house);
    await house.setting({ registration: "open" });
  });

  const keyOf = async (name: string) => (await app.opened.accounts.people.getByName(name)).key;
  const suspend = async (name: string) =>
    app.peace.sanctions.impose(house.ruth.key, {
      kind: "suspend",
      actor: await keyOf(name),
      text: "Enough",
    });
  const answer = (browser: Visitor, appeal: string) =>
    browser.submit(APPEAL.path, APPEAL.path, { [APPEAL.fields.appeal]: appeal });
  const appeals = async () => (await app.peace.sanctions.appeals()).map(({ appeal }) => appeal);

  /** At the door: led to the page, which asks for the answer alone; and nowhere else. */
  async function answers(browser: Visitor, led: Response, appeal: string): Promise<void> {
    expect([led.status, browser.ledTo(led)]).toEqual([303, APPEAL.path]);
    const page = await (await browser.open(APPEAL.path)).text();
    expect(page).toContain(said.closedWhy);
    expect(page).not.toContain(`name="${APPEAL.fields.password}"`);
    expect(browser.has("__Host-session")).toBe(false);
    expect((await browser.open("/settings/account")).status).toBe(303);
    expect((await answer(browser, "")).status).toBe(422);
    expect((await answer(browser, appeal)).status).toBe(200);
    expect(await appeals()).toContain(appeal);
    expect(await (await browser.open(APPEAL.path)).text()).toContain(`name="${APPEAL.fields.password}"`);
  }

  test("whoever is known elsewhere is led from there to the answer, once", async () => {
    const browser = visitor(app);
    await house.comeBack(browser, { sub: "s-9" });
    await house.join(browser, { name: "moodler" });
    await suspend("moodler");
    const again = visitor(app);
    await answers(again, await house.comeBack(again, { sub: "s-9" }), "It was my brother");
    const twice = visitor(app);
    const back = await house.comeBack(twice, { sub: "s-9" });
    expect(twice.ledTo(back)).toBe("/sign-in");
  });

  async function withPasskey(browser: Visitor, from: Device, page: string, use: "new" | "sign-in") {
    const asked = await browser.submit(page, "/sign-in/passkey/options", { use });
    const { options, token } = (await asked.json()) as {
      options: Parameters<Device["create"]>[0];
      token: string;
    };
    const credential = use === "new" ? await from.create(options) : await from.get(options);
    return browser.submit(page, "/sign-in/passkey", { use, token, credential, return: "/" });
  }

  test("whoever has a passkey is led by it to the answer, and not where the account is closed for another reason", async () => {
    await person(app, "keyed");
    const phone = await device(app.origin);
    const browser = visitor(app);
    await browser.submit("/sign-in", "/sign-in", { name: "keyed", password: PASSWORD, return: "/" });
    await withPasskey(browser, phone, "/settings/sign-in", "new");
    const { people } = app.opened.accounts;
    await people.disable(null, await people.getByName("keyed"));
    const closed = visitor(app);
    expect((await withPasskey(closed, phone, "/sign-in", "sign-in")).status).toBe(401);
    await people.enable(null, await people.getByName("keyed"));
    await suspend("keyed");
    const again = visitor(app);
    await answers(again, await withPasskey(again, phone, "/sign-in", "sign-in"), "I was hacked");
  });

  test("nobody answers for them who has not shown who they are", async () => {
    await person(app, "other");
    await suspend("other");
    const stranger = visitor(app);
    expect((await answer(stranger, "In their name")).status).toBe(401);
    expect(await appeals()).not.toContain("In their name");
  });
});
