/** The doctor finds what is wrong, and has a remedy for each. */
import { Database } from "bun:sqlite";
import { afterEach, beforeEach, expect, test } from "bun:test";
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { migrations } from "../../migrations/index.ts";
import { loadConfig } from "../config.ts";
import { systemNow, toHttpDate } from "../lib/clock.ts";
import type { Fetch, Fetched } from "../lib/fetch.ts";
import { Problem } from "../lib/problem.ts";
import { migrate } from "../storage/migrate.ts";
import { openDb } from "../storage/open.ts";
import { checksFor } from "./checks.ts";
import type { Finding } from "./finding.ts";

const NOW = 1_750_000_000_000;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "commons-doctor-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Answers as a server whose NodeInfo names `software`, and whose clock is `aheadMs` off. */
const server =
  (software: string, aheadMs = 0): Fetch =>
  async (url) => {
    const isIndex = url.endsWith("/.well-known/nodeinfo");
    const json = isIndex
      ? { links: [{ href: "https://pub.example/nodeinfo/2.1" }] }
      : { software: { name: software } };
    const bytes = new TextEncoder().encode(JSON.stringify(json));
    return {
      status: 200,
      url,
      bytes,
      headers: new Headers({ date: toHttpDate(NOW + aheadMs) }),
    } satisfies Fetched;
  };

const nobody: Fetch = async () => {
  throw new Problem("upstream", "The name leads nowhere.");
};

async function look(
  name: string,
  fetch: Fetch = nobody,
  flags: Record<string, string> = {},
): Promise<Finding> {
  const given = { data_dir: folder, origin: "https://pub.example", ...flags };
  const { config } = loadConfig({ flags: given, env: {}, cwd: folder });
  const check = checksFor({ config, now: () => NOW, fetch }).find((each) => each.name === name);
  if (!check) throw new Error(`no check is called ${name}`);
  return check.look();
}

test("an origin that only this machine can reach is a warning", async () => {
  expect(await look("settings", nobody, { origin: "http://localhost:3000" })).toMatchObject({
    state: "warning",
  });
  expect(await look("settings")).toMatchObject({ state: "good" });
});

test("insecure federation is a warning", async () => {
  expect((await look("settings", nobody, { insecure_federation: "1" })).says).toContain(
    "insecure_federation",
  );
});

test("no database yet is no fault", async () => {
  expect(await look("database")).toMatchObject({ state: "warning", todo: expect.stringContaining("serve") });
});

test("a database that was there and is gone is a fault, and its copies are the remedy", async () => {
  mkdirSync(join(folder, "backups"));
  writeFileSync(join(folder, "backups", "daily-20261122T020000Z.db"), "");
  writeFileSync(join(folder, "commons.db"), "");
  expect(await look("pictures")).toMatchObject({ state: "good" });
  expect(await look("database")).toMatchObject({ state: "bad", todo: expect.stringContaining("restore") });
});

test("a database that lacks migrations names them", async () => {
  const db = await openDb({ url: join(folder, "commons.db") });
  await migrate({ db, migrations: migrations.slice(0, 1), now: systemNow });
  await db.stop();
  const { state, says } = await look("database");
  expect(state).toBe("warning");
  expect(says).toContain(migrations.at(-1)?.name ?? "?");
});

test("a whole database is good, and a damaged one is found", async () => {
  const path = join(folder, "commons.db");
  const db = await openDb({ url: path });
  await migrate({ db, migrations, now: systemNow });
  await db.stop();
  expect(await look("database")).toMatchObject({ state: "good" });

  const other = new Database(path);
  other.run("PRAGMA wal_checkpoint(TRUNCATE)"); // Everything is in the file now, and nothing beside it.
  other.close(true);
  const bytes = await Bun.file(path).bytes();
  bytes.fill(0xff, 8192, 32_768);
  writeFileSync(path, bytes);
  expect(await look("database")).toMatchObject({ state: "bad" });
});

test("a database of a newer version, or of another program, is bad, since the server would not start", async () => {
  const path = join(folder, "commons.db");
  const db = await openDb({ url: path });
  await migrate({
    db,
    migrations: [...migrations, { name: "9999_later", sql: "CREATE TABLE later (n BIGINT);" }],
    now: systemNow,
  });
  await db.stop();
  const newer = await look("database");
  expect([newer.state, newer.says]).toEqual(["bad", expect.stringContaining("it has 9999_later")]);
  expect(newer.todo).toStartWith("Start that version again");

  rmSync(path);
  const other = new Database(path);
  other.run("CREATE TABLE account (id INTEGER)");
  other.close(true);
  const foreign = await look("database");
  expect([foreign.state, foreign.says]).toEqual(["bad", expect.stringContaining("another program")]);
  expect(await look("pictures")).toMatchObject({ state: "warning" });
});

