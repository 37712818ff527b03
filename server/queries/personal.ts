/** What is one person's own: notices in groups, who sent them, conversations, and how far lists were read. */
import type { Now } from "../lib/clock.ts";
import { MAX_KEY } from "../lib/id.ts";
import type { Page, PageRequest } from "../lib/page.ts";
import { Problem } from "../lib/problem.ts";
import { findDismissed } from "../moderation/store-notice-policy.ts";
import type { Db } from "../storage/db.ts";
import { fillPage } from "./fill.ts";
import {
  createNoticeGroups,
  type GroupsAsked,
  type NoticeGroup,
  type NoticeGroups,
} from "./notice-groups.ts";
import { NOTICES_MARKER, type Notices, type NoticesAsked } from "./notices.ts";
import type { SieveFor } from "./sifting.ts";
import { findRows } from "./store.ts";
import { findMarker, findMarkers, type MarkerRow, putMarker } from "./store-notices.ts";
import * as store from "./store-talks.ts";
import type { ActorView, NoticeView, ObjectView } from "./view.ts";
import type { Views } from "./views.ts";

/** Notices that the policy keeps back and that are told by their senders, and how many of all are looked through for them. */
const KEPT_BACK = { limit: 1_000, among: 50_000 } as const;
/** Above this it is only "many". */
const MAX_SENDERS = 100;

/** Somebody whose notices the policy keeps back. */
export interface NoticeSender {
  readonly actor: ActorView;
  readonly count: number;
  /** Keys of their oldest and newest notice among those. */
  readonly oldest: number;
  readonly newest: number;
  /** What the newest is about. */
  readonly object: ObjectView | null;
}

/** A conversation of what is for those addressed alone. */
export interface TalkView {
  readonly key: number;
  readonly isUnread: boolean;
  /** Who else is in it; the viewer alone where nobody is. */
  readonly people: readonly ActorView[];
  /** What was said last, where the viewer may see it. */
  readonly last: ObjectView | null;
}

export interface PersonalReads {
  noticesAsked(viewer: number, page: PageRequest, asked: NoticesAsked): Promise<Page<NoticeView>>;
  /** These, as far as they are the viewer's and not undone, whatever the policy says. */
  noticesByKey(viewer: number, keys: readonly number[]): Promise<readonly NoticeView[]>;
  noticeGroups(viewer: number, page: PageRequest, asked: GroupsAsked): Promise<NoticeGroups>;
  /** One group by its id, or null. */
  noticeGroup(viewer: number, id: string): Promise<NoticeGroup | null>;
  /** Everybody in it, the newest first. */
  noticeGroupActors(viewer: number, id: string): Promise<readonly ActorView[]>;
  countNotices(viewer: number, asked: Pick<NoticesAsked, "kinds">): Promise<number>;
  /** Groups with something unread, `limit` at most. */
  countNoticeGroups(viewer: number, asked: GroupsAsked, limit: number): Promise<number>;
  dismissNotice(viewer: number, key: number): Promise<void>;
  /** All of one group are there no longer. */
  dismissNoticeGroup(viewer: number, id: string): Promise<void>;
  clearNotices(viewer: number): Promise<void>;
  /** The most recent first. */
  noticeSenders(viewer: number): Promise<readonly NoticeSender[]>;
  markers(viewer: number, names: readonly string[]): Promise<readonly MarkerRow[]>;
  /** @throws Problem `conflict` where it was moved at the same time. */
  putMarkers(viewer: number, positions: ReadonlyMap<string, number>): Promise<readonly MarkerRow[]>;
  /** By what was said last, the newest first; those of which nothing is left are left out. */
  talks(viewer: number, page: PageRequest): Promise<Page<TalkView>>;
  /** The conversation of this key, or that the thing of this key is part of; null where there is none. */
  talk(
    viewer: number,
    which: { readonly key: number } | { readonly object: number },
  ): Promise<TalkView | null>;
  /** @throws Problem `not-found`. */
  markTalk(viewer: number, key: number, isUnread: boolean): Promise<void>;
  dropTalk(viewer: number, key: number): Promise<void>;
}

