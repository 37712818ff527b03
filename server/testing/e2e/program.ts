/** Runs the compiled program as its user would: in an empty folder, with settings from flags alone. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { freePort } from "../../../scripts/postgres.ts";

/** The file under test; `scripts/test` builds it before. */
const PROGRAM = resolve(process.env.TEST_BINARY ?? "dist/commons");

export interface RunOptions {
  /** Default: a new folder, removed by `removeFolders`. */
  readonly dataDir?: string;
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** What starts the program, where it is not the file itself: an emulator and its arguments, and the file. */
  readonly command?: readonly string[];
}

export interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  /** `http://localhost:PORT` */
  readonly origin: string;
  readonly dataDir: string;
  /** Of the process. */
  readonly pid: number;
  /** The link that makes the admin account; null when there is one. */
  readonly claimLink: string | null;
  /** Everything that was read of its log so far, from standard error; a line may come after the answer it is about. */
  log(): string;
  /** Resolves once `text` stands in its log after the first `from` characters; rejects if it ends before. */
  logged(text: string, from?: number): Promise<void>;
  residentBytes(): number;
  /** SIGTERM; resolves to the exit code. */
  stop(): Promise<number>;
  /** SIGKILL. */
  kill(): Promise<void>;
}

const folders: string[] = [];
/** A folder belongs to the address that it was first served at. */
const ports = new Map<string, number>();
const running = new Set<Running>();

export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "commons-e2e-"));
  folders.push(folder);
  return folder;
}

/** For `afterAll`: ends what still runs and removes every folder that was made. */
export async function cleanUp(): Promise<void> {
  await Promise.all([...running].map((each) => each.kill()));
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** Runs one command to its end, at the address that the folder is served at. */
export async function runCommons(args: readonly string[], options: RunOptions = {}): Promise<Finished> {
  const dataDir = options.dataDir ?? newFolder();
  const port = options.flags?.includes("--origin") ? undefined : ports.get(dataDir);
  const child = spawn(port === undefined ? args : [...args, "--port", String(port)], options, dataDir);
  const [stdout, stderr, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  return { code, stdout, stderr };
}

/** Starts a server on a free port (or the one that its folder had before), and resolves once it says that it is ready. */
export async function startCommons(options: RunOptions & { readonly port?: number } = {}): Promise<Running> {
  const dataDir = options.dataDir ?? newFolder();
  const port = options.port ?? ports.get(dataDir) ?? (await freePort());
  ports.set(dataDir, port);
  const child = spawn(["serve", "--json", "--port", String(port)], options, dataDir);
  let log = "";
  let more = Promise.withResolvers<boolean>();
  const reading = (async () => {
    for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) {
      log += text;
      more.resolve(true);
      more = Promise.withResolvers();
    }
    more.resolve(false);
  })();
  const line = await firstLine(child.stdout);
  if (line === null) {
    await reading;
    throw new Error(`The program ended with ${await child.exited} instead of starting:\n${log}`);
  }
  const { address, claim } = JSON.parse(line) as { address: string; claim: string | null };
  const server: Running = {
    origin: address,
    dataDir,
    pid: child.pid,
    claimLink: claim,
    log: () => log,
    async logged(text, from = 0) {
      while (!log.includes(text, from)) {
        if (!(await more.promise)) throw new Error(`The program ended without "${text}" in its log:\n${log}`);
      }
    },
    residentBytes: () => residentBytes(child.pid),
    stop: () => end("SIGTERM"),
    kill: async () => void (await end("SIGKILL")),
  };
  running.add(server);
  return server;

  async function end(signal: "SIGTERM" | "SIGKILL"): Promise<number> {
    child.kill(signal);
    const code = await child.exited;
    await reading;
    running.delete(server);
    return code;
  }
}

function spawn(args: readonly string[], options: RunOptions, dataDir: string) {
  return Bun.spawn(
    [...(options.command ?? [PROGRAM]), ...args, "--data-dir", dataDir, ...(options.flags ?? [])],
    {
      cwd: dataDir,
      env: { PATH: "/usr/bin:/bin", HOME: dataDir, ...options.env },
      stdin: new TextEncoder().encode(options.stdin ?? ""),
      stdout: "pipe",
      stderr: "pipe",
    },
  );
}

/** Null where the stream ends before its first line does. What follows is read on, so that nobody waits for a pipe. */
async function firstLine(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<string | null> {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!text.includes("\n")) {
    const { done, value } = await reader.read();
    if (done) return null;
    text += value;
  }
  void (async () => {
    while (!(await reader.read()).done);
  })();
  return text.split("\n")[0] ?? null;
}

function residentBytes(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Number(kilobytes) * 1024;
}
