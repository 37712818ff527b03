/** What happened to somebody here, and how far they have read it. */
import type { NoticeKind } from "../core/effects.ts";
import { type AsObject, id } from "../core/object.ts";
import { findByIris } from "../core/store.ts";

import type { Now } from "../lib/clock.ts";
import { keyAt, timeOfKey } from "../lib/id.ts";
import type { Page, PageRequest } from "../lib/page.ts";
import {
  NEW_ACCOUNT_MS,
  type NoticePolicy,
  OPEN_POLICY,
  type PolicyChoice,
} from "../moderation/notice-policy.ts";
import type { Db } from "../storage/db.ts";
import { reactionOf } from "../vocab/litepub/reaction.ts";
import { fillPage, type Range } from "./fill.ts";
import { parseStored } from "./object-parts.ts";
import type { Pictures } from "./pictures.ts";
import type { SieveFor, TasteOf } from "./sifting.ts";
import { findDocuments, findRows } from "./store.ts";
import * as store from "./store-notices.ts";
import type { NoticeView, ObjectView } from "./view.ts";
import type { PartsByKey, Views } from "./views.ts";

/** Above this it is only "many": nobody counts on, and neither do we. */
export const MAX_UNREAD = 100;
export const NOTICES_MARKER = "notices";

/** Which notices are asked for; all that the viewer wants to hear of where nothing is said. */
export interface NoticesAsked {
  readonly kinds?: readonly NoticeKind[];
  /** Only what this actor did. */
  readonly from?: number;
  /** What the policy keeps back is left out, or shown among the others. */
  readonly filtered?: "without" | "with";
}

export interface Notices {
  /** Newest first. */
  page(viewer: number, page: PageRequest, language?: string, asked?: NoticesAsked): Promise<Page<NoticeView>>;
  /** These, as far as they are the viewer's and not undone; also what the policy keeps back. */
  some(viewer: number, keys: readonly number[], language?: string): Promise<readonly NoticeView[]>;
  /** The newest rows that the policy keeps back, up to `limit`, among the newest so many of all. */
  keptBack(
    viewer: number,
    most: { readonly limit: number; readonly among: number },
  ): Promise<readonly store.NoticeRow[]>;
  /** Up to `MAX_UNREAD`, without what is left out for what it says. */
  unread(viewer: number, asked?: Pick<NoticesAsked, "kinds">): Promise<number>;
  /** Everything up to this notice is read. */
  markRead(viewer: number, upTo: number): Promise<void>;
  /** These are there no longer. */
  dismiss(viewer: number, keys: readonly number[]): Promise<void>;
  /** All up to this one. */
  clear(viewer: number, upTo: number): Promise<void>;
  /** The rows of a stretch that are shown, how many were read for it, and the key at which it ended. */
  stretch(
    viewer: number,
    range: Range,
    asked?: NoticesAsked,
  ): Promise<{
    readonly kept: readonly store.NoticeRow[];
    readonly scanned: number;
    readonly edge: number | null;
  }>;
  show(viewer: number, rows: readonly store.NoticeRow[], language?: string): Promise<readonly NoticeView[]>;
}

/** Every kind there is; a kind that this version does not know is shown as `other`. */
export const NOTICE_KINDS = [
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
  "post",
  "edit",
  "quoted-edit",
  "severed",
  "decision",
  "sign-up",
  "report",
  "other",
] as const satisfies readonly NoticeKind[];

const isKind = (kind: string): kind is NoticeKind => NOTICE_KINDS.some((each) => each === kind);

/** Conversations that somebody left by muting them; older ones are heard again. */
const MAX_MUTED_THREADS = 500;
/** How far up a notice is followed to see whether its conversation is muted. */
const MAX_STEPS_UP = 20;

const STRICTNESS: Readonly<Record<PolicyChoice, number>> = { accept: 0, filter: 1, drop: 2 };
const DROPPED = STRICTNESS.drop;

