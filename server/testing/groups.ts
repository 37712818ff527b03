/** Groups in apps of a test, and in servers that exist only as what they answer, as Lemmy and Mastodon write them. */
import { newActor } from "../core/actors.ts";
import { type AsObject, PUBLIC } from "../core/object.ts";
import type { Json, JsonObject } from "../lib/json.ts";
import { createProof } from "../signatures/proof.ts";
import type { TestApp } from "./app.ts";
import type { Fediverse } from "./fediverse.ts";
import { pooledKeyPair } from "./key-pairs.ts";
import { post } from "./letters.ts";
import type { Person } from "./people.ts";
import { type Stranger, type StrangerActor, stranger } from "./strangers.ts";

export interface Group {
  readonly key: number;
  readonly iri: string;
}

/** A group of the app that `owner` owns and is in. */
export async function groupOf(
  app: TestApp,
  name: string,
  owner: Person,
  properties: AsObject = {},
): Promise<Group> {
  const { db, addresses, keys } = app.opened;
  const moderators = `${addresses.actor(name)}/moderators`;
  const made = await newActor(
    { addresses, keys, now: app.clock.now, makeKeyPair: pooledKeyPair },
    { name, displayName: name, type: "Group", properties: { attributedTo: moderators, ...properties } },
  );
  await db.batch(made.statements);
  const { act } = app.federation.core;
  await act(made.key, { type: "Add", object: owner.iri, target: `${made.iri}/owners` });
  await act(owner.key, { type: "Follow", object: made.iri });
  return { key: made.key, iri: made.iri };
}

/** Addressed to a public group, as our pages do it. */
export const toGroup = (group: { iri: string }): AsObject => ({
  to: [group.iri, PUBLIC],
  audience: group.iri,
});
/** Addressed to a private group. */
export const toMembers = (group: { iri: string }): AsObject => ({ to: [group.iri], audience: group.iri });

const CONTEXT = ["https://join-lemmy.org/context.json", "https://www.w3.org/ns/activitystreams"];

/** A server of Lemmy's kind: communities, pages, comments and votes; no proofs, activities that are not to be had. */
export interface Lemmy {
  readonly there: Stranger;
  user(name: string): Promise<StrangerActor>;
  /** A community, and a way to let it announce things to an app. */
  community(name: string, moderators?: readonly StrangerActor[]): Promise<StrangerActor>;
  /** A page in the group, served at its address; gives the Create. */
  page(
    by: StrangerActor,
    group: string,
    name: string,
    more?: JsonObject,
  ): JsonObject & { object: JsonObject };
  comment(
    by: StrangerActor,
    group: string,
    inReplyTo: string,
    content: string,
  ): JsonObject & { object: JsonObject };
  /** Any other activity of Lemmy's, with an id. */
  does(by: StrangerActor, type: string, object: Json, more?: JsonObject): JsonObject;
  announce(community: StrangerActor, activity: Json): JsonObject;
  /** Sends it to the app's shared inbox, signed by whom it names as its actor. */
  send(app: TestApp, by: StrangerActor, activity: JsonObject): Promise<number>;
}

export function lemmy(all: Fediverse, host: string): Lemmy {
  const there = stranger(all, host);
  let count = 0;
  const audience = (group: string) => ({ to: [group, PUBLIC], audience: group });

  function create(by: StrangerActor, group: string, path: string, object: JsonObject) {
    const id = by.at(`/${path}/${++count}`);
    const made: JsonObject = {
      id,
      attributedTo: by.iri,
      ...audience(group),
      mediaType: "text/html",
      published: new Date(all.clock.now()).toISOString(),
      ...object,
    };
    there.put(`/${path}/${count}`, { body: { "@context": CONTEXT, ...made } });
    return {
      "@context": CONTEXT,
      id: by.at(`/activities/create/${count}`),
      type: "Create",
      actor: by.iri,
      to: [PUBLIC],
      cc: [group],
      audience: group,
      object: made,
    };
  }

  return {
    there,
    user: (name) => there.actor(name),
    community(name, moderators = []) {
      const iri = `${there.origin}/users/${name}`;
      there.put(`/users/${name}/moderators`, {
        body: {
          type: "OrderedCollection",
          id: `${iri}/moderators`,
          orderedItems: moderators.map((each) => each.iri),
        },
      });
      return there.actor(name, {
        type: "Group",
        attributedTo: `${iri}/moderators`,
        postingRestrictedToMods: false,
      });
    },
    page: (by, group, name, more = {}) =>
      create(by, group, "post", { type: "Page", name, content: `<p>${name}</p>`, ...more }),
    comment: (by, group, inReplyTo, content) =>
      create(by, group, "comment", { type: "Note", inReplyTo, content: `<p>${content}</p>` }),
    does: (by, type, object, more = {}) => ({
      "@context": CONTEXT,
      id: by.at(`/activities/${type.toLowerCase()}/${++count}`),
      type,
      actor: by.iri,
      object,
      ...more,
    }),
    announce: (community, activity) => ({
      "@context": CONTEXT,
      id: community.at(`/activities/announce/${++count}`),
      type: "Announce",
      actor: community.iri,
      to: [PUBLIC],
      cc: [community.followers],
      object: activity,
    }),
    send: async (app, by, activity) => (await post(app, { by, body: activity })).status,
  };
}

/** With a proof of its actor (FEP-8b32). */
export const proven = (all: Fediverse, by: StrangerActor, activity: JsonObject): Promise<JsonObject> =>
  createProof(activity, { key: by.ed25519, nowMs: all.clock.now() });
