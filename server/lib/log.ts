/** Structured log lines: JSON when nobody watches, readable text on a terminal. */
import type { Now } from "./clock.ts";
import { toIso } from "./clock.ts";

export type LogLevel = "debug" | "info" | "warn" | "error";
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

export interface LogLine extends LogFields {
  readonly time: string;
  readonly level: LogLevel;
  readonly message: string;
}

export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  /** A bug or a loss: `error` is printed with its stack. */
  error(message: string, error?: unknown, fields?: LogFields): void;
  /** The newest warnings and errors, newest first (for the admin page). */
  lastWarnings(): readonly LogLine[];
}

/** How many warnings are kept for the admin page: a screenful or two. */
const KEPT_WARNINGS = 100;
const ORDER: Record<LogLevel, number> = { debug: 0, info: 1, warn: 2, error: 3 };

/** `write` takes one finished line without its newline. */
export function createLog(deps: {
  now: Now;
  level: LogLevel;
  form: "json" | "text";
  write: (line: string) => void;
}): Log {
  const kept: LogLine[] = [];

  function put(level: LogLevel, message: string, fields: LogFields = {}): void {
    const line: LogLine = { time: toIso(deps.now()), level, message, ...fields };
    if (ORDER[level] >= ORDER.warn) {
      kept.unshift(line);
      kept.length = Math.min(kept.length, KEPT_WARNINGS);
    }
    if (ORDER[level] >= ORDER[deps.level])
      deps.write(deps.form === "json" ? JSON.stringify(line) : asText(line));
  }

  return {
    debug: (message, fields) => put("debug", message, fields),
    info: (message, fields) => put("info", message, fields),
    warn: (message, fields) => put("warn", message, fields),
    error: (message, error, fields) =>
      put("error", message, { ...fields, ...(error === undefined ? {} : { error: describe(error) }) }),
    lastWarnings: () => [...kept],
  };
}

function asText({ time, level, message, ...fields }: LogLine): string {
  const rest = Object.entries(fields).map(([name, value]) => ` ${name}=${JSON.stringify(value)}`);
  return `${time} ${level.padEnd(5)} ${message}${rest.join("")}`;
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? "" : `\ncaused by ${describe(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}
