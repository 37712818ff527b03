/** Reports: filed from Flags, looked after by the staff, and closed with a word to those who spoke up. */
import { hasChanged } from "../core/as-read.ts";
import type { Look } from "../core/behaviour.ts";
import { type Entity, isOutOfSight } from "../core/entity.ts";
import type { Notify } from "../core/notify.ts";
import { type AsObject, embeddedAll, idOf, text, values } from "../core/object.ts";
import { holdActor } from "../core/store-writes.ts";
import type { Job, JobKind } from "../jobs/job.ts";
import type { Queue } from "../jobs/queue.ts";
import type { Now } from "../lib/clock.ts";
import { DAY_MS } from "../lib/durations.ts";
import { toPlainText } from "../lib/html-clean.ts";
import { type Keys, keyAt } from "../lib/id.ts";
import { isJsonObject, type Json, parseJson } from "../lib/json.ts";
import type { Log } from "../lib/log.ts";
import { type Page, toPage } from "../lib/page.ts";
import { Problem } from "../lib/problem.ts";
import { expecting, type Sql } from "../lib/sql.ts";
import type { Db } from "../storage/db.ts";
import { record } from "./audit.ts";
import {
  type Category,
  type Evidence,
  type EvidenceContent,
  isCategory,
  type ReportFile,
  type ReportLine,
  type ReportState,
  type ReportsAsked,
} from "./report.ts";
import * as store from "./store-reports.ts";

/** More reports from one person or one other server in a day are not read by anybody. */
export const MAX_REPORTS_A_DAY = 100;
/** Voices in one matter; the hundredth says nothing new. */
export const MAX_VOICES = 100;
/** Posts kept with one matter. */
export const MAX_EVIDENCE = 50;
/** What one voice says; Mastodon takes 1 000 characters. */
export const MAX_COMMENT = 3_000;
/** Of one text of a post. */
const MAX_EVIDENCE_TEXT = 20_000;
const MAX_MEDIA = 16;
const MAX_NOTES = 200;
const MAX_NOTE = 5_000;
const MAX_OUTCOME = 2_000;
const MAX_RULE = 500;
/** Evidence of closed matters is thrown away after that: an appeal comes sooner. */
const EVIDENCE_KEPT_MS = 180 * DAY_MS;

/** Closed matters are thrown away after that: whoever comes back after years is judged anew. */
const REPORTS_KEPT_MS = 2 * 365 * DAY_MS;

/** What the Flag behaviour promises (`vocab/activitystreams/block-flag.ts`). */
interface ReportPayload {
  readonly activity: number;
  readonly reporter: number;
  readonly objects: readonly string[];
  readonly comment: string;
  /** `{ category, rule, forward }` of those here. */
  readonly more?: Json;
  readonly isAddressed?: boolean;
}

export interface Reports {
  /** Newest first. `places`: only what is about posts in these groups. */
  list(asked: ReportsAsked): Promise<Page<ReportLine>>;
  count(): Promise<Record<ReportState, number>>;
  /** Everything of one. @throws Problem `not-found`. */
  get(key: number): Promise<ReportFile>;
  /** To somebody of the staff, or (null) to nobody. @throws Problem `conflict` where it is closed. */
  assign(by: number, key: number, to: number | null): Promise<void>;
  /** @throws Problem `invalid` at field `note` where it is empty or too long. */
  note(by: number, key: number, text: string): Promise<void>;
  /** `tell` are drafts of messages by the server, sent in the same batch. @throws Problem `conflict`, `invalid`. */
  close(by: number, key: number, end: Closing): Promise<void>;
  reopen(by: number, key: number): Promise<void>;
  /** Says anew what it is about. @throws Problem `not-found`. */
  categorise(by: number, key: number, category: Category): Promise<void>;
  readonly job: JobKind;
  /** Statements that throw away what is kept no longer; run them now and then. */
  sweep(): readonly Sql[];
}

export interface Closing {
  readonly state: "resolved" | "dismissed";
  /** In words, for those who reported it; may be empty. */
  readonly outcome: string;
  readonly tell: readonly AsObject[];
}

