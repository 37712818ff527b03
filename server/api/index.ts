/** The client APIs that this server speaks. */
import { type AnyElysia, Elysia } from "elysia";
import type { Federation } from "../federate.ts";
import type { Grouping } from "../grouping.ts";
import { createRateLimits } from "../http/rate-limit.ts";
import type { Viewers } from "../http/viewer.ts";
import type { Jsonld } from "../jsonld/jsonld.ts";
import type { Now } from "../lib/clock.ts";
import type { Media } from "../media/upload.ts";
import type { Offering } from "../offering.ts";
import type { Opened } from "../open.ts";
import type { Peace } from "../peace.ts";
import type { Queries } from "../queries/queries.ts";
import { RATES as c2sRates, routes as c2sRoutes } from "./c2s/routes.ts";
import type { FaceDeps } from "./mastodon/deps.ts";
import { routes as mastodonRoutes } from "./mastodon/routes.ts";

export interface ApiDeps
  extends Pick<
    FaceDeps,
    | "version"
    | "counts"
    | "iconPath"
    | "log"
    | "maxUploadBytes"
    | "findActor"
    | "live"
    | "push"
    | "moving"
    | "pictures"
  > {
  readonly opened: Opened;
  readonly federation: Federation;
  readonly jsonld: Jsonld;
  readonly media: Media;
  readonly grouping: Grouping;
  readonly peace: Peace;
  readonly offering: Offering;
  readonly queries: Queries;
  readonly viewers: Viewers;
  readonly now: Now;
  readonly onError: (context: { readonly error: unknown; readonly request: Request }) => Promise<Response>;
}

export function api(deps: ApiDeps): AnyElysia {
  const { opened, federation, jsonld, media, grouping, viewers, now, onError } = deps;
  const { db, addresses, registry } = opened;
  const { core, look, publisher, fetchDocument } = federation;
  const limits = createRateLimits({ now, rates: c2sRates });
  return new Elysia({ name: "api" }).use(mastodon(deps)).use(
    c2sRoutes({
      db,
      core,
      look,
      registry,
      addresses,
      actAsGroup: grouping.actAsGroup,
      mayActAs: grouping.groups.mayActAs,
      media,
      viewers,
      limits,
      onError,
      fetchDocument,
      normalise: (document) => jsonld.normalise(document),
      publish: jsonld.publish,
      assemble: publisher.assemble,
    }),
  ) as unknown as AnyElysia;
}

function mastodon({ opened, federation, grouping, peace, offering, ...deps }: ApiDeps): AnyElysia {
  const { core, look, reading, lookedFor, previews } = federation;
  const { reports, sanctions, avoiding, acquaintances } = peace;
  return mastodonRoutes({
    ...deps,
    ...opened,
    scheduled: offering.scheduled,
    announcements: offering.announcements,
    translator: offering.translator,
    origin: opened.addresses.origin,
    core,
    look,
    reading,
    lookedFor,
    previews,
    groups: grouping.groups,
    reports,
    sanctions,
    avoiding,
    acquaintances,
  });
}
