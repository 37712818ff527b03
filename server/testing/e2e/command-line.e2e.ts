/** The commands of the compiled program, one after the other on one data folder, beside a server that runs. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { statSync } from "node:fs";
import { join } from "node:path";
import { cleanUp, newFolder, type Running, runCommons, startCommons } from "./program.ts";

const dataDir = newFolder();
let server: Running;
beforeAll(async () => {
  server = await startCommons({ dataDir });
});
afterAll(cleanUp);

const commons = (...args: string[]) =>
  runCommons(args, { dataDir, flags: ["--origin", server.origin], stdin: "correct horse battery staple\n" });

describe("beside a running server", () => {
  test("user create makes somebody who appears in user list", async () => {
    const made = await commons("user", "create", "alice", "--admin", "--password-file", "-");
    expect(made).toMatchObject({ code: 0, stderr: "" });
    const { stdout } = await commons("user", "list", "--json");
    expect(JSON.parse(stdout)).toMatchObject({ name: "alice", role: "admin", state: "active" });
    expect(
      (await fetch(`${server.origin}/users/alice`, { headers: { accept: "application/activity+json" } }))
        .status,
    ).toBe(200);
  });

  test("a name that is taken is refused with a sentence", async () => {
    const again = await commons("user", "create", "alice", "--password-file", "-");
    expect(again.code).toBe(1);
    expect(again.stderr.length).toBeGreaterThan(10);
  });

  test("token create prints a token with which a script reads the inbox, and nobody without it does", async () => {
    const { code, stdout } = await commons("token", "create", "--user", "alice", "--scopes", "read write");
    expect(code).toBe(0);
    const headers = { accept: "application/activity+json" };
    const inbox = `${server.origin}/users/alice/inbox`;
    const withToken = await fetch(inbox, {
      headers: { ...headers, authorization: `Bearer ${stdout.trim()}` },
    });
    expect(withToken.status).toBe(200);
    expect((await fetch(inbox, { headers })).status).toBeOneOf([401, 403]);
  });

  test("user disable ends the token at once, and user enable does not bring it back", async () => {
    const token = (await commons("token", "create", "--user", "alice")).stdout.trim();
    await commons("user", "create", "bob", "--admin", "--password-file", "-");
    const read = () =>
      fetch(`${server.origin}/users/alice/inbox`, {
        headers: { accept: "application/activity+json", authorization: `Bearer ${token}` },
      });
    expect((await read()).status).toBe(200);
    expect((await commons("user", "disable", "alice")).code).toBe(0);
    expect((await read()).status).toBe(401);
    expect((await commons("user", "enable", "alice")).code).toBe(0);
    expect((await read()).status).toBe(401);
  });

  test("user promote, reset-password and setup-link answer as JSON where asked", async () => {
    expect(
      JSON.parse((await commons("user", "promote", "bob", "--role", "teacher", "--json")).stdout),
    ).toEqual({
      name: "bob",
      role: "teacher",
    });
    const { link } = JSON.parse((await commons("user", "reset-password", "bob", "--json")).stdout) as {
      link: string;
    };
    expect((await fetch(link)).status).toBe(200);
    expect((await commons("setup-link")).stderr).toContain("has an admin already");
  });

  test("what the server and its commands make is for their own user alone", async () => {
    await commons("backup", "now");
    for (const path of ["commons.db", "backups"])
      expect([path, statSync(join(dataDir, path)).mode & 0o077]).toEqual([path, 0]);
  });

  test("licences names everything that travels inside", async () => {
    const { code, stdout } = await commons("licences");
    expect(code).toBe(0);
    for (const name of ["GNU Affero", "preact ", "jsonld ", "Litestream ", "Permission is hereby granted"])
      expect(stdout).toContain(name);
  });

  test("doctor finds this server healthy, but for an origin that is this machine's own", async () => {
    const { code, stdout } = await commons("doctor", "--json");
    const found = JSON.parse(stdout) as { name: string; state: string }[];
    const stateOf = (name: string) => found.find((each) => each.name === name)?.state;
    expect(stateOf("settings")).toBe("warning");
    expect(stateOf("database")).toBe("good");
    expect(stateOf("outside address")).toBe("good");
    expect(stateOf("clock")).toBe("good");
    expect(code).toBe(0);
  });
});
