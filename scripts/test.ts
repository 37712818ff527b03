/** Runs every check and every test, tells the time of each, and ends with "N passed, N failed". */
import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { startPostgres } from "./postgres.ts";

interface Outcome {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Shown when something failed. */
  readonly output: string;
}

interface Stage {
  readonly name: string;
  run(): Promise<Outcome>;
}

/** Long enough for a slow machine under load; a test that hangs still ends. */
const UNIT_TIMEOUT_MS = 60_000;
const END_TO_END_TIMEOUT_MS = 600_000;

/** One more than there are processors: tests on PostgreSQL wait for it, and those of Litestream for the clock. */
const UNIT_WORKERS = availableParallelism() + 1;

/** End-to-end tests with times and sizes in them. */
const MEASURED = /\/start\.e2e\.ts$/;

/** What tests need besides Bun, and the Debian package that brings it. */
const NEEDS = [
  { file: "/usr/bin/chromium", pack: "chromium", without: "browser tests" },
  { file: "/usr/bin/ffmpeg", pack: "ffmpeg", without: "tests with real films" },
  { file: "/usr/bin/toot", pack: "toot", without: "tests with toot" },
  { file: "/usr/lib/postgresql", pack: "postgresql", without: "tests on PostgreSQL" },
  { file: "/usr/bin/qemu-aarch64-static", pack: "qemu-user-static", without: "the arm64 test" },
  { file: "/usr/aarch64-linux-gnu/lib", pack: "libc6-arm64-cross", without: "the arm64 test" },
  {
    file: existsSync("/usr/bin/snac") ? "/usr/bin/snac" : ".bun/snac2/usr/bin/snac",
    pack: "snac2",
    without: "tests with snac",
  },
] as const;

const bin = (name: string) => ["bun", "--bun", `node_modules/.bin/${name}`];

const checks: readonly Stage[] = [
  tool("format and lint", [
    "node_modules/.bin/biome",
    "ci",
    "--colors=off",
    "--diagnostic-level=warn",
    "--max-diagnostics=50",
    "--error-on-warnings",
    ".",
  ]),
  tool("types", ["node_modules/.bin/tsc", "--noEmit", "-p", "."]),
  tool("house rules", ["bun", "scripts/house.ts"]),
  tool("dead code", [...bin("knip"), "--no-progress"]),
  tool("only for tests", [...bin("knip"), "--no-progress", "--production", "--include=files,exports"]),
];
const unit: Stage = { name: "unit tests", run: runUnitTests };
const build = tool("build", ["bun", "scripts/build.ts"]);
const endToEnd: Stage = {
  name: "end-to-end tests",
  run: runEndToEndTests,
};

const outcomes: Outcome[] = [];
const { values: flags } = parseArgs({ options: { only: { type: "string" } } });
switch (flags.only) {
  case "check":
    await inOrder(checks);
    break;
  case "unit":
    await inOrder([unit]);
    break;
  case "e2e":
    await inOrder([build, endToEnd]);
    break;
  case undefined:
    await Promise.all([inOrder([...checks, unit]), inOrder([build])]);
    await inOrder([endToEnd]);
    break;
  default:
    console.error(`--only takes check, unit or e2e, not "${flags.only}".`);
    process.exit(2);
}
process.exit(summary());

function tool(name: string, command: readonly string[]): Stage {
  return {
    name,
    async run() {
      const { code, output } = await execute(command);
      return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0, output };
    },
  };
}

async function inOrder(stages: readonly Stage[]): Promise<void> {
  for (const stage of stages) {
    const start = performance.now();
    const outcome = await stage.run();
    outcomes.push(outcome);
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    if (outcome.failed > 0) console.log(`\n── ${stage.name} ${"─".repeat(60)}\n${outcome.output.trim()}\n`);
    const skipped = outcome.skipped > 0 ? `, ${outcome.skipped} skipped` : "";
    console.log(
      `${outcome.failed > 0 ? "✖" : "✔"} ${stage.name.padEnd(18)} ${seconds.padStart(6)} s   ` +
        `${outcome.passed} passed, ${outcome.failed} failed${skipped}`,
    );
  }
}

async function runUnitTests(): Promise<Outcome> {
  const postgres = await startPostgres();
  try {
    // Loading the program anew for each file would take half of the time.
    return await bunTest([`--parallel=${UNIT_WORKERS}`, "--no-isolate", `--timeout=${UNIT_TIMEOUT_MS}`], {
      TEST_ENGINES: postgres ? "sqlite,postgres" : "sqlite",
      ...(postgres ? { TEST_POSTGRES_URL: postgres.url } : {}),
    });
  } finally {
    await postgres?.stop();
  }
}

/** What is measured runs alone; the rest side by side. */
async function runEndToEndTests(): Promise<Outcome> {
  const files = [...new Bun.Glob("server/testing/e2e/*.e2e.ts").scanSync(".")]
    .sort()
    .map((file) => `./${file}`);
  const options = [`--timeout=${END_TO_END_TIMEOUT_MS}`];
  const environment = { TEST_BINARY: "dist/commons" };
  const alone = await bunTest([...options, ...files.filter((file) => MEASURED.test(file))], environment);
  const others = files.filter((file) => !MEASURED.test(file));
  return added(alone, await bunTest([...options, "--parallel", ...others], environment));
}

function added(one: Outcome, other: Outcome): Outcome {
  return {
    passed: one.passed + other.passed,
    failed: one.failed + other.failed,
    skipped: one.skipped + other.skipped,
    output: `${one.output}\n${other.output}`,
  };
}

/** `args` after `bun test`; the numbers are read from its last lines. */
async function bunTest(args: readonly string[], environment: Record<string, string>): Promise<Outcome> {
  const { code, output } = await execute(["bun", "test", "--only-failures", ...args], environment);
  const count = (word: string) => Number(output.match(new RegExp(`^\\s*(\\d+) ${word}$`, "m"))?.[1] ?? 0);
  const failed = count("fail");
  return {
    passed: count("pass"),
    failed: code !== 0 && failed === 0 ? 1 : failed,
    skipped: count("skip"),
    output,
  };
}

async function execute(command: readonly string[], environment: Record<string, string> = {}) {
  const child = Bun.spawn([...command], {
    env: { ...process.env, ...environment },
    stdout: "pipe",
    stderr: "pipe",
  });
  const [stdout, stderr, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  return { code, output: `${stdout}\n${stderr}` };
}

/** The last line, and the exit code. */
function summary(): number {
  const sum = (key: "passed" | "failed" | "skipped") => outcomes.reduce((all, one) => all + one[key], 0);
  const missing = flags.only === "check" ? [] : NEEDS.filter(({ file }) => !existsSync(file));
  for (const { pack, without } of missing)
    console.log(`Skipped: ${without}. Install them with: apt install ${pack}`);
  if (sum("skipped") > 0) console.log(`${sum("skipped")} skipped`);
  console.log(`${sum("passed")} passed, ${sum("failed")} failed`);
  return sum("failed") === 0 ? 0 : 1;
}
