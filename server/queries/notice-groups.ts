/** Notices of one kind about one thing within half a day, as one line. */

import type { NoticeKind } from "../core/effects.ts";
import { HOUR_MS } from "../lib/durations.ts";
import { keyAt, timeOfKey } from "../lib/id.ts";
import type { PageRequest } from "../lib/page.ts";
import { NOTICE_KINDS, type Notices, type NoticesAsked } from "./notices.ts";
import type { NoticeRow } from "./store-notices.ts";
import type { ActorView, NoticeView } from "./view.ts";

/** What belongs together: whatever of a kind about a thing fell into the same half of a day (UTC). */
const BUCKET_MS = 12 * HOUR_MS;
/** Notices looked through for one page: whoever was liked ten thousand times is told "many". */
const MAX_LOOK_AHEAD = 1_000;
/** The same as long as nothing was found: what is older must not hide behind what everybody likes. */
const MAX_CROWD = 20_000;
const FIRST_LOOK = 120;
/** People who are named. */
const MAX_SAMPLE = 8;
const ALONE = "ungrouped";

export interface NoticeGroup {
  /** Stands for the group in addresses. */
  readonly id: string;
  readonly kind: NoticeView["kind"];
  readonly count: number;
  /** Key of the newest notice in it, and of the oldest and newest that are on this page. */
  readonly newest: number;
  readonly pageMin: number;
  readonly pageMax: number;
  readonly latestMs: number;
  /** The newest of those who did it. */
  readonly actors: readonly ActorView[];
  readonly notice: NoticeView;
}

export interface GroupsAsked extends NoticesAsked {
  /** Kinds of which notices are put together. */
  readonly together: readonly NoticeKind[];
}

interface Growing {
  readonly id: string;
  readonly rows: NoticeRow[];
  onPage: number;
}

export interface NoticeGroups {
  readonly items: readonly NoticeGroup[];
  readonly older: number | null;
  readonly newer: number | null;
}

const bucketOf = (key: number): number => Math.floor(timeOfKey(key) / BUCKET_MS);

