/** The whole circle in a browser: two compiled servers, two people, from claiming to blocking. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { closeBrowsers, hasChromium, type Person, person } from "./browser.ts";
import { cleanUp, type Running, startCommons } from "./program.ts";

const PASSWORD = "correct horse battery staple";
const INSECURE = { COMMONS_INSECURE_FEDERATION: "1" };

let here: Running;
let there: Running;
/** The admin here, whom a friend invited joins; and the admin of the other server, without scripts. */
let alice: Person;
let carol: Person;
let bob: Person;

const hostOf = ({ origin }: Running) => new URL(origin).host;

async function claim(who: Person, server: Running, name: string, displayName: string): Promise<void> {
  await who.go(server.claimLink ?? "");
  await who.page.fill("[name=name]", name);
  await who.page.fill("[name=displayName]", displayName);
  await who.page.fill("[name=password]", PASSWORD);
  await who.page.click("main form button:not([type=button])");
  await who.page.waitForURL(`${server.origin}/`);
}

/** The card of the post that says `text`, on the page that is open. */
const card = (who: Person, text: string) => who.page.locator("article", { hasText: text }).first();

async function write(who: Person, text: string): Promise<void> {
  await who.go("/");
  await who.page.fill("form.composer textarea[name=content]", text);
  await who.page.click("form.composer .composer-foot button.button");
  await who.page.waitForLoadState();
}

beforeAll(async () => {
  if (!hasChromium) return;
  [here, there] = await Promise.all([startCommons({ env: INSECURE }), startCommons({ env: INSECURE })]);
  alice = await person(here.origin);
  carol = await person(here.origin);
  bob = await person(there.origin, { scripts: false });
});
afterAll(async () => {
  await closeBrowsers();
  await cleanUp();
});

