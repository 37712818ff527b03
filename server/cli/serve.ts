/** `commons serve`: runs the server until it is told to stop. */
import { Problem } from "../lib/problem.ts";
import type { Command } from "./command.ts";

export const serve: Command = {
  name: "serve",
  summary: "Run the server until it is told to stop (SIGTERM or Ctrl-C).",
  async run({ load }) {
    load();
    throw new Problem("invalid", "There is nothing to serve yet.");
  },
};
