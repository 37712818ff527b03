/** POST /quotes: the author of a quoted post consents, refuses, or takes consent back. */
import { id } from "../../server/core/object.ts";
import { Problem } from "../../server/lib/problem.ts";
import { signedIn } from "../face.ts";
import { localReturn } from "../forms.ts";
import { QUOTES } from "../forms-quotes.ts";
import { goTo, type Post } from "./answer.ts";

export const answerQuote: Post = async (deps, visit, fields) => {
  const { viewer } = signedIn(visit);
  deps.limits.take(visit.request, "act", viewer.accountKey);
  const me = viewer.actorKey;
  const subject = await deps.look.find(fields.get(QUOTES.fields.subject) ?? "");
  const gone = new Problem("not-found", "This was answered or taken back already.");
  if (!subject?.document || subject.deletedMs !== null || !(await deps.look.maySee(me, subject.key)))
    throw gone;
  const { actions } = QUOTES;
  switch (fields.get(QUOTES.fields.action)) {
    case actions.accept:
      await deps.consentToQuote(me, subject.key);
      break;
    case actions.reject: {
      const by = id(subject.document, "actor");
      await deps.core.act(me, { type: "Reject", object: subject.iri, ...(by ? { to: [by] } : {}) });
      break;
    }
    case actions.withdraw: {
      if (subject.type !== "QuoteAuthorization" || subject.owner !== me) throw gone;
      const quote = await deps.look.find(id(subject.document, "interactingObject") ?? "");
      const author = quote?.owner == null ? null : await deps.look.byKey(quote.owner);
      const followers = id((await deps.look.byKey(me))?.document ?? {}, "followers");
      await deps.core.act(me, {
        type: "Delete",
        object: subject.iri,
        to: author ? [author.iri] : [],
        cc: followers ? [followers] : [],
      });
      break;
    }
    default:
      throw new Problem("invalid", "The form does not say what to do.");
  }
  const back = localReturn(fields.get(QUOTES.fields.return), "/");
  return goTo(back, { kind: "good", text: visit.context.words.flash.done });
};
