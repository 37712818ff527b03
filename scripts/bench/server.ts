/** The server under test: the compiled program, on a prepared data folder, under the name that the world gives it. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { freePort } from "../postgres.ts";
import { ORIGIN } from "./world.ts";

export interface Served {
  readonly port: number;
  /** From the start of the process to its first answer. */
  readonly startMs: number;
  /** Resident memory now, in bytes. */
  residentBytes(): number;
  /** Seconds of processor time that all its threads have taken so far. */
  cpuSeconds(): number;
  stop(): Promise<void>;
}

/** Clock ticks of `/proc/PID/stat` (`getconf CLK_TCK` on Linux). */
const TICKS_PER_SECOND = 100;

/** Starts it and resolves once it says that it is ready. Throws what it complained about. */
export async function serve(
  folder: string,
  program = resolve("dist/commons"),
  more: readonly string[] = [],
): Promise<Served> {
  const port = await freePort();
  const flags = ["--port", String(port), "--data-dir", folder, "--origin", ORIGIN, "--log-level", "error"];
  const started = performance.now();
  const child = Bun.spawn([...program.split(" "), "serve", "--json", ...flags, ...more], {
    env: { PATH: "/usr/bin:/bin", HOME: folder, COMMONS_INSECURE_FEDERATION: "1" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const reader = child.stdout.getReader();
  if ((await reader.read()).done) throw new Error(`The server did not start (${await child.exited}).`);
  await (await fetch(`http://127.0.0.1:${port}/.well-known/nodeinfo`)).arrayBuffer();
  const startMs = performance.now() - started;
  const proc = (name: string) => readFileSync(`/proc/${child.pid}/${name}`, "utf8");
  return {
    port,
    startMs,
    residentBytes: () => Number(/^VmRSS:\s+(\d+) kB$/m.exec(proc("status"))?.[1]) * 1024,
    cpuSeconds() {
      // Behind the name in brackets: state is field 3, utime 14, stime 15 (proc(5)).
      const fields = proc("stat").split(") ")[1]?.split(" ") ?? [];
      return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
    },
    async stop() {
      child.kill("SIGTERM");
      await child.exited;
    },
  };
}
