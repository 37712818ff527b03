/** The SQL of relays. */

import type { Ref } from "../core/effects.ts";
import { keyOf } from "../core/store-writes.ts";
import { type Sql, sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";

export type RelayKind = "mastodon" | "litepub";
export type RelayState = "waiting" | "accepted" | "refused";

export interface RelayRow {
  readonly key: number;
  readonly address: string;
  readonly kind: RelayKind;
  readonly state: RelayState;
  readonly inbox: string;
  readonly host: number;
  readonly host_name: string;
  readonly actor: number | null;
  readonly actor_iri: string | null;
  readonly follow: number;
  readonly follow_iri: string;
  readonly per_hour: number;
  readonly created: number;
}

/** All of them, the oldest first: a handful. */
export const findRelays = (db: Db): Promise<RelayRow[]> =>
  db.all<RelayRow>(
    sql`SELECT r.key, r.address, r.kind, r.state, r.inbox, r.host, h.name AS host_name, r.actor,
          a.iri AS actor_iri, r.follow, f.iri AS follow_iri, r.per_hour, r.created
        FROM relay r JOIN host h ON h.key = r.host JOIN object f ON f.key = r.follow
        LEFT JOIN object a ON a.key = r.actor ORDER BY r.key`,
  );

export interface NewRelay {
  readonly key: number;
  readonly address: string;
  readonly kind: RelayKind;
  readonly inbox: string;
  readonly host: number;
  readonly actor: number | null;
  readonly perHour: number;
  readonly createdMs: number;
}

/** An address that is there already is a conflict. */
export const insertRelay = (relay: NewRelay, follow: Ref): Sql =>
  sql`INSERT INTO relay (key, address, kind, state, inbox, host, actor, follow, per_hour, created)
      VALUES (${relay.key}, ${relay.address}, ${relay.kind}, 'waiting', ${relay.inbox}, ${relay.host},
        ${relay.actor}, ${keyOf(follow)}, ${relay.perHour}, ${relay.createdMs})`;

/** The same, by the Follow that this actor of ours has made in the same batch. */
export const insertFollowedRelay = (relay: NewRelay & { readonly actor: number }, by: number): Sql =>
  sql`INSERT INTO relay (key, address, kind, state, inbox, host, actor, follow, per_hour, created)
      VALUES (${relay.key}, ${relay.address}, ${relay.kind}, 'waiting', ${relay.inbox}, ${relay.host}, ${relay.actor},
        (SELECT MAX(key) FROM object WHERE subject = ${relay.actor} AND type = 'Follow' AND owner = ${by}),
        ${relay.perHour}, ${relay.createdMs})`;

/** Touches one row while this relay is one of no more than `most`. */
export const isWithinRelays = (key: number, most: number): Sql =>
  sql`UPDATE relay SET per_hour = per_hour WHERE key = ${key} AND (SELECT count(*) FROM relay) <= ${most}`;

export const setRelayState = (key: number, state: RelayState, actor: number): Sql =>
  sql`UPDATE relay SET state = ${state}, actor = ${actor} WHERE key = ${key}`;

export const setRelayLimit = (key: number, perHour: number): Sql =>
  sql`UPDATE relay SET per_hour = ${perHour} WHERE key = ${key}`;

export const deleteRelay = (key: number): Sql => sql`DELETE FROM relay WHERE key = ${key}`;
