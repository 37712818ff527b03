/** How a command line finds its command, and what a person reads when it does not. */
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Account } from "../accounts/account.ts";
import type { Groups } from "../accounts/groups.ts";
import type { Leaving } from "../accounts/leaving.ts";
import { Problem } from "../lib/problem.ts";
import { runCommandLine } from "./index.ts";
import type { OpenedApp, Parts, RunningApp } from "./parts.ts";

let folder: string;
let printed: string[];
let complained: string[];
let asked: unknown[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "commons-cli-"));
  printed = [];
  complained = [];
  groups = [biology];
  asked = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

const alice = {
  key: 1,
  name: "alice",
  role: "member",
  state: "active",
  createdMs: 0,
  seenMs: null,
} as Account;

const biology = { key: 1, name: "biology", members: 3, owners: ["alice"] };
let groups: readonly (typeof biology)[];

/** An app that remembers what it is asked, and knows alice alone. */
function imitation(): RunningApp {
  const note =
    (what: string, answer?: unknown) =>
    async (...args: unknown[]) => {
      asked.push([what, ...args]);
      return answer;
    };
  const getByName = async (name: string) => {
    if (name === "alice") return alice;
    throw new Problem("not-found", `Nobody here is called ${name}.`);
  };
  return {
    accounts: {
      create: note("create", alice),
      people: {
        list: async () => ({ items: [], older: null, newer: null }),
        getByName,
        setRole: note("setRole"),
        disable: note("disable"),
        enable: note("enable"),
      },
      passwords: { set: note("set"), createResetLink: note("link", { token: "T", expiresMs: 0 }) },
      factors: { reset: note("reset") },
      claim: { renew: note("renew", null) },
    } as unknown as OpenedApp["accounts"], // Only what these commands call.
    domains: {} as OpenedApp["domains"], // Its commands have a test of their own.
    createToken: note("token", "bearer") as OpenedApp["createToken"],
    rotateKeys: note("rotateKeys") as OpenedApp["rotateKeys"],
    prunePictures: note("prunePictures", { files: 3, bytes: 2_500_000 }) as OpenedApp["prunePictures"],
    moveFiles: note("moveFiles", 7) as OpenedApp["moveFiles"],
    clearFiles: note("clearFiles", { files: 1, bytes: 500_000 }) as OpenedApp["clearFiles"],
    withActors: (use) =>
      use({
        groups: {
          list: async () => groups,
          entrust: note("entrust") as Groups["entrust"],
        },
        leaving: { leave: note("leave") as Leaving["leave"] },
      }),
    releaseMemory: () => {},
    search: {
      rebuild: note("rebuild") as OpenedApp["search"]["rebuild"],
      drain: async (progress) => progress?.(7),
    },
    stop: note("stop") as OpenedApp["stop"],
  };
}

function run(...argv: string[]): Promise<number> {
  const parts: Parts = { open: async () => imitation(), start: async () => imitation() };
  const around = {
    env: { COMMONS_DATA_DIR: join(folder, "data") },
    cwd: folder,
    isTerminal: false,
    print: (line: string) => printed.push(line),
    complain: (line: string) => complained.push(line),
  };
  return runCommandLine(argv, around, parts);
}

