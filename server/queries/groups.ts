/** Groups as faces show them: their rules, their people, what is in them, and what was done as them. */
import type { Look } from "../core/behaviour.ts";
import type { Entity } from "../core/entity.ts";
import { values } from "../core/object.ts";
import { findMemberships, findTotals } from "../core/store.ts";
import type { Page, PageRequest } from "../lib/page.ts";
import type { Db } from "../storage/db.ts";
import { isGroup, rulesOf } from "../vocab/groups/rules.ts";
import { fillPage, type Range } from "./fill.ts";
import { findConversations } from "./group-feed.ts";
import { recordOf } from "./group-record.ts";
import type { People } from "./people.ts";
import { oneLine } from "./plain.ts";
import type { SieveFor } from "./sifting.ts";
import * as store from "./store-groups.ts";
import type { Looking, Timelines } from "./timeline.ts";
import type { ActorView, FeedItem } from "./view.ts";
import type {
  GroupLine,
  GroupList,
  GroupMarks,
  GroupMember,
  GroupOrder,
  GroupRecordLine,
  GroupStanding,
  GroupView,
} from "./view-groups.ts";
import type { Views } from "./views.ts";

/** Faces beside a page; who else looks after the group is in the list of its members. */
const MAX_KEEPERS = 30;
/** As many as are read before somebody joins (`accounts/group-request.ts`), and those of other servers. */
const MAX_RULES = 30;
const MAX_RULE = 500;
/** Names are compared one by one, so only with this many of those who live here. */
const MAX_NAMES_COMPARED = 500;

export interface GroupReads {
  /** Null where the actor is no group. */
  group(key: number, viewer: number | null): Promise<GroupView | null>;
  /** What the viewer joined, the last joined first; the cursor is the activity. */
  joinedGroups(viewer: number, page: PageRequest): Promise<Page<GroupLine>>;
  /** What lives here, the newest first; whatever only the invited may know of is left out for all others. */
  groupsHere(viewer: number | null, page: PageRequest): Promise<Page<GroupLine>>;
  /** Among those that live here, by a part of the name or address. */
  searchGroups(query: string, viewer: number | null, limit: number): Promise<readonly GroupLine[]>;
  /** Those of these actors that are groups of which the viewer may know, in their order. */
  groupLines(keys: readonly number[], viewer: number | null): Promise<readonly GroupLine[]>;
  /** `newest` begins conversations, `replies` is everything, `active` is what was spoken in last. */
  groupFeed(
    group: number,
    viewer: number | null,
    page: PageRequest,
    order: GroupOrder,
  ): Promise<Page<FeedItem>>;
  pinned(group: number, viewer: number | null, limit: number): Promise<readonly FeedItem[]>;
  /** Of `members`, `banned`, `invited` or `requests`, the last one first. Who may ask is for the caller to say. */
  groupPeople(group: number, list: GroupList, page: PageRequest): Promise<Page<GroupMember>>;
  /** With names of those who did it for `isTold` alone. */
  groupRecord(
    group: number,
    viewer: number | null,
    page: PageRequest,
    isTold: boolean,
  ): Promise<Page<GroupRecordLine>>;
  /** Which of these things are closed for replies, pinned, or taken out there. */
  groupMarks(group: number, objects: readonly number[]): Promise<GroupMarks>;
}

const NOBODY: GroupStanding = { role: null, hasAsked: false, isInvited: false, isBanned: false };

