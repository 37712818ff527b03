/** The audit log: every act of staff as a row that joins the batch which does it. */
import type { Keys } from "../lib/id.ts";
import type { Sql } from "../lib/sql.ts";
import { insertAudit } from "./store-audit.ts";

/** What is written down, by the word under which it is stored; `web/words` has a sentence for each. */
export const AUDIT_ACTS = [
  "federation",
  "domain-rule",
  "domain-remove",
  "domain-list-add",
  "domain-list-accept",
  "domain-list-remove",
  "relay-add",
  "relay-remove",
  "account-approve",
  "account-refuse",
  "account-disable",
  "account-enable",
  "account-role",
  "password-link",
  "factors-reset",
  "provider-add",
  "provider-change",
  "provider-remove",
  "group-act",
  "setting",
  "report",
  "sanction",
  "sanction-lift",
  "appeal",
  "erase",
  "announcement",
  "emoji",
  "trend",
] as const;
export type AuditAct = (typeof AUDIT_ACTS)[number];

export interface AuditEntry {
  /** Key of the actor that does it; null for the command line and for the program itself. */
  readonly by: number | null;
  readonly act: AuditAct;
  /** Key of the person, post or group that it is about … */
  readonly about?: number | null;
  /** … or its name where it has no key: a domain, a setting. */
  readonly subject?: string | null;
  /** What it was made, in one word: `block`, `teacher`. */
  readonly detail?: string | null;
  /** In somebody's own words. */
  readonly reason?: string | null;
  /** Whether everybody may read it; otherwise the staff alone. */
  readonly isPublic?: boolean;
}

/** Texts longer than this are cut: a log is read line by line. */
const MAX_TEXT = 1000;

/** One line of the log, written when the batch is. */
export const record = (keys: Keys, entry: AuditEntry): Sql =>
  insertAudit({
    key: keys.next(),
    who: entry.by,
    act: entry.act,
    about: entry.about ?? null,
    subject: cut(entry.subject),
    detail: cut(entry.detail),
    reason: cut(entry.reason),
    isPublic: entry.isPublic ?? false,
  });

const cut = (text: string | null | undefined): string | null => text?.trim().slice(0, MAX_TEXT) || null;
