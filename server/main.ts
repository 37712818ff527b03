/** The program: hands the command line to the commands. */
import { runCommandLine } from "./cli/index.ts";
import type { Parts } from "./cli/parts.ts";
import { environment } from "./config.ts";
import { Problem } from "./lib/problem.ts";

const missing = (): never => {
  throw new Problem("invalid", "The parts of the server are not put together yet.");
};
const parts: Parts = { open: missing, start: missing };

process.exitCode = await runCommandLine(
  process.argv.slice(2),
  {
    env: environment(),
    cwd: process.cwd(),
    isTerminal: process.stderr.isTTY === true,
    print: (line) => console.log(line),
    complain: (line) => console.error(line),
  },
  parts,
);
