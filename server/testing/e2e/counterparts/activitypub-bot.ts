/** A server on activitypub.bot, inside the test: one bot of each kind, and a record of every request to its inboxes. */
import { createServer, type IncomingMessage } from "node:http";
import type { BotContext, BotLike } from "@evanp/activitypub-bot";
import { freePort } from "../../../../scripts/postgres.ts";
import type { Document } from "../client.ts";
import { prepareBots } from "./bot-shims.ts";
import { type Arrived, createArrivals, schemeOf } from "./wire.ts";

export type BotLibrary = NonNullable<Awaited<ReturnType<typeof loadBots>>>;

export interface BotPeer {
  readonly origin: string;
  iri(name: string): string;
  /** What a bot can do. */
  as(name: string): BotContext;
  /** The first activity that was taken and that fits; waits until it is there. */
  taken(fits: (activity: Document) => boolean): Promise<Arrived>;
  /** Every request to an inbox, in order. */
  arrived(): readonly Arrived[];
  stop(): Promise<void>;
}

/** Null, with a word, where the package is not installed. */
export async function loadBots() {
  try {
    prepareBots();
    return await import("@evanp/activitypub-bot");
  } catch (error) {
    // @NOTE A missing package is no fault of what is tested.
    console.warn(`Skipped: tests with activitypub.bot. Install it with: bun install (${error})`);
    return null;
  }
}

/** `bots` makes them by name. */
export async function startBots(
  library: BotLibrary,
  bots: Readonly<Record<string, BotLike>>,
): Promise<BotPeer> {
  const port = await freePort();
  const origin = `http://localhost:${port}`;
  const app = await library.makeApp({
    databaseUrl: "sqlite::memory:",
    origin,
    bots,
    allowPrivateNetworkRequests: true,
    logLevel: "silent",
  });
  const arrivals = createArrivals<Arrived>();
  const server = createServer((request, response) => {
    response.once("finish", () => {
      const { rawBodyText } = request as IncomingMessage & { rawBodyText?: string };
      if (request.method !== "POST" || rawBodyText === undefined) return;
      const headers = new Headers(request.headers as Record<string, string>);
      arrivals.add({
        request: new Request(`${origin}${request.url}`, { method: "POST", headers, body: rawBodyText }),
        body: rawBodyText,
        scheme: schemeOf(headers),
        activity: JSON.parse(rawBodyText),
        status: response.statusCode,
      });
    });
    app(request, response);
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));

  return {
    origin,
    iri: (name) => `${origin}/user/${name}`,
    as(name) {
      const bot = bots[name];
      if (!bot) throw new Error(`There is no bot ${name}.`);
      return bot._context;
    },
    taken: (fits) => arrivals.first(({ status, activity }) => status === 202 && fits(activity)),
    arrived: () => arrivals.all,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await app.cleanup();
    },
  };
}
