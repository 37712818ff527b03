/** The record of a group: what was done as it, to whom, and by whom. */
import type { Look } from "../core/behaviour.ts";
import type { Entity } from "../core/entity.ts";
import { type AsObject, id, text } from "../core/object.ts";
import { timeOfKey } from "../lib/id.ts";
import { oneLine } from "./plain.ts";
import type { DeedRow } from "./store-groups.ts";
import type { GroupRecordLine } from "./view-groups.ts";
import type { Views } from "./views.ts";

type About = Pick<Entity, "key" | "kind">;

/** A reason is a line. */
const MAX_REASON = 500;

/** Lines for these rows. Who did it is said to those who are told (`isTold`), nobody else. */
export async function recordOf(
  deps: { readonly look: Look; readonly views: Views },
  group: number,
  rows: readonly DeedRow[],
  reader: {
    readonly viewer: number | null;
    readonly isTold: boolean;
    readonly language: string | undefined;
  },
): Promise<readonly GroupRecordLine[]> {
  const { look, views } = deps;
  const deeds = await look.byKeys(rows.map(({ at }) => at));
  const subjects = await look.byKeys(withSubject(deeds.values()));
  const inner = await look.byKeys(withSubject(subjects.values()));
  const invited = await look.findMany(
    [...deeds.values(), ...subjects.values()].flatMap((entity) => targetOfInvite(entity) ?? []),
  );

  /** Whom or what it is about: of an answer whoever asked, of an Undo what was undone about. */
  function aboutOf(deed: Entity): About | null {
    const subject = subjects.get(deed.subject ?? 0) ?? null;
    const invitee = targetOfInvite(deed) ?? (subject && targetOfInvite(subject));
    if (invitee) return invited.get(invitee) ?? null;
    if (subject?.kind !== "activity") return subject;
    if (deed.type !== "Accept" && deed.type !== "Reject") return inner.get(subject.subject ?? 0) ?? null;
    return subject.owner === null ? null : { key: subject.owner, kind: "actor" };
  }

  const lines = rows.flatMap(({ at, doer }) => {
    const deed = deeds.get(at);
    if (!deed) return [];
    const who = doer ?? (deed.owner === group ? null : deed.owner);
    return [{ at, deed, about: aboutOf(deed), doer: reader.isTold ? who : null }];
  });
  const isActor = (about: About | null) => about?.kind === "actor";
  const [actors, objects] = await Promise.all([
    views.actors(
      lines.flatMap(({ about, doer }) => [
        ...(about && isActor(about) ? [about.key] : []),
        ...(doer ? [doer] : []),
      ]),
    ),
    views.objects(
      lines.flatMap(({ about }) => (about && !isActor(about) ? about.key : [])),
      reader.viewer,
      reader.language,
    ),
  ]);
  return lines.map(({ at, deed, about, doer }): GroupRecordLine => {
    const object = about && !isActor(about) ? (objects.get(about.key) ?? null) : null;
    const person = about && isActor(about) && about.key !== group ? (actors.get(about.key) ?? null) : null;
    return {
      key: at,
      timeMs: timeOfKey(at),
      deed: wordsOf(deed, subjects.get(deed.subject ?? 0) ?? null),
      by: doer === null ? null : (actors.get(doer) ?? null),
      about: person ?? object?.author ?? null,
      object,
      reason: reasonOf(deed),
    };
  });
}

/** Ours stands in `content`, that of Lemmy in `summary`. */
const reasonOf = ({ document }: Entity): string | null =>
  document && (oneLine(text(document, "content") ?? text(document, "summary"), MAX_REASON) || null);

const withSubject = (entities: Iterable<Entity>): readonly number[] =>
  [...entities].flatMap(({ kind, subject }) => (kind === "activity" && subject !== null ? subject : []));

const targetOfInvite = ({ type, document }: Entity): string | null =>
  type === "Invite" && document ? id(document, "target") : null;

/** `Add moderators`, `Undo Block`, `Lock`. */
function wordsOf({ type, document }: Entity, undone: Entity | null): string {
  if (type === "Undo") return `Undo ${undone?.type ?? "Activity"}`;
  const list = listIn(document ?? {});
  return list === null ? (type ?? "Activity") : `${type} ${list}`;
}

const listIn = (document: AsObject): string | null =>
  /\/(moderators|owners|featured|removed)$/.exec(id(document, "target") ?? "")?.[1] ?? null;
