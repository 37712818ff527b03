/** What a server is given to trust besides is there, or it does not start. */
import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadConfig } from "./config.ts";
import { systemNow } from "./lib/clock.ts";
import { outgoing } from "./outgoing.ts";

const folder = mkdtempSync(join(tmpdir(), "commons-outgoing-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("a file of authorities without a certificate stops the start with its name", async () => {
  const path = join(folder, "ca.pem");
  writeFileSync(path, "root:x:0:0:root:/root:/bin/bash\n");
  const { config } = loadConfig({ flags: { extra_ca_file: path, data_dir: folder }, env: {}, cwd: folder });
  expect(await outgoing(config, systemNow).catch((error) => error.message)).toContain(
    `extra_ca_file names ${path}, which holds no certificate`,
  );
});
