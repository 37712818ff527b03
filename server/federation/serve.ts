/** Actors, objects, activities and collections of ours as documents, for whoever may see them. */
import type { Addresses, Place } from "../core/addresses.ts";
import { tombstone } from "../core/apply.ts";
import { withoutHidden } from "../core/audience.ts";
import type { Look } from "../core/behaviour.ts";
import { type Entity, isOutOfSight } from "../core/entity.ts";
import { type AsObject, id, types } from "../core/object.ts";
import { ITEMS } from "../core/store-lanes.ts";
import { CONTEXT } from "../core/thread.ts";
import { parseKey } from "../lib/id.ts";
import type { Json, JsonObject } from "../lib/json.ts";
import { createLru } from "../lib/lru.ts";
import { DEFAULT_PAGE_SIZE } from "../lib/page.ts";
import { withCapabilities } from "./capabilities.ts";
import { createOutboxItems } from "./outbox-items.ts";
import type { Publisher } from "./publish.ts";

/** Documents kept as text: the actors and posts that everybody asks for. About 6 MB, and never more than 32. */
const MAX_KEPT = 2_000;
/** Longer ones are rare, and made anew each time: a thousand of them would fill the memory. In characters. */
const MAX_KEPT_LENGTH = 8_000;

export interface CollectionPage {
  readonly total: number | null;
  /** Addresses, newest first. */
  readonly items: readonly string[];
  /** Keys of the same rows. */
  readonly keys: readonly number[];
  /** Cursor of the next (older) page, or null. */
  readonly older: number | null;
  /** Cursor of the page before it (newer), or null where this one is empty. */
  readonly newer: number | null;
}

export interface Served {
  readonly status: 200 | 404 | 410;
  /** JSON text, with its context. */
  readonly body: string;
  /** Whether everybody gets the same. */
  readonly isPublic: boolean;
}

export interface ServeDeps {
  readonly addresses: Addresses;
  readonly look: Look;
  readonly publisher: Publisher;
  readonly publish: (object: AsObject) => JsonObject;
  /** A page of a collection as the viewer may see it; null where there is no such collection for this viewer. */
  readonly page: (
    owner: Entity,
    name: string,
    viewer: number | null,
    page: { before?: number; from?: number; limit?: number } | null,
  ) => Promise<CollectionPage | null>;
  /** Somebody at the asking server who is in a group that the thing is in, or null. */
  readonly memberAt: (asker: number, object: number) => Promise<number | null>;
  /** Accounts that are closed or not yet open show nothing. */
  readonly isShown: (actor: number) => Promise<boolean>;
}

export interface Serve {
  /**
   * `path` with its query (`/users/alice/outbox?before=5`). `asker` tells which actor asks, or null; it is called
   * only where that matters. Actors and public posts are given to anybody, or two servers that meet for the first
   * time would each wait for the key of the other.
   */
  get(path: string, asker: () => Promise<number | null>): Promise<Served>;
}

