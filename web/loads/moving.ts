/** What the pages of moving house and of relays show, the public lists, and the files that are saved from here. */
import { LISTS } from "../../server/federation/belongings.ts";
import { Problem } from "../../server/lib/problem.ts";
import { permitted, signedIn, type Visit, type WebDeps } from "../face.ts";
import { ARCHIVE_FILE, CARRIED_FILES } from "../forms-moving.ts";
import { adminRelaysPage } from "../pages/admin/relays.ts";
import { publicPage } from "../pages/public.ts";
import { movingPage } from "../pages/settings/moving.ts";
import { movingProps } from "../posts/moving.ts";
import { relaysProps } from "../posts/relays.ts";
import { type Load, pageRequest } from "./load.ts";
import { feedOf } from "./pages.ts";

export const moving: Load = async (deps, visit) => movingPage(visit.context, await movingProps(deps, visit));

export const relays: Load = async (deps, visit) => {
  permitted(visit, "decide-about-servers");
  return adminRelaysPage(visit.context, await relaysProps(deps));
};

/** For people who live here, unless those who run the server show them to everybody. */
export const publicList =
  (which: "here" | "everywhere"): Load =>
  async (deps, visit) => {
    if (deps.accounts.settings.get("publicLists") !== "everyone") signedIn(visit);
    const viewer = visit.viewer?.actorKey ?? null;
    const read = which === "here" ? deps.queries.localPublic : deps.queries.everywhere;
    return publicPage(visit.context, { which, feed: feedOf(visit, await read(viewer, pageRequest(visit))) });
  };

/** A list of the person as a file. @throws Problem `unauthenticated`, `not-found`. */
export async function carriedFile(deps: WebDeps, visit: Visit): Promise<Response> {
  const { viewer } = signedIn(visit);
  if (visit.params.file === ARCHIVE_FILE) return archiveFile(deps, viewer.actorKey);
  const list = LISTS.find((name) => CARRIED_FILES[name] === visit.params.file);
  if (list === undefined) throw new Problem("not-found", "There is no such file.");
  return new Response(await deps.belongings.export(viewer.actorKey, list), {
    headers: {
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": `attachment; filename="${CARRIED_FILES[list]}"`,
      "cache-control": "private, no-store",
    },
  });
}

async function archiveFile(deps: WebDeps, actor: number): Promise<Response> {
  const file = await deps.archives.find(actor);
  if (file === null) throw new Problem("not-found", "There is no archive of yours. Make one first.");
  return new Response(file, {
    headers: {
      "content-type": "application/zip",
      "content-disposition": `attachment; filename="${ARCHIVE_FILE}"`,
      "cache-control": "private, no-store",
    },
  });
}
