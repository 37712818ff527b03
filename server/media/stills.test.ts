/** Stills of films: by ffmpeg where it is there, and nothing lost where it is not. */
import { afterAll, expect, test } from "bun:test";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createQueue, type NewJob } from "../jobs/queue.ts";
import { heldClock } from "../lib/clock.ts";
import { createKeys } from "../lib/id.ts";
import type { Json } from "../lib/json.ts";
import { onSqlite } from "../testing/engines.ts";
import { findFfmpeg, makeFilms } from "../testing/ffmpeg.ts";
import { village } from "../testing/village.ts";
import { attachmentIdOf } from "./attachment-id.ts";
import { createDiskBlobs } from "./disk.ts";
import { createStills, stillOf } from "./stills.ts";
import { createMedia } from "./upload.ts";

const A = "https://a.test";
const folder = await mkdtemp(join(tmpdir(), "stills-"));
afterAll(() => rm(folder, { recursive: true }));

const PIXEL =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
let count = 0;

/** A program that behaves as this script does. */
async function program(script: string): Promise<string> {
  const path = join(folder, `program ${++count}`);
  await Bun.write(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
  return path;
}

onSqlite((engine) => {
  async function house(ffmpeg: string | null) {
    const db = await engine.freshDb();
    const town = await village({ [A]: db });
    const clock = heldClock();
    const keys = createKeys({ now: clock.now });
    const queue = createQueue({ keys, now: clock.now });
    const jobs: NewJob[] = [];
    queue.onEnqueued((some) => void jobs.push(...some));
    const blobs = createDiskBlobs(join(folder, "blobs"));
    const media = createMedia({
      ...{ db, keys, now: clock.now, blobs, origin: A, workFolder: folder, limitBytes: 1_000_000 },
      promiseStill: ffmpeg === null ? null : (key) => queue.enqueue(stillOf(key)),
    });
    const stills = createStills({
      ...{ db, blobs, cover: media.cover, workFolder: folder },
      ffmpeg: ffmpeg ?? "/nothing",
    });
    const alice = await town.house(A).person("alice");
    return {
      alice: alice.key,
      media,
      clock,
      jobs,
      find: (url: string) => media.loose.find(alice.key, attachmentIdOf(url)),
      async work() {
        for (const { payload } of jobs.splice(0)) {
          const job = {
            key: 1,
            kind: "still",
            lane: "",
            line: null,
            payload: payload as Json,
            tries: 0,
            claim: 1,
          };
          const statements = await stills.run(job, new AbortController().signal);
          if (statements !== "finished") await db.batch(statements);
        }
      },
      show: async (url: string) => (await blobs.find(url.split("/").at(-1) ?? ""))?.blob,
    };
  }

  const film = () => ({
    content: Buffer.from(`\0\0\0\x18ftypisom${String(++count)}`.padEnd(40, "\0"), "latin1"),
    fileName: "film.mp4",
  });

  test("a film waits for its still, and has it once the job is done", async () => {
    const told = join(folder, "told");
    const { alice, media, find, work, show } = await house(
      await program(`echo "$@" > "${told}"; set > "${told}.env"; echo ${PIXEL} | /usr/bin/base64 -d`),
    );
    const kept = await media.take(alice, film());
    expect(kept).toMatchObject({ isPending: true, preview: null, blurhash: null });
    await work();
    const found = await find(kept.url);
    expect(found).toMatchObject({
      isPending: false,
      preview: { mediaType: "image/webp", width: 1, height: 1 },
    });
    expect(found?.blurhash).toHaveLength(28);
    expect((await show(found?.preview?.url ?? ""))?.size).toBeGreaterThan(20);
    // One file, in the one format, and no address that it may name.
    expect(await Bun.file(told).text()).toMatch(
      /-protocol_whitelist file,pipe .*-f mov .*-i file:\/.*\.mp4 /,
    );
    expect(await Bun.file(`${told}.env`).text()).not.toContain("HOME=");
  });

  test("the same film again waits for nothing", async () => {
    const { alice, media, jobs, work } = await house(await program(`echo ${PIXEL} | /usr/bin/base64 -d`));
    const given = film();
    await media.take(alice, given);
    await work();
    expect(await media.take(alice, given)).toMatchObject({ isPending: false, preview: { width: 1 } });
    expect(jobs).toEqual([]);
  });

  test("a film that was sent before ffmpeg was there gets its still when it is sent again", async () => {
    const { alice, media, work } = await house(await program(`echo ${PIXEL} | /usr/bin/base64 -d`));
    const given = film();
    await media.take(alice, given);
    const again = await media.take(alice, given);
    expect(again).toMatchObject({ isPending: true, stillUrl: expect.stringContaining("/media/still/") });
    await work();
    expect(await media.take(alice, given)).toMatchObject({ isPending: false, stillUrl: null });
  });

  test.each([
    ["finds no picture in it", "exit 1"],
    ["is killed for taking too much", "kill -9 $$"],
  ])("a film stays without a still where ffmpeg %s", async (_what, script) => {
    const { alice, media, find, work } = await house(await program(script));
    const kept = await media.take(alice, film());
    await work();
    expect(await find(kept.url)).toMatchObject({ isPending: false, preview: null });
  });

  test("what is no picture is given up, and nobody waits for ever", async () => {
    const { alice, media, clock, find, work } = await house(await program("echo no picture"));
    const kept = await media.take(alice, film());
    await expect(work()).rejects.toThrow("no picture that can be read");
    clock.advance(3 * 60_000);
    expect(await find(kept.url)).toMatchObject({ isPending: false, preview: null });
  });

  test("without ffmpeg a film is there at once, and nothing is promised", async () => {
    const { alice, media, jobs } = await house(null);
    expect(await media.take(alice, film())).toMatchObject({ isPending: false, preview: null });
    expect(jobs).toEqual([]);
  });

  const ffmpeg = findFfmpeg();
  test.skipIf(ffmpeg === null)("a real film gets a picture of itself, as wide as it is", async () => {
    const { alice, media, find, work } = await house(ffmpeg);
    await makeFilms(ffmpeg ?? "", folder, { "real.mp4": ["-c:v", "mpeg4", "-an"] });
    const kept = await media.take(alice, { content: Bun.file(join(folder, "real.mp4")), fileName: null });
    expect(kept).toMatchObject({ width: 96, height: 64, durationMs: 2_000, isPending: true });
    await work();
    expect((await find(kept.url))?.preview).toMatchObject({ width: 96, height: 64 });
    // A play list of other files is not read as one, whatever it is called.
    const list = { content: Buffer.from("#EXTM3U\nfile:///etc/passwd\n"), fileName: "film.mp4" };
    expect((await media.take(alice, list)).family).toBe("file");
  });
});
