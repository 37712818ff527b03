/** The list of migrations is the folder, and every one applies on every engine. */
import { expect, test } from "bun:test";
import { readdirSync } from "node:fs";
import { sql } from "../server/lib/sql.ts";
import { eachEngine } from "../server/testing/engines.ts";
import { migrations } from "./index.ts";

test("every file of the folder is in the list, in order", async () => {
  const files = readdirSync(import.meta.dir)
    .filter((file) => file.endsWith(".sql"))
    .sort();
  expect(migrations.map(({ name }) => `${name}.sql`)).toEqual(files);
  for (const { name, sql: text } of migrations) {
    expect(typeof text === "string" ? text : text.sqlite).toBe(
      await Bun.file(`${import.meta.dir}/${name}.sql`).text(),
    );
  }
});

eachEngine((engine) => {
  test("every migration applies to an empty database, and is written down", async () => {
    const db = await engine.freshDb();
    const applied = await db.all<{ name: string }>(sql`SELECT name FROM migration ORDER BY name`);
    expect(applied.map(({ name }) => name)).toEqual(migrations.map(({ name }) => name));
  });
});
