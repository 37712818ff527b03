/** The first lines: a server starts anew with its engine set, before anything else of the program is loaded. */
import { withEngineSet } from "./cli/engine.ts";

// Private messages and keys: whatever is made here is for the user of the server alone.
process.umask(0o077);
withEngineSet(process.argv.slice(2));
await import("./program.ts");
