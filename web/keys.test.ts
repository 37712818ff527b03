/** Keys in addresses and forms that are no keys: what they name is not there, and nothing breaks. */
import { beforeAll, expect, test } from "bun:test";
import { testApp } from "../server/testing/app.ts";
import { eachEngine } from "../server/testing/engines.ts";
import { type Person, person } from "../server/testing/people.ts";

/** Neither engine has such a key; PostgreSQL takes none of them for a number of 64 bits. */
const NO_KEYS = ["x", "1.5", "1e300", "-1", "99999999999999999999", ""];

const PAGES: readonly (readonly [path: string, status: number])[] = [
  ["/admin/people?before=", 200],
  ["/admin/record?before=", 200],
  ["/about/record?before=", 200],
  ["/settings/severed?before=", 200],
  ["/admin/federation/draft?list=", 404],
];

const FORMS: readonly (readonly [
  path: string,
  field: string,
  besides: Readonly<Record<string, string>>,
  status: number,
])[] = [
  ["/notices", "upTo", {}, 303],
  ["/settings/sessions", "session", {}, 404],
  ["/settings/apps", "app", {}, 404],
  ["/settings/sign-in", "key", { action: "remove-passkey" }, 409],
  ["/settings/sign-in", "key", { action: "rename-passkey", name: "Phone" }, 404],
  ["/settings/sign-in", "key", { action: "unlink" }, 409],
  ["/admin/people", "account", { action: "disable" }, 404],
  ["/admin/invitations", "invitation", { action: "revoke" }, 404],
  ["/admin/jobs", "job", { action: "retry" }, 303],
  ["/admin/jobs", "job", { action: "discard" }, 303],
  ["/admin/relays", "relay", { action: "remove" }, 404],
  ["/admin/relays", "relay", { action: "limit", perHour: "10" }, 404],
  ["/admin/federation/lists", "list", { action: "discard" }, 404],
  ["/admin/reports", "report", { action: "resolve", outcome: "Done." }, 404],
  ["/admin/sanctions", "actor", { action: "impose", kind: "warn", text: "Mind your words." }, 404],
  ["/admin/sanctions", "sanction", { action: "lift" }, 404],
];

eachEngine((engine) => {
  let alice: Person;

  beforeAll(async () => {
    alice = await person(await testApp(engine), "alice", "admin");
  });

  test("a page begins at the beginning, or says that this is not there", async () => {
    for (const [path, status] of PAGES)
      for (const key of NO_KEYS)
        expect((await alice.page(path + encodeURIComponent(key))).status).toBe(status);
  });

  test("a form says that this is not there, and does nothing", async () => {
    for (const [path, field, besides, status] of FORMS)
      for (const key of NO_KEYS) {
        const answer = await alice.submit(path, { ...besides, [field]: key });
        expect([path, key, answer.status]).toEqual([path, key, status]);
      }
  });

  test("nothing is marked as read", async () => {
    const bob = await person(alice.app, "bob");
    await bob.act({ type: "Follow", object: alice.iri });
    for (const upTo of NO_KEYS) await alice.submit("/notices", { upTo });
    expect(await alice.app.queries.unreadNotices(alice.key)).toBe(1);
  });
});
