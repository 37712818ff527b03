/** Nothing goes to a server that is refused here: the one door of every outgoing request of federation. */
import type { Fetch } from "../lib/fetch.ts";
import { Problem } from "../lib/problem.ts";
import { REFUSED_HERE } from "../lib/upstream.ts";
import { hostOf } from "../lib/url.ts";

/**
 * `fetch` that asks before each request, redirects included, whether its host is refused. `refusal` gives the reason,
 * or null. @throws Problem `upstream`, reason `refused-here`.
 */
export function guardFetch(fetch: Fetch, refusal: (host: string) => string | null): Fetch {
  function check(url: string): void {
    const host = hostOf(url);
    const reason = host === null ? null : refusal(host);
    if (reason !== null) throw new Problem("upstream", reason, { reason: REFUSED_HERE });
  }
  return async (url, options = {}) => {
    check(url);
    return fetch(url, {
      ...options,
      async headersFor(hop) {
        check(hop);
        return (await options.headersFor?.(hop)) ?? {};
      },
    });
  };
}
