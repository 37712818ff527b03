/** From an address to who quotes a post, and who reacted to it. */

import { parseKey } from "../../server/lib/id.ts";
import { Problem } from "../../server/lib/problem.ts";
import { signedIn, type Visit, type WebDeps } from "../face.ts";
import { quotesPage } from "../pages/quotes.ts";
import { reactionsPage } from "../pages/reactions.ts";
import { type Load, olderHref, pageRequest } from "./load.ts";

async function postIn(deps: WebDeps, visit: Visit) {
  const key = parseKey(visit.params.key);
  const view = key === null ? null : await deps.queries.object(key, visit.viewer?.actorKey ?? null);
  if (view === null || view.isDeleted)
    throw new Problem("not-found", "There is no such post, or you may not see it.");
  return view;
}

/** What somebody is about to quote. @throws Problem `not-found`, or `forbidden` where it cannot be quoted. */
export async function quotedFor(deps: WebDeps, viewer: number, iri: string) {
  const entity = await deps.look.find(iri);
  const view = entity === null ? null : await deps.queries.object(entity.key, viewer);
  if (view === null || view.isDeleted) throw new Problem("not-found", "The post that you quote is gone.");
  if (!view.mine.mayQuote)
    throw new Problem(
      "forbidden",
      "This post cannot be quoted: its author does not want it, or it is not for everybody.",
    );
  const isFollowers = view.quotePolicy === "followers" && !view.mine.isAuthor && view.author !== null;
  const known = isFollowers ? await deps.queries.relationships(viewer, [view.author.key]) : null;
  const isHopeless = isFollowers && known?.get(view.author.key)?.following !== "yes";
  return { quotes: view, isHopeless };
}

export const quotes: Load = async (deps, visit) => {
  const { viewer } = signedIn(visit);
  const view = await postIn(deps, visit);
  if (!view.mine.isAuthor || !view.isLocal)
    throw new Problem("forbidden", "Only its author can see who quotes this post.");
  const [page, asking] = await Promise.all([
    deps.queries.quoting(view.key, viewer.actorKey, pageRequest(visit)),
    deps.queries.asking(view.key),
  ]);
  return quotesPage(visit.context, {
    view,
    quotes: page.items,
    asking,
    olderHref: olderHref(visit, page),
  });
};

export const reactions: Load = async (deps, visit) => {
  const view = await postIn(deps, visit);
  const wanted = visit.url.searchParams.get("with");
  const chosen = view.reactions.find(({ name }) => name === wanted) ?? view.reactions[0] ?? null;
  const page = chosen && (await deps.queries.reactors(view.key, chosen.name, pageRequest(visit)));
  return reactionsPage(visit.context, {
    view,
    chosen,
    people: page?.items ?? [],
    olderHref: page && olderHref(visit, page),
  });
};
