/** Canned pages of groups: open and closed, for strangers, members and those who look after them. */
import type { NoticeView } from "../../server/queries/view.ts";
import type { GroupLine, GroupRecordLine, GroupView } from "../../server/queries/view-groups.ts";
import { groupAboutPage, groupPage } from "../pages/group.ts";
import { groupSettingsPage, newGroupPage } from "../pages/group-form.ts";
import { groupInvitePage, groupJoinPage } from "../pages/group-invite.ts";
import { groupPeoplePage } from "../pages/group-people.ts";
import { groupRecordPage } from "../pages/group-record.ts";
import { groupReportsPage } from "../pages/group-reports.ts";
import { groupsPage } from "../pages/groups.ts";
import { noticesPage } from "../pages/notices.ts";
import { objectPage } from "../pages/object.ts";
import type { Canned } from "./canned.ts";
import { groupReports } from "./canned-peace.ts";
import { biology, circle, closed, elsewhere, head, kept, standing } from "./groups.ts";
import { ada, ago, hostile, longName, nameless, noor, group as physics } from "./people.ts";
import { feedItems, plain } from "./posts.ts";

const items = feedItems.slice(0, 4).map((item) => ({ ...item, sharedBy: null }));
const none = { locked: new Set<number>(), pinned: new Set<number>(), removed: new Set<number>() };
const marks = {
  locked: new Set([items[1]?.object.key ?? 0]),
  pinned: new Set([items[0]?.object.key ?? 0]),
  removed: new Set([plain.key]),
};
const feed = { items, olderHref: "?before=1", newestHref: null };
const nothing = { items: [], olderHref: null, newestHref: null };

let noticeKey = 9_000;
const notice = (given: Partial<NoticeView> & Pick<NoticeView, "kind" | "actor">): NoticeView => ({
  key: noticeKey++,
  object: null,
  quoting: null,
  about: null,
  matter: 0,
  reaction: null,
  isFiltered: false,
  activityType: "Follow",
  isRead: true,
  timeMs: ago(60),
  ...given,
});

const line = (group: GroupView, more: Partial<GroupLine> = {}): GroupLine => ({
  actor: group.actor,
  access: group.access,
  joining: group.joining,
  members: group.members,
  waiting: 0,
  mine: group.mine,
  ...more,
});

const people = [
  { actor: ada, role: "owner" },
  { actor: noor, role: "moderator" },
  { actor: longName, role: "member" },
  { actor: nameless, role: "member" },
] as const;

const did = (deed: string, more: Partial<GroupRecordLine> = {}): GroupRecordLine => ({
  key: recordKey++,
  timeMs: ago(60),
  deed,
  by: ada,
  about: null,
  object: null,
  reason: null,
  ...more,
});
let recordKey = 7_000;

const record = (isTold: boolean): readonly GroupRecordLine[] =>
  [
    did("Block", { about: hostile, reason: "Sells things, and would not stop when asked." }),
    did("Delete", { about: noor, object: plain }),
    did("Add moderators", { about: longName }),
    did("Update"),
    did("Cook"),
  ].map((each) => (isTold ? each : { ...each, by: null }));

const answers = {
  displayName: biology.name,
  description: "Experiments with what grows in front of the school.",
  rules: circle.rules.join("\n"),
  access: "public",
  joining: "open",
  posting: "members",
  iconUrl: null,
  imageUrl: "/picture-140.svg",
};

