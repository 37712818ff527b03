/** What somebody does not want to read, for the pages where they say so. */
import { parseKey, timeOfKey } from "../../server/lib/id.ts";
import { MAX_PAGE_SIZE } from "../../server/lib/page.ts";
import { signedIn, type Visit, type WebDeps } from "../face.ts";
import type { FormState } from "../forms.ts";
import { AVOIDED, MUTES } from "../forms-peace.ts";
import type { PageView } from "../page.ts";
import { filtersPage } from "../pages/settings/filters.ts";
import { mutesPage } from "../pages/settings/mutes.ts";
import { avoidedServersPage } from "../pages/settings/servers.ts";
import { standingPage } from "../pages/settings/standing.ts";
import { type Load, olderHref, pageRequest } from "./load.ts";

export const filters: Load = (deps, visit) =>
  filterList(deps, visit, parseKey(visit.url.searchParams.get("edit")));

export async function filterList(
  deps: WebDeps,
  visit: Visit,
  edited: number | null,
  form?: FormState,
): Promise<PageView> {
  const { viewer } = signedIn(visit);
  const all = await deps.tastes.filters(viewer.actorKey);
  return filtersPage(visit.context, {
    filters: all,
    edited: all.find(({ key }) => key === edited) ?? null,
    ...(form ? { form } : {}),
  });
}

export const mutes: Load = async (deps, visit) => {
  const { viewer } = signedIn(visit);
  const threadsBefore = parseKey(visit.url.searchParams.get(MUTES.fields.threads));
  const [people, threads] = await Promise.all([
    deps.queries.people(viewer.actorKey, "muted", { ...pageRequest(visit), limit: MAX_PAGE_SIZE }),
    deps.queries.mutedThreads(viewer.actorKey, {
      limit: MAX_PAGE_SIZE,
      ...(threadsBefore === null ? {} : { before: threadsBefore }),
    }),
  ]);
  const terms = await deps.avoiding.terms(
    viewer.actorKey,
    people.items.map(({ key }) => key),
  );
  return mutesPage(visit.context, {
    people: people.items.map((actor) => ({
      actor,
      endsMs: terms.get(actor.key)?.ends ?? null,
      areNoticesMuted: terms.get(actor.key)?.notices !== 0,
    })),
    morePeopleHref: olderHref(visit, people),
    threads: threads.items.map(({ object }) => object),
    moreThreadsHref: threads.older === null ? null : `${MUTES.path}?${MUTES.fields.threads}=${threads.older}`,
  });
};

export const servers: Load = (deps, visit) => serverList(deps, visit);

export async function serverList(deps: WebDeps, visit: Visit, form?: FormState): Promise<PageView> {
  const { viewer } = signedIn(visit);
  return avoidedServersPage(visit.context, {
    hosts: await deps.tastes.hosts(viewer.actorKey),
    domain: visit.url.searchParams.get(AVOIDED.fields.domain) ?? "",
    ...(form ? { form } : {}),
  });
}

export const standing: Load = (deps, visit) => standingOf(deps, visit);

export async function standingOf(deps: WebDeps, visit: Visit, form?: FormState): Promise<PageView> {
  const { viewer } = signedIn(visit);
  const sanctions = await deps.sanctions.of(viewer.actorKey);
  return standingPage(visit.context, {
    sanctions: sanctions.map((sanction) => ({ ...sanction, timeMs: timeOfKey(sanction.key) })),
    ...(form ? { form } : {}),
  });
}
