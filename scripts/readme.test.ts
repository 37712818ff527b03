/** The README tells the truth where it can be checked. */
import { expect, test } from "bun:test";
import { withSettings } from "./readme.ts";

const readme = await Bun.file("README.md").text();

test("the table of settings is the one that the code has (bun scripts/readme.ts writes it)", () => {
  expect(readme).toBe(withSettings(readme));
});

test("the variables that the README's recipes use are settings", () => {
  const table = withSettings("<!-- settings: -->\n<!-- end of settings -->");
  const used = new Set(
    [...readme.matchAll(/\bCOMMONS_[A-Z_]+\b/g)].map(([name]) => name.replace(/_FILE$/, "")),
  );
  for (const name of used) expect(table).toContain(name);
});
