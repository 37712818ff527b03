/** Searching as Mastodon's apps do it: by words, by a handle, or by an address that is asked for elsewhere. */
import type { Entity } from "../../core/entity.ts";
import { connectionOf } from "../../http/connection.ts";
import { type Buckets, createBuckets, type Rate } from "../../lib/buckets.ts";
import { parseKey } from "../../lib/id.ts";
import { isProblem, Problem } from "../../lib/problem.ts";
import { findAt } from "../../queries/page-address.ts";
import type { ActorView, FeedItem, ObjectView } from "../../queries/view.ts";
import type { Call, Face } from "./face.ts";
import { isPaged, limitOf } from "./paging.ts";

/** Somebody who types, and whose app asks at each pause; each question is several looks into the index. */
const SEARCH_RATE: Rate = { burst: 60, everyMs: 1_000 };
/** Each asks another server up to three times (as on our own pages). */
const RESOLVE_RATE: Rate = { burst: 30, everyMs: 2_000 };
/** Results of one kind in one answer, when nothing is said and at most. */
const USUAL = 20;
const MOST = 40;
/** Behind this nobody leafs by numbers; `max_id` goes on for ever. */
const MAX_OFFSET = 200;

export interface Asked {
  readonly query: string;
  /** Of one kind, or of all three. */
  readonly kind: "accounts" | "statuses" | "hashtags" | null;
  readonly limit: number;
  readonly offset: number;
  readonly isResolving: boolean;
  readonly isFollowing: boolean;
}

export interface Found {
  readonly accounts: readonly ActorView[];
  readonly items: readonly FeedItem[];
  readonly objects: readonly ObjectView[];
  readonly hashtags: readonly string[];
}

const NOTHING: Found = { accounts: [], items: [], objects: [], hashtags: [] };

export interface Searching {
  /** @throws Problem `invalid` without a question, `unauthenticated` for what strangers may not, `too-many`. */
  asked(call: Call, size?: { readonly usual: number; readonly most: number }): Asked;
  all(call: Call, asked: Asked): Promise<Found>;
  accounts(call: Call, asked: Asked): Promise<readonly ActorView[]>;
}

export function createSearching(face: Face): Searching {
  const searches = createBuckets({ now: face.now, rate: SEARCH_RATE });
  const resolves = createBuckets({ now: face.now, rate: RESOLVE_RATE });

  async function accounts(call: Call, { query, limit, offset, isFollowing, isResolving }: Asked) {
    const { queries, viewerKey } = call;
    const most = isFollowing ? MAX_OFFSET + MOST : offset + limit;
    const found = await queries.searchPeople(query, viewerKey, most);
    const known = isResolving && found.length === 0 && isHandle(query) ? await elsewhere(call, query) : null;
    const resolved = known?.kind === "actor" ? await queries.actor(known.key) : null;
    const all = resolved === null ? found : [resolved];
    return (isFollowing ? await followedAmong(call, all) : all).slice(offset, offset + limit);
  }

  /** Nobody there, or nobody answering, is the same to a person who searches. */
  async function elsewhere(call: Call, query: string): Promise<Entity | null> {
    take(resolves, call);
    try {
      if (isAddress(query)) return await face.look.fetch(query);
      const key = await face.findActor(query.replace(/^@/, ""));
      return key === null ? null : await face.look.byKey(key);
    } catch (error) {
      // @NOTE A server that is away is an empty answer here, not a failure of ours.
      if (isProblem(error)) return null;
      throw error;
    }
  }

  /** An address leads to one thing or nothing. */
  async function at(call: Call, { query, kind, isResolving }: Asked): Promise<Found> {
    const here = await findAt({ ...face, queries: call.queries }, query);
    const found = here?.document || !isResolving ? here : await elsewhere(call, query);
    if (found === null || found.deletedMs !== null) return NOTHING;
    if (found.kind === "actor") {
      const actor = kind === null || kind === "accounts" ? await call.queries.actor(found.key) : null;
      return { ...NOTHING, accounts: actor === null ? [] : [actor] };
    }
    const object =
      kind === null || kind === "statuses" ? await call.queries.object(found.key, call.viewerKey) : null;
    return { ...NOTHING, objects: object === null || object.isDeleted ? [] : [object] };
  }

  return {
    asked(call, { usual, most } = { usual: USUAL, most: MOST }) {
      const { params, viewer } = call;
      const query = (params.text("q") ?? "").trim();
      if (query === "")
        throw new Problem("invalid", "param is missing or the value is empty: q", { field: "q" });
      take(searches, call);
      const type = params.text("type");
      const isResolving = params.flag("resolve") === true;
      const offset = params.integer("offset") ?? 0;
      if (viewer === null && (isResolving || offset > 0)) throw strangersMayNot(isResolving);
      return {
        query,
        kind: type === "accounts" || type === "statuses" || type === "hashtags" ? type : null,
        limit: limitOf(params, usual, most),
        offset: Math.max(0, Math.min(offset, MAX_OFFSET)),
        isResolving,
        isFollowing: viewer !== null && params.flag("following") === true,
      };
    },
    accounts,
    async all(call, asked) {
      const { query, kind, limit } = asked;
      if (isAddress(query)) {
        const found = await at(call, asked);
        if (found !== NOTHING) return found;
      }
      // Without a kind there is one page alone (as in Mastodon).
      const offset = kind === null ? 0 : asked.offset;
      const wants = (which: NonNullable<Asked["kind"]>) => kind === null || kind === which;
      const [people, items, hashtags] = await Promise.all([
        wants("accounts") && !query.startsWith("#") ? accounts(call, { ...asked, offset }) : [],
        wants("statuses") && call.viewer !== null ? posts(call, query, offset, limit) : [],
        wants("hashtags") && !query.includes("@") ? tags(call, query, offset, limit) : [],
      ]);
      return { ...NOTHING, accounts: people, items, hashtags };
    },
  };
}

