/** Posts of people whom many here follow: how long an app waits for each. */
import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { loadConfig } from "../../server/config.ts";
import { LOCAL_HOST } from "../../server/core/entity.ts";
import * as write from "../../server/core/store-writes.ts";
import { systemNow } from "../../server/lib/clock.ts";
import { createLog } from "../../server/lib/log.ts";
import { open } from "../../server/open.ts";
import { type Driven, drive, requestBytes } from "./client.ts";
import { startFloor } from "./floor.ts";
import { follow } from "./people.ts";
import { type Side, sideOf } from "./reads.ts";
import { serve } from "./server.ts";
import { ORIGIN } from "./world.ts";

export interface PostingPlan {
  /** People here who follow each of those who are followed. */
  readonly followers: number;
  /** So many are followed, and as many are not; they post in turns, because nobody may post very often. */
  readonly authors: number;
  /** Of either; enough that the server has compiled what it does, as it has in the measurements of reads. */
  readonly posts: number;
  readonly rounds: number;
}

export interface PostingResult {
  readonly followers: number;
  /** A bare server that takes the same text, commits one row and answers as long. */
  readonly floor: Side;
  /** One after the other, by whom nobody follows, and by whom they all do. */
  readonly lonely: Side;
  readonly followed: Side;
}

type Who = "floor" | "lonely" | "followed";

/** On a copy of the world in `data`; `between` is measured before each round. */
export async function measurePosting(
  given: { readonly data: string; readonly folder: string; readonly program: string },
  plan: PostingPlan,
  between: () => Promise<void>,
): Promise<PostingResult> {
  const copy = join(given.folder, "posting");
  rmSync(copy, { recursive: true, force: true });
  cpSync(given.data, copy, { recursive: true });
  const { lonely, followed } = await movedIn(copy, plan);
  const floor = await startFloor(copy, []);
  const server = await serve(copy, given.program);
  const runs = new Map<Who, { latencies: number[]; elapsedMs: number }>();
  const posts = plan.posts / plan.rounds;
  const done = (who: Who, { latencies, elapsedMs }: Driven): void => {
    const run = runs.get(who) ?? { latencies: [], elapsedMs: 0 };
    run.latencies.push(...latencies);
    run.elapsedMs += elapsedMs;
    runs.set(who, run);
  };
  try {
    for (let round = 0; round < plan.rounds; round++) {
      await between();
      const last = await post(server.port, PATH, lonely, posts);
      done("lonely", last);
      done("followed", await post(server.port, PATH, followed, posts));
      done("floor", await post(floor.port, floor.postPath(last.bodyBytes), lonely, posts));
    }
  } finally {
    await server.stop();
    floor.stop();
    rmSync(copy, { recursive: true, force: true });
  }
  const side = (who: Who): Side => sideOf(runs.get(who) ?? { latencies: [], elapsedMs: 0 });
  return {
    followers: plan.followers,
    floor: side("floor"),
    lonely: side("lonely"),
    followed: side("followed"),
  };
}

/** People who post, half of them followed by so many here; gives their tokens. */
async function movedIn(folder: string, plan: PostingPlan) {
  const flags = { data_dir: folder, origin: ORIGIN, insecure_federation: "true" };
  const { config } = loadConfig({ flags, env: {}, cwd: folder });
  const log = createLog({ now: systemNow, level: "error", form: "text", write: console.error });
  const opened = await open(config, log, systemNow);
  const { db, accounts, addresses, keys, oauth } = opened;
  const residents = (name: string) =>
    Promise.all(
      Array.from({ length: plan.authors }, async (_, i) => {
        const account = await accounts.create({
          name: `${name}${i}`,
          role: "member",
          state: "active",
          password: null,
        });
        return {
          key: account.key,
          iri: addresses.actor(account.name),
          token: await oauth.tokens.create({ account, scope: "write" }),
        };
      }),
    );
  const [lonely, followed] = [await residents("lonely"), await residents("followed")];
  for (let i = 0; i < plan.followers; i++) {
    const name = `follower${i}`;
    const who = { key: keys.next(), iri: addresses.actor(name), host: LOCAL_HOST };
    await db.batch([
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
      ...followed.flatMap((whom) => follow(who, whom, keys.next())),
    ]);
  }
  await opened.stop();
  const tokens = (people: typeof lonely) => people.map(({ token }) => token);
  return { lonely: tokens(lonely), followed: tokens(followed) };
}

const PATH = "/api/v1/statuses";

async function post(port: number, path: string, tokens: readonly string[], posts: number): Promise<Driven> {
  let sent = 0;
  const result = await drive({ port }, 1, () =>
    sent === posts
      ? null
      : requestBytes({
          method: "POST",
          path,
          host: new URL(ORIGIN).host,
          headers: {
            "content-type": "application/json",
            authorization: `Bearer ${tokens[sent % tokens.length]}`,
          },
          body: new TextEncoder().encode(
            JSON.stringify({ status: `Number ${sent++} of many, and nothing else.` }),
          ),
        }),
  );
  if (result.statuses["200"] !== posts)
    throw new Error(`Posting was answered ${JSON.stringify(result.statuses)}.`);
  return result;
}
