/** Streams are counted by network until they end, however they end. */
import { expect, test } from "bun:test";
import { createLongLived } from "./long-lived.ts";

test("a network has only so many, and what is over makes room once", () => {
  const open = createLongLived(2);
  const first = open.enter("a", () => {});
  open.enter("a", () => {});
  expect(open.enter("a", () => {})).toBeNull();
  expect(open.enter("b", () => {})).not.toBeNull();
  first?.();
  first?.();
  expect(open.enter("a", () => {})).not.toBeNull();
  expect(open.enter("a", () => {})).toBeNull();
});

test("a body that ends by itself, is cancelled, or is ended from here is over exactly once", async () => {
  const { watch } = createLongLived();
  let over = 0;
  const count = (): void => {
    over++;
  };
  const short = watch(new Response("all of it", { status: 203, headers: { x: "y" } }), count);
  expect([await short.response.text(), short.response.status, short.response.headers.get("x")]).toEqual([
    "all of it",
    203,
    "y",
  ]);
  short.end();
  expect(over).toBe(1);
  const endless = (): Response =>
    new Response(new ReadableStream({ pull: (c) => c.enqueue(new Uint8Array(1)) }));
  const cancelled = watch(endless(), count);
  await cancelled.response.body?.cancel();
  cancelled.end();
  expect(over).toBe(2);
  const ended = watch(endless(), count);
  ended.end();
  ended.end();
  await ended.response.arrayBuffer();
  expect(over).toBe(3);
  watch(new Response(null), count);
  expect(over).toBe(4);
});
