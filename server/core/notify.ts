/** Notices that no activity of this moment brings: a poll that is over, a consent, a new address. */
import { onCommit, type Sql } from "../lib/sql.ts";
import type { NoticeKind } from "./effects.ts";
import type { Listeners } from "./listeners.ts";
import { insertNotice } from "./store-writes.ts";

/**
 * Statements for the batch that causes it; `activity` is what the notice is about, `matter` the key of a row of another
 * table.
 */
export type Notify = (person: number, kind: NoticeKind, activity: number, matter?: number) => readonly Sql[];

export function createNotify(deps: {
  readonly newKey: () => number;
  readonly listeners: Listeners;
  /** What else is promised with a notice: the person's devices are told. */
  readonly noticed: (person: number, notice: number) => readonly Sql[];
}): Notify {
  const { newKey, listeners, noticed } = deps;
  return (person, kind, activity, matter = 0) => {
    const key = newKey();
    const told = () => listeners.tell({ type: "Notice", activity, actor: person });
    return [onCommit(insertNotice(key, person, kind, activity, matter), told), ...noticed(person, key)];
  };
}
