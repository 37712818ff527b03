/** The index of words in SQLite: FTS5 without the texts, which lie in their own rows. */
import { raw, type Sql, sql } from "../../lib/sql.ts";
import { type Db, type Match, type SearchIndex, SIGNS } from "../db.ts";

/** Counted up with every change of what is made here, or of how words are cut: then everything is made anew. */
const FORM = 2;

/**
 * Words come folded and cut, so the plainest tokenizer does. No prefix index: it would nearly double the room, and
 * beginnings of words are found in the one that there is.
 */
const TABLES = [
  `CREATE VIRTUAL TABLE search_text USING fts5(words, content='', contentless_delete=1,
    tokenize="ascii tokenchars '${Object.values(SIGNS).join("")}'")`,
  // A fifth less work for each entry, and questions take no longer (measured with thirty thousand posts).
  "INSERT INTO search_text (search_text, rank) VALUES ('automerge', 8)",
  "CREATE TABLE search_pending (key INTEGER PRIMARY KEY, stamp INTEGER NOT NULL, is_echo INTEGER NOT NULL)",
  "CREATE TABLE search_walk (owner INTEGER PRIMARY KEY, before INTEGER NOT NULL)",
  "CREATE TABLE search_consent (actor INTEGER PRIMARY KEY)",
  "CREATE TABLE search_form (form INTEGER NOT NULL)",
];

const DROPS = ["text", "pending", "walk", "consent", "form"].map(
  (name) => `DROP TABLE IF EXISTS search_${name}`,
);

const trigger = (name: string, when: string, key: string): readonly string[] => [
  `DROP TRIGGER IF EXISTS search_${name}`,
  `CREATE TRIGGER search_${name} ${when} BEGIN
    INSERT INTO search_pending (key, stamp, is_echo) VALUES (${key}, 1, 0)
      ON CONFLICT (key) DO UPDATE SET stamp = stamp + 1, is_echo = 0;
  END`,
];

const IS_THING = "new.kind IN ('object', 'collection', 'actor') AND new.document IS NOT NULL";
const IS_DEED = "new.kind = 'activity' AND new.host = 0 AND new.subject IS NOT NULL";
const IS_FOR = "property IN ('audience', 'group')";

/** What people here do with a thing decides whether they find it; so does for whom it is, and where it was said. */
const TRIGGERS = [
  ...trigger("thing_put", `AFTER INSERT ON object WHEN ${IS_THING}`, "new.key"),
  ...trigger(
    "thing_changed",
    `AFTER UPDATE OF document, visibility, deleted ON object WHEN ${IS_THING}`,
    "new.key",
  ),
  ...trigger("deed_put", `AFTER INSERT ON object WHEN ${IS_DEED}`, "new.subject"),
  ...trigger(
    "deed_undone",
    `AFTER UPDATE OF deleted ON object WHEN ${IS_DEED} AND new.deleted IS NOT NULL AND old.deleted IS NULL`,
    "new.subject",
  ),
  ...trigger("link_put", `AFTER INSERT ON link WHEN new.${IS_FOR}`, "new.source"),
  ...trigger("link_dropped", `AFTER DELETE ON link WHEN old.${IS_FOR}`, "old.source"),
  ...trigger("name_put", "AFTER INSERT ON actor WHEN new.handle IS NOT NULL", "new.key"),
  ...trigger("name_changed", "AFTER UPDATE OF handle ON actor WHEN new.handle IS NOT old.handle", "new.key"),
];

export function sqliteSearch(db: Db): SearchIndex {
  return {
    async isMade() {
      const [table] = await db.all(raw("SELECT name FROM sqlite_master WHERE name = 'search_form'"));
      if (table === undefined) return false;
      const [made] = await db.all<{ form: number }>(raw("SELECT form FROM search_form"));
      return made?.form === FORM;
    },
    make: () => [
      ...[...DROPS, ...TABLES, ...TRIGGERS].map(raw),
      sql`INSERT INTO search_form (form) VALUES (${FORM})`,
    ],
    put: (key, words): Sql =>
      sql`INSERT OR REPLACE INTO search_text (rowid, words) VALUES (${key}, ${words.join(" ")})`,
    drop: (key) => sql`DELETE FROM search_text WHERE rowid = ${key}`,
    entries: raw("search_text"),
    key: raw("search_text.rowid"),
    isMatch: (hole) => sql`search_text MATCH ${hole}`,
    textOf,
  };
}

/** In the language of FTS5 queries; whatever a word holds, it stands in quotes. */
function textOf(match: Match): string {
  if ("words" in match) return quoted(match.words.join(" "));
  if ("beginning" in match) return `${quoted(match.beginning)} *`;
  if ("every" in match) return `(${match.every.map(textOf).join(" AND ")})`;
  if ("some" in match) return `(${match.some.map(textOf).join(" OR ")})`;
  return `(${textOf(match.which)} NOT ${textOf(match.butNot)})`;
}

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
