/** What people do with their accounts, on pages without scripts: joining in every way, profile, requests, password, devices. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type Browse, client, formOf, newBrowse, signInByForm, signInByOauth, submit } from "./client.ts";
import { cleanUp, type Running, runCommons, startCommons } from "./program.ts";

const PASSWORD = "correct horse battery staple";
const env = { COMMONS_INSECURE_FEDERATION: "1" };

let here: Running;
let there: Running;
let alice: Browse;
let bob: Browse;

async function resident(server: Running, name: string): Promise<Browse> {
  const at = { dataDir: server.dataDir, flags: ["--origin", server.origin], stdin: `${PASSWORD}\n` };
  await runCommons(["user", "create", name, "--admin", "--password-file", "-"], at);
  return signInByForm(server.origin, { name, password: PASSWORD });
}

const text = async (browse: Browse, page: string): Promise<string> => (await browse(page)).text();

/** Loads the page until it says so. */
async function says(browse: Browse, page: string, sentence: string | RegExp): Promise<void> {
  while ((await text(browse, page)).search(sentence) < 0) await Bun.sleep(100);
}

const act = (browse: Browse, fields: Record<string, string>): Promise<Response> =>
  submit(browse, "/", "/act", { return: "/", ...fields });

const hostOf = ({ origin }: Running): string => new URL(origin).host;

beforeAll(async () => {
  [here, there] = await Promise.all([startCommons({ env }), startCommons({ env })]);
  [alice, bob] = await Promise.all([resident(here, "alice"), resident(there, "bob")]);
});
afterAll(cleanUp);

describe("joining", () => {
  const join = (fields: Record<string, string>): Promise<Response> =>
    submit(newBrowse(here.origin), "/sign-up", "/sign-up", {
      password: PASSWORD,
      displayName: "New",
      ...fields,
    });
  const mode = (registration: string, more: Record<string, string> = {}): Promise<Response> =>
    submit(alice, "/admin/settings", "/admin/settings", { registration, ...more });

  test("without an invitation nobody joins, and the form says why beside what was typed", async () => {
    const refused = await join({ name: "dora" });
    expect(refused.status).toBeOneOf([403, 422]);
    const page = await refused.text();
    expect(page).toContain('value="dora"');
    expect(page).not.toContain(PASSWORD);
  });

  test("where it is open, anybody joins; a name that is taken is told at its field", async () => {
    await mode("open");
    expect((await join({ name: "erin" })).status).toBe(303);
    const again = await join({ name: "Erin" });
    expect(again.status).toBe(409);
    expect(await again.text()).toMatch(/aria-invalid|field-error/);
  });

  test("with approval somebody waits, cannot sign in, and can once let in", async () => {
    await mode("approval");
    expect((await join({ name: "frank", reason: "I teach maths" })).status).toBe(200);
    const before = await submit(newBrowse(here.origin), "/sign-in", "/sign-in", {
      name: "frank",
      password: PASSWORD,
    });
    expect(before.status).toBe(401);
    expect((await fetch(`${here.origin}/@frank`)).status).toBe(404);
    const waiting = await text(alice, "/admin/people?state=waiting");
    expect(waiting).toContain("I teach maths");
    const account = formOf(waiting, 'value="approve"').get("account") ?? "";
    await submit(alice, "/admin/people", "/admin/people", { action: "approve", account });
    const after = await submit(newBrowse(here.origin), "/sign-in", "/sign-in", {
      name: "frank",
      password: PASSWORD,
    });
    expect(after.status).toBe(303);
  });

  test("closed means closed", async () => {
    await mode("closed");
    expect((await join({ name: "gina" })).status).toBe(403);
    await mode("invitation");
  });
});

