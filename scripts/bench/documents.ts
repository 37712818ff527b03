/** Documents as servers send them, with words that mean nothing, and no two alike. */
import { toIso } from "../../server/lib/clock.ts";
import { timeOfKey } from "../../server/lib/id.ts";
import type { JsonObject } from "../../server/lib/json.ts";
import { ORIGIN, type PlannedPost, type RemoteActor, random } from "./world.ts";

const PUBLIC = "https://www.w3.org/ns/activitystreams#Public";

const SYLLABLES =
  "an ber cor du el fa gri hon is jo ka lum mo ne or pra qui ros ta um ver wil xa yo zen".split(" ");

/** So many words of a language that does not exist. */
export function words(count: number, next: () => number): string {
  const made: string[] = [];
  for (let i = 0; i < count; i++) {
    let word = "";
    for (let syllables = 1 + Math.floor(next() * 3); syllables > 0; syllables--)
      word += SYLLABLES[Math.floor(next() * SYLLABLES.length)];
    made.push(word);
  }
  return made.join(" ");
}

/** An actor in the shape that most of the network has. */
export function remoteActorDocument(actor: RemoteActor, publicPem: string): JsonObject {
  const { iri, name, host } = actor;
  const origin = iri.slice(0, iri.indexOf("/users/"));
  const next = random(actor.index + 1);
  return {
    "@context": [
      "https://www.w3.org/ns/activitystreams",
      "https://w3id.org/security/v1",
      {
        toot: "http://joinmastodon.org/ns#",
        discoverable: "toot:discoverable",
        indexable: "toot:indexable",
        featured: { "@id": "toot:featured", "@type": "@id" },
      },
    ],
    id: iri,
    type: "Person",
    following: `${iri}/following`,
    followers: `${iri}/followers`,
    inbox: actor.inbox,
    outbox: `${iri}/outbox`,
    featured: `${iri}/collections/featured`,
    preferredUsername: name,
    name: words(2, next),
    summary: `<p>${words(20, next)}</p>`,
    url: `${origin}/@${name}`,
    manuallyApprovesFollowers: false,
    discoverable: true,
    indexable: true,
    published: "2023-05-01T00:00:00Z",
    publicKey: { id: `${iri}#main-key`, owner: iri, publicKeyPem: publicPem },
    tag: [],
    attachment: [{ type: "PropertyValue", name: "Pages", value: `<a href="https://${host}">${host}</a>` }],
    endpoints: { sharedInbox: actor.sharedInbox },
    icon: { type: "Image", mediaType: "image/jpeg", url: `${origin}/avatars/${name}.jpg` },
  };
}

/** What a post needs to know of others. */
export interface Around {
  /** The address of the post that it answers, or null, and of whoever wrote that. */
  readonly parentIri: string | null;
  readonly parentAuthor: string | null;
}

export const remotePostIri = (author: RemoteActor, post: PlannedPost): string =>
  `${author.iri}/statuses/${post.key}`;

/** A post of 1.5 to 2 kB and the Create around it, in the shape that most of the network has. */
export function remoteCreate(author: RemoteActor, post: PlannedPost, around: Around): JsonObject {
  const next = random(post.index + 101);
  const iri = remotePostIri(author, post);
  const content = `<p>${words(30 + Math.floor(next() * 30), next)} <a href="https://${author.host}/tags/${tagOf(post)}" class="mention hashtag" rel="tag">#<span>${tagOf(post)}</span></a></p>`;
  const published = toIso(post.publishedMs);
  const cc = [`${author.iri}/followers`, ...(around.parentAuthor === null ? [] : [around.parentAuthor])];
  const mention =
    around.parentAuthor === null
      ? []
      : [{ type: "Mention", href: around.parentAuthor, name: `@${around.parentAuthor.split("/").at(-1)}` }];
  return {
    "@context": [
      "https://www.w3.org/ns/activitystreams",
      {
        ostatus: "http://ostatus.org#",
        atomUri: "ostatus:atomUri",
        inReplyToAtomUri: "ostatus:inReplyToAtomUri",
        conversation: "ostatus:conversation",
        sensitive: "as:sensitive",
        toot: "http://joinmastodon.org/ns#",
        Hashtag: "as:Hashtag",
      },
    ],
    id: `${iri}/activity`,
    type: "Create",
    actor: author.iri,
    published,
    to: [PUBLIC],
    cc,
    object: {
      id: iri,
      type: "Note",
      summary: null,
      inReplyTo: around.parentIri,
      published,
      url: `https://${author.host}/@${author.name}/${post.key}`,
      attributedTo: author.iri,
      to: [PUBLIC],
      cc,
      sensitive: false,
      atomUri: iri,
      inReplyToAtomUri: around.parentIri,
      conversation: `tag:${author.host},2025-11-22:objectId=${post.key}:objectType=Conversation`,
      content,
      contentMap: { en: content },
      attachment: [],
      tag: [
        ...mention,
        {
          type: "Hashtag",
          href: `https://${author.host}/tags/${tagOf(post)}`,
          name: `#${tagOf(post)}`,
        },
      ],
      replies: {
        id: `${iri}/replies`,
        type: "Collection",
        first: {
          type: "CollectionPage",
          next: `${iri}/replies?only_other_accounts=true&page=true`,
          partOf: `${iri}/replies`,
          items: [],
        },
      },
      likes: { id: `${iri}/likes`, type: "Collection", totalItems: 0 },
      shares: { id: `${iri}/shares`, type: "Collection", totalItems: 0 },
    },
  };
}

/** One of some five hundred. */
export const tagOf = (post: PlannedPost): string => `tag${(post.index * 31) % 499}`;

/** What somebody here writes: the Create as a client would send it. */
export function localDraft(authorIri: string, post: PlannedPost, around: Around): JsonObject {
  const next = random(post.index + 101);
  const text = words(25 + Math.floor(next() * 25), next);
  const audience = {
    to: [PUBLIC],
    cc: [`${authorIri}/followers`, ...(around.parentAuthor === null ? [] : [around.parentAuthor])],
  };
  return {
    type: "Create",
    ...audience,
    object: {
      type: "Note",
      content: `<p>${text}</p>`,
      source: { content: text, mediaType: "text/markdown" },
      ...audience,
      ...(around.parentIri === null ? {} : { inReplyTo: around.parentIri }),
    },
  };
}

/** The same once it is published, under our own addresses. */
export function localCreate(authorIri: string, post: PlannedPost, around: Around): JsonObject {
  const published = toIso(post.publishedMs);
  const draft = localDraft(authorIri, post, around) as { object: JsonObject } & JsonObject;
  const { object, ...audience } = draft;
  return {
    ...audience,
    object: {
      ...object,
      id: `${ORIGIN}/objects/${post.key}`,
      attributedTo: authorIri,
      published,
    },
    id: `${ORIGIN}/activities/${post.activityKey}`,
    actor: authorIri,
    published,
  };
}

/** Like or Announce by somebody elsewhere. */
export function echo(
  type: "Like" | "Announce",
  by: RemoteActor,
  key: number,
  objectIri: string,
  owner: string,
): JsonObject {
  const audience = type === "Like" ? {} : { to: [PUBLIC], cc: [owner, `${by.iri}/followers`] };
  return {
    id: `${by.iri}/activities/${key}`,
    type,
    actor: by.iri,
    ...(type === "Announce" ? { published: toIso(Math.floor(timeOfKey(key) / 1000) * 1000) } : {}),
    ...audience,
    object: objectIri,
  };
}