export function createPersonal(
  deps: { db: Db; now: Now; notices: Notices; views: Views; sieveFor: SieveFor },
  language: string,
): PersonalReads {
  const { db, now, notices, views } = deps;
  const groups = createNoticeGroups({ notices, actors: views.actors });

  const lastLeftOf = (viewer: number, rows: readonly store.TalkRow[]) =>
    store.findLastLeft(
      db,
      viewer,
      rows.map(({ root }) => root),
    );

  async function talksOf(
    viewer: number,
    rows: readonly store.TalkRow[],
    lastLeft: ReadonlyMap<number, number>,
  ): Promise<readonly TalkView[]> {
    const people = await store.findTalking(
      db,
      rows.map(({ key }) => key),
    );
    const things = await findRows(db, [...lastLeft.values()], viewer);
    const parts = await views.parts(things, language);
    const [{ objects, actors }, sieve] = await Promise.all([
      views.assemble(things, parts, viewer, [viewer, ...[...people.values()].flat()]),
      deps.sieveFor(viewer, "notices"),
    ]);
    return rows.map(({ key, root, unread }) => {
      const others = (people.get(key) ?? []).flatMap((person) => actors.get(person) ?? []);
      const last = lastLeft.get(root) ?? 0;
      const view = objects.get(last) ?? null;
      return {
        key,
        isUnread: unread === 1,
        people: others.length > 0 ? others : [...[actors.get(viewer) ?? []].flat()],
        last: view && sieve.marked(view, parts.get(last)),
      };
    });
  }

  async function required(viewer: number, key: number): Promise<store.TalkRow> {
    const row = await store.findTalk(db, viewer, key);
    if (row === null) throw new Problem("not-found", "There is no such conversation.");
    return row;
  }

  return {
    noticesAsked: (viewer, page, asked) => notices.page(viewer, page, language, asked),
    noticesByKey: (viewer, keys) => notices.some(viewer, keys, language),
    noticeGroups: (viewer, page, asked) => groups.page(viewer, page, asked, language),
    noticeGroup: (viewer, id) => groups.one(viewer, id, { filtered: "with" }, language),
    async noticeGroupActors(viewer, id) {
      const rows = await groups.members(viewer, id, { filtered: "with" });
      const keys = [...new Set(rows.map(({ actor }) => actor))];
      const found = await views.actors(keys);
      return keys.flatMap((key) => found.get(key) ?? []);
    },
    countNotices: (viewer, asked) => notices.unread(viewer, asked),
    countNoticeGroups: async (viewer, asked, limit) =>
      groups.count(viewer, await findMarker(db, viewer, NOTICES_MARKER), limit, asked),
    dismissNotice: (viewer, key) => notices.dismiss(viewer, [key]),
    async dismissNoticeGroup(viewer, id) {
      for (;;) {
        const rows = await groups.members(viewer, id, { filtered: "with" });
        if (rows.length === 0) return;
        await notices.dismiss(
          viewer,
          rows.map(({ key }) => key),
        );
      }
    },
    clearNotices: (viewer) => notices.clear(viewer, MAX_KEY),
    async noticeSenders(viewer) {
      const kept = await notices.keptBack(viewer, KEPT_BACK);
      const bySender = Map.groupBy(kept, ({ actor }) => actor);
      const dismissed = await findDismissed(db, viewer, [...bySender.keys()]);
      const waiting = [...bySender]
        .map(([sender, rows]) => rows.filter(({ key }) => key > (dismissed.get(sender) ?? -1)))
        .filter((rows) => rows.length > 0)
        .slice(0, MAX_SENDERS);
      const heads = waiting.flatMap((rows) => rows[0] ?? []);
      const shown = new Map((await notices.show(viewer, heads, language)).map((view) => [view.key, view]));
      return waiting.flatMap((rows): NoticeSender[] => {
        const newest = rows[0]?.key ?? 0;
        const view = shown.get(newest);
        if (!view) return [];
        const oldest = rows.at(-1)?.key ?? newest;
        return [{ actor: view.actor, count: rows.length, oldest, newest, object: view.object }];
      });
    },
    markers: (viewer, names) => findMarkers(db, viewer, names),
    async putMarkers(viewer, positions) {
      const names = [...positions.keys()];
      const before = new Map((await findMarkers(db, viewer, names)).map((row) => [row.name, row.version]));
      const put = await db.batch(
        [...positions].map(([name, position]) =>
          putMarker(viewer, name, position, before.get(name) ?? null, now()),
        ),
      );
      if (put.some((rows) => rows.length === 0))
        throw new Problem("conflict", "Conflict during update, please try again");
      return findMarkers(db, viewer, names);
    },
    async talks(viewer, request) {
      const lastLeft = new Map<number, number>();
      const page = await fillPage(request, {
        read: (range) => store.findTalks(db, viewer, range),
        async keep(rows) {
          const found = await lastLeftOf(viewer, rows);
          for (const [root, last] of found) lastLeft.set(root, last);
          return rows.filter(({ root }) => found.has(root));
        },
        keyOf: ({ last }) => last,
      });
      return { ...page, items: await talksOf(viewer, page.items, lastLeft) };
    },
    async talk(viewer, which) {
      const row =
        "key" in which
          ? await store.findTalk(db, viewer, which.key)
          : await store.findTalkWith(db, viewer, which.object);
      if (row === null) return null;
      return (await talksOf(viewer, [row], await lastLeftOf(viewer, [row])))[0] ?? null;
    },
    async markTalk(viewer, key, isUnread) {
      await required(viewer, key);
      await db.batch([store.markTalk(viewer, key, isUnread)]);
    },
    async dropTalk(viewer, key) {
      await required(viewer, key);
      await db.batch([...store.dropTalk(viewer, key)]);
    },
  };
}
