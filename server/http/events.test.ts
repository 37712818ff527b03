/** Answers of events, as far as they are answers like others. */
import { expect, test } from "bun:test";
import { eventResponse } from "./events.ts";

test("whoever asks for the headers alone gets them, and no stream is opened that nobody would end", async () => {
  let opened = 0;
  const begin = () => {
    opened++;
    return () => opened--;
  };
  const head = eventResponse(new Request("https://pub.example/live", { method: "HEAD" }), begin);
  expect([head.body, opened]).toEqual([null, 0]);
  const whole = eventResponse(new Request("https://pub.example/live"), begin);
  expect(opened).toBe(1);
  expect([...head.headers]).toEqual([...whole.headers]);
  await whole.body?.cancel();
  expect(opened).toBe(0);
});
