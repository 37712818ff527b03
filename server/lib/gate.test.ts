/** How the gate counts, and who is let through next. */
import { expect, test } from "bun:test";
import { createGate } from "./gate.ts";

const never = new AbortController().signal;

/** Enters, and tells whether it was let through at once. */
function knock(gate: ReturnType<typeof createGate>, key: string, signal = never) {
  const state: { leave: (() => void) | null; error: unknown } = { leave: null, error: null };
  gate.enter(key, signal).then(
    (leave) => {
      state.leave = leave;
    },
    (error) => {
      state.error = error;
    },
  );
  return state;
}

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

test("one key has no more inside than its share while others pass", async () => {
  const gate = createGate({ perKey: 2, total: 10 });
  const [first, second, third, other] = ["a", "a", "a", "b"].map((key) => knock(gate, key));
  await settle();
  expect([first?.leave, second?.leave, third?.leave, other?.leave].map(Boolean)).toEqual([
    true,
    true,
    false,
    true,
  ]);
  first?.leave?.();
  await settle();
  expect(third?.leave).toBeFunction();
});

test("the total holds over all keys and the first to wait is the first let in", async () => {
  const gate = createGate({ perKey: 2, total: 2 });
  const [first, , third, fourth] = ["a", "b", "c", "d"].map((key) => knock(gate, key));
  await settle();
  expect(gate.load()).toEqual({ inside: 2, waiting: 2 });
  first?.leave?.();
  await settle();
  expect([Boolean(third?.leave), Boolean(fourth?.leave)]).toEqual([true, false]);
});

test("leaving twice makes room once", async () => {
  const gate = createGate({ perKey: 1, total: 1 });
  const [first, second, third] = ["a", "a", "a"].map((key) => knock(gate, key));
  await settle();
  first?.leave?.();
  first?.leave?.();
  await settle();
  expect([Boolean(second?.leave), Boolean(third?.leave)]).toEqual([true, false]);
});

test("who gives up waiting takes no room", async () => {
  const gate = createGate({ perKey: 1, total: 1 });
  const first = knock(gate, "a");
  const controller = new AbortController();
  const second = knock(gate, "a", controller.signal);
  await settle();
  controller.abort(new Error("enough"));
  await settle();
  expect(second.error).toEqual(new Error("enough"));
  first.leave?.();
  expect(gate.load()).toEqual({ inside: 0, waiting: 0 });
  const late = knock(gate, "a", controller.signal);
  await settle();
  expect(late.error).toEqual(new Error("enough"));
});
