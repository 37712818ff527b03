/** Refusals as clients of this API read them: always JSON, `{ "error": "…" }`. */
import { createFailureHandler, errorJson } from "../../http/problems.ts";
import type { Log } from "../../lib/log.ts";

export type OnError = (context: { readonly error: unknown; readonly request: Request }) => Promise<Response>;

/** What is invalid is 422 here; clients fall back from v2 to v1 on 404 alone. */
export const createOnError = (deps: { readonly log: Log; readonly origin: string }): OnError =>
  createFailureHandler({ ...deps, format: errorJson({ invalid: 422, conflict: 422 }) });
