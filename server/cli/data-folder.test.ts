/** Root leaves nothing behind in a folder of somebody else. */
import { afterEach, beforeEach, expect, test } from "bun:test";
import { chownSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { refuseForRoot } from "./data-folder.ts";

const ANOTHER = 65_534;
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "commons-folder-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

// Only root can give a folder away.
test.if(process.getuid?.() === 0)("root is sent to the user whose folder it is, and makes nothing", () => {
  expect(() => refuseForRoot(folder)).not.toThrow();
  chownSync(folder, ANOTHER, ANOTHER);
  expect(() => refuseForRoot(folder)).toThrow(`sudo -u '#${ANOTHER}'`);
  expect(readdirSync(folder)).toEqual([]);
  expect(() => refuseForRoot(folder, ANOTHER)).not.toThrow();
  // The server itself runs as root there.
  writeFileSync(join(folder, "commons.db"), "");
  expect(() => refuseForRoot(folder)).not.toThrow();
});

test("where new files belong to the same user anyway, nobody is refused", () => {
  expect(() => refuseForRoot(folder, 0)).not.toThrow();
  expect(readdirSync(folder)).toEqual([]);
});
