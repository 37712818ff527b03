/** What somebody does not want to read, for the pages where they say so. */
import { parseKey, timeOfKey } from "../../server/lib/id.ts";
import { signedIn, type Visit, type WebDeps } from "../face.ts";
import type { FormState } from "../forms.ts";
import { AVOIDED } from "../forms-peace.ts";
import type { PageView } from "../page.ts";
import { filtersPage } from "../pages/settings/filters.ts";
import { mutesPage } from "../pages/settings/mutes.ts";
import { avoidedServersPage } from "../pages/settings/servers.ts";
import { standingPage } from "../pages/settings/standing.ts";
import type { Load } from "./pages.ts";

/** Lists that one looks through as a whole. */
const ALL_ON_ONE_PAGE = 200;

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
  const [people, threads] = await Promise.all([
    deps.queries.people(viewer.actorKey, "muted", { limit: ALL_ON_ONE_PAGE }),
    deps.queries.mutedThreads(viewer.actorKey, { limit: ALL_ON_ONE_PAGE }),
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
    threads: threads.items.map(({ object }) => object),
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