export const groupPages: Readonly<Record<string, Canned>> = {
  groups: {
    as: "admin",
    path: "/groups",
    page: (c) =>
      groupsPage(c, {
        mine: [line(kept, { waiting: 2 }), line(elsewhere)],
        moreMineHref: "?mine=1",
        here: [line(closed, { mine: standing({ isInvited: true }) }), line(circle)],
        query: "",
        olderHref: "?before=1",
        mayCreate: true,
      }),
  },
  "groups-empty": {
    as: "visitor",
    path: "/groups",
    page: (c) =>
      groupsPage(c, {
        mine: null,
        moreMineHref: null,
        here: [],
        query: "",
        olderHref: null,
        mayCreate: false,
      }),
  },
  "groups-none-joined": {
    as: "member",
    path: "/groups",
    page: (c) =>
      groupsPage(c, {
        mine: [],
        moreMineHref: null,
        here: [line(circle)],
        query: "",
        olderHref: null,
        mayCreate: true,
      }),
  },
  "groups-found-nothing": {
    as: "member",
    path: "/groups?q=geo",
    page: (c) =>
      groupsPage(c, {
        mine: null,
        moreMineHref: null,
        here: [],
        query: "geo",
        olderHref: null,
        mayCreate: true,
      }),
  },
  group: {
    as: "member",
    path: biology.path,
    page: (c) => groupPage(c, { ...head(circle), order: "newest", feed, pinned: [], marks: none }),
  },
  "group-kept": {
    as: "member",
    path: biology.path,
    page: (c) => groupPage(c, { ...head(kept, 2), order: "newest", feed, pinned: items.slice(0, 1), marks }),
  },
  "group-elsewhere": {
    as: "member",
    path: physics.path,
    page: (c) =>
      groupPage(c, { ...head(elsewhere), order: "active", feed: nothing, pinned: [], marks: none }),
  },
  "group-closed": {
    as: "member",
    path: closed.actor.path,
    page: (c) => groupPage(c, { ...head(closed), order: "newest", feed: null, pinned: [], marks: none }),
  },
  "group-private": {
    as: "member",
    path: closed.actor.path,
    page: (c) =>
      groupPage(c, {
        ...head({ ...closed, mine: standing({ role: "moderator" }) }),
        order: "newest",
        feed: nothing,
        pinned: [],
        marks: none,
      }),
  },
  "group-visitor": {
    as: "visitor",
    path: biology.path,
    page: (c) =>
      groupPage(c, {
        ...head({ ...circle, mine: null }),
        relationship: null,
        order: "newest",
        feed,
        pinned: [],
        marks: none,
      }),
  },
  "group-hostile": {
    as: "member",
    path: hostile.path,
    page: (c) =>
      groupPage(c, {
        ...head({
          ...circle,
          actor: { ...hostile, type: "Group" },
          rules: [hostile.name],
          moderators: [hostile],
        }),
        order: "newest",
        feed: nothing,
        pinned: [],
        marks: none,
      }),
  },
  "group-post": {
    as: "member",
    path: plain.path,
    page: (c) =>
      objectPage(c, {
        view: { ...plain, group: biology },
        ancestors: [],
        replies: [],
        arrivals: null,
        inGroup: { group: biology.iri, mayKeep: true, marks, silence: null },
      }),
  },
  "group-post-locked": {
    as: "member",
    path: plain.path,
    page: (c) =>
      objectPage(c, {
        view: { ...plain, group: biology },
        ancestors: [],
        replies: [],
        arrivals: null,
        inGroup: { group: biology.iri, mayKeep: false, marks: none, silence: "locked" },
      }),
  },
  "group-notices": {
    as: "member",
    path: "/notices",
    page: (c) =>
      noticesPage(c, {
        notices: [
          notice({ kind: "follow-request", actor: longName, about: biology, isRead: false }),
          notice({ kind: "other", actor: biology, activityType: "Invite" }),
          notice({ kind: "other", actor: biology, activityType: "Add" }),
          notice({ kind: "follow-accepted", actor: biology }),
        ],
        olderHref: null,
      }),
  },
  "group-about": {
    as: "member",
    path: `${biology.path}/about`,
    page: (c) => groupAboutPage(c, head(circle)),
  },
  "group-members": {
    as: "member",
    path: `${biology.path}/members`,
    page: (c) => groupPeoplePage(c, { ...head(kept, 2), list: "members", people, olderHref: "?before=1" }),
  },
  "group-members-elsewhere": {
    as: "visitor",
    path: `${physics.path}/members`,
    page: (c) => groupPeoplePage(c, { ...head(elsewhere), list: "members", people: [], olderHref: null }),
  },
  "group-requests": {
    as: "member",
    path: `${biology.path}/requests`,
    page: (c) =>
      groupPeoplePage(c, { ...head(kept, 2), list: "requests", people: people.slice(2), olderHref: null }),
  },
  "group-banned": {
    as: "member",
    path: `${biology.path}/banned`,
    page: (c) => groupPeoplePage(c, { ...head(kept), list: "banned", people: [], olderHref: null }),
  },
  "group-record": {
    as: "member",
    path: `${biology.path}/record`,
    page: (c) => groupRecordPage(c, { ...head(kept), lines: record(true), marks, olderHref: null }),
  },
  "group-record-visitor": {
    as: "visitor",
    path: `${biology.path}/record`,
    page: (c) =>
      groupRecordPage(c, {
        ...head({ ...circle, mine: null }),
        lines: record(false),
        marks: none,
        olderHref: null,
      }),
  },
  "group-reports": {
    as: "member",
    path: `${biology.path}/reports`,
    page: (c) => groupReportsPage(c, { ...head(kept), reports: groupReports }),
  },
  "group-reports-empty": {
    as: "member",
    path: `${biology.path}/reports`,
    page: (c) => groupReportsPage(c, { ...head(kept), reports: [] }),
  },
  "group-invite": {
    as: "member",
    path: `${biology.path}/invite`,
    page: (c) =>
      groupInvitePage(c, {
        ...head(kept),
        links: [
          {
            key: 1,
            href: "https://commons.example/groups/join?code=abcdefghjkmn",
            usesLeft: 29,
            expiresMs: ago(-60 * 24 * 14),
            by: ada,
          },
        ],
        invited: people.slice(2),
        olderHref: `${biology.path}/invite?before=1`,
        form: {
          values: { handle: "nobody" },
          problem: { field: "handle", message: "Nobody called nobody was found." },
        },
      }),
  },
  "group-join": {
    as: "member",
    path: "/groups/join?code=x",
    page: (c) => groupJoinPage(c, { group: closed, code: "x", address: "@kollegium@commons.example" }),
  },
  "group-join-visitor": {
    as: "visitor",
    path: "/groups/join?code=x",
    page: (c) => groupJoinPage(c, { group: closed, code: "x", address: "@kollegium@commons.example" }),
  },
  "group-join-over": {
    as: "visitor",
    path: "/groups/join?code=x",
    page: (c) => groupJoinPage(c, { group: null, code: "x", address: "" }),
  },
  "group-new": { as: "member", path: "/groups/new", page: (c) => newGroupPage(c, {}) },
  "group-new-error": {
    as: "member",
    path: "/groups/new",
    page: (c) =>
      newGroupPage(c, {
        form: {
          values: { name: "bob", displayName: "Biologie", joining: "request" },
          problem: { field: "name", message: "A person or a group has this name already. Choose another." },
          hasLostFiles: true,
        },
      }),
  },
  "group-settings": {
    as: "member",
    path: `${biology.path}/settings`,
    page: (c) => groupSettingsPage(c, { ...head(kept, 2), answers }),
  },
};
