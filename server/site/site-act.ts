/** What the staff offer to everybody here, as it is told to whoever keeps the log. */
import type { Sql } from "../lib/sql.ts";

export interface SiteAct {
  /** Key of the account that does it. */
  readonly by: number;
  readonly act: "announcement" | "emoji" | "trend";
  /** The first line, the shortcode, the tag. */
  readonly subject: string;
  readonly detail: "saved" | "removed" | "hidden" | "shown";
}

/** A line of the log, for the batch that does it. */
export type RecordSiteAct = (act: SiteAct) => Sql;
