/** `/api/v1/reports`: telling the staff of somebody, as a Flag on the core's road. */
import { type AnyElysia, Elysia } from "elysia";
import { timeOfKey } from "../../../lib/id.ts";
import { Problem } from "../../../lib/problem.ts";
import type { Category } from "../../../moderation/report.ts";
import { MAX_COMMENT } from "../../../moderation/reports.ts";
import { accountOf } from "../entities/account.ts";
import { categoryOf } from "../entities/report.ts";
import type { Face } from "../face.ts";
import { idOf, keyOf, keysOf, notHere, timeOf } from "../ids.ts";

/** As many posts as one matter keeps. */
const MAX_STATUSES = 50;

export const reportsRoutes = (face: Face): AnyElysia =>
  new Elysia({ name: "mastodon reports" }).post(
    "/api/v1/reports",
    face.endpoint("write:reports", async (call) => {
      const { params } = call;
      const about = keyOf(params.text("account_id"));
      const named = keysOf(params.list("status_ids")).slice(0, MAX_STATUSES);
      const [actor, posts, seen] = await Promise.all([
        face.look.byKey(about),
        face.look.byKeys(named),
        call.queries.objects(named, call.viewerKey),
      ]);
      if (actor?.kind !== "actor") throw notHere();
      const comment = (params.text("comment") ?? "").trim();
      if (comment.length > MAX_COMMENT)
        throw new Problem("invalid", `Make it shorter: at most ${MAX_COMMENT} characters.`, {
          field: "comment",
        });
      // Of what one may not see nothing is told, not even whose it is.
      const theirs = [...posts.values()].filter(({ key, owner }) => owner === about && seen.has(key));
      const rules = rulesOf(face, params.list("rule_ids"));
      const category: Category = rules.length > 0 ? "rule" : categoryOf(params.text("category"));
      const forward = params.flag("forward") === true && !actor.isLocal;
      const done = await face.core.act(call.viewerKey, {
        type: "Flag",
        object: [actor.iri, ...theirs.map(({ iri }) => iri)],
        content: comment,
        report: { category, rule: rules.join(" · ") || null, forward },
      });
      const view = (await face.queries.actorsForStaff([about])).get(about);
      if (view === undefined) throw notHere();
      return {
        id: idOf(done.key),
        action_taken: false,
        action_taken_at: null,
        category: params.text("category") ?? "other",
        comment,
        forwarded: forward,
        created_at: timeOf(timeOfKey(done.key)),
        status_ids: theirs.map(({ key }) => idOf(key)),
        rule_ids: rules.length > 0 ? params.list("rule_ids") : null,
        collection_ids: null,
        target_account: accountOf(view, face),
      };
    }),
    { parse: "none" },
  ) as unknown as AnyElysia;

/** Rules of the server by their numbers, which are their places in the list. */
function rulesOf(face: Face, ids: readonly string[]): readonly string[] {
  const rules = face.accounts.settings
    .get("rules")
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  return ids.flatMap((id) => rules[Number(id) - 1] ?? []);
}
