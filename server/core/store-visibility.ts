/** Who may see what: the one visibility predicate, as SQL, that every read of objects goes through. */
import { has, raw, type Sql, sql } from "../lib/sql.ts";

/** What the table `object` is called in a statement. */
type Alias = "o" | "a" | "s";

/** The link from a thing to each group that it is in. */
export const IN_GROUP = "group";

/**
 * Not of a server that is refused here (`moderation/domains.ts` keeps the table): one look into a small index for each
 * row, none while it is empty.
 */
export const isHostShown = (alias: Alias = "o"): Sql =>
  sql`${raw(alias)}.host NOT IN (SELECT host FROM hidden_host)`;

/** Not of a server that is limited here, which public lists show only to those who follow its people. */
export const isHostListed: Sql = raw("o.host NOT IN (SELECT host FROM limited_host)");

/**
 * True for rows of `alias` (a table `object`) that the viewer may see: not buried nor put out of sight by the staff, and public or quiet,
 * or the viewer's own, or addressed to the viewer, or for followers and the viewer is one, or in a group whose
 * member the viewer is;
 * never of a server that is refused here, nor where the owner has blocked the viewer. `viewer` is an actor's key (or
 * the column that holds those of many), null for a stranger.
 */
export function visibleTo(viewer: number | Sql | null, alias: Alias = "o"): Sql {
  const t = raw(alias);
  if (viewer === null)
    return sql`${t}.deleted IS NULL AND ${t}.held < 4 AND ${t}.visibility <= 1 AND ${isHostShown(alias)}`;
  return sql`${t}.deleted IS NULL AND ${t}.held < 4 AND (${t}.visibility <= 1 OR ${t}.owner = ${viewer}
      OR ${has(sql`FROM link WHERE target = ${viewer} AND property = 'audience' AND source = ${t}.key`)}
      OR (${t}.visibility = 2 AND ${has(sql`FROM member vm WHERE vm.item = ${viewer} AND vm.collection =
        (SELECT vc.key FROM collection vc WHERE vc.owner = ${t}.owner AND vc.name = 'followers')`)})
      OR (${t}.visibility = 3 AND ${has(sql`FROM link g JOIN collection gc ON gc.owner = g.target AND gc.name = 'members'
        JOIN member gm ON gm.collection = gc.key AND gm.item = ${viewer}
        WHERE g.source = ${t}.key AND g.property = ${raw(`'${IN_GROUP}'`)}`)}))
    AND ${isHostShown(alias)}
    AND NOT ${has(sql`FROM member bm WHERE bm.item = ${viewer} AND bm.collection =
        (SELECT bc.key FROM collection bc WHERE bc.owner = ${t}.owner AND bc.name = 'blocked')`)}`;
}
