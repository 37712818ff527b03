/** Key pairs for tests: making one takes a tenth of a second, so a dozen are made once and kept for all runs. */
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exportMultikey, generateKeyPair, importPublicPem, type KeyPairPem } from "../signatures/keys.ts";

/** More actors than one test has: no two of them share a key. */
const POOL_SIZE = 12;
const FILE = join(tmpdir(), `commons-test-key-pairs-${POOL_SIZE}.json`);

let pool: Promise<readonly KeyPairPem[]> | null = null;
let given = 0;

/** In the place of `generateKeyPair`. */
export async function pooledKeyPair(kind: KeyPairPem["kind"]): Promise<KeyPairPem> {
  if (kind === "ed25519") return generateKeyPair(kind);
  pool ??= readOrMake();
  const pairs = await pool;
  return pairs[given++ % pairs.length] ?? generateKeyPair(kind);
}

/** `publicKeyMultibase` of a public key in PEM. */
export const multibaseFromPem = async (pem: string): Promise<string> =>
  exportMultikey(await importPublicPem(pem));

async function readOrMake(): Promise<readonly KeyPairPem[]> {
  if (existsSync(FILE)) return JSON.parse(readFileSync(FILE, "utf8")) as KeyPairPem[];
  const made = await Promise.all(Array.from({ length: POOL_SIZE }, () => generateKeyPair("rsa")));
  const unfinished = `${FILE}.${process.pid}`;
  writeFileSync(unfinished, JSON.stringify(made), { mode: 0o600 });
  renameSync(unfinished, FILE); // Whoever else makes them at the same time: the last is as good as the first.
  return made;
}
