/** The program: hands the command line to the commands. */
import { runCommandLine } from "./cli/index.ts";
import { environment } from "./config.ts";

process.exitCode = await runCommandLine(process.argv.slice(2), {
  env: environment(),
  cwd: process.cwd(),
  print: (line) => console.log(line),
  complain: (line) => console.error(line),
});
