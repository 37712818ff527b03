/** `/media/HASH.EXT`: the files of people here. */
import { type AnyElysia, Elysia } from "elysia";
import type { Blobs } from "./blobs.ts";
import { serveFile } from "./serve.ts";

export function routes({ blobs }: { readonly blobs: Blobs }): AnyElysia {
  const answer = async (request: Request, name: string): Promise<Response> =>
    (await serveFile(blobs, request, name)) ??
    new Response("There is no such file.\n", {
      status: 404,
      headers: { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" },
    });
  // @NOTE Elysia answers HEAD for GET routes with the length of the body that was read, which for HEAD is none.
  return new Elysia({ name: "media" }).all("/media/:name", ({ request, params }) =>
    request.method === "GET" || request.method === "HEAD"
      ? answer(request, params.name)
      : new Response(null, { status: 405, headers: { allow: "GET, HEAD" } }),
  ) as unknown as AnyElysia;
}
