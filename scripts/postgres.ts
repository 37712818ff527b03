/** A PostgreSQL cluster of the tests' own: in a temporary folder, on a free port, gone afterwards. */
import { chown, mkdtemp, readdir, rm, statfs } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const DEBIAN_VERSIONS = "/usr/lib/postgresql";

/** Nothing has to survive, and many small databases come and go. */
const SETTINGS = [
  "fsync=off",
  "synchronous_commit=off",
  "full_page_writes=off",
  "wal_level=minimal",
  "max_wal_senders=0",
  "max_wal_size=1GB",
  "checkpoint_timeout=1h",
  "autovacuum=off",
  "jit=off",
  "plan_cache_mode=force_generic_plan", // Few statements of a test run so often that planning each five times pays.
  "max_connections=1000", // Every database of a file of tests keeps its pool until the file is done.
] as const;

const IN_MEMORY = "/dev/shm";
/** Ten megabytes for each database of the files that run at once, and the log. */
const NEEDED_BYTES = 4_000_000_000;

export interface TestPostgres {
  /** Of a superuser, in the database `postgres`, over TCP on loopback. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Null where PostgreSQL is not installed. The cluster collates like SQLite (`C`) and never waits for the disk. */
export async function startPostgres(): Promise<TestPostgres | null> {
  const version = (await readdir(DEBIAN_VERSIONS).catch(() => [])).sort().at(-1);
  if (!version) return null;
  const programs = join(DEBIAN_VERSIONS, version, "bin");
  const folder = await mkdtemp(join(await quickFolder(), "commons-postgres-"));
  const as = await ownerFor(folder);
  const data = join(folder, "data");
  const port = await freePort();

  await run([...as, join(programs, "initdb"), "-D", data, "-U", "postgres", "-E", "UTF8"], {
    flags: ["--locale=C", "--auth=trust", "--no-sync", "--no-instructions"],
    folder,
  });
  const server = Bun.spawn(
    [
      ...as,
      join(programs, "postgres"),
      ...["-D", data, "-p", String(port), "-h", "127.0.0.1", "-k", folder],
      ...SETTINGS.flatMap((setting) => ["-c", setting]),
    ],
    { cwd: folder, stdout: "ignore", stderr: "pipe" },
  );
  await untilReady(server.stderr);
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    async stop() {
      server.kill("SIGINT"); // "Fast shutdown": ends the connections that tests forgot.
      await server.exited;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Linux's folder in memory, where making a database takes a fifth of the time, if it has room; else the usual one. */
async function quickFolder(): Promise<string> {
  const free = await statfs(IN_MEMORY).then(
    ({ bavail, bsize }) => bavail * bsize,
    () => 0,
  );
  return free >= NEEDED_BYTES ? IN_MEMORY : tmpdir();
}

/** PostgreSQL refuses to run as root: root hands the folder to the user `postgres` and runs it as that. */
async function ownerFor(folder: string): Promise<readonly string[]> {
  if (process.getuid?.() !== 0) return [];
  const id = async (flag: string) =>
    Number((await new Response(Bun.spawn(["id", flag, "postgres"]).stdout).text()).trim());
  await chown(folder, await id("-u"), await id("-g"));
  return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", "--"];
}

async function run(command: readonly string[], options: { flags: readonly string[]; folder: string }) {
  const child = Bun.spawn([...command, ...options.flags], {
    cwd: options.folder,
    stdout: "ignore",
    stderr: "pipe",
  });
  if ((await child.exited) !== 0)
    throw new Error(`${command.join(" ")} failed:\n${await new Response(child.stderr).text()}`);
}

async function untilReady(log: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<void> {
  const reader = log.pipeThrough(new TextDecoderStream()).getReader();
  let said = "";
  while (!said.includes("ready to accept connections")) {
    const { done, value } = await reader.read();
    if (done) throw new Error(`PostgreSQL did not start:\n${said}`);
    said += value;
  }
  void drain(reader);
}

/** Reads on, so that the server never waits for a full pipe. */
async function drain(reader: ReadableStreamDefaultReader<string>): Promise<void> {
  while (!(await reader.read()).done);
}

/** A TCP port of loopback that nobody listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => (typeof address === "object" && address ? resolve(address.port) : reject()));
    });
  });
}
