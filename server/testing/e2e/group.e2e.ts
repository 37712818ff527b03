/** Groups between two compiled servers and a browser: made, joined from elsewhere, kept in order, and closed to others. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { closeBrowsers, hasChromium, type Person, person } from "./browser.ts";
import { type Client, client } from "./client.ts";
import { cleanUp, type Running, runCommons, startCommons } from "./program.ts";

const PASSWORD = "correct horse battery staple";
const INSECURE = { COMMONS_INSECURE_FEDERATION: "1" };
/** What is said in private; wherever it stands, it has come too far. */
const SECRET = "Zwetschgenkuchen";

let here: Running;
let there: Running;
/** Who makes the groups; who joins from the other server, without scripts; and who lives there too and is in no group. */
let alice: Person;
let bob: Person;
let carl: Client;

const hostOf = ({ origin }: Running) => new URL(origin).host;

async function claim(who: Person, server: Running, name: string): Promise<void> {
  await who.go(server.claimLink ?? "");
  await who.page.fill("[name=name]", name);
  await who.page.fill("[name=displayName]", name);
  await who.page.fill("[name=password]", PASSWORD);
  await who.page.click("main form button:not([type=button])");
  await who.page.waitForURL(`${server.origin}/`);
}

async function makeGroup(name: string, displayName: string, answers: Record<string, string>): Promise<void> {
  await alice.go("/groups/new");
  await alice.page.fill("[name=displayName]", displayName);
  await alice.page.fill("[name=name]", name);
  await alice.page.fill("[name=description]", `About ${displayName}`);
  for (const [question, answer] of Object.entries(answers))
    await alice.page.check(`[name=${question}][value=${answer}]`);
  await alice.page.click("main form.form button.button");
  await alice.page.waitForURL(`${here.origin}/@${name}`);
}

/** Posts on the group's page, as its composer does. */
async function post(who: Person, page: string, title: string, text: string): Promise<void> {
  await who.go(page);
  await who.page.fill("form.composer [name=title]", title);
  await who.page.fill("form.composer textarea[name=content]", text);
  await who.page.click("form.composer .composer-foot button.button");
  await who.page.waitForLoadState();
}

const press = async (who: Person, action: string, within = "main"): Promise<void> => {
  await who.page.locator(`${within} button[name=action][value=${action}]`).first().click();
  await who.page.waitForLoadState();
};

/** Reloads until the page does not say it any more. */
async function misses(who: Person, text: string, path: string): Promise<void> {
  for (;;) {
    await who.go(path);
    if ((await who.page.locator("main").getByText(text).count()) === 0) return;
  }
}

const card = (who: Person, text: string) => who.page.locator(".group-post", { hasText: text }).first();

const garden = () => `/@garden@${hostOf(here)}`;
const staff = () => `/@staff@${hostOf(here)}`;

beforeAll(async () => {
  if (!hasChromium) return;
  [here, there] = await Promise.all([startCommons({ env: INSECURE }), startCommons({ env: INSECURE })]);
  alice = await person(here.origin);
  bob = await person(there.origin, { scripts: false });
});
afterAll(async () => {
  await closeBrowsers();
  await cleanUp();
});

