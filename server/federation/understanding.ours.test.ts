/** What becomes of documents in the shapes of programs that publish no recordings: written by us, by program. */
import { describe, expect, test } from "bun:test";
import type { JsonObject } from "../lib/json.ts";
import { blogs } from "../testing/documents/blogs.ts";
import { bookwyrm } from "../testing/documents/bookwyrm.ts";
import { events } from "../testing/documents/events.ts";
import { films } from "../testing/documents/films.ts";
import { microblogs } from "../testing/documents/microblogs.ts";
import { music } from "../testing/documents/music.ts";
import { piefed } from "../testing/documents/piefed.ts";
import { pixelfed } from "../testing/documents/pixelfed.ts";
import type { Sample } from "../testing/documents/sample.ts";
import { understand } from "../testing/understand.ts";

const PROGRAMS: Readonly<Record<string, readonly Sample[]>> = {
  Pixelfed: pixelfed,
  "PieFed and Mbin": piefed,
  BookWyrm: bookwyrm,
  "Funkwhale, Castopod and players": music,
  "PeerTube, Loops and Owncast": films,
  "Gancio, Mobilizon and calendars": events,
  "Ghost, WriteFreely and Plume": blogs,
  "GoToSocial, Akkoma, Sharkey, Hollo, snac, Bonfire, forges and chats": microblogs,
};

describe.each(Object.entries(PROGRAMS))("documents of %s", (_program, samples) => {
  const others: readonly JsonObject[] = samples.map(({ document }) => document);

  test.each(samples.map((sample) => [sample.what, sample] as const))("%s", async (_what, sample) => {
    const { line, card } = await understand(sample.document, others);
    expect(line).toBe(sample.becomes);
    for (const words of sample.says ?? []) expect(card).toContain(words);
  });
});
