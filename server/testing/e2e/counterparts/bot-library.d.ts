/** The part of `@evanp/activitypub-bot` (written in JavaScript) that the tests use. */
declare module "@evanp/activitypub-bot" {
  import type { RequestListener } from "node:http";

  /** A node of its ActivityStreams model; types are whole addresses. */
  export interface Thing {
    readonly id: string;
    readonly type: string;
  }

  /** What a bot can do. */
  export interface BotContext {
    getObject(iri: string): Promise<Thing>;
    sendNote(
      content: string,
      more: { readonly to: readonly string[]; readonly cc: readonly string[] },
    ): Promise<Thing>;
    updateNote(note: Thing, content: string): Promise<Thing>;
    deleteNote(note: Thing): Promise<Thing>;
    likeObject(object: Thing): Promise<Thing>;
    unlikeObject(object: Thing): Promise<Thing>;
    announceObject(object: Thing): Promise<Thing>;
    unannounceObject(object: Thing): Promise<Thing>;
    getFollowersId(): string;
  }

  export interface BotLike {
    readonly _context: BotContext;
  }
  type BotClass = new (username: string) => BotLike;
  export const DoNothingBot: BotClass;
  export const OKBot: BotClass;
  export const FollowBackBot: BotClass;
  export const GroupBot: BotClass;
  export const LitePubRelayServerBot: BotClass;
  export const MastodonRelayServerBot: BotClass;

  export function makeApp(options: {
    readonly databaseUrl: string;
    readonly origin: string;
    readonly bots: Readonly<Record<string, BotLike>>;
    readonly allowPrivateNetworkRequests: boolean;
    readonly logLevel: "silent";
  }): Promise<RequestListener & { cleanup(): Promise<void> }>;
}
