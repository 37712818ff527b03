/** Parameters of OAuth requests: from a form, from JSON, never twice (RFC 6749 §3.1, §3.2). */
import { isJsonObject, parseJson } from "../../lib/json.ts";
import { oauthProblem } from "./errors.ts";

/** Values by name; what is empty counts as not given (RFC 6749 §3.1). */
export type Parameters = ReadonlyMap<string, string>;

/** All of OAuth's own take some hundreds; redirect addresses and states can be long. */
const MAX_LENGTH = 20_000;

/** Throws `invalid_request` when a name comes twice or it is too much. */
export function readParameters(pairs: Iterable<readonly [string, string]>): Parameters {
  const parameters = new Map<string, string>();
  let length = 0;
  for (const [name, value] of pairs) {
    length += name.length + value.length;
    if (length > MAX_LENGTH) throw oauthProblem("invalid_request", "The request is too long.");
    if (parameters.has(name)) throw oauthProblem("invalid_request", `The parameter ${name} comes twice.`);
    if (value !== "") parameters.set(name, value);
  }
  return parameters;
}

/** The body of a POST: a form, or JSON as Mastodon's clients send it. */
export async function bodyParameters(request: Request): Promise<Parameters> {
  const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase() ?? "";
  if (type === "application/json") return readParameters(jsonPairs(await request.text()));
  if (type === "multipart/form-data") return readParameters(textPairs(await multipart(request)));
  return readParameters(new URLSearchParams(await request.text()));
}

/** The parameter, or `invalid_request` when it is missing. */
export function needed(parameters: Parameters, name: string): string {
  const value = parameters.get(name);
  if (value === undefined) throw oauthProblem("invalid_request", `The parameter ${name} is missing.`);
  return value;
}

function* jsonPairs(text: string): Iterable<readonly [string, string]> {
  const body = parseJson(text);
  if (!isJsonObject(body)) throw oauthProblem("invalid_request", "The body is not a JSON object.");
  for (const [name, value] of Object.entries(body)) {
    if (typeof value === "string") yield [name, value];
    else if (typeof value === "number" || typeof value === "boolean") yield [name, String(value)];
  }
}

function* textPairs(form: FormData): Iterable<readonly [string, string]> {
  for (const [name, value] of form.entries()) if (typeof value === "string") yield [name, value];
}

async function multipart(request: Request): Promise<FormData> {
  try {
    return await request.formData();
  } catch {
    // @NOTE A malformed body is the client's mistake, whatever the parser calls it.
    throw oauthProblem("invalid_request", "The form in the body could not be read.");
  }
}