describe("an account", () => {
  test("what somebody writes about themselves is seen here and on the other server", async () => {
    await act(bob, { type: "Follow", object: `${here.origin}/users/alice` });
    await says(alice, "/@alice/followers", `@bob@${hostOf(there)}`);
    const saved = await submit(alice, "/settings", "/settings", {
      displayName: "Alice in Wonderland",
      summary: "Down the rabbit hole",
      "field-1-name": "Subject",
      "field-1-value": "Croquet",
      approvesFollowers: "yes",
    });
    expect(saved.status).toBe(303);
    expect(await text(alice, "/@alice/about")).toContain("Croquet");
    await says(bob, `/@alice@${hostOf(here)}/about`, "rabbit hole");
    expect(await text(bob, `/@alice@${hostOf(here)}/about`)).toContain("Alice in Wonderland");
  });

  test("whoever lets followers in one by one is asked, and the asker hears of the answer", async () => {
    await act(bob, { type: "Undo Follow", object: `${here.origin}/users/alice` });
    await says(bob, `/@alice@${hostOf(here)}`, 'value="Follow"');
    await act(bob, { type: "Follow", object: `${here.origin}/users/alice` });
    await says(alice, "/requests", "bob");
    expect(await text(alice, "/@alice/followers")).not.toContain(`@bob@${hostOf(there)}`);
    await act(alice, { type: "Accept Follow", object: `${there.origin}/users/bob` });
    await says(alice, "/@alice/followers", `@bob@${hostOf(there)}`);
    await says(bob, "/notices", "lets you follow");
  });

  test("a follower can be sent away", async () => {
    await act(alice, { type: "Reject Follower", object: `${there.origin}/users/bob` });
    await says(bob, `/@alice@${hostOf(here)}`, 'value="Follow"');
  });

  test("a visitor is sent home to follow, and asked there", async () => {
    const page = `/remote-follow?object=${encodeURIComponent(`${here.origin}/users/alice`)}`;
    const sent = await submit(newBrowse(here.origin), page, "/remote-follow", {
      object: `${here.origin}/users/alice`,
      handle: `bob@${hostOf(there)}`,
    });
    const home = new URL(sent.headers.get("location") ?? "");
    expect(home.origin).toBe(there.origin);
    expect(await text(bob, home.pathname + home.search)).toContain("Alice in Wonderland");
  });

  test("a bookmark is kept for its owner alone", async () => {
    await act(alice, { type: "Create", content: "A thing to keep", visibility: "public" });
    const iri = formOf(await text(alice, "/"), "A thing to keep").get("object") ?? "";
    await act(alice, { type: "Add bookmarks", object: iri });
    expect(await text(alice, "/bookmarks")).toContain("A thing to keep");
    const collection = await fetch(`${here.origin}/users/alice/bookmarks`, {
      headers: { accept: "application/activity+json" },
    });
    expect(collection.status).toBe(404);
  });

  test("an app that was let in is listed, and shut out it learns nothing more", async () => {
    const given = await signInByOauth(here.origin, {
      name: "alice",
      password: PASSWORD,
      scope: "read:inbox",
    });
    const app = client(here.origin, "alice", given.access_token);
    expect((await app.get(`${app.actor}/inbox`)).status).toBe(200);
    const page = await text(alice, "/settings/apps");
    expect(page).toContain("see everything that reaches you");
    const fields = formOf(page, 'name="app"');
    await submit(alice, "/settings/apps", "/settings/apps", { app: fields.get("app") ?? "" });
    expect((await app.get(`${app.actor}/inbox`)).status).toBe(401);
    expect(await text(alice, "/settings/apps")).toContain("No app uses your account");
  });

  test("a new password ends every other device, and the old one is refused", async () => {
    const phone = await signInByForm(here.origin, { name: "alice", password: PASSWORD });
    expect((await phone("/settings")).status).toBe(200);
    const wrong = await submit(alice, "/settings/password", "/settings/password", {
      current: "no",
      next: "another long one",
    });
    expect(wrong.status).toBeOneOf([401, 422]);
    await submit(alice, "/settings/password", "/settings/password", {
      current: PASSWORD,
      next: "another long password",
    });
    expect((await phone("/settings")).status).toBe(303);
    expect((await alice("/settings")).status).toBe(200);
    const old = await submit(newBrowse(here.origin), "/sign-in", "/sign-in", {
      name: "alice",
      password: PASSWORD,
    });
    expect(old.status).toBe(401);
  });

  test("a form without its token, or from another site, does nothing", async () => {
    const body = new URLSearchParams({ type: "Create", content: "forged", visibility: "public" });
    expect((await alice("/act", body)).status).toBe(403);
    expect(await text(alice, "/@alice")).not.toContain("forged");
  });
});
