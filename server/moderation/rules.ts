/** What was decided about other servers: one rule for a domain and all names below it, the most specific one winning. */
import { domainsAbove } from "../lib/domain.ts";

/** The switch for the whole server: nobody, only those with a rule that allows them, or everybody who is not blocked. */
export const FEDERATION_MODES = ["open", "partners", "closed"] as const;
export type FederationMode = (typeof FEDERATION_MODES)[number];

/**
 * `allow` makes a partner, and lets a name in below one that is blocked. `none` says nothing but what the other two
 * properties of the rule say. `limit` keeps out of public lists and lets nobody follow unasked. `block` is the end.
 */
export const LEVELS = ["allow", "none", "limit", "block"] as const;
export type Level = (typeof LEVELS)[number];

export const isLevel = (text: unknown): text is Level => LEVELS.some((level) => level === text);

/** The part of a rule that is asked for with every request. */
export interface Verdict {
  readonly level: Level;
  /** Pictures, films and sounds from there are shown as links only. */
  readonly noMedia: boolean;
  readonly noReports: boolean;
}

export interface RuleDraft extends Verdict {
  /** As `normaliseDomain` writes it. */
  readonly domain: string;
  /** For everybody to read. */
  readonly publicComment: string;
  /** For those who run the server. */
  readonly privateComment: string;
}

export interface DomainRule extends RuleDraft {
  /** The subscribed list that it came from, or null. */
  readonly list: number | null;
  /** The actor that decided it; null for the command line and for lists that accept by themselves. */
  readonly by: number | null;
  readonly changedMs: number;
}

/** Comments are a sentence or two. */
export const MAX_COMMENT = 1000;

/** The rule that holds for a (normalised) host, or null. */
export function verdictFor<T extends Verdict>(rules: ReadonlyMap<string, T>, host: string): T | null {
  if (rules.size === 0) return null;
  for (const domain of domainsAbove(host)) {
    const rule = rules.get(domain);
    if (rule) return rule;
  }
  return null;
}

/** Whether nothing goes to a host with this rule, comes from there, or is shown of it. */
export function refuses(mode: FederationMode, verdict: Verdict | null): boolean {
  if (mode === "closed") return true;
  return mode === "partners" ? verdict?.level !== "allow" : verdict?.level === "block";
}

/** Two rules that do the same and say the same to everybody. */
export const isSameRule = (one: RuleDraft, other: RuleDraft): boolean =>
  one.level === other.level &&
  one.noMedia === other.noMedia &&
  one.noReports === other.noReports &&
  one.publicComment === other.publicComment;
