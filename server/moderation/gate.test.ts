/** The switch and the rules, as they are asked with every request. */
import { describe, expect, test } from "bun:test";
import { onSqlite } from "../testing/engines.ts";
import { createGate, type Gate } from "./gate.ts";
import { type FederationMode, type RuleDraft, refuses, type Verdict, verdictFor } from "./rules.ts";
import { deleteRule, putRule } from "./store-rules.ts";

const verdict = (level: Verdict["level"], more: Partial<Verdict> = {}): Verdict => ({
  level,
  noMedia: false,
  noReports: false,
  ...more,
});

describe("the most exact rule counts, whatever the port", () => {
  const rules = new Map([
    ["b.test", verdict("block")],
    ["good.b.test", verdict("allow")],
    ["films.good.b.test", verdict("none", { noMedia: true })],
  ]);
  const table: readonly [string, string | null][] = [
    ["b.test", "block"],
    ["b.test:8443", "block"],
    ["a.b.test", "block"],
    ["x.a.b.test", "block"],
    ["good.b.test", "allow"],
    ["x.good.b.test", "allow"],
    ["films.good.b.test", "none"],
    ["notb.test", null],
    ["test", null],
    ["b.test.evil.test", null],
  ];
  for (const [host, level] of table) {
    test(`${host}: ${level ?? "no rule"}`, () =>
      expect(verdictFor(rules, host)?.level ?? null).toBe(level as never));
  }
});

describe("whether a host is refused", () => {
  const table: readonly [FederationMode, Verdict["level"] | null, boolean][] = [
    ["open", null, false],
    ["open", "allow", false],
    ["open", "none", false],
    ["open", "limit", false],
    ["open", "block", true],
    ["partners", null, true],
    ["partners", "allow", false],
    ["partners", "none", true],
    ["partners", "limit", true],
    ["partners", "block", true],
    ["closed", null, true],
    ["closed", "allow", true],
    ["closed", "block", true],
  ];
  for (const [mode, level, isRefused] of table) {
    test(`${mode}, ${level ?? "no rule"}: ${isRefused ? "yes" : "no"}`, () =>
      expect(refuses(mode, level && verdict(level))).toBe(isRefused));
  }
});

onSqlite((engine) => {
  const draft = (domain: string, more: Partial<RuleDraft> = {}) => ({
    domain,
    ...verdict("block"),
    publicComment: "",
    privateComment: "",
    list: null,
    by: null,
    ...more,
  });

  test("another process that changes the rules is noticed without being told, and media follow", async () => {
    const db = await engine.freshDb();
    let mode: FederationMode = "open";
    const make = (): Promise<Gate> =>
      createGate({ db, log: {} as never, mode: () => mode, onModeChange: () => () => undefined });
    const gate = await make();
    await db.batch([putRule(draft("b.test", { level: "none", noMedia: true }), 1)]);
    expect(gate.takesMedia("a.b.test")).toBe(true);
    await gate.catchUp();
    expect([gate.takesMedia("a.b.test"), gate.takesReports("b.test")]).toEqual([false, true]);
    const version = gate.version();
    await gate.catchUp();
    expect(gate.version()).toBe(version);
    await db.batch([putRule(draft("b.test"), 2)]);
    await gate.catchUp();
    expect([gate.isRefused("b.test"), gate.takesMedia("b.test")]).toEqual([true, false]);
    await db.batch([deleteRule("b.test")]);
    await gate.catchUp();
    expect(gate.isRefused("b.test")).toBe(false);
    mode = "partners";
    expect(gate.refusal("b.test")).toContain("partners alone");
    gate.stop();
  });
});
