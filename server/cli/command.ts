/** What a command is, and what it is given. */
import type { Loaded } from "../config.ts";

export interface CommandOption {
  /** Without dashes: `email`. */
  readonly name: string;
  /** The word for its value in `--help`; null for a switch. */
  readonly takes: string | null;
  readonly help: string;
}

export interface Command {
  /** One or two words: `user create`. */
  readonly name: string;
  /** The words that follow, as `--help` shows them; one in brackets may be left out: `["NAME", "[TIME]"]`. */
  readonly words?: readonly string[];
  readonly summary: string;
  readonly options?: readonly CommandOption[];
  /** The exit code: 0 good, 1 not. A thrown Problem is told to the person and gives 1. */
  run(call: Call): Promise<number>;
}

export interface Call {
  readonly words: readonly string[];
  /** Options of the command alone; settings are in `load()`. */
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
  /** Answers are one JSON value on one line. */
  readonly isJson: boolean;
  /** A person watches, not a file. */
  readonly isTerminal: boolean;
  /** Reads the settings; throws Problem `invalid` where one is mistaken. */
  load(): Loaded;
  /** One line to standard output. */
  print(line: string): void;
  /** One line to standard error. */
  complain(line: string): void;
}

/** Said of an empty list: beside the answer, which stays empty for whoever reads it on. */
export function sayNone(call: Call, line: string): void {
  if (!call.isJson) call.complain(line);
}

/** Good, wrong, and asked in a way that is not understood. */
export const EXIT = { good: 0, problem: 1, usage: 2 } as const;

/** The option as text, or null where it was not given. */
export function textOption(call: Call, name: string): string | null {
  const value = call.options[name];
  return typeof value === "string" ? value : null;
}

/** For commands that set a password. */
export const PASSWORD_OPTIONS: readonly CommandOption[] = [
  {
    name: "password",
    takes: "TEXT",
    help: "The password. Others on this machine may see it: better use a file.",
  },
  {
    name: "password-file",
    takes: "PATH",
    help: "A file whose first line is the password; - reads standard input.",
  },
];
