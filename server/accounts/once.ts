/** Posting once: what a program sends again under one `Idempotency-Key`, or a page, is the post that is there. */
import type { Now } from "../lib/clock.ts";
import { isProblem } from "../lib/problem.ts";
import type { Sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";
import { findOnce, insertOnce } from "./store-once.ts";

/** A UUID has 36; whatever is longer is cut, as nobody tells two apart by their ends. */
const MAX_NAME = 200;

/** No header holds a line break: no other name is the same as one that begins so. */
const BEGINNINGS = { now: "", later: "later\n", page: "page\n" } as const;

/** `postOnce` for pages. */
export type Once = (
  actor: number,
  name: string | null,
  work: (also: (made: number | null) => readonly Sql[]) => Promise<number>,
) => Promise<number>;

/**
 * `work` makes the post and gives its key; the statements that it is given join its batch. Two requests at once make one
 * post. Without a name it is simply done. What is put off for later has names of its own, and so has what
 * comes from a page.
 */
export async function postOnce(
  { db, now }: { readonly db: Db; readonly now: Now },
  account: number,
  given: string | null,
  work: (also: (made: number | null) => readonly Sql[]) => Promise<number>,
  when: keyof typeof BEGINNINGS = "now",
): Promise<number> {
  const bare = given?.trim().slice(0, MAX_NAME) ?? "";
  if (bare === "") return work(() => []);
  const name = BEGINNINGS[when] + bare;
  const known = await findOnce(db, account, name);
  if (known !== null) return known;
  try {
    return await work((made) => (made === null ? [] : [insertOnce(account, name, made, now())]));
  } catch (error) {
    const made = isProblem(error, "conflict") ? await findOnce(db, account, name) : null;
    if (made === null) throw error;
    return made;
  }
}
