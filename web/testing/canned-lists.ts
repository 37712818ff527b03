/** Canned pages of lists of people, of tags that are followed, and of what stands at the top of a page. */
import type { ListView } from "../../server/queries/view.ts";
import { LISTS, LISTS_WITH } from "../forms-lists.ts";
import { actorPage } from "../pages/actor.ts";
import { listPage, listPeoplePage, listSettingsPage, listsPage, listsWithPage } from "../pages/lists.ts";
import type { Canned } from "./canned.ts";
import { ada, longName, nameless, noor, relationship } from "./people.ts";
import { feedItems, plain } from "./posts.ts";

const list = (key: number, title: string, more: Partial<ListView> = {}): ListView => ({
  key,
  iri: `https://commons.example/objects/${key}`,
  title,
  replies: "list",
  isExclusive: false,
  ...more,
});

const colleagues = list(1, "Colleagues", { isExclusive: true, replies: "none" });
const lists = [
  colleagues,
  list(2, "Rechtschreibförderungsunterrichtsvorbereitungsgruppe"),
  list(3, "أصدقاء من المدرسة"),
  ...Array.from({ length: 37 }, (_, n) => list(n + 4, `Class ${n + 1}`)),
];
const items = feedItems.slice(0, 3);

export const listPages: Readonly<Record<string, Canned>> = {
  lists: {
    as: "member",
    path: LISTS.path,
    page: (c) => listsPage(c, { lists, tags: ["maths", "rechtschreibförderung", "مدرسة"] }),
  },
  "lists-empty": { as: "member", path: LISTS.path, page: (c) => listsPage(c, { lists: [], tags: [] }) },
  "lists-error": {
    as: "member",
    path: LISTS.path,
    page: (c) =>
      listsPage(c, {
        lists: lists.slice(0, 2),
        tags: [],
        form: {
          values: { [LISTS.fields.isExclusive]: "yes", [LISTS.fields.replies]: "none" },
          problem: { field: LISTS.fields.title, message: "Give the list a name." },
        },
      }),
  },
  list: {
    as: "member",
    path: `${LISTS.path}/1`,
    page: (c) => listPage(c, { list: colleagues, feed: { items, olderHref: "?before=1" } }),
  },
  "list-empty": {
    as: "member",
    path: `${LISTS.path}/3`,
    page: (c) => listPage(c, { list: lists[2] ?? colleagues, feed: { items: [], olderHref: null } }),
  },
  "list-people": {
    as: "member",
    path: `${LISTS.path}/1/people`,
    page: (c) =>
      listPeoplePage(c, { list: colleagues, people: [noor, longName, nameless], olderHref: "?before=1" }),
  },
  "list-people-error": {
    as: "member",
    path: `${LISTS.path}/2/people`,
    page: (c) =>
      listPeoplePage(c, {
        list: lists[1] ?? colleagues,
        people: [],
        olderHref: null,
        form: {
          values: { [LISTS.fields.handle]: "@nobody" },
          problem: { field: LISTS.fields.handle, message: "Nobody called @nobody was found." },
        },
      }),
  },
  "list-settings": {
    as: "member",
    path: `${LISTS.path}/1/settings`,
    page: (c) => listSettingsPage(c, { list: colleagues }),
  },
  "lists-with": {
    as: "member",
    path: LISTS_WITH.path,
    page: (c) =>
      listsWithPage(c, {
        person: longName,
        lists: lists.slice(0, 5),
        holding: new Set([1, 3]),
        relationship: relationship({
          following: "yes",
          remark: "Met at the conference in Graz.",
          tellsPosts: true,
        }),
        returnTo: "/",
      }),
  },
  "lists-with-stranger": {
    as: "member",
    path: LISTS_WITH.path,
    page: (c) =>
      listsWithPage(c, {
        person: noor,
        lists,
        holding: new Set(),
        relationship: relationship(),
        returnTo: "/",
      }),
  },
  "actor-pinned": {
    as: "member",
    path: "/@ada",
    page: (c) =>
      actorPage(c, {
        actor: ada,
        relationship: relationship({ isSelf: true, remark: "Water the plants." }),
        tab: "posts",
        tags: ["maths", "unterrichtsvorbereitung", "مدرسة"],
        pinned: [{ key: plain.key, object: plain, sharedBy: null }],
        feed: { items, olderHref: "?before=1" },
      }),
  },
};
