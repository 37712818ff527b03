/** A replica's address becomes Litestream's configuration, and its program is found or refused with a sentence. */
import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseProgress } from "./litestream-metrics.ts";
import { findLitestream } from "./litestream-program.ts";
import { litestreamConfig, shownReplica, targetOf } from "./replica.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "commons-replica-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("folders, buckets and SFTP servers are understood", () => {
  const cases: readonly [string, object][] = [
    ["/mnt/usb/pub", { type: "file", path: "/mnt/usb/pub" }],
    ["file:///mnt/my%20disk", { type: "file", path: "/mnt/my disk" }],
    ["s3://bucket/a/b/?region=eu-1", { type: "s3", bucket: "bucket", path: "a/b", region: "eu-1" }],
    [
      "s3://bucket?endpoint=https://s3.example",
      { type: "s3", bucket: "bucket", path: "", endpoint: "https://s3.example" },
    ],
    [
      "sftp://me:a%40b@nas:2222/copies?key=/etc/key",
      {
        type: "sftp",
        host: "nas:2222",
        user: "me",
        password: "a@b",
        path: "/copies",
        "key-path": "/etc/key",
      },
    ],
    ["sftp://me@nas/copies", { type: "sftp", host: "nas:22", user: "me", path: "/copies" }],
  ];
  for (const [url, target] of cases) expect(targetOf({ url })).toEqual(target as Record<string, string>);
});

test("anything else is refused, misspelt parameters included", () => {
  for (const url of ["copies", "https://a.test/", "s3:///x", "", "s3://bucket/?endpiont=https://a.test"]) {
    expect(() => targetOf({ url })).toThrow("replica_url");
  }
});

test("an address is shown without its secrets", () => {
  const shown = shownReplica({ url: "sftp://me:secret@nas/copies?key=/etc/key" });
  expect(shown).toContain("nas/copies");
  expect(shown).not.toMatch(/secret|me@|key/);
  expect(shownReplica({ url: "/mnt/usb" })).toBe("/mnt/usb");
});

test("the configuration is in the words of the Litestream that reads it", () => {
  const replica = { url: "/mnt/usb", accessKeyId: "id", secretAccessKey: "secret" };
  const of = (version: string) =>
    JSON.parse(litestreamConfig({ path: "/data/commons.db", replica, port: 9, version }));
  expect(of("v0.3.13")).toMatchObject({
    addr: "127.0.0.1:9",
    dbs: [{ path: "/data/commons.db", replicas: [{ type: "file", path: "/mnt/usb", retention: "168h" }] }],
  });
  expect(of("0.5.17")).toMatchObject({
    dbs: [{ path: "/data/commons.db", replica: { type: "file", path: "/mnt/usb" } }],
    snapshot: { interval: "24h", retention: "168h" },
  });
  expect(JSON.stringify(of("v0.3.13"))).not.toContain("secret");
});

test("progress is the difference between what is written and what is copied", () => {
  const metrics = (index: number, offset: number) => `
# HELP litestream_shadow_wal_index The current WAL index
litestream_shadow_wal_index{db="/a.db"} 3
litestream_shadow_wal_size{db="/a.db"} 10000
litestream_replica_wal_index{db="/a.db",name="file"} ${index}
litestream_replica_wal_offset{db="/a.db",name="file"} ${offset}
litestream_sync_error_count{db="/a.db"} 2
`;
  expect(parseProgress(metrics(3, 10_000))).toEqual({ behindBytes: 0, syncErrors: 2 });
  expect(parseProgress(metrics(3, 4000))?.behindBytes).toBe(6000);
  expect(parseProgress(metrics(2, 99_000))?.behindBytes).toBe(10_000);
  expect(parseProgress("litestream_shadow_wal_index{} 1")).toBeNull();
});

async function pack(script: string): Promise<{ path: string; sha256: string; version: string }> {
  const bytes = new TextEncoder().encode(script);
  const path = join(folder, `packed-${script.length}.zst`);
  await Bun.write(path, Bun.zstdCompressSync(bytes));
  return { path, sha256: new Bun.CryptoHasher("sha256").update(bytes).digest("hex"), version: "0.0.0" };
}

test("the program inside is unpacked once, can be run, and replaces an older one", async () => {
  const dataDir = join(folder, "data");
  const older = await findLitestream({ dataDir, given: null, packed: await pack("#!/bin/sh\necho 1\n") });
  const packed = await pack("#!/bin/sh\necho newer\n");
  const program = await findLitestream({ dataDir, given: null, packed });
  expect(await new Response(Bun.spawn([program]).stdout).text()).toBe("newer\n");
  expect(readdirSync(join(dataDir, "bin"))).toEqual([program.slice(join(dataDir, "bin/").length)]);
  expect(older).not.toBe(program);
  const made = statSync(program).mtimeMs;
  expect(await findLitestream({ dataDir, given: null, packed })).toBe(program);
  expect(statSync(program).mtimeMs).toBe(made);
});

test("a program that was changed on disk is not run, but unpacked again", async () => {
  const packed = await pack("#!/bin/sh\necho good\n");
  const program = await findLitestream({ dataDir: folder, given: null, packed });
  await Bun.write(program, "#!/bin/sh\necho evil\n");
  expect(await findLitestream({ dataDir: folder, given: null, packed })).toBe(program);
  expect(await new Response(Bun.spawn([program]).stdout).text()).toBe("good\n");
});

test("what does not unpack to the promised program is refused", async () => {
  const packed = { ...(await pack("#!/bin/sh\n")), sha256: "0".repeat(64) };
  const refused = findLitestream({ dataDir: folder, given: null, packed });
  await expect(refused).rejects.toMatchObject({ code: "full" });
});

test("an administrator's own program comes first, and must exist", async () => {
  expect(await findLitestream({ dataDir: folder, given: process.execPath })).toBe(process.execPath);
  const missing = findLitestream({ dataDir: folder, given: join(folder, "none") });
  await expect(missing).rejects.toThrow("litestream_path");
});