export function createGroupReads(
  deps: {
    db: Db;
    look: Look;
    views: Views;
    people: People;
    timelines: Timelines;
    sieveFor: SieveFor;
  },
  language?: string,
): GroupReads {
  const { db, look, views, people, timelines } = deps;
  const looking = (viewer: number | null): Looking => ({
    viewer,
    ...(language === undefined ? {} : { language }),
  });

  async function standingsOf(
    groups: readonly number[],
    viewer: number | null,
  ): Promise<ReadonlyMap<number, GroupStanding>> {
    if (viewer === null) return new Map();
    const rows = await store.findStandings(db, groups, viewer);
    const lists = Map.groupBy(rows, ({ owner }) => owner);
    return new Map(
      groups.map((group) => [group, standingIn(new Set(lists.get(group)?.map(({ name }) => name)))]),
    );
  }

  /** Lines of the groups among these actors, in their order. */
  async function linesOf(keys: readonly number[], viewer: number | null): Promise<readonly GroupLine[]> {
    const [entities, actors, totals, standings] = await Promise.all([
      look.byKeys(keys),
      views.actors(keys),
      findTotals(db, keys, ["members", "followers", "requests"]),
      standingsOf(keys, viewer),
    ]);
    return keys.flatMap((key): readonly GroupLine[] => {
      const entity = entities.get(key);
      const actor = actors.get(key);
      if (!actor || !isGroup(entity)) return [];
      const { access, joining } = rulesOf(entity);
      const total = totals.get(key);
      const mine = viewer === null ? null : (standings.get(key) ?? NOBODY);
      const mayLetIn = actor.isLocal && (mine?.role === "owner" || mine?.role === "moderator");
      return [
        {
          actor,
          access,
          joining,
          members: Math.max(total?.get("members") ?? 0, actor.counts.followers),
          waiting: mayLetIn ? (total?.get("requests") ?? 0) : 0,
          mine,
        },
      ];
    });
  }

  async function pageOf(
    viewer: number | null,
    request: PageRequest,
    read: (range: Range) => Promise<readonly store.GroupRow[]>,
  ): Promise<Page<GroupLine>> {
    const lines = new Map<number, GroupLine>();
    const page = await fillPage(request, {
      read,
      keyOf: ({ at }) => at,
      async keep(rows) {
        for (const line of await linesOf(
          rows.map(({ item }) => item),
          viewer,
        ))
          if (mayKnow(line)) lines.set(line.actor.key, line);
        return rows.filter(({ item }) => lines.has(item));
      },
    });
    return { ...page, items: page.items.flatMap(({ item }) => lines.get(item) ?? []) };
  }

  async function keepersOf(group: number): Promise<readonly ActorView[]> {
    const rows = await store.findKeepers(db, group, MAX_KEEPERS * 2);
    const owners = rows.filter(({ name }) => name === "owners").map(({ item }) => item);
    const keys = [...new Set([...owners, ...rows.map(({ item }) => item)])].slice(0, MAX_KEEPERS);
    const actors = await views.actors(keys);
    return keys.flatMap((key) => actors.get(key) ?? []);
  }

  return {
    async group(key, viewer) {
      const entity = await look.byKey(key);
      if (!isGroup(entity)) return null;
      const [line] = await linesOf([key], viewer);
      if (!line) return null;
      const { actor, members, mine } = line;
      // Who is in a private group is told to those who are in it.
      const isTold = line.access === "public" || mine?.role != null;
      const moderators = isTold ? await keepersOf(key) : [];
      return { actor, ...rulesOf(entity), rules: rulesIn(entity), members, moderators, mine };
    },
    joinedGroups: (viewer, request) =>
      pageOf(viewer, request, (range) => store.findJoined(db, viewer, range)),
    groupsHere: (viewer, request) => pageOf(viewer, request, (range) => store.findHere(db, range)),
    async searchGroups(query, viewer, limit) {
      const wanted = query.trim().replace(/^@/, "").toLowerCase();
      if (wanted === "") return [];
      const range = {
        before: Number.MAX_SAFE_INTEGER,
        after: -1,
        limit: MAX_NAMES_COMPARED,
        order: "DESC",
      } as const;
      const rows = await store.findHere(db, range);
      const actors = await views.actors(rows.map(({ item }) => item));
      const named = rows.map(({ item }) => item).filter((key) => isNamed(actors.get(key), wanted));
      return (await linesOf(named, viewer)).filter(mayKnow).slice(0, limit);
    },
    groupLines: async (keys, viewer) => (await linesOf(keys, viewer)).filter(mayKnow),
    groupFeed: (group, viewer, request, order) =>
      order === "active"
        ? findConversations(deps, group, looking(viewer), request)
        : timelines.inGroup(group, looking(viewer), request, { withReplies: order === "replies" }),
    pinned: async (group, viewer, limit) =>
      (await timelines.featured(group, looking(viewer), { limit })).items,
    async groupPeople(group, list, request) {
      const page = await people.list(group, list, request);
      const keys = page.items.map(({ key }) => key);
      const roles = await findMemberships(db, group, ["owners", "moderators"], keys);
      return {
        ...page,
        items: page.items.map(
          (actor): GroupMember => ({
            actor,
            role: roles.get("owners")?.has(actor.key)
              ? "owner"
              : roles.get("moderators")?.has(actor.key)
                ? "moderator"
                : "member",
          }),
        ),
      };
    },
    async groupRecord(group, viewer, request, isTold) {
      const page = await fillPage(request, {
        read: (range) => store.findDeeds(db, group, range),
        keep: async (rows) => rows,
        keyOf: ({ at }) => at,
      });
      const lines = await recordOf(deps, group, page.items, { viewer, isTold, language });
      return { ...page, items: lines };
    },
    async groupMarks(group, objects) {
      const found = await findMemberships(db, group, ["locked", "featured", "removed"], objects);
      const inList = (name: string) => found.get(name) ?? new Set<number>();
      return { locked: inList("locked"), pinned: inList("featured"), removed: inList("removed") };
    },
  };
}

/** A group that is private and by invitation is nobody's business but of those who are in it or asked in. */
const mayKnow = ({ access, joining, mine }: GroupLine): boolean =>
  access === "public" || joining !== "invitation" || mine?.role != null || mine?.isInvited === true;

function standingIn(lists: ReadonlySet<string>): GroupStanding {
  const isIn = lists.has("members") || lists.has("followers");
  return {
    role: lists.has("owners") ? "owner" : lists.has("moderators") ? "moderator" : isIn ? "member" : null,
    hasAsked: lists.has("requests"),
    isInvited: lists.has("invited"),
    isBanned: lists.has("banned"),
  };
}

const rulesIn = ({ document }: Entity): readonly string[] =>
  values(document ?? {}, "rules")
    .slice(0, MAX_RULES)
    .flatMap((rule) => oneLine(rule, MAX_RULE) || []);

const isNamed = (actor: ActorView | undefined, wanted: string): boolean =>
  actor !== undefined && (actor.name.toLowerCase().includes(wanted) || actor.handle.includes(wanted));
