/** Loaded before every test: requests leave this machine for nowhere, and memory is collected when it is time. */

const LOOPBACK = /^(localhost|.*\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;
const fetchOverNetwork = globalThis.fetch;

function fetchOnLoopback(input: Parameters<typeof fetch>[0], init?: RequestInit): Promise<Response> {
  const url = new URL(input instanceof Request ? input.url : String(input));
  if (!LOOPBACK.test(url.hostname))
    throw new Error(`A test asked for ${url.href}: tests reach loopback alone.`);
  return fetchOverNetwork(input, init);
}

globalThis.fetch = Object.assign(fetchOnLoopback, { preconnect: fetchOverNetwork.preconnect });

// Elysia asks for a collection of the whole heap with each app that it makes ready, and tests make thousands of apps.
const collect = Bun.gc;
Bun.gc = (isAtOnce) => (isAtOnce ? collect(true) : 0);
