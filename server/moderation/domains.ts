/** What those who run the server do about other servers: the rules, what they cost, and what follows from them. */

import type { Now } from "../lib/clock.ts";
import { normaliseDomain } from "../lib/domain.ts";
import type { Keys } from "../lib/id.ts";
import { createLru } from "../lib/lru.ts";
import { Problem } from "../lib/problem.ts";
import type { Sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";
import { record } from "./audit.ts";
import type { Gate } from "./gate.ts";
import {
  type DomainRule,
  type FederationMode,
  isLevel,
  isSameRule,
  type Level,
  MAX_COMMENT,
  type RuleDraft,
  refuses,
  type Verdict,
  verdictFor,
} from "./rules.ts";
import * as store from "./store-rules.ts";

/** What a change would do to people here, told before it is done. */
export interface Cost {
  /** Followings that end, either way. */
  readonly follows: number;
  /** People here whom that concerns. */
  readonly people: number;
  /** Servers of which nothing is shown any more. */
  readonly servers: number;
}

export interface RuleChange {
  readonly put: readonly (RuleDraft & { readonly list: number | null })[];
  readonly remove: readonly string[];
}

export interface Domains {
  /** The rule of exactly this domain. @throws Problem `invalid` where it is none. */
  find(domain: string): Promise<DomainRule | null>;
  /** By name; `part` is looked for anywhere in it. */
  list(asked: {
    readonly part?: string;
    readonly level?: Level | null;
    readonly after?: string | null;
    readonly limit: number;
  }): Promise<{ readonly rules: readonly DomainRule[]; readonly next: string | null }>;
  all(): Promise<ReadonlyMap<string, DomainRule>>;
  counts(): Promise<Record<Level, number>>;
  /** What people or programs give, in the form of rules. @throws Problem `invalid` at the field that is wrong. */
  parse(input: {
    readonly domain: unknown;
    readonly level: unknown;
    readonly noMedia?: boolean;
    readonly noReports?: boolean;
    readonly publicComment?: string | null;
    readonly privateComment?: string | null;
  }): RuleDraft;
  /** Other people's lists may well name us. */
  isOurs(domain: string): boolean;
  cost(change: RuleChange): Promise<Cost>;
  /**
   * Makes all of it true at once, with a line in the log for each rule; followings end soon after, in a job. `also` joins
   * the batch.
   */
  change(by: number | null, change: RuleChange, also?: readonly Sql[]): Promise<void>;
  /** The switch for the whole server: `write` puts it, the rest follows from it. */
  switchTo(
    by: number | null,
    mode: FederationMode,
    write: (also: readonly Sql[]) => Promise<void>,
  ): Promise<void>;
  /** Marks a server that is met for the first time, so that the rules hold for what comes next. */
  meet(host: string, keyOf: (host: string) => Promise<number>): Promise<void>;
  /** Brings what is derived from the rules in order, after a fall or a change on another node. */
  reconcile(): Promise<void>;
  /** What a notice of followings that ended is about. */
  severedEvent(actor: number, key: number): Promise<store.SeveredEvent | null>;
  severed(
    actor: number,
    before: number,
    limit: number,
  ): Promise<{ readonly items: readonly store.SeveredRow[]; readonly older: number | null }>;
}

/** Servers under a rule that are written to the tables once for each version of the rules: under 1 MB. */
const MAX_MET = 5_000;

export function createDomains(deps: {
  db: Db;
  keys: Keys;
  now: Now;
  gate: Gate;
  /** Promises that followings of people of these servers end, which takes its time (`sever.ts`). */
  sever: (hosts: readonly number[]) => Sql;
  ourHost: string;
}): Domains {
  const { db, keys, now, gate, sever } = deps;
  const ourDomain = normaliseDomain(deps.ourHost);
  /** By which version of the rules a server was marked last. */
  const met = createLru<number>(MAX_MET);
  let last: Promise<unknown> = Promise.resolve();

  /** One change after the other: each begins with what the one before it left. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const next = last.then(work, work);
    last = next.catch(() => undefined);
    return next;
  }

  async function rulesAfter({ put, remove }: RuleChange) {
    const before = await store.findAllRules(db);
    const after = new Map<string, Verdict>(before);
    for (const domain of remove) after.delete(domain);
    for (const rule of put) after.set(rule.domain, rule);
    return { before, after };
  }

  /** Servers that are known and that these rules block although the old ones did not. */
  function newlyBlocked(
    hosts: readonly store.HostRow[],
    before: ReadonlyMap<string, Verdict>,
    after: ReadonlyMap<string, Verdict>,
  ): readonly store.HostRow[] {
    const isBlocked = (rules: ReadonlyMap<string, Verdict>, host: string) =>
      verdictFor(rules, host)?.level === "block";
    return hosts.filter(({ name }) => isBlocked(after, name) && !isBlocked(before, name));
  }

  /** Statements that make the tables of hidden and limited servers say what the rules say. */
  function marks(
    hosts: readonly store.HostRow[],
    mode: FederationMode,
    rules: ReadonlyMap<string, Verdict>,
  ): readonly Sql[] {
    return hosts.flatMap(({ key, name, hidden, limited }) => {
      const verdict = verdictFor(rules, name);
      const isHidden = refuses(mode, verdict);
      const isLimited = verdict?.level === "limit";
      return [
        ...(isHidden === (hidden === 1) ? [] : [store.markHost("hidden", key, isHidden)]),
        ...(isLimited === (limited === 1) ? [] : [store.markHost("limited", key, isLimited)]),
      ];
    });
  }

  async function change(by: number | null, wanted: RuleChange, also: readonly Sql[]): Promise<void> {
    const { before, after } = await rulesAfter(wanted);
    const hosts = await store.findHosts(db);
    const blocked = newlyBlocked(hosts, before, after);
    const nowMs = now();
    const put = wanted.put.filter((rule) => {
      const known = before.get(rule.domain);
      return (
        !known ||
        !isSameRule(known, rule) ||
        known.privateComment !== rule.privateComment ||
        known.list !== rule.list
      );
    });
    await db.batch([
      ...put.flatMap((rule) => [
        store.putRule({ ...rule, by }, nowMs),
        record(keys, {
          by,
          act: "domain-rule",
          subject: rule.domain,
          detail: wordsOf(rule),
          reason: rule.publicComment,
          isPublic: isPublic(rule),
        }),
      ]),
      ...wanted.remove
        .filter((domain) => before.has(domain))
        .flatMap((domain) => [
          store.deleteRule(domain),
          record(keys, { by, act: "domain-remove", subject: domain, isPublic: isPublic(before.get(domain)) }),
        ]),
      ...marks(hosts, gate.mode(), after),
      ...(blocked.length === 0 ? [] : [sever(blocked.map(({ key }) => key))]),
      // What waits for them ends now, with a reason, and not when it would have been tried next.
      ...blocked.map(({ name }) => store.wakeDeliveries(name, nowMs)),
      ...also,
    ]);
    await gate.tell();
  }

  async function reconcile(): Promise<void> {
    const [hosts, rules] = await Promise.all([store.findHosts(db), store.findVerdicts(db)]);
    const statements = marks(hosts, gate.mode(), rules);
    if (statements.length > 0) await db.batch(statements);
  }

  return {
    find: (domain) => store.findRule(db, domainOf(domain)),
    all: () => store.findAllRules(db),
    counts: () => store.countRules(db),
    async list({ part = "", level = null, after, limit }) {
      const asked = { part: searched(part), level, after: after ?? "", limit: limit + 1 };
      const rules = await store.findRules(db, asked);
      return {
        rules: rules.slice(0, limit),
        next: rules.length > limit ? (rules[limit - 1]?.domain ?? null) : null,
      };
    },
    parse(input) {
      const domain = domainOf(input.domain);
      if (!isLevel(input.level))
        throw new Problem("invalid", "Choose what the rule does.", { field: "level", reason: "level" });
      if (domain === ourDomain) {
        throw new Problem("invalid", "This is this server's own domain.", {
          field: "domain",
          reason: "own-domain",
        });
      }
      return {
        domain,
        level: input.level,
        noMedia: input.noMedia ?? false,
        noReports: input.noReports ?? false,
        publicComment: comment(input.publicComment, "publicComment"),
        privateComment: comment(input.privateComment, "privateComment"),
      };
    },
    isOurs: (domain) => domain === ourDomain,
    async cost(wanted) {
      const { before, after } = await rulesAfter(wanted);
      const hosts = await store.findHosts(db);
      const follows = await store.findFollows(
        db,
        newlyBlocked(hosts, before, after).map(({ key }) => key),
      );
      const ended = follows.filter(({ name }) => name === "following" || name === "followers");
      const mode = gate.mode();
      return {
        follows: ended.length,
        people: new Set(ended.map(({ actor }) => actor)).size,
        servers: hosts.filter(({ name, hidden }) => hidden === 0 && refuses(mode, verdictFor(after, name)))
          .length,
      };
    },
    change: (by, wanted, also = []) => inTurn(() => change(by, wanted, also)),
    switchTo: (by, mode, write) =>
      inTurn(async () => {
        await write([record(keys, { by, act: "federation", detail: mode, isPublic: true })]);
        await reconcile();
      }),
    async meet(host, keyOf) {
      const isHidden = gate.isRefused(host);
      const isLimited = gate.isLimited(host);
      if ((!isHidden && !isLimited) || met.get(host) === gate.version()) return;
      const key = await keyOf(host);
      await db.batch([
        ...(isHidden ? [store.markHost("hidden", key, true)] : []),
        ...(isLimited ? [store.markHost("limited", key, true)] : []),
      ]);
      met.set(host, gate.version());
    },
    reconcile: () => inTurn(reconcile),
    severedEvent: (actor, key) => store.findSeveredEvent(db, actor, key),
    async severed(actor, before, limit) {
      const rows = await store.findSevered(db, actor, before, limit + 1);
      return {
        items: rows.slice(0, limit),
        older: rows.length > limit ? (rows[limit - 1]?.key ?? null) : null,
      };
    },
  };
}

function domainOf(input: unknown): string {
  const domain = normaliseDomain(input);
  if (domain !== null) return domain;
  throw new Problem("invalid", "This is not a domain. Write it like school.example.", {
    field: "domain",
    reason: "domain",
  });
}

function comment(text: string | null | undefined, field: string): string {
  const comment = (text ?? "").trim();
  if (comment.length > MAX_COMMENT) {
    throw new Problem("invalid", `Write at most ${MAX_COMMENT} characters.`, { field, reason: "too-long" });
  }
  return comment;
}

/** What somebody types who looks for a rule: a part of a name, in any case, or a name in any spelling. */
const searched = (part: string): string => normaliseDomain(part) ?? part.trim().toLowerCase();

/** `limit no-media`, for the log. */
const wordsOf = ({ level, noMedia, noReports }: Verdict): string =>
  [level, ...(noMedia ? ["no-media"] : []), ...(noReports ? ["no-reports"] : [])].join(" ");

/** Whom a school trusts is its own business; whom it does not is everybody's. */
const isPublic = (rule: Verdict | undefined): boolean => rule !== undefined && rule.level !== "allow";
