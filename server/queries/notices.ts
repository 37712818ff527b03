/** What happened to somebody here, and how far they have read it. */
import { timeOfKey } from "../lib/id.ts";
import type { Page, PageRequest } from "../lib/page.ts";
import type { Db } from "../storage/db.ts";
import { fillPage } from "./fill.ts";
import type { SieveFor } from "./sifting.ts";
import { findRows } from "./store.ts";
import * as store from "./store-notices.ts";
import type { NoticeView } from "./view.ts";
import type { PartsByKey, Views } from "./views.ts";

/** Above this it is only "many": nobody counts on, and neither do we. */
export const MAX_UNREAD = 100;
const MARKER = "notices";

export interface Notices {
  /** Newest first. */
  page(viewer: number, page: PageRequest, language?: string): Promise<Page<NoticeView>>;
  /** Up to `MAX_UNREAD`. */
  unread(viewer: number): Promise<number>;
  /** Everything up to this notice is read. */
  markRead(viewer: number, upTo: number): Promise<void>;
}

const KINDS: ReadonlySet<string> = new Set<NoticeView["kind"]>([
  "follow",
  "follow-request",
  "follow-accepted",
  "mention",
  "reply",
  "like",
  "share",
  "poll",
  "moved",
  "quote",
  "quote-request",
  "reaction",
  "other",
]);

const isKind = (kind: string): kind is NoticeView["kind"] => KINDS.has(kind);

/** Conversations that somebody left by muting them; older ones are heard again. */
const MAX_MUTED_THREADS = 500;
/** How far up a notice is followed to see whether its conversation is muted. */
const MAX_STEPS_UP = 20;

export function createNotices(deps: { db: Db; views: Views; sieveFor: SieveFor }): Notices {
  const { db, views } = deps;

  /** Of these things those that answer, however far up, something in `muted`. */
  async function mutedAmong(
    parts: PartsByKey,
    muted: ReadonlySet<number>,
    viewer: number,
  ): Promise<ReadonlySet<number>> {
    const found = new Set<number>();
    let level = new Map([...parts].map(([key, made]) => [key, { at: key, parent: made.parentKey }]));
    for (let step = 0; step < MAX_STEPS_UP && level.size > 0 && muted.size > 0; step++) {
      for (const [key, { at }] of level) if (muted.has(at)) found.add(key);
      const wanted = [...level].flatMap(([key, { parent }]) =>
        found.has(key) || parent === null ? [] : [{ key, parent }],
      );
      const rows = await findRows(db, [...new Set(wanted.map(({ parent }) => parent))], viewer);
      const above = await views.parts(rows);
      level = new Map(
        wanted.flatMap(({ key, parent }) => {
          const made = above.get(parent);
          return made ? [[key, { at: parent, parent: made.parentKey }]] : [];
        }),
      );
    }
    return found;
  }

  return {
    async page(viewer, request, language) {
      const readUpTo = await store.findMarker(db, viewer, MARKER);
      const page = await fillPage(request, {
        read: (range) => store.findNotices(db, viewer, range),
        keep: async (rows) => rows.filter(({ shown }) => shown === 1),
        keyOf: ({ key }) => key,
      });
      const subjects = page.items.flatMap(({ subject, subject_kind }) =>
        subject !== null && subject_kind !== "actor" ? subject : [],
      );
      const abouts = page.items.flatMap(({ subject, subject_kind }) =>
        subject !== null && subject_kind === "actor" && subject !== viewer ? subject : [],
      );
      const [actors, rows] = await Promise.all([
        views.actors([...page.items.map(({ actor }) => actor), ...abouts]),
        findRows(db, subjects, viewer),
      ]);
      const parts = await views.parts(rows, language);
      const [{ objects }, sieve, threads] = await Promise.all([
        views.assemble(rows, parts, viewer),
        deps.sieveFor(viewer, "notices"),
        store.findMutedThreads(db, viewer, MAX_MUTED_THREADS),
      ]);
      const muted = await mutedAmong(parts, threads, viewer);
      return {
        ...page,
        items: page.items.flatMap(({ key, kind, actor: by, type, subject }): NoticeView[] => {
          const actor = actors.get(by);
          const made = parts.get(subject ?? 0);
          if (!actor || muted.has(subject ?? 0)) return [];
          if (made && sieve.isHidden(made, by === viewer ? by : null)) return [];
          const object = objects.get(subject ?? 0) ?? null;
          return [
            {
              key,
              kind: isKind(kind) ? kind : "other",
              actor,
              object: object && sieve.marked(object, made),
              about: abouts.includes(subject ?? 0) ? (actors.get(subject ?? 0) ?? null) : null,
              activityType: type ?? "Activity",
              isRead: key <= readUpTo,
              timeMs: timeOfKey(key),
            },
          ];
        }),
      };
    },
    async unread(viewer) {
      return store.countUnread(db, viewer, await store.findMarker(db, viewer, MARKER), MAX_UNREAD);
    },
    async markRead(viewer, upTo) {
      await db.batch([store.moveMarker(viewer, MARKER, upTo)]);
    },
  };
}
