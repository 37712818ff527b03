/** The SQL of conversations: which things that are only for those addressed belong together, and before whom they lie. */
import { type Sql, sql } from "../lib/sql.ts";
import type { Effect } from "./effects.ts";

type Talk = Extract<Effect, { effect: "talk" }>;

/** The thing joins the conversation of what it answers, or begins one, and lies on top for everybody here who is in it. */
export function talkStatements(newKey: () => number, talk: Talk): readonly Sql[] {
  const { object, parent, author, here, know, people } = talk;
  const root = sql`(SELECT root FROM talk_post WHERE object = ${object})`;
  return [
    sql`INSERT INTO talk_post (object, root)
        SELECT o.key, COALESCE((SELECT p.root FROM talk_post p WHERE p.object = ${parent}), o.key)
        FROM object o WHERE o.key = ${object} ON CONFLICT (object) DO NOTHING`,
    ...here
      .filter((actor) => !know.includes(actor))
      .map(
        (actor) => sql`INSERT INTO talk (key, actor, root, last, unread)
          SELECT ${newKey()}, ${actor}, ${root}, ${object}, ${actor === author ? 0 : 1}
          FROM object o WHERE o.key = ${object}
          ON CONFLICT (actor, root) DO UPDATE SET unread = excluded.unread,
            last = CASE WHEN excluded.last > talk.last THEN excluded.last ELSE talk.last END`,
      ),
    ...here.flatMap((actor) =>
      people
        .filter((person) => person !== actor)
        .map(
          (person) => sql`INSERT INTO talk_person (talk, person)
            SELECT t.key, ${person} FROM talk t WHERE t.actor = ${actor} AND t.root = ${root}
            ON CONFLICT (talk, person) DO NOTHING`,
        ),
    ),
  ];
}

/** The conversation of this thing, where it was the last of it that is left, goes for those before whom it lay. */
export function dropTalksEndedBy(object: number): readonly Sql[] {
  const ended = sql`t.root = (SELECT p.root FROM talk_post p WHERE p.object = ${object})
    AND t.actor IN (SELECT l.target FROM link l WHERE l.source = ${object} AND l.property = 'audience'
      UNION SELECT o.owner FROM object o WHERE o.key = ${object})
    AND NOT EXISTS (SELECT 1 FROM talk_post p JOIN object o ON o.key = p.object
      WHERE p.root = t.root AND o.deleted IS NULL)`;
  return [
    sql`DELETE FROM talk_person WHERE talk IN (SELECT t.key FROM talk t WHERE ${ended})`,
    sql`DELETE FROM talk WHERE key IN (SELECT t.key FROM talk t WHERE ${ended})`,
  ];
}

/** Conversations of somebody who is gone for good; the others keep theirs. */
export const dropTalksOf = (actor: number): readonly Sql[] => [
  sql`DELETE FROM talk_person WHERE talk IN (SELECT key FROM talk WHERE actor = ${actor})`,
  sql`DELETE FROM talk WHERE actor = ${actor}`,
];
