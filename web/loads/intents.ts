/** What other sites send people here for (FEP-3b86): what it is about, and where they came from. */

import { parseHttpUrl } from "../../server/lib/url.ts";
import { signedIn } from "../face.ts";
import { MAX_POST_CHARACTERS } from "../forms.ts";
import { INTENTS } from "../forms-quotes.ts";
import { donePath, intentDonePage, intentPage, type Ways } from "../pages/intent.ts";
import { interactionPage } from "../pages/remote.ts";
import { writePage } from "../pages/write.ts";
import { ask } from "./ask.ts";
import type { Load } from "./load.ts";

/** Only addresses that a person can read and judge. */
export const wayFrom = (given: string | null): string | null =>
  given === "(close)" ? given : (parseHttpUrl(given)?.href ?? null);

const waysOf = ({ searchParams }: URL): Ways => ({
  success: wayFrom(searchParams.get(INTENTS.query.success)),
  cancel: wayFrom(searchParams.get(INTENTS.query.cancel)),
});

const about =
  (type: "follow" | "like" | "announce"): Load =>
  async (deps, visit) => {
    const { viewer } = signedIn(visit);
    const iri = (visit.url.searchParams.get(INTENTS.fields.object) ?? "").replace(/^acct:/, "");
    const entity = iri === "" ? null : await ask(deps, visit, iri);
    const isActor = entity?.kind === "actor";
    if (entity === null || isActor !== (type === "follow"))
      return interactionPage(visit.context, { found: null });
    const actor = isActor ? await deps.queries.actor(entity.key) : null;
    const object = isActor ? null : await deps.queries.object(entity.key, viewer.actorKey);
    const found = actor ? { actor } : object && !object.isDeleted ? { object } : null;
    if (found === null) return interactionPage(visit.context, { found: null });
    return intentPage(visit.context, { type, found, ways: waysOf(visit.url) });
  };

export const follow = about("follow");
export const like = about("like");
export const announce = about("announce");

export const create: Load = async (deps, visit) => {
  const { viewer } = signedIn(visit);
  const { searchParams } = visit.url;
  const returnTo = donePath({ success: waysOf(visit.url).success });
  const name = searchParams.get("name")?.trim();
  const content = searchParams.get(INTENTS.fields.content)?.trim();
  const begin = [name && `**${name}**`, content].filter(Boolean).join("\n\n").slice(0, MAX_POST_CHARACTERS);
  const parent = searchParams.get(INTENTS.fields.inReplyTo);
  if (parent) {
    const entity = await ask(deps, visit, parent);
    const view =
      entity === null || entity.kind === "actor"
        ? null
        : await deps.queries.object(entity.key, viewer.actorKey);
    return interactionPage(visit.context, { found: view && { object: view }, begin, returnTo });
  }
  return writePage(visit.context, { begin, returnTo, text: visit.context.words.intent.createText });
};

export const done: Load = async (_deps, visit) => {
  const { success, cancel } = waysOf(visit.url);
  const isCancelled = visit.url.searchParams.has(INTENTS.query.cancel);
  return intentDonePage(visit.context, { isCancelled, back: isCancelled ? cancel : success });
};
