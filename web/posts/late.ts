/** What was written on a page whose session was over when it was sent: nothing is done, and all of it is kept. */
import type { Visit, WebDeps } from "../face.ts";
import type { Files } from "../files.ts";
import { ACT, ATTACHMENT_NUMBERS, localReturn, PATHS, verb } from "../forms.ts";
import { POLL, POLL_NUMBERS } from "../forms-polls.ts";
import { PUBLISH_AT, zoneOf } from "../forms-site.ts";
import { signedOutPage } from "../pages/signed-out.ts";
import type { Answer } from "./answer.ts";
import { writtenAgain } from "./write-again.ts";

const { fields: f } = ACT;
/** "yes" where files came with the draft, which have to be chosen again. */
const HAD_FILES = "hadFiles";
/** The composer's fields but its token and its files. Strangers send this too: no more than these is shown again. */
const KEPT: readonly string[] = [
  HAD_FILES,
  f.type,
  f.return,
  f.object,
  f.inReplyTo,
  f.quote,
  f.quotePolicy,
  f.group,
  f.asGroup,
  f.title,
  f.to,
  f.content,
  f.summary,
  f.visibility,
  PUBLISH_AT,
  zoneOf(PUBLISH_AT),
  POLL.several,
  POLL.minutes,
  ...POLL_NUMBERS.map(POLL.choice),
  ...ATTACHMENT_NUMBERS.flatMap((n) => [f.fileText(n), f.fileUrl(n), f.fileRemove(n), f.fileFocus(n)]),
];

/**
 * Whoever is signed in gets the composer with a token that is good, and whoever is not a page that keeps the draft
 * until they are. Either way it is sent only by pressing a button of ours once more. Null for what is no draft.
 */
export async function keptDraft(
  deps: WebDeps,
  visit: Visit,
  fields: URLSearchParams,
  files: Files,
): Promise<Answer | null> {
  const typed = fields.get(f.type);
  if (typed !== verb("Create") && typed !== verb("Update")) return null;
  const values = Object.fromEntries(
    KEPT.flatMap((name) => {
      const value = fields.get(name);
      return value === null ? [] : [[name, value]];
    }),
  );
  const { context } = visit;
  const hasLostFiles = files.size > 0 || values[HAD_FILES] === "yes";
  if (context.viewer === null) {
    const draft = hasLostFiles ? { ...values, [HAD_FILES]: "yes" } : values;
    const returnTo = localReturn(fields.get(f.return), PATHS.home);
    return { page: signedOutPage(context, { values: draft, returnTo }), status: 401 };
  }
  const message = context.words.signedOut.again(context.viewer.actor.handle);
  const form = { values, problem: { field: null, message }, hasLostFiles };
  return { page: await writtenAgain(deps, visit, fields, form), status: 403 };
}
