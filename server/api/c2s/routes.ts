/** ActivityPub for clients (AP §6): outbox, inbox, proxy and upload. */
import { type AnyElysia, Elysia } from "elysia";
import type { ActAsGroup } from "../../accounts/group-outbox.ts";
import type { GroupRoles } from "../../accounts/group-roles.ts";
import type { Addresses } from "../../core/addresses.ts";
import type { Look } from "../../core/behaviour.ts";
import type { AsObject } from "../../core/object.ts";
import type { Core } from "../../core/process.ts";
import type { Registry } from "../../core/registry.ts";
import type { FetchDocument } from "../../federation/fetch-key.ts";
import type { Publisher } from "../../federation/publish.ts";
import type { RateLimits } from "../../http/rate-limit.ts";
import type { Viewers } from "../../http/viewer.ts";
import type { JsonObject } from "../../lib/json.ts";
import { isProblem, Problem } from "../../lib/problem.ts";
import type { Media } from "../../media/upload.ts";
import type { Db } from "../../storage/db.ts";
import { answerDocument, readDocument } from "./documents.ts";
import { createInboxPages } from "./inbox.ts";
import { createOutbox, type Poster } from "./outbox.ts";
import { createProxy } from "./proxy.ts";
import { createScopeOf } from "./scopes.ts";
import { createUpload } from "./upload.ts";

/** Actors name these addresses under `endpoints` (core/actors.ts). */
export const PROXY_PATH = "/api/c2s/proxy";
export const UPLOAD_PATH = "/api/c2s/upload";

/** By account, for `createRateLimits`. */
export const RATES = {
  /** A class that posts at once from one program, then one a second. */
  "c2s-outbox": { burst: 120, everyMs: 1_000 },
  "c2s-inbox": { burst: 300, everyMs: 200 },
  /** Each may cost another server a request. */
  "c2s-proxy": { burst: 200, everyMs: 500 },
  /** Each may cost a second of work. */
  "c2s-upload": { burst: 40, everyMs: 5_000 },
} as const;

/** A box that somebody may use, and who that is. */
interface Holder extends Poster {
  readonly accountKey: number;
}

export interface C2sDeps {
  readonly db: Db;
  readonly core: Pick<Core, "act">;
  readonly look: Look;
  readonly registry: Registry;
  readonly addresses: Addresses;
  readonly actAsGroup: ActAsGroup;
  readonly mayActAs: GroupRoles["mayActAs"];
  readonly media: Media;
  readonly viewers: Pick<Viewers, "require">;
  readonly limits: RateLimits<keyof typeof RATES>;
  readonly normalise: (document: AsObject) => Promise<JsonObject>;
  readonly publish: (object: AsObject) => JsonObject;
  readonly assemble: Publisher["assemble"];
  readonly fetchDocument: FetchDocument;
  /** `createFailureHandler` with `problemJson`. */
  readonly onError: (context: { readonly error: unknown; readonly request: Request }) => Promise<Response>;
}

export function routes(deps: C2sDeps): AnyElysia {
  const { addresses, viewers, limits, normalise, publish } = deps;
  const outbox = createOutbox(deps);
  const scopeOf = createScopeOf(deps);
  const inbox = createInboxPages(deps);
  const proxy = createProxy(deps);
  const upload = createUpload({ ...deps, outbox });

  /**
   * Whose box it is, for its owner or somebody who looks after the group that it belongs to, by a token or session with
   * this scope. Throws Problem `forbidden` for anybody else.
   */
  async function owner(request: Request, given: string | null, scope: string): Promise<Holder> {
    const viewer = await viewers.require(request, scope);
    const { accountKey, actorKey } = viewer;
    // @NOTE Elysia gives null for a part of a path that cannot be decoded.
    const name = given?.toLowerCase() ?? "";
    if (viewer.name === name) return { accountKey, actorKey, name, by: null };
    const box = await deps.look.find(addresses.actor(name));
    if (box !== null && (await deps.mayActAs(actorKey, box.key, "read")))
      return { accountKey, actorKey: box.key, name, by: actorKey };
    throw new Problem("forbidden", "Only its owner may use this address.", {
      reason: "principal-not-authorized",
    });
  }

  return new Elysia({ name: "c2s" })
    .onError(deps.onError)
    .post(
      "/users/:name/outbox",
      async ({ request, params }) => {
        const viewer = await owner(request, params.name, "write:outbox");
        limits.take(request, "c2s-outbox", viewer.accountKey);
        const given = (await normalise(await readDocument(request))) as AsObject;
        await viewers.require(request, await scopeOf(viewer.actorKey, given));
        const { activity } = await outbox.post(viewer, given);
        return answerDocument(request, publish(activity), { status: 201, location: activity.id ?? "" });
      },
      { parse: "none" },
    )
    .get("/users/:name/inbox", async ({ request, params }) => {
      const viewer = await owner(request, params.name, "read:inbox");
      limits.take(request, "c2s-inbox", viewer.accountKey);
      const iri = addresses.collection(addresses.actor(viewer.name), "inbox");
      const page = await inbox.read(viewer.actorKey, iri, new URL(request.url).searchParams);
      return answerDocument(request, publish(page));
    })
    .post(
      PROXY_PATH,
      async ({ request }) => {
        const viewer = await viewers.require(request, "read:proxy");
        limits.take(request, "c2s-proxy", viewer.accountKey);
        const id = new URLSearchParams(await request.text()).get("id") ?? "";
        return answerDocument(request, publish(await proxy.get(viewer.actorKey, id)));
      },
      { parse: "none" },
    )
    .post(
      UPLOAD_PATH,
      async ({ request }) => {
        const viewer = await viewers.require(request, "write:media");
        limits.take(request, "c2s-upload", viewer.accountKey);
        const mayPost = () => viewers.require(request, "write:outbox");
        const { location, document } = await upload.take(viewer, await formOf(request), mayPost);
        return answerDocument(request, publish(document), { status: 201, location });
      },
      { parse: "none" },
    ) as unknown as AnyElysia;
}

async function formOf(request: Request): Promise<FormData> {
  try {
    return await request.formData();
  } catch (cause) {
    if (isProblem(cause, "too-large") || isProblem(cause, "full")) throw cause;
    throw new Problem(
      "invalid",
      "Send the file as multipart/form-data.",
      { field: "file", reason: "body" },
      { cause },
    );
  }
}
