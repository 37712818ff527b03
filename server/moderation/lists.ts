/** Lists of rules that others keep: read in or subscribed to, shown as a draft, and true only once accepted. */
import { holdServer } from "../core/store-writes.ts";
import type { Now } from "../lib/clock.ts";
import type { Fetch } from "../lib/fetch.ts";
import type { Keys } from "../lib/id.ts";
import { isProblem, Problem } from "../lib/problem.ts";
import { expecting, type Sql } from "../lib/sql.ts";
import { parseHttpUrl } from "../lib/url.ts";
import type { Db } from "../storage/db.ts";
import { record } from "./audit.ts";
import type { Cost, Domains, RuleChange } from "./domains.ts";
import { MAX_LIST_BYTES, type PlainLevel, type ReadList, readList } from "./list-forms.ts";
import { type DomainRule, isSameRule, type RuleDraft } from "./rules.ts";
import * as store from "./store-lists.ts";
import { keepRulesOf } from "./store-rules.ts";

export interface Draft {
  readonly list: store.ListRow;
  readonly added: readonly RuleDraft[];
  readonly changed: readonly { readonly before: DomainRule; readonly after: RuleDraft }[];
  /** Rules of this list that it names no more. */
  readonly removed: readonly DomainRule[];
  /** Rules that somebody here, or another list, made otherwise: they stay. */
  readonly kept: readonly DomainRule[];
  /** Names that the list hides in part, and that are left out. */
  readonly obfuscated: number;
  readonly cost: Cost;
}

export interface Lists {
  all(): Promise<readonly store.ListRow[]>;
  /** A file becomes a draft; gives its key. @throws Problem `invalid` at field `file`. */
  read(by: number | null, file: { name: string; bytes: Uint8Array; plain: PlainLevel }): Promise<number>;
  /** The address is asked for daily; gives its key. @throws Problem `invalid` or `conflict` at field `url`. */
  subscribe(
    by: number | null,
    list: { url: string; plain: PlainLevel; acceptsItself: boolean },
  ): Promise<number>;
  /** What would change; null where nothing waits. @throws Problem `not-found`. */
  draft(key: number): Promise<Draft | null>;
  /** Makes it true. @throws Problem `not-found` where nothing waits. */
  accept(by: number | null, key: number): Promise<void>;
  /** Forgets the draft, or with it a file that was read in. */
  discard(key: number): Promise<void>;
  /** Gives the list up. Its rules stay, as rules of this server. */
  remove(by: number | null, key: number): Promise<void>;
  /** Asks for a subscription now; what goes wrong there is noted, not thrown. */
  refresh(key: number): Promise<void>;
  refreshAll(): Promise<void>;
}

/** Each is fetched daily and read whole. */
const MAX_LISTS = 50;
const MAX_NAME = 100;
const NOT_MODIFIED = 304;

