/** POST /intents/like and the others: does it, and shows the way back to the site that asked for it. */
import { isProblem, Problem } from "../../server/lib/problem.ts";
import { draftOf } from "../act.ts";
import { signedIn } from "../face.ts";
import { ACT, verb } from "../forms.ts";
import { INTENTS } from "../forms-quotes.ts";
import { wayFrom } from "../loads/intents.ts";
import { donePath } from "../pages/intent.ts";
import { goTo, type Post } from "./answer.ts";

const intent =
  (type: "Follow" | "Like" | "Announce"): Post =>
  async (deps, visit, fields) => {
    const { viewer } = signedIn(visit);
    deps.limits.take(visit.request, "act", viewer.accountKey);
    const me = await deps.look.byKey(viewer.actorKey);
    if (me === null) throw new Problem("gone", "This account is closed.");
    const { flash } = visit.context.words;
    const form = new URLSearchParams({
      [ACT.fields.type]: verb(type),
      [ACT.fields.object]: fields.get(INTENTS.fields.object) ?? "",
    });
    try {
      await deps.core.act(viewer.actorKey, await draftOf(deps, me, form));
    } catch (error) {
      if (!isProblem(error)) throw error;
      const cancel = wayFrom(fields.get(INTENTS.query.cancel));
      return goTo(donePath({ cancel }), {
        kind: "bad",
        text: visit.context.words.problem.said(error.message),
      });
    }
    const success = wayFrom(fields.get(INTENTS.query.success));
    return goTo(donePath({ success }), { kind: "good", text: flash.did[type] ?? flash.done });
  };

export const followIntent = intent("Follow");
export const likeIntent = intent("Like");
export const announceIntent = intent("Announce");
