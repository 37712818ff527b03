/** Their short ids are our keys, written as text: they sort by time and fit into 53 bits. */
import { parseKey } from "../../lib/id.ts";
import { Problem } from "../../lib/problem.ts";

export const idOf = (key: number): string => String(key);

/** The key that a client names. @throws Problem `not-found` for what is none: it stands for nothing. */
export function keyOf(id: string | null | undefined): number {
  const key = parseKey(id);
  if (key === null) throw notHere();
  return key;
}

/** Keys among what a client lists, each once, in order; the rest stands for nothing. */
export const keysOf = (ids: readonly string[]): readonly number[] => [
  ...new Set(ids.flatMap((id) => parseKey(id) ?? [])),
];

export const notHere = (): Problem => new Problem("not-found", "Record not found");

/** `YYYY-MM-DDTHH:mm:ss.sssZ`: some clients read no other form. */
export const timeOf = (ms: number): string => new Date(ms).toISOString();

export const timeOrNull = (ms: number | null | undefined): string | null => (ms == null ? null : timeOf(ms));
