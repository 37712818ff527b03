/** Streaming: what an idle connection takes in memory, and how long it takes until the last of many has heard a post. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { loadConfig } from "../../server/config.ts";
import { systemNow } from "../../server/lib/clock.ts";
import { keyAt } from "../../server/lib/id.ts";
import { createLog } from "../../server/lib/log.ts";
import { open } from "../../server/open.ts";
import { generateKeyPair } from "../../server/signatures/keys.ts";
import { startListeners } from "./listeners.ts";
import { startLiveFloor } from "./live-floor.ts";
import { follow } from "./people.ts";
import { type Served, serve } from "./server.ts";
import { fixed, heading, table, whole } from "./table.ts";
import { ORIGIN } from "./world.ts";

export interface LivePlan {
  /** Connections that only wait, each of somebody who is signed in. */
  readonly idle: number;
  /** People who follow the author, each with one connection. */
  readonly people: number;
  readonly posts: number;
  /** Until what was opened has come to rest. */
  readonly settleMs: number;
}

export const LIVE: LivePlan = { idle: 10_000, people: 2_000, posts: 20, settleMs: 8_000 };
export const QUICK_LIVE: LivePlan = { idle: 60, people: 20, posts: 3, settleMs: 100 };

/** From sending a post, in milliseconds. */
interface Spread {
  readonly answered: readonly number[];
  readonly first: readonly number[];
  readonly last: readonly number[];
}

interface Side {
  readonly bytesEach: number;
  readonly spread: Spread;
}

interface LiveResult {
  readonly plan: LivePlan;
  readonly subject: Side;
  readonly floor: Side;
  readonly frameBytes: number;
}

interface People {
  readonly tokens: readonly string[];
  readonly author: string;
}

const AIMS = { bytesEach: 8_000, lastMs: 250 };

export async function measureLive(folder: string, program: string, plan: LivePlan): Promise<LiveResult> {
  const data = join(folder, "live");
  rmSync(data, { recursive: true, force: true });
  const people = await makePeople(data, plan.people);
  const listeners = startListeners();
  const pathOf = (token: string) => `/api/v1/streaming?stream=user&access_token=${token}`;
  const pathsOf = (count: number) =>
    Array.from({ length: count }, (_, i) => pathOf(people.tokens[i % people.tokens.length] ?? ""));
  const server = await serve(data, program);
  try {
    const bytesEach = await idle(listeners, server, server.port, pathsOf(plan.idle), plan);
    await listeners.open(server.port, pathsOf(plan.people));
    const { spread, bytes } = await posts(plan, listeners, () => post(server.port, people.author));
    await listeners.close();
    await server.stop();
    const floor = await measureFloor(listeners, plan, bytes);
    return { plan, subject: { bytesEach, spread }, floor, frameBytes: bytes };
  } finally {
    listeners.stop();
    await server.stop();
    rmSync(data, { recursive: true, force: true });
  }
}

/** Resident memory that each of them adds. The first few are opened before, so that what all share is there. */
async function idle(
  listeners: ReturnType<typeof startListeners>,
  server: Pick<Served, "residentBytes">,
  port: number,
  paths: readonly string[],
  plan: LivePlan,
): Promise<number> {
  const first = Math.ceil(paths.length / 50);
  await listeners.open(port, paths.slice(0, first));
  await Bun.sleep(plan.settleMs);
  const before = server.residentBytes();
  await listeners.open(port, paths.slice(first));
  await Bun.sleep(plan.settleMs);
  const bytesEach = (server.residentBytes() - before) / (paths.length - first);
  await listeners.close();
  await Bun.sleep(plan.settleMs);
  return bytesEach;
}

async function measureFloor(
  listeners: ReturnType<typeof startListeners>,
  plan: LivePlan,
  bytes: number,
): Promise<Side> {
  const floor = await startLiveFloor();
  try {
    const paths = (count: number) => Array.from({ length: count }, () => "/");
    const bytesEach = await idle(listeners, floor, floor.port, paths(plan.idle), plan);
    await listeners.open(floor.port, paths(plan.people));
    const { spread } = await posts(plan, listeners, async () => {
      await fetch(`http://127.0.0.1:${floor.port}/?bytes=${bytes}`);
    });
    await listeners.close();
    return { bytesEach, spread };
  } finally {
    floor.stop();
  }
}

