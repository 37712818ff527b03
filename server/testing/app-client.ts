/** A program of somebody here that speaks Mastodon's API: asks, and holds every answer against the published schema. */
import type { Json } from "../lib/json.ts";
import { mastodonSchema } from "./mastodon.ts";
import type { Person } from "./people.ts";

/** JSON as tests read it, without a look at each step. */
// biome-ignore lint/suspicious/noExplicitAny: answers are checked by the schema, and by what tests expect of them
export type Loose = any;

export interface Answered {
  readonly status: number;
  readonly body: Loose;
  readonly headers: Headers;
}

export interface AppClient {
  get(path: string): Promise<Loose>;
  post(path: string, body?: object): Promise<Loose>;
  put(path: string, body?: object): Promise<Loose>;
  patch(path: string, body?: object): Promise<Loose>;
  delete(path: string, body?: object): Promise<Loose>;
  /** The same with status and headers, whatever the answer is. */
  ask(method: string, path: string, body?: object): Promise<Answered>;
}

const SCOPES = "read write follow push";

/** All but `ask` throw where the answer is no 200, or is not as the schema says. */
export async function appOf(person: Person, scopes = SCOPES): Promise<AppClient> {
  const authorization = await person.tokenFor(scopes);

  async function ask(method: string, path: string, body?: object): Promise<Answered> {
    const response = await person.app.ask(path, {
      method,
      headers: { authorization, ...(body ? { "content-type": "application/json" } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    return { status: response.status, body: await response.json(), headers: response.headers };
  }

  async function fine(method: string, path: string, body?: object): Promise<Loose> {
    const answer = await ask(method, path, body);
    if (answer.status !== 200)
      throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    const faults = mastodonSchema()?.faults(method, path, 200, answer.body as Json) ?? [];
    const known = faults.filter((fault) => !fault.endsWith("is not in the schema"));
    if (known.length > 0) throw new Error(`${method} ${path}: ${known.join("; ")}`);
    return answer.body;
  }

  return {
    ask,
    get: (path) => fine("GET", path),
    post: (path, body) => fine("POST", path, body),
    put: (path, body) => fine("PUT", path, body),
    patch: (path, body) => fine("PATCH", path, body),
    delete: (path, body) => fine("DELETE", path, body),
  };
}