describe("finding the command", () => {
  test("--help lists every command and every setting", async () => {
    expect(await run("--help")).toBe(0);
    for (const words of ["serve", "user create NAME", "doctor", "--data-dir", "COMMONS_ORIGIN"])
      expect(printed.join("\n")).toContain(words);
  });

  test("--help after a command tells about that command alone", async () => {
    expect(await run("user", "create", "--help")).toBe(0);
    expect(printed.join("\n")).toContain("--password-file");
    expect(printed.join("\n")).not.toContain("setup-link");
  });

  test.each([
    [["help", "user", "create"], "Usage: commons user create NAME"],
    [["user", "--help"], "commons user disable NAME"],
    [["help", "backup"], "commons backup now"],
  ])("%j tells about what it names alone", async (argv, words) => {
    expect(await run(...argv)).toBe(0);
    expect(printed.join("\n")).toContain(words);
    expect(printed.join("\n")).not.toContain("setup-link");
  });

  test("settings may stand before the command as well as after it", async () => {
    expect(await run("--port", "4000", "--insecure-federation", "--json", "config", "show")).toBe(0);
    const rows = JSON.parse(printed[0] ?? "");
    expect(rows).toContainEqual({ name: "port", value: "4000", source: "--port" });
    expect(rows).toContainEqual({
      name: "insecure_federation",
      value: "true",
      source: "--insecure-federation",
    });
  });

  test("what commons.toml turns on, a flag turns off", async () => {
    mkdirSync(join(folder, "data"));
    writeFileSync(join(folder, "data", "commons.toml"), "insecure_federation = true");
    expect(await run("config", "show", "--json", "--insecure-federation=false")).toBe(0);
    expect(JSON.parse(printed[0] ?? "")).toContainEqual({
      name: "insecure_federation",
      value: "false",
      source: "--insecure-federation",
    });
  });

  test("--version says the version", async () => {
    expect(await run("--version")).toBe(0);
    expect(printed[0]).toMatch(/^commons \d+\.\d+\.\d+/);
  });

  test.each([
    [["usr", "create"], "Did you mean `commons user create`?"],
    [["user"], "needs one more word: user create"],
    [["migrate", "--dry-rnu"], "Did you mean --dry-run?"],
    [["migrate", "--prot", "1"], "Did you mean --port?"],
    [["user", "create"], "NAME is missing"],
    [["user", "create", "a", "b"], '"b" is one word too many'],
    [["migrate", "--port"], "--port needs a value: write --port=VALUE."],
    [["migrate", "--port", "-5"], "--port needs a value: write --port=VALUE."],
    [["migrate", "--json=1"], "--json takes no value: write it alone."],
    [["migrate", "-p"], "There is no option -p."],
    [["user", "crate"], 'There is no command "user crate". Did you mean `commons user create`?'],
    [["help", "nothing"], 'There is no command "nothing".'],
    [["serve", "user", "list"], '"user" is one word too many'],
  ])("%j is misused: it says so, and gives 2", async (argv, sentence) => {
    expect(await run(...argv)).toBe(2);
    expect(complained.join("\n")).toContain(sentence);
    expect(asked).toEqual([]);
  });

  test("a mistaken setting stops the command with its name, and gives 1", async () => {
    expect(await run("user", "disable", "alice", "--port", "many")).toBe(1);
    expect(complained[0]).toStartWith("--port is");
    expect(asked).toEqual([]);
  });

  test("with --json a refusal is JSON too", async () => {
    expect(await run("user", "disable", "nobody", "--json")).toBe(1);
    expect(JSON.parse(complained[0] ?? "")).toEqual({
      error: "not-found",
      message: "Nobody here is called nobody.",
    });
  });
});

