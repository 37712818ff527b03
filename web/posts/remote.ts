/** A visitor says where they live, and is sent there to follow or answer. */
import { Problem } from "../../server/lib/problem.ts";
import type { Visit, WebDeps } from "../face.ts";
import { REMOTE_FOLLOW, REMOTE_INTENTS } from "../forms.ts";
import { remoteFollowPage } from "../pages/remote.ts";
import { type Answer, orAgain } from "./answer.ts";

export async function remoteFollow(deps: WebDeps, visit: Visit, fields: URLSearchParams): Promise<Answer> {
  deps.limits.take(visit.request, "remote-follow");
  const iri = fields.get(REMOTE_FOLLOW.fields.object) ?? "";
  const entity = await deps.look.find(iri);
  const view =
    entity === null || entity.kind === "actor" ? null : await deps.queries.object(entity.key, null);
  const about = entity?.kind === "actor" ? await deps.queries.actor(entity.key) : (view?.author ?? null);
  if (about === null) throw new Problem("not-found", "There is nothing at this address.");
  return orAgain(
    visit,
    fields,
    (form) => remoteFollowPage(visit.context, { actor: about, object: view, form }),
    async () => {
      const handle = (fields.get(REMOTE_FOLLOW.fields.handle) ?? "").trim();
      const there = await deps.remoteFollowUrl(handle, {
        iri,
        intent: view === null ? "follow" : intentFrom(fields.get(REMOTE_FOLLOW.fields.intent)),
        back: `${deps.origin}${view?.path ?? about.path}`,
      });
      if (there !== null) return { goTo: there };
      throw new Problem("invalid", "Write your address as name@your.server. Nobody was found there.", {
        field: REMOTE_FOLLOW.fields.handle,
      });
    },
  );
}

const intentFrom = (text: string | null) => REMOTE_INTENTS.find((each) => each === text) ?? "open";
