/** The index of words in PostgreSQL: vectors that we make ourselves, so that both engines find the same. */
import { raw, sql } from "../../lib/sql.ts";
import type { Db, Match, SearchIndex } from "../db.ts";

/** Counted up with every change of what is made here, or of how words are cut: then everything is made anew. */
const FORM = 1;

const TABLES = [
  "CREATE TABLE search_text (key BIGINT PRIMARY KEY, words TSVECTOR NOT NULL)",
  "CREATE INDEX search_text_by_words ON search_text USING GIN (words)",
  "CREATE TABLE search_pending (key BIGINT PRIMARY KEY, stamp BIGINT NOT NULL, is_echo BIGINT NOT NULL)",
  "CREATE TABLE search_walk (owner BIGINT PRIMARY KEY, before BIGINT NOT NULL)",
  "CREATE TABLE search_consent (actor BIGINT PRIMARY KEY)",
  "CREATE TABLE search_form (form BIGINT NOT NULL)",
];

const DROPS = ["text", "pending", "walk", "consent", "form"].map(
  (name) => `DROP TABLE IF EXISTS search_${name}`,
);

/** `key` of NEW or OLD, where the condition holds. */
const trigger = (name: string, on: string, condition: string, key: string): readonly string[] => [
  `CREATE OR REPLACE FUNCTION search_${name}() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    INSERT INTO search_pending AS p (key, stamp, is_echo) VALUES (${key}, 1, 0)
      ON CONFLICT (key) DO UPDATE SET stamp = p.stamp + 1, is_echo = 0;
    RETURN NULL;
  END $$`,
  `DROP TRIGGER IF EXISTS search_${name} ON ${on.split(" ").at(-1)}`,
  `CREATE TRIGGER search_${name} ${on} FOR EACH ROW WHEN (${condition}) EXECUTE FUNCTION search_${name}()`,
];

const IS_THING = "NEW.kind IN ('object', 'collection', 'actor') AND NEW.document IS NOT NULL";
const IS_DEED = "NEW.kind = 'activity' AND NEW.host = 0 AND NEW.subject IS NOT NULL";
const IS_FOR = "property IN ('audience', 'group')";

/** What people here do with a thing decides whether they find it; so does for whom it is, and where it was said. */
const TRIGGERS = [
  ...trigger("thing_put", "AFTER INSERT ON object", IS_THING, "NEW.key"),
  ...trigger("thing_changed", "AFTER UPDATE OF document, visibility, deleted ON object", IS_THING, "NEW.key"),
  ...trigger("deed_put", "AFTER INSERT ON object", IS_DEED, "NEW.subject"),
  ...trigger(
    "deed_undone",
    "AFTER UPDATE OF deleted ON object",
    `${IS_DEED} AND NEW.deleted IS NOT NULL AND OLD.deleted IS NULL`,
    "NEW.subject",
  ),
  ...trigger("link_put", "AFTER INSERT ON link", `NEW.${IS_FOR}`, "NEW.source"),
  ...trigger("link_dropped", "AFTER DELETE ON link", `OLD.${IS_FOR}`, "OLD.source"),
  ...trigger("name_put", "AFTER INSERT ON actor", "NEW.handle IS NOT NULL", "NEW.key"),
  ...trigger(
    "name_changed",
    "AFTER UPDATE OF handle ON actor",
    "NEW.handle IS DISTINCT FROM OLD.handle",
    "NEW.key",
  ),
];

export function postgresSearch(db: Db): SearchIndex {
  return {
    async isMade() {
      const [table] = await db.all<{ there: number }>(
        raw("SELECT to_regclass('search_form') IS NOT NULL AS there"),
      );
      if (table?.there !== 1) return false;
      const [made] = await db.all<{ form: number }>(raw("SELECT form FROM search_form"));
      return made?.form === FORM;
    },
    make: () => [
      ...[...DROPS, ...TABLES, ...TRIGGERS].map(raw),
      sql`INSERT INTO search_form (form) VALUES (${FORM})`,
    ],
    put: (key, words) =>
      sql`INSERT INTO search_text (key, words) VALUES (${key}, CAST(CAST(${vectorOf(words)} AS TEXT) AS TSVECTOR))
        ON CONFLICT (key) DO UPDATE SET words = excluded.words`,
    drop: (key) => sql`DELETE FROM search_text WHERE key = ${key}`,
    entries: raw("search_text"),
    key: raw("search_text.key"),
    isMatch: (hole) => sql`search_text.words @@ CAST(CAST(${hole} AS TEXT) AS TSQUERY)`,
    textOf,
  };
}

/** PostgreSQL keeps no higher position (PostgreSQL §12.11), and phrases need one for each word. */
const MAX_POSITION = 16_383;

const vectorOf = (words: readonly string[]): string =>
  words
    .slice(0, MAX_POSITION)
    .map((word, i) => `${quoted(word)}:${i + 1}`)
    .join(" ");

/** In the language of `tsquery`; whatever a word holds, it stands in quotes. */
function textOf(match: Match): string {
  if ("words" in match) return `(${match.words.map(quoted).join(" <-> ")})`;
  if ("beginning" in match) return `${quoted(match.beginning)}:*`;
  if ("every" in match) return `(${match.every.map(textOf).join(" & ")})`;
  if ("some" in match) return `(${match.some.map(textOf).join(" | ")})`;
  return `(${textOf(match.which)} & !${textOf(match.butNot)})`;
}

const quoted = (word: string): string => `'${word.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
