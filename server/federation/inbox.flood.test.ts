/** What the inbox says to a server that sends too much, and to everybody while the server is closed. */
import { expect, test } from "bun:test";
import { heldClock } from "../lib/clock.ts";
import { hostOf } from "../lib/url.ts";
import type { RequestParts } from "../signatures/request.ts";
import { createHostLimits } from "./flood.ts";
import { createInbox } from "./inbox.ts";

/** An inbox that believes every signature and takes two activities at once of each host. */
function inbox(mode = "open") {
  const clock = heldClock();
  const seen = { verified: 0 };
  const post = (host: string, network: string) => {
    const actor = `https://${host}/users/a`;
    const body = { id: `${actor}/${seen.verified}`, type: "Announce", actor, object: "https://a.test/1" };
    const parts: RequestParts = {
      method: "POST",
      url: "https://a.test/inbox",
      headers: new Headers({ signature: `keyId="${actor}#main-key",signature="eA=="` }),
      body: new TextEncoder().encode(JSON.stringify(body)),
    };
    return made.post(parts, null, network);
  };
  const made = createInbox({
    // Known already: whatever happens to new ones is none of this test.
    look: { find: async () => ({ document: {}, deletedMs: null }) },
    authenticate: {
      request: async ({ body }: RequestParts) => {
        seen.verified++;
        const { actor } = JSON.parse(new TextDecoder().decode(body)) as { actor: string };
        return {
          outcome: "actor",
          actorIri: actor,
          keyId: `${actor}#main-key`,
          scheme: "cavage",
          covered: [],
        };
      },
    },
    knocking: {},
    hosts: { heard: async () => undefined },
    hostOf,
    gate: { mode: () => mode, refusal: () => (mode === "closed" ? "This server is closed." : null) },
    limits: createHostLimits({ now: clock.now, rate: { burst: 2, everyMs: 1000 } }),
  } as unknown as Parameters<typeof createInbox>[0]); // Only what taking an activity calls.
  return { post, seen, clock };
}

test("a server that sends too much is told when to go on, costs no signature until then, and is alone in it", async () => {
  const { post, seen, clock } = inbox();
  const statuses = async (host: string, network: string, times: number) => {
    const all: number[] = [];
    for (let i = 0; i < times; i++) all.push((await post(host, network)).status);
    return all;
  };
  expect(await statuses("evil.test", "192.0.2.1", 5)).toEqual([202, 202, 429, 429, 429]);
  expect(seen).toEqual({ verified: 3 });
  expect(await post("evil.test", "192.0.2.1")).toMatchObject({ status: 429, retryAfterSeconds: 1 });
  expect(await statuses("friend.test", "192.0.2.1", 2)).toEqual([202, 202]);
  clock.advance(1000);
  expect(await statuses("evil.test", "192.0.2.1", 2)).toEqual([202, 429]);
});

test("while the server is closed nothing is verified, and the answer says why", async () => {
  const { post, seen } = inbox("closed");
  expect(await post("friend.test", "192.0.2.1")).toEqual({ status: 403, reason: "This server is closed." });
  expect(seen).toEqual({ verified: 0 });
});
