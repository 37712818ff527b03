/** `/api/v1/apps`: programs introduce themselves, and ask what they are known as. */
import { type AnyElysia, Elysia } from "elysia";
import { connectionOf } from "../../../http/connection.ts";
import { createBuckets, type Rate } from "../../../lib/buckets.ts";
import { Problem } from "../../../lib/problem.ts";
import type { Face } from "../face.ts";
import { idOf } from "../ids.ts";

/** A class that tries an app in one lesson behind one address, then two a minute: each leaves a row for months. */
const RATE: Rate = { burst: 100, everyMs: 30_000 };

export function appsRoutes(face: Face): AnyElysia {
  const { clients } = face.oauth;
  const registrations = createBuckets({ now: face.now, rate: RATE });

  const register = face.endpoint(null, async ({ request, params }) => {
    const { allowed, retryAfterSeconds } = registrations.take(connectionOf(request).addressPrefix);
    if (!allowed)
      throw new Problem("too-many", "Too many apps were registered from your network. Wait a little.", {
        retryAfterSeconds,
      });
    const { client, secret } = await clients.registerApp({
      client_name: params.text("client_name"),
      redirect_uris: params.list("redirect_uris").join("\n"),
      scopes: params.list("scopes").join(" "),
      website: params.text("website"),
    });
    return {
      ...applicationOf(client),
      client_id: client.id,
      client_secret: secret,
      client_secret_expires_at: 0,
    };
  });

  /** By the app's own token or a person's, whatever its scopes. */
  const verify = face.endpoint(null, async ({ request }) => {
    const { client } = await face.viewers.requireClient(request);
    const known = await clients.find(client.id);
    if (known === null) throw new Problem("unauthenticated", "The access token is invalid");
    return applicationOf(known);
  });

  function applicationOf(client: NonNullable<Awaited<ReturnType<typeof clients.find>>>) {
    return {
      id: idOf(client.key),
      name: client.name,
      website: client.website,
      scopes: client.scopes,
      redirect_uris: client.redirectUris,
      // One text in clients of before 4.3, which read nothing else.
      redirect_uri: client.redirectUris.join("\n"),
      vapid_key: face.push.publicKey,
    };
  }

  return new Elysia({ name: "mastodon apps" })
    .post("/api/v1/apps", register, { parse: "none" })
    .get("/api/v1/apps/verify_credentials", verify) as unknown as AnyElysia;
}