export function createReports(deps: {
  db: Db;
  keys: Keys;
  now: Now;
  log: Log;
  queue: Queue;
  look: Look;
  serverActor: number;
  /** Whether reports from this actor's server are wanted. */
  takesReports: (actor: Entity) => boolean;
  /** Keys of those who look after reports about this actor: they hear of each matter once. */
  staff: (about: number) => Promise<readonly number[]>;
  notify: Notify;
}): Reports {
  const { db, keys, now, look } = deps;

  async function file(job: Job): Promise<readonly Sql[]> {
    const payload = job.payload as unknown as ReportPayload;
    if (await store.hasComplaint(db, payload.activity)) return [];
    const reporter = await look.byKey(payload.reporter);
    if (reporter === null || !deps.takesReports(reporter)) return [];
    const since = keyAt(now() - DAY_MS);
    if ((await store.countComplaints(db, reporter.key, since, MAX_REPORTS_A_DAY)) >= MAX_REPORTS_A_DAY) {
      deps.log.warn("Reports of one sender are not read any more today", { reporter: reporter.iri });
      return [];
    }
    const matter = await matterOf(reporter, payload.objects);
    if (matter === null) return [];
    const { about, posts, place } = matter;
    const more = isJsonObject(payload.more) ? payload.more : {};
    const category: Category = isCategory(more.category) ? more.category : "other";
    const known = await store.findOpenReport(db, about.key, place);
    const key = known ?? keys.next();
    const isForwarded = !about.isLocal && (more.forward === true || payload.isAddressed === true);
    const comment = commentOf(payload.comment);
    const voices = known === null ? 0 : ((await store.findReport(db, known))?.complaints ?? 0);
    const kept = known === null ? 0 : await store.countEvidence(db, known);
    return [
      ...(known === null
        ? [
            holdActor(about.key),
            expecting(
              1,
              store.insertReport({ key, about: about.key, place, category, nowMs: now() }),
              hasChanged,
            ),
            ...(await deps.staff(about.key)).flatMap((member) =>
              deps.notify(member, "report", payload.activity, key),
            ),
          ]
        : []),
      ...(voices >= MAX_VOICES
        ? []
        : [
            store.insertComplaint({
              report: key,
              activity: payload.activity,
              reporter: reporter.key,
              category,
              rule: typeof more.rule === "string" ? more.rule.slice(0, MAX_RULE) : null,
              comment,
              wasForwarded: isForwarded,
            }),
          ]),
      ...posts
        .slice(0, Math.max(0, MAX_EVIDENCE - kept))
        .map((post) => store.insertEvidence(key, post.key, now(), JSON.stringify(contentOf(post)))),
      ...(isForwarded ? [deps.queue.enqueue({ kind: "act", payload: passedOn(about, posts, comment) })] : []),
    ];
  }

  /** In nobody's name: the actor of the server asks theirs to look, in the shape that Mastodon sends. */
  const passedOn = (about: Entity, posts: readonly Entity[], content: string): Json => ({
    actor: deps.serverActor,
    activity: {
      type: "Flag",
      object: [about.iri, ...posts.map(({ iri }) => iri)],
      content,
      to: [about.iri],
    },
  });

  /**
   * Whom it is about: the author of the first post that is named, else the first actor (Mbin names a post and its
   * author, Lemmy a post alone, Mastodon and Misskey the actor first). Posts of others are not looked at.
   */
  async function matterOf(reporter: Entity, iris: readonly string[]) {
    const found = await look.findMany(iris);
    const named = iris.flatMap((iri) => found.get(iri) ?? []).filter(({ document }) => document !== null);
    const seen: Entity[] = [];
    for (const entity of named) {
      if (entity.kind !== "object") continue;
      // Whoever is elsewhere speaks for a server, of which several may see it.
      if (!reporter.isLocal || (await look.maySee(reporter.key, entity.key))) seen.push(entity);
    }
    const author = seen.find(({ owner }) => owner !== null)?.owner ?? null;
    const about =
      author === null ? (named.find(({ kind }) => kind === "actor") ?? null) : await look.byKey(author);
    if (about === null) return null;
    const posts = seen.filter(({ owner }) => owner === about.key).slice(0, MAX_EVIDENCE);
    return { about, posts, place: await placeOf(posts) };
  }

  /** The group here that all of them are in: what was said anywhere else is not for those who keep its peace. */
  async function placeOf(posts: readonly Entity[]): Promise<number | null> {
    const [first = [], ...others] = await Promise.all(posts.map(({ key }) => look.groupsOf(key)));
    const isInAll = (key: number) => others.every((groups) => groups.some((group) => group.key === key));
    return first.find(({ key, isLocal }) => isLocal && isInAll(key))?.key ?? null;
  }

  async function change(
    by: number,
    key: number,
    given: { from: readonly ReportState[]; to: ReportState; assignee?: number | null; outcome?: string },
    more: readonly Sql[] = [],
  ): Promise<void> {
    const report = await required(key);
    const { assignee = report.assignee, outcome = null } = given;
    const changed = store.changeReport(key, { ...given, assignee, outcome, nowMs: now() });
    await db.batch([
      expecting(
        1,
        changed,
        () => new Problem("conflict", "Somebody else has changed this report. Look again."),
      ),
      record(keys, { by, act: "report", about: report.about, subject: String(key), detail: given.to }),
      ...more,
    ]);
  }

  async function required(key: number): Promise<ReportLine> {
    const report = await store.findReport(db, key);
    if (report === null) throw new Problem("not-found", "There is no such report.");
    return report;
  }

  return {
    list: async (asked) => toPage(await store.findReports(db, asked), asked.limit, ({ key }) => key),
    count: () => store.countReports(db),
    async get(key) {
      const report = await required(key);
      const [voices, evidence, notes] = await Promise.all([
        store.findComplaints(db, key, MAX_VOICES),
        store.findEvidence(db, key, MAX_EVIDENCE),
        store.findNotes(db, key, MAX_NOTES),
      ]);
      return { ...report, voices, evidence: evidence.map(evidenceOf), notes };
    },
    assign: (by, key, to) =>
      change(by, key, { from: ["open", "assigned"], to: to === null ? "open" : "assigned", assignee: to }),
    async note(by, key, written) {
      const report = await required(key);
      const said = sized(written, MAX_NOTE, "note");
      if (said === "") throw new Problem("invalid", "Write something first.", { field: "note" });
      await db.batch([
        store.holdReport(key),
        store.insertNote(keys.next(), report.key, by, said),
        expecting(1, store.hasFewNotes(key, MAX_NOTES), tooManyNotes),
      ]);
    },
    close(by, key, { state, outcome, tell }) {
      const said = sized(outcome, MAX_OUTCOME, "outcome");
      const messages = tell.map((activity) => ({
        kind: "act",
        payload: { actor: deps.serverActor, activity: activity as Json },
      }));
      const end = { from: ["open", "assigned"], to: state, outcome: said } as const;
      return change(by, key, end, deps.queue.enqueueAll(messages));
    },
    async reopen(by, key) {
      await change(by, key, { from: ["resolved", "dismissed"], to: "open", assignee: null });
    },
    async categorise(by, key, category) {
      const report = await required(key);
      await db.batch([
        store.categoriseReport(key, category, now()),
        record(keys, { by, act: "report", about: report.about, subject: String(key), detail: category }),
      ]);
    },
    job: { run: file, retry: (tries) => (tries > 5 ? null : tries * 60_000), concurrency: 1 },
    sweep: () => [
      store.sweepEvidence(now() - EVIDENCE_KEPT_MS),
      ...store.sweepReports(now() - REPORTS_KEPT_MS),
    ],
  };
}

