/** Lists of people that somebody has made: what they are, who is in them, and which of them hold somebody. */
import { text } from "../core/object.ts";
import { ITEMS } from "../core/store-lanes.ts";
import { MAX_KEY } from "../lib/id.ts";
import type { Page, PageRequest } from "../lib/page.ts";
import type { Db } from "../storage/db.ts";
import { fillPage } from "./fill.ts";
import { parseStored } from "./object-parts.ts";
import * as store from "./store-lists.ts";
import { findMembers } from "./store-people.ts";
import type { ActorView, ListView } from "./view.ts";
import type { Views } from "./views.ts";

/** Somewhat more than anybody may make (`vocab/personal/list.ts`). */
const MAX_LISTS = 200;
/** Programs that edit a list want all of it. */
const MAX_AT_ONCE = 1_000;

export interface ListReads {
  /** Those of the viewer, by their titles. */
  lists(viewer: number): Promise<readonly ListView[]>;
  /** Null for what is no list of the viewer. */
  list(key: number, viewer: number): Promise<ListView | null>;
  /** Who is in a list (of the viewer: that is for the caller to see); the cursor is what keeps them there. */
  listPeople(key: number, page: PageRequest): Promise<Page<ActorView>>;
  /** All at once, those put in last first; no more than `MAX_AT_ONCE`. */
  everybodyIn(key: number): Promise<readonly ActorView[]>;
  /** Keys of the viewer's lists that the person is in. */
  listsWith(viewer: number, person: number): Promise<ReadonlySet<number>>;
}

export function createListReads({ db, views }: { db: Db; views: Views }): ListReads {
  async function lists(viewer: number): Promise<readonly ListView[]> {
    const rows = await store.findLists(db, viewer, MAX_LISTS);
    return rows.map(viewOf).toSorted((one, other) => one.title.localeCompare(other.title));
  }
  return {
    lists,
    list: async (key, viewer) => (await lists(viewer)).find((list) => list.key === key) ?? null,
    async listPeople(key, request) {
      const page = await fillPage(request, {
        read: (range) => findMembers(db, key, ITEMS, range),
        keep: async (rows) => rows.filter(({ shown }) => shown === 1),
        keyOf: ({ at }) => at,
      });
      const actors = await views.actors(page.items.map(({ item }) => item));
      return { ...page, items: page.items.flatMap(({ item }) => actors.get(item) ?? []) };
    },
    async everybodyIn(key) {
      const range = { before: MAX_KEY, after: -1, limit: MAX_AT_ONCE, order: "DESC" } as const;
      const keys = (await findMembers(db, key, ITEMS, range)).flatMap(({ item, shown }) =>
        shown ? item : [],
      );
      const actors = await views.actors(keys);
      return keys.flatMap((each) => actors.get(each) ?? []);
    },
    listsWith: (viewer, person) => store.findListsWith(db, viewer, person),
  };
}

function viewOf({ key, iri, document, exclusive, replies }: store.ListRow): ListView {
  const said = parseStored({ key, iri, host: 0, kind: "collection", type: null, document });
  return { key, iri, title: text(said, "name") ?? "", replies, isExclusive: exclusive === 1 };
}
