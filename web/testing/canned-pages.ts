/** Every page with canned props, by name: for the gallery, the render tests and the browser tests. */
import { actorPage } from "../pages/actor.ts";
import { bookmarksPage } from "../pages/bookmarks.ts";
import { homePage } from "../pages/home.ts";
import { landingPage } from "../pages/landing.ts";
import { noticesPage } from "../pages/notices.ts";
import { objectPage } from "../pages/object.ts";
import { peopleListPage, requestsPage } from "../pages/people-list.ts";
import { problemPage } from "../pages/problem.ts";
import { tagPage } from "../pages/tag.ts";
import { editPage, writePage } from "../pages/write.ts";
import type { Canned } from "./canned.ts";
import { adminPages } from "./canned-admin.ts";
import { doorPages } from "./canned-doors.ts";
import { federationPages } from "./canned-federation.ts";
import { groupPages } from "./canned-groups.ts";
import { listPages } from "./canned-lists.ts";
import { movingPages } from "./canned-moving.ts";
import { peacePages } from "./canned-peace.ts";
import { quotePages } from "./canned-quotes.ts";
import { searchPages } from "./canned-search.ts";
import { signInPages } from "./canned-sign-in.ts";
import { sitePages } from "./canned-site.ts";
import { threadPages } from "./canned-threads.ts";
import { ada, ago, group, hostile, hostileObject, longName, nameless, noor, relationship } from "./people.ts";
import {
  arabic,
  article,
  deleted,
  feedItems,
  fortyItems,
  notices,
  own,
  plain,
  recipe,
  reply,
  withFiles,
} from "./posts.ts";

const arrived = [
  { host: "madrasa.example", state: "arrived", tries: 1, lastError: null, timeMs: ago(11) },
  {
    host: "groups.example",
    state: "waiting",
    tries: 3,
    lastError: "No answer within 10 seconds.",
    timeMs: ago(3),
  },
  {
    host: "gone.example",
    state: "given-up",
    tries: 14,
    lastError: "The name leads nowhere.",
    timeMs: ago(60 * 24 * 14),
  },
] as const;

const thread = [
  {
    view: reply,
    replies: [
      {
        view: {
          ...plain,
          key: 9001,
          inReplyTo: { iri: reply.iri, key: reply.key, path: reply.path, author: nameless },
        },
        replies: [
          {
            view: {
              ...arabic,
              key: 9002,
              inReplyTo: { iri: plain.iri, key: plain.key, path: plain.path, author: ada },
            },
            replies: [],
          },
        ],
      },
    ],
  },
  { view: { ...arabic, key: 9003 }, replies: [] },
];

const people = [
  { actor: noor, relationship: relationship({ following: "yes", followedBy: true }) },
  { actor: longName, relationship: relationship({ following: "requested" }) },
  { actor: nameless, relationship: relationship() },
  { actor: group, relationship: relationship({ followedBy: true }) },
];

