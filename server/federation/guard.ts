/** Nothing goes to a server that is refused here: the one door of every outgoing request of federation. */
import { givingUp, type JobKind } from "../jobs/job.ts";
import type { Fetch } from "../lib/fetch.ts";
import { isProblem, Problem } from "../lib/problem.ts";
import { REFUSED_HERE } from "../lib/upstream.ts";
import { hostOf } from "../lib/url.ts";

/** The same kind of job, which ends with the reason where the server that it needs is refused here: trying again is useless. */
export const endingRefused = (kind: JobKind): JobKind => ({
  ...kind,
  async run(job, signal) {
    try {
      return await kind.run(job, signal);
    } catch (error) {
      if (isProblem(error, "upstream") && error.detail.reason === REFUSED_HERE) throw givingUp(error.message);
      throw error;
    }
  },
});

/**
 * `fetch` that asks before each request, redirects included, whether its host is refused. `refusal` gives the reason,
 * or null. @throws Problem `upstream`, reason `refused-here`.
 */
export function guardFetch(fetch: Fetch, refusal: (host: string) => string | null): Fetch {
  function check(host: string | null): void {
    const reason = host === null ? null : refusal(host);
    if (reason !== null) throw new Problem("upstream", reason, { reason: REFUSED_HERE });
  }
  return async (url, options = {}) => {
    const host = hostOf(url);
    check(host);
    return fetch(url, {
      ...options,
      async headersFor(hop) {
        check(hop === url ? host : hostOf(hop));
        return (await options.headersFor?.(hop)) ?? {};
      },
    });
  };
}