export function createNotices(deps: {
  db: Db;
  now: Now;
  views: Views;
  sieveFor: SieveFor;
  tasteOf?: TasteOf | undefined;
  pictures: Pictures;
}): Notices {
  const { db, now, views } = deps;

  async function policyOf(viewer: number): Promise<store.PolicyNumbers> {
    const policy: NoticePolicy = (await deps.tasteOf?.(viewer))?.policy ?? OPEN_POLICY;
    return {
      notFollowing: STRICTNESS[policy.notFollowing],
      notFollowers: STRICTNESS[policy.notFollowers],
      newAccounts: STRICTNESS[policy.newAccounts],
      privateMentions: STRICTNESS[policy.privateMentions],
      limitedAccounts: STRICTNESS[policy.limitedAccounts],
      newSince: keyAt(now() - NEW_ACCOUNT_MS),
    };
  }

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

  /** Of these rows those that are not left out for what they are about. */
  async function readable(viewer: number) {
    const [sieve, threads] = await Promise.all([
      deps.sieveFor(viewer, "notices"),
      store.findMutedThreads(db, viewer, MAX_MUTED_THREADS),
    ]);
    const keepsAll = !sieve.isHiding && threads.size === 0;
    async function keep(rows: readonly store.NoticeRow[]): Promise<readonly store.NoticeRow[]> {
      if (keepsAll || rows.length === 0) return rows;
      const things = await findRows(db, subjectsOf(rows), viewer);
      const parts = await views.parts(things);
      const muted = await mutedAmong(parts, threads, viewer);
      return rows.filter(({ subject, actor }) => {
        const made = parts.get(subject ?? 0);
        if (muted.has(subject ?? 0)) return false;
        return !made || !sieve.isHidden(made, actor === viewer ? actor : null);
      });
    }
    return { sieve, keep, keepsAll };
  }

  const isAsked =
    ({ from, filtered = "without" }: NoticesAsked) =>
    (row: store.NoticeRow): boolean =>
      row.shown === 1 &&
      row.policy < DROPPED &&
      (filtered === "with" || row.policy === 0) &&
      (from === undefined || row.actor === from);

  async function stretch(viewer: number, range: Range, asked: NoticesAsked = {}) {
    const [policy, { keep }] = await Promise.all([policyOf(viewer), readable(viewer)]);
    const rows = await store.findNotices(db, viewer, policy, range, asked.kinds ?? null);
    const kept = await keep(rows.filter(isAsked(asked)));
    return { kept, scanned: rows.length, edge: rows.at(-1)?.key ?? null };
  }

  async function show(
    viewer: number,
    rows: readonly store.NoticeRow[],
    sieve: Awaited<ReturnType<SieveFor>>,
    language?: string,
  ): Promise<readonly NoticeView[]> {
    const abouts = rows.flatMap(({ subject, subject_kind }) =>
      subject !== null && subject_kind === "actor" && subject !== viewer ? subject : [],
    );
    const read = rows.flatMap(({ kind, activity }) =>
      kind === "reaction" || kind === "quote" ? activity : [],
    );
    const documents = new Map((await findDocuments(db, read)).map((row) => [row.key, parseStored(row)]));
    const quotes = await quotesIn(documents);
    const [readUpTo, actors, things] = await Promise.all([
      store.findMarker(db, viewer, NOTICES_MARKER),
      views.actors([...rows.map(({ actor }) => actor), ...abouts]),
      findRows(db, [...new Set([...subjectsOf(rows), ...quotes.values()])], viewer),
    ]);
    const parts = await views.parts(things, language);
    const { objects } = await views.assemble(things, parts, viewer);
    const shown = (key: number | null | undefined): ObjectView | null => {
      const view = objects.get(key ?? 0) ?? null;
      return view && sieve.marked(view, parts.get(key ?? 0));
    };
    return rows.flatMap((row): NoticeView[] => {
      const { key, kind, subject } = row;
      const actor = actors.get(row.actor);
      if (!actor) return [];
      const document = documents.get(row.activity);
      const reaction = kind === "reaction" && document ? reactionOf(document) : null;
      return [
        {
          key,
          kind: isKind(kind) ? kind : "other",
          actor,
          object: shown(subject),
          quoting: kind === "quote" ? shown(quotes.get(row.activity)) : null,
          about: abouts.includes(subject ?? 0) ? (actors.get(subject ?? 0) ?? null) : null,
          matter: row.matter,
          reaction: reaction && {
            emoji: reaction.emoji,
            url: reaction.url && deps.pictures.shown(reaction.url, "emoji", null),
          },
          activityType: row.type ?? "Activity",
          isRead: key <= readUpTo,
          isFiltered: row.policy > 0,
          timeMs: timeOfKey(key),
        },
      ];
    });
  }

  /** The posts that QuoteRequests are made for (FEP-044f `instrument`), by the keys of these. */
  async function quotesIn(documents: ReadonlyMap<number, AsObject>): Promise<ReadonlyMap<number, number>> {
    const named = [...documents].flatMap(([key, document]) => {
      const iri = id(document, "instrument");
      return iri === null ? [] : [{ key, iri }];
    });
    const found = await findByIris(
      db,
      named.map(({ iri }) => iri),
    );
    return new Map(
      named.flatMap(({ key, iri }) => {
        const quote = found.get(iri);
        return quote ? [[key, quote.key] as const] : [];
      }),
    );
  }

  return {
    stretch,
    async keptBack(viewer, most) {
      const [policy, { keep }] = await Promise.all([policyOf(viewer), readable(viewer)]);
      return keep(await store.findKeptBack(db, viewer, policy, most));
    },
    async show(viewer, rows, language) {
      return show(viewer, rows, (await readable(viewer)).sieve, language);
    },
    async page(viewer, request, language, asked = {}) {
      const [policy, { keep, sieve }] = await Promise.all([policyOf(viewer), readable(viewer)]);
      const page = await fillPage(request, {
        read: (range) => store.findNotices(db, viewer, policy, range, asked.kinds ?? null),
        keep: async (found) => keep(found.filter(isAsked(asked))),
        keyOf: ({ key }) => key,
      });
      return { ...page, items: await show(viewer, page.items, sieve, language) };
    },
    async some(viewer, keys, language) {
      const found = await store.findNoticesByKeys(db, viewer, await policyOf(viewer), keys);
      const { sieve } = await readable(viewer);
      return show(viewer, found.filter(isAsked({ filtered: "with" })), sieve, language);
    },
    async unread(viewer, { kinds } = {}) {
      const [readUpTo, policy, { keep, keepsAll }] = await Promise.all([
        store.findMarker(db, viewer, NOTICES_MARKER),
        policyOf(viewer),
        readable(viewer),
      ]);
      if (keepsAll && kinds === undefined) return store.countUnread(db, viewer, policy, readUpTo, MAX_UNREAD);
      const newest = {
        before: Number.MAX_SAFE_INTEGER,
        after: readUpTo,
        limit: MAX_UNREAD,
        order: "DESC",
      } as const;
      const found = await store.findNotices(db, viewer, policy, newest, kinds ?? null);
      return (await keep(found.filter(isAsked({})))).length;
    },
    async markRead(viewer, upTo) {
      await db.batch([store.moveMarker(viewer, NOTICES_MARKER, upTo, now())]);
    },
    async dismiss(viewer, keys) {
      if (keys.length > 0) await db.batch([store.dropNotices(viewer, keys)]);
    },
    async clear(viewer, upTo) {
      await db.batch([store.dropNoticesUpTo(viewer, upTo)]);
    },
  };
}

/** Things that rows are about; what is about a person or group is shown by its name. */
const subjectsOf = (rows: readonly store.NoticeRow[]): readonly number[] =>
  rows.flatMap(({ subject, subject_kind }) => (subject !== null && subject_kind !== "actor" ? subject : []));