describe("commands", () => {
  test("config show tells each value and where it came from", async () => {
    expect(await run("config", "show", "--json", "--port", "4000")).toBe(0);
    const rows = JSON.parse(printed[0] ?? "");
    expect(rows).toContainEqual({ name: "port", value: "4000", source: "--port" });
    expect(rows).toContainEqual({
      name: "data_dir",
      value: join(folder, "data"),
      source: "COMMONS_DATA_DIR",
    });
    expect(rows).toContainEqual({ name: "origin", value: "http://localhost:4000", source: "default" });
  });

  test("user create makes an active account with the password of a file, and closes the app", async () => {
    writeFileSync(join(folder, "password"), "correct horse\nsecond line");
    const file = join(folder, "password");
    expect(
      await run("user", "create", "alice", "--admin", "--email", "a@b.example", "--password-file", file),
    ).toBe(0);
    const request = {
      name: "alice",
      password: "correct horse",
      role: "admin",
      state: "active",
      email: "a@b.example",
    };
    expect(asked).toEqual([["create", { ...request, mayBeReserved: true }], ["stop"]]);
  });

  test("user create wants one password, given one way", async () => {
    expect(await run("user", "create", "alice")).toBe(1);
    expect(await run("user", "create", "alice", "--password", "a", "--password-file", "b")).toBe(1);
    expect(complained.at(-1)).toContain("are both there");
    expect(asked).toEqual([]);
  });

  test("user create refuses an admin with another role, and a role that is none", async () => {
    for (const role of ["member", "king"])
      expect(await run("user", "create", "alice", "--admin", "--role", role, "--password", "x")).toBe(1);
    expect(complained).toEqual([
      "--admin and --role member say two things: leave one of them out.",
      'There is no role "king". Use one of admin, moderator, teacher, member.',
    ]);
    expect(asked).toEqual([]);
  });

  test("user reset-password without a password prints the link of the page that sets one", async () => {
    expect(await run("user", "reset-password", "alice", "--origin", "https://pub.example")).toBe(0);
    expect(printed[0]).toMatch(/^https:\/\/pub\.example\/reset\?token=T\n/);
  });

  test("user reset-factors takes passkeys and codes away, and says what is left to sign in with", async () => {
    expect(await run("user", "reset-factors", "alice")).toBe(0);
    expect(asked).toContainEqual(["reset", null, alice]);
    expect(printed[0]).toStartWith("alice has no second factor any more");
    expect(await run("user", "reset-factors", "nobody")).toBe(1);
  });

  test("user promote makes an admin unless another role is named", async () => {
    await run("user", "promote", "alice");
    await run("user", "promote", "alice", "--role", "teacher");
    expect(asked.filter((each) => Array.isArray(each) && each[0] === "setRole")).toEqual([
      ["setRole", null, alice, "admin"],
      ["setRole", null, alice, "teacher"],
    ]);
  });

  test("group list names groups with their owners, and group promote gives one to a person", async () => {
    expect(await run("group", "list")).toBe(0);
    expect(printed.join("\n")).toMatch(/biology +3 +alice/);
    expect(await run("group", "promote", "biology", "alice")).toBe(0);
    expect(asked).toContainEqual(["entrust", "biology", alice]);
    expect(await run("group", "promote", "biology", "nobody")).toBe(1);
  });

  test("lists of nothing say so beside the answer, which stays empty for programs", async () => {
    groups = [];
    for (const list of [
      ["group", "list"],
      ["user", "list"],
      ["user", "list", "--state", "pending"],
    ]) {
      expect(await run(...list)).toBe(0);
      expect(await run(...list, "--json")).toBe(0);
    }
    expect(printed).toEqual([]);
    expect(complained).toEqual([
      "There is no group here yet.",
      "There is nobody here yet.",
      "Nobody here is pending.",
    ]);
  });

  test("user delete closes an account for good, and only with --yes", async () => {
    expect(await run("user", "delete", "alice")).toBe(1);
    expect(complained.join("\n")).toContain("--yes");
    expect(asked).toEqual([]);
    expect(await run("user", "delete", "alice", "--yes")).toBe(0);
    expect(asked).toContainEqual(["leave", alice]);
  });

  test("user promote refuses a role that does not exist", async () => {
    expect(await run("user", "promote", "alice", "--role", "king")).toBe(1);
    expect(complained[0]).toContain("admin, moderator");
  });

  test("token create prints the token alone, with the scopes that were asked for", async () => {
    expect(await run("token", "create", "--user", "alice", "--scopes", "read write")).toBe(0);
    expect(printed).toEqual(["bearer"]);
    expect(asked[0]).toEqual(["token", { account: alice, scope: "read write", expiresMs: null }]);
  });

  test("token create refuses a scope that does not exist, and says which was meant", async () => {
    expect(await run("token", "create", "--user", "alice", "--scopes", "read wirte")).toBe(1);
    expect(complained[0]).toContain('"wirte" is no scope. Did you mean write?');
    expect(asked).toEqual([]);
  });

  test("token create takes a number of days and nothing else", async () => {
    expect(await run("token", "create", "--user", "alice", "--days", "soon")).toBe(1);
    expect(complained[0]).toContain("--days");
    expect(await run("token", "create", "--user", "alice", "--days", "30")).toBe(0);
    expect(asked[0]).toMatchObject(["token", { expiresMs: expect.any(Number) }]);
  });

  test("setup-link says that there is an admin already", async () => {
    expect(await run("setup-link")).toBe(1);
    expect(complained[0]).toContain("has an admin already");
  });

  test("media prune keeps to the quota, or drops all, and says how much that was", async () => {
    expect(await run("media", "prune")).toBe(0);
    expect(await run("media", "prune", "--all", "--json")).toBe(0);
    expect(asked.filter((each) => Array.isArray(each) && each[0] === "prunePictures")).toEqual([
      ["prunePictures", false],
      ["prunePictures", true],
    ]);
    expect(printed).toEqual([
      "3 pictures were dropped, 2.5 MB.",
      "Files that nothing needs were cleared away: 1, 0.5 MB.",
      '{"files":3,"bytes":2500000,"lost":{"files":1,"bytes":500000}}',
    ]);
  });

  test("search rebuild makes the index anew, and says how much there was", async () => {
    expect(await run("search", "rebuild")).toBe(0);
    expect(await run("search", "rebuild", "--json")).toBe(0);
    expect(asked.filter((each) => Array.isArray(each) && each[0] === "rebuild").length).toBe(2);
    expect(printed).toEqual(["The index is made anew: 7 things were looked at.", '{"looked_at":7}']);
  });

  test("media move says how many files it carried", async () => {
    expect(await run("media", "move")).toBe(0);
    expect(printed).toEqual(["7 files are in the bucket now."]);
  });

  test("the app is closed also when the command fails", async () => {
    expect(await run("user", "disable", "nobody")).toBe(1);
    expect(asked).toEqual([["stop"]]);
  });

  test("migrate makes the data folder for its owner alone, and a second time has nothing to do", async () => {
    expect(await run("migrate", "--json")).toBe(0);
    expect(await run("migrate", "--json")).toBe(0);
    expect(JSON.parse(printed[0] ?? "").applied).toContain("0001_objects");
    expect(JSON.parse(printed[1] ?? "").applied).toEqual([]);
    expect(statSync(join(folder, "data")).mode & 0o777).toBe(0o700);
  });
});
