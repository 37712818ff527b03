/** GET of an inbox: what reached its owner, newest first, in pages (AP §5.2). */
import { tombstone } from "../../core/apply.ts";
import { withoutHidden } from "../../core/audience.ts";
import type { Entity } from "../../core/entity.ts";
import { type AsObject, id } from "../../core/object.ts";
import { parseKey } from "../../lib/id.ts";
import { DEFAULT_PAGE_SIZE } from "../../lib/page.ts";
import { Problem } from "../../lib/problem.ts";
import type { Db } from "../../storage/db.ts";
import * as store from "./store.ts";

/**
 * A document that is longer than a long article is given by its address, so that a page stays a page whatever others send.
 * In characters of JSON.
 */
const MAX_CARRIED = 50_000;

export interface InboxPages {
  /**
   * The collection, or with `page`, `before` or `after` one page of it. A page's `prev` leads to what is newer, on
   * the first page to what will be.
   * Throws Problem `invalid` for a cursor that is none.
   */
  read(owner: number, inboxIri: string, query: URLSearchParams): Promise<AsObject>;
}

export function createInboxPages(deps: { readonly db: Db }): InboxPages {
  const { db } = deps;

  async function read(owner: number, inboxIri: string, query: URLSearchParams): Promise<AsObject> {
    const before = cursor(query, "before");
    const after = cursor(query, "after");
    if (before === null && after === null && !query.has("page")) {
      return { id: inboxIri, type: "OrderedCollection", first: `${inboxIri}?page=1` };
    }
    // One more than is shown tells whether there is more.
    const limit = DEFAULT_PAGE_SIZE + 1;
    const found = await store.findInbox(db, owner, {
      limit,
      ...(after !== null ? { after } : before !== null ? { before } : {}),
    });
    const hasMore = found.length === limit;
    const lines = after === null ? found.slice(0, DEFAULT_PAGE_SIZE) : found.slice(-DEFAULT_PAGE_SIZE);
    const [newest, oldest] = [lines[0], lines.at(-1)];
    return {
      id:
        after !== null
          ? `${inboxIri}?after=${after}`
          : before !== null
            ? `${inboxIri}?before=${before}`
            : `${inboxIri}?page=1`,
      type: "OrderedCollectionPage",
      partOf: inboxIri,
      ...(oldest && (hasMore || after !== null) ? { next: `${inboxIri}?before=${oldest.key}` } : {}),
      ...(newest ? { prev: `${inboxIri}?after=${newest.key}` } : {}),
      orderedItems: await documentsOf(owner, lines),
    };
  }

  /** Each with what it is about, where the reader may see that: one request is enough to show a page. */
  async function documentsOf(viewer: number, activities: readonly Entity[]): Promise<readonly AsObject[]> {
    const about = activities.flatMap(({ subject }) => (subject === null ? [] : [subject]));
    const shown = await store.findShown(db, viewer, about);
    return activities.map((activity) => {
      const document = brief(readable(activity.document ?? { id: activity.iri }));
      const subject = activity.subject === null ? undefined : shown.get(activity.subject);
      return subject ? { ...document, object: carried(subject) } : document;
    });
  }

  return { read };
}

function carried(subject: Entity): AsObject | string {
  if (subject.deletedMs !== null) return tombstone(subject);
  const isText = subject.kind === "object" || subject.kind === "activity";
  if (!isText || !subject.document) return subject.iri;
  const document = readable(subject.document);
  return isTooLong(document) ? subject.iri : document;
}

/** Of an activity that says too much itself, what says what it is. */
function brief(document: AsObject): AsObject {
  if (!isTooLong(document)) return document;
  const kept = ["id", "type", "actor", "object"].flatMap((property) => {
    const value = property === "type" ? document.type : id(document, property);
    return value === null || value === undefined ? [] : [[property, value]];
  });
  return Object.fromEntries(kept);
}

const isTooLong = (document: AsObject): boolean => JSON.stringify(document).length > MAX_CARRIED;

/** Proofs are of the bytes that came, not of our words for them. */
function readable(document: AsObject): AsObject {
  const { proof: _proof, signature: _signature, ...rest } = withoutHidden(document);
  return rest;
}

function cursor(query: URLSearchParams, name: string): number | null {
  const given = query.get(name);
  if (given === null) return null;
  const key = parseKey(given);
  if (key === null)
    throw new Problem("invalid", `“${name}” is no cursor: follow next and prev.`, { field: name });
  return key;
}
