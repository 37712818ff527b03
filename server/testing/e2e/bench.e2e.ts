/** The benchmarks run; what they measure in these sizes means nothing. */
import { expect, test } from "bun:test";

const CASES = [
  {
    flags: [],
    measured: ["actor document", "home page", "inbox, 200", "deliveries to", "resident memory"],
  },
  {
    flags: ["--apps"],
    measured: ["home timeline", "notifications", "search, two words", "Growth", "people here follow"],
  },
  {
    flags: ["--live"],
    measured: ["60 idle connections", "until the last of 20"],
  },
  {
    flags: ["--federation"],
    measured: [
      "RFC 9421, new keys",
      "page, meanwhile",
      "arrival at 15 hosts",
      "resident memory, letters out",
    ],
  },
] as const;

test.each(CASES)(
  "the benchmark seeds, measures and prints every table ($flags)",
  async ({ flags, measured }) => {
    const child = Bun.spawn([process.execPath, "scripts/bench/run.ts", "--quick", ...flags], {
      stdout: "pipe",
      stderr: "pipe",
    });
    const [stdout, stderr, code] = await Promise.all([
      new Response(child.stdout).text(),
      new Response(child.stderr).text(),
      child.exited,
    ]);
    expect({ code, said: stderr.split("\n").filter((line) => line !== "" && !line.startsWith("…")) }).toEqual(
      {
        code: 0,
        said: [],
      },
    );
    for (const each of measured) expect(stdout).toContain(each);
    expect(stdout).not.toContain("NaN");
  },
);
