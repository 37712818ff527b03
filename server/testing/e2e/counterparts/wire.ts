/** What goes over the wire between us and a counterpart, written down: how it is signed, and what is answered. */
import type { Document } from "../client.ts";

export type Scheme = "cavage" | "rfc9421" | "unsigned";

/** A request to an inbox of the counterpart. */
export interface Arrived {
  readonly request: Request;
  readonly body: string;
  readonly scheme: Scheme;
  readonly activity: Document;
  /** What the counterpart answered: 202 where it believed the sender. */
  readonly status: number;
}

/** A request that this process sent. */
export interface Sent {
  readonly method: string;
  readonly url: string;
  readonly scheme: Scheme;
  /** The address of the key that signs it, or nothing. */
  readonly keyId: string;
  readonly status: number;
}

export const schemeOf = (headers: Headers): Scheme =>
  headers.has("signature-input") ? "rfc9421" : headers.has("signature") ? "cavage" : "unsigned";

/**
 * Writes down every `fetch` of this process. Libraries that look for handles over https alone find servers of
 * loopback over http, which have no certificates.
 */
export function watchFetch(): { readonly sent: readonly Sent[]; stop(): void } {
  const unwatched = globalThis.fetch;
  const sent: Sent[] = [];
  async function watched(...[input, init]: Parameters<typeof fetch>): Promise<Response> {
    const request = new Request(
      input instanceof Request ? input : String(input).replace(/^https:\/\/(?=localhost:)/, "http://"),
      init,
    );
    const response = await unwatched(request);
    const { method, url, headers } = request;
    const [, keyId = ""] =
      /keyid="([^"]+)"/i.exec(headers.get("signature-input") ?? headers.get("signature") ?? "") ?? [];
    sent.push({ method, url, scheme: schemeOf(headers), keyId, status: response.status });
    return response;
  }
  globalThis.fetch = Object.assign(watched, { preconnect: unwatched.preconnect });
  return {
    sent,
    stop() {
      globalThis.fetch = unwatched;
    },
  };
}

/** A list that can be waited for. */
export function createArrivals<T>(): {
  readonly all: readonly T[];
  add(item: T): void;
  /** The first one that fits; waits until it is there. */
  first(fits: (item: T) => boolean): Promise<T>;
} {
  const items: T[] = [];
  const waiting = new Set<(item: T) => void>();
  return {
    all: items,
    add(item) {
      items.push(item);
      for (const look of waiting) look(item);
    },
    first(fits) {
      const found = items.find(fits);
      if (found !== undefined) return Promise.resolve(found);
      return new Promise((resolve) => {
        const look = (item: T): void => {
          if (!fits(item)) return;
          waiting.delete(look);
          resolve(item);
        };
        waiting.add(look);
      });
    },
  };
}
