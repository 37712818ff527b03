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
  readonly updatedMs: number | null;
  readonly deletedMs: number | null;
  readonly fetchedMs: number | null;
}

/** Our own number in the host table. */
export const LOCAL_HOST = 0;
