/** Pictures of this server that stand for `:shortcode:`, kept in memory, and put into what people here publish. */
import type { AsObject } from "../core/object.ts";
import { holdServer } from "../core/store-writes.ts";
import { type Now, toIso } from "../lib/clock.ts";
import type { Keys } from "../lib/id.ts";
import type { Log } from "../lib/log.ts";
import { Problem } from "../lib/problem.ts";
import { expecting } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";
import { follow } from "../storage/follow.ts";
import type { RecordSiteAct } from "./site-act.ts";
import * as store from "./store-emoji.ts";

/** Every program loads them all at its start. */
export const MAX_EMOJI = 1_000;
const MAX_CATEGORY = 50;
/** As all servers write them. */
const SHORTCODE = /^[a-zA-Z0-9_]{2,50}$/;
const IN_TEXT = /:([a-zA-Z0-9_]{2,50}):/g;
/** In one post. */
const MAX_IN_ONE = 50;
const CHANNEL = "emoji";

export interface CustomEmoji {
  readonly key: number;
  readonly shortcode: string;
  /** May be empty. */
  readonly category: string;
  /** The whole address of the picture. */
  readonly url: string;
  readonly mediaType: string;
  /** Shown where one chooses; the others can still be written. */
  readonly isOffered: boolean;
  readonly changedMs: number;
}

export interface NewEmoji {
  readonly shortcode: string;
  readonly category: string;
  /** Of a file of this server, whole. */
  readonly url: string;
  readonly mediaType: string;
}

export interface CustomEmojis {
  /** By category, then by name. */
  all(): readonly CustomEmoji[];
  find(shortcode: string): CustomEmoji | null;
  /** AS2 `Emoji` tags for every shortcode of ours in these texts, each once. */
  tagsIn(texts: readonly string[]): readonly AsObject[];
  /** Whether there could be an emoji of that name. @throws Problem `invalid` or `conflict` at the field. */
  check(shortcode: string): void;
  /** @throws Problem `invalid` or `conflict` at a field. */
  add(by: number, emoji: NewEmoji): Promise<void>;
  /** @throws Problem `not-found`, `invalid`. */
  change(
    by: number,
    key: number,
    change: { readonly category: string; readonly isOffered: boolean },
  ): Promise<void>;
  /** What was published with it keeps it. @throws Problem `not-found`. */
  remove(by: number, key: number): Promise<void>;
  stop(): void;
}

export async function createEmojis(deps: {
  db: Db;
  log: Log;
  keys: Keys;
  now: Now;
  origin: string;
  record: RecordSiteAct;
}): Promise<CustomEmojis> {
  const { db, keys, now, origin, record } = deps;
  let known: readonly CustomEmoji[] = [];
  let byShortcode = new Map<string, CustomEmoji>();

  async function read(): Promise<void> {
    known = (await store.findEmoji(db, MAX_EMOJI)).map((row) => ({
      key: row.key,
      shortcode: row.shortcode,
      category: row.category,
      url: origin + row.path,
      mediaType: row.media_type,
      isOffered: row.offered === 1,
      changedMs: row.changed,
    }));
    byShortcode = new Map(known.map((emoji) => [emoji.shortcode, emoji]));
  }

  const { tell, stop } = await follow({ db, log: deps.log, channel: CHANNEL, read });

  function required(key: number): CustomEmoji {
    const emoji = known.find((each) => each.key === key);
    if (emoji === undefined) throw notThere();
    return emoji;
  }

  function check(shortcode: string): void {
    if (!SHORTCODE.test(shortcode))
      throw new Problem("invalid", "A name has 2 to 50 letters, digits and underscores.", {
        field: "shortcode",
      });
    if (byShortcode.has(shortcode))
      throw new Problem("conflict", "There is an emoji of this name already.", { field: "shortcode" });
    if (known.length >= MAX_EMOJI) throw tooManyEmoji();
  }

  return {
    all: () => known,
    find: (shortcode) => byShortcode.get(shortcode) ?? null,
    tagsIn(texts) {
      if (known.length === 0) return [];
      const found = new Set<CustomEmoji>();
      for (const text of texts) {
        for (const [, shortcode = ""] of text.matchAll(IN_TEXT)) {
          const emoji = byShortcode.get(shortcode);
          if (emoji && found.size < MAX_IN_ONE) found.add(emoji);
        }
      }
      return [...found].map(({ shortcode, url, mediaType, changedMs }) => ({
        // GoToSocial shows none without an address: its picture, by that name.
        id: `${url}#${shortcode}`,
        type: "Emoji",
        name: `:${shortcode}:`,
        updated: toIso(changedMs),
        icon: { type: "Image", mediaType, url },
      }));
    },
    check,
    async add(by, { shortcode, category, url, mediaType }) {
      check(shortcode);
      const row = {
        key: keys.next(),
        shortcode,
        category: categoryIn(category),
        path: url.slice(origin.length),
        media_type: mediaType,
        offered: 1,
        changed: now(),
      };
      await db.batch([
        holdServer(),
        store.insertEmoji(row),
        expecting(1, store.isWithinEmoji(row.key, MAX_EMOJI), tooManyEmoji),
        record({ by, act: "emoji", subject: shortcode, detail: "saved" }),
      ]);
      await tell();
    },
    async change(by, key, { category, isOffered }) {
      const { shortcode } = required(key);
      await db.batch([
        expecting(1, store.updateEmoji(key, categoryIn(category), isOffered, now()), notThere),
        record({ by, act: "emoji", subject: shortcode, detail: isOffered ? "shown" : "hidden" }),
      ]);
      await tell();
    },
    async remove(by, key) {
      const { shortcode } = required(key);
      await db.batch([
        expecting(1, store.deleteEmoji(key), notThere),
        record({ by, act: "emoji", subject: shortcode, detail: "removed" }),
      ]);
      await tell();
    },
    stop,
  };
}

const tooManyEmoji = (): Problem =>
  new Problem("invalid", `There can be ${MAX_EMOJI} emoji. Remove one first.`);

const notThere = (): Problem => new Problem("not-found", "There is no such emoji any more.");

function categoryIn(given: string): string {
  const category = given.replace(/\s+/g, " ").trim();
  if (category.length <= MAX_CATEGORY) return category;
  throw new Problem("invalid", `A group's name has at most ${MAX_CATEGORY} characters.`, {
    field: "category",
  });
}
