/** Forms about posts that do not arrive: authors about their own, those who run the server about another server. */
import { parseKey } from "../../server/lib/id.ts";
import { isProblem, Problem } from "../../server/lib/problem.ts";
import { permitted, signedIn, type Visit } from "../face.ts";
import { ADMIN_PEERS, DELIVERIES, localReturn, PATHS } from "../forms.ts";
import { type Answer, goTo, type Post } from "./answer.ts";

/** Whose post it is decides the core of it: another's is on no way that one's own is on. */
export const deliveries: Post = async (deps, visit, form) => {
  const { viewer } = signedIn(visit);
  deps.limits.take(visit.request, "act", viewer.accountKey);
  const { fields, actions } = DELIVERIES;
  const { delivery: said } = visit.context.words;
  const object = parseKey(form.get(fields.object));
  if (object === null) throw new Problem("not-found", "There is no such post, or you may not see it.");
  const of = [viewer.actorKey, object, form.get(fields.host) ?? ""] as const;
  const back = `${localReturn(form.get(fields.return), PATHS.home)}#arrivals`;
  if (form.get(fields.action) === actions.giveUp) {
    return orSaid(visit, back, said.stopped, () => deps.letters.giveUp(...of));
  }
  return orSaid(visit, back, said.trying, () => deps.letters.retry(...of));
};

export const peers: Post = async (deps, visit, form) => {
  permitted(visit, "tend-machine");
  const { fields, actions, path } = ADMIN_PEERS;
  const { peer, flash } = visit.context.words;
  const host = form.get(fields.host) ?? "";
  const back = `${path}/${encodeURIComponent(host)}`;
  switch (form.get(fields.action)) {
    case actions.hold:
      return orSaid(visit, back, peer.stopped, () => deps.letters.holdHost(host));
    case actions.resume:
      return orSaid(visit, back, peer.resumed, () => deps.letters.resumeHost(host));
    case actions.giveUp:
      return orSaid(visit, back, peer.letGo, () => deps.letters.giveUpHost(host));
    default:
      return orSaid(visit, back, flash.tryingAgain, () => deps.letters.retryHost(host));
  }
};

/** What cannot be done is said on the page that it was asked from. */
async function orSaid(
  { context }: Visit,
  back: string,
  said: string,
  work: () => Promise<void>,
): Promise<Answer> {
  try {
    await work();
    return goTo(back, { kind: "good", text: said });
  } catch (error) {
    if (!isProblem(error)) throw error;
    return goTo(back, { kind: "bad", text: context.words.problem.said(error.message) });
  }
}