test("what cannot be opened is told with its own remedy, and the pictures do not ask for a report", async () => {
  mkdirSync(join(folder, "commons.db"));
  const { state, says, todo } = await look("database");
  expect([state, says.includes("is a folder"), todo]).toEqual(["bad", true, "Move the folder away."]);
  expect(await look("pictures")).toMatchObject({ state: "warning" });
});

test("extensions are named, and one that would stop the start is bad", async () => {
  expect(await look("extensions")).toMatchObject({ state: "good", says: "There are none." });
  mkdirSync(join(folder, "extensions"));
  const file = join(folder, "extensions", "tea.json");
  writeFileSync(file, '{ "name": "tea", "types": {} }');
  expect(await look("extensions")).toMatchObject({ state: "good", says: "tea." });
  writeFileSync(file, '{ "name": "tea" }');
  const { state, says } = await look("extensions");
  expect([state, says]).toEqual(["bad", `${file}: types must be an object in braces, not nothing.`]);
});

test("a certificate that does not work is bad before anything is served", async () => {
  const pem = join(folder, "a.pem");
  writeFileSync(pem, "");
  const finding = await look("settings", nobody, { tls_cert_file: pem, tls_key_file: pem });
  expect(finding).toMatchObject({ state: "bad", says: expect.stringContaining("holds no certificate") });
});

test("the outside address is good when this program answers there", async () => {
  expect(await look("outside address", server("commons"))).toMatchObject({ state: "good" });
});

test("another program at the outside address is named", async () => {
  const { state, says } = await look("outside address", server("mastodon"));
  expect(state).toBe("bad");
  expect(says).toContain("mastodon");
});

test("nobody at the outside address is bad, with the reason and a remedy", async () => {
  const finding = await look("outside address");
  expect(finding).toMatchObject({ state: "bad", says: expect.stringContaining("leads nowhere") });
  expect(finding.todo).toContain("DNS");
});

test("a host inside that holds accounts is told, and a warning where it does not answer", async () => {
  const flags = { private_sign_in_hosts: "10.0.0.5:8443" };
  const good = await look("sign-in host", server("moodle"), flags);
  expect(good).toMatchObject({ state: "good", says: expect.stringContaining("10.0.0.5:8443") });
  const bad = await look("sign-in host", nobody, flags);
  expect(bad).toMatchObject({ state: "warning", says: expect.stringContaining("leads nowhere") });
});

test("a clock that is minutes off is bad, one that is seconds off is good", async () => {
  expect(await look("clock", server("commons", 20_000))).toMatchObject({ state: "good" });
  const late = await look("clock", server("commons", 120_000));
  expect(late).toMatchObject({ state: "bad", says: "It is 120 seconds behind." });
  expect((await look("clock", server("commons", -120_000))).says).toContain("ahead");
});

test("a data folder that is a file cannot be written", async () => {
  writeFileSync(join(folder, "file"), "");
  const finding = await look("data folder", nobody, { data_dir: join(folder, "missing") });
  expect(finding.state).toBe("warning");
  expect(await look("data folder")).toMatchObject({ state: "good", says: folder });
});

test("a folder in which every user of the machine can read the database is named, with the remedy", async () => {
  const database = join(folder, "commons.db");
  writeFileSync(database, "");
  chmodSync(folder, 0o755);
  chmodSync(database, 0o644);
  expect(await look("data folder")).toMatchObject({
    state: "warning",
    todo: expect.stringContaining(`chmod -R go= ${folder}`),
  });
  chmodSync(database, 0o600);
  expect(await look("data folder")).toMatchObject({ state: "good" });
});

// Only root can give a folder away.
test.if(process.getuid?.() === 0)("what belongs to another user than the data folder is named", async () => {
  const backups = join(folder, "backups");
  mkdirSync(backups);
  chownSync(backups, 65_534, 65_534);
  const { state, says, todo } = await look("data folder");
  expect([state, says.startsWith(`${backups} belongs to`), todo?.includes("chown")]).toEqual([
    "bad",
    true,
    true,
  ]);
});
