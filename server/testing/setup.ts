/** Loaded before every test: requests leave this machine for nowhere. */

const LOOPBACK = /^(localhost|.*\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;
const fetchOverNetwork = globalThis.fetch;

function fetchOnLoopback(input: Parameters<typeof fetch>[0], init?: RequestInit): Promise<Response> {
  const url = new URL(input instanceof Request ? input.url : String(input));
  if (!LOOPBACK.test(url.hostname))
    throw new Error(`A test asked for ${url.href}: tests reach loopback alone.`);
  return fetchOverNetwork(input, init);
}

globalThis.fetch = Object.assign(fetchOnLoopback, { preconnect: fetchOverNetwork.preconnect });
