/** What a person takes along when moving: lists of whom they follow, block and mute, in the forms of Mastodon's CSV. */

import type { Addresses } from "../core/addresses.ts";
import type { Look } from "../core/behaviour.ts";
import { type Entity, LOCAL_HOST } from "../core/entity.ts";
import { type AsObject, text } from "../core/object.ts";
import type { Core } from "../core/process.ts";
import { findTotals } from "../core/store.ts";
import { ITEMS, setTerms } from "../core/store-lanes.ts";
import { backOff, type Job, type JobKind } from "../jobs/job.ts";
import type { Queue } from "../jobs/queue.ts";
import { finish } from "../jobs/store.ts";
import type { Now } from "../lib/clock.ts";
import { csvLine, parseCsv } from "../lib/csv.ts";
import { HOUR_MS, MINUTE_MS } from "../lib/durations.ts";
import { timeOfKey } from "../lib/id.ts";
import { isPassing, isProblem, Problem } from "../lib/problem.ts";
import type { Sql } from "../lib/sql.ts";
import { nextTurn } from "../lib/turn.ts";
import { normaliseHost, parseHttpUrl } from "../lib/url.ts";
import type { Db } from "../storage/db.ts";
import { readTerms, termsInColumns, termsText } from "./carried-terms.ts";
import { countWaiting, findFollowed, findListKeys, findOwned, type OwnedRow } from "./store-belongings.ts";
import { parseHandle } from "./webfinger.ts";

/** A server that does not answer for so long is passed over: the person is here already, and looks by hand. */
const TRIED_FOR_MS = 24 * HOUR_MS;
/** Nobody reads more people than that; and more lines do not fit the form that shows them. */
export const MAX_CARRIED = 10_000;
/** Rows read at one time. */
const ROWS_AT_ONCE = 1_000;
/** Of all people together: each line asks another server up to three times. */
const CONCURRENCY = 4;

/**
 * `lists` holds who is in which list of people: a handle and the title, with a blank between. After a handle of
 * `following` may come the terms (`carried-terms.ts`).
 */
export const LISTS = ["following", "lists", "blocked", "muted", "domains", "bookmarks"] as const;
export type ListName = (typeof LISTS)[number];
export const isListName = (text: string | null | undefined): text is ListName =>
  LISTS.includes(text as ListName);

/** What a file comes to, before anything of it is done. */
export interface Draft {
  readonly list: ListName;
  /** Handles, servers or addresses in normal form, none of them twice. */
  readonly values: readonly string[];
  /** How many of the lines were nothing of the kind. */
  readonly unread: number;
  /** How many more were in the list already. */
  readonly present: number;
}

export interface Belongings {
  /** How many are in each list. */
  counts(actor: number): Promise<Readonly<Record<ListName, number>>>;
  /** The list as Mastodon writes it, and reads it. */
  export(actor: number, list: ListName | "followers"): Promise<string>;
  /** @throws Problem `invalid` with the field `file` where the text is no such list, or too long. */
  draft(actor: number, list: ListName, text: string): Promise<Draft>;
  /** Begins to do what a draft says, a line at a time. @throws as `draft`. */
  begin(actor: number, list: ListName, values: readonly string[]): Promise<void>;
  /** Lines that are still to be done. */
  waiting(actor: number): Promise<number>;
  readonly job: JobKind;
}

