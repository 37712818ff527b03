/** Measures the compiled server and prints a table: `bun scripts/bench/run.ts` (build first: `bun scripts/build.ts`).
 *
 *   --quick         tiny sizes: shows that everything runs; its figures mean nothing
 *   --federation    the figures of federation alone, in tables of their own
 *   --search        searching alone
 *   --apps          the figures of the API that apps speak, in tables of their own
 *   --live          the figures of streaming
 *   --keep FOLDER   keep the seeded data there and use it again; seeding a million posts takes minutes
 *
 * Machines differ, and so does the same machine from minute to minute. So every figure stands beside its floor,
 * measured in the same run and in turns with it: for reads a bare `Bun.serve` that reads as many prepared rows of the
 * same size from SQLite and writes them out; for deliveries and for the inbox what the machine can sign and verify
 * when it does nothing else; for writes its commits. The client is a process of its own (`load.ts`, prepared bytes over
 * connections that stay open); latencies are those of one connection, requests a second those of eight.
 */
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { printAppReads, printApps } from "./apps-table.ts";
import { bytesPerPost } from "./bytes.ts";
import { measureDeliveries } from "./deliveries.ts";
import { measureFederation } from "./federation.ts";
import { printFederation } from "./federation-table.ts";
import { measureInbox } from "./inbox.ts";
import { LIVE, measureLive, printLive, QUICK_LIVE } from "./live.ts";
import { type Machine, middleOf } from "./machine.ts";
import { measurePosting } from "./posting.ts";
import {
  ALONE,
  APP_READS,
  CROWD,
  measureReads,
  READS,
  type ReadName,
  type ReadPlan,
  type ReadResult,
  SEARCH_READS,
  TOGETHER,
} from "./reads.ts";
import { seededOf } from "./seed.ts";
import { serve } from "./server.ts";
import { type Loaded, printGrowth, printReport } from "./table.ts";
import { FULL, QUICK } from "./world.ts";

const { values: flags } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    federation: { type: "boolean", default: false },
    apps: { type: "boolean", default: false },
    search: { type: "boolean", default: false },
    live: { type: "boolean", default: false },
    keep: { type: "string" },
  },
});
const scale = flags.quick ? QUICK : FULL;

/** How long and how often everything is done. */
const PLAN = flags.quick
  ? { machineMs: 100, rounds: 1, durationMs: 100, activities: 200, posts: 4, flows: 2, sample: 300 }
  : { machineMs: 700, rounds: 5, durationMs: 800, activities: 12_000, posts: 24, flows: 4, sample: 20_000 };
const FEDERATION = { known: 6_000, fresh: 1_000, readMs: 20_000, perSecond: 200, hosts: 1_000, posts: 5 };
/** Fewer posts of each author than one person may write at once. */
const POSTING = { followers: 1_000, authors: 10, posts: 2_400, rounds: 4 };
const QUICK_POSTING = { followers: 10, authors: 2, posts: 8, rounds: 2 };
const QUICK_FEDERATION = { known: 60, fresh: 20, readMs: 500, perSecond: 200, hosts: 15, posts: 2 };
/** A server that has just started still compiles and fills its caches. */
const SETTLE_MS = flags.quick ? 100 : 5_000;
/** When its memory is looked at after all that was asked of it: what gives it back is in `server/cli/tidy.ts`. */
const AFTER_MS = flags.quick ? [100] : [5_000, 10_000, 60_000];

const program = resolve("dist/commons");
if (!existsSync(program)) {
  console.error("There is no dist/commons to measure. Build it first: bun scripts/build.ts --host");
  process.exit(1);
}
const folder = flags.keep ? resolve(flags.keep) : mkdtempSync(join(tmpdir(), "commons-bench-"));
mkdirSync(folder, { recursive: true });
try {
  await (flags.federation
    ? federation()
    : flags.apps
      ? apps()
      : flags.live
        ? live()
        : flags.search
          ? search()
          : measure());
} finally {
  if (!flags.keep) rmSync(folder, { recursive: true, force: true });
}

async function measure(): Promise<void> {
  say(`Measuring on ${cpus().length} × ${cpus()[0]?.model.trim()}, data in ${folder}`);
  const sizes = await bytesPerPost(folder, PLAN.sample, flags.quick);
  const reads = new Map<number, readonly ReadResult[]>();
  let loaded: Loaded | null = null;
  for (const [index, posts] of scale.posts.entries()) {
    const data = await seeded(posts, scale.posts[index - 1] ?? null);
    const isMain = index === 1;
    const plan: ReadPlan = {
      names: READS,
      rounds: PLAN.rounds,
      durationMs: PLAN.durationMs,
      connections: isMain ? [ALONE, TOGETHER] : [ALONE],
    };
    say(`Reading with ${posts.toLocaleString("en")} posts`);
    if (isMain) {
      loaded = await measureLoaded(data, plan);
      reads.set(posts, loaded.reads);
    } else {
      const server = await serve(data, program);
      try {
        reads.set(posts, await measureReads(server, await seededOf(data), scale, data, plan));
      } finally {
        await server.stop();
      }
    }
  }
  if (loaded) printReport({ sizes, reads, loaded, scale });
}

