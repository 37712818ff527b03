/** What the administration pages ask of the parts that run the server. */
import type { AdminBackupProps } from "./pages/admin/backup.ts";
import type { FailedJobRow, JobKindRow } from "./pages/admin/jobs.ts";
import type { LogLine } from "./pages/admin/log.ts";
import type { MediaFigures } from "./pages/admin/media.ts";
import type { OverviewProps } from "./pages/admin/overview.ts";
import type { PeerRow } from "./pages/admin/peers.ts";

export interface Operations {
  figures(): Promise<OverviewProps["figures"]>;
  backup(): Promise<AdminBackupProps>;
  jobs(): Promise<{ kinds: readonly JobKindRow[]; failed: readonly FailedJobRow[] }>;
  retryJob(key: number): Promise<void>;
  discardJob(key: number): Promise<void>;
  /** By name, after the one named: all, or those in trouble. */
  peers(
    after: string | null,
    isTroubled: boolean,
  ): Promise<{ rows: readonly PeerRow[]; next: string | null }>;
  /** Null where nothing is known of it. */
  peer(host: string): Promise<PeerRow | null>;
  warnings(): readonly LogLine[];
  /** Pictures of other servers on this node's disk. */
  media(): Promise<MediaFigures>;
  clearMedia(): Promise<unknown>;
  readonly startedMs: number;
}
