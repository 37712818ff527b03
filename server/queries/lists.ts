/** Lists of people that somebody has made: what they are, who is in them, and which of them hold somebody. */
import { text } from "../core/object.ts";
import { ITEMS } from "../core/store-lanes.ts";
import { MAX_KEY } from "../lib/id.ts";
import type { Page, PageRequest } from "../lib/page.ts";
import { nextTurn } from "../lib/turn.ts";
import type { Db } from "../storage/db.ts";
import { fillPage } from "./fill.ts";
import { parseStored } from "./object-parts.ts";
import * as store from "./store-lists.ts";
import { findMembers, type ListedRow } from "./store-people.ts";
import type { ActorView, ListView } from "./view.ts";
import type { Views } from "./views.ts";

/** Somewhat more than anybody may make (`vocab/personal/list.ts`). */
const MAX_LISTS = 200;
/** People read at one time: some 20 ms in which nobody else is answered. */
const PEOPLE_AT_ONCE = 200;

export interface ListReads {
  /** Those of the viewer, by their titles. */
  lists(viewer: number): Promise<readonly ListView[]>;
  /** Null for what is no list of the viewer. */
  list(key: number, viewer: number): Promise<ListView | null>;
  /** Who is in a list (of the viewer: that is for the caller to see); the cursor is what keeps them there. */
  listPeople(key: number, page: PageRequest): Promise<Page<ActorView>>;
  /** All of them (`MAX_IN_LIST` at most), those put in last first: programs that edit a list want it whole. */
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
      const found: ActorView[] = [];
      const range = { after: -1, limit: PEOPLE_AT_ONCE, order: "DESC" } as const;
      for (let before: number | undefined = MAX_KEY; before !== undefined; ) {
        const rows: readonly ListedRow[] = await findMembers(db, key, ITEMS, { ...range, before });
        const keys = rows.flatMap(({ item, shown }) => (shown === 1 ? item : []));
        const actors = await views.actors(keys);
        found.push(...keys.flatMap((each) => actors.get(each) ?? []));
        before = rows.length < PEOPLE_AT_ONCE ? undefined : rows.at(-1)?.at;
        await nextTurn();
      }
      return found;
    },
    listsWith: (viewer, person) => store.findListsWith(db, viewer, person),
  };
}

function viewOf({ key, iri, document, exclusive, replies }: store.ListRow): ListView {
  const said = parseStored({ key, iri, host: 0, kind: "collection", type: null, document });
  return { key, iri, title: text(said, "name") ?? "", replies, isExclusive: exclusive === 1 };
}
