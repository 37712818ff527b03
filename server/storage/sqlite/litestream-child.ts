/** One run of Litestream as a child process, its log lines, and the end of one that outlived its server. */
import { existsSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { parseJson } from "../../lib/json.ts";

export interface LitestreamLine {
  readonly level: "debug" | "info" | "warn" | "error";
  readonly message: string;
  readonly error: string | null;
}

export interface Child {
  /** Resolves with a sentence when it has ended, for whatever reason. */
  readonly ended: Promise<string>;
  /** Asks it to write what is left and end; kills it when that takes too long. */
  stop(): Promise<void>;
}

/** How long the last copy may take: what a slow line needs for a few megabytes. */
const STOP_PATIENCE_MS = 30_000;

/** Name of the file in the data folder that remembers the child. */
export const PID_FILE = "litestream.pid";

export function startChild(options: {
  readonly program: string;
  readonly configFile: string;
  /** Remembers the process, so that the next start finds it when this process is killed. */
  readonly pidFile: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly heard: (line: LitestreamLine) => void;
}): Child {
  const child = Bun.spawn([options.program, "replicate", "-config", options.configFile, "-no-expand-env"], {
    stdin: "ignore",
    stdout: "ignore",
    stderr: "pipe",
    env: { ...options.environment },
  });
  writeFileSync(options.pidFile, String(child.pid));
  const read = readLines(child.stderr, (line) => options.heard(parseLine(line)));
  return {
    ended: (async () => {
      await child.exited;
      await read;
      rmSync(options.pidFile, { force: true });
      const { exitCode, signalCode } = child;
      return signalCode ? `It was ended by ${signalCode}.` : `It ended with code ${exitCode}.`;
    })(),
    async stop() {
      child.kill("SIGTERM");
      const impatience = setTimeout(() => child.kill("SIGKILL"), STOP_PATIENCE_MS);
      await child.exited;
      clearTimeout(impatience);
    },
  };
}

/**
 * Ends a Litestream that a killed server left behind: two of them on one replica would destroy it. (Most end by
 * themselves at their next log line, which nobody reads; an idle one writes none.)
 * Only a process that runs a Litestream is touched; pids are used again.
 */
export async function endOrphan(pidFile: string): Promise<boolean> {
  if (!existsSync(pidFile)) return false;
  const pid = Number(readFileSync(pidFile, "utf8"));
  const wasRunning = Number.isSafeInteger(pid) && pid > 1 && isLitestream(pid);
  if (wasRunning) {
    process.kill(pid, "SIGTERM");
    for (let waitedMs = 0; isLitestream(pid); waitedMs += 50) {
      if (waitedMs === STOP_PATIENCE_MS) process.kill(pid, "SIGKILL");
      await Bun.sleep(50);
    }
  }
  rmSync(pidFile, { force: true });
  return wasRunning;
}

function isLitestream(pid: number): boolean {
  try {
    return basename(readlinkSync(`/proc/${pid}/exe`)).startsWith("litestream");
  } catch {
    // @NOTE No such process, or a system without /proc: nothing of ours to end.
    return false;
  }
}

async function readLines(stream: ReadableStream<Uint8Array>, heard: (line: string) => void): Promise<void> {
  let rest = "";
  const decoder = new TextDecoder();
  for await (const chunk of stream) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) if (line !== "") heard(line);
  }
  if (rest !== "") heard(rest);
}

/** `{"level":"INFO","msg":"…","error":"…"}`; other text (a panic) is an error. */
function parseLine(line: string): LitestreamLine {
  const parsed = parseJson(line) as Record<string, unknown> | null;
  if (typeof parsed?.msg !== "string") return { level: "error", message: line, error: line };
  const level = String(parsed.level).toLowerCase();
  const error = typeof parsed.error === "string" ? parsed.error : null;
  const isKnown = level === "debug" || level === "info" || level === "warn" || level === "error";
  return { level: isKnown ? level : "info", message: parsed.msg, error };
}
