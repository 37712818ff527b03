/** A small server on Fedify, inside the test: people who accept what they are asked, and a record of what came in. */
import type { Context, HttpMessageSignaturesSpec } from "@fedify/fedify";
import type { Activity, Actor, Note } from "@fedify/fedify/vocab";
import { freePort } from "../../../../scripts/postgres.ts";
import type { Document } from "../client.ts";
import type { Fedify } from "./fedify-library.ts";
import { createPeople, type NoteGiven } from "./fedify-people.ts";
import { type Arrived, createArrivals, schemeOf } from "./wire.ts";

export interface FedifyPeer {
  readonly origin: string;
  readonly context: Context<void>;
  /** The address of a person. Everybody asked for is there; `sealed…` are shown to signed requests alone. */
  iri(name: string): string;
  /** The first activity that Fedify took and that fits; waits until it is there. */
  taken(fits: (activity: Document) => boolean): Promise<Arrived>;
  actorAt(iri: string): Promise<Actor>;
  /** Sends to the actors of these addresses. Rejects where an inbox refuses. */
  send(name: string, to: readonly string[], activity: Activity): Promise<void>;
  /** A public note, served at its address from now on. */
  publish(name: string, given: NoteGiven): Note;
  /** From now on `name` passes on to `reader` what comes in, as it came (AP §7.1.2). */
  forward(name: string, reader: string): Promise<void>;
  followers(name: string): readonly string[];
  stop(): Promise<void>;
}

export async function startFedify(
  library: Fedify,
  options: { readonly firstKnock: HttpMessageSignaturesSpec },
): Promise<FedifyPeer> {
  const origin = `http://localhost:${await freePort()}`;
  const federation = library.createFederation<void>({
    kv: new library.MemoryKvStore(),
    origin,
    allowPrivateAddress: true,
    firstKnock: options.firstKnock,
  });
  const context = federation.createContext(new URL(origin), undefined);
  const people = createPeople(library);
  const arrivals = createArrivals<Arrived>();

  federation
    .setActorDispatcher("/people/{identifier}", people.actor)
    .setKeyPairsDispatcher((_, name) => people.keyPairs(name))
    .authorize(
      async (asked, name) => !name.startsWith("sealed") || (await asked.getSignedKeyOwner()) !== null,
    );
  federation.setFollowersDispatcher("/people/{identifier}/followers", (_, name) => ({
    items: [...people.followers(name).values()],
  }));
  federation.setObjectDispatcher(library.Note, "/notes/{number}", (_, { number }) => people.note(number));
  federation.setNodeInfoDispatcher("/nodeinfo/2.1", () => ({
    software: { name: "counterpart", version: "1.0.0" },
    protocols: ["activitypub"],
    usage: { users: {}, localPosts: 0, localComments: 0 },
  }));
  federation
    .setInboxListeners("/people/{identifier}/inbox", "/inbox")
    .on(library.Follow, async (inbox, follow) => {
      const asked = inbox.parseUri(follow.objectId);
      const follower = await follow.getActor(inbox);
      if (asked?.type !== "actor" || !follower?.id) return;
      people.followers(asked.identifier).set(follower.id.href, follower);
      await inbox.sendActivity(asked, follower, people.accept(inbox, asked.identifier, follow));
    })
    .on(library.Undo, async (inbox, undo) => {
      const undone = await undo.getObject(inbox);
      const asked = undone instanceof library.Follow ? inbox.parseUri(undone.objectId) : null;
      if (asked?.type === "actor") people.followers(asked.identifier).delete(undo.actorId?.href ?? "");
    })
    .on(library.Activity, async (inbox, activity) => {
      for (const [identifier, reader] of people.forwarding) {
        if (activity.actorId?.href === reader.id?.href) continue;
        await inbox.forwardActivity({ identifier }, reader, { skipIfUnsigned: false });
      }
    });

  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: new URL(origin).port,
    async fetch(request) {
      if (request.method !== "POST") return federation.fetch(request, { contextData: undefined });
      const kept = request.clone();
      const body = await request.clone().text();
      const { status } = await federation.fetch(request, { contextData: undefined });
      const activity = JSON.parse(body) as Document;
      arrivals.add({ request: kept, body, scheme: schemeOf(kept.headers), activity, status });
      return new Response(null, { status });
    },
  });

  async function actorAt(iri: string): Promise<Actor> {
    const found = await context.lookupObject(iri);
    if (found === null || !library.isActor(found)) throw new Error(`Fedify finds no actor at ${iri}.`);
    return found;
  }

  return {
    origin,
    context,
    actorAt,
    iri: (name) => context.getActorUri(name).href,
    taken: (fits) => arrivals.first(({ status, activity }) => status === 202 && fits(activity)),
    async send(name, to, activity) {
      await context.sendActivity({ identifier: name }, await Promise.all(to.map(actorAt)), activity);
    },
    publish: (name, given) => people.publish(context, name, given),
    async forward(name, reader) {
      people.forwarding.set(name, await actorAt(reader));
    },
    followers: (name) => [...people.followers(name).keys()],
    stop: () => server.stop(true),
  };
}
