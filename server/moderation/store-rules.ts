/** The SQL of domain rules, and of the servers that they hide or limit. */
import { contains, list as inList, none, type Sql, sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";
import type { DomainRule, Level, RuleDraft, Verdict } from "./rules.ts";

interface RuleRow {
  readonly domain: string;
  readonly level: Level;
  readonly no_media: number;
  readonly no_reports: number;
  readonly public_comment: string;
  readonly private_comment: string;
  readonly list: number | null;
  readonly by_account: number | null;
  readonly changed: number;
}

const COLUMNS = sql`domain, level, no_media, no_reports, public_comment, private_comment, list, by_account, changed`;

const toRule = (row: RuleRow): DomainRule => ({
  domain: row.domain,
  level: row.level,
  noMedia: row.no_media === 1,
  noReports: row.no_reports === 1,
  publicComment: row.public_comment,
  privateComment: row.private_comment,
  list: row.list,
  by: row.by_account,
  changedMs: row.changed,
});

/** Every rule, without its words: a list of ten thousand takes about 2 MB. */
export async function findVerdicts(db: Db): Promise<Map<string, Verdict>> {
  const rows = await db.all<Pick<RuleRow, "domain" | "level" | "no_media" | "no_reports">>(
    sql`SELECT domain, level, no_media, no_reports FROM domain_rule`,
  );
  return new Map(
    rows.map((row) => [
      row.domain,
      { level: row.level, noMedia: row.no_media === 1, noReports: row.no_reports === 1 },
    ]),
  );
}

/** Another text whenever a rule was made, changed or removed, whoever did it. */
export async function findStamp(db: Db): Promise<string> {
  const row = await db.one<{ many: number; last: number }>(
    sql`SELECT count(*) AS many, COALESCE(MAX(changed), 0) AS last FROM domain_rule`,
  );
  return `${row?.many ?? 0} ${row?.last ?? 0}`;
}

/** Every rule by its domain. */
export async function findAllRules(db: Db): Promise<Map<string, DomainRule>> {
  const rows = await db.all<RuleRow>(sql`SELECT ${COLUMNS} FROM domain_rule ORDER BY domain`);
  return new Map(rows.map((row) => [row.domain, toRule(row)]));
}

export async function findRule(db: Db, domain: string): Promise<DomainRule | null> {
  const row = await db.one<RuleRow>(sql`SELECT ${COLUMNS} FROM domain_rule WHERE domain = ${domain}`);
  return row && toRule(row);
}

/** By name; `part` is looked for anywhere in it. */
export async function findRules(
  db: Db,
  asked: {
    readonly part: string;
    readonly level: Level | null;
    readonly after: string;
    readonly limit: number;
  },
): Promise<DomainRule[]> {
  const rows = await db.all<RuleRow>(
    sql`SELECT ${COLUMNS} FROM domain_rule WHERE domain > ${asked.after}
        ${asked.part === "" ? none : sql`AND ${contains("domain", asked.part)}`}
        ${asked.level === null ? none : sql`AND level = ${asked.level}`}
      ORDER BY domain LIMIT ${asked.limit}`,
  );
  return rows.map(toRule);
}

export async function countRules(db: Db): Promise<Record<Level, number>> {
  const counts: Record<Level, number> = { allow: 0, none: 0, limit: 0, block: 0 };
  const rows = await db.all<{ level: Level; many: number }>(
    sql`SELECT level, count(*) AS many FROM domain_rule GROUP BY level`,
  );
  for (const { level, many } of rows) counts[level] = many;
  return counts;
}

export const putRule = (
  rule: RuleDraft & { readonly list: number | null; readonly by: number | null },
  nowMs: number,
): Sql =>
  sql`INSERT INTO domain_rule (domain, level, no_media, no_reports, public_comment, private_comment, list, by_account, changed)
      VALUES (${rule.domain}, ${rule.level}, ${rule.noMedia ? 1 : 0}, ${rule.noReports ? 1 : 0}, ${rule.publicComment},
        ${rule.privateComment}, ${rule.list}, ${rule.by}, ${nowMs})
      ON CONFLICT (domain) DO UPDATE SET level = excluded.level, no_media = excluded.no_media,
        no_reports = excluded.no_reports, public_comment = excluded.public_comment,
        private_comment = excluded.private_comment, list = excluded.list, by_account = excluded.by_account,
        changed = excluded.changed`;

export const deleteRule = (domain: string): Sql => sql`DELETE FROM domain_rule WHERE domain = ${domain}`;

/** The rules of a list that is given up stay, as if somebody here had written them. */
export const keepRulesOf = (list: number): Sql =>
  sql`UPDATE domain_rule SET list = NULL WHERE list = ${list}`;

export interface HostRow {
  readonly key: number;
  readonly name: string;
  readonly hidden: number;
  readonly limited: number;
}

/** Every other server that is known, and what the rules made of it. */
export const findHosts = (db: Db): Promise<HostRow[]> =>
  db.all<HostRow>(
    sql`SELECT h.key, h.name, CASE WHEN x.host IS NULL THEN 0 ELSE 1 END AS hidden,
          CASE WHEN l.host IS NULL THEN 0 ELSE 1 END AS limited
        FROM host h LEFT JOIN hidden_host x ON x.host = h.key LEFT JOIN limited_host l ON l.host = h.key
        WHERE h.key <> 0`,
  );

const TABLES = {
  hidden: {
    add: (host: number) => sql`INSERT INTO hidden_host (host) VALUES (${host}) ON CONFLICT (host) DO NOTHING`,
    remove: (host: number) => sql`DELETE FROM hidden_host WHERE host = ${host}`,
  },
  limited: {
    add: (host: number) =>
      sql`INSERT INTO limited_host (host) VALUES (${host}) ON CONFLICT (host) DO NOTHING`,
    remove: (host: number) => sql`DELETE FROM limited_host WHERE host = ${host}`,
  },
} as const;

export const markHost = (which: keyof typeof TABLES, host: number, isMarked: boolean): Sql =>
  TABLES[which][isMarked ? "add" : "remove"](host);

export interface FollowRow {
  /** The person here. */
  readonly actor: number;
  readonly other: number;
  readonly name: "following" | "followers" | "requests" | "requested";
  /** The Follow that keeps it. */
  readonly cause: number;
  readonly host: number;
}

/** Followings, either way and asked for or granted, between people here and these servers: all, or some of them. */
export async function findFollows(
  db: Db,
  hosts: readonly number[],
  limit = Number.POSITIVE_INFINITY,
): Promise<FollowRow[]> {
  const found: FollowRow[] = [];
  for (let at = 0; at < hosts.length && found.length < limit; at += HOSTS_AT_ONCE) {
    const most = limit - found.length;
    found.push(
      ...(await db.all<FollowRow>(
        sql`SELECT c.owner AS actor, m.item AS other, c.name, m.cause, r.host
            FROM object l JOIN collection c ON c.owner = l.key JOIN member m ON m.collection = c.key
              JOIN object r ON r.key = m.item
            WHERE l.host = 0 AND l.kind = 'actor' AND c.name IN ('following', 'followers', 'requests', 'requested')
              AND m.cause IS NOT NULL AND r.host IN ${inList(hosts.slice(at, at + HOSTS_AT_ONCE))}
            ${most === Number.POSITIVE_INFINITY ? none : sql`LIMIT ${most}`}`,
      )),
    );
  }
  return found;
}

/** A domain under which many people keep a server each has some thousands; neither engine takes lists without end. */
const HOSTS_AT_ONCE = 500;

export const insertSevered = (
  key: number,
  row: {
    readonly actor: number;
    readonly other: number;
    readonly direction: "following" | "follower";
    readonly domain: string;
  },
): Sql =>
  sql`INSERT INTO severed (key, actor, other, direction, domain)
      VALUES (${key}, ${row.actor}, ${row.other}, ${row.direction}, ${row.domain})`;

/** For each person the first following that ended since, with a block of one of these domains. */
export async function findSeveredSince(
  db: Db,
  since: number,
  domains: ReadonlySet<string>,
): Promise<ReadonlyMap<number, number>> {
  const rows = await db.all<{ actor: number; domain: string; first: number }>(
    sql`SELECT actor, domain, MIN(key) AS first FROM severed WHERE key > ${since}
        GROUP BY actor, domain ORDER BY first DESC`,
  );
  return new Map(rows.filter(({ domain }) => domains.has(domain)).map(({ actor, first }) => [actor, first]));
}

export interface SeveredRow {
  /** Its time (`timeOfKey`) and the cursor. */
  readonly key: number;
  /** `@bob@there.example`, or the address where the name was never confirmed. */
  readonly name: string;
  readonly iri: string;
  readonly direction: "following" | "follower";
  readonly domain: string;
}

/** Followings of this person that ended with a block, newest first. */
export const findSevered = (db: Db, actor: number, before: number, limit: number): Promise<SeveredRow[]> =>
  db.all<SeveredRow>(
    sql`SELECT s.key, COALESCE('@' || a.handle, o.iri) AS name, o.iri, s.direction, s.domain
        FROM severed s JOIN object o ON o.key = s.other LEFT JOIN actor a ON a.key = s.other
        WHERE s.actor = ${actor} AND s.key < ${before} ORDER BY s.key DESC LIMIT ${limit}`,
  );

export interface SeveredEvent {
  readonly domain: string;
  readonly followers: number;
  readonly following: number;
}

/** What ended for the person together with this one. */
export const findSeveredEvent = (db: Db, actor: number, key: number): Promise<SeveredEvent | null> =>
  db.one<SeveredEvent>(
    sql`SELECT e.domain, (SELECT count(*) FROM severed s WHERE s.actor = e.actor AND s.domain = e.domain
            AND s.direction = 'follower') AS followers,
          (SELECT count(*) FROM severed s WHERE s.actor = e.actor AND s.domain = e.domain
            AND s.direction = 'following') AS following
        FROM severed e WHERE e.key = ${key} AND e.actor = ${actor}`,
  );

/** Jobs for a server that is not spoken to any more are looked at now, and end. */
export const wakeDeliveries = (host: string, nowMs: number): Sql =>
  sql`UPDATE job SET due = ${nowMs} WHERE kind = 'deliver' AND lane = ${host} AND lease IS NULL AND buried IS NULL`;
