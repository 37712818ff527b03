/** Where Litestream copies the database to, as a person writes it and as Litestream reads it. */
import { isAbsolute } from "node:path";
import { fileURLToPath } from "node:url";
import { Problem } from "../../lib/problem.ts";

export interface Replica {
  /**
   * An absolute path of a folder (or `file:///…`); `s3://bucket/path?endpoint=https://…&region=…`;
   * `sftp://user:password@host:22/path?key=/path/of/private/key`.
   */
  readonly url: string;
  /** For S3; null leaves it to the machine (an instance role). */
  readonly accessKeyId: string | null;
  readonly secretAccessKey: string | null;
}

/** How far back one can go, and how often the whole database is copied: a week of days. */
const RETENTION = "168h";
const SNAPSHOT_INTERVAL = "24h";
/** Litestream's patience before it makes writers wait for readers, in pages: a gigabyte and a half of log. */
const MAX_CHECKPOINT_PAGES = 400_000;

type Target = Readonly<Record<string, string>>;

/** The replica's part of Litestream's configuration. Throws Problem `invalid` with a sentence for the person. */
export function targetOf({ url }: Pick<Replica, "url">): Target {
  if (isAbsolute(url)) return { type: "file", path: url };
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed?.protocol === "file:") return { type: "file", path: fileURLToPath(parsed) };
  if (parsed?.protocol === "s3:" && parsed.hostname !== "") return s3(parsed);
  if (parsed?.protocol === "sftp:" && parsed.hostname !== "") return sftp(parsed);
  throw new Problem(
    "invalid",
    "replica_url must be a folder, s3://bucket/path?endpoint=https://… or sftp://user@host/path. Correct it.",
  );
}

function s3(url: URL): Target {
  const endpoint = url.searchParams.get("endpoint");
  const region = url.searchParams.get("region");
  refuseOthers(url, ["endpoint", "region"]);
  return {
    type: "s3",
    bucket: url.hostname,
    path: url.pathname.replace(/^\/|\/$/g, ""),
    ...(region ? { region } : {}),
    ...(endpoint ? { endpoint } : {}),
  };
}

function sftp(url: URL): Target {
  const key = url.searchParams.get("key");
  refuseOthers(url, ["key"]);
  if (url.username === "")
    throw new Problem(
      "invalid",
      `replica_url names nobody who signs in there. Write sftp://USER@${url.host}${url.pathname}.`,
    );
  return {
    type: "sftp",
    host: `${url.hostname}:${url.port || "22"}`,
    user: decodeURIComponent(url.username),
    path: decodeURIComponent(url.pathname),
    ...(url.password ? { password: decodeURIComponent(url.password) } : {}),
    ...(key ? { "key-path": key } : {}),
  };
}

function refuseOthers(url: URL, known: readonly string[]): void {
  for (const name of url.searchParams.keys()) {
    if (known.includes(name)) continue;
    throw new Problem("invalid", `replica_url has ${name}=, but only ${known.join(", ")} may stand there.`);
  }
}

/** Fit for logs and pages: without user, password and keys. */
export function shownReplica({ url }: Pick<Replica, "url">): string {
  if (isAbsolute(url) || !URL.canParse(url)) return url;
  const parsed = new URL(url);
  parsed.username = "";
  parsed.password = "";
  parsed.searchParams.delete("key");
  return parsed.href;
}

/** Whether it is one before 0.5, which changed its words, its commands and what it writes. */
export const isOldLitestream = (version: string): boolean => /^v?0\.[0-4]\./.test(version);

/**
 * Litestream's configuration, as JSON, which is YAML too. `version` as Litestream tells it:
 * 0.5 has one replica for each database, and its snapshots are everybody's.
 */
export function litestreamConfig(options: {
  readonly path: string;
  readonly replica: Replica;
  readonly port: number;
  readonly version: string;
}): string {
  const { path, replica, port, version } = options;
  const target = targetOf(replica);
  const isOld = isOldLitestream(version);
  const database = isOld
    ? {
        "max-checkpoint-page-count": MAX_CHECKPOINT_PAGES,
        replicas: [{ ...target, retention: RETENTION, "snapshot-interval": SNAPSHOT_INTERVAL }],
      }
    : { replica: target };
  return JSON.stringify({
    // Metrics come with a profiler: for this machine only.
    addr: `127.0.0.1:${port}`,
    logging: { level: "info", type: "json", stderr: true },
    dbs: [{ path, ...database }],
    ...(isOld ? {} : { snapshot: { interval: SNAPSHOT_INTERVAL, retention: RETENTION } }),
  });
}

/** The child's own environment: secrets travel here, not in its configuration, which lies on disk. */
export const litestreamEnvironment = (replica: Replica): Record<string, string> => ({
  ...(replica.accessKeyId === null ? {} : { LITESTREAM_ACCESS_KEY_ID: replica.accessKeyId }),
  ...(replica.secretAccessKey === null ? {} : { LITESTREAM_SECRET_ACCESS_KEY: replica.secretAccessKey }),
});
