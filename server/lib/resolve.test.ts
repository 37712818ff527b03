/** What is remembered of names, and for how long. */
import { expect, test } from "bun:test";
import { heldClock } from "./clock.ts";
import { rememberAddresses, systemResolve } from "./resolve.ts";

test("the system finds localhost, IPv4 first", async () => {
  expect((await systemResolve("localhost"))[0]).toBe("127.0.0.1");
});

test("a name is looked up once for all who ask, and again half a minute later", async () => {
  const clock = heldClock();
  let asked = 0;
  const resolve = rememberAddresses({ now: clock.now, resolve: async () => [`192.0.2.${++asked}`] });
  expect(await Promise.all([resolve("a.test"), resolve("a.test")])).toEqual([["192.0.2.1"], ["192.0.2.1"]]);
  clock.advance(29_999);
  expect(await resolve("a.test")).toEqual(["192.0.2.1"]);
  clock.advance(1);
  expect(await resolve("a.test")).toEqual(["192.0.2.2"]);
});

test("neither a failure nor an unknown name is remembered", async () => {
  const answers = [() => Promise.reject(new Error("no network")), async () => [], async () => ["192.0.2.1"]];
  const resolve = rememberAddresses({
    now: () => 0,
    resolve: async () => (answers.shift() ?? (async () => []))(),
  });
  await expect(resolve("a.test")).rejects.toThrow("no network");
  expect(await resolve("a.test")).toEqual([]);
  expect(await resolve("a.test")).toEqual(["192.0.2.1"]);
});

test("only so many names are remembered, the newest of them", async () => {
  let asked = 0;
  const resolve = rememberAddresses({ now: () => 0, resolve: async () => [`192.0.2.${++asked}`] });
  for (let i = 0; i < 2_001; i++) await resolve(`s${i}.test`);
  await resolve("s2000.test");
  expect(asked).toBe(2_001);
  await resolve("s0.test");
  expect(asked).toBe(2_002);
});
