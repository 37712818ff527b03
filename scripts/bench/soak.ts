/** What two floods do to a reader: `bun scripts/bench/soak.ts FOLDER [--seconds 20] [--rounds 3] [--times 20] [--program PATH]`.
 *
 * FOLDER is a world that `run.ts --keep` has seeded (`posts-100000`); it is copied. One reader opens the home page twenty
 * times a second, in turns with and without 1 500 Deletes a minute of actors that nobody knows, from 670 servers, and
 * 1 300 fetches a minute of one post, its author and its replies from 430 addresses, as peers have met both. Then the same
 * flood many times faster, to see what memory does over hours. Build first: `bun scripts/build.ts --host`.
 */
import { cpSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { type Seeded, seededOf } from "./seed.ts";
import { type Served, serve } from "./server.ts";
import { FULL, ORIGIN, plannedPost } from "./world.ts";

const DELETES_A_MINUTE = 1_500;
const FETCHES_A_MINUTE = 1_300;
const SERVERS = 670;
const ADDRESSES = 430;
const READS_A_SECOND = 20;
/** A server that has just started still compiles and fills its caches. */
const SETTLE_MS = 5_000;
const HOST = new URL(ORIGIN).host;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: "string", default: "20" },
    rounds: { type: "string", default: "3" },
    times: { type: "string", default: "20" },
    program: { type: "string", default: "dist/commons" },
    /** Of the child that makes the flood: the port, and how much faster. */
    flood: { type: "string" },
  },
});
const [folder = ""] = positionals;
if (values.flood === undefined) await soak(resolve(folder));
else await flood(Number(values.flood), Number(values.times), await seededOf(folder));

async function soak(data: string): Promise<void> {
  const copy = `${data}-soak`;
  rmSync(copy, { recursive: true, force: true });
  cpSync(data, copy, { recursive: true });
  // The addresses of the flood are those that a proxy would tell.
  const server = await serve(copy, resolve(values.program), ["--trusted-proxies", "127.0.0.1"]);
  try {
    const seeded = await seededOf(copy);
    await read(server, seeded, SETTLE_MS);
    const during: Record<"quiet" | "flood", number[]> = { quiet: [], flood: [] };
    const startBytes = server.residentBytes();
    for (let round = 0; round < Number(values.rounds); round++) {
      during.quiet.push(...(await read(server, seeded, Number(values.seconds) * 1000)));
      const stop = startFlood(copy, server, 1);
      during.flood.push(...(await read(server, seeded, Number(values.seconds) * 1000)));
      await stop();
    }
    for (const [name, latencies] of Object.entries(during)) print(name, latencies);
    console.log(`resident memory: ${mb(startBytes)} before, ${mb(server.residentBytes())} after the rounds`);
    const times = Number(values.times);
    const stop = startFlood(copy, server, times);
    for (const minute of [1, 2, 3]) {
      const latencies = await read(server, seeded, Number(values.seconds) * 1000);
      print(`× ${times}, part ${minute}: ${mb(server.residentBytes())}`, latencies);
    }
    await stop();
  } finally {
    await server.stop();
    rmSync(copy, { recursive: true, force: true });
  }
}

/** Milliseconds of each page, asked for at a steady pace whatever the last one took. */
async function read(server: Served, { reader }: Seeded, forMs: number): Promise<readonly number[]> {
  const latencies: number[] = [];
  await paced(READS_A_SECOND, forMs, async () => {
    const started = performance.now();
    const answer = await fetch(`http://127.0.0.1:${server.port}/`, {
      headers: { host: HOST, accept: "text/html", cookie: reader.cookie },
    });
    await answer.arrayBuffer();
    if (answer.status !== 200) throw new Error(`The reader got ${answer.status}.`);
    latencies.push(performance.now() - started);
  });
  return latencies;
}

function startFlood(data: string, server: Served, times: number): () => Promise<void> {
  const args = [import.meta.path, data, "--flood", String(server.port), "--times", String(times)];
  const child = Bun.spawn([process.execPath, ...args], { stdio: ["ignore", "inherit", "inherit"] });
  return async () => {
    child.kill();
    await child.exited;
  };
}

/** Until it is killed. */
async function flood(port: number, times: number, seeded: Seeded): Promise<void> {
  const forever = Number.POSITIVE_INFINITY;
  const key = firstLocal();
  const paths = [`/objects/${key}`, new URL(seeded.author.iri).pathname, `/objects/${key}/replies`];
  const send = async (path: string, init: RequestInit, wanted: number) => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, init);
    await answer.arrayBuffer();
    if (answer.status !== wanted) throw new Error(`${path} answered ${answer.status}.`);
  };
  await Promise.all([
    paced((DELETES_A_MINUTE / 60) * times, forever, (i) =>
      send("/inbox", { method: "POST", headers: from(i, SERVERS), body: farewell(i) }, 202),
    ),
    paced((FETCHES_A_MINUTE / 60) * times, forever, (i) =>
      send(paths[i % paths.length] ?? "", { headers: from(i, ADDRESSES) }, 200),
    ),
  ]);
}

function from(i: number, many: number): Record<string, string> {
  const keyId = `https://gone-${i % SERVERS}.example/users/p${i}#main-key`;
  return {
    host: HOST,
    "x-forwarded-for": `198.18.${Math.floor((i % many) / 250)}.${(i % many) % 250}`,
    accept: "application/activity+json",
    "content-type": "application/activity+json",
    signature: `keyId="${keyId}",headers="(request-target) host date digest",signature="bm8="`,
  };
}

function farewell(i: number): string {
  const actor = `https://gone-${i % SERVERS}.example/users/p${i}`;
  return JSON.stringify({
    "@context": "https://www.w3.org/ns/activitystreams",
    id: `${actor}#delete`,
    type: "Delete",
    actor,
    object: actor,
    to: ["https://www.w3.org/ns/activitystreams#Public"],
    signature: { type: "RsaSignature2017", creator: `${actor}#main-key`, signatureValue: "x".repeat(344) },
  });
}

function firstLocal(): number {
  for (let i = 0; ; i++) {
    const post = plannedPost(FULL, i);
    if (post.isLocal) return post.key;
  }
}

/** Starts `work` so many times a second; what is late is caught up with. Resolves once everything has ended. */
async function paced(perSecond: number, forMs: number, work: (i: number) => Promise<void>): Promise<void> {
  const started = performance.now();
  const running = new Set<Promise<void>>();
  for (let i = 0; performance.now() - started < forMs; ) {
    const due = Math.floor(((performance.now() - started) / 1000) * perSecond);
    for (; i < due; i++) {
      const one = work(i).finally(() => running.delete(one));
      running.add(one);
    }
    await Bun.sleep(2);
  }
  await Promise.all(running);
}

function print(name: string, latencies: readonly number[]): void {
  const sorted = latencies.toSorted((a, b) => a - b);
  const at = (share: number) => (sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(1);
  console.log(
    `${name}: ${sorted.length} pages, median ${at(0.5)} ms, p95 ${at(0.95)} ms, p99 ${at(0.99)} ms`,
  );
}

function mb(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}
