/** A row of the object table as the core works with it. */
import type { AsObject } from "./object.ts";

export type Kind = "object" | "activity" | "actor" | "collection";

/** From everybody to only those addressed; the numbers are stored. */
export const VISIBILITIES = ["public", "quiet", "followers", "direct"] as const;
export type VisibilityName = (typeof VISIBILITIES)[number];

export interface Entity {
  readonly key: number;
  readonly iri: string;
  readonly host: number;
  readonly isLocal: boolean;
  readonly kind: Kind | null;
  readonly type: string | null;
  readonly owner: number | null;
  readonly subject: number | null;
  readonly visibility: VisibilityName;
  /** With its `id`; null where only the address is known. */
  readonly document: AsObject | null;
  /** The document as the row held it when it was read, by which is seen whether it has changed since. */
  readonly stored: string | null;
  readonly updatedMs: number | null;
  readonly deletedMs: number | null;
  readonly fetchedMs: number | null;
  /** What was decided about it: a sum of `HELD`. */
  readonly held: number;
}

/**
 * What was decided about a row, each a bit of its `held`: by the staff here, or (`withdrawn`) by the server where the
 * actor lives. All but `hidden` are decided about an actor, and taken over by whatever that actor makes. The order counts:
 * from `limited` on it is in no public list, from `suspended` on nobody sees it.
 */
export const HELD = { covered: 1, limited: 2, suspended: 4, hidden: 8, withdrawn: 16 } as const;

/** Those that whatever an actor makes takes over. */
export const HELD_BY_OWNER = HELD.covered | HELD.limited | HELD.suspended | HELD.withdrawn;

/** Out of everybody's sight by the staff's will or that of its own server, its own or that about its owner. */
export const isOutOfSight = ({ held }: { readonly held: number }): boolean => held >= HELD.suspended;

/** Our own number in the host table. */
export const LOCAL_HOST = 0;