export function createLists(deps: {
  db: Db;
  keys: Keys;
  now: Now;
  domains: Domains;
  fetch: Fetch;
  enqueue: (list: number) => Sql;
}): Lists {
  const { db, keys, now, domains } = deps;

  /** What would become of the rules. A file that somebody reads in speaks for them; a subscription only for itself. */
  async function compare(list: store.ListRow, read: ReadList) {
    const all = await domains.all();
    const own = list.url === null ? null : list.key;
    const added: RuleDraft[] = [];
    const changed: { before: DomainRule; after: RuleDraft }[] = [];
    const kept: DomainRule[] = [];
    for (const given of read.rules) {
      if (domains.isOurs(given.domain)) continue;
      const before = all.get(given.domain);
      if (!before) {
        added.push(given);
        continue;
      }
      if (isSameRule(before, given)) continue;
      if (own !== null && before.list !== own) kept.push(before);
      else
        changed.push({
          before,
          after: { ...given, privateComment: given.privateComment || before.privateComment },
        });
    }
    const named = new Set(read.rules.map(({ domain }) => domain));
    const removed =
      own === null ? [] : [...all.values()].filter((rule) => rule.list === own && !named.has(rule.domain));
    return { added, changed, removed, kept };
  }

  const changeOf = (
    list: store.ListRow,
    { added, changed, removed }: Awaited<ReturnType<typeof compare>>,
  ): RuleChange => ({
    put: [...added, ...changed.map(({ after }) => after)].map((rule) => ({
      ...rule,
      list: list.url === null ? null : list.key,
    })),
    remove: removed.map(({ domain }) => domain),
  });

  async function get(key: number): Promise<store.ListRow> {
    const list = await store.findList(db, key);
    if (list) return list;
    throw new Problem("not-found", "There is no such list. It was given up meanwhile.");
  }

  async function waiting(key: number): Promise<ReadList | null> {
    const text = await store.findDraft(db, key);
    return text === null ? null : (JSON.parse(text) as ReadList);
  }

  async function apply(
    by: number | null,
    list: store.ListRow,
    read: ReadList,
    etag: string | null,
  ): Promise<void> {
    await domains.change(by, changeOf(list, await compare(list, read)), [
      ...(list.url === null
        ? [store.deleteList(list.key)]
        : [store.noteFetched(list.key, etag, null, now())]),
      record(keys, { by, act: "domain-list-accept", subject: list.name }),
    ]);
  }

  async function refresh(list: store.ListRow): Promise<void> {
    const { key, url } = list;
    if (url === null) return;
    try {
      const answer = await deps.fetch(url, {
        headers: {
          accept: "text/csv, application/json, text/plain;q=0.9",
          ...(list.etag === null ? {} : { "if-none-match": list.etag }),
        },
        maxBytes: MAX_LIST_BYTES,
      });
      if (answer.status === NOT_MODIFIED) return void (await db.batch([store.noteUnchanged(key, now())]));
      if (answer.status !== 200) throw new Problem("upstream", `The address answered ${answer.status}.`);
      const read = readList(answer.bytes, list.plain);
      const etag = answer.headers.get("etag");
      const { added, changed, removed } = await compare(list, read);
      if (added.length + changed.length + removed.length === 0)
        return void (await db.batch([store.noteFetched(key, etag, null, now())]));
      if (list.acceptsItself === 1) return await apply(null, list, read, etag);
      await db.batch([store.noteFetched(key, etag, JSON.stringify(read), now())]);
    } catch (error) {
      // @NOTE A list that cannot be had leaves everything as it is; those who run the server see the sentence.
      if (!isProblem(error)) throw error;
      await db.batch([store.noteFailed(key, error.message)]);
    }
  }

  /** One more, for the beginning of a batch. `field` is where a refusal stands in the form. */
  const added = (list: Parameters<typeof store.insertList>[0], field: "file" | "url"): readonly Sql[] => [
    holdServer(),
    store.insertList(list),
    expecting(1, store.isWithinLists(list.key, MAX_LISTS), () => tooManyLists(field)),
    record(keys, { by: list.by, act: "domain-list-add", subject: list.name }),
  ];

  return {
    all: () => store.findLists(db),
    async read(by, { name, bytes, plain }) {
      const read = readList(bytes, plain);
      const key = keys.next();
      const shown = name.replace(/\s+/g, " ").trim().slice(0, MAX_NAME) || "…";
      const draft = JSON.stringify(read);
      const list = { key, url: null, name: shown, plain, acceptsItself: false, draft, by, nowMs: now() };
      await db.batch(added(list, "file"));
      return key;
    },
    async subscribe(by, { url, plain, acceptsItself }) {
      const address = parseHttpUrl(url.trim())?.href;
      if (address === undefined)
        throw new Problem("invalid", "Write the whole address of the list, with https://.", { field: "url" });
      const key = keys.next();
      const named = { url: address, name: address };
      const list = { key, ...named, plain, acceptsItself, draft: null, by, nowMs: now() };
      try {
        await db.batch([...added(list, "url"), deps.enqueue(key)]);
      } catch (error) {
        if (!isProblem(error, "conflict")) throw error;
        throw new Problem("conflict", "This list is subscribed to already.", { field: "url" });
      }
      return key;
    },
    async draft(key) {
      const list = await get(key);
      const read = await waiting(key);
      if (read === null) return null;
      const compared = await compare(list, read);
      const cost = await domains.cost(changeOf(list, compared));
      return { list, ...compared, obfuscated: read.obfuscated, cost };
    },
    async accept(by, key) {
      const list = await get(key);
      const read = await waiting(key);
      if (read === null) throw new Problem("not-found", "Nothing of this list waits any more.");
      await apply(by, list, read, list.etag);
    },
    async discard(key) {
      const list = await get(key);
      await db.batch([list.url === null ? store.deleteList(key) : store.clearDraft(key)]);
    },
    async remove(by, key) {
      const list = await get(key);
      await db.batch([
        keepRulesOf(key),
        store.deleteList(key),
        record(keys, { by, act: "domain-list-remove", subject: list.name }),
      ]);
    },
    async refresh(key) {
      const list = await store.findList(db, key);
      if (list) await refresh(list);
    },
    async refreshAll() {
      for (const list of await store.findLists(db)) await refresh(list);
    },
  };
}

const tooManyLists = (field: "file" | "url"): Problem =>
  new Problem("invalid", `There are ${MAX_LISTS} lists already. Give one up first.`, { field });
