/** `commons doctor`: looks at everything that usually goes wrong, and says what to do. */
import { readFileSync } from "node:fs";
import { systemNow } from "../lib/clock.ts";
import { createFetch } from "../lib/fetch.ts";
import { Problem } from "../lib/problem.ts";
import { systemResolve } from "../lib/resolve.ts";
import { version } from "../version.ts";
import { checksFor } from "./checks.ts";
import { type Command, EXIT } from "./command.ts";
import { type Check, type Finding, thrown } from "./finding.ts";

const MARKS: Record<Finding["state"], string> = { good: "✔", warning: "!", bad: "✖" };

export const doctor: Command = {
  name: "doctor",
  summary: "Look at settings, database, disk, clock, outside address and copies; say what to do.",
  async run({ load, isJson, print }) {
    const { config } = load();
    const extraCa = config.extraCaFile === null ? null : readAuthorities(config.extraCaFile);
    const fetch = createFetch({
      resolve: systemResolve,
      userAgent: `commons/${version} (doctor)`,
      allowPrivate: true,
      ...(extraCa === null ? {} : { extraCa }),
    });
    const found: (Finding & { name: string })[] = [];
    for (const check of checksFor({ config, now: systemNow, fetch })) {
      const finding = { name: check.name, ...(await lookAt(check)) };
      found.push(finding);
      if (!isJson) {
        print(`${MARKS[finding.state]} ${finding.name.padEnd(16)} ${finding.says}`);
        if (finding.todo) print(`${" ".repeat(19)}→ ${finding.todo}`);
      }
    }
    if (isJson) print(JSON.stringify(found));
    return found.some(({ state }) => state === "bad") ? EXIT.problem : EXIT.good;
  },
};

/** A check that breaks is a finding too: the others still run. */
async function lookAt(check: Check): Promise<Finding> {
  try {
    return await check.look();
  } catch (error) {
    return thrown(error);
  }
}

function readAuthorities(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new Problem(
      "invalid",
      `extra_ca_file names ${path}, which cannot be read. Check its path.`,
      {},
      { cause: error },
    );
  }
}
