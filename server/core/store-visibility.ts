/** The one visibility predicate, as SQL: every read of objects goes through it (`access.ts` is its twin in code). */
import { raw, type Sql, sql } from "../lib/sql.ts";

/**
 * True for rows of `alias` (a table `object`) that the viewer may see: not buried, and public or quiet,
 * or the viewer's own, or addressed to the viewer, or for followers and the viewer is one;
 * never where the owner has blocked the viewer. `viewer` is an actor's key, null for a stranger.
 */
export function visibleTo(viewer: number | null, alias: "o" | "a" = "o"): Sql {
  const t = raw(alias);
  if (viewer === null) return sql`${t}.deleted IS NULL AND ${t}.visibility <= 1`;
  return sql`${t}.deleted IS NULL AND (${t}.visibility <= 1 OR ${t}.owner = ${viewer}
      OR EXISTS (SELECT 1 FROM link WHERE target = ${viewer} AND property = 'audience' AND source = ${t}.key)
      OR (${t}.visibility = 2 AND EXISTS (SELECT 1 FROM collection vc JOIN member vm ON vm.collection = vc.key
          WHERE vc.owner = ${t}.owner AND vc.name = 'followers' AND vm.item = ${viewer})))
    AND NOT EXISTS (SELECT 1 FROM collection bc JOIN member bm ON bm.collection = bc.key
          WHERE bc.owner = ${t}.owner AND bc.name = 'blocked' AND bm.item = ${viewer})`;
}
