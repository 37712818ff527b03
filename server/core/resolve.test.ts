/** What is fetched again takes the place of what is here, unless that is newer. */
import { expect, test } from "bun:test";
import { createKeys } from "../lib/id.ts";
import { raw } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";
import { eachEngine } from "../testing/engines.ts";
import { village } from "../testing/village.ts";
import { vocabularies } from "../vocab/index.ts";
import { createAddresses } from "./addresses.ts";
import { type AsObject, PUBLIC, text } from "./object.ts";
import { createRegistry } from "./registry.ts";
import { createResolve } from "./resolve.ts";

const A = "https://a.test";
const MIRA = "https://there.test/users/mira";
const NOTE = "https://there.test/notes/1";

const FIRST = "2023-11-14T20:00:00Z";
const SECOND = "2023-11-14T21:00:00Z";

const mira: AsObject = {
  id: MIRA,
  type: "Person",
  preferredUsername: "mira",
  inbox: `${MIRA}/inbox`,
  followers: `${MIRA}/followers`,
};
const note = (content: string, updated?: string): AsObject => ({
  id: NOTE,
  type: "Note",
  attributedTo: MIRA,
  published: "2023-11-14T19:00:00Z",
  content,
  to: [PUBLIC],
  ...(updated === undefined ? {} : { updated }),
});

eachEngine((engine) => {
  /** A house that has mira's note, what there.test answers, and what happens meanwhile. */
  async function given(document: AsObject) {
    const town = await village({ [A]: await engine.freshDb() });
    const house = town.house(A);
    const { now } = town.clock;
    const world = {
      note: document,
      whileFetched: async () => {},
      beforeStored: async () => {},
    };
    const db: Db = {
      ...house.db,
      async batch(statements) {
        await world.beforeStored();
        return house.db.batch(statements);
      },
    };
    const resolve = createResolve({
      db,
      registry: createRegistry(vocabularies),
      addresses: createAddresses(A),
      keys: createKeys({ now, node: 1 }),
      now,
      enqueue: () => raw("SELECT 1 AS done"),
      async fetchRemote(iri) {
        if (iri === MIRA) return { document: mira, handle: null };
        const { note } = world;
        await world.whileFetched();
        return { document: note, handle: null };
      },
    });
    await resolve.fetch(NOTE);
    /** The note as mira has it from now on reaches the house. */
    async function update(changed: AsObject): Promise<void> {
      town.clock.advance(1_000);
      const activity = { id: `${MIRA}/updates/${now()}`, type: "Update", actor: MIRA, to: [PUBLIC] };
      const { outcome } = await house.core.receive({ ...activity, object: changed }, { sender: MIRA });
      expect(outcome).toBe("done");
    }
    async function refreshed(): Promise<string | null> {
      town.clock.advance(1_000);
      const entity = await resolve.refresh(NOTE);
      world.whileFetched = world.beforeStored = async () => {};
      const stored = await house.look.find(NOTE);
      expect(entity?.document).toEqual(stored?.document ?? null);
      return text(stored?.document ?? {}, "content");
    }
    return { world, update, refreshed };
  }

  test("what has changed is stored, whether or not it says when", async () => {
    const { world, refreshed } = await given(note("One"));
    world.note = note("Two");
    expect(await refreshed()).toBe("Two");
    world.note = note("Three", FIRST);
    expect(await refreshed()).toBe("Three");
    world.note = { ...note("Three", FIRST), summary: "Counted anew" };
    await refreshed();
    world.note = note("Four", SECOND);
    expect(await refreshed()).toBe("Four");
  });

  test("a copy that says to be older than what is here is not stored", async () => {
    const { world, update, refreshed } = await given(note("Old", FIRST));
    await update(note("New", SECOND));
    expect(await refreshed()).toBe("New");
    world.note = note("Newer", "2023-11-14T21:00:01Z");
    expect(await refreshed()).toBe("Newer");
  });

  test("a copy that was asked for before an Update came does not undo it", async () => {
    const { world, update, refreshed } = await given(note("Old"));
    world.whileFetched = () => update(note("New"));
    expect(await refreshed()).toBe("New");
  });

  test("nor does one that was about to be stored when it came", async () => {
    const { world, update, refreshed } = await given(note("Old"));
    world.note = note("Fetched", FIRST);
    world.beforeStored = () => update(note("New", SECOND));
    expect(await refreshed()).toBe("New");
    world.note = note("Newest", "2023-11-15T00:00:00Z");
    expect(await refreshed()).toBe("Newest");
  });
});
