/** Streams and WebSockets: counted by network, and ended when the server stops, since nobody else ends them. */

import { isThisMachine } from "../lib/address-prefix.ts";

/** Tabs and telephones of a whole school behind one address. */
const MAX_PER_NETWORK = 1_024;

export interface LongLived {
  /**
   * One more of that network; null when it has too many. Call what is returned when it is over. Behind a proxy that is
   * not trusted everybody is this machine, which has no limit, as in `edge.ts`.
   */
  enter(addressPrefix: string, end: () => void): (() => void) | null;
  /** The same response, with `over` called when its body ends, is cancelled, or `endAll` ends it. */
  watch(response: Response, over: () => void): { readonly response: Response; readonly end: () => void };
  /** Ends every one that is open. */
  endAll(): void;
}

export function createLongLived(maxPerNetwork = MAX_PER_NETWORK): LongLived {
  const counts = new Map<string, number>();
  const ends = new Set<() => void>();
  return {
    enter(addressPrefix, end) {
      const count = counts.get(addressPrefix) ?? 0;
      if (count >= maxPerNetwork && !isThisMachine(addressPrefix)) return null;
      counts.set(addressPrefix, count + 1);
      ends.add(end);
      return () => {
        if (!ends.delete(end)) return;
        const left = (counts.get(addressPrefix) ?? 1) - 1;
        if (left === 0) counts.delete(addressPrefix);
        else counts.set(addressPrefix, left);
      };
    },
    watch,
    endAll() {
      for (const end of [...ends]) end();
    },
  };
}

function watch(response: Response, over: () => void): { response: Response; end: () => void } {
  if (response.body === null) {
    over();
    return { response, end: () => {} };
  }
  const reader = response.body.getReader();
  let controller: ReadableStreamDefaultController<Uint8Array> | null = null;
  const end = (): void => {
    if (controller === null) return;
    const open = controller;
    controller = null;
    over();
    // @NOTE Whoever feeds the stream may have failed already; it is over either way.
    reader.cancel().catch(() => {});
    open.close();
  };
  const body = new ReadableStream<Uint8Array>({
    start(opened) {
      controller = opened;
    },
    async pull(opened) {
      const { done, value } = await reader.read();
      if (controller === null) return;
      if (done) end();
      else opened.enqueue(value);
    },
    cancel(reason) {
      controller = null;
      over();
      return reader.cancel(reason);
    },
  });
  return { response: new Response(body, response), end };
}