async function posts(
  plan: LivePlan,
  listeners: ReturnType<typeof startListeners>,
  send: () => Promise<void>,
): Promise<{ spread: Spread; bytes: number }> {
  const spread = { answered: [] as number[], first: [] as number[], last: [] as number[] };
  let bytes = 0;
  for (let i = 0; i < plan.posts; i++) {
    const startedMs = performance.timeOrigin + performance.now();
    const heard = listeners.wait();
    await send();
    spread.answered.push(performance.timeOrigin + performance.now() - startedMs);
    const { firstMs, lastMs, bytes: size } = await heard;
    spread.first.push(firstMs - startedMs);
    spread.last.push(lastMs - startedMs);
    bytes = size;
  }
  return { spread, bytes };
}

async function post(port: number, token: string): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${port}/api/v1/statuses`, {
    method: "POST",
    headers: {
      host: new URL(ORIGIN).host,
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
    },
    body: JSON.stringify({ status: "What the hedgehog wrote about the third experiment. ".repeat(6) }),
  });
  if (response.status !== 200) throw new Error(`A post was answered with ${response.status}.`);
  await response.body?.cancel();
}

/** Accounts with one key pair for all of them: nobody else hears of these. */
async function makePeople(folder: string, count: number): Promise<People> {
  const { config } = loadConfig({
    flags: { data_dir: folder, origin: ORIGIN, insecure_federation: "true" },
    env: {},
    cwd: folder,
  });
  const log = createLog({ now: systemNow, level: "error", form: "text", write: console.error });
  const pair = await generateKeyPair("rsa");
  const opened = await open(config, log, systemNow, {
    makeKeyPair: async (kind) => (kind === "rsa" ? pair : generateKeyPair(kind)),
  });
  const { accounts, oauth, addresses, db } = opened;
  const resident = async (name: string) => {
    const account = await accounts.create({ name, role: "admin", state: "active", password: null });
    return {
      key: account.key,
      iri: addresses.actor(name),
      token: await oauth.tokens.create({ account, scope: "read write" }),
    };
  };
  const author = await resident("author");
  const tokens: string[] = [];
  const firstCause = keyAt(Date.UTC(2023, 4, 1));
  for (let i = 0; i < count; i++) {
    const { token, ...person } = await resident(`listener${i}`);
    await db.batch(follow({ ...person, host: 0 }, author, firstCause + i));
    tokens.push(token);
  }
  await opened.stop();
  return { tokens, author: author.token };
}

export function printLive({ plan, subject, floor, frameBytes }: LiveResult): void {
  const at = (all: readonly number[], share: number) =>
    all.toSorted((a, b) => a - b)[Math.min(all.length - 1, Math.floor(all.length * share))] ?? 0;
  heading("Streaming");
  table(
    ["", "here", "floor", "aim"],
    [
      [
        `bytes of memory for each of ${whole(plan.idle)} idle connections`,
        whole(subject.bytesEach),
        whole(floor.bytesEach),
        `under ${whole(AIMS.bytesEach)}`,
      ],
      ...(["answered", "first", "last"] as const).map((which) => [
        which === "answered"
          ? "a post, until it is answered (ms, p50 and p90)"
          : `  … until the ${which} of ${whole(plan.people)} has heard it`,
        `${fixed(at(subject.spread[which], 0.5), 1)}, ${fixed(at(subject.spread[which], 0.9), 1)}`,
        `${fixed(at(floor.spread[which], 0.5), 1)}, ${fixed(at(floor.spread[which], 0.9), 1)}`,
        which === "last" ? `under ${whole(AIMS.lastMs)}` : "",
      ]),
    ],
  );
  console.log(
    `One frame has ${whole(frameBytes)} bytes. The floor sends as much from memory to all who listen.`,
  );
}
