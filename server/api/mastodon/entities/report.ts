/** Reports, and what came of them, as clients read them. */
import { timeOfKey } from "../../../lib/id.ts";
import type { Category, ReportFile } from "../../../moderation/report.ts";
import type { Sanction, SanctionKind } from "../../../moderation/sanction.ts";
import type { ActorView } from "../../../queries/view.ts";
import { idOf, timeOf, timeOrNull } from "../ids.ts";
import { accountOf, type Site } from "./account.ts";

const CATEGORIES: Readonly<Record<Category, string>> = {
  spam: "spam",
  rule: "violation",
  illegal: "legal",
  other: "other",
};

/** Our word for theirs. */
export const categoryOf = (given: string | null): Category =>
  (Object.keys(CATEGORIES) as Category[]).find((each) => CATEGORIES[each] === given) ?? "other";

export const isClosed = ({ state }: Pick<ReportFile, "state">): boolean =>
  state === "resolved" || state === "dismissed";

/** `Report`. */
export function reportOf(file: ReportFile, about: ActorView, site: Site): object {
  const [voice] = file.voices;
  return {
    id: idOf(file.key),
    action_taken: isClosed(file),
    action_taken_at: isClosed(file) ? timeOf(file.changedMs) : null,
    category: CATEGORIES[file.category],
    comment: voice?.comment ?? "",
    forwarded: file.voices.some(({ wasForwarded }) => wasForwarded),
    created_at: timeOf(timeOfKey(file.key)),
    status_ids: file.evidence.map(({ object }) => idOf(object)),
    rule_ids: null,
    collection_ids: null,
    target_account: accountOf(about, site),
  };
}

const ACTIONS: Readonly<Record<SanctionKind, string>> = {
  warn: "none",
  hide: "delete_statuses",
  cover: "sensitive",
  limit: "silence",
  suspend: "suspend",
};

/** `AccountWarning`. */
export const warningOf = (sanction: Sanction, about: ActorView, site: Site): object => ({
  id: idOf(sanction.key),
  action: ACTIONS[sanction.kind],
  text: sanction.text,
  status_ids: sanction.object === null ? null : [idOf(sanction.object)],
  target_account: accountOf(about, site),
  appeal:
    sanction.appeal === null
      ? null
      : {
          text: sanction.appeal,
          state:
            sanction.answeredMs === null ? "pending" : sanction.liftedMs === null ? "rejected" : "approved",
        },
  created_at: timeOf(timeOfKey(sanction.key)),
});

/** `RelationshipSeveranceEvent`. */
export const severanceOf = (
  key: number,
  event: { readonly domain: string; readonly followers: number; readonly following: number },
): object => ({
  id: idOf(key),
  type: "domain_block",
  purged: false,
  target_name: event.domain,
  followers_count: event.followers,
  following_count: event.following,
  created_at: timeOrNull(timeOfKey(key)),
});
