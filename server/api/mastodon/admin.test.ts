/** What the staff do through apps: people, reports, rules for other servers; and that nobody else may. */
import { expect, test } from "bun:test";
import { PUBLIC } from "../../core/object.ts";
import { MAX_KEY } from "../../lib/id.ts";
import { findAudit } from "../../moderation/store-audit.ts";
import { testApp } from "../../testing/app.ts";
import { appOf, type Loose } from "../../testing/app-client.ts";
import { onSqlite } from "../../testing/engines.ts";
import { person } from "../../testing/people.ts";

const SCOPES = "read write admin:read admin:write";

onSqlite((engine) => {
  async function build() {
    const app = await testApp(engine);
    const admin = await person(app, "ada", "admin");
    const moderator = await person(app, "mo", "moderator");
    return { app, admin, moderator, ada: await appOf(admin, SCOPES), mo: await appOf(moderator, SCOPES) };
  }
  let built: ReturnType<typeof build> | undefined;
  const house = () => {
    built ??= build();
    return built;
  };
  let counter = 0;
  const newcomer = async () => person((await house()).app, `person${++counter}`);
  const lastAct = async () => {
    const [line] = await findAudit((await house()).app.opened.db, { before: MAX_KEY, limit: 1 });
    return [line?.who, line?.act, line?.aboutName ?? line?.subject, line?.detail];
  };

  test("people are found by where they live, in what state they are, and what they are called", async () => {
    const { app, mo, ada } = await house();
    const alice = await newcomer();
    await app.opened.accounts.create({
      name: "waiting",
      password: null,
      role: "member",
      state: "pending",
      reason: "I teach.",
    });
    const names = (list: Loose) => list.map(({ username }: Loose) => username);
    expect(names(await mo.get("/api/v1/admin/accounts?local=true&pending=true"))).toEqual(["waiting"]);
    expect(names(await mo.get("/api/v2/admin/accounts?status=pending&origin=local"))).toEqual(["waiting"]);
    expect(names(await mo.get("/api/v2/admin/accounts?permissions=staff")).toSorted()).toEqual(["ada", "mo"]);
    expect(names(await mo.get("/api/v2/admin/accounts?origin=remote"))).toEqual([]);
    expect(names(await mo.get(`/api/v1/admin/accounts?username=${alice.name}`))).toEqual([alice.name]);
    expect(await ada.get(`/api/v1/admin/accounts/${alice.key}`)).toMatchObject({
      approved: true,
      silenced: false,
      role: { name: "" },
      account: { acct: alice.name },
    });
    const page = await mo.ask("GET", "/api/v2/admin/accounts?limit=1&origin=local");
    expect(page.body).toHaveLength(1);
    expect(page.headers.get("link")).toContain('rel="next"');
  });

  test("everything of somebody who is suspended is deleted at once when the staff say so", async () => {
    const { app, mo } = await house();
    const gone = await newcomer();
    const post = await gone.note("Last words", { to: [PUBLIC] });
    const path = `/api/v1/admin/accounts/${gone.key}`;
    expect((await mo.ask("DELETE", path)).status).toBe(422);
    await mo.post(`${path}/action`, { type: "suspend" });
    const answer = await mo.ask("DELETE", path);
    expect([answer.status, answer.body]).toMatchObject([200, { id: String(gone.key), suspended: true }]);
    expect(await lastAct()).toEqual(["mo", "erase", gone.name, null]);
    await app.worker.drain();
    expect((await app.federation.look.find(post))?.deletedMs).not.toBeNull();
    expect((await mo.ask("DELETE", path)).status).toBe(422);
  });

  test("whoever waits is let in or turned down, and each decision stands in the log", async () => {
    const { app, mo } = await house();
    const { accounts } = app.opened;
    const make = (name: string) =>
      accounts.create({ name, password: null, role: "member", state: "pending" });
    const [one, two] = [await make("good"), await make("bad")];
    expect(await mo.post(`/api/v1/admin/accounts/${one.key}/approve`)).toMatchObject({ approved: true });
    expect(await lastAct()).toEqual(["mo", "account-approve", "good", null]);
    expect(await mo.post(`/api/v1/admin/accounts/${two.key}/reject`)).toMatchObject({ disabled: true });
    expect(await lastAct()).toEqual(["mo", "account-refuse", "bad", null]);
    expect((await mo.ask("POST", `/api/v1/admin/accounts/${one.key}/approve`)).status).toBe(422);
  });

  test("each measure has its way back, and nobody acts on those above them", async () => {
    const { app, admin, mo } = await house();
    const alice = await newcomer();
    const act = (type: string, more: object = {}) =>
      mo.post(`/api/v1/admin/accounts/${alice.key}/action`, { type, ...more });
    const file = () => mo.get(`/api/v1/admin/accounts/${alice.key}`);
    for (const [type, flag, back] of [
      ["silence", "silenced", "unsilence"],
      ["sensitive", "sensitized", "unsensitive"],
      ["suspend", "suspended", "unsuspend"],
      ["disable", "disabled", "enable"],
    ] as const) {
      expect(await act(type, { text: "Enough." })).toEqual({});
      expect(await file()).toMatchObject({ [flag]: true });
      expect(await mo.post(`/api/v1/admin/accounts/${alice.key}/${back}`)).toMatchObject({ [flag]: false });
    }
    expect((await mo.ask("POST", `/api/v1/admin/accounts/${alice.key}/unsilence`)).status).toBe(403);
    await act("none");
    expect((await app.peace.sanctions.of(alice.key))[0]).toMatchObject({ kind: "warn" });
    expect(await lastAct()).toEqual(["mo", "sanction", alice.name, "warn"]);
    const up = await mo.ask("POST", `/api/v1/admin/accounts/${admin.key}/action`, { type: "suspend" });
    expect(up.status).toBe(403);
    for (const type of ["tickle", "constructor", "__proto__"])
      expect((await mo.ask("POST", `/api/v1/admin/accounts/${alice.key}/action`, { type })).status).toBe(422);
    expect((await mo.ask("GET", "/api/v2/admin/accounts?status=constructor")).status).toBe(200);
  });

  test("a report is taken, given back, named, closed and opened again", async () => {
    const { app, mo, moderator } = await house();
    const [alice, bob] = [await newcomer(), await newcomer()];
    const post = await bob.note("spam", { to: [PUBLIC] });
    const key = String((await app.federation.look.find(post))?.key);
    await (await appOf(alice)).post("/api/v1/reports", {
      account_id: String(bob.key),
      status_ids: [key],
      comment: "Spam!",
    });
    await app.worker.drain();
    const [report] = await mo.get(`/api/v1/admin/reports?target_account_id=${bob.key}`);
    expect(report).toMatchObject({
      action_taken: false,
      comment: "Spam!",
      account: { username: alice.name },
      target_account: { username: bob.name },
      assigned_account: null,
    });
    expect(report.statuses.map(({ id }: Loose) => id)).toEqual([key]);
    const at = (action: string) => mo.post(`/api/v1/admin/reports/${report.id}/${action}`);
    expect((await at("assign_to_self")).assigned_account.id).toBe(String(moderator.key));
    expect((await at("unassign")).assigned_account).toBeNull();
    expect((await mo.put(`/api/v1/admin/reports/${report.id}`, { category: "spam" })).category).toBe("spam");
    expect(await at("resolve")).toMatchObject({ action_taken: true });
    expect(await mo.get(`/api/v1/admin/reports?target_account_id=${bob.key}`)).toEqual([]);
    expect(await mo.get(`/api/v1/admin/reports?target_account_id=${bob.key}&resolved=true`)).toHaveLength(1);
    expect(await at("reopen")).toMatchObject({ action_taken: false });
    await mo.post(`/api/v1/admin/accounts/${bob.key}/action`, { type: "silence", report_id: report.id });
    expect(await mo.get(`/api/v1/admin/reports/${report.id}`)).toMatchObject({ action_taken: true });
  });

  test("what is done about one person closes no report about another", async () => {
    const { app, mo, moderator, ada } = await house();
    const [alice, bob] = [await newcomer(), await newcomer()];
    await (await appOf(alice)).post("/api/v1/reports", {
      account_id: String(moderator.key),
      comment: "Him!",
    });
    await app.worker.drain();
    const [report] = await ada.get(`/api/v1/admin/reports?target_account_id=${moderator.key}`);
    for (const type of ["none", "disable"]) {
      const path = `/api/v1/admin/accounts/${bob.key}/action`;
      expect((await mo.ask("POST", path, { type, report_id: report.id })).status).toBe(404);
    }
    const crossed = { kind: "warn", actor: bob.key, text: "Hm.", report: Number(report.id) } as const;
    await expect(app.peace.sanctions.impose(moderator.key, crossed)).rejects.toThrow("no such report");
    expect(await app.peace.sanctions.of(bob.key)).toEqual([]);
    expect(await ada.get(`/api/v1/admin/reports/${report.id}`)).toMatchObject({ action_taken: false });
    expect(await ada.get(`/api/v1/admin/accounts/${bob.key}`)).toMatchObject({ disabled: false });
  });

  test("reports are listed by pages in both directions, and by who reported", async () => {
    const { app, mo } = await house();
    const [alice, bob, carol] = [await newcomer(), await newcomer(), await newcomer()];
    for (const [by, about] of [
      [alice, bob],
      [carol, alice],
      [alice, carol],
    ] as const) {
      await (await appOf(by)).post("/api/v1/reports", { account_id: String(about.key), comment: "No." });
      await app.worker.drain();
      app.clock.advance(1000);
    }
    const about = async (query: string): Promise<string[]> =>
      (await mo.get(`/api/v1/admin/reports?${query}`)).map(({ target_account }: Loose) => target_account.id);
    const ids = (await mo.get("/api/v1/admin/reports?limit=3")).map(({ id }: Loose) => id);
    const keys = [carol, alice, bob].map(({ key }) => String(key));
    expect(await about("limit=3")).toEqual(keys);
    expect(await about(`limit=1&max_id=${ids[0]}`)).toEqual(keys.slice(1, 2));
    expect(await about(`limit=1&min_id=${ids[2]}`)).toEqual(keys.slice(1, 2));
    expect(await about(`limit=1&since_id=${ids[2]}`)).toEqual(keys.slice(0, 1));
    expect(await about(`limit=1&account_id=${carol.key}`)).toEqual(keys.slice(1, 2));
  });

  test("rules for other servers are made, changed, listed by pages and taken away", async () => {
    const { app, mo } = await house();
    const made = await mo.post("/api/v1/admin/domain_blocks", {
      domain: "Bad.Test",
      severity: "suspend",
      public_comment: "Spam",
    });
    expect(made).toMatchObject({
      id: "bad.test",
      severity: "suspend",
      public_comment: "Spam",
      reject_media: false,
    });
    expect(app.opened.gate.isRefused("sub.bad.test")).toBe(true);
    expect(await lastAct()).toEqual(["mo", "domain-rule", "bad.test", expect.stringContaining("block")]);
    expect((await mo.ask("POST", "/api/v1/admin/domain_blocks", { domain: "bad.test" })).status).toBe(422);
    const changed = await mo.put("/api/v1/admin/domain_blocks/bad.test", {
      severity: "silence",
      reject_media: true,
    });
    expect(changed).toMatchObject({ severity: "silence", reject_media: true, public_comment: "Spam" });
    await mo.post("/api/v1/admin/domain_blocks", { domain: "worse.test" });
    const page = await mo.ask("GET", "/api/v1/admin/domain_blocks?limit=1");
    expect(page.body.map(({ domain }: Loose) => domain)).toEqual(["bad.test"]);
    const next = /<([^>]+)>; rel="next"/.exec(page.headers.get("link") ?? "")?.[1] ?? "";
    expect((await mo.get(next.replace(app.origin, ""))).map(({ domain }: Loose) => domain)).toEqual([
      "worse.test",
    ]);
    expect(await mo.delete("/api/v1/admin/domain_blocks/bad.test")).toEqual({});
    expect((await mo.ask("GET", "/api/v1/admin/domain_blocks/bad.test")).status).toBe(404);
    expect(await mo.post("/api/v1/admin/domain_allows", { domain: "friend.test" })).toMatchObject({
      id: "friend.test",
    });
    expect(await mo.get("/api/v1/admin/domain_allows")).toHaveLength(1);
    await mo.delete("/api/v1/admin/domain_allows/friend.test");
    expect(await mo.get("/api/v1/admin/domain_allows")).toEqual([]);
  });

  test("neither a member with such a token nor the staff without it get in", async () => {
    const { moderator } = await house();
    const alice = await newcomer();
    const hers = await appOf(alice, SCOPES);
    const plain = await appOf(moderator, "read write");
    for (const path of ["accounts", "reports", "domain_blocks", "domain_allows"]) {
      expect([path, (await hers.ask("GET", `/api/v1/admin/${path}`)).status]).toEqual([path, 403]);
      expect([path, (await plain.ask("GET", `/api/v1/admin/${path}`)).status]).toEqual([path, 403]);
    }
    expect(
      (await hers.ask("POST", `/api/v1/admin/accounts/${moderator.key}/action`, { type: "suspend" })).status,
    ).toBe(403);
  });
});
