/** What the administration pages ask of the parts that run the server. */
import type { AdminBackupProps } from "./pages/admin/backup.ts";
import type { FailedJobRow, JobKindRow } from "./pages/admin/jobs.ts";
import type { LogLine } from "./pages/admin/log.ts";
import type { OverviewProps } from "./pages/admin/overview.ts";
import type { PeerRow } from "./pages/admin/peers.ts";

export interface Operations {
  figures(): Promise<OverviewProps["figures"]>;
  backup(): Promise<AdminBackupProps>;
  jobs(): Promise<{ kinds: readonly JobKindRow[]; failed: readonly FailedJobRow[] }>;
  retryJob(key: number): Promise<void>;
  discardJob(key: number): Promise<void>;
  peers(after: string | null): Promise<{ rows: readonly PeerRow[]; next: string | null }>;
  /** Asks the server again now, whatever it did before. */
  retryPeer(host: string): Promise<void>;
  warnings(): readonly LogLine[];
  readonly startedMs: number;
}
