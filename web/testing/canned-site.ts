/** Pages of posts for later, announcements, emoji and trends with canned props. */
import { OPEN_POLICY } from "../../server/moderation/notice-policy.ts";
import type { Announcement } from "../../server/site/announcements.ts";
import type { CustomEmoji } from "../../server/site/emoji.ts";
import { PUBLISH_AT } from "../forms-site.ts";
import { adminAnnouncementsPage } from "../pages/admin/announcements.ts";
import { adminEmojiPage } from "../pages/admin/emoji.ts";
import { adminTrendsPage, type TrendLine } from "../pages/admin/trends.ts";
import { emojiPage } from "../pages/emoji.ts";
import { homePage } from "../pages/home.ts";
import { scheduledPage, type WaitingPost } from "../pages/scheduled.ts";
import { noticePolicyPage } from "../pages/settings/notice-policy.ts";
import type { Canned } from "./canned.ts";
import { ago, longName, noor } from "./people.ts";
import { plain } from "./posts.ts";

const DAY = 60 * 24;
const LONG = "Lehrerfortbildungsveranstaltungsankündigung";

const waiting = (key: number, more: Partial<WaitingPost>): WaitingPost => ({
  key,
  dueMs: ago(-DAY * key),
  text: "See you all on Monday in the library.\nBring your books.",
  summary: "",
  files: 0,
  failed: null,
  ...more,
});

const posts: readonly WaitingPost[] = [
  waiting(1, { files: 3 }),
  waiting(2, { text: "كتاب جديد في المكتبة", summary: LONG }),
  waiting(3, { failed: "This cannot be done: what it answers cannot be found." }),
];

const announcement = (key: number, more: Partial<Announcement>): Announcement => ({
  key,
  text: `**${LONG}**: the school is closed on Friday. [More](https://school.example/)`,
  startsMs: null,
  endsMs: ago(-DAY),
  isAllDay: false,
  publishedMs: ago(90),
  updatedMs: ago(90),
  ...more,
});

const announcements = [
  announcement(1, {}),
  announcement(2, { text: "أهلا وسهلا", endsMs: null }),
  announcement(3, { endsMs: ago(30) }),
];

const emoji: readonly CustomEmoji[] = Array.from({ length: 12 }, (_, i) => ({
  key: i + 1,
  shortcode: i === 3 ? "a_very_long_name_of_an_emoji_that_does_not_end" : `owl_${i}`,
  category: i % 3 === 0 ? "" : LONG,
  url: `/picture-${i * 30}.svg`,
  mediaType: "image/png",
  isOffered: i % 4 !== 0,
  changedMs: ago(5),
}));

const trend = (name: string, more: Partial<TrendLine> = {}): TrendLine => ({
  trend: { name, title: name, days: [{ dayMs: ago(60), uses: 5, people: 3 }] },
  label: name,
  href: "/tags/maths",
  isHidden: false,
  ...more,
});

const nothing = { tag: [], link: [], post: [] };
const wrong = {
  values: {},
  problem: { field: PUBLISH_AT, message: "Choose a time at least five minutes in the future." },
};

export const sitePages: Readonly<Record<string, Canned>> = {
  "settings-notices": {
    as: "member",
    path: "/settings/notices",
    page: (c) =>
      noticePolicyPage(c, {
        policy: { ...OPEN_POLICY, notFollowing: "filter" },
        senders: [
          { actor: noor, count: 3 },
          { actor: longName, count: 1 },
        ],
      }),
  },
  "settings-notices-empty": {
    as: "member",
    path: "/settings/notices",
    page: (c) => noticePolicyPage(c, { policy: OPEN_POLICY, senders: [] }),
  },
  scheduled: {
    as: "member",
    path: "/scheduled",
    page: (c) => scheduledPage(c, { posts, moreHref: "?after=1-1", form: wrong, wrong: 1 }),
  },
  "scheduled-empty": {
    as: "member",
    path: "/scheduled",
    page: (c) => scheduledPage(c, { posts: [], moreHref: null }),
  },
  "home-announcement": {
    as: "member",
    path: "/",
    page: (c) =>
      homePage(c, {
        feed: { items: [{ key: 1, object: plain, sharedBy: null }], olderHref: null },
        announcements: announcements.slice(0, 2),
        failedPosts: 2,
      }),
  },
  "admin-announcements": {
    as: "admin",
    path: "/admin/announcements",
    page: (c) => adminAnnouncementsPage(c, { announcements, edited: announcements[0] ?? null }),
  },
  "admin-announcements-empty": {
    as: "admin",
    path: "/admin/announcements",
    page: (c) => adminAnnouncementsPage(c, { announcements: [], edited: null }),
  },
  emoji: { as: "member", path: "/emoji", page: (c) => emojiPage(c, emoji) },
  "emoji-empty": { as: "member", path: "/emoji", page: (c) => emojiPage(c, []) },
  "admin-emoji": { as: "admin", path: "/admin/emoji", page: (c) => adminEmojiPage(c, { emoji }) },
  "admin-emoji-empty": { as: "admin", path: "/admin/emoji", page: (c) => adminEmojiPage(c, { emoji: [] }) },
  "admin-trends": {
    as: "admin",
    path: "/admin/trends",
    page: (c) =>
      adminTrendsPage(c, {
        ...nothing,
        tag: [trend("#maths"), trend(`#${LONG}`, { isHidden: true })],
        link: [trend("school.example/a/very/long/address/that/does/not/end/before/the/table/does?page=1")],
      }),
  },
};