describe.skipIf(!hasChromium)("groups on two servers", () => {
  test("two people and a bystander are there", async () => {
    await claim(alice, here, "alice");
    await claim(bob, there, "bob");
    const options = { dataDir: there.dataDir, stdin: `${PASSWORD}\n` };
    expect((await runCommons(["user", "create", "carl", "--password-file", "-"], options)).code).toBe(0);
    const token = await runCommons(["token", "create", "--user", "carl", "--scopes", "read write"], options);
    carl = client(there.origin, "carl", token.stdout.trim());
  });

  test("Alice makes a group for everybody and one for those she invites", async () => {
    await makeGroup("garden", "Garden", { access: "public", joining: "open", posting: "members" });
    await makeGroup("staff", "Staff room", { access: "private", joining: "invitation", posting: "members" });
    await alice.sees("Garden", "/groups");
  });

  test("Bob joins the open group from his own server", async () => {
    await bob.go(`/search?q=${encodeURIComponent(`@garden@${hostOf(here)}`)}`);
    await bob.go(garden());
    await press(bob, "join");
    await bob.sees("You are a member", garden());
    await alice.sees("bob", "/@garden/members");
  });

  test("Bob is invited to the closed group by his address, hears of it, and comes in", async () => {
    await alice.go("/@staff/invite");
    await alice.page.fill("[name=handle]", `bob@${hostOf(there)}`);
    await press(alice, "invite");
    await bob.sees("invites you to join", "/notices");
    await bob.go(staff());
    await press(bob, "join");
    await bob.sees("You are a member", staff());
  });

  test("what one of them writes in a group the other reads at home", async () => {
    await post(alice, "/@garden", "Seeds", "Beans are up");
    await bob.sees("Beans are up", "/");
    await bob.sees("Beans are up", garden());
    await post(bob, garden(), "Snails", "They ate the beans");
    await alice.sees("They ate the beans", "/@garden");
    await alice.sees("They ate the beans", "/");
    await post(alice, "/@staff", "Party", `There will be ${SECRET}`);
    await bob.sees(SECRET, "/");
    await post(bob, staff(), "Me too", `Is there more ${SECRET} for me`);
    await alice.sees("for me", "/@staff");
  });

  test("what Alice says in the name of the closed group comes from the group", async () => {
    await alice.go("/@staff");
    await alice.page.check("form.composer [name=asGroup]");
    await alice.page.fill("form.composer textarea[name=content]", "The room is painted");
    await alice.page.click("form.composer .composer-foot button.button");
    await bob.sees("The room is painted", "/");
    await bob.sees("The room is painted", staff());
    expect(await card(bob, "The room is painted").locator(".card-by").textContent()).toContain("Staff room");
  });

  test("a reply in a group is a reply for both", async () => {
    await bob.go(garden());
    await card(bob, "Beans are up").locator("a:has(time)").first().click();
    await bob.page.fill("form.composer textarea[name=content]", "Mine are not");
    await bob.page.click("form.composer .composer-foot button.button");
    await alice.sees("Mine are not", "/@garden?order=replies");
  });

  test("nobody else reads what was said in the closed group, whatever they ask", async () => {
    await alice.go("/@staff");
    const page =
      (await card(alice, "There will be").locator("a:has(time)").first().getAttribute("href")) ?? "";
    const key = page.split("/").at(-1);
    await bob.go(staff());
    const copy = (await card(bob, "There will be").locator("a:has(time)").first().getAttribute("href")) ?? "";
    const mine = (await card(bob, "for me").locator("a:has(time)").first().getAttribute("href")) ?? "";
    const ours = [
      `/objects/${key}`,
      `/objects/${key}/replies`,
      `/objects/${key}/likes`,
      `/objects/${key}/context`,
      page,
      "/@staff",
      "/@staff?order=active",
      "/@staff/members",
      "/@staff/record",
      "/@alice",
      "/@alice/replies",
      "/users/alice/outbox?page=1",
      "/users/staff/outbox?page=1",
      "/users/staff/featured?page=1",
      "/users/staff/posts?page=1",
      "/users/staff/members?page=1",
      "/users/staff/followers?page=1",
      "/",
      `/search?q=${SECRET}`,
      `/authorize_interaction?uri=${encodeURIComponent(`${here.origin}/objects/${key}`)}`,
    ];
    const theirs = [
      copy,
      mine,
      `/objects/${mine.split("/").at(-1)}`,
      staff(),
      "/@bob",
      "/",
      "/public",
      `/search?q=${SECRET}`,
    ];
    const seen: string[] = [];
    const look = async (address: string, headers: Record<string, string>) => {
      const response = await fetch(address, { headers });
      // The word alone is on a page that says what was searched for.
      if (/There will be|Is there more|is painted/.test(await response.text()))
        seen.push(`${headers.accept} ${address}`);
    };
    const kinds = ["text/html", "application/activity+json"];
    const authorization = `Bearer ${carl.token}`;
    for (const accept of kinds) {
      for (const path of ours) await look(here.origin + path, { accept });
      for (const path of theirs) {
        await look(there.origin + path, { accept });
        await look(there.origin + path, { accept, authorization });
      }
    }
    expect(seen).toEqual([]);
    const proxied = await fetch(`${there.origin}/api/c2s/proxy`, {
      method: "POST",
      headers: { authorization },
      body: new URLSearchParams({ id: `${here.origin}/objects/${key}` }),
    });
    expect(await proxied.text()).not.toContain(SECRET);
    const boost = await carl.post({
      type: "Announce",
      object: `${here.origin}/objects/${key}`,
      to: ["as:Public"],
    });
    expect(JSON.stringify(boost.body)).not.toContain(SECRET);
    const members = await fetch(`${here.origin}/users/staff/members?page=1`, {
      headers: { accept: "application/activity+json" },
    });
    expect(await members.text()).not.toContain("/users/bob");
  });

  test("Alice takes Bob's post out of the group, and bans him, on both servers", async () => {
    await alice.go("/@garden");
    await card(alice, "They ate the beans").locator(".group-keeping summary").click();
    await card(alice, "They ate the beans").locator("button[value=remove-post]").click();
    await alice.page.waitForLoadState();
    await misses(alice, "They ate the beans", "/@garden");
    await misses(bob, "They ate the beans", garden());
    await bob.sees("They ate the beans", "/@bob");

    await alice.go("/@garden/members");
    const row = alice.page.locator("article", { hasText: `bob@${hostOf(there)}` });
    await row.locator("summary.menu-button").click();
    await row.locator(".menu-sure summary").click();
    await row.locator("[name=reason]").fill("Too many snails");
    await row.locator("button[value=ban]").click();
    await alice.sees("Too many snails", "/@garden/record");
    await misses(bob, "You are a member", garden());
  });

  test("Bob leaves the closed group and hears no more of it", async () => {
    await bob.go(staff());
    await press(bob, "leave");
    for (;;) {
      await alice.go("/@staff/members");
      if (
        (await alice.page
          .locator("main")
          .getByText(`bob@${hostOf(there)}`)
          .count()) === 0
      )
        break;
    }
    await post(alice, "/@staff", "Later", `${SECRET} is all gone`);
    await post(alice, "/@garden", "Later", "Now the tomatoes");
    await alice.sees("is all gone", "/@staff");
    await bob.go(staff());
    expect(await bob.page.getByText("is all gone").count()).toBe(0);
    await bob.go("/");
    expect(await bob.page.getByText("is all gone").count()).toBe(0);
  });

  test("the operator sees who owns a group, and gives it to somebody while the server runs", async () => {
    const options = { dataDir: here.dataDir };
    const made = await runCommons(["user", "create", "dora", "--password-file", "-"], {
      ...options,
      stdin: `${PASSWORD}\n`,
    });
    expect(made.code).toBe(0);
    expect((await runCommons(["group", "promote", "staff", "dora"], options)).code).toBe(0);
    const { stdout } = await runCommons(["group", "list", "--json"], options);
    const groups = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(groups.find(({ name }) => name === "staff").owners.toSorted()).toEqual(["alice", "dora"]);
    await alice.sees("dora", "/@staff/members");
  });

  test("no page of a group keeps anybody out", async () => {
    const found: string[] = [];
    for (const part of [
      "",
      "/about",
      "/members",
      "/banned",
      "/requests",
      "/invite",
      "/record",
      "/settings",
    ]) {
      await alice.go(`/@garden${part}`);
      found.push(...(await alice.barriers()));
    }
    await alice.go("/groups");
    found.push(...(await alice.barriers()));
    expect(found).toEqual([]);
  });
});
