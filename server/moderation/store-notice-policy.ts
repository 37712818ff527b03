/** The SQL of from whom somebody wants to be told things. */
import { list, raw, type Sql, sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";
import type { NoticePolicy, PolicyAspect } from "./notice-policy.ts";

export const findPolicy = (db: Db, actor: number): Promise<NoticePolicy | null> =>
  db.one<NoticePolicy>(
    sql`SELECT not_following AS "notFollowing", not_followers AS "notFollowers", new_accounts AS "newAccounts",
          private_mentions AS "privateMentions", limited_accounts AS "limitedAccounts"
        FROM notice_policy WHERE actor = ${actor}`,
  );

/** What is not said stays as it is; where nothing is, `usual` holds. */
export function putPolicy(actor: number, said: Partial<NoticePolicy>, usual: NoticePolicy): Sql {
  const policy = { ...usual, ...said };
  const kept = (aspect: PolicyAspect, column: string): Sql =>
    raw(`${column} = ${said[aspect] === undefined ? "notice_policy" : "excluded"}.${column}`);
  return sql`INSERT INTO notice_policy (actor, not_following, not_followers, new_accounts, private_mentions, limited_accounts)
      VALUES (${actor}, ${policy.notFollowing}, ${policy.notFollowers}, ${policy.newAccounts},
        ${policy.privateMentions}, ${policy.limitedAccounts})
      ON CONFLICT (actor) DO UPDATE SET ${kept("notFollowing", "not_following")},
        ${kept("notFollowers", "not_followers")}, ${kept("newAccounts", "new_accounts")},
        ${kept("privateMentions", "private_mentions")}, ${kept("limitedAccounts", "limited_accounts")}`;
}

/** What is decided about a sender: heard from now on, or put aside up to this notice. */
export const putSender = (
  actor: number,
  sender: number,
  state: "accepted" | "dismissed",
  upTo: number,
): Sql =>
  sql`INSERT INTO notice_sender (actor, sender, state, up_to) VALUES (${actor}, ${sender}, ${state}, ${upTo})
      ON CONFLICT (actor, sender) DO UPDATE SET state = excluded.state, up_to = excluded.up_to`;

/** Up to which notice each of these senders was put aside. */
export async function findDismissed(
  db: Db,
  actor: number,
  senders: readonly number[],
): Promise<Map<number, number>> {
  if (senders.length === 0) return new Map();
  const rows = await db.all<{ sender: number; up_to: number }>(
    sql`SELECT sender, up_to FROM notice_sender
        WHERE actor = ${actor} AND state = 'dismissed' AND sender IN ${list(senders)}`,
  );
  return new Map(rows.map(({ sender, up_to }) => [sender, up_to]));
}
