/** What is followed is read anew by word of another node, and ends as it was last. */
import { expect, test } from "bun:test";
import { systemNow } from "../lib/clock.ts";
import { createLog } from "../lib/log.ts";
import { createChannels } from "./channels.ts";
import { follow } from "./follow.ts";

const log = createLog({ now: systemNow, level: "error", form: "json", write: () => undefined });

function words() {
  const channels = createChannels();
  const listens: string[] = [];
  return {
    listens,
    notify: channels.tell,
    async listen(channel: string, heard: (payload: string) => void) {
      listens.push(channel);
      return channels.listen(channel, heard);
    },
  };
}

test("it listens before it reads, so that nothing can change in between", async () => {
  const db = words();
  const seen: number[] = [];
  await follow({ db, log, channel: "rules", read: async () => void seen.push(db.listens.length) });
  expect(seen).toEqual([1]);
});

test("a read that began before another ends before it", async () => {
  const db = words();
  const reads: PromiseWithResolvers<void>[] = [];
  let begun = Promise.withResolvers<void>();
  const followed = follow({
    ...{ db, log, channel: "rules" },
    read() {
      const read = Promise.withResolvers<void>();
      reads.push(read);
      begun.resolve();
      begun = Promise.withResolvers<void>();
      return read.promise;
    },
  });
  await begun.promise;
  reads[0]?.resolve();
  const { again } = await followed;
  const both = Promise.all([again(), again()]);
  await begun.promise;
  expect(reads).toHaveLength(2);
  reads[1]?.resolve();
  await begun.promise;
  reads[2]?.resolve();
  await both;
  expect(reads).toHaveLength(3);
});

test("what cannot be read is asked for again", async () => {
  const db = words();
  let tries = 0;
  const read = Promise.withResolvers<void>();
  const { stop } = await follow({
    ...{ db, log, channel: "rules" },
    async read() {
      tries++;
      if (tries === 2) throw new Error("The database is away.");
      if (tries === 3) read.resolve();
    },
  });
  db.notify("rules", "");
  await read.promise;
  stop();
  expect(tries).toBe(3);
});
