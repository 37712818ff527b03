/** Deliveries to many hosts: one process stands for all of them and takes everything; posts go out until enough went. */
import { drive, requestBytes } from "./client.ts";
import { localDraft } from "./documents.ts";
import { watch } from "./progress.ts";
import type { Seeded } from "./seed.ts";
import type { Served } from "./server.ts";
import { ORIGIN, plannedPost, type Scale } from "./world.ts";

export interface DeliveryResult {
  readonly hosts: number;
  readonly deliveries: number;
  /** Taken by the hosts, a second, from the first post on. */
  readonly perSecond: number;
}

/** Posts by the author, one after the other, each to every sink. `between` is measured before each round. */
export async function measureDeliveries(
  server: Served,
  folder: string,
  seeded: Seeded,
  scale: Scale,
  plan: { readonly posts: number; readonly rounds: number },
  between: () => Promise<void>,
): Promise<DeliveryResult> {
  const sinks = Bun.spawn([process.execPath, import.meta.path, String(seeded.sinkPort)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  for await (const _ of sinks.stdout) break; // They say when they are ready.
  const progress = watch(folder);
  const posts = plan.posts / plan.rounds;
  let elapsedMs = 0;
  for (let round = 0; round < plan.rounds; round++) {
    await between();
    const wanted = progress.arrived() + posts * scale.sinks;
    const started = performance.now();
    await post(server, seeded, scale, posts);
    await progress.until(() => progress.arrived() >= wanted);
    elapsedMs += performance.now() - started;
  }
  progress.close();
  sinks.kill();
  const deliveries = plan.posts * scale.sinks;
  return { hosts: scale.sinks, deliveries, perSecond: deliveries / (elapsedMs / 1000) };
}

/** So many posts of the author, one after the other, from the one with this number on. */
export async function post(
  server: Served,
  { author }: Seeded,
  scale: Scale,
  posts: number,
  from = 0,
): Promise<void> {
  let sent = 0;
  const { statuses } = await drive({ port: server.port }, 1, () => {
    if (sent === posts) return null;
    const draft = localDraft(author.iri, plannedPost(scale, from + sent++, "local"), {
      parentIri: null,
      parentAuthor: null,
    });
    return requestBytes({
      method: "POST",
      path: `/users/${author.name}/outbox`,
      host: new URL(ORIGIN).host,
      headers: { "content-type": "application/activity+json", authorization: `Bearer ${author.token}` },
      body: new TextEncoder().encode(JSON.stringify(draft)),
    });
  });
  if (statuses["201"] !== posts) throw new Error(`The outbox answered ${JSON.stringify(statuses)}.`);
}

if (import.meta.main) {
  Bun.serve({
    port: Number(process.argv[2]),
    hostname: "0.0.0.0",
    async fetch(request) {
      await request.arrayBuffer();
      return new Response(null, { status: 202 });
    },
  });
  console.log("ready");
}
