/** What the staff do to accounts and settings, as it is told to whoever keeps the log. */
import type { Sql } from "../lib/sql.ts";

export interface StaffAct {
  /** Key of the account that does it; null for the command line. */
  readonly by: number | null;
  readonly act:
    | "account-approve"
    | "account-refuse"
    | "account-disable"
    | "account-enable"
    | "account-role"
    | "password-link"
    | "factors-reset"
    | "provider-add"
    | "provider-change"
    | "provider-remove"
    | "setting";
  /** The account that it is about. */
  readonly about?: number;
  /** The setting that was changed. */
  readonly subject?: string;
  /** The new role. */
  readonly detail?: string;
  readonly reason?: string | null;
}

/** A line of the log, for the batch that does it. */
export type RecordStaffAct = (act: StaffAct) => Sql;
