/** Batches that want the same rows want them in the same order, so that none waits for one that waits for it. */
import { expect, test } from "bun:test";
import type { Sql } from "../lib/sql.ts";
import { testApp } from "../testing/app.ts";
import { onSqlite } from "../testing/engines.ts";
import { person } from "../testing/people.ts";
import { PUBLIC } from "./object.ts";

/** Of these the index of words hears by triggers, which write to a row of each thing that is meant. */
const OF_THINGS = /^\s*(INSERT INTO object|UPDATE object|INSERT INTO link|DELETE FROM link)\b/;

const holdsCollection = ({ text, holds }: Sql): boolean =>
  holds === true || /^\s*INSERT INTO collection\b.*DO UPDATE/s.test(text);

onSqlite((engine) => {
  test("what is done and what is taken back write to things first, and then hold lists that are counted", async () => {
    const app = await testApp(engine);
    const [ada, bob] = [await person(app, "ada", "admin"), await person(app, "bob")];
    const note = await ada.note("Hello", { to: [PUBLIC] });
    const { db } = app.opened;
    const { batch } = db;
    const found: string[] = [];
    let held = 0;
    Object.assign(db, {
      batch(statements: readonly Sql[]) {
        const first = statements.findIndex(holdsCollection);
        if (first >= 0) {
          held++;
          const late = statements.slice(first).filter(({ text }) => OF_THINGS.test(text));
          found.push(...late.map(({ text }) => text.slice(0, 60)));
        }
        return batch(statements);
      },
    });
    for (const [type, object] of [
      ["Like", note],
      ["Announce", note],
      ["Follow", ada.iri],
    ] as const) {
      const { activity } = await bob.act({ type, object, to: [PUBLIC] });
      await bob.act({ type: "Undo", object: String(activity.id), to: [PUBLIC] });
    }
    const reply = await bob.note("Hi", { to: [PUBLIC] }, { inReplyTo: note });
    await bob.act({
      type: "Update",
      to: [PUBLIC],
      object: { id: reply, type: "Note", content: "Hello, Ada" },
    });
    await bob.act({ type: "Delete", object: reply, to: [PUBLIC] });
    expect(held).toBeGreaterThan(6);
    expect(found).toEqual([]);
  });
});
