/** What lies behind the addresses in posts that people here read: fetched by a job, once for each address, within limits. */
import { backOff, type JobKind } from "../jobs/job.ts";
import type { Queue } from "../jobs/queue.ts";
import { type Now, steady } from "../lib/clock.ts";
import { HOUR_MS } from "../lib/durations.ts";
import type { Fetch, Fetched } from "../lib/fetch.ts";
import { isJsonObject, parseJson } from "../lib/json.ts";
import { createLru } from "../lib/lru.ts";
import { isProblem } from "../lib/problem.ts";
import { hostOf, parseHttpUrl } from "../lib/url.ts";
import type { Db } from "../storage/db.ts";
import { type Preview, readMore, readPage } from "./preview-page.ts";
import { findPreviews, putPreview } from "./store-previews.ts";

/** Pages are looked at in their first part; larger ones are no pages. */
const MAX_BYTES = 2 * 1024 * 1024;
/** Nobody waits for it, and a slow page is not worth more. */
const TOTAL_MS = 10_000;
/** At one time: they mostly wait. Of one site one after the other, as a link that spreads is asked for everywhere. */
const AT_ONCE = 4;
/** What was found is believed for so long, and what failed or was empty for less. */
const KEPT_MS = 14 * 24 * HOUR_MS;
const FAILED_MS = 24 * HOUR_MS;
/** Longer addresses are of no use to anybody. */
const MAX_URL = 2_000;
/** Addresses that were asked for lately, so that readers cost no statements. */
const MAX_REMEMBERED = 5_000;

export interface Previews {
  /**
   * What is known of these addresses. For a reader who is signed in what is not known, or old, is looked for later. The
   * same object as long as it says the same. Asks nobody itself.
   */
  of(urls: readonly string[], isReader: boolean): Promise<ReadonlyMap<string, Preview>>;
  /** `preview`, payload `{ url }`. */
  readonly job: JobKind;
}

interface Known {
  readonly preview: Preview | null;
  readonly dueMs: number;
}

export function createPreviews(deps: {
  readonly db: Db;
  readonly queue: Queue;
  readonly now: Now;
  /** Guarded by the rules about other servers (`guard.ts`). */
  readonly fetch: Fetch;
  readonly isOurs: (iri: string) => boolean;
}): Previews {
  const { db, queue, now, fetch } = deps;
  const passed = steady(now);
  const known = createLru<Known>(MAX_REMEMBERED);

  async function of(urls: readonly string[], isReader: boolean): Promise<ReadonlyMap<string, Preview>> {
    const [nowMs, passedMs] = [now(), passed()];
    const found = new Map<string, Preview>();
    const unknown: string[] = [];
    for (const url of new Set(urls)) {
      const entry = known.get(url);
      if (entry?.preview) found.set(url, entry.preview);
      if (entry === undefined || entry.dueMs <= passedMs) unknown.push(url);
    }
    const asked = unknown.filter((url) => url.length <= MAX_URL && hostOf(url) !== null && !deps.isOurs(url));
    if (asked.length === 0) return found;
    const rows = new Map((await findPreviews(db, asked)).map((row) => [row.url, row]));
    const due = asked.filter((url) => {
      const row = rows.get(url);
      const preview = previewIn(row?.card ?? null);
      if (preview !== null) found.set(url, preview);
      const until = row === undefined ? 0 : row.fetched + (preview === null ? FAILED_MS : KEPT_MS);
      const isDue = until <= nowMs;
      if (isDue && !isReader) return false;
      // Whoever looks again in the meantime looks into the table.
      known.set(url, { preview, dueMs: passedMs + (isDue ? SOON_MS : until - nowMs) });
      return isDue;
    });
    if (due.length > 0)
      await db.batch(
        due.map((url) =>
          queue.enqueue({
            kind: "preview",
            lane: hostOf(url) ?? "",
            payload: { url },
            once: `preview ${url}`,
          }),
        ),
      );
    return found;
  }

  async function look(url: string, signal: AbortSignal): Promise<Preview | null> {
    const page = await get(url, "text/html,application/xhtml+xml", signal);
    if (page === null || !/^(?:text\/html|application\/xhtml\+xml)\b/i.test(typeOf(page))) return null;
    const { preview, moreUrl } = readPage(textOf(page), page.url);
    if (preview !== null || moreUrl === null) return preview;
    const more = await get(moreUrl, "application/json", signal);
    return more === null ? null : readMore(textOf(more), more.url);
  }

  async function get(url: string, accept: string, signal: AbortSignal): Promise<Fetched | null> {
    const answer = await fetch(url, {
      headers: { accept },
      maxBytes: MAX_BYTES,
      totalMs: TOTAL_MS,
      signal,
    });
    return answer.status === 200 ? answer : null;
  }

  return {
    of,
    job: {
      // What does not answer today is asked again when somebody reads the post another day.
      retry: backOff({ firstMs: HOUR_MS, factor: 2, maxMs: HOUR_MS, giveUpAfterMs: 0 }),
      concurrency: AT_ONCE,
      perLane: 1,
      async run({ payload }, signal) {
        const { url } = payload as { url: string };
        let preview: Preview | null = null;
        try {
          preview = parseHttpUrl(url) === null ? null : await look(url, signal);
        } catch (error) {
          // @NOTE A page that cannot be had has nothing to show; that is remembered like everything else.
          if (!isProblem(error)) throw error;
        }
        const card = preview === null ? null : JSON.stringify(preview);
        known.delete(url);
        return [putPreview({ url, fetched: now(), card })];
      },
    },
  };
}

/** Until a job that was promised is looked for again. */
const SOON_MS = 60_000;

function previewIn(card: string | null): Preview | null {
  const read = card === null ? null : parseJson(card);
  return isJsonObject(read) ? (read as unknown as Preview) : null;
}

const typeOf = ({ headers }: Fetched): string => headers.get("content-type") ?? "";

/** In the encoding that the answer, or the page, names. */
function textOf(page: Fetched): string {
  const start = Buffer.from(page.bytes.subarray(0, 1024)).toString("latin1");
  const label =
    /charset=["']?([\w-]+)/i.exec(typeOf(page))?.[1] ??
    /<meta[^>]+charset=["']?([\w-]+)/i.exec(start)?.[1] ??
    "utf-8";
  try {
    return new TextDecoder(label).decode(page.bytes);
  } catch {
    // @NOTE An encoding that nobody knows is read as the usual one.
    return new TextDecoder().decode(page.bytes);
  }
}
