/** What happened to somebody here, and how far they have read it. */
import { timeOfKey } from "../lib/id.ts";
import type { Page, PageRequest } from "../lib/page.ts";
import type { Db } from "../storage/db.ts";
import { fillPage } from "./fill.ts";
import * as store from "./store-notices.ts";
import type { NoticeView } from "./view.ts";
import type { Views } from "./views.ts";

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
  "other",
]);

const isKind = (kind: string): kind is NoticeView["kind"] => KINDS.has(kind);

export function createNotices(deps: { db: Db; views: Views }): Notices {
  const { db, views } = deps;
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
      const [actors, objects] = await Promise.all([
        views.actors(page.items.map(({ actor }) => actor)),
        views.objects(subjects, viewer, language),
      ]);
      return {
        ...page,
        items: page.items.flatMap(({ key, kind, actor: by, type, subject }): NoticeView[] => {
          const actor = actors.get(by);
          if (!actor) return [];
          return [
            {
              key,
              kind: isKind(kind) ? kind : "other",
              actor,
              object: objects.get(subject ?? 0) ?? null,
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