async function federation(): Promise<void> {
  say(`Measuring on ${cpus().length} × ${cpus()[0]?.model.trim()}, data in ${folder}`);
  const { remoteBytes } = await bytesPerPost(folder, PLAN.sample, flags.quick);
  const [small, middle] = scale.posts;
  await seeded(small, null);
  const data = await seeded(middle, small);
  const machines: Machine[] = [];
  const result = await measureFederation(
    { data, folder, program, isQuick: flags.quick },
    scale,
    flags.quick ? QUICK_FEDERATION : FEDERATION,
    async (part) => {
      say(part);
      machines.push(await machineNow());
    },
  );
  printFederation(result, { machine: middleOf(machines), remoteBytes, posts: middle });
}

async function live(): Promise<void> {
  say(`Measuring on ${cpus().length} × ${cpus()[0]?.model.trim()}, data in ${folder}`);
  printLive(await measureLive(folder, program, flags.quick ? QUICK_LIVE : LIVE));
}

async function apps(): Promise<void> {
  say(`Measuring on ${cpus().length} × ${cpus()[0]?.model.trim()}, data in ${folder}`);
  const reads = await readsOfApps([...APP_READS, ...SEARCH_READS]);
  say("Posting to many followers here");
  const machines: Machine[] = [];
  const posting = await measurePosting(
    { data: join(folder, `posts-${scale.posts[1]}`), folder, program },
    flags.quick ? QUICK_POSTING : POSTING,
    async () => void machines.push(await machineNow()),
  );
  printApps({ reads, posting, machine: middleOf(machines), scale });
}

async function search(): Promise<void> {
  say(`Measuring on ${cpus().length} × ${cpus()[0]?.model.trim()}, data in ${folder}`);
  const reads = await readsOfApps(SEARCH_READS);
  printAppReads(reads, scale);
  printGrowth(reads, scale);
}

async function readsOfApps(names: readonly ReadName[]): Promise<ReadonlyMap<number, readonly ReadResult[]>> {
  const reads = new Map<number, readonly ReadResult[]>();
  for (const [index, posts] of scale.posts.entries()) {
    const data = await seeded(posts, scale.posts[index - 1] ?? null);
    const plan: ReadPlan = {
      names,
      rounds: PLAN.rounds,
      durationMs: PLAN.durationMs,
      connections: index === 1 ? [ALONE, TOGETHER, CROWD] : [ALONE],
    };
    say(`Reading with ${posts.toLocaleString("en")} posts`);
    const server = await serve(data, program);
    try {
      reads.set(posts, await measureReads(server, await seededOf(data), scale, data, plan));
    } finally {
      await server.stop();
    }
  }
  return reads;
}

/** Everything that is measured with one server, on a copy, so that the world stays as it was seeded. */
async function measureLoaded(data: string, plan: ReadPlan): Promise<Loaded> {
  const copy = join(folder, "loaded");
  rmSync(copy, { recursive: true, force: true });
  cpSync(data, copy, { recursive: true });
  // Once before, so that the file of the program is read.
  await (await serve(copy, program)).stop();
  const server = await serve(copy, program);
  try {
    await Bun.sleep(SETTLE_MS);
    const idleBytes = server.residentBytes();
    const seeded = await seededOf(copy);
    const reads = await measureReads(server, seeded, scale, copy, plan);
    const rounds = PLAN.flows;
    say("Sending signed activities to the inbox");
    const duringInbox: Machine[] = [];
    const inbox = await measureInbox(
      server,
      copy,
      { activities: PLAN.activities, rounds, quick: flags.quick },
      async () => void duringInbox.push(await machineNow()),
    );
    say("Delivering to many hosts");
    const duringDeliveries: Machine[] = [];
    const deliveries = await measureDeliveries(
      server,
      copy,
      seeded,
      scale,
      { posts: PLAN.posts, rounds },
      async () => void duringDeliveries.push(await machineNow()),
    );
    const after = [];
    for (const [index, ms] of AFTER_MS.entries()) {
      await Bun.sleep(ms - (AFTER_MS[index - 1] ?? 0));
      after.push({ ms, bytes: server.residentBytes() });
    }
    return {
      reads,
      inbox,
      inboxFloor: middleOf(duringInbox),
      deliveries,
      deliveryFloor: middleOf(duringDeliveries),
      startMs: server.startMs,
      idleBytes,
      after,
    };
  } finally {
    await server.stop();
    rmSync(copy, { recursive: true, force: true });
  }
}

/** A data folder with so many posts: made from the next smaller one, or found from an earlier run. */
async function seeded(posts: number, smaller: number | null): Promise<string> {
  const data = join(folder, `posts-${posts}`);
  const known = existsSync(join(data, "bench.json")) ? await seededOf(data) : null;
  if (known?.posts === posts && known.isSearchable) return data;
  if (known?.posts !== posts) {
    rmSync(data, { recursive: true, force: true });
    if (smaller !== null) cpSync(join(folder, `posts-${smaller}`), data, { recursive: true });
  }
  say(`Seeding ${posts.toLocaleString("en")} posts`);
  await run(["scripts/bench/seed.ts", data, String(posts), ...(flags.quick ? ["--quick"] : [])]);
  return data;
}

async function machineNow(): Promise<Machine> {
  return JSON.parse(await run(["scripts/bench/machine.ts", String(PLAN.machineMs), folder]));
}

async function run(args: readonly string[]): Promise<string> {
  const child = Bun.spawn([process.execPath, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  const output = await new Response(child.stdout).text();
  if ((await child.exited) !== 0) throw new Error(`${args.join(" ")} failed.`);
  return output;
}

function say(what: string): void {
  console.error(`… ${what}`);
}
