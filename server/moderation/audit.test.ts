/** The audit log. */
import { expect, test } from "bun:test";
import { createKeys, MAX_KEY } from "../lib/id.ts";
import { onSqlite } from "../testing/engines.ts";
import { record } from "./audit.ts";
import { findAudit } from "./store-audit.ts";

const keys = createKeys({ now: () => 1_700_000_000_000 });

onSqlite((engine) => {
  test("what was done is read newest first, and strangers read its public part alone", async () => {
    const db = await engine.freshDb();
    await db.batch([
      record(keys, { by: null, act: "domain-rule", subject: "b.test", detail: "block", isPublic: true }),
      record(keys, { by: null, act: "setting", subject: "siteName", reason: "  " }),
    ]);
    const all = await findAudit(db, { before: MAX_KEY, limit: 10 });
    expect(all.map(({ act, subject, detail, reason }) => [act, subject, detail, reason])).toEqual([
      ["setting", "siteName", null, null],
      ["domain-rule", "b.test", "block", null],
    ]);
    const open = await findAudit(db, { isPublic: true, before: MAX_KEY, limit: 10 });
    expect(open.map(({ act }) => act)).toEqual(["domain-rule"]);
    expect(await findAudit(db, { before: all[1]?.key ?? 0, limit: 10 })).toEqual([]);
  });

  test("a line of a batch that fails is not written", async () => {
    const db = await engine.freshDb();
    const line = record(keys, { by: null, act: "setting", subject: "siteName" });
    await expect(db.batch([line, record(keys, { by: 1, act: "setting" })])).rejects.toThrow();
    expect(await findAudit(db, { before: MAX_KEY, limit: 10 })).toEqual([]);
  });
});
