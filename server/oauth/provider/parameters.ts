/** Parameters of OAuth requests: from a form, from JSON, none of OAuth's own twice (RFC 6749 §3.1, §3.2). */
import { isJsonObject, parseJson } from "../../lib/json.ts";
import { oauthProblem } from "./errors.ts";

/** Values by name; what is empty counts as not given (RFC 6749 §3.1). */
export type Parameters = ReadonlyMap<string, string>;

/** All of OAuth's own take some hundreds; redirect addresses and states can be long. */
const MAX_LENGTH = 20_000;
/** Resource indicators may come several times (RFC 8707 §2), and mean nothing here: there is one resource. */
const REPEATED: ReadonlySet<string> = new Set(["resource", "audience"]);

/** Throws `invalid_request` when a name comes twice or it is too much. */
export function readParameters(pairs: Iterable<readonly [string, string]>): Parameters {
  const parameters = new Map<string, string>();
  let length = 0;
  for (const [name, value] of pairs) {
    length += name.length + value.length;
    if (length > MAX_LENGTH) throw oauthProblem("invalid_request", "The request is too long.");
    if (REPEATED.has(name)) continue;
    if (parameters.has(name)) throw oauthProblem("invalid_request", `The parameter ${name} comes twice.`);
    if (value !== "") parameters.set(name, value);
  }
  return parameters;
}

/**
 * What a POST says: in a form, or JSON as Mastodon's clients send it. Some of them (Ice Cubes) put everything into the
 * address, which counts where the body does not say it.
 */
export async function requestParameters(request: Request): Promise<Parameters> {
  const start = request.url.indexOf("?");
  const inAddress = readParameters(new URLSearchParams(start < 0 ? "" : request.url.slice(start)));
  return new Map([...inAddress, ...(await bodyParameters(request))]);
}

async function bodyParameters(request: Request): Promise<Parameters> {
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
  if (text.trim() === "") return;
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
