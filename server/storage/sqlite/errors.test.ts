/** What a person reads when the file of the database is not what it should be. */
import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isProblem } from "../../lib/problem.ts";
import { lockFolder } from "./lock.ts";
import { openSqlite } from "./open.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "commons-errors-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** The reason and the sentence with which `act` is refused. */
function refusal(act: () => unknown): [reason: string | undefined, sentence: string] {
  try {
    act();
  } catch (error) {
    if (isProblem(error)) return [error.detail.reason, error.message];
    throw error;
  }
  return [undefined, ""];
}

test("a file that is no database is named, with the way back to a copy", () => {
  const path = join(folder, "commons.db");
  writeFileSync(path, "This is a letter to my aunt.\n".repeat(100));
  const [reason, sentence] = refusal(() => openSqlite({ path }));
  expect(reason).toBe("damaged");
  expect(sentence).toStartWith(`${path} is damaged`);
  expect(sentence).toContain("commons backup restore");
});

test("a folder in the place of the database is named, and no copy is asked for", () => {
  const path = join(folder, "commons.db");
  mkdirSync(path);
  const [reason, sentence] = refusal(() => openSqlite({ path }));
  expect([reason, sentence.includes("is a folder"), sentence.includes("restore")]).toEqual([
    "folder",
    true,
    false,
  ]);
});

// Nobody, not even root, makes files in /proc.
test("a file that this user may not write is a matter of who owns it, not of a full disk or of damage", () => {
  const [reason, sentence] = refusal(() => openSqlite({ path: "/proc/commons.db" }));
  expect(reason).toBe("owner");
  expect(sentence).toContain("chown -R USER /proc");
  expect(sentence).not.toMatch(/space|copy/);
  expect(refusal(() => lockFolder("/proc"))[0]).toBe("owner");
});

test("a lock that something else wrote may be deleted, and works then", () => {
  const path = join(folder, "lock.db");
  writeFileSync(path, "junk".repeat(1000));
  const [reason, sentence] = refusal(() => lockFolder(folder));
  expect([reason, sentence.includes(`${path} `), sentence.includes("Delete it")]).toEqual([
    "lock",
    true,
    true,
  ]);
  rmSync(path);
  lockFolder(folder)();
});