describe.skipIf(!hasChromium)("two servers and a browser", () => {
  test("the first person claims each server with the link that it printed", async () => {
    await claim(alice, here, "alice", "Alice Liddell");
    await claim(bob, there, "bob", "Bob there");
    await expect(alice.page.locator("form.composer").isVisible()).resolves.toBe(true);
  });

  test("the claim link is good once", async () => {
    await carol.go(here.claimLink ?? "");
    expect(await carol.page.locator("[name=password]").count()).toBe(0);
  });

  test("a second person joins with an invitation", async () => {
    await carol.go("/sign-up");
    expect(await carol.page.locator("[name=invitation]").count()).toBe(1);
    await alice.go("/admin/invitations");
    await alice.page.fill("[name=note]", "for Carol");
    await alice.page
      .locator("form", { has: alice.page.locator("[name=note]") })
      .locator("button")
      .click();
    const link = await alice.page.getByText("/sign-up?invitation=").first().textContent();
    await carol.page.goto(/https?:\S+/.exec(link ?? "")?.[0] ?? "");
    await carol.page.fill("[name=displayName]", "Carol");
    await carol.page.fill("[name=name]", "carol");
    await carol.page.fill("[name=password]", PASSWORD);
    await carol.page
      .locator("form", { has: carol.page.locator("[name=password]") })
      .locator("button")
      .last()
      .click();
    await carol.page.waitForURL(`${here.origin}/`);
  });

  test("Bob finds Alice by her address and follows her", async () => {
    await bob.go(`/search?q=${encodeURIComponent(`@alice@${hostOf(here)}`)}`);
    await bob.page.locator('main button[value="Follow"]').first().click();
    await bob.go(`/@alice@${hostOf(here)}`);
    await bob.page.locator('main button[value="Undo Follow"]').first().waitFor();
    await alice.sees("Bob there", "/notices");
  });

  test("what Alice writes arrives on Bob's home page", async () => {
    await write(alice, "The **owl** and the pussycat went to sea #nonsense");
    await bob.sees("went to sea", "/");
    expect(await card(bob, "went to sea").locator("strong").textContent()).toBe("owl");
    await alice.go("/");
    await card(alice, "went to sea").locator("time").first().click();
    await alice.sees(hostOf(there));
  });

  test("Bob likes, boosts and answers it, and Alice sees all three", async () => {
    await bob.go("/");
    for (const verb of ["Like", "Announce"]) {
      await card(bob, "went to sea").locator(`button[value="${verb}"]`).click();
      await card(bob, "went to sea").locator(`button[value="Undo ${verb}"]`).waitFor();
    }
    await bob.go((await card(bob, "went to sea").locator("a:has(time)").first().getAttribute("href")) ?? "/");
    await bob.page.fill("form.composer textarea[name=content]", "In a beautiful pea-green boat");
    await bob.page.click("form.composer .composer-foot button.button");
    await alice.sees("pea-green boat", "/notices");
    await alice.go("/@alice");
    await expect(card(alice, "went to sea").locator('button[value="Like"]').textContent()).resolves.toContain(
      "1",
    );
    await expect(
      card(alice, "went to sea").locator('button[value="Announce"]').textContent(),
    ).resolves.toContain("1");
    await card(alice, "went to sea").locator("a:has(time)").first().click();
    await alice.sees("pea-green boat");
  });

  test("what Alice changes is changed there", async () => {
    await alice.go("/@alice");
    const path = await card(alice, "went to sea").locator("a:has(time)").first().getAttribute("href");
    await alice.go(`${path}/edit`);
    await alice.page.fill(
      "form.composer textarea[name=content]",
      "They took some honey, and plenty of money",
    );
    await alice.page.click("form.composer .composer-foot button.button");
    await bob.sees("plenty of money", "/");
  });

  test("Bob takes his like back and stops following", async () => {
    await bob.go("/");
    await card(bob, "plenty of money").locator('button[value="Undo Like"]').click();
    await card(bob, "plenty of money").locator('button[value="Like"]').waitFor();
    await bob.go(`/@alice@${hostOf(here)}`);
    await bob.page.locator('main button[value="Undo Follow"]').first().click();
    await bob.page.locator('main button[value="Follow"]').first().waitFor();
    await alice.seesNoMore("Bob there", "/@alice/followers");
  });

  test("what Alice deletes is gone there too", async () => {
    await alice.go("/@alice");
    const path =
      (await card(alice, "plenty of money").locator("a:has(time)").first().getAttribute("href")) ?? "";
    await alice.go(path);
    const post = alice.page.locator("article").first();
    await post.locator("details.menu", { hasText: "Delete" }).locator("summary").first().click();
    await post.getByText("Delete", { exact: true }).click();
    await alice.page.getByText("Delete this post").click();
    await alice.page.waitForLoadState();
    await alice.go("/@alice");
    expect(await alice.page.getByText("plenty of money").count()).toBe(0);
    await bob.seesNoMore("plenty of money", `/@alice@${hostOf(here)}`);
  });

  test("blocked, Bob cannot follow or see anything new", async () => {
    await alice.go(`/search?q=${encodeURIComponent(`@bob@${hostOf(there)}`)}`);
    await alice.go(`/@bob@${hostOf(there)}`);
    await alice.page.locator("main summary").first().click();
    await alice.page.locator('main button[value="Block"]').first().click();
    await alice.sees("Bob there", "/settings/blocked");
    await write(alice, "Only for friends now");
    await bob.go(`/@alice@${hostOf(here)}`);
    await bob.page.locator('main button[value="Follow"]').first().click();
    await bob.go("/");
    expect(await bob.page.getByText("Only for friends").count()).toBe(0);
    await alice.go("/@alice/followers");
    expect(await alice.page.locator("main").getByText("Bob there").count()).toBe(0);
  });

  test("no page keeps anybody out", async () => {
    const pages = [
      "/",
      "/@alice",
      "/@alice/about",
      "/notices",
      "/search?q=carol",
      "/write",
      "/bookmarks",
      "/requests",
    ];
    const staff = [
      "/settings",
      "/settings/sessions",
      "/settings/blocked",
      "/admin",
      "/admin/people",
      "/admin/invitations",
    ];
    const found: string[] = [];
    for (const path of [
      ...pages,
      ...staff,
      "/admin/peers",
      "/admin/jobs",
      "/admin/backup",
      "/admin/log",
      "/admin/settings",
    ]) {
      await alice.go(path);
      found.push(...(await alice.barriers()));
    }
    expect(found).toEqual([]);
  });
});
