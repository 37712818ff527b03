/** The client APIs that this server speaks, and the files that they give out. */
import { join } from "node:path";
import { type AnyElysia, Elysia } from "elysia";
import type { Federation } from "../federate.ts";
import { createRateLimits } from "../http/rate-limit.ts";
import type { Viewers } from "../http/viewer.ts";
import type { Jsonld } from "../jsonld/jsonld.ts";
import type { Now } from "../lib/clock.ts";
import { createDiskBlobs } from "../media/disk.ts";
import { routes as mediaRoutes } from "../media/routes.ts";
import { createMedia } from "../media/upload.ts";
import type { Opened } from "../open.ts";
import type { Config } from "../settings.ts";
import { RATES as c2sRates, routes as c2sRoutes } from "./c2s/routes.ts";

export interface ApiDeps {
  readonly config: Config;
  readonly opened: Opened;
  readonly federation: Federation;
  readonly jsonld: Jsonld;
  readonly viewers: Viewers;
  readonly now: Now;
  readonly onError: (context: { readonly error: unknown; readonly request: Request }) => Promise<Response>;
}

export function api({ config, opened, federation, jsonld, viewers, now, onError }: ApiDeps): AnyElysia {
  const { db, keys, addresses, registry } = opened;
  const { core, look, publisher, fetchDocument } = federation;
  const blobs = createDiskBlobs(join(config.dataDir, "media"));
  const { origin, uploadLimit: limitBytes } = config;
  const media = createMedia({ db, keys, now, blobs, origin, limitBytes });
  const limits = createRateLimits({ now, rates: c2sRates });
  return new Elysia({ name: "api" }).use(mediaRoutes({ blobs })).use(
    c2sRoutes({
      db,
      core,
      look,
      registry,
      addresses,
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
