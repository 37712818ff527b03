/** Reads the password that a command is given. */
import { readFile } from "node:fs/promises";
import { Problem } from "../lib/problem.ts";
import { type Call, textOption } from "./command.ts";

/** From `--password`, or the first line of `--password-file` (`-` is standard input). Throws Problem `invalid`. */
export async function readPassword(call: Call): Promise<string> {
  const given = textOption(call, "password");
  const path = textOption(call, "password-file");
  if (given === null && path === null)
    throw new Problem(
      "invalid",
      "Give the password with --password or --password-file (- reads standard input).",
    );
  if (given !== null && path !== null)
    throw new Problem("invalid", "--password and --password-file are both there: leave one of them out.");
  return given ?? firstLine(path ?? "");
}

async function firstLine(path: string): Promise<string> {
  try {
    const text = path === "-" ? await Bun.stdin.text() : await readFile(path, "utf8");
    return text.split(/\r?\n/)[0] ?? "";
  } catch (error) {
    throw new Problem(
      "invalid",
      `The password file ${path} cannot be read. Check its path.`,
      {},
      { cause: error },
    );
  }
}
