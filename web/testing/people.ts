/** Canned people and posts for the gallery and the page tests: long words, other scripts, hostile strings. */

import { MINUTE_MS } from "../../server/lib/durations.ts";
import type { ActorView, ObjectView, Relationship } from "../../server/queries/view.ts";

/** 22 November 2026, noon UTC: the moment at which all canned pages are shown. */
export const NOW_MS = 1_795_348_800_000;
export const ago = (minutes: number): number => NOW_MS - minutes * MINUTE_MS;

let lastKey = 1_000;

export function actorView(given: Partial<ActorView> & Pick<ActorView, "handle" | "name">): ActorView {
  const [user = "", host = null] = given.handle.split("@");
  const origin = `https://${host ?? "commons.example"}`;
  return {
    key: ++lastKey,
    iri: `${origin}/users/${user}`,
    type: "Person",
    emoji: [],
    summaryHtml: "",
    iconUrl: null,
    imageUrl: null,
    url: `${origin}/@${user}`,
    path: `/@${given.handle}`,
    isLocal: host === null,
    host,
    movedTo: null,
    approvesFollowers: false,
    isIndexable: false,
    isDiscoverable: true,
    fields: [],
    counts: { posts: 42, followers: 128, following: 73 },
    publishedMs: ago(60 * 24 * 400),
    ...given,
  };
}

export function objectView(given: Partial<ObjectView> = {}): ObjectView {
  const key = given.key ?? ++lastKey;
  const author = given.author === undefined ? ada : given.author;
  const isLocal = author?.isLocal ?? false;
  const origin = `https://${author?.host ?? "commons.example"}`;
  return {
    key,
    iri: `${origin}/objects/${key}`,
    type: "Note",
    typeLabel: "Note",
    ancestry: ["Note", "Object"],
    author,
    group: null,
    path: `${author?.path ?? "/unknown"}/${key}`,
    url: `${origin}/objects/${key}`,
    isLocal,
    isDeleted: false,
    visibility: "public",
    publishedMs: ago(25),
    updatedMs: null,
    name: null,
    summary: null,
    emoji: [],
    isSensitive: false,
    previewHtml: "",
    mentions: [],
    tags: [],
    hashtags: [],
    contentHtml: "<p>Hello from the staff room.</p>",
    isCut: false,
    language: "en",
    source: null,
    inReplyTo: null,
    attachments: [],
    facts: [],
    actions: [],
    poll: null,
    event: null,
    counts: { likes: 0, shares: 0, replies: 0, quotes: 0, quoteRequests: 0 },
    reactions: [],
    quote: null,
    quotePolicy: "everyone",
    mine: {
      isAuthor: false,
      hasLiked: false,
      hasShared: false,
      hasBookmarked: false,
      mayShare: true,
      mayQuote: true,
    },
    ...given,
  };
}

export const relationship = (given: Partial<Relationship> = {}): Relationship => ({
  isSelf: false,
  following: "no",
  followedBy: false,
  hasRequestedToFollow: false,
  blocking: false,
  blockedBy: false,
  muting: false,
  mutesNotices: false,
  muteEndsMs: null,
  showsShares: true,
  tellsPosts: false,
  languages: [],
  avoidsHost: false,
  isEndorsed: false,
  remark: "",
  ...given,
});

export const ada = actorView({
  handle: "ada",
  name: "Ada Okafor",
  summaryHtml: "<p>Physics and maths at Sunnyside School. I collect experiments that need no money.</p>",
  fields: [
    { name: "Subjects", valueHtml: "<p>Physics, mathematics</p>" },
    {
      name: "Website",
      valueHtml: '<p><a href="https://sunnyside.example/ada">sunnyside.example/ada</a></p>',
    },
  ],
});

export const noor = actorView({
  handle: "noor@madrasa.example",
  name: "نور الهاشمي",
  summaryHtml: "<p>معلمة كيمياء. أحب التجارب البسيطة والأسئلة الصعبة.</p>",
});

export const longName = actorView({
  handle: "donaudampfschifffahrtsgesellschaft@grundschullehrerinnenfortbildungszentrum.example",
  name: "Friederike Donaudampfschifffahrtsgesellschaftskapitänswitwenrentenantragsformular",
  approvesFollowers: true,
  summaryHtml:
    "<p>Sachunterricht, Rechtschreibförderung und Unterrichtsvorbereitungszeitersparnismaßnahmen an der Grundschule.</p>",
});

export const nameless = actorView({
  handle: "q7@tiny.example",
  name: "",
  counts: { posts: 1, followers: 0, following: 0 },
});

export const group = actorView({
  handle: "physics@groups.example",
  name: "Physics teachers",
  type: "Group",
  summaryHtml: "<p>Questions and answers about teaching physics.</p>",
});

const HOSTILE = `"><script>alert(1)</script><img src=x onerror=alert(1)>`;

/** Every string that a stranger chooses, chosen badly. */
export const hostile = actorView({
  handle: "mallory@evil.example",
  name: HOSTILE,
  url: "javascript:alert(1)",
  iconUrl: "javascript:alert(2)",
  fields: [{ name: HOSTILE, valueHtml: "<p>clean</p>" }],
});

export const hostileObject = objectView({
  author: hostile,
  name: HOSTILE,
  summary: HOSTILE,
  isSensitive: true,
  url: " java\nscript:alert(3)",
  path: "javascript:alert(4)",
  attachments: [
    {
      kind: "image",
      url: "javascript:alert(5)",
      mediaType: "image/png",
      name: HOSTILE,
      width: 10,
      height: 10,
    },
    {
      kind: "link",
      url: "data:text/html,<script>alert(6)</script>",
      mediaType: null,
      name: HOSTILE,
      width: null,
      height: null,
    },
  ],
  facts: [{ property: "x", label: HOSTILE, values: [HOSTILE] }],
  actions: [{ type: HOSTILE, label: HOSTILE, count: 1 }],
  inReplyTo: { iri: "vbscript:alert(7)", key: null, path: null, author: null },
});
