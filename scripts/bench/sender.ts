/** A process that signs activities beforehand and sends them to the inbox, as fast as they are taken or at a given pace. */
import { systemNow } from "../../server/lib/clock.ts";
import { importPrivatePem } from "../../server/signatures/keys.ts";
import type { Scheme } from "../../server/signatures/request.ts";
import { signRequest } from "../../server/signatures/sign.ts";
import { drive, requestBytes } from "./client.ts";
import { activityOf } from "./inbox.ts";
import { type Seeded, seededOf } from "./seed.ts";
import { FULL, newcomer, ORIGIN, QUICK, type Scale } from "./world.ts";

/** What is to be signed. */
export interface Order {
  readonly folder: string;
  readonly port: number;
  readonly isQuick: boolean;
  readonly scheme: Scheme;
  /** By people whom the server knows, or by one after the other whom it has never met. */
  readonly isNew: boolean;
  /** The first of the activities, and of the newcomers: nobody does the same twice. */
  readonly from: number;
  readonly count: number;
}

export interface Sent {
  readonly elapsedMs: number;
  readonly statuses: Readonly<Record<string, number>>;
}

export interface Sender {
  /** Sends everything, over `connections` at once; or so many a second. */
  send(how: { readonly connections: number } | { readonly perSecond: number }): Promise<Sent>;
  stop(): void;
}

type How = Parameters<Sender["send"]>[0];

/** Resolves once everything is signed. */
export async function startSender(order: Order): Promise<Sender> {
  let heard = Promise.withResolvers<Sent | null>();
  const child = Bun.spawn([process.execPath, import.meta.path, JSON.stringify(order)], {
    stdio: ["ignore", "inherit", "inherit"],
    ipc: (message: Sent | null) => heard.resolve(message),
  });
  await heard.promise;
  return {
    async send(how) {
      heard = Promise.withResolvers();
      child.send(how);
      return (await heard.promise) ?? { elapsedMs: 0, statuses: {} };
    },
    stop: () => child.kill(),
  };
}

interface Signed {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array<ArrayBuffer>;
}

/** Signing so many at once keeps every thread of the runtime busy. */
const AT_ONCE = 64;
const HOST = new URL(ORIGIN).host;

if (import.meta.main) {
  const order = JSON.parse(process.argv[2] ?? "") as Order;
  const letters = await signAll(order, await seededOf(order.folder), order.isQuick ? QUICK : FULL);
  process.on("message", async (how: How) => {
    process.send?.(
      "perSecond" in how ? await pace(order, letters, how.perSecond) : await flood(order, letters, how),
    );
  });
  process.send?.(null);
}

async function signAll(order: Order, seeded: Seeded, scale: Scale): Promise<readonly Signed[]> {
  const pems = order.isNew ? seeded.signers.slice(0, 1) : seeded.signers;
  const keys = await Promise.all(pems.map(({ keyId, privatePem }) => importPrivatePem(keyId, privatePem)));
  const letters: Signed[] = [];
  for (let from = 0; from < order.count; from += AT_ONCE) {
    const part = Array.from({ length: Math.min(AT_ONCE, order.count - from) }, async (_, i) => {
      const index = order.from + from + i;
      const known = keys[index % keys.length];
      if (!known) throw new Error("Nobody signs.");
      const stranger = order.isNew ? newcomer(index, seeded.sinkPort) : null;
      const key = stranger ? { ...known, id: `${stranger.iri}#main-key` } : known;
      const body = new TextEncoder().encode(JSON.stringify(activityOf(seeded, scale, index, stranger)));
      const headers = { "content-type": "application/activity+json" };
      const request = { method: "POST", url: `${ORIGIN}/inbox`, headers: new Headers(headers), body, key };
      const added = await signRequest({ ...request, scheme: order.scheme, nowMs: systemNow() });
      return { headers: { ...headers, ...added }, body };
    });
    letters.push(...(await Promise.all(part)));
  }
  return letters;
}

async function flood(order: Order, letters: readonly Signed[], { connections }: { connections: number }) {
  const prepared = letters.map((letter) =>
    requestBytes({ method: "POST", path: "/inbox", host: HOST, ...letter }),
  );
  let at = 0;
  const { elapsedMs, statuses } = await drive(
    { port: order.port },
    connections,
    () => prepared[at++] ?? null,
  );
  return { elapsedMs, statuses };
}

/** An open loop: whoever is not answered in time does not keep the next from being sent. */
async function pace(order: Order, letters: readonly Signed[], perSecond: number): Promise<Sent> {
  const statuses: Record<string, number> = {};
  const started = performance.now();
  const answers: Promise<void>[] = [];
  for (const [i, { headers, body }] of letters.entries()) {
    const waitMs = started + (i * 1000) / perSecond - performance.now();
    if (waitMs > 1) await Bun.sleep(waitMs);
    const request = { method: "POST", headers: { ...headers, host: HOST }, body };
    answers.push(
      fetch(`http://127.0.0.1:${order.port}/inbox`, request).then(async (answer) => {
        await answer.arrayBuffer();
        statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
      }),
    );
  }
  await Promise.all(answers);
  return { elapsedMs: performance.now() - started, statuses };
}
