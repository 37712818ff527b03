/** The SQL of quotes: what a post quotes, and whether the quoted author consents (FEP-044f). */

import { visibleTo } from "../core/store-visibility.ts";
import { has, raw, sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";
import { QUOTES_REFUSED, QUOTES_WITHDRAWN } from "../vocab/quote/request.ts";
import type { Range } from "./fill.ts";
import { ranged, statement } from "./store-statement.ts";

export interface QuoteRow {
  /** The quoting post. */
  readonly quote: number;
  readonly quoted: number;
  /** 1 where its author quotes themselves, or the quoted author's consent to this very pair stands. */
  readonly consented: number;
  /** What its author was told, where consent was refused or taken back. */
  readonly refusal: "refused" | "withdrawn" | null;
}

const isAmong = (name: string) =>
  has(sql`FROM member m WHERE m.item = p.key
    AND m.collection = (SELECT key FROM collection WHERE owner = q.key AND name = ${raw(`'${name}'`)})`);

/**
 * Consent is what the rows say now: a QuoteAuthorization that belongs to the quoted author, names both posts, and was
 * not deleted. Nothing is recorded by whoever comes first (CVE-2026-33869), policies prove
 * nothing, and only a thing itself is quoted, never somebody's share of it (GHSA-8h43-rcqj-wpc6).
 */
const quotes = statement<{ keys: readonly number[] }>(
  ({
    keys,
  }) => sql`SELECT l.source AS quote, q.key AS quoted, CASE WHEN p.owner = q.owner OR ${has(sql`FROM link i
        JOIN object s ON s.key = i.source AND s.type = 'QuoteAuthorization' AND s.deleted IS NULL AND s.owner = q.owner
        JOIN link t ON t.target = q.key AND t.property = 'interactionTarget' AND t.source = s.key
        WHERE i.target = p.key AND i.property = 'interactingObject'`)} THEN 1 ELSE 0 END AS consented,
      CASE WHEN ${isAmong(QUOTES_WITHDRAWN)} THEN 'withdrawn' WHEN ${isAmong(QUOTES_REFUSED)} THEN 'refused' END AS refusal
    FROM link l JOIN object p ON p.key = l.source JOIN object q ON q.key = l.target
    WHERE l.source IN ${keys} AND l.property = 'quote' AND q.kind = 'object'`,
);

/** Of those among `keys` that quote something known here. */
export async function findQuotes(db: Db, keys: readonly number[]): Promise<QuoteRow[]> {
  return keys.length === 0 ? [] : db.all<QuoteRow>(quotes({ keys }));
}

export interface QuotingRow {
  /** Of the consent; the cursor. */
  readonly stamp: number;
  readonly stamp_iri: string;
  /** The quoting post, known by its address at least. */
  readonly quote: number;
  readonly quote_iri: string;
  /** 1 where the viewer may see it here. */
  readonly shown: number;
}

const quoting = ranged<{ quoted: number }>(
  (
    { quoted, before, after, limit },
    viewer,
    order,
  ) => sql`SELECT m.cause AS stamp, s.iri AS stamp_iri, o.key AS quote,
      o.iri AS quote_iri, CASE WHEN o.document IS NOT NULL AND ${visibleTo(viewer)} THEN 1 ELSE 0 END AS shown
    FROM member m JOIN object o ON o.key = m.item JOIN object s ON s.key = m.cause
    WHERE m.collection = (SELECT key FROM collection WHERE owner = ${quoted} AND name = 'quotes')
      AND m.cause < ${before} AND m.cause > ${after}
    ORDER BY m.cause ${order} LIMIT ${limit}`,
);

/** What quotes this thing of ours with consent, by the time of the consent. */
export const findQuoting = (
  db: Db,
  quoted: number,
  range: Range,
  viewer: number | null,
): Promise<QuotingRow[]> => db.all<QuotingRow>(quoting({ quoted }, range, viewer));

export interface AskingRow {
  readonly request: number;
  readonly request_iri: string;
  readonly actor: number;
  readonly document: string;
}

/** More people than that are answered after the first ones. */
const MAX_ASKING = 50;

/** Who waits for consent to quote this thing of ours, the first first. */
export const findAsking = (db: Db, quoted: number): Promise<AskingRow[]> =>
  db.all<AskingRow>(
    sql`SELECT o.key AS request, o.iri AS request_iri, o.owner AS actor, o.document FROM member m JOIN object o ON o.key = m.item
        WHERE m.collection = (SELECT key FROM collection WHERE owner = ${quoted} AND name = 'quote-requests')
          AND o.deleted IS NULL ORDER BY m.item LIMIT ${MAX_ASKING}`,
  );
