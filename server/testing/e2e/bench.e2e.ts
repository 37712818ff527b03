/** The benchmark runs; what it measures in these sizes means nothing. */
import { expect, test } from "bun:test";

test("the benchmark seeds, measures and prints every table", async () => {
  const child = Bun.spawn([process.execPath, "scripts/bench/run.ts", "--quick"], {
    stdout: "pipe",
    stderr: "pipe",
  });
  const [stdout, stderr, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  expect({ code, said: stderr.split("\n").filter((line) => line !== "" && !line.startsWith("…")) }).toEqual({
    code: 0,
    said: [],
  });
  for (const measured of ["actor document", "home page", "inbox, 200", "deliveries to", "resident memory"])
    expect(stdout).toContain(measured);
  expect(stdout).not.toContain("NaN");
});