export function createServe(deps: ServeDeps): Serve {
  const { addresses, look } = deps;
  const kept = createLru<string>(MAX_KEPT);
  const outboxItems = createOutboxItems(deps);
  const missing: Served = {
    status: 404,
    // RFC 9457.
    body: '{"type":"about:blank","title":"Not found","status":404,"detail":"There is nothing at this address."}',
    isPublic: true,
  };

  async function get(path: string, whoAsks: () => Promise<number | null>): Promise<Served> {
    let asker = whoAsks;
    const question = path.indexOf("?");
    const plain = question < 0 ? path : path.slice(0, question);
    const place = addresses.parse(addresses.origin + plain) ?? byHandle(plain);
    if (place === null || place.what === "tag") return missing;
    const iri =
      place.what === "actor"
        ? addresses.actor(place.name)
        : place.what === "object"
          ? addresses.object(place.key)
          : addresses.activity(place.key);
    const entity = await look.find(iri);
    const isPublic =
      entity !== null &&
      !isOutOfSight(entity) &&
      (entity.visibility === "public" || entity.visibility === "quiet");
    if (!entity?.document || !isPublic) {
      // Asked for what is missing too: whoever asks could tell by the request for their key that something is here.
      const viewer = await eyesOf(await asker(), entity);
      if (!entity?.document || !(await look.maySee(viewer, entity.key))) return missing;
      asker = async () => viewer;
    }
    if (entity.deletedMs !== null) return buried(entity);
    if (entity.kind === "actor" && !(await deps.isShown(entity.key))) return missing;
    const below = "collection" in place ? place.collection : null;
    const list = below ?? (entity.kind === "collection" ? ITEMS : null);
    if (list !== null) {
      const query = new URLSearchParams(question < 0 ? "" : path.slice(question));
      return collection(entity, list, await asker(), query);
    }
    return { status: 200, body: await textOf(entity), isPublic };
  }

  /** A server that asks in its own name about what is in a group sees what anybody does who is in it and lives there. */
  async function eyesOf(asker: number | null, entity: Entity | null): Promise<number | null> {
    if (asker === null || !entity?.document || (await look.maySee(asker, entity.key))) return asker;
    return (await deps.memberAt(asker, entity.key)) ?? asker;
  }

  /** `/@alice` is the page's address; asked for a document it is the actor. */
  function byHandle(path: string): Place | null {
    const [, name, post] = /^\/@([A-Za-z0-9_.-]{1,64})(?:\/(\d{1,16}))?$/.exec(path) ?? [];
    if (name === undefined) return null;
    if (post !== undefined) return { what: "object", key: Number(post), collection: null };
    return { what: "actor", name: name.toLowerCase(), collection: null };
  }

  async function textOf(entity: Entity): Promise<string> {
    const cacheKey = `${entity.key} ${entity.updatedMs ?? 0} ${entity.held}`;
    // What others do changes an activity's object and a poll's counts without a new version of its own.
    const mayBeKept = entity.kind !== "activity" && entity.type !== "Question";
    const known = mayBeKept ? kept.get(cacheKey) : undefined;
    if (known !== undefined) return known;
    const text = JSON.stringify(deps.publish(await documentOf(entity)));
    if (mayBeKept && text.length <= MAX_KEPT_LENGTH) kept.set(cacheKey, text);
    return text;
  }

  async function documentOf(entity: Entity): Promise<AsObject> {
    if (entity.kind === "activity") return deps.publisher.assemble(entity);
    const document = entity.document ?? {};
    return entity.kind === "actor"
      ? withCapabilities(withoutHidden(document))
      : deps.publisher.object(entity, document);
  }

  function buried(entity: Entity): Served {
    return { status: 410, body: JSON.stringify(deps.publish(tombstone(entity))), isPublic: true };
  }

  async function collection(
    owner: Entity,
    name: string,
    viewer: number | null,
    query: URLSearchParams,
  ): Promise<Served> {
    const own = owner.kind === "collection" ? owner.iri : addresses.collection(owner.iri, name);
    const before = parseKey(query.get("before"));
    const after = before === null ? parseKey(query.get("after")) : null;
    const isPage = query.has("page") || before !== null || after !== null;
    const isOutbox = owner.kind === "actor" && name === "outbox";
    const request = {
      ...(before === null ? {} : { before }),
      ...(after === null ? {} : { from: after }),
      ...(isOutbox ? { limit: DEFAULT_PAGE_SIZE } : {}),
    };
    const isWhole = !isPage && owner.kind === "actor" && SHORT_LISTS.has(name);
    const page = await deps.page(owner, name, viewer, isPage || isWhole ? request : null);
    if (page === null) return missing;
    const items = isOutbox
      ? await outboxItems(owner.key, viewer, page)
      : name === FEATURED_TAGS
        ? page.items.map(hashtag)
        : page.items;
    const total = page.total === null ? {} : { totalItems: page.total };
    const document: AsObject = isPage
      ? {
          id: own + (before !== null ? `?before=${before}` : after !== null ? `?after=${after}` : "?page=1"),
          type: "OrderedCollectionPage",
          partOf: own,
          ...total,
          orderedItems: items as readonly Json[],
          // The first page leads to nothing newer: there is nothing yet.
          ...(page.newer === null || (before ?? after) === null
            ? {}
            : { prev: `${own}?after=${page.newer}` }),
          ...(page.older === null ? {} : { next: `${own}?before=${page.older}` }),
        }
      : {
          ...(owner.kind === "collection" ? owner.document : {}),
          id: own,
          type: owner.kind === "collection" ? asOrdered(owner.document ?? {}) : "OrderedCollection",
          attributedTo: attributedTo(owner, name),
          ...total,
          ...(isWhole ? { orderedItems: items as readonly Json[] } : { first: `${own}?page=1` }),
        };
    return { status: 200, body: JSON.stringify(deps.publish(document)), isPublic: viewer === null };
  }

  return { get };
}

/** The list of tags that somebody shows on their page; peers read names in it. */
const FEATURED_TAGS = "featured-tags";

/**
 * Lists that are a few lines long, and given in one piece: Lemmy reads those of a group so (FEP-1b12), Misskey what
 * somebody has pinned; neither follows `first`.
 */
const SHORT_LISTS: ReadonlySet<string> = new Set(["moderators", "owners", "featured", FEATURED_TAGS]);

const hashtag = (href: string): AsObject => ({
  type: "Hashtag",
  href,
  name: `#${decodeURIComponent(href.slice(href.lastIndexOf("/") + 1))}`,
});

/** Whose list it is: of a conversation the one who began it (FEP-7888). */
function attributedTo(owner: Entity, name: string): string | undefined {
  if (owner.kind === "actor") return owner.iri;
  const isTheirs = owner.kind === "collection" || name === CONTEXT;
  return isTheirs ? (id(owner.document ?? {}, "attributedTo") ?? undefined) : undefined;
}

/** Types that say how a collection is given out, and not what it is. */
const FORMS: ReadonlySet<string> = new Set(["Collection", "CollectionPage", "OrderedCollectionPage"]);

/** Whatever else somebody's collection is, it is given out in order, newest first. */
function asOrdered(document: AsObject): string | readonly string[] {
  const said = types(document).filter((type) => !FORMS.has(type) && type !== "OrderedCollection");
  return said.length === 0 ? "OrderedCollection" : [...said, "OrderedCollection"];
}
