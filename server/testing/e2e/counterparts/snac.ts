/** A server of snac (in C, from Debian): its own program with one person, in a folder and on a port of its own. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "../../../../scripts/postgres.ts";
import { newFolder } from "../program.ts";
import { createArrivals } from "./wire.ts";

/** Installed, or unpacked by `scripts/snac2`. */
const PLACES = ["/usr/bin/snac", ".bun/snac2/usr/bin/snac"];
const NAME = "sam";

export interface Snac {
  /** Of the one person here. */
  readonly iri: string;
  /** Runs a command of the program for the person. */
  run(command: string, ...args: readonly string[]): Promise<void>;
  /** Posts a form of the person's page: `action` on something, or `note`. */
  post(form: "action" | "note", fields: Readonly<Record<string, string>>): Promise<void>;
  /** The first line of the log with these words; waits until it is there. */
  logged(words: string): Promise<string>;
  stop(): Promise<void>;
}

/** The program, where it runs here; null, with a word, where it does not. */
export function findSnac(): string | null {
  const found = PLACES.find((place) => Bun.spawnSync(["test", "-x", place]).success);
  if (found && Bun.spawnSync([found]).exitCode !== 127) return found;
  console.warn("Skipped: tests with snac. Get it with: scripts/snac2 (Debian), or apt install snac2");
  return null;
}

export async function startSnac(program: string): Promise<Snac> {
  const folder = newFolder();
  rmSync(folder, { recursive: true });
  const port = await freePort();
  const host = `localhost:${port}`;
  const origin = `http://${host}`;
  await finish(["init", folder], `127.0.0.1\n${port}\n${host}\n\n\n`);
  const settings = join(folder, "server.json");
  const given = JSON.parse(readFileSync(settings, "utf8"));
  writeFileSync(settings, JSON.stringify({ ...given, protocol: "http", dbglevel: 2 }));
  const password = /password is (\S+)/.exec(await finish(["adduser", folder, NAME], "\n"))?.[1];

  const lines = createArrivals<string>();
  const server = Bun.spawn([program, "httpd", folder], { stdout: "ignore", stderr: "pipe" });
  const reading = (async () => {
    let rest = "";
    for await (const text of server.stderr.pipeThrough(new TextDecoderStream())) {
      const parts = (rest + text).split("\n");
      rest = parts.pop() ?? "";
      for (const line of parts) lines.add(line);
    }
  })();
  const logged = (words: string) => lines.first((line) => line.includes(words));
  const ended = server.exited.then((code) => {
    throw new Error(`snac ended with ${code} instead of starting; its port may have been taken meanwhile.`);
  });
  await Promise.race([logged("background thread started"), ended]);
  ended.catch(() => {}); // It ends when it is told to.

  async function finish(args: readonly string[], stdin: string): Promise<string> {
    const child = Bun.spawn([program, ...args], {
      stdin: new TextEncoder().encode(stdin),
      stdout: "pipe",
      stderr: "pipe",
    });
    const [said, complained, code] = await Promise.all([
      new Response(child.stdout).text(),
      new Response(child.stderr).text(),
      child.exited,
    ]);
    if (code !== 0) throw new Error(`snac ${args.join(" ")} failed:\n${complained}`);
    return said;
  }

  return {
    iri: `${origin}/${NAME}`,
    logged,
    async run(command, ...args) {
      await finish([command, folder, NAME, ...args], "");
    },
    async post(form, fields) {
      const answer = await fetch(`${origin}/${NAME}/admin/${form}`, {
        method: "POST",
        headers: {
          authorization: `Basic ${btoa(`${NAME}:${password}`)}`,
          "content-type": "application/x-www-form-urlencoded", // It reads no parameter behind that.
        },
        body: String(new URLSearchParams(fields)),
        keepalive: false,
        redirect: "manual",
      });
      if (answer.status !== 303)
        throw new Error(`snac answered ${answer.status} to ${JSON.stringify(fields)}.`);
    },
    async stop() {
      server.kill("SIGKILL"); // Asked politely it sleeps for three seconds first, and its folder goes anyway.
      await server.exited;
      await reading;
    },
  };
}