export function createBelongings(deps: {
  db: Db;
  core: Core;
  look: Look;
  addresses: Addresses;
  queue: Queue;
  now: Now;
  find: (written: string) => Promise<Entity | null>;
  /** Servers of which the person sees nothing, and one more of them (`moderation/avoiding.ts`). */
  hosts: (actor: number) => Promise<readonly { readonly name: string }[]>;
  avoidHost: (actor: number, name: string) => Promise<unknown>;
}): Belongings {
  const { db, look, addresses } = deps;
  const ourHost = new URL(addresses.origin).host;

  async function valuesOf(actor: number, list: ListName | "followers"): Promise<string[]> {
    if (list === "domains") return (await deps.hosts(actor)).map(({ name }) => name);
    if (list === "lists") return (await inLists(actor)).map(({ row, title }) => `${handleOf(row)} ${title}`);
    return (await allIn(actor, list)).map((row) => (list === "bookmarks" ? row.iri : handleOf(row)));
  }

  /** A list as a whole; others have their turn while a long one is read. */
  async function allIn(owner: number, name: string): Promise<OwnedRow[]> {
    const all: OwnedRow[] = [];
    for (let after: number | undefined = 0; after !== undefined; ) {
      const rows = await findOwned(db, owner, name, after, ROWS_AT_ONCE);
      for (const row of rows) all.push(row);
      after = rows.length < ROWS_AT_ONCE ? undefined : rows.at(-1)?.item;
      if (after !== undefined) await nextTurn();
    }
    return all;
  }

  /** Everybody in the lists of this person. */
  async function inLists(actor: number): Promise<{ row: OwnedRow; title: string }[]> {
    const keys = await findListKeys(db, actor);
    const lists = await look.byKeys(keys);
    const people: { row: OwnedRow; title: string }[] = [];
    for (const key of keys) {
      const title = titleOf(lists.get(key));
      for (const row of await allIn(key, ITEMS)) people.push({ row, title });
    }
    return people;
  }

  /** The key of the list of this title, made where there is none. */
  async function listCalled(actor: number, title: string): Promise<string> {
    const lists = await look.byKeys(await findListKeys(db, actor));
    const known = [...lists.values()].find((list) => titleOf(list) === title);
    if (known) return known.iri;
    const made = await deps.core.act(actor, { type: "Create", object: { type: "List", name: title } });
    return made.object?.iri ?? "";
  }

  /** Only who is followed can be in a list. */
  async function intoList(actor: number, value: string): Promise<AsObject | null> {
    const { handle, title } = partsOf(value);
    const person = await deps.find(handle);
    if (person === null || !(await look.maySee(actor, person.key))) return null;
    const lists = await look.listsWith(actor, ["following", "requested"], person.key);
    if (person.key !== actor && lists.size === 0)
      await deps.core.act(actor, { type: "Follow", object: person.iri, to: [person.iri] });
    return { type: "Add", object: person.iri, target: await listCalled(actor, title) };
  }

  /** Whoever has no confirmed name is written as an address, which we read again. */
  const handleOf = ({ iri, handle, host }: OwnedRow): string =>
    handle === null ? iri : host === LOCAL_HOST ? `${handle}@${ourHost}` : handle;

  async function draft(actor: number, list: ListName, text: string): Promise<Draft> {
    const lines = cellsOf(text, list);
    const read = lines.map((line) => normalise(list, line));
    const values = [...new Set(read.filter((value) => value !== null))];
    const present = new Set(await valuesOf(actor, list));
    const isThere = (value: string): boolean =>
      present.has(list === "following" ? partsOf(value).handle : value);
    const wanted = values.filter((value) => !isThere(value));
    const unread = read.filter((value) => value === null).length;
    if (values.length === 0)
      throw new Problem("invalid", "Nothing in this file can be read. Choose the list that it is.", {
        field: "file",
      });
    if (wanted.length > MAX_CARRIED)
      throw new Problem("invalid", `Cut the file: ${MAX_CARRIED} lines are the most.`, { field: "file" });
    return { list, values: wanted, unread, present: values.length - wanted.length };
  }

  /** With the terms, as Mastodon writes them. */
  async function followingFile(actor: number): Promise<string> {
    const lines: string[] = HEADS.following.map(csvLine);
    for (let after: number | undefined = 0; after !== undefined; ) {
      const rows = await findFollowed(db, actor, after, ROWS_AT_ONCE);
      for (const row of rows) {
        const languages = (row.languages ?? "").trim().split(" ").join(", ");
        lines.push(csvLine([handleOf(row), String(row.shares !== 0), String(row.tells === 1), languages]));
      }
      after = rows.length < ROWS_AT_ONCE ? undefined : rows.at(-1)?.item;
    }
    return lines.join("");
  }

  async function run(job: Job): Promise<readonly Sql[] | "finished"> {
    const { actor, list, value } = job.payload as { actor: number; list: ListName; value: string };
    try {
      if (list === "domains") {
        await deps.avoidHost(actor, value);
        return [];
      }
      const activity = await activityFor(actor, list, value);
      if (activity === null) return [];
      await deps.core.act(actor, activity.does, [...activity.also, finish(job)]);
      return "finished";
    } catch (error) {
      if (!isProblem(error) || isPassing(error)) throw error;
      // @NOTE A line that cannot be done (somebody is gone, or does not want it) is left out; nobody waits for it.
      const isLate = deps.now() - timeOfKey(job.key) > TRIED_FOR_MS;
      if (error.code === "upstream" && !isLate) throw error;
      return [];
    }
  }

  /** What a line comes to, with the statements that join its batch; null where there is nothing to do. */
  async function activityFor(
    actor: number,
    list: ListName,
    value: string,
  ): Promise<{ readonly does: AsObject; readonly also: readonly Sql[] } | null> {
    const alone = (does: AsObject | null) => does && { does, also: [] };
    const me = await look.byKey(actor);
    if (!me?.document || me.deletedMs !== null) return null;
    if (list === "lists") return alone(await intoList(actor, value));
    const { handle, title: terms } = partsOf(value);
    const item = list === "bookmarks" ? await look.fetch(value) : await deps.find(handle);
    if (item === null || item.key === actor || !(await look.maySee(actor, item.key))) return null;
    if (await look.isMember(actor, list, item.key)) return null;
    if (list === "bookmarks" || list === "muted")
      return alone({ type: "Add", object: item.iri, target: addresses.collection(me.iri, list) });
    if (list === "blocked") return alone({ type: "Block", object: item.iri });
    if (await look.isMember(actor, "requested", item.key)) return null;
    const on = readTerms(terms);
    return {
      does: { type: "Follow", object: item.iri, to: [item.iri] },
      also: on === null ? [] : [setTerms(actor, item.key, on)],
    };
  }

  return {
    async counts(actor) {
      const totals = (await findTotals(db, [actor], LISTS)).get(actor);
      const domains = (await deps.hosts(actor)).length;
      const counted = LISTS.map((list) => [list, list === "domains" ? domains : (totals?.get(list) ?? 0)]);
      return Object.fromEntries(counted) as Record<ListName, number>;
    },
    async export(actor, list) {
      if (list === "lists")
        return (await inLists(actor)).map(({ row, title }) => csvLine([title, handleOf(row)])).join("");
      if (list === "following") return followingFile(actor);
      const values = await valuesOf(actor, list);
      return [...HEADS[list], ...values.map((value) => [value, ...COLUMNS[list]])].map(csvLine).join("");
    },
    draft,
    async begin(actor, list, given) {
      const values = [...new Set(given.flatMap((value) => normalise(list, value) ?? []))].slice(
        0,
        MAX_CARRIED,
      );
      await db.batch(
        deps.queue.enqueueAll(
          values.map((value) => ({
            kind: "carry",
            lane: String(actor),
            payload: { actor, list, value },
            once: `carry ${actor} ${list} ${value}`,
          })),
        ),
      );
    },
    waiting: (actor) => countWaiting(db, "carry", String(actor)),
    job: {
      run,
      retry: backOff({
        firstMs: 10 * MINUTE_MS,
        factor: 3,
        maxMs: 6 * HOUR_MS,
        giveUpAfterMs: 2 * TRIED_FOR_MS,
      }),
      concurrency: CONCURRENCY,
      perLane: 1,
    },
  };
}

