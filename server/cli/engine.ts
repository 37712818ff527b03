/** Starts the program anew with the JavaScript engine set for it, which reads its settings before any line of a program runs. */

/** Of JavaScriptCore, by the names under which Bun takes them; the program carries its Bun, so they fit it. */
const SETTINGS: Readonly<Record<string, string>> = {
  // Its last compiler is for loops that run for long. Code as wide as a server's keeps it busy for minutes after a start
  // (a seventh of a processor while an inbox or pages are busy), takes 15 to 40 MB, and no page is quicker with it.
  BUN_JSC_useFTLJIT: "0",
};

/** The settings that `env` lacks; what an administrator has set stays. */
export const missingSettings = (
  env: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(SETTINGS).filter(([name]) => env[name] === undefined));

/** Whether these words (without the program's own name) ask for a server: commands are short, and gain nothing. */
export const isServing = ([first = ""]: readonly string[]): boolean =>
  first === "serve" || first === "" || (first.startsWith("-") && !/^(-h|--help|-v|--version)$/.test(first));

/**
 * Replaces this process by the same program with the same words, number and open files, and does not return. Returns where
 * no server is asked for, where nothing is missing, where the program is not compiled, and where the system cannot.
 */
export function withEngineSet(argv: readonly string[]): void {
  const missing = missingSettings(process.env);
  const isCompiled = Bun.main.startsWith("/$bunfs/");
  if (!isCompiled || !isServing(argv) || Object.keys(missing).length === 0) return;
  try {
    process.execve?.(process.execPath, [process.argv0, ...argv], { ...process.env, ...missing });
  } catch {
    // @NOTE Under an emulator of another processor the system refuses: the server runs as well, only less well set.
  }
}
