/** ZIP files: other programs open them, and find every byte. */
import { expect, test } from "bun:test";
import { createZip, MAX_ZIP_BYTES } from "./zip.ts";

async function* chunks(...texts: readonly string[]) {
  for (const text of texts) yield new TextEncoder().encode(text);
}

/** Written into memory, as a file would be. */
function target() {
  const bytes = new Uint8Array(10_000);
  return { bytes, write: async (part: Uint8Array, at: number) => void bytes.set(part, at) };
}

test("entries have their names, times and bytes, as another program reads them", async () => {
  const { bytes, write } = target();
  const zip = createZip(write);
  await zip.add("actor.json", Date.UTC(2026, 10, 22, 16, 30, 8), chunks('{"name":', '"Noor"}'));
  await zip.add("media/größe.txt", 0, chunks());
  const size = await zip.end();
  const path = `${process.env.TMPDIR ?? "/tmp"}/commons-zip-${crypto.randomUUID()}.zip`;
  await Bun.write(path, bytes.subarray(0, size));
  const script =
    "import sys,zipfile,json\nz=zipfile.ZipFile(sys.argv[1])\nassert z.testzip() is None\n" +
    "print(json.dumps([[i.filename,list(i.date_time),z.read(i).decode()] for i in z.infolist()]))";
  const python = Bun.which("python3");
  if (python === null) return console.warn("Skipped: there is no python3 to read the file with.");
  const read = Bun.spawnSync([python, "-c", script, path]);
  await Bun.file(path).delete();
  expect(read.stderr.toString()).toBe("");
  expect(JSON.parse(read.stdout.toString())).toEqual([
    ["actor.json", [2026, 11, 22, 16, 30, 8], '{"name":"Noor"}'],
    ["media/größe.txt", [1980, 1, 1, 0, 0, 0], ""],
  ]);
});

test("what would reach four gigabytes is refused, not written wrongly", async () => {
  const zip = createZip(async () => {});
  async function* endless() {
    const much = new Uint8Array(2 ** 28);
    for (let total = 0; total <= MAX_ZIP_BYTES; total += much.length) yield much;
  }
  await expect(zip.add("much", 0, endless())).rejects.toThrow(RangeError);
}, 60_000);
