/** A server that sends too much is slowed alone. */
import { expect, test } from "bun:test";
import { heldClock } from "../lib/clock.ts";
import { createHostLimits, signingHost } from "./flood.ts";

const signed = (host: string) =>
  new Headers({ signature: `keyId="https://${host}/users/a#main-key",algorithm="rsa-sha256",signature="x"` });

test("a server that sends too much waits, and another on the same network does not", () => {
  const { now, advance } = heldClock();
  const limits = createHostLimits({ now, rate: { burst: 3, everyMs: 1000 } });
  for (let i = 0; i < 3; i++) expect(limits.take("evil.test", "192.0.2.1")).toBe(0);
  expect(limits.slowed(signed("evil.test"), "192.0.2.1")).toBe(0);
  expect(limits.take("evil.test", "192.0.2.1")).toBe(1);
  expect(limits.slowed(signed("evil.test"), "192.0.2.1")).toBe(1);
  expect(limits.slowed(signed("friend.test"), "192.0.2.1")).toBe(0);
  expect(limits.take("friend.test", "192.0.2.1")).toBe(0);
  advance(1000);
  expect(limits.slowed(signed("evil.test"), "192.0.2.1")).toBe(0);
  expect(limits.take("evil.test", "192.0.2.1")).toBe(0);
});

test("whoever names another server from elsewhere does not slow it", () => {
  const { now } = heldClock();
  const limits = createHostLimits({ now, rate: { burst: 1, everyMs: 1000 } });
  // Never verified, so never counted.
  for (let i = 0; i < 100; i++) expect(limits.slowed(signed("friend.test"), "203.0.113.9")).toBe(0);
  expect(limits.take("friend.test", "192.0.2.1")).toBe(0);
  expect(limits.take("friend.test", "192.0.2.1")).toBeGreaterThan(0);
  expect(limits.slowed(signed("friend.test"), "198.51.100.7")).toBe(0);
});

test("the server that a signature names is read in both schemes, and never from anything else", () => {
  const rfc9421 = new Headers({
    "signature-input": 'sig1=("@method");created=1;keyid="https://b.test/users/a#main-key"',
    signature: "sig1=:eA==:",
  });
  expect(signingHost(signed("B.test."))).toBe("b.test");
  expect(signingHost(rfc9421)).toBe("b.test");
  expect(signingHost(new Headers())).toBeNull();
  expect(signingHost(new Headers({ signature: `keyId="${"x".repeat(5000)}"` }))).toBeNull();
});
