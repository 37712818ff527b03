/** What the machine refuses is said in a sentence; a bug stays a bug. */
import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { refusalOf } from "./refused.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "commons-refused-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function thrownBy(act: () => unknown): unknown {
  try {
    return act();
  } catch (error) {
    return error;
  }
}

test("a folder where a file is needed, and a file where a folder is, are named", () => {
  const file = join(folder, "file");
  writeFileSync(file, "");
  expect(refusalOf(thrownBy(() => writeFileSync(folder, "")))?.message).toStartWith(`${folder} is a folder`);
  expect(refusalOf(thrownBy(() => readdirSync(join(file, "in"))))?.message).toContain(join(file, "in"));
});

test("a right that is missing leads to the owner, and a full disk to room", () => {
  const failed = (code: string) => Object.assign(new Error(code), { code, path: "/srv/data/backups" });
  expect(refusalOf(failed("EACCES"))?.message).toContain("Run this as the user that owns it");
  expect(refusalOf(failed("ENOSPC"))?.message).toContain("Free some");
});

test("a bug is no refusal", () => {
  expect(refusalOf(new TypeError("undefined is not a function"))).toBeNull();
  expect(refusalOf(thrownBy(() => readFileSync(join(folder, "nothing"))))).toBeNull();
});
