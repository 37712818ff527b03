/** Asks a running Litestream how far it is. */
import { get } from "node:http";

/** Where the database's log is, and how far the replica has it. */
export interface Progress {
  /** Bytes of the log that the replica lacks; 0 when it has everything that Litestream has seen. */
  readonly behindBytes: number;
  readonly syncErrors: number;
}

/** Longer than a healthy process needs to answer on loopback. */
const PATIENCE_MS = 2000;

/** Null when nobody answers, or before the first copy. */
export async function askProgress(port: number): Promise<Progress | null> {
  const text = await readText(port);
  return text === null ? null : parseProgress(text);
}

/** Reads Prometheus' text form. */
export function parseProgress(text: string): Progress | null {
  const value = (name: string): number | null => {
    const [, found] = new RegExp(`^litestream_${name}\\{[^}]*\\} (\\S+)$`, "m").exec(text) ?? [];
    return found === undefined ? null : Number(found);
  };
  const written = { index: value("shadow_wal_index"), offset: value("shadow_wal_size") };
  const copied = { index: value("replica_wal_index"), offset: value("replica_wal_offset") };
  if (written.index === null || written.offset === null || copied.index === null || copied.offset === null) {
    return null;
  }
  // Between two files of the log only the newer one's size is known: a low estimate, but never 0.
  const isSameFile = written.index === copied.index;
  const behindBytes = isSameFile ? written.offset - copied.offset : Math.max(written.offset, 1);
  return { behindBytes: Math.max(0, behindBytes), syncErrors: value("sync_error_count") ?? 0 };
}

/** On loopback, to a child of ours: not the guarded client, which refuses private addresses. */
function readText(port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const request = get({ host: "127.0.0.1", port, path: "/metrics", timeout: PATIENCE_MS }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        text += chunk;
      });
      response.on("end", () => resolve(response.statusCode === 200 ? text : null));
      response.on("error", () => resolve(null));
    });
    request.on("timeout", () => request.destroy());
    request.on("error", () => resolve(null));
  });
}
