/** What the staff can do about a person or a post, and what stays of it to be read and answered. */
import { HELD } from "../core/entity.ts";

/** A word, a post taken away, media behind a cover, out of public lists, out of sight altogether. */
export const SANCTIONS = ["warn", "hide", "cover", "limit", "suspend"] as const;
export type SanctionKind = (typeof SANCTIONS)[number];

export const isSanctionKind = (word: unknown): word is SanctionKind =>
  SANCTIONS.some((kind) => kind === word);

/** The bit that it sets on everything of an actor; nothing for what is about a word or one post. */
export const HOLDS: Readonly<Record<SanctionKind, number>> = {
  warn: 0,
  hide: 0,
  cover: HELD.covered,
  limit: HELD.limited,
  suspend: HELD.suspended,
};

export interface Sanction {
  /** Its time (`timeOfKey`). */
  readonly key: number;
  readonly actor: number;
  /** The post, where it is about one. */
  readonly object: number | null;
  readonly kind: SanctionKind;
  /** What the person is told. */
  readonly text: string;
  readonly report: number | null;
  readonly by: number | null;
  readonly liftedMs: number | null;
  /** Of a suspension: when everything of the account is deleted. */
  readonly erasedAtMs: number | null;
  readonly appeal: string | null;
  readonly appealedMs: number | null;
  readonly answer: string | null;
  readonly answeredMs: number | null;
}
