/** Posts of somebody whom many people here follow: how long an app waits for each. */
import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { loadConfig } from "../../server/config.ts";
import { LOCAL_HOST } from "../../server/core/entity.ts";
import * as write from "../../server/core/store-writes.ts";
import { systemNow } from "../../server/lib/clock.ts";
import { createLog } from "../../server/lib/log.ts";
import { open } from "../../server/open.ts";
import { drive, requestBytes } from "./client.ts";
import { follow } from "./people.ts";
import { type Side, sideOf } from "./reads.ts";
import { type Served, serve } from "./server.ts";
import { ORIGIN } from "./world.ts";

export interface PostingPlan {
  /** People here who follow whoever posts. */
  readonly followers: number;
  readonly posts: number;
  readonly rounds: number;
}

export interface PostingResult {
  readonly followers: number;
  /** One after the other, by whom nobody follows, and by whom they all do. */
  readonly lonely: Side;
  readonly followed: Side;
}

/** On a copy of the world in `data`; `between` is measured before each round. */
export async function measurePosting(
  given: { readonly data: string; readonly folder: string; readonly program: string },
  plan: PostingPlan,
  between: () => Promise<void>,
): Promise<PostingResult> {
  const copy = join(given.folder, "posting");
  rmSync(copy, { recursive: true, force: true });
  cpSync(given.data, copy, { recursive: true });
  const [lonely, followed] = await movedIn(copy, plan.followers);
  const server = await serve(copy, given.program);
  const runs = { lonely: { latencies: [], elapsedMs: 0 }, followed: { latencies: [], elapsedMs: 0 } } as {
    [who in "lonely" | "followed"]: { latencies: number[]; elapsedMs: number };
  };
  try {
    for (let round = 0; round < plan.rounds; round++) {
      await between();
      for (const [who, token] of [
        ["lonely", lonely],
        ["followed", followed],
      ] as const) {
        const { latencies, elapsedMs } = await post(server, token, plan.posts / plan.rounds);
        runs[who].latencies.push(...latencies);
        runs[who].elapsedMs += elapsedMs;
      }
    }
  } finally {
    await server.stop();
    rmSync(copy, { recursive: true, force: true });
  }
  return { followers: plan.followers, lonely: sideOf(runs.lonely), followed: sideOf(runs.followed) };
}

/** Two new people, the second followed by so many here; gives a token of each. */
async function movedIn(folder: string, followers: number): Promise<readonly [string, string]> {
  const flags = { data_dir: folder, origin: ORIGIN, insecure_federation: "true" };
  const { config } = loadConfig({ flags, env: {}, cwd: folder });
  const log = createLog({ now: systemNow, level: "error", form: "text", write: console.error });
  const opened = await open(config, log, systemNow);
  const { db, accounts, addresses, keys, oauth } = opened;
  const resident = async (name: string) => {
    const account = await accounts.create({ name, role: "member", state: "active", password: null });
    return {
      key: account.key,
      iri: addresses.actor(name),
      token: await oauth.tokens.create({ account, scope: "write" }),
    };
  };
  const [lonely, followed] = [await resident("lonely"), await resident("followed")];
  const statements = Array.from({ length: followers }, (_, i) => {
    const name = `follower${i}`;
    const who = { key: keys.next(), iri: addresses.actor(name), host: LOCAL_HOST };
    return [
      write.insertObject({
        key: who.key,
        iri: who.iri,
        host: LOCAL_HOST,
        kind: "actor",
        type: "Person",
        owner: null,
        subject: null,
        visibility: "public",
        document: { id: who.iri, type: "Person", preferredUsername: name },
        updatedMs: null,
        fetchedMs: null,
      }),
      write.upsertActor(who.key, { handle: name, inbox: `${who.iri}/inbox`, sharedInbox: null }),
      ...follow(who, followed, keys.next()),
    ];
  });
  await db.batch(statements.flat());
  await opened.stop();
  return [lonely.token, followed.token];
}

async function post(server: Served, token: string, posts: number) {
  let sent = 0;
  const result = await drive({ port: server.port }, 1, () =>
    sent === posts
      ? null
      : requestBytes({
          method: "POST",
          path: "/api/v1/statuses",
          host: new URL(ORIGIN).host,
          headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
          body: new TextEncoder().encode(
            JSON.stringify({ status: `Number ${sent++} of many, and nothing else.` }),
          ),
        }),
  );
  if (result.statuses["200"] !== posts)
    throw new Error(`Posting was answered ${JSON.stringify(result.statuses)}.`);
  return result;
}
