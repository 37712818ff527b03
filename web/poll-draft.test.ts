/** What people type as answers of a poll. */
import { describe, expect, test } from "bun:test";
import { pollIn } from "./poll-draft.ts";

const given = (fields: Readonly<Record<string, string>>) => pollIn((name) => fields[name] ?? null, 0);

test("without an answer there is no poll", () => {
  expect(given({ "poll-1": " ", "poll-several": "yes" })).toBeNull();
});

test("blank answers between others are left out", () => {
  expect(given({ "poll-1": "A", "poll-3": "B" })).toEqual({
    type: "Question",
    oneOf: [
      { type: "Note", name: "A" },
      { type: "Note", name: "B" },
    ],
    endTime: "1970-01-02T00:00:00Z",
  });
});

test("a time that is not offered is the usual one", () => {
  const minutes = (text: string) => given({ "poll-1": "A", "poll-2": "B", "poll-minutes": text })?.endTime;
  expect([minutes("60"), minutes("1"), minutes("x")]).toEqual([
    "1970-01-01T01:00:00Z",
    "1970-01-02T00:00:00Z",
    "1970-01-02T00:00:00Z",
  ]);
});

describe("what is wrong is said at its field", () => {
  test.each([
    ["one answer alone", { "poll-1": "A" }, "poll-2"],
    ["one answer alone, in the second line", { "poll-2": "A" }, "poll-1"],
    ["an answer twice", { "poll-1": "A", "poll-2": "B", "poll-4": "A " }, "poll-4"],
    ["an answer like a book", { "poll-1": "A".repeat(101), "poll-2": "B" }, "poll-1"],
  ] as const)("%s", (_, fields, field) => {
    expect(() => given(fields)).toThrow(expect.objectContaining({ detail: { field } }));
  });
});
