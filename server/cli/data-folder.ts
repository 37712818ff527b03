/** Makes the folder in which everything lies that must survive. */
import { mkdirSync } from "node:fs";
import { Problem } from "../lib/problem.ts";

/** For its owner alone: keys and private messages lie there. Throws Problem `invalid`. */
export function makeDataFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new Problem(
      "invalid",
      `The data folder ${path} cannot be made. Check its path and who owns it.`,
      {},
      { cause: error },
    );
  }
}