export const cannedPages: Readonly<Record<string, Canned>> = {
  home: { as: "member", page: (c) => homePage(c, { feed: { items: feedItems, olderHref: "/?before=1" } }) },
  "home-empty": { as: "member", page: (c) => homePage(c, { feed: { items: [], olderHref: null } }) },
  "home-forty": {
    as: "admin",
    flash: {
      kind: "good",
      text: "You no longer follow نور الهاشمي.",
      undo: { type: "Follow", object: noor.iri },
    },
    page: (c) => homePage(c, { feed: { items: fortyItems, olderHref: "/?before=1", newestHref: "/" } }),
  },
  "home-error": {
    as: "member",
    page: (c) =>
      homePage(c, {
        feed: { items: feedItems.slice(0, 1), olderHref: null },
        form: {
          values: { content: "x".repeat(200), summary: "Long" },
          problem: { field: "content", message: "A post holds 20 000 characters. Take some away." },
        },
      }),
  },
  landing: { as: "visitor", page: (c) => landingPage(c, { people: 37, recent: feedItems.slice(1, 4) }) },
  "landing-empty": {
    as: "visitor",
    site: { registration: "closed", description: "" },
    page: (c) => landingPage(c, { people: 0, recent: [] }),
  },
  profile: {
    as: "member",
    path: noor.path,
    page: (c) =>
      actorPage(c, {
        actor: noor,
        relationship: relationship({ followedBy: true }),
        tab: "posts",
        feed: { items: [feedItems[5], feedItems[2]].filter((i) => i !== undefined), olderHref: null },
      }),
  },
  "profile-own": {
    as: "member",
    path: ada.path,
    page: (c) =>
      actorPage(c, {
        actor: ada,
        relationship: relationship({ isSelf: true }),
        tab: "posts",
        feed: { items: [], olderHref: null },
      }),
  },
  "profile-long": {
    as: "member",
    path: longName.path,
    page: (c) =>
      actorPage(c, {
        actor: longName,
        relationship: relationship({ following: "requested", muting: true }),
        tab: "about",
        feed: null,
      }),
  },
  "profile-blocked": {
    as: "member",
    path: nameless.path,
    page: (c) =>
      actorPage(c, {
        actor: nameless,
        relationship: relationship({ blocking: true }),
        tab: "posts",
        feed: { items: [], olderHref: null },
      }),
  },
  "profile-visitor": {
    as: "visitor",
    path: ada.path,
    page: (c) =>
      actorPage(c, {
        actor: ada,
        relationship: null,
        tab: "posts",
        feed: { items: [feedItems[1], feedItems[7]].filter((i) => i !== undefined), olderHref: null },
      }),
  },
  followers: {
    as: "member",
    path: `${ada.path}/followers`,
    page: (c) => peopleListPage(c, { of: ada, which: "followers", people, olderHref: "?before=1" }),
  },
  "following-empty": {
    as: "visitor",
    path: `${noor.path}/following`,
    page: (c) => peopleListPage(c, { of: noor, which: "following", people: [], olderHref: null }),
  },
  post: {
    as: "member",
    path: own.path,
    page: (c) =>
      objectPage(c, {
        view: own,
        ancestors: [],
        replies: thread,
        arrivals: { list: arrived, all: 1_203, arrived: 1_200 },
      }),
  },
  "post-article": {
    as: "member",
    path: article.path,
    page: (c) => objectPage(c, { view: article, ancestors: [], replies: [], arrivals: null }),
  },
  "post-reply": {
    as: "visitor",
    path: reply.path,
    page: (c) => objectPage(c, { view: reply, ancestors: [own], replies: thread.slice(1), arrivals: null }),
  },
  "post-recipe": {
    as: "member",
    path: recipe.path,
    page: (c) =>
      objectPage(c, { view: recipe, ancestors: [], replies: [], arrivals: { list: [], all: 0, arrived: 0 } }),
  },
  "post-deleted": {
    as: "member",
    path: deleted.path,
    page: (c) => objectPage(c, { view: deleted, ancestors: [], replies: [], arrivals: null }),
  },
  write: { as: "member", path: "/write", page: (c) => writePage(c, { to: `@${noor.handle}` }) },
  "write-files": {
    as: "member",
    path: "/write",
    page: (c) =>
      writePage(c, {
        form: {
          values: { content: "Rotkohlindikator", "file-1-text": "Ein Rotkohl" },
          problem: {
            field: "file-1",
            message: "Pictures in the format HEIC cannot be read here. Send JPEG.",
          },
          hasLostFiles: true,
        },
      }),
  },
  "edit-files": {
    as: "member",
    path: `${withFiles.path}/edit`,
    page: (c) => editPage(c, { view: withFiles }),
  },
  edit: { as: "member", path: `${own.path}/edit`, page: (c) => editPage(c, { view: own }) },
  notices: {
    as: "member",
    path: "/notices",
    page: (c) => noticesPage(c, { notices, olderHref: "/notices?before=1" }),
  },
  "notices-empty": {
    as: "member",
    path: "/notices",
    page: (c) => noticesPage(c, { notices: [], olderHref: null }),
  },
  requests: {
    as: "admin",
    path: "/requests",
    page: (c) => requestsPage(c, { people: [longName, noor], olderHref: null }),
  },
  bookmarks: {
    as: "member",
    path: "/bookmarks",
    page: (c) => bookmarksPage(c, { feed: { items: feedItems.slice(1, 3), olderHref: null } }),
  },
  "bookmarks-empty": {
    as: "member",
    path: "/bookmarks",
    page: (c) => bookmarksPage(c, { feed: { items: [], olderHref: null } }),
  },
  "problem-not-found": { as: "visitor", path: "/x", page: (c) => problemPage(c, { code: "not-found" }) },
  "problem-too-many": {
    as: "member",
    path: "/x",
    page: (c) =>
      problemPage(c, {
        code: "too-many",
        message: "You posted 30 times in a minute.",
        retryAfterSeconds: 45,
      }),
  },
  "problem-late": { as: "visitor", path: "/x", page: (c) => problemPage(c, { code: "late" }) },
  "problem-bug": {
    as: "member",
    path: "/x",
    page: (c) => problemPage(c, { code: "bug", reference: "7f3a" }),
  },
  hostile: {
    as: "member",
    path: '/@mallory@evil.example"><script>',
    flash: { kind: "bad", text: "<script>alert(1)</script>", undo: { type: "<b>", object: "javascript:x" } },
    page: (c) =>
      objectPage(c, {
        view: hostileObject,
        ancestors: [hostileObject],
        replies: [{ view: hostileObject, replies: [] }],
        arrivals: null,
      }),
  },
  "hostile-profile": {
    as: "member",
    path: hostile.path,
    page: (c) =>
      actorPage(c, {
        actor: hostile,
        relationship: relationship(),
        tab: "posts",
        feed: {
          items: [{ key: 1, object: hostileObject, sharedBy: hostile }],
          olderHref: "javascript:alert(1)",
        },
      }),
  },
  tag: {
    as: "visitor",
    path: "/tags/physics",
    page: (c) =>
      tagPage(c, {
        name: "physics",
        iri: "https://commons.example/tags/physics",
        isFollowed: null,
        feed: { items: feedItems.slice(1, 2), olderHref: null },
      }),
  },
  "tag-empty": {
    as: "member",
    path: "/tags/Rechtschreibförderung",
    page: (c) =>
      tagPage(c, {
        name: "Rechtschreibförderungsunterrichtsvorbereitung",
        iri: "https://commons.example/tags/rechtschreibförderungsunterrichtsvorbereitung",
        isFollowed: false,
        feed: { items: [], olderHref: null },
      }),
  },
  ...doorPages,
  ...groupPages,
  ...peacePages,
  ...adminPages,
  ...listPages,
  ...movingPages,
  ...signInPages,
  ...federationPages,
  ...searchPages,
  ...sitePages,
  ...threadPages,
  ...quotePages,
};