/** Heads and further columns that Mastodon writes; those of the others have none. */
const HEADS: Readonly<Record<ListName | "followers", readonly (readonly string[])[]>> = {
  followers: [["Account address"]],
  following: [["Account address", "Show boosts", "Notify on new posts", "Languages"]],
  lists: [],
  muted: [["Account address", "Hide notifications"]],
  blocked: [],
  domains: [],
  bookmarks: [],
};
const COLUMNS: Readonly<Record<ListName | "followers", readonly string[]>> = {
  followers: [],
  following: [],
  lists: [],
  muted: ["true"],
  blocked: [],
  domains: [],
  bookmarks: [],
};

/** The longest title of a list that is read in. */
const MAX_TITLE = 100;

const titleOf = (list: Entity | undefined): string =>
  list?.document ? (text(list.document, "name") ?? "") : "";

function partsOf(value: string): { readonly handle: string; readonly title: string } {
  const blank = value.indexOf(" ");
  return blank < 0
    ? { handle: value, title: "" }
    : {
        handle: value.slice(0, blank),
        title: value
          .slice(blank + 1)
          .trim()
          .replace(/\s+/g, " "),
      };
}

/** The first column, or the one whose head says that it is the address; the head left out. */
function cellsOf(text: string, list: ListName): readonly string[] {
  const rows = parseCsv(text);
  if ("openQuoteLine" in rows) {
    throw new Problem("invalid", `Line ${rows.openQuoteLine} opens a quote that nothing closes.`, {
      field: "file",
    });
  }
  // A file of lists has no head: the title comes first, then who is in it.
  if (list === "lists") return rows.map(({ cells }) => `${cells[1]?.trim() ?? ""} ${cells[0]?.trim() ?? ""}`);
  const head = rows[0]?.cells.map((cell) => cell.trim().toLowerCase().replace(/^#/, "")) ?? [];
  const column = head.findIndex((cell) => ["account address", "account", "domain", "uri"].includes(cell));
  const addressIn = (cells: readonly string[]): string => cells[Math.max(column, 0)]?.trim() ?? "";
  const lines = column < 0 ? rows : rows.slice(1);
  if (list !== "following" || column < 0) return lines.map(({ cells }) => addressIn(cells));
  const [boosts = -1, notify = -1, languages = -1] = ["show boosts", "notify on new posts", "languages"].map(
    (name) => head.indexOf(name),
  );
  return lines.map(({ cells }) => {
    const terms = termsInColumns(cells[boosts] ?? "", cells[notify] ?? "", cells[languages] ?? "");
    return `${addressIn(cells)} ${termsText(terms)}`.trim();
  });
}

function normalise(list: ListName, value: string): string | null {
  if (list === "domains") return normaliseHost(value);
  if (list === "lists") {
    const { handle: written, title } = partsOf(value);
    const person = normalise("following", written);
    return person === null || title === "" || title.length > MAX_TITLE ? null : `${person} ${title}`;
  }
  if (list === "following" && value.includes(" ")) {
    const { handle: written, title } = partsOf(value);
    const [person, terms] = [normalise("following", written), readTerms(title)];
    return person === null || terms === null ? null : `${person} ${termsText(terms)}`.trim();
  }
  if (list === "bookmarks" || /^https?:/.test(value)) return parseHttpUrl(value)?.href ?? null;
  const handle = parseHandle(value);
  return handle && `${handle.name}@${handle.host}`;
}
