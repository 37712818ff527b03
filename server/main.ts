/** The first lines: a server starts anew with its engine set, before anything else of the program is loaded. */
import { withEngineSet } from "./cli/engine.ts";

withEngineSet(process.argv.slice(2));
await import("./program.ts");
