/** What the people who run this server tell everybody here, until everybody has read it or it is over. */
import { holdServer } from "../core/store-writes.ts";
import type { Now } from "../lib/clock.ts";
import type { Keys } from "../lib/id.ts";
import { Problem } from "../lib/problem.ts";
import { expecting, type Sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";
import type { RecordSiteAct } from "./site-act.ts";
import * as store from "./store-announcements.ts";

/** One reads it between two lessons. */
export const MAX_ANNOUNCEMENT = 5_000;
/** More at a time are a newspaper. */
export const MAX_ANNOUNCEMENTS = 50;
/** Kinds of reactions to one. */
const MAX_KINDS = 8;

export interface NewAnnouncement {
  /** Markdown. */
  readonly text: string;
  readonly startsMs: number | null;
  readonly endsMs: number | null;
  readonly isAllDay: boolean;
}

export interface Announcement extends NewAnnouncement {
  readonly key: number;
  readonly publishedMs: number;
  readonly updatedMs: number;
}

export interface AnnouncementReaction {
  readonly emoji: string;
  readonly count: number;
  readonly isMine: boolean;
}

/** An announcement as it lies before one person. */
export interface AnnouncementFor extends Announcement {
  readonly isRead: boolean;
  /** In the order in which they were first given. */
  readonly reactions: readonly AnnouncementReaction[];
}

export interface Announcements {
  /** Those that are not over, the newest first. */
  for(actor: number, withRead: boolean): Promise<readonly AnnouncementFor[]>;
  /** All, the newest first: for the staff. */
  all(): Promise<readonly Announcement[]>;
  /** A new one, or another version of one. @throws Problem `invalid` at a field, `not-found`. */
  save(by: number, given: NewAnnouncement, key?: number): Promise<Announcement>;
  /** @throws Problem `not-found`. */
  remove(by: number, key: number): Promise<void>;
  /** @throws Problem `not-found`. */
  dismiss(actor: number, key: number): Promise<void>;
  /** @throws Problem `not-found`, `invalid` for what is no emoji, or one kind too many. */
  react(actor: number, key: number, emoji: string): Promise<void>;
  unreact(actor: number, key: number, emoji: string): Promise<void>;
}

export function createAnnouncements(deps: {
  db: Db;
  keys: Keys;
  now: Now;
  record: RecordSiteAct;
  /** One emoji as it is stored, or the shortcode of one of ours; null for anything else. */
  emojiOf: (given: string) => string | null;
  /** For those who are streaming: which announcement, and the emoji of a reaction. */
  tell: (
    name: "announcement" | "announcement-reaction" | "announcement-deleted",
    key: number,
    emoji?: string,
  ) => void;
}): Announcements {
  const { db, keys, now, record } = deps;

  async function required(key: number): Promise<Announcement> {
    const row = await store.findAnnouncement(db, key);
    if (row === null) throw notThere();
    return toAnnouncement(row);
  }

  function emojiIn(given: string): string {
    const emoji = deps.emojiOf(given);
    if (emoji !== null) return emoji;
    throw new Problem("invalid", "Validation failed: Name is not a recognized emoji", { field: "name" });
  }

  return {
    async for(actor, withRead) {
      const rows = await store.findCurrent(db, now(), MAX_ANNOUNCEMENTS);
      const keys = rows.map(({ key }) => key);
      const [read, reactions] = await Promise.all([
        store.findRead(db, actor, keys),
        store.findReactions(db, actor, keys),
      ]);
      const byKey = Map.groupBy(reactions, ({ announcement }) => announcement);
      return rows
        .filter(({ key }) => withRead || !read.has(key))
        .map((row) => ({
          ...toAnnouncement(row),
          isRead: read.has(row.key),
          reactions: (byKey.get(row.key) ?? []).map(({ emoji, many, mine }) => ({
            emoji,
            count: many,
            isMine: mine > 0,
          })),
        }));
    },
    all: async () => (await store.findAll(db, MAX_ANNOUNCEMENTS)).map(toAnnouncement),
    async save(by, given, key) {
      const wanted = checked(given);
      const before = key === undefined ? null : await required(key);
      if (wanted.endsMs !== null && wanted.endsMs <= now() && wanted.endsMs !== before?.endsMs)
        throw new Problem("invalid", "Choose a time to come.", { field: "ends" });
      const row = {
        key: key ?? keys.next(),
        text: wanted.text,
        starts: wanted.startsMs,
        ends: wanted.endsMs,
        all_day: wanted.isAllDay ? 1 : 0,
        published: before?.publishedMs ?? now(),
        updated: now(),
      };
      await db.batch([
        ...(before === null ? added(row) : [store.updateAnnouncement(row)]),
        record({ by, act: "announcement", subject: firstLine(row.text), detail: "saved" }),
      ]);
      deps.tell("announcement", row.key);
      return toAnnouncement(row);
    },
    async remove(by, key) {
      const { text } = await required(key);
      await db.batch([
        ...store.deleteAnnouncement(key),
        record({ by, act: "announcement", subject: firstLine(text), detail: "removed" }),
      ]);
      deps.tell("announcement-deleted", key);
    },
    async dismiss(actor, key) {
      await required(key);
      await db.batch([store.insertRead(key, actor)]);
    },
    async react(actor, key, given) {
      await required(key);
      const emoji = emojiIn(given);
      await db.batch([
        expecting(1, store.lockAnnouncement(key), notThere),
        store.insertReaction(key, emoji, actor),
        expecting(1, store.hasFewKinds(key, MAX_KINDS), tooManyKinds),
      ]);
      deps.tell("announcement-reaction", key, emoji);
    },
    async unreact(actor, key, given) {
      await required(key);
      const emoji = emojiIn(given);
      await db.batch([store.deleteReaction(key, emoji, actor)]);
      deps.tell("announcement-reaction", key, emoji);
    },
  };
}

const added = (row: store.AnnouncementRow): readonly Sql[] => [
  holdServer(),
  store.insertAnnouncement(row),
  expecting(
    1,
    store.isWithinAnnouncements(row.key, MAX_ANNOUNCEMENTS),
    () => new Problem("invalid", `There can be ${MAX_ANNOUNCEMENTS} announcements. Remove one first.`),
  ),
];

const notThere = (): Problem => new Problem("not-found", "There is no such announcement any more.");

const tooManyKinds = (): Problem =>
  new Problem("invalid", `Validation failed: Limit of ${MAX_KINDS} different reactions reached`);

const firstLine = (text: string): string => text.split("\n")[0]?.slice(0, 100) ?? "";

function checked(given: NewAnnouncement): NewAnnouncement {
  const text = given.text.replace(/\r\n?/g, "\n").trim();
  if (text === "") throw new Problem("invalid", "Write something first.", { field: "text" });
  if (text.length > MAX_ANNOUNCEMENT)
    throw new Problem("invalid", `Make it shorter: at most ${MAX_ANNOUNCEMENT} characters.`, {
      field: "text",
    });
  if (given.startsMs !== null && given.endsMs !== null && given.endsMs < given.startsMs)
    throw new Problem("invalid", "It cannot end before it begins.", { field: "ends" });
  return { ...given, text };
}

const toAnnouncement = (row: store.AnnouncementRow): Announcement => ({
  key: row.key,
  text: row.text,
  startsMs: row.starts,
  endsMs: row.ends,
  isAllDay: row.all_day === 1,
  publishedMs: row.published,
  updatedMs: row.updated,
});
