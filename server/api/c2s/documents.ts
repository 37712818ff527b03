/** ActivityPub documents in requests and answers. */
import type { AsObject } from "../../core/object.ts";
import { isActivityType } from "../../federation/media-type.ts";
import { ACTIVITY_JSON, documentWanted } from "../../http/negotiate.ts";
import { isJsonObject, type JsonObject, parseJson } from "../../lib/json.ts";
import { Problem } from "../../lib/problem.ts";

/** As much as the edge lets through; nothing that people write comes near it. */
export const MAX_DOCUMENT_BYTES = 1_000_000;

/**
 * The JSON object in the body, as it was sent. Throws Problem `invalid` for another media type (AP §6 wants
 * `application/ld+json` with the profile, or `application/activity+json`) or what is no JSON, `too-large`.
 */
export async function readDocument(request: Request): Promise<AsObject> {
  if (!isActivityType(request.headers.get("content-type"))) {
    throw new Problem(
      "invalid",
      'Send it as application/activity+json, or as application/ld+json; profile="https://www.w3.org/ns/activitystreams".',
      { reason: "unsupported-media-type" },
    );
  }
  return parseDocument(new Uint8Array(await request.arrayBuffer()));
}

/** The JSON object in `bytes`. Throws as above. */
export function parseDocument(bytes: Uint8Array): AsObject {
  if (bytes.length > MAX_DOCUMENT_BYTES) {
    throw new Problem("too-large", `A document may have ${MAX_DOCUMENT_BYTES} bytes.`);
  }
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new Problem("invalid", "Send JSON in UTF-8.", { reason: "body" }, { cause });
  }
  const parsed = parseJson(text);
  if (!isJsonObject(parsed)) {
    throw new Problem("invalid", "Send one JSON object, nested no deeper than 64 levels.", {
      reason: "body",
    });
  }
  return parsed as AsObject;
}

/** For one reader alone, and never kept. */
export function answerDocument(
  request: Request,
  document: JsonObject,
  options: { readonly status?: number; readonly location?: string } = {},
): Response {
  return new Response(JSON.stringify(document), {
    status: options.status ?? 200,
    headers: {
      "content-type": documentWanted(request.headers.get("accept")) ?? ACTIVITY_JSON,
      "cache-control": "private, no-store",
      vary: "Accept, Authorization, Cookie",
      ...(options.location === undefined ? {} : { location: options.location }),
    },
  });
}