const isAddress = (query: string): boolean => /^https?:\/\/\S+$/i.test(query);
const isHandle = (query: string): boolean => /^@?[^@\s]+@[^@\s]+$/.test(query);

/** @throws Problem `too-many`. What this machine itself asks is counted, and not refused (as in `face.ts`). */
function take(buckets: Buckets, { viewer, request }: Call): void {
  const { address, addressPrefix } = connectionOf(request);
  const taken = buckets.take(viewer === null ? addressPrefix : `account ${viewer.accountKey}`);
  if (taken.allowed || (buckets.rate === SEARCH_RATE && (address === "127.0.0.1" || address === "::1")))
    return;
  throw new Problem("too-many", "You searched too often. Wait a little, then try again.", {
    retryAfterSeconds: taken.retryAfterSeconds,
  });
}

const strangersMayNot = (isResolving: boolean): Problem =>
  new Problem(
    "unauthenticated",
    isResolving
      ? "Search queries that resolve remote resources are not supported without authentication"
      : "Search queries pagination is not supported without authentication",
  );

async function followedAmong(call: Call, actors: readonly ActorView[]): Promise<readonly ActorView[]> {
  if (call.viewerKey === null) return [];
  const known = await call.queries.relationships(
    call.viewerKey,
    actors.map(({ key }) => key),
  );
  return actors.filter(({ key }) => known.get(key)?.following === "yes");
}

/** The best first; or, of one author or between ids, the newest first. */
async function posts(call: Call, query: string, offset: number, limit: number): Promise<readonly FeedItem[]> {
  const { queries, viewerKey, params } = call;
  const author = parseKey(params.text("account_id"));
  const page = { ...call.page(), limit: Math.min(MOST, offset + limit) };
  if (author !== null || isPaged(page))
    return (await queries.searchNewest(query, viewerKey, page, { author })).items.slice(
      offset,
      offset + limit,
    );
  const items: FeedItem[] = [];
  let cursor: Parameters<typeof queries.searchPosts>[2]["cursor"] = null;
  do {
    const found = await queries.searchPosts(query, viewerKey, {
      limit: Math.min(MOST, offset + limit - items.length),
      cursor,
    });
    items.push(...found.items);
    cursor = found.next;
  } while (cursor !== null && items.length < offset + limit);
  return items.slice(offset);
}

async function tags(call: Call, query: string, offset: number, limit: number): Promise<readonly string[]> {
  return (await call.queries.searchTags(query, call.viewerKey, offset + limit)).slice(offset);
}