const tooManyNotes = (): Problem =>
  new Problem("invalid", "There are too many notes here already.", { field: "note" });

const commentOf = (written: string): string =>
  toPlainText(written).trim().slice(0, MAX_COMMENT).toWellFormed();

function sized(written: string, max: number, field: string): string {
  const said = written.trim();
  if (said.length > max)
    throw new Problem("invalid", `Make it shorter: at most ${max} characters.`, { field });
  return said;
}

/** What it says now, kept whatever becomes of it. */
function contentOf({ document }: Entity): EvidenceContent {
  const object = document ?? {};
  const line = (property: string): string | null =>
    text(object, property)?.slice(0, MAX_EVIDENCE_TEXT) ?? null;
  return {
    name: line("name"),
    summary: line("summary"),
    content: line("content"),
    media: embeddedAll(object, "attachment")
      .slice(0, MAX_MEDIA)
      .flatMap((file) => {
        const url = idOf(values(file, "url")[0]) ?? idOf(file.href);
        return url === null ? [] : [{ url, text: text(file, "name")?.slice(0, MAX_COMMENT) ?? "" }];
      }),
  };
}

function evidenceOf(row: store.EvidenceRow): Evidence {
  return {
    object: row.object,
    iri: row.iri,
    takenMs: row.taken,
    isDeleted: row.deleted !== null,
    isHidden: isOutOfSight(row),
    content: parseJson(row.content) as unknown as EvidenceContent,
  };
}
