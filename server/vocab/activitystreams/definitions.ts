/** The types of ActivityStreams 2.0 and what they extend. */
import type { TypeDef } from "../../core/behaviour.ts";
import type { Kind } from "../../core/entity.ts";

const AS = "https://www.w3.org/ns/activitystreams#";

/** name → parent, in the order of AS2 Vocabulary §3. */
const ACTIVITIES: Readonly<Record<string, string>> = {
  IntransitiveActivity: "Activity",
  Accept: "Activity",
  TentativeAccept: "Accept",
  Add: "Activity",
  Arrive: "IntransitiveActivity",
  Create: "Activity",
  Delete: "Activity",
  Follow: "Activity",
  Ignore: "Activity",
  Join: "Activity",
  Leave: "Activity",
  Like: "Activity",
  Offer: "Activity",
  Invite: "Offer",
  Reject: "Activity",
  TentativeReject: "Reject",
  Remove: "Activity",
  Undo: "Activity",
  Update: "Activity",
  View: "Activity",
  Listen: "Activity",
  Read: "Activity",
  Move: "Activity",
  Travel: "IntransitiveActivity",
  Announce: "Activity",
  Block: "Ignore",
  Flag: "Activity",
  Dislike: "Activity",
};

const OBJECTS: Readonly<Record<string, string>> = {
  Article: "Object",
  Document: "Object",
  Audio: "Document",
  Image: "Document",
  Video: "Document",
  Page: "Document",
  Note: "Object",
  Event: "Object",
  Place: "Object",
  Profile: "Object",
  Relationship: "Object",
  Tombstone: "Object",
  Question: "Object",
  Link: "Object",
  Mention: "Link",
};

const ACTORS = ["Application", "Group", "Organization", "Person", "Service"] as const;

const COLLECTIONS: Readonly<Record<string, string>> = {
  OrderedCollection: "Collection",
  CollectionPage: "Collection",
  OrderedCollectionPage: "OrderedCollection",
};

const define = (kind: Kind, parents: Readonly<Record<string, string>>): Record<string, TypeDef> =>
  Object.fromEntries(
    Object.entries(parents).map(([name, parent]) => [name, { iri: `${AS}${name}`, kind, extends: parent }]),
  );

/** The activities that are lines of a home feed. */
const FEED = ["Create", "Announce"] as const;

/** What one does for oneself (AP §6.9 for Block). */
const NOBODY = ["Block", "Ignore", "Read", "View", "Listen"] as const;

/** Lists may be private, and a report goes where its author sends it. */
const NAMED = ["Add", "Remove", "Flag"] as const;

const activities = define("activity", ACTIVITIES);
const refine = (names: readonly string[], more: Partial<TypeDef>) => {
  for (const name of names) {
    const definition = activities[name];
    if (definition) activities[name] = { ...definition, ...more };
  }
};
refine(FEED, { feed: true });
refine(NOBODY, { reach: "nobody" });
refine(NAMED, { reach: "named" });
refine(["Flag"], { isConfidential: true });

export const types: Readonly<Record<string, TypeDef>> = {
  Object: {
    iri: `${AS}Object`,
    kind: "object",
    display: { title: "name", body: "content", facts: ["location"] },
  },
  Activity: { iri: `${AS}Activity`, kind: "activity" },
  ...activities,
  ...define("object", OBJECTS),
  Event: {
    iri: `${AS}Event`,
    kind: "object",
    extends: "Object",
    display: { title: "name", body: "content", facts: ["startTime", "endTime", "location"] },
  },
  ...Object.fromEntries(
    (["Audio", "Video"] as const).map((name) => [
      name,
      {
        iri: `${AS}${name}`,
        kind: "object" as const,
        extends: "Document",
        display: { title: "name", body: "content", facts: ["duration"] },
      },
    ]),
  ),
  ...Object.fromEntries(ACTORS.map((name) => [name, { iri: `${AS}${name}`, kind: "actor" as const }])),
  Collection: { iri: `${AS}Collection`, kind: "collection" },
  ...define("collection", COLLECTIONS),
};