export function createNoticeGroups(deps: {
  readonly notices: Notices;
  readonly actors: (keys: readonly number[]) => Promise<ReadonlyMap<number, ActorView>>;
}) {
  const { notices } = deps;

  const idOf = ({ key, kind, subject }: NoticeRow, together: readonly string[]): string =>
    together.includes(kind) ? `${kind}-${subject ?? 0}-${bucketOf(key)}` : `${ALONE}-${key}`;

  /** The rows of a stretch that are shown, in reads that grow, and how many were looked at so far. */
  async function* reads(
    viewer: number,
    { order = "DESC", ...range }: { before: number; after: number; order?: "ASC" | "DESC" },
    asked: NoticesAsked,
    first = MAX_LOOK_AHEAD,
  ) {
    let { before, after } = range;
    let scanned = 0;
    for (let take = first; ; take = Math.min(take * 2, MAX_LOOK_AHEAD)) {
      const part = await notices.stretch(viewer, { before, after, limit: take, order }, asked);
      const { kept, edge } = part;
      scanned += part.scanned;
      const isAtEnd = part.scanned < take || edge === null;
      yield { kept, scanned, edge, isAtEnd };
      if (isAtEnd) return;
      if (order === "ASC") after = edge;
      else before = edge;
    }
  }

  /** Groups that a page before this one has shown: they have a member from there on. */
  async function shownBefore(viewer: number, before: number, asked: GroupsAsked): Promise<Set<string>> {
    const end = keyAt((bucketOf(before) + 1) * BUCKET_MS);
    const found = new Set<string>();
    const range = { before: end, after: before - 1, order: "ASC" } as const;
    for await (const { kept, scanned } of reads(viewer, range, asked)) {
      for (const row of kept) found.add(idOf(row, asked.together));
      if (scanned >= MAX_CROWD) break;
    }
    return found;
  }

  /** Newest first; a group stands where its newest notice does. */
  async function page(
    viewer: number,
    request: PageRequest,
    asked: GroupsAsked,
    language?: string,
  ): Promise<NoticeGroups> {
    const isUpwards = request.from !== undefined;
    const { before = Number.MAX_SAFE_INTEGER } = request;
    const after = request.from ?? request.after ?? -1;
    const skipped =
      request.before === undefined ? new Set<string>() : await shownBefore(viewer, request.before, asked);
    const groups = new Map<string, Growing>();
    const range = { before, after, order: isUpwards ? "ASC" : "DESC" } as const;
    let isFull = false;
    /** Where the look ended before the list did. */
    let rest: number | null = null;
    for await (const part of reads(viewer, range, asked, FIRST_LOOK)) {
      rest = part.isAtEnd ? null : part.edge;
      for (const row of part.kept) {
        const id = idOf(row, asked.together);
        if (skipped.has(id)) continue;
        const known = groups.get(id);
        if (known) {
          known.rows.push(row);
          known.onPage++;
        } else if (groups.size < request.limit) groups.set(id, { id, rows: [row], onPage: 1 });
        else {
          isFull = true;
          break;
        }
      }
      if (isFull || part.scanned >= (groups.size === 0 ? MAX_CROWD : MAX_LOOK_AHEAD)) break;
    }
    const wanted = [...groups.values()];
    const lowest = Math.min(...wanted.flatMap(({ rows }) => rows.map(({ key }) => key)));
    if (wanted.some(({ id }) => !id.startsWith(ALONE))) await complete(viewer, groups, lowest, asked);
    const items = await shown(viewer, wanted, language);
    const last = items.at(-1)?.newest ?? null;
    return {
      items,
      older: isUpwards || isFull ? last : rest,
      newer: items[0]?.newest ?? null,
    };
  }

  /** How many groups, up to `limit`, have a notice after that key; no more than so many notices are looked at. */
  async function count(viewer: number, after: number, limit: number, asked: GroupsAsked): Promise<number> {
    const found = new Set<string>();
    const range = { before: Number.MAX_SAFE_INTEGER, after };
    for await (const { kept, scanned } of reads(viewer, range, asked, FIRST_LOOK)) {
      for (const row of kept) found.add(idOf(row, asked.together));
      if (found.size >= limit || scanned >= MAX_LOOK_AHEAD) break;
    }
    return Math.min(found.size, limit);
  }

  /** The members of these groups that lie below the page. */
  async function complete(
    viewer: number,
    groups: ReadonlyMap<string, Growing>,
    lowest: number,
    asked: GroupsAsked,
  ): Promise<void> {
    const start = keyAt(bucketOf(lowest) * BUCKET_MS);
    const range = { before: lowest, after: start - 1, limit: MAX_LOOK_AHEAD, order: "DESC" } as const;
    const { kept } = await notices.stretch(viewer, range, asked);
    const known = new Set([...groups.values()].flatMap(({ rows }) => rows.map(({ key }) => key)));
    for (const row of kept) if (!known.has(row.key)) groups.get(idOf(row, asked.together))?.rows.push(row);
  }

  async function shown(
    viewer: number,
    groups: readonly Growing[],
    language?: string,
  ): Promise<readonly NoticeGroup[]> {
    const sorted = groups.map((group) => ({
      ...group,
      page: group.rows.slice(0, group.onPage).map(({ key }) => key),
      rows: group.rows.toSorted((a, b) => b.key - a.key),
    }));
    const heads = sorted.flatMap(({ rows }) => rows[0] ?? []);
    const samples = sorted.flatMap(({ rows }) => sampleOf(rows));
    const [views, actors] = await Promise.all([
      notices.show(viewer, heads, language),
      deps.actors([...new Set(samples)]),
    ]);
    const byKey = new Map(views.map((view) => [view.key, view]));
    return sorted
      .flatMap(({ id, rows, page }): NoticeGroup[] => {
        const newest = rows[0]?.key ?? 0;
        const notice = byKey.get(newest);
        if (!notice) return [];
        const people = sampleOf(rows).flatMap((key) => actors.get(key) ?? []);
        return [
          {
            id,
            kind: notice.kind,
            count: rows.length,
            newest,
            pageMin: Math.min(...page),
            pageMax: Math.max(...page),
            latestMs: timeOfKey(newest),
            actors: people.length > 0 ? people : [notice.actor],
            notice,
          },
        ];
      })
      .sort((a, b) => b.newest - a.newest);
  }

  /** Notices of one group, newest first, as many as are looked at for a page; empty where there is none of that name. */
  async function members(viewer: number, id: string, asked: NoticesAsked): Promise<readonly NoticeRow[]> {
    const alone = /^ungrouped-(\d{1,16})$/.exec(id)?.[1];
    if (alone !== undefined) {
      const key = Number(alone);
      const range = { before: key + 1, after: key - 1, limit: 1, order: "DESC" } as const;
      return (await notices.stretch(viewer, range, asked)).kept;
    }
    const [, kind = "", subject = "", bucket = ""] = /^([a-z-]+)-(\d{1,16})-(\d{1,9})$/.exec(id) ?? [];
    const kinds = NOTICE_KINDS.filter((each) => each === kind);
    const before = keyAt((Number(bucket) + 1) * BUCKET_MS);
    const after = keyAt(Number(bucket) * BUCKET_MS) - 1;
    const found: NoticeRow[] = [];
    for await (const { kept, scanned } of reads(viewer, { before, after }, { ...asked, kinds })) {
      found.push(...kept.filter((row) => (row.subject ?? 0) === Number(subject)));
      if (found.length >= MAX_LOOK_AHEAD || scanned >= MAX_CROWD) break;
    }
    return found.slice(0, MAX_LOOK_AHEAD);
  }

  return {
    page,
    count,
    members,
    async one(
      viewer: number,
      id: string,
      asked: NoticesAsked,
      language?: string,
    ): Promise<NoticeGroup | null> {
      const rows = await members(viewer, id, asked);
      if (rows.length === 0) return null;
      const [group] = await shown(viewer, [{ id, rows: [...rows], onPage: rows.length }], language);
      return group ?? null;
    },
  };
}

function sampleOf(rows: readonly NoticeRow[]): readonly number[] {
  return [...new Set(rows.map(({ actor }) => actor))].slice(0, MAX_SAMPLE);
}
